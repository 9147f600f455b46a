//! Where commands keep their journals, and how they begin one.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::Context;
pub use super::locks::{Locked, lock, lock_if};
use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome, Recorded, Summary};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, TraceId};
use crate::output::count;

/// The state folder.
pub fn folder<'a>(context: &Context<'a>) -> Result<&'a Path, CliError> {
    context.settings.state_dir.as_deref().ok_or_else(|| {
        CliError::new(Exit::SafetyStop, "there is no folder for the journal; nothing is changed without one")
            .hint("set MLFLOW_TRACE_STATE_DIR to a folder")
    })
}

/// A header for a command of this run.
pub fn header(context: &Context<'_>, command: &str) -> Header {
    Header::new(command, context.ui.clock().now_ms(), context.place().clone())
}

/// Begins a journal: nothing may be changed before.
pub fn begin(context: &Context<'_>, header: Header) -> Result<Journal, CliError> {
    let folder = folder(context)?;
    let journal = Journal::begin(folder, header).map_err(|error| unwritable(folder, &error))?;
    if let Ok(mut begun) = context.begun.lock() {
        begun.push(journal.run_id().to_owned());
    }
    Ok(journal)
}

fn unwritable(place: &Path, error: &io::Error) -> CliError {
    let message = format!("cannot write a journal in {}; nothing was changed: {error}", place.display());
    CliError::new(Exit::SafetyStop, message).hint("set MLFLOW_TRACE_STATE_DIR to a writable folder")
}

/// What is said when the journal could not be written further.
pub fn broken(error: &io::Error) -> CliError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return io::Error::from(io::ErrorKind::BrokenPipe).into();
    }
    CliError::new(Exit::Partial, format!("stopped because the journal cannot be written: {error}"))
}

/// The headers of all runs, oldest first.
pub fn list(context: &Context<'_>) -> Result<Vec<Header>, CliError> {
    let folder = folder(context)?;
    Journal::list(folder).map_err(|error| unreadable(folder, &error))
}

/// All runs in short, oldest first, those that failed before they began among them.
pub fn summaries(context: &mut Context<'_>) -> Result<Vec<Summary>, CliError> {
    let folder = folder(context)?;
    let (runs, unread) = Journal::summaries(folder).map_err(|error| unreadable(folder, &error))?;
    if unread > 0 {
        let journals = if unread == 1 { "1 journal".to_owned() } else { format!("{} journals", count(unread)) };
        context.ui.warning(&format!("{journals} in {} cannot be read", folder.join("runs").display()));
    }
    Ok(runs)
}

fn unreadable(folder: &Path, error: &io::Error) -> CliError {
    CliError::new(Exit::Unexpected, format!("cannot read the journals in {}: {error}", folder.display()))
}

/// Reads the journal of a run.
pub fn read(context: &Context<'_>, run_id: &str) -> Result<Recorded, CliError> {
    let folder = folder(context)?;
    Journal::read(folder, run_id).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            CliError::new(Exit::NotFound, format!("there is no run {run_id:?} in {}", folder.display()))
                .hint(others(folder, run_id))
        }
        _ => CliError::new(Exit::Unexpected, format!("cannot read the journal of the run {run_id}: {error}")),
    })
}

/// The runs that may be meant instead of one that is not there: those with the likest names, else the last ones.
fn others(folder: &Path, run_id: &str) -> String {
    const NAMED: usize = 3;
    const NEARLY: f64 = 0.9;

    let (runs, _) = Journal::summaries(folder).unwrap_or_default();
    let likeness = |run: &&Summary| strsim::jaro_winkler(&run.header.run_id, run_id);
    let mut near: Vec<&Summary> = runs.iter().rev().filter(|run| likeness(run) >= NEARLY).collect();
    near.sort_by(|left, right| likeness(right).total_cmp(&likeness(left)));
    let (words, chosen) = match (near.is_empty(), runs.is_empty()) {
        (_, true) => return "that folder has no runs; set MLFLOW_TRACE_STATE_DIR to use another".to_owned(),
        (true, _) => ("the last runs are", runs.iter().rev().take(NAMED).collect()),
        (false, _) => ("did you mean", near.into_iter().take(NAMED).collect::<Vec<_>>()),
    };
    let named = |run: &&Summary| format!("{} ({})", run.header.run_id, run.header.command);
    let chosen: Vec<String> = chosen.iter().map(named).collect();
    format!("{words} {}; `mlflow-trace runs list` lists all", chosen.join(", "))
}

/// How to take a run back.
pub fn way_back(run_id: &str) -> String {
    format!("Undo: `mlflow-trace undo {run_id}`.")
}

/// A journal of one change.
pub struct Single {
    journal: Journal,
    entry: Entry,
}

impl Single {
    /// Writes down what is about to be done to a trace; `values` are before and after.
    pub fn begin(
        context: &Context<'_>,
        command: &str,
        trace_id: &TraceId,
        action: Action,
        values: (Option<Value>, Option<Value>),
    ) -> Result<Self, CliError> {
        let journal = begin(context, header(context, command))?;
        let entry = journal.plan(trace_id.clone(), action, values.0, values.1);
        let entry = entry.map_err(|error| unwritable(journal.path(), &error))?;
        Ok(Self { journal, entry })
    }

    /// Writes down what became of it, and hands the answer on with what is to be said of the run. `after` is what is there
    /// now.
    pub fn settle<T>(
        self,
        answer: Result<T, CliError>,
        after: impl FnOnce(&T) -> Option<Value>,
    ) -> Result<(T, String), CliError> {
        let Self { journal, entry } = self;
        let mut counts = Counts { planned: 1, ..Counts::default() };
        let (entry, outcome, reason) = match &answer {
            Ok(answer) => (Entry { after: after(answer), ..entry }, Outcome::Done, None),
            Err(error) => (entry, Outcome::Failed, Some(error.message.clone())),
        };
        counts.add(outcome);
        journal.settle(entry, outcome, reason).map_err(|error| broken(&error))?;
        let run_id = journal.finish(counts).map_err(|error| broken(&error))?;
        Ok((answer?, way_back(&run_id)))
    }
}

/// An assessment as journals hold it.
pub fn assessment(assessment: &Assessment) -> Value {
    Value::Object(assessment.as_object().clone())
}
