//! A tracking server as a [`Reader`].

use async_trait::async_trait;
use serde::Serialize;

use super::ServerStore;
use super::assessments::failed;
use super::spans::Reading;
use crate::filter::FilterPlan;
use crate::model::{Assessment, AssessmentId, AttachmentRef, Experiment, ExperimentId, Trace, TraceId};
use crate::store::http::{Class, Expected, Method, Request};
use crate::store::{
    Checkup, Datasets, KeepTrace, Looked, Query, Reader, SpanReader, StoreError, TraceFailure, Walk, Writer,
};

#[derive(Serialize)]
struct OneExperiment {
    max_results: u32,
}

#[async_trait]
impl Reader for ServerStore {
    fn name(&self) -> &str {
        &self.name
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

    fn datasets(&self) -> Result<&dyn Datasets, StoreError> {
        Ok(self)
    }

    fn checkup(&self) -> Option<&dyn Checkup> {
        Some(self)
    }

    /// To the second: the `Date` of an answer.
    async fn clock_ms(&self) -> Result<Option<i64>, StoreError> {
        let (path, body) = ("/api/2.0/mlflow/experiments/search", OneExperiment { max_results: 1 });
        let request = Request::with_body("ask for the time", Class::Read, Method::POST, path, &body)
            .expecting(Expected::Experiments);
        Ok(self.transport.send(request).await?.date_ms)
    }

    async fn version(&self) -> Option<String> {
        self.wire.version().await
    }

    async fn plan(&self, query: &Query) -> Result<FilterPlan, StoreError> {
        Ok(query.filter.plan_for(self.wire.language_for(&query.filter, &query.experiments).await?))
    }

    async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        Ok(self.experiments(with_deleted).await?)
    }

    async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        Ok(self.experiment_by_name(name).await?)
    }

    async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        Ok(self.experiment_by_id(id).await?)
    }

    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError> {
        Ok(Box::new(self.searching(query, limit)))
    }

    async fn counted(&self, query: &Query) -> Result<Option<u64>, StoreError> {
        Ok(self.counted(query).await?)
    }

    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        Ok(self.infos(ids).await?.map(Trace::without_spans))
    }

    async fn assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, StoreError> {
        self.assessment(trace_id, id).await.map_err(failed)
    }

    async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        self.whole(traces).await
    }

    fn read_spans(&self, walk: Box<dyn Walk>, keep: KeepTrace) -> SpanReader {
        SpanReader::new(Reading::new(self.clone(), walk, keep))
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        match self.attachment(reference).await {
            Ok(there) => Ok(Some(there)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn attachment_or_why(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        self.attachment_or_why(reference).await
    }

    async fn linked(&self, experiments: &[ExperimentId]) -> Result<Option<u64>, StoreError> {
        self.linked(experiments).await
    }
}
