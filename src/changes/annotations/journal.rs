//! The journal of assessments that are created: what `undo` needs.

use std::cell::RefCell;

use serde_json::Value;

use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome};
use crate::changes::journals;
use crate::changes::{ChangeError, RunContext};
use crate::model::{AssessmentId, ExperimentId, TraceId};

/// A journal under way, or none where nothing is changed.
pub struct AssessmentJournal {
    journal: Option<Journal>,
    counts: RefCell<Counts>,
    /// How many a plan says; none where it is not known beforehand.
    expected: Option<u64>,
}

impl AssessmentJournal {
    /// A journal that writes nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { journal: None, counts: RefCell::default(), expected: None }
    }

    /// Begins the journal of a run; fails before anything is sent if it cannot be written.
    pub fn begin(context: &RunContext<'_>, command: &str, experiments: Vec<ExperimentId>) -> Result<Self, ChangeError> {
        let header = Header { experiments, ..journals::header(context, command) };
        Ok(Self::over(journals::begin(context, header)?, None))
    }

    /// One that was begun. It accounts for every assessment of the plan.
    #[must_use]
    pub fn over(journal: Journal, expected: Option<u64>) -> Self {
        Self { journal: Some(journal), counts: RefCell::default(), expected }
    }

    /// Notes an assessment of a plan that is not sent.
    pub fn note(
        &self,
        trace: &TraceId,
        id: &AssessmentId,
        outcome: Outcome,
        reason: Option<String>,
    ) -> Result<(), String> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let action = Action::CreateAssessment { assessment_id: id.to_string() };
        journal.note(trace.clone(), action, (None, None), outcome, reason).map_err(|error| unwritable(&error))?;
        self.counts.borrow_mut().add(outcome);
        Ok(())
    }

    /// Notes an assessment just before it is sent: as it will be, in `MLflow`'s JSON.
    pub fn plan(&self, trace: &TraceId, id: &AssessmentId, new: Value) -> Result<Option<Entry>, String> {
        let Some(journal) = &self.journal else { return Ok(None) };
        let action = Action::CreateAssessment { assessment_id: id.to_string() };
        let entry = journal.plan(trace.clone(), action, None, Some(new)).map_err(|error| unwritable(&error))?;
        self.counts.borrow_mut().planned += 1;
        Ok(Some(entry))
    }

    /// Notes what became of it: as it is stored now, or why it failed.
    pub fn settle(&self, entry: Option<Entry>, stored: Result<Value, String>) -> Result<(), String> {
        let (Some(journal), Some(entry)) = (&self.journal, entry) else { return Ok(()) };
        let (outcome, after, reason) = match stored {
            Ok(stored) => (Outcome::Done, Some(stored), None),
            Err(reason) => (Outcome::Failed, entry.after.clone(), Some(reason)),
        };
        self.counts.borrow_mut().add(outcome);
        journal.settle(Entry { after, ..entry }, outcome, reason).map(|_| ()).map_err(|error| unwritable(&error))
    }

    /// Notes any other change just before it is sent: what is there, and what will be.
    pub fn plan_change(
        &self,
        trace: &TraceId,
        action: Action,
        (before, after): (Option<Value>, Option<Value>),
    ) -> Result<Option<Entry>, String> {
        let Some(journal) = &self.journal else { return Ok(None) };
        let entry = journal.plan(trace.clone(), action, before, after).map_err(|error| unwritable(&error))?;
        self.counts.borrow_mut().planned += 1;
        Ok(Some(entry))
    }

    /// Notes what became of it.
    pub fn settle_change(&self, entry: Option<Entry>, changed: Result<(), String>) -> Result<(), String> {
        let (Some(journal), Some(entry)) = (&self.journal, entry) else { return Ok(()) };
        let (outcome, reason) =
            changed.map_or_else(|reason| (Outcome::Failed, Some(reason)), |()| (Outcome::Done, None));
        self.counts.borrow_mut().add(outcome);
        journal.settle(entry, outcome, reason).map(|_| ()).map_err(|error| unwritable(&error))
    }

    /// Ends the journal and returns the name of the run if it may have changed anything. A run that changed nothing leaves
    /// no journal, unless it was one of a plan, which must be known as applied.
    pub fn finish(self) -> Result<Option<String>, ChangeError> {
        let Some(journal) = self.journal else { return Ok(None) };
        let mut counts = self.counts.into_inner();
        if let Some(expected) = self.expected {
            counts.planned = expected;
            counts.not_attempted = expected.saturating_sub(counts.settled());
        } else if counts.planned == 0 {
            // An empty one that stays is no harm.
            let _ = std::fs::remove_file(journal.path());
            return Ok(None);
        }
        let run_id = journal.finish(counts).map_err(ChangeError::JournalBroken)?;
        Ok(Some(run_id).filter(|_| counts.done + counts.failed > 0))
    }
}

fn unwritable(error: &std::io::Error) -> String {
    format!("the journal cannot be written: {error}")
}
