//! Which assessment of a trace a word means.

use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, TraceId};
use crate::output::one_line;

/// The assessment that a word means: by its id, or by its name if it is the only one of the trace that has it, overridden ones
/// included. A word that is neither is an id that the trace does not have.
pub fn named(there: &[Assessment], trace_id: &TraceId, word: &str) -> Result<AssessmentId, CliError> {
    let called: Vec<&Assessment> = there.iter().filter(|one| one.name() == word).collect();
    let is_id = there.iter().any(|one| one.id().is_some_and(|id| id.as_str() == word));
    match called.as_slice() {
        [one] if !is_id => Ok(one.id().unwrap_or_else(|| AssessmentId::new(word))),
        [_, _, ..] if !is_id => Err(ambiguous(&called, trace_id, word)),
        _ => Ok(AssessmentId::new(word)),
    }
}

/// How many of those that may be meant are shown.
pub const SHOWN: usize = 10;

pub fn ambiguous(called: &[&Assessment], trace_id: &TraceId, word: &str) -> CliError {
    let message = format!("trace {trace_id} has {} assessments named {word:?}; nothing was changed", called.len());
    let error = CliError::new(Exit::Refused, message).hint("use the id of one of them");
    called.iter().take(SHOWN).fold(error, |error, one| {
        let id = one.id().unwrap_or_else(|| AssessmentId::new(""));
        let source = [one.source_type(), one.source_id()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let overridden = if one.is_valid() { "" } else { ", overridden" };
        let value = one_line(&one.value().to_string(), VALUE_WIDTH);
        error.hint(format!(
            "`mlflow-trace assessment get {trace_id} {id}`: {} {value} by {source}{overridden}",
            one.kind().as_str()
        ))
    })
}

/// Characters of a value that are shown.
pub const VALUE_WIDTH: usize = 60;

pub fn unknown_assessment(trace_id: &TraceId, id: &AssessmentId) -> CliError {
    CliError::new(Exit::NotFound, format!("trace {trace_id} has no assessment {id}; nothing was changed"))
        .hint(format!("list its assessments with `mlflow-trace assessment list {trace_id}`"))
}
