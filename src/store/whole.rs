//! Whether the spans of a trace that were found are all that it has.

use super::{StoreError, TraceFailure};
use crate::model::{Span, Trace, TraceInfo, TraceState};

/// Where the spans of a trace are that the server has archived, as its tag says.
pub(super) const ARCHIVE: &str = "ARCHIVE_REPO";

/// The trace with its spans, unless there should be more of them, or that cannot be told. With `is_vouched` somebody says that
/// these are all.
pub(super) fn checked(info: TraceInfo, spans: Vec<Span>, is_vouched: bool) -> Result<Trace, TraceFailure> {
    let (found, stated) = (spans.len() as u64, info.stated_span_count());
    let in_progress = info.state == TraceState::InProgress;
    let (trace_id, is_archived) = (info.trace_id.clone(), info.spans_location() == Some(ARCHIVE));
    // A server that does not find the archive of a trace leaves its spans out, where it is asked for what there is.
    let is_short = stated.is_some_and(|stated| found < stated) || (found == 0 && in_progress);
    let is_unstated = found == 0 && is_archived && stated.is_none();
    let is_doubtful = info.has_unreadable_span_count() && !is_vouched;
    let trace = Trace { info, spans: Some(spans) };
    if !is_short && !is_unstated && !is_doubtful {
        return Ok(trace);
    }
    let error = if is_archived {
        let of = stated.map_or_else(|| "its".to_owned(), |stated| format!("its {stated}"));
        StoreError::SpansArchived { trace_id, reason: format!("{found} of {of} spans were found") }
    } else {
        StoreError::SpansIncomplete { trace_id, in_progress, found, stated }
    };
    Err(TraceFailure::new(trace, error))
}
