//! Reading traces from JSON text without building a tree of values first.
//!
//! The quick way gives up on whatever it does not expect; [`Trace::from_json`] then decides, and says what is wrong.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::info_read::InfoParts;
use super::python_json;
use super::span::{SpanStatusCode, id_to_base64, link};
use super::trace::{Trace, TraceError};
use super::{Span, SpanError, SpanEvent, SpanStatus, TraceInfo};

/// A whole trace: REST's two fields and the SDK's two.
#[derive(Deserialize)]
struct Whole<'t> {
    trace_info: Option<TraceInfo>,
    info: Option<TraceInfo>,
    spans: Option<Vec<Value>>,
    #[serde(borrow)]
    data: Option<Data<'t>>,
}

#[derive(Default, Deserialize)]
struct Data<'t> {
    #[serde(borrow)]
    spans: Option<Vec<SdkSpan<'t>>>,
}

/// `mlflow.entities.Span.to_dict`, complete and with nothing else in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SdkSpan<'t> {
    #[serde(borrow)]
    trace_id: Cow<'t, str>,
    #[serde(borrow)]
    span_id: Cow<'t, str>,
    parent_span_id: Option<String>,
    name: String,
    start_time_unix_nano: i64,
    end_time_unix_nano: Option<i64>,
    events: Vec<SdkEvent>,
    #[serde(borrow)]
    status: SdkStatus<'t>,
    attributes: IndexMap<String, String>,
    links: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SdkEvent {
    name: String,
    time_unix_nano: i64,
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SdkStatus<'t> {
    #[serde(borrow)]
    code: Cow<'t, str>,
    message: String,
}

impl TryFrom<SdkSpan<'_>> for Span {
    type Error = SpanError;

    fn try_from(span: SdkSpan) -> Result<Self, SpanError> {
        let parent = span.parent_span_id.filter(|id| !id.is_empty());
        let event = |SdkEvent { name, time_unix_nano, attributes }| SpanEvent { name, time_unix_nano, attributes };
        Ok(Self {
            trace_id: id_to_base64(&span.trace_id)?,
            span_id: id_to_base64(&span.span_id)?,
            parent_span_id: parent.as_deref().map(id_to_base64).transpose()?,
            name: span.name,
            start_time_unix_nano: span.start_time_unix_nano,
            end_time_unix_nano: span.end_time_unix_nano.filter(|end| *end != 0),
            events: span.events.into_iter().map(event).collect(),
            status: SpanStatus { code: SpanStatusCode::from_word(&span.status.code), message: span.status.message },
            attributes: span.attributes,
            links: span.links.iter().map(link).collect(),
        })
    }
}

/// The infos alone, not yet read.
#[derive(Deserialize)]
struct Infos<'t> {
    #[serde(borrow)]
    trace_info: Option<&'t RawValue>,
    #[serde(borrow)]
    info: Option<&'t RawValue>,
}

impl Trace {
    /// Reads one trace from JSON text, as [`Trace::from_json`] does. What Python writes beyond JSON is read, too: `NaN` and
    /// its like as texts, halves of characters as their escapes.
    pub fn from_text(text: &[u8]) -> Result<Self, TraceError> {
        match serde_json::from_slice::<Whole>(text).ok().and_then(Whole::into_trace) {
            Some(trace) => Ok(trace),
            None => Self::from_json(value(text)?),
        }
    }
}

impl Whole<'_> {
    fn into_trace(self) -> Option<Trace> {
        let (info, spans) = match (self.trace_info, self.info) {
            (Some(info), _) => {
                (info, self.spans.unwrap_or_default().iter().map(Span::from_json).collect::<Result<_, _>>())
            }
            (None, info) => {
                let spans = self.data.unwrap_or_default().spans.unwrap_or_default();
                (info?, spans.into_iter().map(Span::try_from).collect())
            }
        };
        Some(Trace::with_spans_at_hand(info, spans.ok()?))
    }
}

impl TraceInfo {
    /// Reads parts of a trace's info from the JSON text of the whole trace. Where the info comes first, as in all that
    /// `MLflow` and this program write, nothing behind it is looked at.
    pub fn from_trace_text(text: &[u8], parts: InfoParts) -> Result<Self, TraceError> {
        match leading_info(text, parts).or_else(|| inner_info(text, parts)) {
            Some(info) => Ok(info),
            None => Trace::from_text(text).map(|trace| trace.info),
        }
    }
}

fn leading_info(text: &[u8], parts: InfoParts) -> Option<TraceInfo> {
    let text = text.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let text = text.strip_prefix(b"\"info\"").or_else(|| text.strip_prefix(b"\"trace_info\""))?;
    let text = text.trim_ascii_start().strip_prefix(b":")?;
    parts.deserialize(&mut serde_json::Deserializer::from_slice(text)).ok()
}

fn inner_info(text: &[u8], parts: InfoParts) -> Option<TraceInfo> {
    let infos: Infos = serde_json::from_slice(text).ok()?;
    let info = infos.trace_info.or(infos.info)?;
    parts.deserialize(&mut serde_json::Deserializer::from_str(info.get())).ok()
}

fn value(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(text).or_else(|error| match python_json::made_strict(text) {
        Some(strict) => serde_json::from_slice(&strict),
        None => Err(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TRACES: &str = include_str!("../../tests/data/filter/traces.jsonl");
    const DEMO: &str = include_str!("../store/demo.jsonl");

    #[test]
    fn text_is_read_as_its_values_are() {
        for line in TRACES.lines().chain(DEMO.lines()) {
            let value: Value = serde_json::from_str(line).unwrap();
            let backwards: Map<String, Value> = value.as_object().unwrap().clone().into_iter().rev().collect();
            let sdk = serde_json::to_string(&Trace::from_json(value.clone()).unwrap()).unwrap();
            for text in [line.to_owned(), format!(" {value:#}\n"), Value::Object(backwards).to_string(), sdk] {
                let expected = Trace::from_json(serde_json::from_str(&text).unwrap()).unwrap();
                assert_eq!(Trace::from_text(text.as_bytes()).unwrap(), expected);
                let info = TraceInfo::from_trace_text(text.as_bytes(), InfoParts::ALL).unwrap();
                assert_eq!(info, expected.info);
            }
        }
    }

    #[test]
    fn an_info_is_read_without_what_follows() {
        let text = br#"{"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "tags": {"a": "b"}}, "data": {"sp"#;
        let info = TraceInfo::from_trace_text(text, InfoParts::TAGS).unwrap();
        assert_eq!((info.trace_id.as_str(), info.tags["a"].as_str()), ("tr-1", "b"));
        assert!(matches!(Trace::from_text(text), Err(TraceError::Json(_))));
    }

    #[test]
    fn what_only_python_reads_is_read() {
        let text =
            br#"{"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "request_preview": "\ud83d",
            "assessments": [{"assessment_name": "a", "feedback": {"value": NaN}}]}, "data": {"spans": []}}"#;
        let trace = Trace::from_text(text).unwrap();
        assert_eq!(trace.info.assessments[0].value(), json!("NaN"));
        assert_eq!(trace.info.request_preview.as_deref(), Some("\\ud83d"));
        assert_eq!(TraceInfo::from_trace_text(text, InfoParts::ALL).unwrap(), trace.info);
    }

    #[test]
    fn other_text_is_refused_as_values_are() {
        for text in ["{\"x\": 1}", "[1]", "", "{", "{\"info\": 1}", "{\"info\": {\"trace_id\": \"a\"}}", "nonsense"] {
            assert!(Trace::from_text(text.as_bytes()).is_err(), "{text}");
            assert!(TraceInfo::from_trace_text(text.as_bytes(), InfoParts::ALL).is_err(), "{text}");
        }
        assert!(matches!(Trace::from_text(b"{\"x\": 1}"), Err(TraceError::Shape)));
    }
}
