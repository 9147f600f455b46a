//! The shapes in which one trace is written: by the SDK, by the REST API, as a row of `mlflow.search_traces()` that pandas wrote,
//! in the response of a serving endpoint, by `mlflow-export-import`, and any of these as JSON text within JSON.
//!
//! Shapes that hold no trace, or not in one piece, are named, with the command that writes one that can be read.

use serde_json::{Map, Value};

use super::python_json::{self, NonAscii};
use super::trace::{Trace, TraceError};
use super::{Span, rfc3339_utc};

/// Objects within objects are followed so far. Texts within texts need no limit: each layer doubles them.
const DEEPEST: u8 = 4;

/// Times and durations that pandas may write with a fraction of zero.
const INTEGERS: [&str; 4] = ["execution_duration", "execution_duration_ms", "execution_time_ms", "timestamp_ms"];

const RECORDS: &str = "it is a table by columns, not traces; pandas writes one trace a line with \
    traces.to_json(\"traces.jsonl\", orient=\"records\", lines=True)";
const SPAN_FILE: &str = "it holds spans without their trace (MLflow's file traces.json in the artifact store); \
    `mlflow traces get --trace-id ID` writes the trace";
const NO_TRACE: &str = "the response of the serving endpoint holds no trace; \
    it does where the request has \"databricks_options\": {\"return_trace\": true}";
const SPANS_OF_TRACES: &str = "OpenTelemetry's spans stand among traces; they are read from a file of their own";

/// The one trace that a value holds.
pub(super) fn trace(value: Value) -> Result<Trace, TraceError> {
    at_depth(value, DEEPEST)
}

fn at_depth(value: Value, depth: u8) -> Result<Trace, TraceError> {
    let depth = depth.checked_sub(1).ok_or(TraceError::Shape)?;
    match value {
        Value::Object(object) => of_object(object, depth),
        Value::String(text) => Trace::from_text(text.as_bytes()),
        _ => Err(TraceError::Shape),
    }
}

fn of_object(mut object: Map<String, Value>, depth: u8) -> Result<Trace, TraceError> {
    let is_there = |key: &str| object.get(key).is_some_and(|value| !value.is_null());
    if is_there("info") && is_there("data") {
        return of_sdk(take(&mut object, "info"), take(&mut object, "data"));
    }
    if is_there("trace_info") {
        return Trace::of_values(take(&mut object, "trace_info"), object.remove("spans"));
    }
    if is_there("info") {
        // What is wrong with the info says more.
        let _: super::TraceInfo = serde_json::from_value(take(&mut object, "info"))?;
        return Err(TraceError::NoData);
    }
    if let Some(mut output) = object.remove("databricks_output") {
        let inner = output.get_mut("trace").map(Value::take).filter(|inner| !inner.is_null());
        return at_depth(inner.ok_or(TraceError::Foreign(NO_TRACE))?, depth);
    }
    if let Some(mut exported) = object.remove("mlflow").filter(|exported| exported.get("info").is_some()) {
        let has_spans = exported.get("data").and_then(Value::as_array).is_some_and(|spans| !spans.is_empty());
        return of_python(exported["info"].take(), (!has_spans).then(|| Value::Array(Vec::new())));
    }
    if is_by_columns(&object) {
        return Err(TraceError::Foreign(RECORDS));
    }
    of_row(object, depth)
}

fn take(object: &mut Map<String, Value>, key: &str) -> Value {
    object.get_mut(key).map(Value::take).unwrap_or_default()
}

fn of_sdk(info: Value, data: Value) -> Result<Trace, TraceError> {
    let Value::Object(mut data) = data else { return Err(TraceError::NoData) };
    Trace::of_values(info, Some(take(&mut data, "spans")))
}

/// A row of `mlflow.search_traces()`, of which the column `trace` holds all the others, or an info alone.
fn of_row(mut object: Map<String, Value>, depth: u8) -> Result<Trace, TraceError> {
    let is_info = ["trace_id", "request_id"].iter().any(|key| object.contains_key(*key))
        && ["request_time", "timestamp_ms"].iter().any(|key| object.contains_key(*key));
    match object.remove("trace").filter(|inner| !inner.is_null()) {
        Some(inner) => match at_depth(inner, depth) {
            Err(_) if is_info => of_columns(object),
            read => read,
        },
        None if is_info => of_columns(object),
        None if object.contains_key("resourceSpans") => Err(TraceError::Foreign(SPANS_OF_TRACES)),
        None if object.contains_key("spans") => Err(TraceError::Foreign(SPAN_FILE)),
        None => Err(TraceError::Shape),
    }
}

fn of_columns(mut object: Map<String, Value>) -> Result<Trace, TraceError> {
    let spans = object.remove("spans").filter(|spans| !spans.is_null());
    for (column, preview) in [("request", "request_preview"), ("response", "response_preview")] {
        let text = match object.remove(column) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text,
            Some(other) => python_json::dumps(&other, NonAscii::Verbatim),
        };
        object.entry(preview).or_insert(text.into());
    }
    of_python(Value::Object(object), spans)
}

/// Whether pandas wrote the columns one by one (its usual way), or apart from the rows.
fn is_by_columns(object: &Map<String, Value>) -> bool {
    let is_column = |key: &str| object.get(key).and_then(Value::as_object).is_some_and(|rows| rows.contains_key("0"));
    let has_rows_apart = object.get("data").is_some_and(Value::is_array)
        && (object.contains_key("columns") || object.contains_key("schema"));
    ["trace_id", "request_id", "trace"].into_iter().any(is_column) || has_rows_apart
}

/// A trace whose info is written as the SDK has it in memory: times are numbers, and what is not there is null.
fn of_python(info: Value, spans: Option<Value>) -> Result<Trace, TraceError> {
    let Value::Object(mut info) = info else { return Err(TraceError::Shape) };
    without_nulls(&mut info);
    time_as_text(&mut info, "request_time", "request_time");
    for key in INTEGERS {
        if let Some(number) = info.get(key).and_then(Value::as_f64).filter(|number| number.fract() == 0.0) {
            #[allow(clippy::cast_possible_truncation)] // Milliseconds.
            info.insert(key.to_owned(), Value::from(number as i64));
        }
    }
    if let Some(location) = info.get_mut("trace_location").and_then(Value::as_object_mut) {
        without_nulls(location);
    }
    let assessments = info.get_mut("assessments").and_then(Value::as_array_mut);
    assessments.into_iter().flatten().filter_map(Value::as_object_mut).for_each(assessment);
    Trace::of_values(Value::Object(info), spans)
}

fn without_nulls(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
}

fn time_as_text(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(ms) = object.get(from).and_then(Value::as_f64) {
        object.remove(from);
        #[allow(clippy::cast_possible_truncation)] // Milliseconds.
        object.insert(to.to_owned(), rfc3339_utc(ms as i64).into());
    }
}

/// An assessment as the SDK has it in memory, made one as it writes it.
fn assessment(fields: &mut Map<String, Value>) {
    let Some(name) = fields.remove("name") else { return };
    fields.insert("assessment_name".to_owned(), name);
    without_nulls(fields);
    for (memory, written) in [("create_time_ms", "create_time"), ("last_update_time_ms", "last_update_time")] {
        time_as_text(fields, memory, written);
    }
    for of_kind in ["assessment_type", "error", "run_id"] {
        fields.remove(of_kind);
    }
    if let Some(expected) = fields.remove("expectation") {
        let is_plain = !expected.is_array() && !expected.is_object();
        let body = if is_plain {
            serde_json::json!({"value": expected})
        } else {
            let format = "JSON_FORMAT";
            serde_json::json!({"serialized_value": {"serialization_format": format, "value": python_json::dumps(&expected, NonAscii::Escaped)}})
        };
        fields.insert("expectation".to_owned(), body);
    }
    if let Some(feedback) = fields.get_mut("feedback").and_then(Value::as_object_mut) {
        feedback.retain(|key, value| key != "error" || !value.is_null());
    }
}

impl Trace {
    /// Itself with the spans of a file as `MLflow` stores it beside traces: `{"spans": [ … ]}`.
    pub fn with_span_file(self, text: &[u8]) -> Result<Self, TraceError> {
        let mut file: Value = super::read_json(text)?;
        let spans = file.get_mut("spans").map(Value::take).ok_or(TraceError::Shape)?;
        let Value::Array(spans) = spans else { return Err(TraceError::Shape) };
        let spans: Vec<Span> = spans.iter().map(Span::from_json).collect::<Result<_, _>>()?;
        Self::with_spans_at_hand(self.info, Some(spans))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn info() -> Value {
        json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41.465Z", "state": "OK", "execution_duration_ms": 108,
            "trace_metadata": {"a": "b"}, "tags": {"c": "d"}})
    }

    fn span() -> Value {
        json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "chat", "start_time_unix_nano": 1})
    }

    fn sdk() -> Value {
        json!({"info": info(), "data": {"spans": [span()]}})
    }

    fn row() -> Value {
        json!({"trace_id": "tr-1", "client_request_id": null, "state": "OK", "request_time": 1_795_335_101_465_i64,
            "execution_duration": 108.0, "trace_metadata": {"a": "b"}, "tags": {"c": "d"}, "spans": [span()], "assessments": []})
    }

    #[test]
    fn one_trace_is_read_in_every_shape() {
        let expected = Trace::from_json(sdk()).unwrap();
        let with_trace = |inner: Value| {
            let mut row = row();
            row["trace"] = inner;
            row
        };
        let rest = json!({"trace_info": info(), "spans": [span()]});
        for value in [
            rest.clone(),
            json!({"trace": rest}),
            json!({"trace": sdk()}),
            json!(sdk().to_string()),
            json!({"choices": [], "databricks_output": {"trace": sdk(), "databricks_request_id": "x"}}),
            json!({"predictions": 1, "databricks_output": {"trace": sdk().to_string()}}),
            with_trace(json!(sdk().to_string())),
            with_trace(json!({"_broken": 1})),
            row(),
        ] {
            assert_eq!(Trace::from_json(value.clone()).unwrap(), expected, "{value}");
            assert_eq!(Trace::from_text(value.to_string().as_bytes()).unwrap(), expected, "{value}");
        }
        assert_eq!(Trace::from_json(info()).unwrap(), Trace::without_spans(expected.info));
    }

    #[test]
    fn what_export_import_writes_is_read() {
        let exported = json!({"system": {}, "mlflow": {"data": [{"name": "chat"}], "info": {
            "trace_id": "tr-1", "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}, "uc_schema": null},
            "request_time": 1_795_335_101_465_i64, "state": "OK", "execution_duration": 108, "client_request_id": null,
            "trace_metadata": {}, "tags": {}, "assessments": [
                {"assessment_type": "feedback", "name": "good", "source": {"source_type": "HUMAN", "source_id": "j"}, "create_time_ms": 5,
                    "feedback": {"value": true, "error": null}, "expectation": null, "error": null, "valid": true},
                {"assessment_type": "expectation", "name": "facts", "source": {"source_type": "HUMAN"}, "expectation": ["a"], "feedback": null}]}}});
        let trace = Trace::from_json(exported).unwrap();
        assert_eq!((trace.info.duration_ms, trace.spans.is_none()), (Some(108), true));
        assert_eq!(trace.info.experiment_id().unwrap().as_str(), "7");
        let values: Vec<Value> = trace.info.assessments.iter().map(super::super::Assessment::value).collect();
        assert_eq!(values, [json!(true), json!(["a"])]);
        assert_eq!(trace.info.assessments[0].create_time_ms(), Some(5));
        let file = json!({"spans": [span()]}).to_string();
        assert_eq!(trace.with_span_file(file.as_bytes()).unwrap().spans().len(), 1);
    }

    #[test]
    fn other_shapes_are_named() {
        for (value, part) in [
            (json!({"trace_id": {"0": "tr-1"}, "state": {"0": "OK"}}), "orient=\"records\""),
            (json!({"columns": ["trace_id"], "index": [0], "data": [["tr-1"]]}), "orient=\"records\""),
            (json!({"spans": [span()]}), "mlflow traces get"),
            (json!({"databricks_output": {"trace": null}}), "return_trace"),
            (json!({"info": info()}), "no \"data\""),
            (json!({"info": info(), "data": null}), "no \"data\""),
            (json!({"info": info(), "data": {"spans": "none"}}), "\"spans\""),
            (json!({"x": 1}), "neither"),
        ] {
            let error = Trace::from_json(value.clone()).unwrap_err().to_string();
            assert!(error.contains(part), "{value}: {error}");
        }
        let nested = (0..9).fold(sdk(), |inner, _| json!({"trace": inner}));
        assert!(Trace::from_json(nested).is_err());
    }
}
