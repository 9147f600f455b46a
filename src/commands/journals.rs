//! Where commands keep their journals, and how they begin one.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::Context;
use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome, Recorded};
use crate::changes::lock::{Lock, LockError};
use crate::changes::plan_file;
use crate::cli::{LockArgs, Period};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, TraceId};

/// The state folder.
pub fn folder<'a>(context: &Context<'a>) -> Result<&'a Path, CliError> {
    context.settings.state_dir.as_deref().ok_or_else(|| {
        CliError::new(Exit::SafetyStop, "there is no place for the journal, without which nothing is changed")
            .hint("set MLFLOW_TRACE_STATE_DIR to a folder")
    })
}

/// A header for a command of this run.
pub fn header(context: &Context<'_>, command: &str) -> Header {
    Header::new(command, context.ui.clock().now_ms(), &context.source_name())
}

/// Begins a journal: nothing may be changed before.
pub fn begin(context: &Context<'_>, header: Header) -> Result<Journal, CliError> {
    let folder = folder(context)?;
    Journal::begin(folder, header).map_err(|error| unwritable(folder, &error))
}

fn unwritable(place: &Path, error: &io::Error) -> CliError {
    let message = format!("cannot write a journal in {}, so that nothing was changed: {error}", place.display());
    CliError::new(Exit::SafetyStop, message).hint("set MLFLOW_TRACE_STATE_DIR to a folder that can be written")
}

/// What is said when the journal could not be written further.
pub fn broken(error: &io::Error) -> CliError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return io::Error::from(io::ErrorKind::BrokenPipe).into();
    }
    CliError::new(Exit::Partial, format!("stopped, because the journal cannot be written any more: {error}"))
}

/// Takes the lock of everything on this server that a run of one kind changes; held by another run, it is waited for if the
/// user says so.
pub async fn lock(context: &Context<'_>, kind: Locked, command: &str, args: &LockArgs) -> Result<Lock, CliError> {
    let place = plan_file::hash(&context.source_name());
    let path = folder(context)?.join("locks").join(format!("{}-{}.lock", kind.as_str(), &place[..16]));
    let (now_ms, patience) = (context.ui.clock().now_ms(), args.lock_wait.map(Period::as_duration));
    let taken = Lock::acquire_within(&path, command, now_ms, patience.unwrap_or_default()).await;
    taken.map_err(|error| {
        let is_held = matches!(error, LockError::Held { .. });
        let refused = CliError::new(Exit::SafetyStop, format!("{error}; nothing was changed"));
        let hint = if is_held {
            "--lock-wait 10m waits for it"
        } else {
            "set MLFLOW_TRACE_STATE_DIR to a folder that can be written"
        };
        refused.hint(hint)
    })
}

/// The same for a run that may be going to change nothing.
pub async fn lock_if(
    is_change: bool,
    context: &Context<'_>,
    kind: Locked,
    command: &str,
    args: &LockArgs,
) -> Result<Option<Lock>, CliError> {
    if is_change { lock(context, kind, command, args).await.map(Some) } else { Ok(None) }
}

/// What one run at a time changes.
#[derive(Clone, Copy, Debug)]
pub enum Locked {
    /// Traces are deleted.
    Traces,
    /// Tags are set or deleted.
    Tags,
    /// Assessments are created or changed.
    Assessments,
}

impl Locked {
    fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Tags => "tags",
            Self::Assessments => "assessments",
        }
    }
}

/// The headers of all runs, oldest first.
pub fn list(context: &Context<'_>) -> Result<Vec<Header>, CliError> {
    let folder = folder(context)?;
    Journal::list(folder).map_err(|error| {
        CliError::new(Exit::Unexpected, format!("cannot read the journals in {}: {error}", folder.display()))
    })
}

/// Reads the journal of a run.
pub fn read(context: &Context<'_>, run_id: &str) -> Result<Recorded, CliError> {
    let folder = folder(context)?;
    Journal::read(folder, run_id).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CliError::usage(format!("there is no run {run_id:?} in {}", folder.display()))
            .hint("`mlflow-trace runs list` lists them"),
        _ => CliError::new(Exit::Unexpected, format!("cannot read the journal of the run {run_id}: {error}")),
    })
}

/// How to take a run back.
pub fn way_back(run_id: &str) -> String {
    format!("`mlflow-trace undo {run_id}` takes it back.")
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
