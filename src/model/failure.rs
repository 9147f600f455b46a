//! Why a span failed. The status has a message only where a library sets one; the exception is an event.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Span, SpanStatusCode};

/// What is known about a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The type of the exception; empty if unknown.
    pub kind: String,
    /// What went wrong; empty if nothing tells it.
    pub message: String,
    /// The stack, as the exception recorded it.
    pub stack: Option<String>,
}

impl Failure {
    /// Type and message in one text.
    #[must_use]
    pub fn text(&self) -> String {
        let kind = self.kind.rsplit('.').next().unwrap_or("");
        match (kind, self.message.as_str()) {
            ("", "") => "failed; no reason was recorded".to_owned(),
            (kind, "") => kind.to_owned(),
            // Some libraries begin the message of the status with the type.
            (kind, message) if kind.is_empty() || message.starts_with(kind) => message.to_owned(),
            (kind, message) => format!("{kind}: {message}"),
        }
    }
}

/// Why a span failed; nothing if it did not.
#[must_use]
pub fn failure(span: &Span) -> Option<Failure> {
    if span.status.code != SpanStatusCode::Error {
        return None;
    }
    // The last one is what ended the span.
    let exception = span.events.iter().rev().find(|event| is_exception(&event.name, &event.attributes));
    let told = |key: &str| exception.and_then(|event| text(&event.attributes, key));
    let own = |key: &str| match span.attribute(key)? {
        Value::String(text) => Some(text),
        _ => None,
    };
    let message = Some(span.status.message.clone()).filter(|message| !message.trim().is_empty());
    Some(Failure {
        kind: told("exception.type").or_else(|| own("error.type")).unwrap_or_default(),
        message: message.or_else(|| told("exception.message")).or_else(|| own("error.message")).unwrap_or_default(),
        stack: told("exception.stacktrace"),
    })
}

fn is_exception(name: &str, attributes: &Map<String, Value>) -> bool {
    name == "exception" || attributes.contains_key("exception.type") || attributes.contains_key("exception.message")
}

fn text(attributes: &Map<String, Value>, key: &str) -> Option<String> {
    match attributes.get(key)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// The failed spans in which failures began: those without a failed child, in the order in which they ended.
#[must_use]
pub fn origins(spans: &[Span]) -> Vec<(&Span, Failure)> {
    let failed = || spans.iter().filter(|span| span.status.code == SpanStatusCode::Error);
    let mut has_failed_child: HashMap<&str, bool> = HashMap::new();
    for parent in failed()
        .filter(|span| span.parent_span_id.as_deref() != Some(&span.span_id))
        .filter_map(|span| span.parent_span_id.as_deref())
    {
        has_failed_child.insert(parent, true);
    }
    let is_origin = |span: &&Span| !has_failed_child.contains_key(span.span_id.as_str());
    let mut origins: Vec<_> = failed().filter(is_origin).filter_map(|span| Some((span, failure(span)?))).collect();
    origins.sort_by_key(|(span, _)| span.end_time_unix_nano.unwrap_or(i64::MAX));
    origins
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn span(status: &str, message: &str, events: Value) -> Span {
        let events = if events.is_null() { json!([]) } else { events };
        Span::from_json(&json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "s",
            "start_time_unix_nano": 1, "status": {"code": status, "message": message}, "events": events}))
        .unwrap()
    }

    fn exception(kind: &str, message: &str) -> Value {
        json!([{"name": "exception", "time_unix_nano": 1, "attributes":
            {"exception.type": kind, "exception.message": message, "exception.stacktrace": "Traceback\n  x"}}])
    }

    #[test]
    fn the_reason_is_in_the_exception_where_the_status_has_none() {
        let told = |message: &str, events| failure(&span("STATUS_CODE_ERROR", message, events)).unwrap().text();
        assert_eq!(told("", exception("RateLimitError", "slow down")), "RateLimitError: slow down");
        assert_eq!(told("ValueError: no", exception("ValueError", "no")), "ValueError: no");
        assert_eq!(told("no", exception("a.b.ValueError", "other")), "ValueError: no");
        assert_eq!(told("", exception("", "tripped")), "tripped");
        assert_eq!(told("", Value::Null), "failed; no reason was recorded");
        assert_eq!(failure(&span("STATUS_CODE_OK", "", exception("E", "caught"))), None);
        let stack = failure(&span("STATUS_CODE_ERROR", "", exception("E", "m"))).unwrap().stack;
        assert_eq!(stack.as_deref(), Some("Traceback\n  x"));
    }
}
