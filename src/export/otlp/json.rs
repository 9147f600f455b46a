//! OpenTelemetry's JSON: ids in hex, 64-bit integers as text, names in lower camel case, defaults left out.
//!
//! Written here and not by the messages' own serializers, because those turn `NaN` into `null`.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use serde_json::{Map, Value, json};

use super::{Recipient, resource_spans};
use crate::model::{Trace, hex};

/// Writes the spans of a trace as one line of `TracesData`; says whether it has any, and writes nothing if not.
pub fn write_line(writer: &mut impl Write, trace: &Trace) -> io::Result<bool> {
    let Some(spans) = resource_spans(trace, Recipient::Any) else { return Ok(false) };
    serde_json::to_writer(&mut *writer, &json!({"resourceSpans": [of_resource(&spans)]}))?;
    writer.write_all(b"\n")?;
    Ok(true)
}

fn of_resource(spans: &ResourceSpans) -> Value {
    let attributes = spans.resource.as_ref().map_or(&[][..], |resource| &resource.attributes);
    let scopes: Value = spans.scope_spans.iter().map(of_scope).collect();
    json!({"resource": Object::default().list("attributes", attributes, of_pair).0, "scopeSpans": scopes})
}

fn of_scope(spans: &ScopeSpans) -> Value {
    let name = spans.scope.as_ref().map_or("", |scope| &scope.name);
    json!({"scope": {"name": name}, "spans": spans.spans.iter().map(of_span).collect::<Value>()})
}

/// An object that leaves out what is empty.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    fn text(self, key: &str, text: &str) -> Self {
        if text.is_empty() { self } else { self.set(key, text) }
    }

    fn list<T>(self, key: &str, items: &[T], write: fn(&T) -> Value) -> Self {
        if items.is_empty() { self } else { self.set(key, items.iter().map(write).collect::<Value>()) }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn of_span(span: &Span) -> Value {
    Object::default()
        .set("traceId", hex(&span.trace_id))
        .set("spanId", hex(&span.span_id))
        .text("parentSpanId", &hex(&span.parent_span_id))
        .set("name", span.name.as_str())
        .set("kind", span.kind)
        .set("startTimeUnixNano", span.start_time_unix_nano.to_string())
        .set("endTimeUnixNano", span.end_time_unix_nano.to_string())
        .list("attributes", &span.attributes, of_pair)
        .list("events", &span.events, of_event)
        .list("links", &span.links, of_link)
        .set("status", span.status.as_ref().map_or(Value::Null, of_status))
        .done()
}

fn of_status(status: &Status) -> Value {
    let object = Object::default().text("message", &status.message);
    if status.code == 0 { object.done() } else { object.set("code", status.code).done() }
}

fn of_event(event: &Event) -> Value {
    Object::default()
        .set("timeUnixNano", event.time_unix_nano.to_string())
        .set("name", event.name.as_str())
        .list("attributes", &event.attributes, of_pair)
        .done()
}

fn of_link(link: &Link) -> Value {
    Object::default()
        .set("traceId", hex(&link.trace_id))
        .set("spanId", hex(&link.span_id))
        .list("attributes", &link.attributes, of_pair)
        .done()
}

fn of_pair(pair: &KeyValue) -> Value {
    json!({"key": pair.key, "value": pair.value.as_ref().map_or_else(|| json!({}), of_any)})
}

fn of_any(value: &AnyValue) -> Value {
    match &value.value {
        None | Some(Kind::StringValueStrindex(_)) => json!({}),
        Some(Kind::StringValue(text)) => json!({"stringValue": text}),
        Some(Kind::BoolValue(bool)) => json!({"boolValue": bool}),
        Some(Kind::IntValue(integer)) => json!({"intValue": integer.to_string()}),
        Some(Kind::DoubleValue(float)) => json!({"doubleValue": of_float(*float)}),
        Some(Kind::ArrayValue(list)) => {
            json!({"arrayValue": Object::default().list("values", &list.values, of_any).done()})
        }
        Some(Kind::KvlistValue(list)) => {
            json!({"kvlistValue": Object::default().list("values", &list.values, of_pair).done()})
        }
        Some(Kind::BytesValue(bytes)) => json!({"bytesValue": STANDARD.encode(bytes)}),
    }
}

fn of_float(float: f64) -> Value {
    if float.is_finite() {
        return float.into();
    }
    let word = if float.is_nan() { "NaN" } else { "Infinity" };
    Value::from(if float < 0.0 { format!("-{word}") } else { word.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::trace::v1::TracesData;

    fn written(trace: &Value) -> String {
        let mut line = Vec::new();
        let trace = Trace::from_json(trace.clone()).unwrap();
        assert_eq!(write_line(&mut line, &trace).unwrap(), !line.is_empty());
        String::from_utf8(line).unwrap()
    }

    fn trace() -> Value {
        let span = json!({
            "trace_id": format!("{:032x}", 171), "span_id": format!("{:016x}", 205), "parent_span_id": format!("{:016x}", 1),
            "name": "chat", "start_time_unix_nano": 1_795_335_101_465_892_476_i64, "end_time_unix_nano": 1_795_335_101_465_892_477_i64,
            "status": {"code": "STATUS_CODE_OK"},
            "attributes": {"a": "{\"n\": 1, \"f\": [NaN, -Infinity, 0.1]}", "none": "null", "empty": "[]"},
            "events": [{"name": "e", "time_unix_nano": 7, "attributes": {}}], "links": [],
        });
        let info =
            json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:00:00Z", "tags": {"service.name": "shop"}});
        json!({"info": info, "data": {"spans": [span]}})
    }

    #[test]
    fn a_line_is_what_opentelemetry_says_it_is() {
        let line = written(&trace());
        let (text, end) = line.split_at(line.len() - 1);
        assert!(end == "\n" && !text.contains('\n'));
        let read: Value = serde_json::from_str(text).unwrap();
        let pair = |key: &str, value: Value| json!({"key": key, "value": value});
        let floats = json!({"arrayValue": {"values": [{"doubleValue": "NaN"}, {"doubleValue": "-Infinity"}, {"doubleValue": 0.1}]}});
        let object = json!({"kvlistValue": {"values": [pair("n", json!({"intValue": "1"})), pair("f", floats)]}});
        let span = json!({
            "traceId": "000000000000000000000000000000ab", "spanId": "00000000000000cd", "parentSpanId": "0000000000000001",
            "name": "chat", "kind": 1, "startTimeUnixNano": "1795335101465892476", "endTimeUnixNano": "1795335101465892477",
            "attributes": [pair("a", object), pair("none", json!({})), pair("empty", json!({"arrayValue": {}}))],
            "events": [{"timeUnixNano": "7", "name": "e"}],
            "status": {"code": 1},
        });
        let resource = json!({"attributes": [pair("service.name", json!({"stringValue": "shop"}))]});
        let scope = json!({"scope": {"name": "mlflow"}, "spans": [span]});
        assert_eq!(read, json!({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}));
    }

    #[test]
    fn the_messages_own_reader_reads_it() {
        let mut trace = trace();
        trace["data"]["spans"][0]["attributes"] = json!({"a": "{\"n\": 1, \"f\": [0.1, true]}", "s": "\"é\""});
        let data: TracesData = serde_json::from_str(&written(&trace)).unwrap();
        let expected = resource_spans(&Trace::from_json(trace).unwrap(), Recipient::Any).unwrap();
        assert_eq!(data.resource_spans, [expected]);
    }

    #[test]
    fn a_trace_without_spans_is_no_line() {
        let mut trace = trace();
        trace["data"]["spans"] = json!([]);
        assert_eq!(written(&trace), "");
    }
}
