//! Files and lists of spans: each span is read by itself, so that a damaged one says so, and a trace of many thousands is no
//! more than its own cost.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{Span, strict_json};

/// The spans of a trace, or what is wrong with them.
pub(super) type Read = Result<Vec<Span>, String>;

/// Without spans it would be no span file but something else: only a list that is there can be empty.
#[derive(Deserialize)]
struct SpanFile<'a> {
    #[serde(borrow)]
    spans: Vec<&'a RawValue>,
}

/// The spans of a span file.
pub(super) fn file(body: &[u8]) -> Read {
    leniently(body, |body| Ok(spans(&serde_json::from_slice::<SpanFile<'_>>(body)?.spans)))?
}

/// Reads JSON, or what Python writes beyond it.
pub(super) fn leniently<T>(body: &[u8], read: fn(&[u8]) -> serde_json::Result<T>) -> Result<T, String> {
    read(body).or_else(|_| read(&strict_json(body))).map_err(|error| error.to_string())
}

/// The spans of a list.
pub(super) fn spans(raw: &[&RawValue]) -> Read {
    raw.iter().map(|raw| Span::from_text(raw.get().as_bytes())).collect()
}
