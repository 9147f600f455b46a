//! Where runs keep their journals, and how they begin one.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::context::RunContext;
use super::error::ChangeError;
use super::journal::{Action, Counts, Entry, Header, Journal, Outcome, Recorded, Summary};
pub use super::locks::{Locked, lock, lock_if};
use crate::model::{Assessment, TraceId};
use crate::output::count;

/// The state folder.
pub fn folder<'a>(context: &RunContext<'a>) -> Result<&'a Path, ChangeError> {
    context.means.state_dir.ok_or(ChangeError::NoStateFolder)
}

/// A header for a command of this run.
pub fn header(context: &RunContext<'_>, command: &str) -> Header {
    Header::new(command, context.ui.clock().now_ms(), context.place().clone())
}

/// Begins a journal: nothing may be changed before.
pub fn begin(context: &RunContext<'_>, header: Header) -> Result<Journal, ChangeError> {
    let folder = folder(context)?;
    let journal = Journal::begin(folder, header)
        .map_err(|error| ChangeError::JournalUnwritable { place: folder.to_owned(), error })?;
    if let Ok(mut begun) = context.begun.lock() {
        begun.push(journal.run_id().to_owned());
    }
    Ok(journal)
}

/// The headers of all runs, oldest first.
pub fn list(context: &RunContext<'_>) -> Result<Vec<Header>, ChangeError> {
    let folder = folder(context)?;
    Journal::list(folder).map_err(|error| unreadable(folder, error))
}

/// All runs in short, oldest first, those that failed before they began among them.
pub fn summaries(context: &mut RunContext<'_>) -> Result<Vec<Summary>, ChangeError> {
    let folder = folder(context)?;
    let (runs, unread) = Journal::summaries(folder).map_err(|error| unreadable(folder, error))?;
    if unread > 0 {
        let journals = if unread == 1 { "1 journal".to_owned() } else { format!("{} journals", count(unread)) };
        context.ui.warning(&format!("{journals} in {} cannot be read", folder.join("runs").display()));
    }
    Ok(runs)
}

fn unreadable(folder: &Path, error: io::Error) -> ChangeError {
    ChangeError::JournalsUnreadable { folder: folder.to_owned(), error }
}

/// Reads the journal of a run.
pub fn read(context: &RunContext<'_>, run_id: &str) -> Result<Recorded, ChangeError> {
    let folder = folder(context)?;
    Journal::read(folder, run_id).map_err(|error| {
        let run_id = run_id.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => {
                let others = others(folder, &run_id);
                ChangeError::NoSuchRun { run_id, folder: folder.to_owned(), others }
            }
            _ => ChangeError::JournalUnreadable { run_id, error },
        }
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
#[must_use]
pub fn way_back(context: &RunContext<'_>, run_id: &str) -> String {
    format!("Undo: `mlflow-trace undo {run_id}{}`.", context.means.words_to_write())
}

/// A journal of one change.
pub struct Single {
    journal: Journal,
    entry: Entry,
    way_back: String,
}

impl Single {
    /// Writes down what is about to be done to a trace; `values` are before and after.
    pub fn begin(
        context: &RunContext<'_>,
        command: &str,
        trace_id: &TraceId,
        action: Action,
        values: (Option<Value>, Option<Value>),
    ) -> Result<Self, ChangeError> {
        let journal = begin(context, header(context, command))?;
        let entry = journal.plan(trace_id.clone(), action, values.0, values.1);
        let entry =
            entry.map_err(|error| ChangeError::JournalUnwritable { place: journal.path().to_owned(), error })?;
        let way_back = way_back(context, &journal.header().run_id);
        Ok(Self { journal, entry, way_back })
    }

    /// Writes down what became of it, as it is told, and hands the answer on with what is to be said about the run. `after`
    /// is what is there now.
    pub fn settle<T, E: From<ChangeError>>(
        self,
        answer: Result<T, E>,
        after: impl FnOnce(&T) -> Option<Value>,
        told: impl FnOnce(&E) -> String,
    ) -> Result<(T, String), E> {
        let Self { journal, entry, way_back } = self;
        let mut counts = Counts { planned: 1, ..Counts::default() };
        let (entry, outcome, reason) = match &answer {
            Ok(answer) => (Entry { after: after(answer), ..entry }, Outcome::Done, None),
            Err(error) => (entry, Outcome::Failed, Some(told(error))),
        };
        counts.add(outcome);
        journal.settle(entry, outcome, reason).map_err(ChangeError::JournalBroken)?;
        journal.finish(counts).map_err(ChangeError::JournalBroken)?;
        Ok((answer?, way_back))
    }
}

/// An assessment as journals hold it.
#[must_use]
pub fn assessment(assessment: &Assessment) -> Value {
    Value::Object(assessment.as_object().clone())
}
