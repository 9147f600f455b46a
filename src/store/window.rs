//! Bounds of the start, written in the language of filters.

use crate::model::TimeWindow;

/// A filter in the server's own language that holds in a time window only.
pub(super) fn joined(window: TimeWindow, filter: &str) -> String {
    let mut clauses = Vec::with_capacity(3);
    match (window.oldest_ms, window.newest_ms) {
        (Some(oldest), Some(newest)) if oldest == newest => clauses.push(format!("timestamp_ms = {newest}")),
        (oldest, newest) => {
            clauses.extend(newest.map(|newest| format!("timestamp_ms <= {newest}")));
            clauses.extend(oldest.map(|oldest| format!("timestamp_ms >= {oldest}")));
        }
    }
    clauses.extend(Some(filter.to_owned()).filter(|filter| !filter.is_empty()));
    clauses.join(" AND ")
}
