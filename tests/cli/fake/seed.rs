//! Traces to begin with.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlflow_trace::model::{duration_to_wire, rfc3339_utc};
use serde_json::{Value, json};

use super::recording;

/// The id of the experiment `my-app`.
pub const APP: &str = "1";
/// The id of the experiment `checkout`.
pub const CHECKOUT: &str = "2";
/// The id of the experiment `old-app`, which is deleted.
pub const OLD: &str = "3";

/// The trace that the examples of the help texts name.
pub const KNOWN: &str = "tr-8c9da0e91080e465367d509b505b35da";
/// An assessment of it.
pub const ASSESSMENT: &str = "a-0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// When numbered traces begin: 2026-11-22T08:00:00Z.
pub const BASE_MS: i64 = 1_795_334_400_000;

/// The id of a numbered trace.
pub fn id(number: u32) -> String {
    format!("tr-{number:032x}")
}

/// The folder of a trace of `my-app` in the artifact store.
pub fn folder(id: &str) -> String {
    format!("{APP}/traces/{id}/artifacts")
}

/// A trace to be stored.
pub struct Seed {
    pub info: Value,
    pub spans: Vec<Value>,
    pub lost: bool,
    pub mislabelled: bool,
}

impl Seed {
    /// A plain trace of one span in `my-app`; the higher the number, the newer.
    pub fn new(number: u32) -> Self {
        let start_ms = BASE_MS + i64::from(number) * 1000;
        let info = json!({
            "trace_id": id(number),
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": APP}},
            "request_time": rfc3339_utc(start_ms),
            "execution_duration": "0.120s",
            "state": "OK",
            "request_preview": format!("question {number}"),
            "response_preview": format!("answer {number}"),
            "trace_metadata": {},
            "tags": {"mlflow.traceName": "chat", "mlflow.trace.spansLocation": "TRACKING_STORE"},
        });
        Self { info, spans: vec![span(number, 1, None, "chat", start_ms)], lost: false, mislabelled: false }
    }

    /// The trace of a recorded answer, with one assessment.
    pub fn known() -> Self {
        let trace = recording("trace_get")["response"]["body"]["trace"].clone();
        let spans = trace["spans"].as_array().expect("spans").clone();
        let mut info = trace["trace_info"].clone();
        info["tags"]["reviewed"] = "no".into();
        info["tags"]["environment"] = "scratch".into();
        info["assessments"] = json!([{
            "assessment_id": ASSESSMENT, "assessment_name": "helpful", "trace_id": KNOWN,
            "source": {"source_type": "HUMAN", "source_id": "jane@desk"},
            "create_time": "2026-11-22T08:20:00Z", "last_update_time": "2026-11-22T08:20:00Z",
            "feedback": {"value": true}, "rationale": "names the city", "valid": true,
        }]);
        Self { info, spans, lost: false, mislabelled: false }
    }

    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.info[key] = value.into();
        self
    }

    pub fn experiment(self, experiment: &str) -> Self {
        self.with(
            "trace_location",
            json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}),
        )
    }

    pub fn state(self, state: &str) -> Self {
        self.with("state", state)
    }

    pub fn duration_ms(self, ms: i64) -> Self {
        self.with("execution_duration", duration_to_wire(ms))
    }

    pub fn request(self, text: &str) -> Self {
        self.with("request_preview", text)
    }

    pub fn response(self, text: &str) -> Self {
        self.with("response_preview", text)
    }

    pub fn client_request_id(self, text: &str) -> Self {
        self.with("client_request_id", text)
    }

    /// Started at this moment, in epoch milliseconds.
    pub fn started(self, time_ms: i64) -> Self {
        self.with("request_time", rfc3339_utc(time_ms))
    }

    /// Started so many days before now.
    pub fn days_old(self, days: u64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let then = i64::try_from(now - u128::from(days) * 86_400_000).expect("a time of this age");
        self.with("request_time", rfc3339_utc(then))
    }

    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.info["tags"][key] = value.into();
        self
    }

    pub fn name(self, name: &str) -> Self {
        self.tag("mlflow.traceName", name)
    }

    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.info["trace_metadata"][key] = value.into();
        self
    }

    /// With one more feedback by a source of this type and name.
    pub fn feedback(self, name: &str, value: impl Into<Value>, source: (&str, &str)) -> Self {
        self.assessed(name, value.into(), source, None)
    }

    /// With a feedback that counts for every trace of a session.
    pub fn session_feedback(self, name: &str, value: impl Into<Value>, session: &str) -> Self {
        self.assessed(name, value.into(), ("CODE", "rules"), Some(session))
    }

    fn assessed(mut self, name: &str, value: Value, source: (&str, &str), session: Option<&str>) -> Self {
        let mut assessment = json!({
            "assessment_id": format!("a-{name}"), "assessment_name": name, "trace_id": self.info["trace_id"],
            "source": {"source_type": source.0, "source_id": source.1},
            "create_time": "2026-11-22T08:20:00Z", "last_update_time": "2026-11-22T08:20:00Z",
            "feedback": {"value": value}, "valid": true,
        });
        if let Some(session) = session {
            assessment["metadata"] = json!({"mlflow.trace.session": session});
        }
        match self.info["assessments"].as_array_mut() {
            Some(list) => list.push(assessment),
            None => self.info["assessments"] = json!([assessment]),
        }
        self
    }

    /// With its spans in a file that only `get-trace-artifact` serves.
    pub fn in_artifact(mut self) -> Self {
        self.info["tags"].as_object_mut().expect("tags").remove("mlflow.trace.spansLocation");
        self
    }

    /// With a tag that says where its files are.
    pub fn located(self) -> Self {
        let location = format!("mlflow-artifacts:/{}", folder(self.info["trace_id"].as_str().expect("an id")));
        self.tag("mlflow.artifactLocation", &location)
    }

    /// In such a file although its tag says otherwise.
    pub fn in_artifact_against_its_tag(self) -> Self {
        Self { mislabelled: true, ..self }
    }

    /// In a file that is not there although the trace tells of spans.
    pub fn with_lost_file(self) -> Self {
        Self { lost: true, ..self.in_artifact().metadata("mlflow.trace.sizeStats", "{\"num_spans\": 1}") }
    }

    /// With these spans.
    pub fn spans(self, spans: Vec<Value>) -> Self {
        Self { spans, ..self }
    }
}

/// A span as `traces/get` writes it: number and parent within its trace, 100 ms long.
pub fn span(trace: u32, number: u64, parent: Option<u64>, name: &str, start_ms: i64) -> Value {
    let id = |number: u64| STANDARD.encode(number.to_be_bytes());
    let start = (start_ms + i64::try_from(number).expect("a small number")) * 1_000_000;
    let mut span = json!({
        "trace_id": STANDARD.encode(u128::from(trace).to_be_bytes()),
        "span_id": id(number),
        "name": name,
        "start_time_unix_nano": start,
        "end_time_unix_nano": start + 100_000_000,
        "attributes": [
            {"key": "mlflow.spanType", "value": {"string_value": "CHAIN"}},
            {"key": "mlflow.spanInputs", "value": {"string_value": format!("in of {name}")}},
            {"key": "mlflow.spanOutputs", "value": {"string_value": format!("out of {name}")}},
        ],
        "status": {"code": "STATUS_CODE_OK"},
    });
    if let Some(parent) = parent {
        span["parent_span_id"] = id(parent).into();
    }
    span
}

/// The same span with one more attribute.
pub fn with_attribute(mut span: Value, key: &str, value: &str) -> Value {
    let attribute = json!({"key": key, "value": {"string_value": value}});
    span["attributes"].as_array_mut().expect("attributes").push(attribute);
    span
}
