//! What brings whole traces back: infos, span files, assessments with their own ids, experiments.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::ErrorKind;
use super::retry::Class;
use super::transport::{Request, path_segment};
use super::{ServerError, ServerStore};
use crate::model::{Assessment, Experiment, ExperimentId, Span, TraceId, TraceInfo};

#[derive(Deserialize)]
struct StartAnswer {
    trace: StartedTrace,
}

#[derive(Deserialize)]
struct StartedTrace {
    trace_info: TraceInfo,
}

#[derive(Deserialize)]
struct CreatedExperiment {
    experiment_id: ExperimentId,
}

#[derive(Deserialize)]
struct Restored {
    #[serde(rename = "assessment")]
    _assessment: Assessment,
}

#[derive(Serialize)]
struct SpanFile<'a> {
    spans: &'a [Span],
}

/// Whether an assessment of another trace has the id of the one that could not be restored: an id is one of the whole server.
#[must_use]
pub fn is_id_taken(error: &ServerError) -> bool {
    matches!(&error.kind, ErrorKind::Refused { message, .. } if message.contains("constraint violation"))
}

/// The scheme of artifacts that the server itself takes.
const PROXIED: &str = "mlflow-artifacts:";

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces`: the info of a trace, in the place of what is known of the trace; tags, metadata and
    /// assessments are added. The server answers with what it stored, values uncut.
    ///
    /// Tags that the server sets itself must not be among those sent: `mlflow.artifactLocation` makes it refuse.
    pub async fn start_trace(&self, info: &TraceInfo) -> Result<TraceInfo, ServerError> {
        let body = json!({"trace": {"trace_info": info.to_rest()}});
        let path = "/api/3.0/mlflow/traces";
        let request = Request::with_body("store the trace", Class::Idempotent, Method::POST, path, &body);
        Ok(self.transport.json::<StartAnswer>(request).await?.trace.trace_info)
    }

    /// `POST /api/3.0/mlflow/traces/{id}/assessments` with an assessment as it was, which must have an id. One that is there
    /// already is no failure; whether a failure means that its id is another trace's, tells [`is_id_taken`].
    pub async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), ServerError> {
        let path = format!("/api/3.0/mlflow/traces/{}/assessments", path_segment(trace_id.as_str()));
        let body = json!({"assessment": assessment});
        let request = Request::with_body("restore the assessment", Class::Idempotent, Method::POST, path, &body);
        let Err(error) = self.transport.json::<Restored>(request).await else { return Ok(()) };
        // The id is a key of the database: a second try that meets the first one's row is a 500.
        let is_refused = matches!(error.kind, ErrorKind::Refused { .. });
        match assessment.id() {
            Some(id) if is_refused && self.assessment(trace_id, &id).await?.is_some() => Ok(()),
            _ => Err(error),
        }
    }

    /// Stores spans as the file that belongs to a trace, where the server takes artifacts at the trace's own location: its tag
    /// `mlflow.artifactLocation`. False if it does not.
    pub async fn upload_span_file(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, ServerError> {
        let location = info.tags.get("mlflow.artifactLocation").and_then(|location| location.strip_prefix(PROXIED));
        let Some(location) = location.map(|location| location.trim_start_matches('/')) else { return Ok(false) };
        // What the id of a trace makes of the location must not lead to another one.
        if location.split('/').any(|segment| [".", ".."].contains(&segment)) {
            return Ok(false);
        }
        let segments: Vec<String> = location.split('/').map(path_segment).collect();
        let path = format!("/api/2.0/mlflow-artifacts/artifacts/{}/traces.json", segments.join("/"));
        let bytes = serde_json::to_vec(&SpanFile { spans }).unwrap_or_default();
        let operation = "store the span file";
        let request =
            Request::with_bytes(operation, Class::Idempotent, Method::PUT, path, "application/octet-stream", bytes);
        self.transport.stored(request).await.map(|()| true)
    }

    /// `POST /api/2.0/mlflow/experiments/create`; without a place for its files the server finds one.
    pub async fn create_experiment(
        &self,
        name: &str,
        tags: &[(String, String)],
        artifact_location: Option<&str>,
    ) -> Result<Option<Experiment>, ServerError> {
        let path = "/api/2.0/mlflow/experiments/create";
        let mut body: Value = json!({"name": name});
        if !tags.is_empty() {
            body["tags"] = tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
        }
        if let Some(location) = artifact_location {
            body["artifact_location"] = location.into();
        }
        let request = Request::with_body("create the experiment", Class::Once, Method::POST, path, &body);
        let created: CreatedExperiment = self.transport.json(request).await?;
        self.experiment_by_id(&created.experiment_id).await
    }
}
