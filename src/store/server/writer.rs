//! A tracking server as a [`Writer`].
//!
//! What the trait says about a method is not repeated here; what is said is by which route, and what the server does there.

use std::sync::Arc;

use async_trait::async_trait;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ServerStore;
use super::assessments::failed;
use super::wire::no_assessments;
use crate::filter::Filter;
use crate::model::{
    ArtifactFolder, Assessment, AssessmentId, AssessmentKind, AttachmentRef, Experiment, ExperimentId, LabelSchema,
    Reach, Span, TraceId, TraceInfo, keys,
};
use crate::store::http::{Class, Expected, Method, Request, path_segment};
use crate::store::otlp::post;
use crate::store::{AssessmentUpdate, Decided, Looked, StoreError, Walk, Writer};

/// Files of traces, through the server's own route for them.
const ARTIFACTS: &str = "/api/2.0/mlflow-artifacts/artifacts";
/// The scheme of artifacts that the server itself takes.
const PROXIED: &str = "mlflow-artifacts:";

#[derive(Serialize)]
struct SetTag<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct DeleteTag<'a> {
    key: &'a str,
}

/// The cut-off mode of this route (`max_timestamp_millis`, `max_traces`) is deliberately not expressible here: it cannot
/// keep anything, it takes what arrived since, and with a number of the wrong type it deletes everything.
#[derive(Serialize)]
struct DeleteRequest<'a> {
    experiment_id: &'a str,
    request_ids: &'a [TraceId],
}

#[derive(Deserialize)]
struct DeleteAnswer {
    #[serde(default)]
    traces_deleted: u64,
}

#[derive(Deserialize)]
struct SchemaAnswer {
    label_schema: Value,
}

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

#[derive(Serialize)]
struct SpanFile<'a> {
    spans: &'a [Span],
}

#[derive(Deserialize)]
struct ArtifactsAnswer {
    #[serde(default)]
    files: Vec<IgnoredAny>,
}

#[async_trait]
impl Writer for ServerStore {
    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        Ok(self.existing(experiment, ids).await?)
    }

    async fn shown(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        Ok(self.shown(experiment, ids).await?)
    }

    async fn infos_shown(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        self.infos_shown(ids).await
    }

    async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Decided, StoreError> {
        self.still_matching(experiment, ids, filter).await
    }

    async fn by_client_request_id(&self, experiments: &[ExperimentId], id: &str) -> Result<Vec<TraceInfo>, StoreError> {
        Ok(self.by_client_request_id(experiments, id).await?)
    }

    fn listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Box<dyn Walk> {
        Box::new(self.listed(experiment, ids))
    }

    /// `PATCH /api/2.0/mlflow/traces/{id}/tags`.
    async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        let body = SetTag { key, value };
        let request = Request::with_body("set the tag", Class::Idempotent, Method::PATCH, tags_path(trace_id), &body);
        Ok(self.transport.done(request).await?)
    }

    /// `DELETE /api/2.0/mlflow/traces/{id}/tags`.
    async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, StoreError> {
        let body = DeleteTag { key };
        let request =
            Request::with_body("delete the tag", Class::Idempotent, Method::DELETE, tags_path(trace_id), &body);
        match self.transport.done(request).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// `POST /api/2.0/mlflow/traces/delete-traces` with ids (at most 100 on Databricks).
    async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        let body = DeleteRequest { experiment_id: experiment.as_str(), request_ids: ids };
        let path = "/api/2.0/mlflow/traces/delete-traces";
        let request = Request::with_body("delete the traces", Class::Idempotent, Method::POST, path, &body);
        Ok(self.transport.listing::<DeleteAnswer>(request, &["traces_deleted"]).await?.traces_deleted)
    }

    fn takes_assessments(&self) -> Result<(), StoreError> {
        if self.wire.is_old() { Err(no_assessments("read or change assessments")) } else { Ok(()) }
    }

    async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        self.takes_assessments()?;
        self.add_assessment(trace_id, new).await.map_err(failed)
    }

    async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), StoreError> {
        self.takes_assessments()?;
        self.restore_assessment(trace_id, assessment).await.map_err(failed)
    }

    async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        self.takes_assessments()?;
        self.update_assessment(trace_id, id, kind, update).await.map_err(failed)
    }

    async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError> {
        self.takes_assessments()?;
        self.delete_assessment(trace_id, id).await.map_err(failed)
    }

    /// `GET /api/3.0/mlflow/label-schemas/get-by-name` (3.14 and later). The route that lists them is not asked: it creates one.
    async fn label_schema(&self, experiment: &ExperimentId, name: &str) -> Result<Option<LabelSchema>, StoreError> {
        let query = vec![("experiment_id", experiment.as_str()), ("name", name)];
        let request = Request::get("get the label schema", "/api/3.0/mlflow/label-schemas/get-by-name", query);
        match self.transport.json::<SchemaAnswer>(request).await {
            Ok(answer) => Ok(Some(LabelSchema::from_json(&answer.label_schema))),
            Err(error) if error.is_not_found() || error.is_no_such_route() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// `POST /api/2.0/mlflow/experiments/create`.
    async fn create_experiment(
        &self,
        name: &str,
        tags: &[(String, String)],
        artifact_location: Option<&str>,
    ) -> Result<Option<Experiment>, StoreError> {
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
        Ok(self.experiment_by_id(&created.experiment_id).await?)
    }

    async fn check_imports(&self) -> Result<(), StoreError> {
        let is_old = !self.wire.language(&[]).await?.has_assessments();
        if is_old { Err(StoreError::TooOld { what: "import traces", since: "3.2" }) } else { Ok(()) }
    }

    /// `POST /v1/traces` (3.7 and later with compression). The server makes of each trace id a trace `tr-HEX` in the
    /// experiment unless there is one.
    async fn send_spans(&self, experiment: &ExperimentId, body: &[u8]) -> Result<(), StoreError> {
        let is_packed = self.wire.language(&[]).await?.has_packed_spans();
        let mut request = post("/v1/traces", Class::Idempotent, body, is_packed)?;
        request.headers.push(("x-mlflow-experiment-id", experiment.as_str()));
        self.transport.send(request).await?;
        Ok(())
    }

    /// `POST /api/3.0/mlflow/traces`. `mlflow.artifactLocation` among the tags makes the server refuse.
    async fn start_trace(&self, info: &TraceInfo) -> Result<TraceInfo, StoreError> {
        let body = json!({"trace": {"trace_info": info.to_rest()}});
        let path = "/api/3.0/mlflow/traces";
        let request = Request::with_body("store the trace", Class::Idempotent, Method::POST, path, &body);
        Ok(self.transport.json::<StartAnswer>(request).await?.trace.trace_info)
    }

    /// Where the server takes artifacts at the trace's own location: its tag `mlflow.artifactLocation`.
    async fn upload_span_file(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, StoreError> {
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
        self.transport.stored(request).await?;
        Ok(true)
    }

    async fn upload_attachment(
        &self,
        info: &TraceInfo,
        reference: &AttachmentRef,
        content: bytes::Bytes,
    ) -> Result<bool, StoreError> {
        Ok(self.upload_attachment(info, reference, content).await?)
    }

    fn artifact_path<'f>(&self, folder: &'f ArtifactFolder) -> Option<&'f str> {
        let base = self.base();
        let here = base.split_once("://").map_or(base, |(_, rest)| rest).split('/').next();
        match folder.reach() {
            Reach::Server { host: None, path } => Some(path),
            Reach::Server { host: Some(host), path } if here == Some(host) => Some(path),
            Reach::Server { .. } | Reach::Store => None,
        }
    }

    /// `GET /api/2.0/mlflow-artifacts/artifacts?path=…`. The server answers alike for a folder that is not there.
    async fn artifact_count(&self, path: &str) -> Result<usize, StoreError> {
        let request = Request::get("list the artifacts", ARTIFACTS, vec![("path", path)]).expecting(Expected::Infos);
        Ok(self.transport.listing::<ArtifactsAnswer>(request, &["files"]).await?.files.len())
    }

    /// `DELETE /api/2.0/mlflow-artifacts/artifacts/…`. The answer is the same where there is none.
    async fn delete_artifacts(&self, path: &str) -> Result<(), StoreError> {
        let segments: Vec<String> = path.split('/').map(path_segment).collect();
        let request = Request {
            class: Class::Idempotent,
            method: Method::DELETE,
            ..Request::get("delete the artifacts", format!("{ARTIFACTS}/{}", segments.join("/")), Vec::new())
        };
        Ok(self.transport.done(request).await?)
    }

    async fn naming_artifacts(&self, experiment: &ExperimentId, id: &TraceId) -> Result<Vec<TraceId>, StoreError> {
        let filter = format!("tags.`{}` LIKE '%{id}%'", keys::ARTIFACT_LOCATION);
        let found = self.search_once(std::slice::from_ref(experiment), &filter, 2).await?;
        Ok(found.into_iter().map(|info| info.trace_id).collect())
    }
}

fn tags_path(trace_id: &TraceId) -> String {
    format!("/api/2.0/mlflow/traces/{}/tags", path_segment(trace_id.as_str()))
}
