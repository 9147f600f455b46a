//! A span: one step of a trace.
//!
//! Held in the shape of `mlflow.entities.Span.to_dict`, which is also the text the tracking store searches in. Three
//! older or other shapes are read into it: the REST API's OpenTelemetry protobuf JSON, span files of schema 2 (`MLflow` 2.x) and
//! of 3.0 to 3.5.

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

    pub(super) fn from_word(word: &str) -> Self {
        match word.strip_prefix("STATUS_CODE_").unwrap_or(word) {
            "OK" => Self::Ok,
            "ERROR" => Self::Error,
            _ => Self::Unset,
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
    /// Reads a span in any of the shapes that servers, span files and SDK exports use.
    pub fn from_json(value: &Value) -> Result<Self, SpanError> {
        if value.get("context").is_some() { Self::from_schema_2(value) } else { Self::from_schema_3(value) }
    }

    fn from_schema_3(value: &Value) -> Result<Self, SpanError> {
        let status = value.get("status");
        let status_text = |key| status.and_then(|status| status.get(key)).and_then(Value::as_str);
        let parent = value.get("parent_span_id").and_then(Value::as_str).filter(|id| !id.is_empty());
        Ok(Self {
            trace_id: id_to_base64(text(value, "trace_id")?)?,
            span_id: id_to_base64(text(value, "span_id")?)?,
            parent_span_id: parent.map(id_to_base64).transpose()?,
            name: value.get("name").and_then(Value::as_str).unwrap_or("").to_owned(),
            start_time_unix_nano: nanoseconds(value, "start_time_unix_nano")
                .ok_or(SpanError::Field("start_time_unix_nano"))?,
            end_time_unix_nano: nanoseconds(value, "end_time_unix_nano").filter(|end| *end != 0),
            events: events(value, "time_unix_nano")?,
            status: SpanStatus {
                code: SpanStatusCode::from_word(status_text("code").unwrap_or("UNSET")),
                message: status_text("message").unwrap_or("").to_owned(),
            },
            attributes: attributes(value)?,
            links: value
                .get("links")
                .and_then(Value::as_array)
                .map_or_else(Vec::new, |links| links.iter().map(link).collect()),
        })
    }

    fn from_schema_2(value: &Value) -> Result<Self, SpanError> {
        let context = value.get("context").ok_or(SpanError::Field("context"))?;
        let parent = value.get("parent_id").and_then(Value::as_str).filter(|id| !id.is_empty());
        Ok(Self {
            trace_id: id_to_base64(text(context, "trace_id")?)?,
            span_id: id_to_base64(text(context, "span_id")?)?,
            parent_span_id: parent.map(id_to_base64).transpose()?,
            name: text(value, "name")?.to_owned(),
            start_time_unix_nano: nanoseconds(value, "start_time").ok_or(SpanError::Field("start_time"))?,
            end_time_unix_nano: nanoseconds(value, "end_time"),
            events: events(value, "timestamp")?,
            status: SpanStatus {
                code: SpanStatusCode::from_word(value.get("status_code").and_then(Value::as_str).unwrap_or("UNSET")),
                message: value.get("status_message").and_then(Value::as_str).unwrap_or("").to_owned(),
            },
            attributes: attributes(value)?,
            links: Vec::new(),
        })
    }

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

fn text<'v>(value: &'v Value, key: &'static str) -> Result<&'v str, SpanError> {
    value.get(key).and_then(Value::as_str).ok_or(SpanError::Field(key))
}

/// Nanoseconds as a number or, in OTLP JSON, as a string of digits.
fn nanoseconds(value: &Value, key: &str) -> Option<i64> {
    let field = value.get(key)?;
    field.as_i64().or_else(|| field.as_str()?.parse().ok())
}

fn events(value: &Value, time_key: &'static str) -> Result<Vec<SpanEvent>, SpanError> {
    let Some(list) = value.get("events").and_then(Value::as_array) else { return Ok(Vec::new()) };
    list.iter()
        .map(|event| {
            Ok(SpanEvent {
                name: text(event, "name")?.to_owned(),
                time_unix_nano: nanoseconds(event, time_key).ok_or(SpanError::Field("events"))?,
                attributes: match event.get("attributes") {
                    Some(Value::Array(list)) => {
                        key_values(list).map(|(key, value)| (key.to_owned(), any_value(value))).collect()
                    }
                    Some(Value::Object(object)) => object.clone(),
                    _ => Map::new(),
                },
            })
        })
        .collect()
}

/// A link in the SDK's form: the REST API writes ids in base64 and attributes as a typed list.
pub(super) fn link(value: &Value) -> Value {
    let hex = |key: &str, prefix: &str| match value.get(key).and_then(Value::as_str) {
        Some(id) if STANDARD.decode(id).is_ok_and(|bytes| matches!(bytes.len(), 8 | 16)) => {
            Value::from(format!("{prefix}{}", base64_to_hex(id)))
        }
        Some(id) => Value::from(id),
        None => Value::Null,
    };
    let attributes = match value.get("attributes") {
        Some(Value::Array(list)) if !list.is_empty() => {
            key_values(list).map(|(key, value)| (key.to_owned(), any_value(value))).collect::<Map<_, _>>().into()
        }
        Some(Value::Object(object)) => Value::Object(object.clone()),
        _ => Value::Null,
    };
    serde_json::json!({"trace_id": hex("trace_id", "tr-"), "span_id": hex("span_id", ""), "attributes": attributes})
}

fn attributes(value: &Value) -> Result<IndexMap<String, String>, SpanError> {
    match value.get("attributes") {
        None | Some(Value::Null) => Ok(IndexMap::new()),
        Some(Value::Array(list)) => Ok(key_values(list)
            .map(|(key, value)| {
                let mut text = String::new();
                write_any_value(&mut text, value);
                // Grown by doubling; across the spans of a large trace the slack would be as much as the text.
                text.shrink_to_fit();
                (key.to_owned(), text)
            })
            .collect()),
        Some(Value::Object(object)) => Ok(object
            .iter()
            .map(|(key, value)| match value {
                Value::String(text) => (key.clone(), text.clone()),
                other => (key.clone(), python_json::dumps(other, NonAscii::Verbatim)),
            })
            .collect()),
        Some(_) => Err(SpanError::Field("attributes")),
    }
}

/// The pairs of an OpenTelemetry `KeyValue` list; an absent value is null.
fn key_values(list: &[Value]) -> impl Iterator<Item = (&str, &Value)> {
    list.iter().filter_map(|pair| Some((pair.get("key")?.as_str()?, pair.get("value").unwrap_or(&Value::Null))))
}

fn list_of<'v>(value: &'v Value, key: &str) -> Option<&'v [Value]> {
    let body = value.get(key)?;
    Some(body.get("values").and_then(Value::as_array).map_or(&[], Vec::as_slice))
}

/// An OpenTelemetry `AnyValue` as plain JSON.
fn any_value(value: &Value) -> Value {
    if let Some(items) = list_of(value, "array_value") {
        return items.iter().map(any_value).collect();
    }
    if let Some(pairs) = list_of(value, "kvlist_value") {
        return Value::Object(key_values(pairs).map(|(key, value)| (key.to_owned(), any_value(value))).collect());
    }
    let scalar = |key: &str| value.get(key);
    if let Some(Value::String(digits)) = scalar("int_value") {
        return digits.parse::<i64>().map_or_else(|_| Value::String(digits.clone()), Value::from);
    }
    if let Some(number) = scalar("double_value") {
        return number.as_f64().map_or_else(|| number.clone(), Value::from);
    }
    ["string_value", "bool_value", "int_value", "bytes_value"]
        .into_iter()
        .find_map(scalar)
        .cloned()
        .unwrap_or(Value::Null)
}

/// An OpenTelemetry `AnyValue` as Python's JSON text, which unlike [`Value`] can say `NaN` and `Infinity`.
fn write_any_value(out: &mut String, value: &Value) {
    if let Some(items) = list_of(value, "array_value") {
        python_json::write_array(out, items.iter(), write_any_value);
    } else if let Some(pairs) = list_of(value, "kvlist_value") {
        python_json::write_object(out, key_values(pairs), NonAscii::Verbatim, write_any_value);
    } else if let Some(number) = value.get("double_value") {
        match number {
            Value::String(word) => out.push_str(word),
            number => python_json::write_float(out, number.as_f64().unwrap_or(f64::NAN)),
        }
    } else {
        out.push_str(&python_json::dumps(&any_value(value), NonAscii::Verbatim));
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

/// Base64 of an id that may also be written as hex, with or without MLflow's `tr-`.
pub(super) fn id_to_base64(id: &str) -> Result<String, SpanError> {
    let hex = id.rsplit('/').next().unwrap_or(id);
    let hex = hex.strip_prefix("tr-").unwrap_or(hex);
    if matches!(hex.len(), 16 | 32) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let bytes: Option<Vec<u8>> =
            (0..hex.len()).step_by(2).map(|start| u8::from_str_radix(&hex[start..start + 2], 16).ok()).collect();
        return Ok(STANDARD.encode(bytes.ok_or_else(|| SpanError::Id(id.to_owned()))?));
    }
    match STANDARD.decode(id) {
        Ok(_) => Ok(id.to_owned()),
        Err(_) => Err(SpanError::Id(id.to_owned())),
    }
}

fn base64_to_hex(id: &str) -> String {
    use std::fmt::Write;

    STANDARD.decode(id).map_or_else(
        |_| id.to_owned(),
        |bytes| {
            bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
        },
    )
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
