//! Sends what is missing and reads back what is there.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use futures_util::{StreamExt, stream};

use super::assessments::{called, other_id, overridden, overriding};
use super::plan::{FINALIZED, is_unfinished, location, missing_spans, unchanged};
use super::{ImportStep, differences, losses, steps};
use crate::model::{Assessment, AssessmentId, ExperimentId, Span, Trace, TraceId, TraceInfo};

/// A trace as it is on the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Existing {
    /// With its spans, unless they cannot be read.
    pub trace: Trace,
    /// Why its spans cannot be read.
    pub unreadable: Option<String>,
}

/// Where traces are brought to.
pub trait ImportTarget {
    /// What can go wrong.
    type Error: Display;

    /// Whether a new trace may have any id that a request can ask for.
    fn takes_odd_ids(&self) -> bool;
    /// Whether spans that are stored in the database can be read again.
    fn keeps_spans(&self) -> bool;
    /// Those of these traces that are there.
    fn existing(&self, ids: &[TraceId]) -> impl Future<Output = Result<Vec<Existing>, Self::Error>>;
    /// Stores the spans of a trace in the database, each in the place of the one with its id.
    fn send_spans(&self, experiment: &ExperimentId, trace: &Trace) -> impl Future<Output = Result<(), Self::Error>>;
    /// Stores an info, and returns it with the tags that the server adds.
    fn start(&self, info: &TraceInfo) -> impl Future<Output = Result<TraceInfo, Self::Error>>;
    /// Stores spans as the file of a trace; false if the server takes no files.
    fn upload(&self, info: &TraceInfo, spans: &[Span]) -> impl Future<Output = Result<bool, Self::Error>>;
    /// Stores one assessment, unless its id is another trace's; one that is there already is no failure.
    fn restore(&self, id: &TraceId, assessment: &Assessment) -> impl Future<Output = Result<Restored, Self::Error>>;
}

/// What became of an assessment that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// It is there.
    Stored,
    /// An assessment of another trace has its id.
    IdTaken,
}

/// A trace and the experiment it goes to.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// With its spans.
    pub trace: Trace,
    /// On the server.
    pub experiment: ExperimentId,
}

/// What became of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TraceFate {
    /// It was not there and is there now.
    Imported,
    /// It was partly there and is whole now.
    Repaired,
    /// Nothing was sent.
    AlreadyThere,
    /// It is there, but not all of it as in the archive.
    Partly,
    /// Nothing was sent: another trace, or another state of it, is there under its id.
    Different,
    /// Nothing was sent: it is in another experiment.
    Elsewhere,
    /// It is not there.
    Failed,
    /// A dry run found that it is not there.
    WouldImport,
    /// A dry run found that it is partly there.
    WouldRepair,
}

impl TraceFate {
    /// The word for scripts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Repaired => "repaired",
            Self::AlreadyThere => "already-there",
            Self::Partly => "partly",
            Self::Different => "different",
            Self::Elsewhere => "elsewhere",
            Self::Failed => "failed",
            Self::WouldImport => "would-import",
            Self::WouldRepair => "would-repair",
        }
    }
}

/// What became of a trace, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// Where it is, or would be.
    pub experiment: ExperimentId,
    /// What became of it.
    pub fate: TraceFate,
    /// What is not there, or was not done, and why.
    pub reasons: Vec<String>,
}

/// Imports traces, some of them concurrently, and says what became of each, in their order. A dry run sends nothing.
/// Fails only if the server cannot be asked what it has.
pub async fn import<T: ImportTarget>(
    target: &T,
    traces: &[Incoming],
    concurrency: usize,
    dry_run: bool,
) -> Result<Vec<ImportOutcome>, T::Error> {
    let mut outcomes = Vec::with_capacity(traces.len());
    let mut rest = traces;
    while !rest.is_empty() {
        // A trace that is in the archive twice is compared with what came of it the first time.
        let (now, later) = rest.split_at(distinct(rest));
        let ids = now.iter().map(|incoming| &incoming.trace.info.trace_id).filter(|id| is_askable(id));
        let ids: Vec<TraceId> = ids.cloned().collect();
        let mut existing = by_id(target.existing(&ids).await?);
        if dry_run {
            imagine(&traces[..outcomes.len()], &mut existing);
        }
        let of = |incoming: &Incoming| existing.get(&incoming.trace.info.trace_id);
        let planned: Vec<Planned<'_>> =
            now.iter().map(|incoming| Planned::new(incoming, of(incoming), target)).collect();
        if dry_run {
            outcomes.extend(planned.iter().map(Planned::foreseen));
        } else {
            outcomes.extend(carry_out(target, &planned, concurrency).await);
        }
        rest = later;
    }
    Ok(outcomes)
}

/// Whether an id can be part of an address. The server says itself which others it takes for new traces.
fn is_askable(id: &TraceId) -> bool {
    !["", ".", ".."].contains(&id.as_str())
}

/// How many traces from the first on have ids of their own.
fn distinct(traces: &[Incoming]) -> usize {
    let mut seen = HashSet::new();
    traces.iter().take_while(|incoming| seen.insert(&incoming.trace.info.trace_id)).count()
}

/// Adds what a dry run would have brought before.
fn imagine(before: &[Incoming], existing: &mut HashMap<TraceId, Existing>) {
    for incoming in before {
        existing.entry(incoming.trace.info.trace_id.clone()).or_insert_with(|| {
            let mut trace = incoming.trace.clone();
            trace.info.trace_location = location(&incoming.experiment);
            trace.info.metadata.insert(FINALIZED.into(), "true".into());
            Existing { trace, unreadable: None }
        });
    }
}

async fn carry_out<T: ImportTarget>(target: &T, planned: &[Planned<'_>], concurrency: usize) -> Vec<ImportOutcome> {
    let sent = planned.iter().map(|planned| planned.send(target));
    let troubles: Vec<Vec<String>> = stream::iter(sent).buffered(concurrency.max(1)).collect().await;
    let changed: Vec<TraceId> =
        planned.iter().filter(|planned| !planned.steps.is_empty()).map(|planned| planned.id().clone()).collect();
    let now = if changed.is_empty() { Ok(Vec::new()) } else { target.existing(&changed).await };
    let now = now.map(by_id).map_err(|error| format!("it cannot be read back: {error}"));
    let outcome = |(planned, troubles): (&Planned<'_>, Vec<String>)| planned.verified(troubles, now.as_ref());
    planned.iter().zip(troubles).map(outcome).collect()
}

fn by_id(existing: Vec<Existing>) -> HashMap<TraceId, Existing> {
    existing.into_iter().map(|existing| (existing.trace.info.trace_id.clone(), existing)).collect()
}

/// A trace and what has to be done for it.
struct Planned<'a> {
    incoming: &'a Incoming,
    existing: Option<&'a Existing>,
    /// Where it is, or goes.
    experiment: ExperimentId,
    /// What is there and contradicts the archive.
    differences: Vec<String>,
    steps: Vec<ImportStep>,
}

impl<'a> Planned<'a> {
    fn new<T: ImportTarget>(incoming: &'a Incoming, existing: Option<&'a Existing>, target: &T) -> Self {
        let trace = &incoming.trace;
        let here = existing.and_then(|existing| existing.trace.info.experiment_id());
        let experiment = here.unwrap_or_else(|| incoming.experiment.clone());
        let differences = existing.map_or_else(Vec::new, |existing| differences(trace, existing));
        // A trace of another experiment would be moved, and to what cannot be compared nothing is added.
        let is_unknown = existing.is_some_and(|there| there.unreadable.is_some()) && !trace.spans().is_empty();
        let is_left = experiment != incoming.experiment || !differences.is_empty() || is_unknown;
        let id = &trace.info.trace_id;
        let is_refused = existing.is_none() && !target.takes_odd_ids() && !id.is_part_of_a_path();
        let is_out = is_left || is_refused || !is_askable(id);
        let steps = if is_out { vec![] } else { steps(trace, &experiment, existing, target.keeps_spans()) };
        Self { incoming, existing, experiment, differences, steps }
    }

    fn id(&self) -> &'a TraceId {
        &self.incoming.trace.info.trace_id
    }

    fn outcome(&self, fate: TraceFate, reasons: Vec<String>) -> ImportOutcome {
        ImportOutcome { trace_id: self.id().clone(), experiment: self.experiment.clone(), fate, reasons }
    }

    /// What can be said before anything is sent.
    fn foreseen(&self) -> ImportOutcome {
        match (self.existing, self.steps.as_slice()) {
            (None, []) => {
                let reason = if is_askable(self.id()) { NOT_TAKEN } else { NOT_ASKABLE };
                self.outcome(TraceFate::Failed, vec![reason.to_owned()])
            }
            (None, _) => self.outcome(TraceFate::WouldImport, vec![]),
            (Some(there), []) => self.untouched(there),
            (Some(there), _) => self.outcome(TraceFate::WouldRepair, vec![self.left_out(there)]),
        }
    }

    /// A trace that nothing was sent of.
    fn untouched(&self, there: &Existing) -> ImportOutcome {
        let is_elsewhere = self.experiment != self.incoming.experiment;
        let mut reasons: Vec<String> = is_elsewhere.then(|| elsewhere(&self.experiment)).into_iter().collect();
        let fate = match (self.differences.is_empty(), is_elsewhere) {
            (false, _) => TraceFate::Different,
            (true, true) => TraceFate::Elsewhere,
            (true, false) => {
                reasons.extend(losses(&self.incoming.trace, there));
                if reasons.is_empty() { TraceFate::AlreadyThere } else { TraceFate::Partly }
            }
        };
        reasons.extend(self.differences.iter().cloned());
        self.outcome(fate, reasons)
    }

    /// What is missing of a trace that is there.
    fn left_out(&self, there: &Existing) -> String {
        let trace = &self.incoming.trace;
        let mut parts = Vec::new();
        let spans = missing_spans(trace, Some(there)).len();
        if spans > 0 {
            parts.push(format!("{spans} of {} spans", trace.spans().len()));
        }
        if is_unfinished(&trace.info, &there.trace.info) {
            parts.push("the info".to_owned());
        }
        let or_deleted = if parts.is_empty() { ", or deleted since" } else { "" };
        let is_assessment = |step: &&ImportStep| matches!(step, ImportStep::Assessment(_) | ImportStep::Dangling(_));
        match self.steps.iter().filter(is_assessment).count() {
            0 => {}
            1 => parts.push("1 assessment".to_owned()),
            more => parts.push(format!("{more} assessments")),
        }
        format!("left out by an earlier import{or_deleted}: {}", parts.join(", "))
    }

    /// Carries out the steps and says what went wrong. Without its info a trace is nothing, so that a failed info ends it.
    async fn send<T: ImportTarget>(&self, target: &T) -> Vec<String> {
        let trace = &self.incoming.trace;
        let mut troubles = Vec::new();
        let mut info = self.existing.map_or(&trace.info, |existing| &existing.trace.info).clone();
        let mut assessments = Assessments::of(self.existing);
        for step in &self.steps {
            let done = match step {
                ImportStep::Spans => {
                    let missing = Trace { info: trace.info.clone(), spans: Some(missing_spans(trace, self.existing)) };
                    target.send_spans(&self.experiment, &missing).await
                }
                ImportStep::Info(new) => match target.start(new).await {
                    Ok(started) => {
                        info = started;
                        Ok(())
                    }
                    Err(error) => {
                        troubles.push(error.to_string());
                        return troubles;
                    }
                },
                ImportStep::SpanFile => target.upload(&info, trace.spans()).await.map(|is_taken| {
                    troubles.extend((!is_taken).then(|| NO_PLACE.to_owned()));
                }),
                ImportStep::Assessment(assessment) => {
                    assessments.restore(target, self.id(), assessment).await.map(|_| ())
                }
                ImportStep::Dangling(assessment) => assessments.restore_dangling(target, &info, assessment).await,
            };
            troubles.extend(done.err().map(|error| error.to_string()));
        }
        troubles
    }

    fn verified(&self, mut reasons: Vec<String>, now: Result<&HashMap<TraceId, Existing>, &String>) -> ImportOutcome {
        if self.steps.is_empty() {
            return self.foreseen();
        }
        let there = match now {
            Ok(there) => there.get(self.id()),
            Err(error) => {
                reasons.push(error.clone());
                return self.outcome(TraceFate::Partly, reasons);
            }
        };
        let Some(there) = there else { return self.outcome(TraceFate::Failed, reasons) };
        let here = there.trace.info.experiment_id().filter(|here| *here != self.experiment);
        reasons.extend(here.as_ref().map(elsewhere));
        reasons.extend(losses(&self.incoming.trace, there));
        match (reasons.is_empty(), self.existing) {
            (false, _) => self.outcome(TraceFate::Partly, reasons),
            (true, None) => self.outcome(TraceFate::Imported, reasons),
            (true, Some(before)) => self.outcome(TraceFate::Repaired, vec![self.left_out(before)]),
        }
    }
}

fn elsewhere(experiment: &ExperimentId) -> String {
    format!("it is in the experiment with id {experiment}")
}

/// The ids of the assessments that a trace has while more are sent.
struct Assessments(HashSet<AssessmentId>);

impl Assessments {
    fn of(existing: Option<&Existing>) -> Self {
        let there = existing.map_or(&[][..], |existing| &existing.trace.info.assessments);
        Self(there.iter().filter_map(Assessment::id).collect())
    }

    /// Restores one, under another id if its own is another trace's, and returns it as it was sent.
    async fn restore<T: ImportTarget>(
        &mut self,
        target: &T,
        trace: &TraceId,
        assessment: &Assessment,
    ) -> Result<Assessment, T::Error> {
        let old = overridden(assessment).map(|old| self.called_here(trace, old));
        let mut sent = overriding(assessment, old.as_ref());
        if target.restore(trace, &sent).await? == Restored::IdTaken
            && let Some(id) = sent.id()
        {
            sent = called(&sent, &other_id(trace, &id));
            // What does not arrive under that id either is seen to be missing.
            target.restore(trace, &sent).await?;
        }
        self.0.extend(sent.id());
        Ok(sent)
    }

    /// The server takes what overrides an assessment that is gone only together with the info, and with that from whichever
    /// trace has its id: it is created before without what it overrides, which no other trace's can be.
    async fn restore_dangling<T: ImportTarget>(
        &mut self,
        target: &T,
        info: &TraceInfo,
        assessment: &Assessment,
    ) -> Result<(), T::Error> {
        let created = self.restore(target, &info.trace_id, &overriding(assessment, None)).await?;
        let whole = overriding(&created, overridden(assessment).as_ref());
        target.start(&unchanged(info, vec![whole])).await.map(|_| ())
    }

    fn called_here(&self, trace: &TraceId, id: AssessmentId) -> AssessmentId {
        let other = other_id(trace, &id);
        if !self.0.contains(&id) && self.0.contains(&other) { other } else { id }
    }
}

const NOT_TAKEN: &str = "MLflow 3.18 and newer takes no new trace of this id: it holds one of / % ? #, a control character, \
    or ends in a space or a dot";
const NOT_ASKABLE: &str = "a server cannot look up a trace with this id";
const NO_PLACE: &str = "its spans have no place: the database of the server takes spans only under trace ids of tr- and \
    32 hex digits that are the spans' own, and the server takes no files for this experiment";
