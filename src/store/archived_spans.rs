//! Spans that a server has moved to its archive: OpenTelemetry's messages in a file `traces.pb`.

use opentelemetry_proto::tonic::trace::v1::TracesData;
use prost::Message;

use crate::model::{OtlpTraces, Span, TraceId, keys};

/// The spans of a file, roots first and then by their start, or what is wrong with it.
pub(super) fn read(bytes: &[u8], id: &TraceId) -> Result<Vec<Span>, String> {
    let data = TracesData::decode(bytes).map_err(|error| error.to_string())?;
    let json = serde_json::to_vec(&data).map_err(|error| error.to_string())?;
    let mut traces = OtlpTraces::default();
    traces.add(&json).map_err(|error| error.to_string())?;
    let mut spans: Vec<Span> = traces.traces().flat_map(|trace| trace.spans.unwrap_or_default()).collect();
    if spans.is_empty() {
        return Err("it holds no spans".to_owned());
    }
    for span in &mut spans {
        // Of an id that an application chose, a span's own id says nothing.
        span.attributes.insert(keys::REQUEST_ID.to_owned(), serde_json::Value::from(id.as_str()).to_string());
    }
    spans.sort_by(|left, right| place(left).cmp(&place(right)));
    Ok(spans)
}

fn place(span: &Span) -> (bool, i128, &str) {
    (span.parent_span_id.is_some(), i128::from(span.start_time_unix_nano), span.span_id.as_str())
}
