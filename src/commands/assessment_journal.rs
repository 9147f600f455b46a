//! The journal of assessments that are created: what `undo` needs.

use std::cell::RefCell;

use serde_json::Value;

use super::Context;
use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentId, ExperimentId, TraceId};

/// A journal under way; without a folder for it, nothing is written.
pub struct AssessmentJournal {
    journal: Option<Journal>,
    counts: RefCell<Counts>,
}

impl AssessmentJournal {
    /// A journal that writes nothing.
    pub fn none() -> Self {
        Self { journal: None, counts: RefCell::new(Counts::default()) }
    }

    /// Begins the journal of a run; fails before anything is sent if it cannot be written.
    pub fn begin(context: &mut Context<'_>, command: &str, experiments: Vec<ExperimentId>) -> Result<Self, CliError> {
        let Some(folder) = context.settings.state_dir.clone() else {
            context.ui.warning("no journal is kept: neither HOME nor MLFLOW_TRACE_STATE_DIR is set");
            return Ok(Self::none());
        };
        let header = Header::new(command, context.ui.clock().now_ms(), &context.source_name());
        let journal = Journal::begin(&folder, Header { experiments, ..header }).map_err(|error| {
            let folder = folder.display();
            CliError::new(Exit::Unexpected, format!("cannot write the journal in {folder}: {error}; nothing was sent"))
                .hint("MLFLOW_TRACE_STATE_DIR names another folder")
        })?;
        Ok(Self { journal: Some(journal), counts: RefCell::new(Counts::default()) })
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

    /// Ends the journal and says how the run is called; a run that changed nothing leaves none.
    pub fn finish(self, context: &mut Context<'_>) -> Result<(), CliError> {
        let Some(journal) = self.journal else { return Ok(()) };
        let counts = self.counts.into_inner();
        if counts.planned == 0 {
            // An empty one that stays is no harm.
            let _ = std::fs::remove_file(journal.path());
            return Ok(());
        }
        let run_id = journal
            .finish(counts)
            .map_err(|error| CliError::new(Exit::Unexpected, format!("the journal cannot be ended: {error}")))?;
        if context.ui.verbosity().verbose > 0 {
            context.ui.status(&format!("Noted as run {run_id}."));
        }
        Ok(())
    }
}

fn unwritable(error: &std::io::Error) -> String {
    format!("the journal cannot be written: {error}")
}
