//! A span: one step of a trace.
//!
//! Held in the shape of `mlflow.entities.Span.to_dict`, which is also the text the tracking store searches in; `span_json`
//! reads other shapes into it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::keys;
use super::python_json::{self, NonAscii};

/// A span that cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SpanError {
    /// A field is missing or has the wrong type.
    #[error("span field {0:?} is missing or of the wrong type")]
    Field(&'static str),
    /// A status code that is none.
    #[error("span status code {0:?} is none of STATUS_CODE_OK, STATUS_CODE_ERROR and STATUS_CODE_UNSET")]
    Status(String),
    /// An id is neither base64 nor hex.
    #[error("span id {0:?} is neither base64 nor hex")]
    Id(String),
}

/// Status code and message of a span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanStatus {
    /// OK, ERROR or UNSET.
    pub code: SpanStatusCode,
    /// What went wrong, empty if nothing did.
    pub message: String,
}

/// OpenTelemetry's status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpanStatusCode {
    /// Neither succeeded nor failed explicitly.
    #[serde(rename = "STATUS_CODE_UNSET")]
    Unset,
    /// Succeeded.
    #[serde(rename = "STATUS_CODE_OK")]
    Ok,
    /// Failed.
    #[serde(rename = "STATUS_CODE_ERROR")]
    Error,
}

impl SpanStatusCode {
    /// The word that filters use: `UNSET`, `OK`, `ERROR`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unset => "UNSET",
            Self::Ok => "OK",
            Self::Error => "ERROR",
        }
    }
}

/// Something that happened during a span, such as an exception.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpanEvent {
    /// `exception` for exceptions.
    pub name: String,
    /// When, in nanoseconds since the epoch.
    pub time_unix_nano: i64,
    /// Plain JSON values.
    pub attributes: Map<String, Value>,
}

/// OpenTelemetry's kinds of spans: on which side of a call it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum SpanKind {
    /// Within an application.
    #[default]
    #[serde(rename = "SPAN_KIND_INTERNAL")]
    Internal,
    /// Answers a request.
    #[serde(rename = "SPAN_KIND_SERVER")]
    Server,
    /// Sends a request.
    #[serde(rename = "SPAN_KIND_CLIENT")]
    Client,
    /// Sends a message.
    #[serde(rename = "SPAN_KIND_PRODUCER")]
    Producer,
    /// Takes a message.
    #[serde(rename = "SPAN_KIND_CONSUMER")]
    Consumer,
}

impl SpanKind {
    const ALL: [Self; 5] = [Self::Internal, Self::Server, Self::Client, Self::Producer, Self::Consumer];

    /// OpenTelemetry's word without the prefix: `INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "INTERNAL",
            Self::Server => "SERVER",
            Self::Client => "CLIENT",
            Self::Producer => "PRODUCER",
            Self::Consumer => "CONSUMER",
        }
    }

    /// By the name in `MLflow`'s JSON; unspecified is internal.
    pub(super) fn from_name(name: &str) -> Result<Self, SpanError> {
        let word = name.strip_prefix("SPAN_KIND_").ok_or(SpanError::Field("kind"))?;
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.or((word == "UNSPECIFIED").then_some(Self::Internal)).ok_or(SpanError::Field("kind"))
    }

    /// By the number in OpenTelemetry's protocol, where 0 is unspecified.
    pub(super) fn from_number(number: i64) -> Result<Self, SpanError> {
        let place = usize::try_from(number.max(1) - 1).ok().filter(|_| number >= 0);
        place.and_then(|place| Self::ALL.get(place).copied()).ok_or(SpanError::Field("kind"))
    }
}

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// OpenTelemetry trace id, 16 bytes in base64.
    pub trace_id: String,
    /// Span id, 8 bytes in base64.
    pub span_id: String,
    /// Parent's span id in base64; none for a root.
    pub parent_span_id: Option<String>,
    /// Name.
    pub name: String,
    /// Its kind, if it is stated: `MLflow` keeps it since 3.18. A span of no stated kind is internal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SpanKind>,
    /// Start, in nanoseconds since the epoch.
    pub start_time_unix_nano: i64,
    /// End, in nanoseconds since the epoch; none while open.
    pub end_time_unix_nano: Option<i64>,
    /// Events in order.
    pub events: Vec<SpanEvent>,
    /// How it ended.
    pub status: SpanStatus,
    /// Attributes in the order they were recorded, each the JSON text of its value as Python writes it.
    pub attributes: IndexMap<String, String>,
    /// Links to other spans, each `{"trace_id": "tr-…", "span_id": 16 hex digits, "attributes"}`.
    pub links: Vec<Value>,
}

impl Span {
    /// The JSON text of an attribute, as stored.
    #[must_use]
    pub fn attribute_text(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }

    /// An attribute's value; text that is no JSON comes as a string, and so do `NaN` and half a surrogate pair within it
    /// (see [`read_json`](super::read_json)).
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<Value> {
        let text = self.attribute_text(key)?;
        Some(super::read_json(text.as_bytes()).unwrap_or_else(|_| Value::String(text.to_owned())))
    }

    /// Its kind, stated or not.
    #[must_use]
    pub fn kind(&self) -> SpanKind {
        self.kind.unwrap_or_default()
    }

    /// `LLM`, `CHAIN`, `TOOL` and so on.
    #[must_use]
    pub fn span_type(&self) -> Option<String> {
        match self.attribute(keys::SPAN_TYPE)? {
            Value::String(word) => Some(word),
            other => Some(other.to_string()),
        }
    }

    /// Duration in nanoseconds; none while open.
    #[must_use]
    pub fn duration_ns(&self) -> Option<i64> {
        Some(self.end_time_unix_nano?.saturating_sub(self.start_time_unix_nano))
    }

    /// Duration in milliseconds; none while open.
    #[must_use]
    pub fn duration_ms(&self) -> Option<f64> {
        self.duration_ns().map(|ns| ns as f64 / 1e6)
    }

    /// The span id as 16 hex digits, the form that assessments refer to.
    #[must_use]
    pub fn span_id_hex(&self) -> String {
        base64_to_hex(&self.span_id)
    }

    /// The JSON text that the tracking store keeps of this span and that `trace.text`, `span.content` and
    /// `span.attributes.*` search in (`MLflow` 3.6 and later).
    #[must_use]
    pub fn content(&self) -> String {
        let mut out = String::with_capacity(1024);
        let string = |out: &mut String, value: &str| python_json::write_string(out, value, NonAscii::Verbatim);
        out.push_str("{\"trace_id\": ");
        string(&mut out, &self.trace_id);
        out.push_str(", \"span_id\": ");
        string(&mut out, &self.span_id);
        out.push_str(", \"parent_span_id\": ");
        match &self.parent_span_id {
            Some(parent) => string(&mut out, parent),
            None => out.push_str("null"),
        }
        out.push_str(", \"name\": ");
        string(&mut out, &self.name);
        if let Some(kind) = self.kind {
            out.push_str(&format!(", \"kind\": \"SPAN_KIND_{}\"", kind.as_str()));
        }
        out.push_str(&format!(", \"start_time_unix_nano\": {}, \"end_time_unix_nano\": ", self.start_time_unix_nano));
        match self.end_time_unix_nano {
            Some(end) => out.push_str(&end.to_string()),
            None => out.push_str("null"),
        }
        out.push_str(", \"events\": ");
        python_json::write_array(&mut out, self.events.iter(), |out, event| {
            out.push_str("{\"name\": ");
            python_json::write_string(out, &event.name, NonAscii::Verbatim);
            out.push_str(&format!(", \"time_unix_nano\": {}, \"attributes\": ", event.time_unix_nano));
            out.push_str(&python_json::dumps(&Value::Object(event.attributes.clone()), NonAscii::Verbatim));
            out.push('}');
        });
        let code = serde_json::to_value(self.status.code).unwrap_or(Value::Null);
        out.push_str(", \"status\": {\"code\": ");
        string(&mut out, code.as_str().unwrap_or(""));
        out.push_str(", \"message\": ");
        string(&mut out, &self.status.message);
        out.push_str("}, \"attributes\": ");
        let entries = self.attributes.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        python_json::write_object(&mut out, entries, NonAscii::Verbatim, string);
        out.push_str(", \"links\": ");
        out.push_str(&python_json::dumps(&Value::Array(self.links.clone()), NonAscii::Verbatim));
        out.push('}');
        out
    }
}

/// A span id of 8 bytes, written in hex or base64, as 16 lower-case hex digits.
#[must_use]
pub fn span_id_in_hex(id: &str) -> Option<String> {
    if id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(id.to_ascii_lowercase());
    }
    STANDARD.decode(id).ok().filter(|bytes| bytes.len() == 8).map(|_| base64_to_hex(id))
}

pub(super) fn base64_to_hex(id: &str) -> String {
    STANDARD.decode(id).map_or_else(|_| id.to_owned(), |bytes| super::hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rest_span() -> Value {
        json!({
            "trace_id": "jJ2g6RCA5GU2fVCbUFs12g==", "span_id": "US9Vv5ipXVo=", "parent_span_id": "R2mTpMhSG8Q=",
            "name": "retrieve", "start_time_unix_nano": 1_795_335_101_522_751_404_i64, "end_time_unix_nano": 1_795_335_101_523_125_829_i64,
            "attributes": [
                {"key": "mlflow.spanType", "value": {"string_value": "RETRIEVER"}},
                {"key": "mlflow.spanInputs", "value": {"kvlist_value": {"values": [{"key": "q", "value": {"string_value": "é"}}]}}},
                {"key": "n", "value": {"int_value": 20}}, {"key": "d", "value": {"double_value": 1}},
                {"key": "nan", "value": {"array_value": {"values": [{"double_value": "NaN"}]}}}, {"key": "empty"}],
            "events": [{"time_unix_nano": 5, "name": "exception", "attributes": [{"key": "exception.type", "value": {"string_value": "E"}}]}],
            "status": {"message": "bad", "code": "STATUS_CODE_ERROR"}})
    }

    #[test]
    fn rest_spans_become_sdk_spans() {
        let span = Span::from_json(&rest_span()).unwrap();
        assert_eq!(span.span_type().as_deref(), Some("RETRIEVER"));
        assert_eq!(span.attribute_text("mlflow.spanInputs"), Some(r#"{"q": "é"}"#));
        assert_eq!((span.attribute_text("n"), span.attribute_text("d")), (Some("20"), Some("1.0")));
        assert_eq!((span.attribute_text("nan"), span.attribute_text("empty")), (Some("[NaN]"), Some("null")));
        assert_eq!(span.attribute("nan"), Some(json!(["NaN"])));
        assert_eq!(span.events[0].attributes["exception.type"], "E");
        assert_eq!((span.status.code, span.status.message.as_str()), (SpanStatusCode::Error, "bad"));
        assert_eq!(span.span_id_hex(), "512f55bf98a95d5a");
    }

    #[test]
    fn sdk_spans_survive_a_round_trip() {
        let span = Span::from_json(&rest_span()).unwrap();
        assert_eq!(Span::from_json(&serde_json::to_value(&span).unwrap()).unwrap(), span);
    }

    #[test]
    fn content_is_the_text_that_the_store_searches() {
        let span = Span::from_json(&json!({
            "trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "chat", "start_time_unix_nano": 1, "status": {},
            "attributes": [{"key": "model", "value": {"string_value": "gpt \"4\""}}]}))
        .unwrap();
        assert_eq!(
            span.content(),
            r#"{"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "parent_span_id": null, "name": "chat", "start_time_unix_nano": 1, "end_time_unix_nano": null, "events": [], "status": {"code": "STATUS_CODE_UNSET", "message": ""}, "attributes": {"model": "\"gpt \\\"4\\\"\""}, "links": []}"#
        );
    }

    #[test]
    fn schema_2_files_are_read() {
        let span = Span::from_json(&json!({
            "name": "predict", "context": {"span_id": "512f55bf98a95d5a", "trace_id": "8c9da0e91080e465367d509b505b35da"},
            "parent_id": null, "start_time": 1, "end_time": 2, "status_code": "OK", "status_message": "",
            "attributes": {"mlflow.spanType": "\"LLM\""}, "events": []}))
        .unwrap();
        assert_eq!((span.span_id.as_str(), span.parent_span_id.clone()), ("US9Vv5ipXVo=", None));
        assert_eq!((span.span_type().as_deref(), span.status.code), (Some("LLM"), SpanStatusCode::Ok));
    }

    #[test]
    fn span_ids_are_read_in_hex_and_base64() {
        assert_eq!(span_id_in_hex("512F55BF98A95D5A").as_deref(), Some("512f55bf98a95d5a"));
        assert_eq!(span_id_in_hex("US9Vv5ipXVo=").as_deref(), Some("512f55bf98a95d5a"));
        for id in ["", "512f", "US9Vv5ip", "root", "512f55bf98a95d5g"] {
            assert_eq!(span_id_in_hex(id), None, "{id}");
        }
    }

    #[test]
    fn links_have_one_form() {
        let with_links = |links: Value| {
            let mut span = rest_span();
            span["links"] = links;
            Span::from_json(&span).unwrap()
        };
        let attributes = json!([{"key": "why", "value": {"string_value": "retry"}}]);
        let rest = with_links(
            json!([{"trace_id": "jJ2g6RCA5GU2fVCbUFs12g==", "span_id": "US9Vv5ipXVo=", "attributes": attributes}]),
        );
        let sdk = json!({"trace_id": "tr-8c9da0e91080e465367d509b505b35da", "span_id": "512f55bf98a95d5a", "attributes": {"why": "retry"}});
        assert_eq!(with_links(json!([sdk])).links, rest.links);
        assert_eq!(rest.links, [sdk]);
    }

    #[test]
    fn what_is_no_span_is_refused() {
        assert_eq!(Span::from_json(&json!({})), Err(SpanError::Field("trace_id")));
        assert!(matches!(Span::from_json(&json!({"trace_id": "?", "span_id": "AAAAAAAAAAE="})), Err(SpanError::Id(_))));
    }
}
