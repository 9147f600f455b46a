//! What takes whole traces: `POST /api/3.0/mlflow/traces`, `POST /v1/traces` and files of spans.
//!
//! As on the real server, spans make a trace and change its times and state, an info goes over what was derived, and of
//! attributes that are JSON texts of objects, lists or texts one layer is taken off. Of Python's own JSON it knows nothing:
//! `NaN` inside a text stays a text here.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlflow_trace::model::{Assessment, Span, Trace, TraceId, TraceInfo, TraceState};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span as Message;
use prost::Message as _;
use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::state::{State, Stored};
use super::{Answered, refused};

const INVALID: &str = "INVALID_PARAMETER_VALUE";
const LOCATION: &str = "mlflow.trace.spansLocation";
const ARTIFACTS: &str = "mlflow.artifactLocation";
const FINALIZED: &str = "mlflow.trace.infoFinalized";

pub fn start_trace(state: &mut State, body: &Value) -> Answered {
    let info = body["trace"]["trace_info"].clone();
    let Ok(mut info) = serde_json::from_value::<TraceInfo>(info) else {
        return Err(refused(400, INVALID, "Missing value for required parameter 'trace'."));
    };
    let experiment = info.experiment_id().map(|id| id.to_string()).unwrap_or_default();
    if !state.experiments.iter().any(|known| known.id == experiment && !known.deleted) {
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", format!("No Experiment with id={experiment} exists")));
    }
    if info.tags.contains_key(ARTIFACTS) {
        let message = format!("Trace with ID '{}' no longer exists.", info.trace_id);
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", message));
    }
    info.metadata.insert(FINALIZED.into(), "true".into());
    info.tags.insert(ARTIFACTS.into(), artifacts(&experiment, &info.trace_id));
    info.assessments = info.assessments.iter().map(|assessment| valid(assessment, &info.trace_id)).collect();
    let id = info.trace_id.to_string();
    let ids: Vec<_> = info.assessments.iter().filter_map(Assessment::id).collect();
    let is_taken = |known: &Assessment| known.id().is_some_and(|known| ids.contains(&known));
    if state.find(&id).is_some() {
        // As in 3.17, the assessments move here from whichever trace has their ids, as the trace does from its experiment.
        for other in state.traces.iter_mut().filter(|other| other.info().trace_id.as_str() != id) {
            other.trace.info.assessments.retain(|known| !is_taken(known));
        }
    } else if state.traces.iter().any(|other| other.info().assessments.iter().any(is_taken)) {
        let message = format!("Trace with ID '{id}' no longer exists.");
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", message));
    }
    if let Some(stored) = state.find_mut(&id) {
        merge(&mut stored.trace.info, info);
    } else {
        let trace = Trace { info, spans: Some(Vec::new()) };
        state.traces.push(Stored { trace, spans: Vec::new(), lost: true, mislabelled: false });
    }
    let stored = state.find(&id).expect("just stored");
    Ok(Answer::json(200, &json!({"trace": {"trace_info": stored.info().to_rest()}})))
}

fn artifacts(experiment: &str, id: &TraceId) -> String {
    format!("mlflow-artifacts:/{experiment}/traces/{id}/artifacts")
}

fn valid(assessment: &Assessment, id: &TraceId) -> Assessment {
    let mut object = assessment.as_object().clone();
    object.insert("valid".into(), true.into());
    object.insert("trace_id".into(), id.as_str().into());
    Assessment::new(object)
}

/// Tags, metadata and assessments are added, previews replaced where there are any, everything else is replaced.
fn merge(stored: &mut TraceInfo, info: TraceInfo) {
    let (mut tags, mut metadata) = (stored.tags.clone(), stored.metadata.clone());
    tags.extend(info.tags);
    metadata.extend(info.metadata);
    let mut assessments = stored.assessments.clone();
    assessments.retain(|known| info.assessments.iter().all(|new| new.id() != known.id()));
    assessments.extend(info.assessments);
    *stored = TraceInfo {
        tags,
        metadata,
        assessments,
        request_preview: info.request_preview.or(stored.request_preview.take()),
        response_preview: info.response_preview.or(stored.response_preview.take()),
        ..info
    };
}

pub fn spans(state: &mut State, request: &Request) -> Answered {
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let Some(experiment) = header("x-mlflow-experiment-id").map(str::to_owned) else {
        let detail = json!([{"type": "missing", "loc": ["header", "x-mlflow-experiment-id"], "msg": "Field required"}]);
        return Err(Answer::json(422, &json!({"detail": detail})));
    };
    if header("content-type") != Some("application/x-protobuf") {
        return Err(Answer::json(400, &json!({"detail": "Invalid Content-Type"})));
    }
    let mut body = request.bytes.clone();
    if header("content-encoding") == Some("gzip") {
        body.clear();
        if flate2::read::GzDecoder::new(request.bytes.as_slice()).read_to_end(&mut body).is_err() {
            return Err(Answer::json(400, &json!({"detail": "Failed to decompress gzip payload"})));
        }
    }
    let message = ExportTraceServiceRequest::decode(body.as_slice()).ok();
    let Some(message) = message.filter(|message| !message.resource_spans.is_empty()) else {
        return Err(Answer::json(400, &json!({"detail": "Invalid OpenTelemetry format"})));
    };
    if !state.experiments.iter().any(|known| known.id == experiment) {
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", format!("No Experiment with id={experiment} exists")));
    }
    let mut by_trace: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    for span in message.resource_spans.into_iter().flat_map(|r| r.scope_spans).flat_map(|scope| scope.spans) {
        let hex: String = span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect();
        by_trace.entry(format!("tr-{hex}")).or_default().push(span);
    }
    for (id, spans) in by_trace {
        store(state, &experiment, &id, &spans);
    }
    Ok(Answer::new(200, "application/x-protobuf", String::new()))
}

fn store(state: &mut State, experiment: &str, id: &str, messages: &[Message]) {
    let location = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}});
    if state.find(id).is_none() {
        let mut info = TraceInfo::new(TraceId::new(id), i64::MAX);
        info.trace_location = location;
        info.state = TraceState::InProgress;
        info.tags.insert(ARTIFACTS.into(), artifacts(experiment, &info.trace_id));
        let trace = Trace { info, spans: Some(Vec::new()) };
        state.traces.push(Stored { trace, spans: Vec::new(), lost: true, mislabelled: false });
    }
    let stored = state.find_mut(id).expect("just stored");
    for message in messages {
        let wire = wire_of(message, id);
        stored.spans.retain(|known| known["span_id"] != wire["span_id"]);
        stored.spans.push(wire);
        derive(&mut stored.trace.info, message);
    }
    let read = |span: &Value| Span::from_json(span).expect("our own span");
    stored.trace.spans = Some(stored.spans.iter().map(read).collect());
    stored.trace.info.tags.insert(LOCATION.into(), "TRACKING_STORE".into());
}

/// Times and state change even where an info was there before, as they do where no span tells of tokens.
fn derive(info: &mut TraceInfo, span: &Message) {
    let ms = |nanoseconds: u64| i64::try_from(nanoseconds / 1_000_000).expect("a time");
    info.request_time_ms = info.request_time_ms.min(ms(span.start_time_unix_nano));
    if span.end_time_unix_nano > 0 {
        let length = ms(span.end_time_unix_nano) - info.request_time_ms;
        info.duration_ms = Some(info.duration_ms.unwrap_or(0).max(length));
    }
    let is_open = matches!(info.state, TraceState::InProgress | TraceState::Unspecified);
    if span.parent_span_id.is_empty() && is_open {
        let failed = span.status.as_ref().is_some_and(|status| status.code == 2);
        info.state = if failed { TraceState::Error } else { TraceState::Ok };
    }
}

fn wire_of(span: &Message, id: &str) -> Value {
    let kept = span.attributes.iter().filter(|pair| pair.key != "mlflow.traceRequestId");
    let mut attributes: Vec<Value> = kept.map(|pair| json!({"key": pair.key, "value": attribute(pair)})).collect();
    attributes.push(json!({"key": "mlflow.traceRequestId", "value": {"string_value": id}}));
    let event = |event: &opentelemetry_proto::tonic::trace::v1::span::Event| json!({"name": event.name, "time_unix_nano": event.time_unix_nano, "attributes": pairs(&event.attributes)});
    let status = span.status.clone().unwrap_or_default();
    let code =
        ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"][usize::try_from(status.code).expect("a code")];
    let mut wire = json!({
        "trace_id": STANDARD.encode(&span.trace_id), "span_id": STANDARD.encode(&span.span_id), "name": span.name,
        "start_time_unix_nano": span.start_time_unix_nano, "end_time_unix_nano": span.end_time_unix_nano,
        "attributes": attributes, "events": span.events.iter().map(event).collect::<Value>(),
        "status": {"code": code, "message": status.message},
    });
    if !span.parent_span_id.is_empty() {
        wire["parent_span_id"] = STANDARD.encode(&span.parent_span_id).into();
    }
    wire
}

fn attribute(pair: &KeyValue) -> Value {
    let value = pair.value.clone().unwrap_or_default();
    if let Some(Kind::StringValue(text)) = &value.value
        && let Ok(inner @ (Value::String(_) | Value::Array(_) | Value::Object(_))) = serde_json::from_str(text)
    {
        return typed(&inner);
    }
    any(&value)
}

fn pairs(pairs: &[KeyValue]) -> Value {
    pairs.iter().map(|pair| json!({"key": pair.key, "value": any(&pair.value.clone().unwrap_or_default())})).collect()
}

fn any(value: &AnyValue) -> Value {
    match &value.value {
        None | Some(Kind::StringValueStrindex(_)) => json!({}),
        Some(Kind::StringValue(text)) => json!({"string_value": text}),
        Some(Kind::BoolValue(bool)) => json!({"bool_value": bool}),
        Some(Kind::IntValue(integer)) => json!({"int_value": integer}),
        Some(Kind::DoubleValue(float)) if float.is_nan() => json!({"double_value": "NaN"}),
        Some(Kind::DoubleValue(float)) => json!({"double_value": float}),
        Some(Kind::ArrayValue(list)) => {
            json!({"array_value": {"values": list.values.iter().map(any).collect::<Value>()}})
        }
        Some(Kind::KvlistValue(list)) => json!({"kvlist_value": {"values": pairs(&list.values)}}),
        Some(Kind::BytesValue(bytes)) => json!({"bytes_value": STANDARD.encode(bytes)}),
    }
}

fn typed(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(bool) => json!({"bool_value": bool}),
        Value::Number(number) if number.is_f64() => json!({"double_value": number}),
        Value::Number(number) => json!({"int_value": number}),
        Value::String(text) => json!({"string_value": text}),
        Value::Array(items) => json!({"array_value": {"values": items.iter().map(typed).collect::<Value>()}}),
        Value::Object(object) => {
            let pair = |(key, value): (&String, &Value)| json!({"key": key, "value": typed(value)});
            json!({"kvlist_value": {"values": object.iter().map(pair).collect::<Value>()}})
        }
    }
}

/// The file of a trace's spans.
pub fn upload(state: &mut State, location: &[&str], request: &Request) -> Answered {
    if let [_, "traces", trace, "artifacts", "attachments", id] = location {
        let content = request.body.clone();
        state.attachments.insert(((*trace).to_owned(), (*id).to_owned()), content);
        return Ok(Answer::json(200, &json!({})));
    }
    let [_, "traces", id, "artifacts", "traces.json"] = location else {
        return Err(super::recorded("unknown_endpoint"));
    };
    let stored = state.find_mut(id).ok_or_else(|| refused(404, "RESOURCE_DOES_NOT_EXIST", "no such trace"))?;
    let file = request.json();
    let spans = file["spans"].as_array().cloned().unwrap_or_default();
    stored.trace.spans = Some(spans.iter().map(|span| Span::from_json(span).expect("a span file")).collect());
    stored.spans = spans;
    stored.lost = false;
    Ok(Answer::json(200, &json!({})))
}
