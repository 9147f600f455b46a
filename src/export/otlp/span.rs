//! One span.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1 as proto;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Recipient;
use super::any_value::{any, has_large_integer, has_lone_surrogate, of_text, of_value, pair, text_pair};
use crate::model::{Span, SpanEvent, SpanKind, SpanStatusCode, Trace, keys};

/// In front of a tag's key in the attributes of a root span; the server makes tags of them.
const TAG_PREFIX: &str = "mlflow.traceTag.";
const SESSION: &str = "session.id";
const USER: &str = "user.id";

/// A span as a message.
pub fn of(span: &Span, trace: &Trace, recipient: Recipient) -> proto::Span {
    let mut attributes: Vec<KeyValue> =
        span.attributes.iter().map(|(key, text)| pair(key, attribute(text, recipient))).collect();
    if recipient == Recipient::Any && span.parent_span_id.is_none() {
        attributes.extend(of_trace(span, trace));
    }
    proto::Span {
        trace_id: bytes_of(&span.trace_id, 16).unwrap_or_else(|| derived(trace.info.trace_id.as_str(), 16)),
        span_id: id(&span.span_id),
        parent_span_id: span.parent_span_id.as_deref().map(id).unwrap_or_default(),
        name: span.name.clone(),
        kind: kind(span.kind()).into(),
        start_time_unix_nano: nanoseconds(span.start_time_unix_nano),
        end_time_unix_nano: span.end_time_unix_nano.map_or(0, nanoseconds),
        attributes,
        events: span.events.iter().map(event).collect(),
        links: span.links.iter().filter_map(link).collect(),
        status: Some(status(span)),
        ..proto::Span::default()
    }
}

fn attribute(text: &str, recipient: Recipient) -> AnyValue {
    let as_text = recipient == Recipient::Mlflow && is_kept_as_text(text);
    if as_text { any(Kind::StringValue(text.to_owned())) } else { of_text(text) }
}

/// Whether a tracking server that receives a JSON text as a string stores that text and not the string: it takes one layer
/// of JSON off texts that are an object, a list, or a text. Texts need that only where they would lose a layer of their own
/// or cannot be said in UTF-8, and the server reads the span type before it takes the layer off.
fn is_kept_as_text(text: &str) -> bool {
    let is_nested = |text: &str| text.trim_start().starts_with(['{', '[', '"']);
    match text.trim_start().chars().next() {
        // The server could store a large integer but never return it.
        Some('{' | '[') => !has_large_integer(text),
        Some('"') => {
            has_lone_surrogate(text) || serde_json::from_str::<String>(text).is_ok_and(|inner| is_nested(&inner))
        }
        _ => false,
    }
}

/// What is known about the trace and not said by its root span.
fn of_trace<'t>(span: &'t Span, trace: &'t Trace) -> impl Iterator<Item = KeyValue> + 't {
    let info = &trace.info;
    let is_own = |key: &str| !key.starts_with("mlflow.") || key == keys::TRACE_NAME;
    let tags = info.tags.iter().filter(move |(key, _)| is_own(key));
    let tags = tags.map(|(key, value)| (format!("{TAG_PREFIX}{key}"), value.as_str()));
    let facts = [(SESSION, info.session()), (USER, info.user())];
    let facts = facts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    tags.chain(facts).filter(|(key, _)| !span.attributes.contains_key(key)).map(|(key, value)| text_pair(&key, value))
}

fn kind(kind: SpanKind) -> proto::span::SpanKind {
    match kind {
        SpanKind::Internal => proto::span::SpanKind::Internal,
        SpanKind::Server => proto::span::SpanKind::Server,
        SpanKind::Client => proto::span::SpanKind::Client,
        SpanKind::Producer => proto::span::SpanKind::Producer,
        SpanKind::Consumer => proto::span::SpanKind::Consumer,
    }
}

fn status(span: &Span) -> proto::Status {
    let code = match span.status.code {
        SpanStatusCode::Unset => proto::status::StatusCode::Unset,
        SpanStatusCode::Ok => proto::status::StatusCode::Ok,
        SpanStatusCode::Error => proto::status::StatusCode::Error,
    };
    proto::Status { message: span.status.message.clone(), code: code.into() }
}

fn event(event: &SpanEvent) -> proto::span::Event {
    proto::span::Event {
        time_unix_nano: nanoseconds(event.time_unix_nano),
        name: event.name.clone(),
        attributes: event.attributes.iter().map(|(key, value)| pair(key, of_value(value))).collect(),
        ..proto::span::Event::default()
    }
}

/// A link; nothing if its ids are none of OpenTelemetry's, as `MLflow`'s exporter has it.
fn link(link: &Value) -> Option<proto::span::Link> {
    let hex = |key: &str| link.get(key)?.as_str()?.rsplit('/').next();
    let trace_id = hex("trace_id")?;
    let attributes = link.get("attributes").and_then(Value::as_object);
    Some(proto::span::Link {
        trace_id: from_hex(trace_id.strip_prefix("tr-").unwrap_or(trace_id), 16)?,
        span_id: from_hex(hex("span_id")?, 8)?,
        attributes: attributes.into_iter().flatten().map(|(key, value)| pair(key, of_value(value))).collect(),
        ..proto::span::Link::default()
    })
}

fn from_hex(hex: &str, length: usize) -> Option<Vec<u8>> {
    let is_hex = hex.len() == 2 * length && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = |start: usize| u8::from_str_radix(&hex[start..start + 2], 16).ok();
    is_hex.then(|| (0..hex.len()).step_by(2).map(byte).collect())?
}

/// Before 1970 there is no time in OpenTelemetry.
fn nanoseconds(since_epoch: i64) -> u64 {
    u64::try_from(since_epoch).unwrap_or(0)
}

fn id(span_id: &str) -> Vec<u8> {
    bytes_of(span_id, 8).unwrap_or_else(|| derived(span_id, 8))
}

/// The bytes of an id in base64, if they are as many as OpenTelemetry wants and not all zero, which stands for no id.
fn bytes_of(id: &str, length: usize) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(id).ok()?;
    (bytes.len() == length && bytes.iter().any(|byte| *byte != 0)).then_some(bytes)
}

/// An id that OpenTelemetry takes, always the same for an id that it does not take.
fn derived(id: &str, length: usize) -> Vec<u8> {
    from_hex(id.strip_prefix("tr-").unwrap_or(id), length).unwrap_or_else(|| Sha256::digest(id)[..length].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trace(id: &str, span: &Value) -> Trace {
        let info = json!({
            "trace_id": id, "request_time": "2026-11-22T08:00:00Z", "state": "OK",
            "trace_metadata": {"mlflow.trace.session": "s-1", "mlflow.trace.user": "jane"},
            "tags": {"team": "search", "mlflow.traceName": "chat", "mlflow.artifactLocation": "/a", "service.name": "shop"},
        });
        Trace::from_json(json!({"info": info, "data": {"spans": [span]}})).unwrap()
    }

    fn message(id: &str, span: &Value, recipient: Recipient) -> proto::Span {
        let trace = trace(id, span);
        of(&trace.spans()[0], &trace, recipient)
    }

    fn span() -> Value {
        json!({
            "trace_id": "AAAAAAAAAAAAAAAAAAAAAQ==", "span_id": "AAAAAAAAAAE=", "parent_span_id": null, "name": "chat",
            "start_time_unix_nano": 5, "end_time_unix_nano": null, "status": {"code": "STATUS_CODE_ERROR", "message": "no"},
            "attributes": {"a": "[1, NaN]", "b": "\"[1]\"", "c": "\"plain\"", "d": "\"\\ud800\"", "session.id": "\"own\""},
            "events": [{"name": "exception", "time_unix_nano": 7, "attributes": {"n": 2, "f": 0.5}}],
            "links": [{"trace_id": format!("tr-{:032x}", 9), "span_id": format!("{:016x}", 8), "attributes": {"why": "so"}},
                      {"trace_id": "tr-wide", "span_id": "1", "attributes": null}],
        })
    }

    #[test]
    fn a_span_keeps_its_ids_times_status_events_and_links() {
        let message = message("tr-1", &span(), Recipient::Any);
        assert_eq!(
            (message.trace_id.as_slice(), message.span_id.as_slice()),
            (&1u128.to_be_bytes()[..], &1u64.to_be_bytes()[..])
        );
        assert!(message.parent_span_id.is_empty() && message.kind == 1);
        assert_eq!((message.start_time_unix_nano, message.end_time_unix_nano), (5, 0));
        assert_eq!(message.status, Some(proto::Status { message: "no".into(), code: 2 }));
        let event = &message.events[0];
        assert_eq!((event.name.as_str(), event.time_unix_nano), ("exception", 7));
        assert_eq!(event.attributes, [pair("n", any(Kind::IntValue(2))), pair("f", any(Kind::DoubleValue(0.5)))]);
        assert_eq!(message.links.len(), 1, "the second link has no ids of OpenTelemetry's");
        assert_eq!(message.links[0].trace_id, 9u128.to_be_bytes());
        assert_eq!(message.links[0].attributes, [text_pair("why", "so")]);
    }

    #[test]
    fn the_root_span_tells_of_the_trace_what_it_does_not_tell_itself() {
        let told: Vec<KeyValue> = message("tr-1", &span(), Recipient::Any).attributes.split_off(4);
        let expected = [
            text_pair("session.id", "own"),
            text_pair("mlflow.traceTag.mlflow.traceName", "chat"),
            text_pair("mlflow.traceTag.service.name", "shop"),
            text_pair("mlflow.traceTag.team", "search"),
            text_pair("user.id", "jane"),
        ];
        assert_eq!(told, expected);
        let mut child = span();
        child["parent_span_id"] = "AAAAAAAAAAI=".into();
        assert_eq!(message("tr-1", &child, Recipient::Any).attributes.len(), 5);
    }

    #[test]
    fn a_tracking_server_gets_the_texts_that_it_would_change_as_they_are() {
        let texts = |recipient| {
            let attributes = message("tr-1", &span(), recipient).attributes;
            attributes.into_iter().filter_map(|pair| match pair.value?.value? {
                Kind::StringValue(text) => Some((pair.key, text)),
                _ => None,
            })
        };
        let owned =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        let mlflow: Vec<_> = texts(Recipient::Mlflow).collect();
        let kept = [("a", "[1, NaN]"), ("b", "\"[1]\""), ("c", "plain"), ("d", "\"\\ud800\""), ("session.id", "own")];
        assert_eq!(mlflow, owned(&kept));
        let any: Vec<_> = texts(Recipient::Any).take(3).collect();
        assert_eq!(any, owned(&[("b", "[1]"), ("c", "plain"), ("d", "\u{fffd}")]));
    }

    #[test]
    fn ids_of_other_lengths_become_ids_that_are_always_the_same() {
        let mut odd = span();
        odd["trace_id"] = "AAAAAAAAAAAAAAAAAAAAAA==".into();
        odd["span_id"] = "AQID".into();
        odd["parent_span_id"] = "AQID".into();
        let first = message("tr-odd", &odd, Recipient::Any);
        assert_eq!((first.trace_id.len(), first.span_id.len()), (16, 8));
        assert_eq!(first.span_id, first.parent_span_id);
        let again = message("tr-odd", &odd, Recipient::Any);
        assert_eq!((first.trace_id, first.span_id), (again.trace_id, again.span_id));
        let by_id = message(&format!("tr-{:032x}", 77), &odd, Recipient::Any);
        assert_eq!(by_id.trace_id, 77u128.to_be_bytes());
    }
}
