//! What a store can do that can be written, and what changes rest on.
//!
//! Invariants: a change names what it changes, by explicit ids; what an answer says was done is looked at by whoever asked
//! for it; what might happen twice is looked up before it is sent again.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{Decided, Looked, Reader, StoreError, Walk};
use crate::filter::Filter;
use crate::model::{
    ArtifactFolder, Assessment, AssessmentId, AssessmentKind, AttachmentRef, Experiment, ExperimentId, LabelSchema,
    Span, TraceId, TraceInfo,
};

/// What to change in an assessment.
#[derive(Clone, Debug, Default)]
pub struct AssessmentUpdate {
    /// New name.
    pub name: Option<String>,
    /// New value.
    pub value: Option<Value>,
    /// New rationale; empty clears it.
    pub rationale: Option<String>,
    /// Metadata to add or replace.
    pub metadata: Map<String, Value>,
}

/// A store that can be written.
#[async_trait]
pub trait Writer: Reader {
    /// What is known about traces of one experiment (at most 100): a search shows those that are there.
    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError>;

    /// Those of these traces of one experiment (at most 100) that a search shows. The others are gone only if the same
    /// search has shown them before and their deletion was sent since; else see [`Writer::existing`].
    async fn shown(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError>;

    /// Those of these traces that the store shows, for callers to whom it makes no difference whether the others are hidden
    /// or absent; see [`Reader::infos`] for all who say which.
    async fn infos_shown(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError>;

    /// Which of these traces (at most 100) are there and match a filter, asked by explicit ids so that no paging can
    /// lose one.
    async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Decided, StoreError>;

    /// The traces with this client request id in these experiments, at most two: none, one or several is all that
    /// callers need to know. The id must hold at most one kind of quotes.
    async fn by_client_request_id(&self, experiments: &[ExperimentId], id: &str) -> Result<Vec<TraceInfo>, StoreError>;

    /// A walk over traces of one experiment by their ids, in their order and with bounded memory beside the ids. Those that
    /// are not shown are left out; once everything has been read, [`Walk::missing`] tells which they are.
    fn listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Box<dyn Walk>;

    /// Sets a tag.
    async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), StoreError>;

    /// Deletes a tag; false if the trace had no such tag.
    async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, StoreError>;

    /// Those of these traces that it does not delete although they are there, each with the reason, which is no failure.
    async fn not_deleted(&self, _ids: &[TraceId]) -> Result<Vec<(TraceId, StoreError)>, StoreError> {
        Ok(Vec::new())
    }

    /// Whether traces of an experiment can be deleted at all; fails with what to do instead.
    fn takes_deletions(&self, _experiment: &ExperimentId) -> Result<(), StoreError> {
        Ok(())
    }

    /// Deletes traces. Returns how many the store says it deleted; ids of other experiments and unknown ones are ignored.
    /// Repeating it is safe.
    async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError>;

    /// Fails if it is known to have no assessments, before anything is sent.
    fn takes_assessments(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Logs an assessment in `MLflow`'s JSON, which must have an id. When the answer is lost, looks whether it is there
    /// before it is sent again. Returns what is stored under the id, which need not be what was sent if the id was taken:
    /// compare.
    async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError>;

    /// Stores an assessment as it was, which must have an id; one that is there already is no failure. Whether a failure
    /// means that its id is another trace's, tells [`StoreError::is_id_taken`].
    async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), StoreError>;

    /// Changes an assessment. `kind` must be the kind that it has.
    async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError>;

    /// Deletes an assessment; the store says yes even to unknown ids, so look before and after.
    async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError>;

    /// What an experiment declares for the name of an assessment; `None` if it declares nothing.
    async fn label_schema(&self, experiment: &ExperimentId, name: &str) -> Result<Option<LabelSchema>, StoreError>;

    /// Fails if it takes no traces that come from elsewhere.
    async fn check_imports(&self) -> Result<(), StoreError> {
        self.check_takes_traces()
    }

    /// Fails if it takes neither traces nor experiments that are new.
    fn check_takes_traces(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Creates an experiment; `None` if it is not there afterwards. Without a place for its files the store finds one.
    async fn create_experiment(
        &self,
        name: &str,
        tags: &[(String, String)],
        artifact_location: Option<&str>,
    ) -> Result<Option<Experiment>, StoreError>;

    /// Stores spans, an encoded `ExportTraceServiceRequest`: all of them or none, each in the place of the one with its ids.
    async fn send_spans(&self, experiment: &ExperimentId, body: &[u8]) -> Result<(), StoreError>;

    /// Stores the info of a trace, in the place of what is known about the trace; tags, metadata and assessments are added.
    /// Returns what is stored, values uncut. Tags that the store sets itself must not be among those sent.
    async fn start_trace(&self, info: &TraceInfo) -> Result<TraceInfo, StoreError>;

    /// Stores spans as the file that belongs to a trace. False if the store takes no files for it.
    async fn upload_span_file(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, StoreError>;

    /// Stores an attachment of a trace. False if the store takes no files for it.
    async fn upload_attachment(
        &self,
        info: &TraceInfo,
        reference: &AttachmentRef,
        content: bytes::Bytes,
    ) -> Result<bool, StoreError>;

    /// The path of a folder below the root of this store's artifacts; nothing if it is reached in another way.
    fn artifact_path<'f>(&self, folder: &'f ArtifactFolder) -> Option<&'f str>;

    /// How many files and folders are in a folder of artifacts; none if it is not there.
    async fn artifact_count(&self, path: &str) -> Result<usize, StoreError>;

    /// Deletes a folder of artifacts with everything in it. Repeating it is safe; whether it is gone, only
    /// [`Writer::artifact_count`] tells.
    async fn delete_artifacts(&self, path: &str) -> Result<(), StoreError>;

    /// The traces of the experiment, at most two, whose tag leads into the folder of this one, however it is spelled:
    /// itself while it is there, and nobody else. The id must be one that is in the path of an [`ArtifactFolder`].
    async fn naming_artifacts(&self, experiment: &ExperimentId, id: &TraceId) -> Result<Vec<TraceId>, StoreError>;
}
