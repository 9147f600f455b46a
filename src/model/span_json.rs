//! Reading spans from JSON: the SDK's `Span.to_dict` of `MLflow` 3, its `Span.to_dict` of `MLflow` 2 (schema 2), and the REST
//! API's OpenTelemetry protobuf JSON.
//!
//! Invariants: what is absent, or null, is what `MLflow` leaves out when it writes; a value that is there is one that `MLflow`
//! takes, or the span is refused.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::any_value::{any_value, key_values, write_any_value};
use super::python_json::{self, NonAscii};
use super::span::{Span, SpanError, SpanEvent, SpanKind, SpanStatus, SpanStatusCode, base64_to_hex};

/// Bytes of OpenTelemetry's ids.
const TRACE_ID: usize = 16;
const SPAN_ID: usize = 8;
/// As forgiving as Python's.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

impl Span {
    /// Reads a span in any of the shapes that servers, span files and SDK exports use.
    pub fn from_json(value: &Value) -> Result<Self, SpanError> {
        if value.get("context").is_some() { Self::from_schema_2(value) } else { Self::from_schema_3(value) }
    }

    fn from_schema_3(value: &Value) -> Result<Self, SpanError> {
        let ids = Ids::of(text(value, "trace_id")?);
        let status = present(value, "status").unwrap_or(&Value::Null);
        if !matches!(status, Value::Null | Value::Object(_)) {
            return Err(SpanError::Field("status"));
        }
        let code = optional_text(status, "code")?.map(SpanStatusCode::from_word).transpose()?;
        Ok(Self {
            trace_id: ids.trace_id()?,
            span_id: ids.span_id(text(value, "span_id")?)?,
            parent_span_id: ids.parent(optional_text(value, "parent_span_id")?)?,
            name: optional_text(value, "name")?.unwrap_or("").to_owned(),
            kind: optional_text(value, "kind")?.map(SpanKind::from_name).transpose()?,
            start_time_unix_nano: nanoseconds(value, "start_time_unix_nano")?
                .ok_or(SpanError::Field("start_time_unix_nano"))?,
            end_time_unix_nano: nanoseconds(value, "end_time_unix_nano")?.filter(|end| *end != 0),
            events: events(value, |event| nanoseconds(event, "time_unix_nano"))?,
            status: SpanStatus::of(code.unwrap_or(SpanStatusCode::Unset), optional_text(status, "message")?),
            attributes: attributes(value)?,
            links: links(value)?,
        })
    }

    fn from_schema_2(value: &Value) -> Result<Self, SpanError> {
        let context = present(value, "context").ok_or(SpanError::Field("context"))?;
        let ids = Ids { trace_id: text(context, "trace_id")?, form: Form::Hex };
        let code = match optional_text(value, "status_code")? {
            Some(word) if word.starts_with(CODE_PREFIX) => return Err(SpanError::Status(word.to_owned())),
            word => SpanStatusCode::from_word(word.unwrap_or("UNSET"))?,
        };
        Ok(Self {
            trace_id: ids.trace_id()?,
            span_id: ids.span_id(text(context, "span_id")?)?,
            parent_span_id: ids.parent(optional_text(value, "parent_id")?)?,
            name: text(value, "name")?.to_owned(),
            kind: None,
            start_time_unix_nano: integer(value, "start_time")?.ok_or(SpanError::Field("start_time"))?,
            end_time_unix_nano: integer(value, "end_time")?,
            events: events(value, |event| integer(event, "timestamp"))?,
            status: SpanStatus::of(code, optional_text(value, "status_message")?),
            attributes: attributes(value)?,
            links: links(value)?,
        })
    }
}

const CODE_PREFIX: &str = "STATUS_CODE_";

impl SpanStatusCode {
    /// By OpenTelemetry's name or, as `MLflow` 2 and 3.5 write it, by the word.
    pub(super) fn from_word(word: &str) -> Result<Self, SpanError> {
        match word.strip_prefix(CODE_PREFIX).unwrap_or(word) {
            "OK" => Ok(Self::Ok),
            "ERROR" => Ok(Self::Error),
            "UNSET" => Ok(Self::Unset),
            _ => Err(SpanError::Status(word.to_owned())),
        }
    }
}

impl SpanStatus {
    /// Only errors have messages: OpenTelemetry drops those of others.
    pub(super) fn of(code: SpanStatusCode, message: Option<&str>) -> Self {
        let message = message.filter(|_| code == SpanStatusCode::Error).unwrap_or("").to_owned();
        Self { code, message }
    }
}

/// How the ids of a span are written; that of its trace tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Hex,
    Base64,
    /// Hex that is base64 as well, by its length.
    Either,
}

/// The ids of a span.
pub(super) struct Ids<'v> {
    trace_id: &'v str,
    form: Form,
}

impl<'v> Ids<'v> {
    pub(super) fn of(trace_id: &'v str) -> Self {
        let form = match () {
            () if LENIENT.decode(trace_id).is_err() => Form::Hex,
            () if is_hex(trace_id) && trace_id.len() == 2 * TRACE_ID => Form::Either,
            () => Form::Base64,
        };
        Self { trace_id, form }
    }

    pub(super) fn trace_id(&self) -> Result<String, SpanError> {
        let bare = self.trace_id.strip_prefix("trace:/").and_then(|id| id.rsplit('/').next()).unwrap_or(self.trace_id);
        id_of(bare.strip_prefix("tr-").unwrap_or(bare), TRACE_ID, self.form)
            .ok_or_else(|| SpanError::Id(self.trace_id.to_owned()))
    }

    pub(super) fn span_id(&self, id: &str) -> Result<String, SpanError> {
        id_of(id, SPAN_ID, self.form).ok_or_else(|| SpanError::Id(id.to_owned()))
    }

    /// No parent is nothing, an empty text or the id of zeros.
    pub(super) fn parent(&self, id: Option<&str>) -> Result<Option<String>, SpanError> {
        let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(None) };
        Ok(Some(self.span_id(id)?).filter(|id| STANDARD.decode(id).is_ok_and(|id| id.iter().any(|byte| *byte != 0))))
    }
}

/// An id in base64, filled up with zeros to its length in bytes.
fn id_of(id: &str, bytes: usize, form: Form) -> Option<String> {
    let digits = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X")).unwrap_or(id);
    let is_of_length = digits.len() == 2 * bytes;
    let decoded = if is_hex(digits) && (form == Form::Hex || is_of_length) {
        from_hex(&format!("{digits:0>width$}", width = 2 * bytes))?
    } else if form == Form::Hex {
        return None;
    } else {
        LENIENT.decode(id).ok()?
    };
    let zeros = decoded.iter().take_while(|byte| **byte == 0).count();
    let number = &decoded[zeros..];
    let mut filled = vec![0; bytes.checked_sub(number.len())?];
    filled.extend_from_slice(number);
    Some(STANDARD.encode(filled))
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// A field that is not null.
fn present<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.get(key).filter(|value| !value.is_null())
}

fn text<'v>(value: &'v Value, key: &'static str) -> Result<&'v str, SpanError> {
    optional_text(value, key)?.ok_or(SpanError::Field(key))
}

fn optional_text<'v>(value: &'v Value, key: &'static str) -> Result<Option<&'v str>, SpanError> {
    present(value, key).map(|field| field.as_str().ok_or(SpanError::Field(key))).transpose()
}

fn list<'v>(value: &'v Value, key: &'static str) -> Result<&'v [Value], SpanError> {
    present(value, key).map_or(Ok(&[]), |list| Ok(list.as_array().ok_or(SpanError::Field(key))?.as_slice()))
}

/// Nanoseconds as a number or, in protobuf's JSON, as a text of digits; an empty text is none.
fn nanoseconds(value: &Value, key: &'static str) -> Result<Option<i64>, SpanError> {
    let Some(field) = present(value, key) else { return Ok(None) };
    let read = match field {
        Value::String(digits) if digits.is_empty() => return Ok(None),
        Value::String(digits) => digits.parse().ok(),
        // As Python's `int` has it.
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
        _ => None,
    };
    read.map(Some).ok_or(SpanError::Field(key))
}

fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation)] // It is checked.
    (number.abs() < 9.2e18).then_some(number as i64)
}

/// Nanoseconds as `MLflow` 2 has them.
fn integer(value: &Value, key: &'static str) -> Result<Option<i64>, SpanError> {
    present(value, key).map(|field| field.as_i64().ok_or(SpanError::Field(key))).transpose()
}

fn events(value: &Value, time: impl Fn(&Value) -> Result<Option<i64>, SpanError>) -> Result<Vec<SpanEvent>, SpanError> {
    let event = |event: &Value| {
        Ok(SpanEvent {
            name: text(event, "name")?.to_owned(),
            time_unix_nano: time(event)?.ok_or(SpanError::Field("events"))?,
            attributes: plain_attributes(event)?.unwrap_or_default(),
        })
    };
    list(value, "events")?.iter().map(event).collect()
}

/// Attributes as plain JSON: an object or a typed list.
fn plain_attributes(value: &Value) -> Result<Option<Map<String, Value>>, SpanError> {
    match present(value, "attributes") {
        None => Ok(None),
        Some(Value::Array(list)) => {
            Ok(Some(key_values(list).map(|(key, value)| (key.to_owned(), any_value(value))).collect()))
        }
        Some(Value::Object(object)) => Ok(Some(object.clone())),
        Some(_) => Err(SpanError::Field("attributes")),
    }
}

fn links(value: &Value) -> Result<Vec<Value>, SpanError> {
    list(value, "links")?.iter().map(link).collect()
}

/// A link in the SDK's form: the REST API writes ids in base64 and attributes as a typed list.
pub(super) fn link(value: &Value) -> Result<Value, SpanError> {
    let hex = |key: &'static str, prefix: &str| {
        let id = text(value, key).map_err(|_| SpanError::Field("links"))?;
        let is_base64 = STANDARD.decode(id).is_ok_and(|bytes| matches!(bytes.len(), SPAN_ID | TRACE_ID));
        Ok(Value::from(if is_base64 { format!("{prefix}{}", base64_to_hex(id)) } else { id.to_owned() }))
    };
    let attributes = plain_attributes(value)?.filter(|attributes| !attributes.is_empty());
    Ok(serde_json::json!({
        "trace_id": hex("trace_id", "tr-")?, "span_id": hex("span_id", "")?,
        "attributes": attributes.map_or(Value::Null, Value::Object),
    }))
}

fn attributes(value: &Value) -> Result<IndexMap<String, String>, SpanError> {
    match present(value, "attributes") {
        None => Ok(IndexMap::new()),
        Some(Value::Array(list)) => {
            Ok(key_values(list).map(|(key, value)| (key.to_owned(), text_of_any(value))).collect())
        }
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

/// The JSON text of an OpenTelemetry value.
pub(super) fn text_of_any(value: &Value) -> String {
    let mut text = String::new();
    write_any_value(&mut text, value);
    // Grown by doubling; across the spans of a large trace the slack would be as much as the text.
    text.shrink_to_fit();
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn span(changes: &Value) -> Result<Span, SpanError> {
        let mut span = json!({
            "trace_id": "tr-52c8f90838dc6f1c05612b31b1576a8c", "span_id": "5d3bd21ee9b5d762", "parent_span_id": "",
            "name": "chat", "start_time_unix_nano": 1, "end_time_unix_nano": "2", "status": {"code": "OK", "message": ""},
            "attributes": {}, "events": [], "links": []});
        span.as_object_mut().unwrap().extend(changes.as_object().cloned().unwrap());
        Span::from_json(&span)
    }

    #[test]
    fn ids_are_read_in_every_way_that_mlflow_has_written_them() {
        let (trace, id) = ("Usj5CDjcbxwFYSsxsVdqjA==", "XTvSHum112I=");
        for (trace_id, span_id) in [
            (trace, id),
            ("tr-52c8f90838dc6f1c05612b31b1576a8c", "5d3bd21ee9b5d762"),
            ("52C8f90838dc6f1c05612b31b1576a8c", "5d3bd21ee9b5d762"),
            ("0x52c8f90838dc6f1c05612b31b1576a8c", "0x5d3bd21ee9b5d762"),
            ("trace:/cat.schema/52c8f90838dc6f1c05612b31b1576a8c", "5d3bd21ee9b5d762"),
        ] {
            let read = span(&json!({"trace_id": trace_id, "span_id": span_id, "parent_span_id": span_id})).unwrap();
            assert_eq!((read.trace_id.as_str(), read.span_id.as_str()), (trace, id), "{trace_id}");
            assert_eq!(read.parent_span_id.as_deref(), Some(id));
        }
        let short = span(&json!({"trace_id": "AAE=", "span_id": "AAF=", "parent_span_id": "AAAAAAAAAAA="})).unwrap();
        assert_eq!((short.trace_id.as_str(), short.span_id.as_str()), ("AAAAAAAAAAAAAAAAAAAAAQ==", "AAAAAAAAAAE="));
        assert_eq!(short.parent_span_id, None);
        for odd in ["?", "tr-xyz", "tr-52c8f90838dc6f1c05612b31b1576a8c00"] {
            assert!(matches!(span(&json!({"trace_id": odd})), Err(SpanError::Id(_))), "{odd}");
        }
    }

    #[test]
    fn a_kind_is_kept_where_it_is_stated() {
        let kind = |stated: Value| span(&json!({"kind": stated})).unwrap();
        let client = kind(json!("SPAN_KIND_CLIENT"));
        assert_eq!(client.kind, Some(SpanKind::Client));
        assert!(
            client.content().contains("\"name\": \"chat\", \"kind\": \"SPAN_KIND_CLIENT\", \"start"),
            "{}",
            client.content()
        );
        assert_eq!(serde_json::to_value(&client).unwrap()["kind"], "SPAN_KIND_CLIENT");
        assert_eq!(kind(json!("SPAN_KIND_UNSPECIFIED")).kind, Some(SpanKind::Internal));
        let silent = kind(Value::Null);
        assert_eq!((silent.kind, silent.kind()), (None, SpanKind::Internal));
        assert!(!silent.content().contains("kind") && serde_json::to_value(&silent).unwrap().get("kind").is_none());
    }

    #[test]
    fn nothing_is_read_as_something_else() {
        for (change, field) in [
            (json!({"status": {"code": "FINE"}}), "status code \"FINE\""),
            (json!({"status": {"code": 1}}), "\"code\""),
            (json!({"status": "OK"}), "\"status\""),
            (json!({"end_time_unix_nano": "soon"}), "\"end_time_unix_nano\""),
            (json!({"end_time_unix_nano": true}), "\"end_time_unix_nano\""),
            (json!({"name": 5}), "\"name\""),
            (json!({"events": "none"}), "\"events\""),
            (json!({"events": [{"name": "e", "time_unix_nano": 1, "attributes": 5}]}), "\"attributes\""),
            (json!({"links": {"trace_id": "a"}}), "\"links\""),
            (json!({"links": [{"trace_id": "a"}]}), "\"links\""),
            (json!({"parent_span_id": 5}), "\"parent_span_id\""),
            (json!({"kind": "SPAN_KIND_FRIENDLY"}), "\"kind\""),
            (json!({"kind": 3}), "\"kind\""),
        ] {
            let error = span(&change).unwrap_err().to_string();
            assert!(error.contains(field), "{change}: {error}");
        }
        assert_eq!(span(&json!({"status": {"code": "OK", "message": "fine"}})).unwrap().status.message, "");
        assert_eq!(
            span(&json!({"start_time_unix_nano": 1.5e18})).unwrap().start_time_unix_nano,
            1_500_000_000_000_000_000
        );
    }
}
