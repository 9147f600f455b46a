//! A batch of rows: their traces are found, then the rows of each are brought.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Instant;

use futures_util::{StreamExt, stream};

use super::AssessmentJournal;
use super::target::ServerTarget;
use crate::annotations::{Apart, OnExisting, Row, RowFate, RowOutcome, RowPlace, to_trace};
use crate::changes::journal::Outcome;
use crate::changes::{ChangeError, RunContext};
use crate::interrupt::Interrupt;
use crate::model::{Assessment, Experiment, ExperimentId, LabelSchema, TraceId, TraceInfo, rfc3339_utc};
use crate::store::{StoreError, Writer, active};

/// Brings rows to a server.
pub struct Importer<'a> {
    /// Where.
    pub server: &'a dyn Writer,
    /// Where traces are searched by the ids of their requests.
    pub experiments: Vec<ExperimentId>,
    /// What becomes of a row whose source has said something else of the trace.
    pub on_existing: OnExisting,
    /// Nothing is sent.
    pub dry_run: bool,
    /// Until when traces may arrive.
    pub wait_until: Option<Instant>,
    /// Traces that are worked on at once.
    pub concurrency: usize,
    /// When the assessments are made, RFC 3339.
    pub now: String,
    /// Ctrl-C.
    pub interrupt: Interrupt,
    /// What is sent stands in it before.
    pub journal: AssessmentJournal,
    /// Experiments and label schemas that were looked up.
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

/// What is known about experiments from earlier batches.
#[derive(Default)]
pub struct Known {
    /// Why traces of an experiment may not be changed, if they may not.
    closed: HashMap<ExperimentId, Option<String>>,
    /// Those whose traces may be changed.
    pub active: HashMap<ExperimentId, Experiment>,
    pub(super) schemas: HashMap<(ExperimentId, String), Option<LabelSchema>>,
}

impl<'a> Importer<'a> {
    /// One that sends nothing and waits for nothing, yet.
    pub fn new(context: &RunContext<'_>, server: &'a dyn Writer, on_existing: OnExisting) -> Self {
        Self {
            server,
            experiments: Vec::new(),
            on_existing,
            dry_run: true,
            wait_until: None,
            concurrency: context.means.concurrency,
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
        mut done: impl FnMut(Brought<'_>) -> Result<(), ChangeError>,
    ) -> Result<(), ChangeError> {
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
    ) -> Result<Brought<'b>, ChangeError> {
        let outcome = RowOutcome::new(row, info.map(|info| info.trace_id.clone()), None, fate, Some(reason));
        let brought = Brought { row, info, outcome };
        self.note(&brought)?;
        Ok(brought)
    }

    /// Of a plan also what was not sent stands in the journal.
    fn note(&self, brought: &Brought<'_>) -> Result<(), ChangeError> {
        let Brought { row, info, outcome } = brought;
        let (Some(planned), RowPlace::Trace(trace)) = (&row.planned, &row.place) else { return Ok(()) };
        let settled = match (outcome.result, info) {
            (RowFate::Unchanged, _) => Outcome::Unchanged,
            (RowFate::Partly, _) if outcome.overrides.is_none() => Outcome::Unchanged,
            (RowFate::Spared, None) => Outcome::Gone,
            (RowFate::Spared, Some(_)) => Outcome::Spared,
            (RowFate::Failed, None) => Outcome::Failed,
            _ => return Ok(()),
        };
        let noted = self.journal.note(trace, &planned.assessment_id, settled, outcome.reason.clone());
        noted.map_err(ChangeError::Unjournaled)
    }

    async fn send(
        &self,
        order: &[&TraceInfo],
        by_trace: &HashMap<&TraceId, Vec<&Row>>,
        mut done: impl FnMut(Brought<'_>) -> Result<(), ChangeError>,
    ) -> Result<(), ChangeError> {
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
