//! Where commands keep their journals, and how they begin one.

use std::io;
use std::path::Path;

use super::Context;
use crate::changes::journal::{Header, Journal, Recorded};
use crate::error::CliError;
use crate::exit::Exit;

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
    Journal::begin(folder, header).map_err(|error| {
        let message = format!("cannot write a journal in {}, so that nothing was changed: {error}", folder.display());
        CliError::new(Exit::SafetyStop, message).hint("set MLFLOW_TRACE_STATE_DIR to a folder that can be written")
    })
}

/// What is said when the journal could not be written further.
pub fn broken(error: &io::Error) -> CliError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return io::Error::from(io::ErrorKind::BrokenPipe).into();
    }
    CliError::new(Exit::Partial, format!("stopped, because the journal cannot be written any more: {error}"))
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
