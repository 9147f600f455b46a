//! A trace: its info and, where they were fetched, its spans.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use super::{Span, SpanError, TraceInfo, keys, shapes};

/// A line of trace JSON that cannot be read.
#[derive(Debug, Error)]
pub enum TraceError {
    /// Not JSON at all, or not a trace's shape.
    #[error("not a trace: {0}")]
    Json(#[from] serde_json::Error),
    /// Neither the SDK's `info` nor REST's `trace_info` is there.
    #[error("not a trace: it has neither \"info\" nor \"trace_info\"")]
    Shape,
    /// The SDK's `info` is there without the `data` that belongs to it.
    #[error("not a trace: it has \"info\" and no \"data\"")]
    NoData,
    /// Of another shape, which has a name; with what to do about it.
    #[error("{0}")]
    Foreign(&'static str),
    /// A trace that `MLflow` does not take.
    #[error("{0}")]
    Refused(String),
    /// One of its spans is damaged.
    #[error(transparent)]
    Span(#[from] SpanError),
}

/// A trace with as much of its content as was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Everything but the spans.
    pub info: TraceInfo,
    /// Its spans, roots first and then by start; none if they were not fetched.
    pub spans: Option<Vec<Span>>,
}

impl Trace {
    /// A trace whose spans were not fetched.
    #[must_use]
    pub fn without_spans(info: TraceInfo) -> Self {
        Self { info, spans: None }
    }

    /// The spans at hand.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        self.spans.as_deref().unwrap_or(&[])
    }

    /// The inputs of the root span, of which `request_preview` holds the first characters: a string as it is, anything else
    /// as JSON text. `None` where the spans are not at hand or tell nothing.
    #[must_use]
    pub fn whole_request(&self) -> Option<String> {
        self.of_root(keys::SPAN_INPUTS)
    }

    /// The outputs of the root span, of which `response_preview` holds the first characters; as
    /// [`Trace::whole_request`].
    #[must_use]
    pub fn whole_response(&self) -> Option<String> {
        self.of_root(keys::SPAN_OUTPUTS)
    }

    fn of_root(&self, key: &str) -> Option<String> {
        let root = self.spans().iter().find(|span| span.parent_span_id.is_none())?;
        match root.attribute(key)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            _ => root.attribute_text(key).map(str::to_owned),
        }
    }

    /// Reads one trace: the SDK's `{"info", "data": {"spans"}}`, REST's `{"trace_info", "spans"}`, and what holds one of
    /// them: see `shapes`. What `MLflow` refuses is refused.
    pub fn from_json(value: Value) -> Result<Self, TraceError> {
        shapes::trace(value)
    }

    pub(super) fn of_values(info: Value, spans: Option<Value>) -> Result<Self, TraceError> {
        let info: TraceInfo = serde_json::from_value(info)?;
        let spans = match spans {
            None => None,
            Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(spans)) => Some(spans.iter().map(Span::from_json).collect::<Result<_, _>>()?),
            Some(_) => return Err(SpanError::Field("spans").into()),
        };
        Self::with_spans_at_hand(info, spans)
    }

    /// A trace as a document shows it: no spans where there should be some means that they were left out.
    pub(super) fn with_spans_at_hand(info: TraceInfo, spans: Option<Vec<Span>>) -> Result<Self, TraceError> {
        let is_stated = info.stated_span_count().is_some_and(|count| count > 0);
        let spans = spans.filter(|spans| !(spans.is_empty() && is_stated));
        Ok(Self { info: info.accepted()?, spans }.with_previews_of_2())
    }

    /// `MLflow` 2 has no previews: what it has of inputs and outputs takes their place.
    fn with_previews_of_2(mut self) -> Self {
        if self.info.lacks_previews() {
            let cut = |key: &str| self.info.metadata.get(key).cloned();
            let request = self.whole_request().or_else(|| cut(keys::INPUTS_2));
            let response = self.whole_response().or_else(|| cut(keys::OUTPUTS_2));
            (self.info.request_preview, self.info.response_preview) = (request, response);
        }
        self
    }
}

/// Writes the shape of `mlflow.entities.Trace.to_json`. As in `search_traces(include_spans=False)`, `data.spans` is empty
/// when spans were not fetched.
impl Serialize for Trace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            spans: &'a [Span],
        }

        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("info", &self.info)?;
        map.serialize_entry("data", &Data { spans: self.spans() })?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_shapes_are_read_alike() {
        let info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
        let span = json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "chat", "start_time_unix_nano": 1});
        let rest = Trace::from_json(json!({"trace_info": info, "spans": [span]})).unwrap();
        let sdk = Trace::from_json(serde_json::to_value(&rest).unwrap()).unwrap();
        assert_eq!(rest, sdk);
        assert_eq!(rest.spans().len(), 1);
    }

    #[test]
    fn spans_that_were_left_out_are_told_from_spans_that_do_not_exist() {
        let info = |metadata: Value| json!({"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "trace_metadata": metadata}, "data": {"spans": []}});
        assert_eq!(Trace::from_json(info(json!({}))).unwrap().spans, Some(vec![]));
        assert_eq!(
            Trace::from_json(info(json!({"mlflow.trace.sizeStats": "{\"num_spans\": 3}"}))).unwrap().spans,
            None
        );
    }

    #[test]
    fn requests_and_responses_are_whole_where_the_root_is_at_hand() {
        let info =
            json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "request_preview": "{\"q\": ..."});
        let span = |id: &str, parent: Option<&str>, inputs: Value, outputs: Value| {
            json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "parent_span_id": parent, "name": "s", "start_time_unix_nano": 1,
                "attributes": {"mlflow.spanInputs": inputs.to_string(), "mlflow.spanOutputs": outputs.to_string()}})
        };
        let child = span("AAAAAAAAAAI=", Some("AAAAAAAAAAE="), json!("child"), json!("child"));
        let root = span("AAAAAAAAAAE=", None, json!({"q": 1}), json!("an \"answer\""));
        let trace = Trace::from_json(json!({"trace_info": info, "spans": [child, root]})).unwrap();
        assert_eq!(trace.whole_request().as_deref(), Some("{\"q\":1}"));
        assert_eq!(trace.whole_response().as_deref(), Some("an \"answer\""));
        let silent = span("AAAAAAAAAAE=", None, Value::Null, Value::Null);
        assert_eq!(Trace::from_json(json!({"trace_info": info, "spans": [silent]})).unwrap().whole_request(), None);
        assert_eq!(Trace::from_json(json!({"trace_info": info})).unwrap().whole_response(), None);
    }

    #[test]
    fn a_trace_of_mlflow_2_has_its_inputs_and_outputs_as_request_and_response() {
        let info = json!({"request_id": "ab", "experiment_id": "1", "timestamp_ms": 5, "execution_time_ms": 1, "status": "OK",
            "request_metadata": {"mlflow.traceInputs": "{\"q\": \"wh", "mlflow.traceOutputs": "\"fine"}});
        let span = json!({"name": "s", "context": {"trace_id": "0xab", "span_id": "0x1"}, "parent_id": null, "start_time": 1,
            "end_time": 2, "status_code": "OK", "status_message": "", "events": [],
            "attributes": {"mlflow.spanInputs": "{\"q\": \"why\"}", "mlflow.spanOutputs": "\"fine\""}});
        let previews = |spans: Value| {
            let info = Trace::from_json(json!({"info": info, "data": {"spans": spans}})).unwrap().info;
            (info.request_preview.unwrap(), info.response_preview.unwrap())
        };
        assert_eq!(previews(json!([span])), ("{\"q\": \"why\"}".into(), "fine".into()));
        assert_eq!(previews(json!([])), ("{\"q\": \"wh".into(), "\"fine".into()));
    }

    #[test]
    fn other_json_is_refused() {
        assert!(matches!(Trace::from_json(json!({"x": 1})), Err(TraceError::Shape)));
        assert!(matches!(Trace::from_json(json!([1])), Err(TraceError::Shape)));
    }
}
