//! `undo` of assessments: looked at just before, put back one by one, and read back after.

use std::collections::HashMap;
use std::io;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome};
use crate::changes::run::Change;
use crate::changes::tags::say_what_would_be_put_back;
use crate::changes::tags::{BATCH, ToldChange};
use crate::changes::tally::{ChangeTally, Noun};
use crate::changes::undo::{self, AssessmentBack, UndoStep};
use crate::changes::{ChangeError, Deed, RunContext, RunResult};
use crate::cli::OutputFormat;
use crate::model::{Assessment, AssessmentId, TraceId, TraceInfo};
use crate::store::{AssessmentUpdate, StoreError, Writer};

/// Assessments that are put back as they were before a run.
pub struct AssessmentUndo<'a> {
    /// Where.
    pub server: &'a dyn Writer,
    /// The assessments.
    pub backs: &'a [AssessmentBack],
    /// The head of the journal.
    pub header: Header,
    /// How to write what became of each.
    pub format: OutputFormat,
}

impl Change for AssessmentUndo<'_> {
    type Done = (Counts, ChangeTally);

    fn deed(&self) -> Deed {
        Deed::Change
    }

    fn traces(&self) -> u64 {
        by_trace(self.backs).len() as u64
    }

    fn show(&self, _: &mut RunContext<'_>) {}

    async fn only_shown(&mut self, context: &mut RunContext<'_>) -> RunResult {
        let (mut counts, mut tally) = self.begun();
        let all = by_trace(self.backs);
        for batch in self.backs.chunks(BATCH) {
            let decisions = Present::read(self.server, batch).await?.decide(batch, &all);
            for (back, (_, outcome, reason)) in batch.iter().zip(decisions) {
                counts.add(outcome);
                tally.hear(context, told(back, Some(outcome), reason, None))?;
            }
        }
        say_what_would_be_put_back(context, Noun::Assessment, self.format, counts)
    }

    fn question(&self) -> Option<String> {
        None
    }

    fn header(&self, _: &RunContext<'_>) -> Header {
        self.header.clone()
    }

    async fn apply(&mut self, context: &mut RunContext<'_>, journal: Journal) -> Result<Self::Done, ChangeError> {
        let (mut counts, mut tally) = self.begun();
        let all = by_trace(self.backs);
        let _finishing = context.interrupt.finish_first();
        let mut is_over = false;
        for batch in self.backs.chunks(BATCH) {
            is_over |= context.interrupt.requested();
            let mut settled = Vec::new();
            let mut error = None;
            if !is_over {
                let put_back = put_back(context, self.server, &journal, (batch, &all)).await;
                match put_back.map_err(ChangeError::JournalBroken)? {
                    Ok(batch) => settled = batch,
                    Err(unread) => (is_over, error) = (true, Some(unread)),
                }
            }
            let why = error
                .as_ref()
                .map_or_else(|| NOT_ATTEMPTED.to_owned(), |error| format!("it could not be checked: {error}"));
            counts.not_attempted += (batch.len() - settled.len()) as u64;
            let rest = std::iter::repeat_with(|| (None, Some(why.clone()), error.take()));
            let settled = settled.into_iter().map(|(outcome, reason, error)| (Some(outcome), reason, error));
            for (back, (outcome, reason, error)) in batch.iter().zip(settled.chain(rest)) {
                counts.add(outcome.unwrap_or(Outcome::Planned));
                tally.hear(context, told(back, outcome, reason, error))?;
            }
        }
        journal.finish(counts).map_err(ChangeError::JournalBroken)?;
        Ok((counts, tally))
    }

    fn report(&self, context: &mut RunContext<'_>, run_id: &str, (counts, tally): Self::Done) -> RunResult {
        tally.report(context, "Restored", counts, run_id)
    }
}

impl AssessmentUndo<'_> {
    fn begun(&self) -> (Counts, ChangeTally) {
        let counts = Counts { planned: self.backs.len() as u64, ..Counts::default() };
        (counts, ChangeTally::new(Noun::Assessment, self.format))
    }
}

fn told(
    back: &AssessmentBack,
    outcome: Option<Outcome>,
    reason: Option<String>,
    error: Option<StoreError>,
) -> ToldChange<StoreError> {
    ToldChange { trace_id: back.trace_id.clone(), key: back.id.to_string(), outcome, reason, error }
}

/// All that is to be put back, by trace.
type ByTrace<'a> = HashMap<&'a TraceId, Vec<&'a AssessmentBack>>;

fn by_trace(backs: &[AssessmentBack]) -> ByTrace<'_> {
    let mut all = ByTrace::new();
    for back in backs {
        all.entry(&back.trace_id).or_default().push(back);
    }
    all
}

/// The assessments of some traces as they are now.
struct Present {
    there: HashMap<TraceId, TraceInfo>,
    /// Traces that may or may not exist, and why that is not known.
    unknown: HashMap<TraceId, String>,
}

impl Present {
    async fn read(server: &dyn Writer, batch: &[AssessmentBack]) -> Result<Self, StoreError> {
        let mut ids: Vec<TraceId> = batch.iter().map(|back| back.trace_id.clone()).collect();
        ids.sort();
        ids.dedup();
        let looked = server.infos(&ids).await?;
        let unknown = looked.reasons();
        let there = looked.found.into_iter().map(|info| (info.trace_id.clone(), info)).collect();
        Ok(Self { there, unknown })
    }

    fn of(&self, back: &AssessmentBack) -> Option<&Assessment> {
        let assessments = &self.there.get(&back.trace_id)?.assessments;
        assessments.iter().find(|assessment| assessment.id().as_ref() == Some(&back.id))
    }

    /// What is to be done to each of a batch, and what can be said before it is.
    fn decide(&self, batch: &[AssessmentBack], all: &ByTrace<'_>) -> Vec<(UndoStep, Outcome, Option<String>)> {
        let mut steps: HashMap<(&TraceId, &AssessmentId), UndoStep> = HashMap::new();
        for (trace, info) in &self.there {
            let backs = all.get(trace).map_or(&[][..], Vec::as_slice);
            let of_trace = undo::steps(backs, &info.assessments).into_iter();
            steps.extend(backs.iter().zip(of_trace).map(|(back, step)| ((&back.trace_id, &back.id), step)));
            keep_shared_overrides(trace, info, &mut steps);
        }
        let decided = |back: &AssessmentBack| match steps.get(&(&back.trace_id, &back.id)) {
            None => match self.unknown.get(&back.trace_id) {
                Some(reason) => (UndoStep::Nothing, Outcome::Failed, Some(reason.clone())),
                None => (UndoStep::Nothing, Outcome::Gone, None),
            },
            Some(UndoStep::Nothing) => (UndoStep::Nothing, Outcome::Unchanged, None),
            Some(UndoStep::Refuse(reason)) => (UndoStep::Nothing, Outcome::Refused, Some((*reason).to_owned())),
            Some(step) => (*step, Outcome::Planned, None),
        };
        batch.iter().map(decided).collect()
    }
}

/// Where two assessments override the same one, the server lets that count again as soon as one of them is deleted: it is
/// not, unless the other one goes, too.
fn keep_shared_overrides<'a>(
    trace: &'a TraceId,
    info: &'a TraceInfo,
    steps: &mut HashMap<(&'a TraceId, &'a AssessmentId), UndoStep>,
) {
    let links = info.assessments.iter().filter_map(|known| Some((known.id()?, overridden(known)?)));
    let links: Vec<(AssessmentId, AssessmentId)> = links.collect();
    let going = |id: &AssessmentId| steps.get(&(trace, id)) == Some(&UndoStep::Delete);
    let stays = |old: &AssessmentId| links.iter().any(|(new, other)| other == old && !going(new));
    let held: Vec<AssessmentId> =
        links.iter().filter(|(new, old)| going(new) && stays(old)).map(|(new, _)| new.clone()).collect();
    for ((_, id), step) in steps.iter_mut().filter(|((of, _), _)| *of == trace) {
        if held.contains(*id) {
            *step = UndoStep::Refuse("another assessment overrides the same one, which would become valid again");
        }
    }
}

fn overridden(assessment: &Assessment) -> Option<AssessmentId> {
    assessment.as_object().get("overrides")?.as_str().filter(|id| !id.is_empty()).map(AssessmentId::from)
}

const NOT_ATTEMPTED: &str = "interrupted, or the server could not be read";

type Settled = (Outcome, Option<String>, Option<StoreError>);

/// Puts a batch back and says what became of each, in order.
async fn put_back(
    context: &RunContext<'_>,
    server: &dyn Writer,
    journal: &Journal,
    (batch, all): (&[AssessmentBack], &ByTrace<'_>),
) -> io::Result<Result<Vec<Settled>, StoreError>> {
    let present = match Present::read(server, batch).await {
        Ok(present) => present,
        Err(error) => return Ok(Err(error)),
    };
    let decisions = present.decide(batch, all);
    let requests = batch.iter().zip(decisions).map(|(back, (step, outcome, reason))| {
        let now = present.of(back);
        async move {
            let (action, before, after) = (action(back, now), json(now), json(back.before.as_ref()));
            if outcome != Outcome::Planned {
                journal.note(back.trace_id.clone(), action, (before, after), outcome, reason.clone())?;
                return Ok((None, (outcome, reason, None)));
            }
            let entry = journal.plan(back.trace_id.clone(), action, before, after)?;
            let error = send(server, back, now, step).await.err();
            Ok((Some(entry), (Outcome::Planned, None, error)))
        }
    });
    let sent = stream::iter(requests).buffered(context.means.concurrency);
    let sent: Vec<io::Result<(Option<Entry>, Settled)>> = sent.collect().await;
    let seen = Present::read(server, batch).await;
    let mut settled = Vec::with_capacity(batch.len());
    for (back, sent) in batch.iter().zip(sent) {
        let (entry, outcome) = sent?;
        let Some(entry) = entry else {
            settled.push(outcome);
            continue;
        };
        let (outcome, reason, error) = verified(back, seen.as_ref(), outcome.2);
        journal.settle(entry, outcome, reason.clone())?;
        settled.push((outcome, reason, error));
    }
    Ok(Ok(settled))
}

/// Only what is seen counts: the server says yes to things that it does not do.
fn verified(back: &AssessmentBack, seen: Result<&Present, &StoreError>, error: Option<StoreError>) -> Settled {
    match seen {
        Err(unseen) => (Outcome::Failed, Some(format!("it could not be read back: {unseen}")), error),
        Ok(seen) if !seen.there.contains_key(&back.trace_id) => match seen.unknown.get(&back.trace_id) {
            Some(reason) => (Outcome::Failed, Some(format!("it could not be read back: {reason}")), error),
            None => (Outcome::Gone, None, None),
        },
        Ok(seen) if back.is_back(seen.of(back)) => (Outcome::Done, None, None),
        Ok(_) => {
            let reason =
                error.as_ref().map_or_else(|| "the server did not apply the change".to_owned(), ToString::to_string);
            (Outcome::Failed, Some(reason), error)
        }
    }
}

fn action(back: &AssessmentBack, now: Option<&Assessment>) -> Action {
    let assessment_id = back.id.to_string();
    match (now, &back.before) {
        (_, None) => Action::DeleteAssessment { assessment_id },
        (None, Some(_)) => Action::CreateAssessment { assessment_id },
        (Some(_), Some(_)) => Action::UpdateAssessment { assessment_id },
    }
}

fn json(assessment: Option<&Assessment>) -> Option<Value> {
    assessment.map(|assessment| Value::Object(assessment.as_object().clone()))
}

async fn send(
    server: &dyn Writer,
    back: &AssessmentBack,
    now: Option<&Assessment>,
    step: UndoStep,
) -> Result<(), StoreError> {
    let (trace_id, id): (&TraceId, &AssessmentId) = (&back.trace_id, &back.id);
    match (step, &back.before, now) {
        (UndoStep::Delete, ..) => server.delete_assessment(trace_id, id).await?,
        (UndoStep::Create, Some(before), _) => server.restore_assessment(trace_id, before).await?,
        (UndoStep::Update, Some(before), Some(now)) => {
            server.update_assessment(trace_id, id, before.kind(), &difference(before, now)).await?;
        }
        _ => {}
    }
    Ok(())
}

/// What has to be changed to get from `now` to `before`.
fn difference(before: &Assessment, now: &Assessment) -> AssessmentUpdate {
    let metadata = before.as_object().get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    let rationale = before.rationale().unwrap_or("");
    AssessmentUpdate {
        name: (before.name() != now.name()).then(|| before.name().to_owned()),
        value: (before.value() != now.value()).then(|| before.value()),
        rationale: (now.rationale().unwrap_or("") != rationale).then(|| rationale.to_owned()),
        metadata,
    }
}
