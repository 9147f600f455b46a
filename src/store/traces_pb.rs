//! Spans that a server has moved to its archive: a file of OpenTelemetry's `TracesData` for each trace (`MLflow` 3.13 and later).
//!
//! They are read as the typed JSON that servers answer with, so that a span is the same wherever it was kept.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{Span as ProtoSpan, TracesData};
use prost::Message;
use serde_json::{Value, json};

use crate::model::{Span, keys};

/// The spans of a file, roots first, then by start, or what is wrong with it.
pub(super) fn file(body: &[u8]) -> Result<Vec<Span>, String> {
    let data = TracesData::decode(body).map_err(|error| error.to_string())?;
    let scopes = data.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    let mut stored: Vec<ProtoSpan> = scopes.flat_map(|scope| scope.spans).collect();
    let Some(first) = stored.first() else { return Err("it holds no spans".to_owned()) };
    if stored.iter().any(|span| span.trace_id != first.trace_id) {
        return Err("it holds spans of several traces".to_owned());
    }
    stored
        .sort_by_cached_key(|span| (!span.parent_span_id.is_empty(), span.start_time_unix_nano, span.span_id.clone()));
    stored.iter().map(|span| self::span(span).map_err(|error| error.to_string())).collect()
}

fn span(span: &ProtoSpan) -> Result<Span, crate::model::SpanError> {
    let events = span.events.iter().map(|event| {
        json!({"name": event.name, "time_unix_nano": event.time_unix_nano, "attributes": pairs(&event.attributes)})
    });
    let links = span.links.iter().map(|link| {
        json!({"trace_id": id(&link.trace_id), "span_id": id(&link.span_id), "attributes": pairs(&link.attributes)})
    });
    // Servers before 3.18 leave it out.
    let kind = (span.kind() != SpanKind::Unspecified).then(|| span.kind().as_str_name());
    let status = span.status.as_ref();
    let mut read = Span::from_json(&json!({
        "trace_id": id(&span.trace_id),
        "span_id": id(&span.span_id),
        "parent_span_id": id(&span.parent_span_id),
        "name": span.name,
        "kind": kind,
        "start_time_unix_nano": span.start_time_unix_nano,
        "end_time_unix_nano": span.end_time_unix_nano,
        "status": status.map(|status| json!({"code": status.code().as_str_name(), "message": status.message})),
        "attributes": pairs(&span.attributes),
        "events": events.collect::<Vec<_>>(),
        "links": links.collect::<Vec<_>>(),
    }))?;
    let hex = crate::model::hex(&span.trace_id);
    read.attributes.entry(keys::REQUEST_ID.to_owned()).or_insert_with(|| format!("\"tr-{hex}\""));
    Ok(read)
}

fn id(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn pairs(pairs: &[KeyValue]) -> Value {
    let pair = |pair: &KeyValue| json!({"key": pair.key, "value": any(pair.value.as_ref())});
    pairs.iter().map(pair).collect()
}

/// A value in protobuf's JSON, in snake case.
fn any(value: Option<&AnyValue>) -> Value {
    match value.and_then(|value| value.value.as_ref()) {
        None => Value::Null,
        Some(Kind::StringValue(text)) => json!({"string_value": text}),
        Some(Kind::BoolValue(bool)) => json!({"bool_value": bool}),
        Some(Kind::IntValue(number)) => json!({"int_value": number}),
        Some(Kind::DoubleValue(number)) => json!({"double_value": double(*number)}),
        Some(Kind::ArrayValue(list)) => {
            let values: Value = list.values.iter().map(|item| any(Some(item))).collect();
            json!({"array_value": {"values": values}})
        }
        Some(Kind::KvlistValue(list)) => json!({"kvlist_value": {"values": pairs(&list.values)}}),
        Some(Kind::BytesValue(bytes)) => json!({"bytes_value": STANDARD.encode(bytes)}),
        Some(_) => Value::Null,
    }
}

/// JSON has words for the numbers that are none.
fn double(number: f64) -> Value {
    match number {
        number if number.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        number => number.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans};

    fn bytes(spans: Vec<ProtoSpan>) -> Vec<u8> {
        let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
        TracesData { resource_spans: vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }] }.encode_to_vec()
    }

    fn proto(id: u8, parent: Option<u8>, start: u64) -> ProtoSpan {
        let parent_span_id = parent.map_or_else(Vec::new, |parent| vec![parent; 8]);
        let name = format!("s{id}");
        ProtoSpan {
            trace_id: vec![7; 16],
            span_id: vec![id; 8],
            parent_span_id,
            name,
            start_time_unix_nano: start,
            ..ProtoSpan::default()
        }
    }

    #[test]
    fn roots_come_first_and_numbers_that_are_none_stay() {
        let mut last = proto(1, Some(2), 5);
        let value = |number| Some(AnyValue { value: Some(Kind::DoubleValue(number)) });
        last.attributes = vec![KeyValue { key: "score".into(), value: value(f64::NAN), ..KeyValue::default() }];
        let spans = file(&bytes(vec![last, proto(3, Some(2), 4), proto(2, None, 9)])).unwrap();
        assert_eq!(spans.iter().map(|span| span.name.as_str()).collect::<Vec<_>>(), ["s2", "s3", "s1"]);
        assert_eq!(spans[2].attributes["score"], "NaN");
        assert_eq!(spans[0].attributes[keys::REQUEST_ID], "\"tr-07070707070707070707070707070707\"");
        assert_eq!(spans[0].end_time_unix_nano, None);
    }

    #[test]
    fn a_file_that_is_no_archive_of_one_trace_is_refused() {
        let mut other = proto(2, None, 9);
        other.trace_id = vec![8; 16];
        for (body, reason) in [
            (bytes(vec![proto(1, None, 1), other]), "it holds spans of several traces"),
            (bytes(Vec::new()), "it holds no spans"),
            (Vec::new(), "it holds no spans"),
        ] {
            assert_eq!(file(&body).unwrap_err(), reason);
        }
        assert!(file(b"<html>").is_err());
    }
}
