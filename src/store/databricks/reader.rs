//! A workspace as a [`Reader`].

use async_trait::async_trait;
use serde_json::json;

use super::reading::Reading;
use super::routes::checked;
use super::walk::Found;
use super::{DatabricksStore, not_there};
use crate::model::{Assessment, AssessmentId, AttachmentRef, Experiment, ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::http::{Class, Expected, Method, Request};
use crate::store::{KeepTrace, Looked, Query, Reader, SpanReader, StoreError, TraceFailure, Walk, Writer};

const ATTACHMENTS: &str = "reading attachments";
const INSTEAD: &str = "read them with MLflow's own client";

#[async_trait]
impl Reader for DatabricksStore {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn needs_experiments(&self) -> bool {
        true
    }

    fn has_links(&self) -> bool {
        true
    }

    fn writer(&self) -> Result<&dyn Writer, StoreError> {
        Ok(self)
    }

    /// To the second: the `Date` of an answer.
    async fn clock_ms(&self) -> Result<Option<i64>, StoreError> {
        let (path, body) = ("/api/2.0/mlflow/experiments/search", json!({"max_results": 1}));
        let request = Request::with_body("ask for the time", Class::Read, Method::POST, path, &body);
        Ok(self.send(request.expecting(Expected::Experiments)).await?.date_ms)
    }

    async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        Ok(self.all_experiments(with_deleted).await?)
    }

    async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        Ok(self.by_name(name).await?)
    }

    async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        Ok(self.by_id(id).await?)
    }

    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError> {
        checked(&query.experiments)?;
        Ok(Box::new(Found::new(self, query, limit)))
    }

    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        Ok(self.looked(ids).await?.map(Trace::without_spans))
    }

    async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        self.looked(ids).await
    }

    async fn assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, StoreError> {
        self.find_assessment(trace_id, id).await
    }

    async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        self.with_all_spans(traces).await
    }

    fn read_spans(&self, walk: Box<dyn Walk>, keep: KeepTrace) -> SpanReader {
        SpanReader::new(Reading::new(self.clone(), walk, keep))
    }

    async fn attachment(&self, _: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        Err(not_there(ATTACHMENTS, INSTEAD))
    }

    async fn attachment_or_why(&self, _: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        Ok(Err(not_there(ATTACHMENTS, INSTEAD).to_string()))
    }

    async fn linked(&self, _: &[ExperimentId]) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }
}
