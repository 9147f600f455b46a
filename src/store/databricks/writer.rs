//! A workspace as a [`Writer`]: tags, assessments, deletion. Traces are not brought there.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::routes::{self, InCatalog, is_in_catalog};
use super::walk::Listed;
use super::{DatabricksStore, not_there};
use crate::filter::Filter;
use crate::model::{
    ArtifactFolder, Assessment, AssessmentId, AssessmentKind, AttachmentRef, Experiment, ExperimentId, LabelSchema,
    Span, TraceId, TraceInfo,
};
use crate::store::http::{Class, Method, Request, path_segment};
use crate::store::search_page::SearchPage;
use crate::store::{AssessmentUpdate, Decided, Looked, StoreError, Unseen, Walk, Writer};

const IMPORT: &str = "importing traces";
const INSTEAD: &str = "import them into a tracking server";

#[derive(Deserialize)]
struct Deleted {
    #[serde(default)]
    traces_deleted: u64,
}

#[derive(Deserialize)]
struct Created {
    experiment_id: ExperimentId,
}

impl DatabricksStore {
    /// What is known about traces of one place.
    pub(super) async fn looked_in(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
    ) -> Result<Looked<TraceInfo>, StoreError> {
        let mut looked = self.looked(ids).await?;
        let elsewhere = looked.found.extract_if(.., |info| info.experiment_id().as_ref() != Some(experiment));
        let elsewhere: Vec<Unseen> = elsewhere
            .map(|info| {
                let place = info.experiment_id().map_or_else(|| "somewhere else".to_owned(), |place| place.to_string());
                Unseen { trace_id: info.trace_id, reason: format!("it is in {place} now"), is_forbidden: false }
            })
            .collect();
        looked.unseen.extend(elsewhere);
        Ok(looked)
    }
}

#[async_trait]
impl Writer for DatabricksStore {
    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        self.looked_in(experiment, ids).await
    }

    async fn shown(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let looked = self.looked_in(experiment, ids).await?;
        match looked.unseen.into_iter().next() {
            Some(unseen) => Err(unseen.into()),
            None => Ok(looked.found),
        }
    }

    async fn infos_shown(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let looked = self.looked(ids).await?;
        match looked.unseen.into_iter().next() {
            Some(unseen) => Err(unseen.into()),
            None => Ok(looked.found),
        }
    }

    async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Decided, StoreError> {
        let looked = self.looked_in(experiment, ids).await?;
        self.matching(looked.found, filter).await
    }

    async fn by_client_request_id(&self, experiments: &[ExperimentId], id: &str) -> Result<Vec<TraceInfo>, StoreError> {
        let quote = if id.contains('\'') { '"' } else { '\'' };
        let filter = format!("client_request_id = {quote}{id}{quote}");
        let ask = SearchPage { experiments, filter: &filter, order_by: &[], page_token: None, max_results: 2 };
        Ok(self.page(&ask).await?.infos)
    }

    fn listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Box<dyn Walk> {
        Box::new(Listed::new(self, experiment, ids))
    }

    async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        let body = json!({"key": key, "value": value});
        let path = routes::tags(trace_id);
        Ok(self.done(Request::with_body("set the tag", Class::Idempotent, Method::PATCH, path, &body)).await?)
    }

    /// Version 4 has the key in the path, and no body.
    async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, StoreError> {
        let operation = "delete the tag";
        let request = if let Some(there) = InCatalog::of(trace_id) {
            let path = format!("{}/tags/{}", there.path(), path_segment(key).replace(':', "%3A"));
            let query = vec![("sql_warehouse_id", self.warehouse().await?)];
            Request { class: Class::Idempotent, method: Method::DELETE, ..Request::get(operation, path, query) }
        } else {
            let (path, body) = (routes::tags(trace_id), json!({"key": key}));
            Request::with_body(operation, Class::Idempotent, Method::DELETE, path, &body)
        };
        match self.done(request).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_absent() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn takes_deletions(&self, experiment: &ExperimentId) -> Result<(), StoreError> {
        if is_in_catalog(experiment) {
            return Err(not_there("deleting traces of Unity Catalog", "delete rows of its tables with SQL"));
        }
        Ok(())
    }

    /// `POST /api/2.0/mlflow/traces/delete-traces` with at most 100 ids.
    async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        self.takes_deletions(experiment)?;
        let mut deleted = 0;
        for ids in ids.chunks(100) {
            let body = json!({"experiment_id": experiment, "request_ids": ids});
            let path = "/api/2.0/mlflow/traces/delete-traces";
            let request = Request::with_body("delete the traces", Class::Idempotent, Method::POST, path, &body);
            deleted += self.listing::<Deleted>(request, &["traces_deleted"]).await?.traces_deleted;
        }
        Ok(deleted)
    }

    async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        self.log_assessment(trace_id, new).await
    }

    async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), StoreError> {
        if let Some(id) = assessment.id()
            && self.find_assessment(trace_id, &id).await?.is_some()
        {
            return Ok(());
        }
        self.log_assessment(trace_id, assessment).await.map(|_| ())
    }

    async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        self.change_assessment(trace_id, id, kind, update).await
    }

    async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError> {
        self.remove_assessment(trace_id, id).await
    }

    /// A workspace has none that this program knows of.
    async fn label_schema(&self, _: &ExperimentId, _: &str) -> Result<Option<LabelSchema>, StoreError> {
        Ok(None)
    }

    async fn create_experiment(
        &self,
        name: &str,
        tags: &[(String, String)],
        artifact_location: Option<&str>,
    ) -> Result<Option<Experiment>, StoreError> {
        if routes::is_location(name) {
            return Err(not_there("creating a schema of Unity Catalog", "create it with SQL"));
        }
        let mut body: Value = json!({"name": name});
        if !tags.is_empty() {
            body["tags"] = tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
        }
        if let Some(location) = artifact_location {
            body["artifact_location"] = location.into();
        }
        let path = "/api/2.0/mlflow/experiments/create";
        let request = Request::with_body("create the experiment", Class::Once, Method::POST, path, &body);
        let created: Created = self.json(request).await?;
        Ok(self.by_id(&created.experiment_id).await?)
    }

    async fn check_imports(&self) -> Result<(), StoreError> {
        Err(not_there(IMPORT, INSTEAD))
    }

    async fn send_spans(&self, _: &ExperimentId, _: &[u8]) -> Result<(), StoreError> {
        Err(not_there(IMPORT, INSTEAD))
    }

    async fn start_trace(&self, _: &TraceInfo) -> Result<TraceInfo, StoreError> {
        Err(not_there(IMPORT, INSTEAD))
    }

    async fn upload_span_file(&self, _: &TraceInfo, _: &[Span]) -> Result<bool, StoreError> {
        Err(not_there(IMPORT, INSTEAD))
    }

    async fn upload_attachment(&self, _: &TraceInfo, _: &AttachmentRef, _: bytes::Bytes) -> Result<bool, StoreError> {
        Err(not_there(IMPORT, INSTEAD))
    }

    /// Artifacts are behind ways that the workspace signs.
    fn artifact_path<'f>(&self, _: &'f ArtifactFolder) -> Option<&'f str> {
        None
    }

    async fn artifact_count(&self, _: &str) -> Result<usize, StoreError> {
        Err(not_there("listing artifacts", "look at them in the workspace"))
    }

    async fn delete_artifacts(&self, _: &str) -> Result<(), StoreError> {
        Err(not_there("deleting artifacts", "delete them in the workspace"))
    }

    async fn naming_artifacts(&self, _: &ExperimentId, _: &TraceId) -> Result<Vec<TraceId>, StoreError> {
        Err(not_there("finding traces by their artifacts", "look at them in the workspace"))
    }
}
