//! A batch of rows: their traces are found, then the rows of each are brought.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use serde_json::json;

use super::input::Apart;
use crate::annotations::{OnExisting, Row, RowFate, RowOutcome, RowPlace, RowTarget, to_trace};
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journal;
use crate::commands::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::model::{Assessment, AssessmentId, Experiment, ExperimentId, LabelSchema, TraceId, TraceInfo, rfc3339_utc};
use crate::store::{StoreError, Writer, active};

/// Traces that are worked on at once, unless the user says otherwise: more gains nothing on a server with one database.
const CONCURRENCY: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Brings rows to a server.
pub struct Importer<'a> {
    pub server: &'a dyn Writer,
    /// Where traces are searched by the ids of their requests.
    pub experiments: Vec<ExperimentId>,
    pub on_existing: OnExisting,
    pub dry_run: bool,
    /// Until when traces may arrive.
    pub wait_until: Option<Instant>,
    pub concurrency: usize,
    /// RFC 3339.
    pub now: String,
    pub interrupt: Interrupt,
    pub journal: AssessmentJournal,
    pub known: Known,
    /// Traces that other batches may have rows of, too.
    pub apart: Apart,
    /// What these would have after a dry run so far: later batches see it.
    pub imagined: RefCell<HashMap<TraceId, Vec<Assessment>>>,
}

/// What became of a row, and its trace, if it is known.
pub struct Brought<'a> {
    pub row: &'a Row,
    pub info: Option<&'a TraceInfo>,
    pub outcome: RowOutcome,
}

/// What is known of experiments from earlier batches.
#[derive(Default)]
pub struct Known {
    /// Why traces of an experiment may not be changed, if they may not.
    closed: HashMap<ExperimentId, Option<String>>,
    /// Those whose traces may be changed.
    pub active: HashMap<ExperimentId, Experiment>,
    schemas: HashMap<(ExperimentId, String), Option<LabelSchema>>,
}

/// The traces of a batch.
#[derive(Default)]
struct Located {
    infos: HashMap<TraceId, TraceInfo>,
    requests: HashMap<String, Result<TraceId, String>>,
    /// Traces of which is not known whether they are there, and why.
    unknown: HashMap<TraceId, String>,
}

impl Located {
    fn trace(&self, row: &Row) -> Result<&TraceInfo, String> {
        let id = match &row.place {
            RowPlace::Trace(id) => id,
            RowPlace::Request(request) => match self.requests.get(request) {
                Some(Ok(id)) => id,
                Some(Err(reason)) => return Err(reason.clone()),
                None => return Err(format!("no trace has the client request id {request:?}")),
            },
        };
        self.infos.get(id).ok_or_else(|| match self.unknown.get(id) {
            Some(reason) => reason.clone(),
            None => format!("there is no trace {id}"),
        })
    }

    /// Whether a row's trace may be there although it was not found.
    fn is_unknown(&self, row: &Row) -> bool {
        matches!(&row.place, RowPlace::Trace(id) if self.unknown.contains_key(id))
    }
}

impl<'a> Importer<'a> {
    /// One that sends nothing and waits for nothing, yet.
    pub fn new(context: &Context<'_>, server: &'a dyn Writer, on_existing: OnExisting) -> Self {
        Self {
            server,
            experiments: Vec::new(),
            on_existing,
            dry_run: true,
            wait_until: None,
            concurrency: context.settings.http.concurrency.map_or(CONCURRENCY, std::num::NonZeroUsize::get),
            now: rfc3339_utc(context.ui.clock().now_ms()),
            interrupt: context.interrupt.clone(),
            journal: AssessmentJournal::none(),
            known: Known::default(),
            apart: Apart::default(),
            imagined: RefCell::default(),
        }
    }

    /// Brings a batch and says what became of each row as soon as its trace is done. Fails if the server cannot be asked.
    pub async fn bring(
        &mut self,
        rows: &[Row],
        mut done: impl FnMut(Brought<'_>) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let located = self.locate(rows).await?;
        let mut order: Vec<&TraceInfo> = Vec::new();
        let mut by_trace: HashMap<&TraceId, Vec<&Row>> = HashMap::new();
        for row in rows {
            let info = match located.trace(row) {
                Ok(info) => info,
                Err(reason) => {
                    let fate = if row.planned.is_some() && !located.is_unknown(row) {
                        RowFate::Spared
                    } else {
                        RowFate::Failed
                    };
                    done(self.left(row, None, (fate, reason))?)?;
                    continue;
                }
            };
            if let Some(reason) = self.closed(info).await? {
                let fate = if row.planned.is_some() { RowFate::Spared } else { RowFate::Failed };
                done(self.left(row, Some(info), (fate, reason))?)?;
                continue;
            }
            self.learn_schema(info, &row.name).await?;
            let here = by_trace.entry(&info.trace_id).or_default();
            if here.is_empty() {
                order.push(info);
            }
            here.push(row);
        }
        self.send(&order, &by_trace, done).await
    }

    /// A row whose trace is not there, or must not be changed.
    fn left<'b>(
        &self,
        row: &'b Row,
        info: Option<&'b TraceInfo>,
        (fate, reason): (RowFate, String),
    ) -> Result<Brought<'b>, CliError> {
        let outcome = RowOutcome::new(row, info.map(|info| info.trace_id.clone()), None, fate, Some(reason));
        let brought = Brought { row, info, outcome };
        self.note(&brought)?;
        Ok(brought)
    }

    /// Of a plan also what was not sent stands in the journal.
    fn note(&self, brought: &Brought<'_>) -> Result<(), CliError> {
        let Brought { row, info, outcome } = brought;
        let (Some(planned), RowPlace::Trace(trace)) = (&row.planned, &row.place) else { return Ok(()) };
        let settled = match (outcome.result, info) {
            (RowFate::Unchanged, _) => journal::Outcome::Unchanged,
            (RowFate::Partly, _) if outcome.overrides.is_none() => journal::Outcome::Unchanged,
            (RowFate::Spared, None) => journal::Outcome::Gone,
            (RowFate::Spared, Some(_)) => journal::Outcome::Spared,
            (RowFate::Failed, None) => journal::Outcome::Failed,
            _ => return Ok(()),
        };
        let noted = self.journal.note(trace, &planned.assessment_id, settled, outcome.reason.clone());
        noted.map_err(|error| CliError::new(Exit::Unexpected, error))
    }

    async fn send(
        &self,
        order: &[&TraceInfo],
        by_trace: &HashMap<&TraceId, Vec<&Row>>,
        mut done: impl FnMut(Brought<'_>) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let experiments = order.iter().filter_map(|info| Some((&info.trace_id, info.experiment_id()?))).collect();
        let target = ServerTarget { importer: self, experiments, fatal: RefCell::new(None) };
        let work = order.iter().map(|info| {
            let rows = by_trace.get(&info.trace_id).map_or(&[][..], Vec::as_slice);
            let imagined = self.imagined.borrow().get(&info.trace_id).cloned();
            let there = imagined.unwrap_or_else(|| info.assessments.clone());
            let sent = to_trace(&target, &info.trace_id, rows, there, self.on_existing, self.dry_run, &self.now);
            async move { (*info, rows, sent.await) }
        });
        let mut sent = stream::iter(work).buffer_unordered(self.concurrency.max(1));
        while let Some((info, rows, (outcomes, there))) = sent.next().await {
            if self.dry_run && there.len() > info.assessments.len() && rows.iter().any(|row| self.apart.has(row)) {
                self.imagined.borrow_mut().insert(info.trace_id.clone(), there);
            }
            for (row, outcome) in rows.iter().zip(outcomes) {
                let brought = Brought { row, info: Some(info), outcome };
                self.note(&brought)?;
                done(brought)?;
            }
        }
        drop(sent);
        target.fatal.into_inner().map_or(Ok(()), Err)
    }

    /// Finds the traces of the rows, and waits for those that may still arrive.
    async fn locate(&self, rows: &[Row]) -> Result<Located, StoreError> {
        let mut located = Located::default();
        let mut pause = FIRST_PAUSE;
        loop {
            let is_whole = self.look(rows, &mut located).await?;
            let left = self.wait_until.map(|until| until.saturating_duration_since(Instant::now()));
            let left = left.filter(|left| !is_whole && !left.is_zero() && !self.interrupt.requested());
            let Some(left) = left else { return Ok(located) };
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                () = self.interrupt.asked() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Looks for what is not found yet; whether nothing is left.
    async fn look(&self, rows: &[Row], located: &mut Located) -> Result<bool, StoreError> {
        let (mut ids, mut requests, mut seen) = (Vec::new(), BTreeSet::new(), HashSet::new());
        for row in rows {
            match &row.place {
                RowPlace::Trace(id) if !located.infos.contains_key(id) && seen.insert(id) => ids.push(id.clone()),
                RowPlace::Request(request) if !located.requests.contains_key(request) => {
                    requests.insert(request.as_str());
                }
                RowPlace::Trace(_) | RowPlace::Request(_) => {}
            }
        }
        let asked = ids.len() + requests.len();
        let looked = self.server.infos(&ids).await?;
        let mut found = looked.found.len();
        located.unknown = looked.reasons();
        located.infos.extend(looked.found.into_iter().map(|info| (info.trace_id.clone(), info)));
        let searches = requests.into_iter().map(|request| async move {
            (request, self.server.by_client_request_id(&self.experiments, request).await)
        });
        let mut answers = stream::iter(searches).buffer_unordered(self.concurrency.max(1));
        while let Some((request, answer)) = answers.next().await {
            let mut answer = answer?;
            let place = match (answer.pop(), answer.is_empty()) {
                (None, _) => continue,
                (Some(info), true) => {
                    let id = info.trace_id.clone();
                    located.infos.insert(id.clone(), info);
                    Ok(id)
                }
                (Some(_), false) => Err(format!("several traces have the client request id {request:?}")),
            };
            found += 1;
            located.requests.insert(request.to_owned(), place);
        }
        Ok(found >= asked)
    }

    /// Why the traces of an experiment may not be changed, if they may not.
    async fn closed(&mut self, info: &TraceInfo) -> Result<Option<String>, StoreError> {
        let Some(id) = info.experiment_id() else { return Ok(None) };
        if let Some(known) = self.known.closed.get(&id) {
            return Ok(known.clone());
        }
        let reason = match self.server.experiment_by_id(&id).await?.map(active) {
            Some(Err(error)) => Some(error.to_string()),
            Some(Ok(experiment)) => {
                self.known.active.insert(id.clone(), experiment);
                None
            }
            None => None,
        };
        self.known.closed.insert(id, reason.clone());
        Ok(reason)
    }

    async fn learn_schema(&mut self, info: &TraceInfo, name: &str) -> Result<(), StoreError> {
        let Some(experiment) = info.experiment_id() else { return Ok(()) };
        let key = (experiment, name.to_owned());
        if !self.known.schemas.contains_key(&key) {
            let schema = self.server.label_schema(&key.0, name).await?;
            self.known.schemas.insert(key, schema);
        }
        Ok(())
    }
}

/// The server, as the rows of a trace see it.
struct ServerTarget<'a> {
    importer: &'a Importer<'a>,
    experiments: HashMap<&'a TraceId, ExperimentId>,
    /// After this error no other row is begun.
    fatal: RefCell<Option<CliError>>,
}

impl RowTarget for ServerTarget<'_> {
    type Error = String;

    async fn create(&self, trace: &TraceId, new: &Assessment) -> Result<Assessment, String> {
        let journal = &self.importer.journal;
        let id = new.id().unwrap_or_else(|| AssessmentId::new(""));
        let entry = journal.plan(trace, &id, json!(new)).map_err(|error| self.without_journal(error))?;
        let stored = self.importer.server.add_assessment(trace, new).await.map_err(|error| self.note(error));
        let answer = stored.as_ref().map(|stored| json!(stored)).map_err(String::clone);
        // What was sent counts, even if it can no longer be written down: no other row is begun.
        journal.settle(entry, answer).unwrap_or_else(|error| drop(self.without_journal(error)));
        stored
    }

    async fn find(&self, trace: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, String> {
        self.importer.server.assessment(trace, id).await.map_err(|error| self.note(error))
    }

    fn objection(&self, trace: &TraceId, row: &Row) -> Option<String> {
        let key = (self.experiments.get(trace)?.clone(), row.name.clone());
        self.importer.known.schemas.get(&key)?.as_ref()?.objection(row.kind, &row.value)
    }

    fn is_stopped(&self) -> bool {
        self.importer.interrupt.requested() || self.fatal.borrow().is_some()
    }
}

impl ServerTarget<'_> {
    fn note(&self, error: StoreError) -> String {
        let text = error.to_string();
        if error.concerns_all() {
            self.fatal.borrow_mut().get_or_insert_with(|| error.into());
        }
        text
    }

    fn without_journal(&self, error: String) -> String {
        self.fatal.borrow_mut().get_or_insert_with(|| CliError::new(Exit::Unexpected, &error));
        error
    }
}
