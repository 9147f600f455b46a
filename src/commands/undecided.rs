//! Traces of which it cannot be known whether they match: how commands tell of them.

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::ManifestCounts;
use crate::output::count_traces;
use crate::store::{Undecided, summary};

/// Traces that are named on standard error.
const NAMED: usize = 3;

/// Says of which traces it is not known whether they match, and why. An error unless that lies in their nature.
pub fn tell(context: &mut Context<'_>, undecided: &[Undecided]) -> Result<(), CliError> {
    let (by_nature, failed): (Vec<&Undecided>, Vec<&Undecided>) = undecided.iter().partition(|one| one.is_by_nature());
    if !by_nature.is_empty() {
        let number = count_traces(by_nature.len() as u64);
        context.ui.warning(&format!("{number} may also match and are not shown: {}", summary(by_nature)));
    }
    if failed.is_empty() {
        return Ok(());
    }
    for one in failed.iter().take(NAMED) {
        context.ui.warning(&one.to_string());
    }
    let number = count_traces(failed.len() as u64);
    let message = format!("cannot tell whether {number} match: {}", summary(failed));
    Err(CliError::new(Exit::Partial, message).hint("see what is available of one with `mlflow-trace get TRACE_ID`"))
}

/// The same of an export that was written before.
pub fn tell_counted(context: &mut Context<'_>, counts: &ManifestCounts) {
    for (why, count) in &counts.undecided {
        context.ui.warning(&format!("left out {} that may also match: {why}", count_traces(*count)));
    }
}
