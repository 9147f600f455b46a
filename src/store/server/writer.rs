//! A tracking server as a [`Writer`].

use std::sync::Arc;

use async_trait::async_trait;

use super::ServerStore;
use crate::filter::Filter;
use crate::model::{
    ArtifactFolder, Assessment, AssessmentId, AssessmentKind, AttachmentRef, Experiment, ExperimentId, LabelSchema,
    Span, TraceId, TraceInfo,
};
use crate::store::{AssessmentUpdate, Decided, Looked, NewAssessment, StoreError, Walk, Writer};

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

    async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        Ok(self.set_tag(trace_id, key, value).await?)
    }

    async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, StoreError> {
        Ok(self.delete_tag(trace_id, key).await?)
    }

    async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        Ok(self.delete_traces(experiment, ids).await?)
    }

    async fn create_assessment(&self, trace_id: &TraceId, new: &NewAssessment) -> Result<Assessment, StoreError> {
        Ok(self.create_assessment(trace_id, new).await?)
    }

    async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        Ok(self.add_assessment(trace_id, new).await?)
    }

    async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), StoreError> {
        Ok(self.restore_assessment(trace_id, assessment).await?)
    }

    async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        Ok(self.update_assessment(trace_id, id, kind, update).await?)
    }

    async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError> {
        Ok(self.delete_assessment(trace_id, id).await?)
    }

    async fn label_schema(&self, experiment: &ExperimentId, name: &str) -> Result<Option<LabelSchema>, StoreError> {
        Ok(self.label_schema(experiment, name).await?)
    }

    async fn create_experiment(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        Ok(self.create_experiment(name).await?)
    }

    async fn send_spans(&self, experiment: &ExperimentId, body: &[u8]) -> Result<(), StoreError> {
        Ok(self.send_spans(experiment, body).await?)
    }

    async fn start_trace(&self, info: &TraceInfo) -> Result<TraceInfo, StoreError> {
        Ok(self.start_trace(info).await?)
    }

    async fn upload_span_file(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, StoreError> {
        Ok(self.upload_span_file(info, spans).await?)
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
        self.artifact_path(folder)
    }

    async fn artifact_count(&self, path: &str) -> Result<usize, StoreError> {
        Ok(self.artifact_count(path).await?)
    }

    async fn delete_artifacts(&self, path: &str) -> Result<(), StoreError> {
        Ok(self.delete_artifacts(path).await?)
    }

    async fn naming_artifacts(&self, experiment: &ExperimentId, id: &TraceId) -> Result<Vec<TraceId>, StoreError> {
        Ok(self.naming_artifacts(experiment, id).await?)
    }
}
