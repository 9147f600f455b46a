//! Reading traces from JSON text without building a tree of values first.
//!
//! The quick way gives up on whatever it does not expect; [`Trace::from_json`] then decides, and says what is wrong.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::info_json::InfoParts;
use super::python_json;
use super::span::{SpanKind, SpanStatusCode};
use super::span_json::{Ids, link};
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
    kind: Option<String>,
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
        let ids = Ids::of(&span.trace_id);
        let event = |SdkEvent { name, time_unix_nano, attributes }| SpanEvent { name, time_unix_nano, attributes };
        Ok(Self {
            trace_id: ids.trace_id()?,
            span_id: ids.span_id(&span.span_id)?,
            parent_span_id: ids.parent(span.parent_span_id.as_deref())?,
            name: span.name,
            kind: span.kind.as_deref().map(SpanKind::from_name).transpose()?,
            start_time_unix_nano: span.start_time_unix_nano,
            end_time_unix_nano: span.end_time_unix_nano.filter(|end| *end != 0),
            events: span.events.into_iter().map(event).collect(),
            status: SpanStatus::of(SpanStatusCode::from_word(&span.status.code)?, Some(&span.status.message)),
            attributes: span.attributes,
            links: span.links.iter().map(link).collect::<Result<_, _>>()?,
        })
    }
}

impl Span {
    /// Reads one span from JSON text, as [`Span::from_json`] does; or says what is wrong with it.
    pub fn from_text(text: &[u8]) -> Result<Self, String> {
        if let Some(Ok(span)) = serde_json::from_slice::<SdkSpan>(text).ok().map(Self::try_from) {
            return Ok(span);
        }
        let value = super::read_json::<Value>(text).map_err(|error| error.to_string())?;
        Self::from_json(&value).map_err(|error| error.to_string())
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
        if let Some(trace) = serde_json::from_slice::<Whole>(text).ok().and_then(Whole::into_trace) {
            return Ok(trace);
        }
        let (value, has_odd_numbers) = value(text)?;
        let mut trace = Self::from_json(value)?;
        trace.info.has_odd_numbers |= has_odd_numbers;
        Ok(trace)
    }
}

impl Whole<'_> {
    /// Nothing if it is not quite one of the two shapes.
    fn into_trace(self) -> Option<Trace> {
        let (info, spans) = match (self.trace_info, self.info, self.data) {
            (Some(info), None, None) => {
                (info, self.spans.map(|spans| spans.iter().map(Span::from_json).collect::<Result<_, _>>()))
            }
            (None, Some(info), Some(data)) => {
                let spans = data.spans.unwrap_or_default();
                (info, Some(spans.into_iter().map(Span::try_from).collect()))
            }
            _ => return None,
        };
        Trace::with_spans_at_hand(info, spans.transpose().ok()?).ok()
    }
}

impl TraceInfo {
    /// Reads parts of a trace's info from the JSON text of the whole trace. Where the info comes first, as in all that
    /// `MLflow` and this program write, nothing behind it is looked at.
    pub fn from_trace_text(text: &[u8], parts: InfoParts) -> Result<Self, TraceError> {
        let is_enough = |info: &TraceInfo| !(parts.has(InfoParts::PREVIEWS) && info.lacks_previews());
        match leading_info(text, parts).or_else(|| inner_info(text, parts)).filter(is_enough) {
            Some(info) => info.accepted(),
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
    let ((Some(info), None) | (None, Some(info))) = (infos.trace_info, infos.info) else { return None };
    parts.deserialize(&mut serde_json::Deserializer::from_str(info.get())).ok()
}

/// What a text holds, and whether numbers that JSON does not have became texts elsewhere than in attributes of spans, where
/// texts are what they are kept as.
fn value(text: &[u8]) -> Result<(Value, bool), serde_json::Error> {
    let error = match serde_json::from_slice(text) {
        Ok(value) => return Ok((value, false)),
        Err(error) => error,
    };
    let Some((strict, mark)) = python_json::made_strict(text) else { return Err(error) };
    let mut value = serde_json::from_slice(&strict)?;
    let has_odd_numbers = python_json::unmark(&mut value, &mark);
    Ok((value, has_odd_numbers))
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
        assert!(trace.info.has_odd_numbers);
        let half = text.split(|byte| *byte == b'N').next().unwrap();
        let rest = br#""x"}}]}, "data": {"spans": []}}"#;
        assert!(!Trace::from_text(&[half, rest].concat()).unwrap().info.has_odd_numbers);
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
