//! Traces put together from OpenTelemetry's spans in JSON, as collectors and exporters write them: the spans of one trace
//! stand in any number of documents.
//!
//! A trace is what a tracking server makes of the same spans: ids, times and state follow from them, resources and
//! `mlflow.traceTag.*` become tags, sessions and users metadata. There are no assessments.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::any_value::{any_value, either, key_values};
use super::python_json::{self, NonAscii};
use super::span::base64_to_hex;
use super::span_json::{Ids, text_of_any};
use super::trace::TraceError;
use super::{
    Span, SpanError, SpanEvent, SpanKind, SpanStatus, SpanStatusCode, Trace, TraceId, TraceInfo, TraceState, keys,
};

/// What other signals are called.
const OTHER_SIGNALS: [&str; 3] = ["resourceLogs", "resourceMetrics", "resourceProfiles"];
/// In front of a tag's key in the attributes of a root span.
const TAG_PREFIX: &str = "mlflow.traceTag.";
const SESSIONS: [&str; 2] = ["session.id", "gen_ai.conversation.id"];
const USER: &str = "user.id";

/// Spans gathered by trace.
#[derive(Default)]
pub struct OtlpTraces(IndexMap<String, Gathered>);

#[derive(Default)]
struct Gathered {
    /// By id: a span that was sent twice counts once.
    spans: IndexMap<String, Span>,
    tags: Map<String, Value>,
}

impl OtlpTraces {
    /// Adds the spans of a document.
    pub fn add(&mut self, text: &[u8]) -> Result<(), TraceError> {
        let document: Value = super::read_json(text)?;
        let Some(resources) = either(&document, "resource_spans", "resourceSpans") else {
            let is_other = OTHER_SIGNALS.iter().any(|signal| document.get(signal).is_some());
            return if is_other { Ok(()) } else { Err(SpanError::Field("resourceSpans").into()) };
        };
        for resource in list(resources, "resourceSpans")? {
            let of_resource = resource.get("resource").and_then(|resource| resource.get("attributes"));
            let tags: Vec<(&str, &Value)> =
                key_values(of_resource.and_then(Value::as_array).map_or(&[], Vec::as_slice))
                    .filter(|(key, _)| !key.starts_with("telemetry.sdk.") && !key.starts_with("mlflow."))
                    .collect();
            let scopes =
                either(resource, "scope_spans", "scopeSpans").or_else(|| resource.get("instrumentationLibrarySpans"));
            for scope in optional_list(scopes, "scopeSpans")? {
                for span in optional_list(scope.get("spans"), "spans")? {
                    self.add_span(span, &tags)?;
                }
            }
        }
        Ok(())
    }

    fn add_span(&mut self, span: &Value, tags: &[(&str, &Value)]) -> Result<(), SpanError> {
        let mut span = read(span)?;
        let id = format!("tr-{}", base64_to_hex(&span.trace_id));
        span.attributes.insert(keys::REQUEST_ID.to_owned(), format!("\"{id}\""));
        let gathered = self.0.entry(id).or_default();
        gathered.tags.extend(tags.iter().map(|(key, value)| ((*key).to_owned(), any_value(value))));
        gathered.spans.insert(span.span_id.clone(), span);
        Ok(())
    }

    /// The traces in the order in which they came.
    pub fn traces(self) -> impl Iterator<Item = Trace> {
        self.0.into_iter().map(|(id, gathered)| gathered.trace(id))
    }
}

impl Gathered {
    fn trace(self, id: String) -> Trace {
        let mut spans: Vec<Span> = self.spans.into_values().collect();
        spans.sort_by_key(|span| (span.parent_span_id.is_some(), span.start_time_unix_nano));
        let told = ToldBySpans::of(&spans);
        let mut info = TraceInfo::new(TraceId::new(id), told.start_ms.unwrap_or(0));
        (info.duration_ms, info.state) = (told.duration_ms, told.state);
        info.tags.extend(self.tags.into_iter().map(|(key, value)| (key, plain(value))));
        for span in &spans {
            let value = |key: &str| span.attribute(key).filter(|value| !value.is_null()).map(plain);
            let session = SESSIONS.into_iter().find_map(value);
            for (key, value) in [(keys::SESSION, session), (keys::USER, value(USER))] {
                info.metadata.extend(value.map(|value| (key.to_owned(), value)));
            }
        }
        if let Some(root) = spans.iter().find(|span| span.parent_span_id.is_none()) {
            let tags = root.attributes.keys().filter_map(|key| Some((key.strip_prefix(TAG_PREFIX)?, key)));
            info.tags.extend(tags.filter_map(|(tag, key)| Some((tag.to_owned(), plain(root.attribute(key)?)))));
        }
        let mut trace = Trace { info, spans: Some(spans) };
        trace.info.request_preview = trace.whole_request();
        trace.info.response_preview = trace.whole_response();
        trace
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => python_json::dumps(&other, NonAscii::Verbatim),
    }
}

/// What spans tell of their trace where nothing else does.
pub struct ToldBySpans {
    /// When the first one started.
    pub start_ms: Option<i64>,
    /// Until the last one ended.
    pub duration_ms: Option<i64>,
    /// Whether the root failed, or has not come.
    pub state: TraceState,
}

impl ToldBySpans {
    /// As a tracking server has it.
    #[must_use]
    pub fn of(spans: &[Span]) -> Self {
        let ms = |ns: i64| ns.div_euclid(1_000_000);
        let start_ms = spans.iter().map(|span| ms(span.start_time_unix_nano)).min();
        let end_ms = spans.iter().filter_map(|span| span.end_time_unix_nano).map(ms).max();
        let root = spans.iter().find(|span| span.parent_span_id.is_none());
        let state = match root.map(|root| root.status.code) {
            Some(SpanStatusCode::Error) => TraceState::Error,
            Some(SpanStatusCode::Ok | SpanStatusCode::Unset) => TraceState::Ok,
            None => TraceState::InProgress,
        };
        Self { start_ms, duration_ms: end_ms.zip(start_ms).map(|(end, start)| end - start), state }
    }
}

fn list<'v>(value: &'v Value, field: &'static str) -> Result<&'v [Value], SpanError> {
    Ok(value.as_array().ok_or(SpanError::Field(field))?.as_slice())
}

fn optional_list<'v>(value: Option<&'v Value>, field: &'static str) -> Result<&'v [Value], SpanError> {
    value.map_or(Ok(&[]), |value| list(value, field))
}

fn text<'v>(value: &'v Value, snake: &'static str, camel: &str) -> Result<&'v str, SpanError> {
    either(value, snake, camel).and_then(Value::as_str).ok_or(SpanError::Field(snake))
}

/// Nanoseconds as a number or digits; 0 is none.
fn time(value: &Value, snake: &'static str, camel: &str) -> Result<Option<i64>, SpanError> {
    let Some(field) = either(value, snake, camel) else { return Ok(None) };
    let number = field.as_i64().or_else(|| field.as_str()?.parse().ok()).ok_or(SpanError::Field(snake))?;
    Ok(Some(number).filter(|number| *number != 0))
}

fn read(span: &Value) -> Result<Span, SpanError> {
    let ids = Ids::of(text(span, "trace_id", "traceId")?);
    let attributes = optional_list(span.get("attributes"), "attributes")?;
    let events = optional_list(span.get("events"), "events")?;
    let links = optional_list(span.get("links"), "links")?;
    Ok(Span {
        trace_id: ids.trace_id()?,
        span_id: ids.span_id(text(span, "span_id", "spanId")?)?,
        parent_span_id: ids.parent(either(span, "parent_span_id", "parentSpanId").and_then(Value::as_str))?,
        name: span.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        kind: kind(span.get("kind"))?,
        start_time_unix_nano: time(span, "start_time_unix_nano", "startTimeUnixNano")?.unwrap_or(0),
        end_time_unix_nano: time(span, "end_time_unix_nano", "endTimeUnixNano")?,
        events: events.iter().map(event).collect::<Result<_, _>>()?,
        status: status(span.get("status"))?,
        attributes: key_values(attributes).map(|(key, value)| (key.to_owned(), stored_text(value))).collect(),
        links: links.iter().map(link).collect::<Result<_, _>>()?,
    })
}

/// A kind by number or by name.
fn kind(value: Option<&Value>) -> Result<Option<SpanKind>, SpanError> {
    Ok(Some(match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(name)) => SpanKind::from_name(name)?,
        Some(number) => SpanKind::from_number(number.as_i64().ok_or(SpanError::Field("kind"))?)?,
    }))
}

/// The JSON text of an attribute as a tracking server stores it: texts that are the JSON of an object, a list or a text are
/// taken for that.
fn stored_text(value: &Value) -> String {
    let text = either(value, "string_value", "stringValue").and_then(Value::as_str);
    let is_nested = |text: &&str| {
        text.trim_start().starts_with(['{', '[', '"']) && super::read_json::<Value>(text.as_bytes()).is_ok()
    };
    text.filter(is_nested).map_or_else(|| text_of_any(value), str::to_owned)
}

fn event(event: &Value) -> Result<SpanEvent, SpanError> {
    Ok(SpanEvent {
        name: event.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        time_unix_nano: time(event, "time_unix_nano", "timeUnixNano")?.unwrap_or(0),
        attributes: plain_pairs(event)?,
    })
}

fn plain_pairs(value: &Value) -> Result<Map<String, Value>, SpanError> {
    let pairs = optional_list(value.get("attributes"), "attributes")?;
    Ok(key_values(pairs).map(|(key, value)| (key.to_owned(), any_value(value))).collect())
}

fn link(link: &Value) -> Result<Value, SpanError> {
    let ids = Ids::of(text(link, "trace_id", "traceId")?);
    let attributes = plain_pairs(link)?;
    Ok(serde_json::json!({
        "trace_id": format!("tr-{}", base64_to_hex(&ids.trace_id()?)),
        "span_id": base64_to_hex(&ids.span_id(text(link, "span_id", "spanId")?)?),
        "attributes": if attributes.is_empty() { Value::Null } else { Value::Object(attributes) },
    }))
}

fn status(status: Option<&Value>) -> Result<SpanStatus, SpanError> {
    let code = match status.and_then(|status| status.get("code")) {
        None => SpanStatusCode::Unset,
        Some(Value::String(word)) => SpanStatusCode::from_word(word)?,
        Some(number) => match number.as_u64() {
            Some(0) => SpanStatusCode::Unset,
            Some(1) => SpanStatusCode::Ok,
            Some(2) => SpanStatusCode::Error,
            _ => return Err(SpanError::Status(number.to_string())),
        },
    };
    Ok(SpanStatus::of(code, status.and_then(|status| status.get("message")).and_then(Value::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(spans: &Value) -> Vec<u8> {
        let resource = json!({"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}},
            {"key": "telemetry.sdk.name", "value": {"stringValue": "opentelemetry"}}]});
        json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {}, "spans": spans}]}]})
            .to_string()
            .into_bytes()
    }

    fn span(id: &str, parent: &str) -> Value {
        json!({"traceId": "52C8F90838DC6F1C05612B31B1576A8C", "spanId": id, "parentSpanId": parent, "name": "s", "kind": 1,
            "startTimeUnixNano": "1500000000", "endTimeUnixNano": 1_750_000_000_i64, "status": {"code": 2, "message": "bad"},
            "attributes": [{"key": "n", "value": {"intValue": "5"}}, {"key": "o", "value": {"stringValue": "{\"a\": 1}"}},
                {"key": "t", "value": {"stringValue": "plain"}}, {"key": "session.id", "value": {"stringValue": "s-1"}},
                {"key": "mlflow.traceTag.team", "value": {"stringValue": "search"}},
                {"key": "mlflow.spanInputs", "value": {"kvlistValue": {"values": [{"key": "q", "value": {"stringValue": "why"}}]}}}],
            "events": [{"name": "e", "timeUnixNano": "7", "attributes": [{"key": "k", "value": {"boolValue": true}}]}],
            "links": [{"traceId": "52c8f90838dc6f1c05612b31b1576a8c", "spanId": "000000000000000a"}]})
    }

    #[test]
    fn the_spans_of_a_trace_are_put_together_from_several_documents() {
        let mut traces = OtlpTraces::default();
        traces.add(&document(&json!([span("0000000000000002", "0000000000000001")]))).unwrap();
        traces
            .add(&document(&json!([span("0000000000000001", ""), span("0000000000000002", "0000000000000001")])))
            .unwrap();
        traces.add(br#"{"resourceLogs": []}"#).unwrap();
        let traces: Vec<Trace> = traces.traces().collect();
        let [trace] = traces.as_slice() else { panic!("{traces:?}") };
        let info = &trace.info;
        assert_eq!(info.trace_id.as_str(), "tr-52c8f90838dc6f1c05612b31b1576a8c");
        assert_eq!((info.request_time_ms, info.duration_ms, &info.state), (1500, Some(250), &TraceState::Error));
        assert_eq!((info.tags["service.name"].as_str(), info.tags["team"].as_str()), ("shop", "search"));
        assert_eq!((info.session(), info.request_preview.as_deref()), (Some("s-1"), Some("{\"q\": \"why\"}")));
        assert!(!info.tags.contains_key("telemetry.sdk.name"));
        let [root, child] = trace.spans() else { panic!("two spans") };
        assert_eq!((root.parent_span_id.as_deref(), child.parent_span_id.as_deref()), (None, Some("AAAAAAAAAAE=")));
        let texts = ["n", "o", "t"].map(|key| root.attribute_text(key).unwrap());
        assert_eq!(texts, ["5", "{\"a\": 1}", "\"plain\""]);
        assert_eq!(root.status, SpanStatus { code: SpanStatusCode::Error, message: "bad".into() });
        assert_eq!((root.events[0].time_unix_nano, root.events[0].attributes["k"].clone()), (7, json!(true)));
        assert_eq!(root.links[0]["span_id"], "000000000000000a");
    }

    #[test]
    fn what_is_no_document_of_spans_is_refused() {
        let mut traces = OtlpTraces::default();
        let mut odd = span("0000000000000001", "");
        odd["status"]["code"] = 9.into();
        for text in
            [b"{}".to_vec(), br#"{"resourceSpans": 1}"#.to_vec(), document(&json!([{}])), document(&json!([odd]))]
        {
            assert!(traces.add(&text).is_err(), "{}", String::from_utf8_lossy(&text));
        }
    }
}
