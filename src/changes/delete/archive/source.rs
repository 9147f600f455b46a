//! Traces that are named one by one, as an export sees them: only those that can be had whole are written.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Wanted;
use crate::changes::RunContext;
use crate::changes::delete::DeletionPace;
use crate::export::{Choice, Item, Stretch, TraceSource, Versions};
use crate::interrupt::Interrupt;
use crate::model::{AttachmentRef, ExperimentId, ManifestFailure, TraceId};
use crate::progress::Progress;
use crate::store::{FailureKind, SpanReader, StoreError, Unseen, Writer};

/// The traces to be archived at a place.
pub struct ListedSource<'a> {
    server: &'a dyn Writer,
    ids: HashMap<ExperimentId, Arc<[TraceId]>>,
    interrupt: Interrupt,
    pace: DeletionPace,
    progress: Progress,
    failed: RefCell<Vec<ManifestFailure>>,
    gone: RefCell<HashSet<TraceId>>,
    versions: RefCell<&'a mut Versions>,
}

impl<'a> ListedSource<'a> {
    /// Before anything was read; `left` traces are not archived yet.
    pub fn new(
        context: &RunContext<'_>,
        server: &'a dyn Writer,
        pace: DeletionPace,
        (wanted, left): (&[Wanted<'_>], u64),
        versions: &'a mut Versions,
    ) -> Self {
        let ids = wanted.iter().map(|wanted| (wanted.experiment.id.clone(), Arc::clone(&wanted.ids)));
        let verbosity = context.ui.verbosity();
        let progress = if verbosity.progress || verbosity.quiet {
            Progress::new(verbosity.progress, Some(left), "archiving")
        } else {
            Progress::lines(context.ui.reporter(), Arc::new(left.into()), "archiving")
        };
        Self {
            server,
            ids: ids.collect(),
            interrupt: context.interrupt.clone(),
            pace,
            progress,
            failed: RefCell::default(),
            gone: RefCell::default(),
            versions: RefCell::new(versions),
        }
    }

    /// The traces that could not be read whole, and those that are not there any more.
    pub fn into_left_out(self) -> (Vec<ManifestFailure>, HashSet<TraceId>) {
        (self.failed.into_inner(), self.gone.into_inner())
    }
}

impl TraceSource for ListedSource<'_> {
    type Error = StoreError;
    type Walk = SpanReader;

    fn walk(&self, stretch: &Stretch, _: &Choice) -> Result<SpanReader, StoreError> {
        let experiment = stretch.experiment.clone().unwrap_or_else(|| ExperimentId::new(""));
        let ids = self.ids.get(&experiment).cloned().unwrap_or_default();
        let done = stretch.done.clone();
        let keep = Box::new(move |trace: &crate::model::Trace| !done.contains(&trace.info.trace_id));
        Ok(self.server.read_spans(self.server.listed(&experiment, ids), keep))
    }

    async fn next(&self, reader: &mut SpanReader) -> Result<Option<Item>, StoreError> {
        while let Some(read) = reader.next().await? {
            let failure = match read {
                Ok(trace) => {
                    self.versions.borrow_mut().note(&trace);
                    return Ok(Some(Item { trace, failure: None }));
                }
                Err(failure) => failure,
            };
            self.progress.advance(1);
            let (kind, reason) = (failure.kind(), failure.error.to_string());
            if kind == FailureKind::Gone {
                self.gone.borrow_mut().insert(failure.trace_id);
                continue;
            }
            let kind = kind.as_str().to_owned();
            self.failed.borrow_mut().push(ManifestFailure { trace_id: failure.trace_id, kind, reason });
        }
        Ok(None)
    }

    async fn late(&self, reader: SpanReader) -> Result<Vec<Item>, StoreError> {
        if let Some(walk) = reader.into_walk() {
            let (absent, unseen) = walk.missing();
            self.gone.borrow_mut().extend(absent.iter().cloned());
            let kind =
                |unseen: &Unseen| if unseen.is_forbidden { FailureKind::Forbidden } else { FailureKind::Unavailable };
            self.failed.borrow_mut().extend(unseen.iter().map(|unseen| ManifestFailure {
                trace_id: unseen.trace_id.clone(),
                kind: kind(unseen).as_str().to_owned(),
                reason: unseen.to_string(),
            }));
        }
        Ok(Vec::new())
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        self.server.attachment_or_why(reference).await
    }

    async fn interrupted(&self) {
        tokio::select! {
            () = self.interrupt.asked() => {}
            () = self.pace.ends() => {}
        }
    }

    fn wrote(&self) {
        self.progress.advance(1);
    }
}
