//! A tracking server, as an import sees it, and the attachments between an archive and it.

use super::attachments::Attachments;
use super::{Existing, ImportTarget, Restored};
use crate::export::otlp::{Batcher, Recipient};
use crate::model::{Assessment, AttachmentRef, ExperimentId, Span, Trace, TraceId, TraceInfo};
use crate::store::{FailureKind, Store, StoreError, Writer};

/// A tracking server that takes traces back.
pub struct ImportServer<'a> {
    /// Where traces go.
    server: &'a dyn Writer,
    /// Whether it takes new traces of any id.
    takes_odd_ids: bool,
    /// Whether it returns spans that were sent to its database.
    keeps_spans: bool,
}

/// The first two numbers of a version of `MLflow`.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

impl<'a> ImportServer<'a> {
    /// A server, as its version tells.
    #[must_use]
    pub fn new(server: &'a dyn Writer, version: Option<&str>) -> Self {
        let numbers = version.and_then(numbers);
        // Of an unknown version it is seen when they are sent.
        let takes_odd_ids = numbers.is_none_or(|numbers| numbers < (3, 18));
        let keeps_spans = numbers.is_none_or(|numbers| numbers >= (3, 6));
        Self { server, takes_odd_ids, keeps_spans }
    }
}

impl ImportTarget for ImportServer<'_> {
    type Error = StoreError;

    fn takes_odd_ids(&self) -> bool {
        self.takes_odd_ids
    }

    fn keeps_spans(&self) -> bool {
        self.keeps_spans
    }

    async fn existing(&self, ids: &[TraceId]) -> Result<Vec<Existing>, StoreError> {
        // A trace that is hidden is in an experiment of somebody else: the server refuses to start it here.
        let traces = self.server.infos_shown(ids).await?.into_iter().map(Trace::without_spans).collect::<Vec<_>>();
        let existing = self.server.whole(traces).await.into_iter().map(|read| match read {
            Ok(trace) => Existing { trace, unreadable: None },
            Err(failure) => {
                // What has not arrived is not there; what is kept back, or not understood, may be.
                let is_absent = matches!(failure.kind(), FailureKind::InProgress | FailureKind::SpansMissing);
                let unreadable = (!is_absent).then(|| failure.error.to_string());
                Existing { trace: *failure.trace, unreadable }
            }
        });
        Ok(existing.collect())
    }

    async fn send_spans(&self, experiment: &ExperimentId, trace: &Trace) -> Result<(), StoreError> {
        let mut gathering = Batcher::new(Recipient::Mlflow);
        let mut batches = gathering.push(trace);
        batches.extend(gathering.finish());
        for batch in batches {
            self.server.send_spans(experiment, &batch.body).await?;
        }
        Ok(())
    }

    async fn start(&self, info: &TraceInfo) -> Result<TraceInfo, StoreError> {
        self.server.start_trace(info).await
    }

    async fn upload(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, StoreError> {
        self.server.upload_span_file(info, spans).await
    }

    async fn restore(&self, id: &TraceId, assessment: &Assessment) -> Result<Restored, StoreError> {
        match self.server.restore_assessment(id, assessment).await {
            Ok(()) => Ok(Restored::Stored),
            Err(error) if error.is_id_taken() => Ok(Restored::IdTaken),
            Err(error) => Err(error),
        }
    }
}

/// From an archive to a tracking server.
pub struct AttachmentTarget<'a> {
    /// Where they come from.
    pub archive: &'a Store,
    /// Server that stores the attachments.
    pub server: &'a dyn Writer,
}

impl Attachments for AttachmentTarget<'_> {
    type Error = StoreError;

    async fn archived(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        self.archive.attachment(reference).await
    }

    async fn there(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        self.server.attachment(reference).await
    }

    async fn store(&self, reference: &AttachmentRef, content: bytes::Bytes) -> Result<Result<(), String>, StoreError> {
        let infos = self.server.infos_shown(std::slice::from_ref(&reference.trace_id)).await?;
        let Some(info) = infos.first() else {
            return Ok(Err(format!("trace {} does not exist", reference.trace_id)));
        };
        let is_taken = self.server.upload_attachment(info, reference, content).await?;
        Ok(if is_taken { Ok(()) } else { Err("the server does not accept files for this trace".to_owned()) })
    }
}
