//! What every store can do: tell of itself, find traces and read them.

use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;

use super::protection::{Protected, Protection};
use super::{
    Address, Checkup, Datasets, Health, KeepTrace, Looked, Proof, Query, SpanReader, StoreError, TraceFailure,
    Undecided, Unseen, Writer,
};
use crate::filter::FilterPlan;
use crate::model::{Assessment, AssessmentId, AttachmentRef, Experiment, ExperimentId, Trace, TraceId, TraceInfo};

/// An opened store; clones share it. What it can do beside being written, it does as the [`Reader`] in it.
#[derive(Clone)]
pub struct Store {
    reader: Arc<dyn Reader>,
    protected: Option<Arc<Protected>>,
}

impl Store {
    /// The same store, which refuses to be written where one of these says so.
    #[must_use]
    pub fn protected(self, address: &Address, by: &[Protection]) -> Self {
        let protected = Protected { address: address.clone(), by: by.to_vec() };
        Self { protected: Some(Arc::new(protected)), ..self }
    }

    /// The store as one that can be written. This is the only way to it, so that nothing is changed that is protected.
    pub fn writer(&self) -> Result<&dyn Writer, StoreError> {
        if let Some(by) = self.protected.as_ref().and_then(|protected| protected.refusing()) {
            return Err(by.error());
        }
        self.reader.writer()
    }
}

impl Deref for Store {
    type Target = dyn Reader;

    fn deref(&self) -> &Self::Target {
        &*self.reader
    }
}

impl<R: Reader + 'static> From<R> for Store {
    fn from(reader: R) -> Self {
        Self { reader: Arc::new(reader), protected: None }
    }
}

/// A source of traces.
///
/// What has a body here is right for a store that has whole traces at hand and never changes.
#[async_trait]
pub trait Reader: Send + Sync {
    /// What to call it in messages; never credentials.
    fn name(&self) -> &str;

    /// Whether a search must name experiments; other stores are searched whole by default.
    fn needs_experiments(&self) -> bool {
        false
    }

    /// Whether traces can be linked to runs there, which nothing tells that is returned of a trace.
    fn has_links(&self) -> bool {
        false
    }

    /// Why ids of experiments need not mean the same in all of it, if so.
    fn at_odds(&self) -> Option<&str> {
        None
    }

    /// The store as one that can be written; others refuse. Whoever changes something asks [`Store::writer`].
    fn writer(&self) -> Result<&dyn Writer, StoreError> {
        Err(StoreError::ReadOnly { store: self.name().to_owned() })
    }

    /// The store as one with evaluation datasets; others have none.
    fn datasets(&self) -> Result<&dyn Datasets, StoreError> {
        Err(StoreError::NoDatasets { store: self.name().to_owned() })
    }

    /// The store as one that can be looked over, beyond what every store is asked.
    fn checkup(&self) -> Option<&dyn Checkup> {
        None
    }

    /// What time it is there, in epoch milliseconds; `None` if it tells no time.
    async fn clock_ms(&self) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }

    /// Which version of `MLflow` it runs; `None` where that is not told.
    async fn version(&self) -> Option<String> {
        None
    }

    /// Holds every file against the SHA-256 in its manifest. Returns how many files no manifest tells of; `None` where a store
    /// has no manifests.
    async fn verify(&self) -> Result<Option<usize>, StoreError> {
        Ok(None)
    }

    /// Every experiment, deleted ones only if asked for.
    async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError>;

    /// The experiment of a name, deleted or not.
    async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        Ok(self.experiments(true).await?.into_iter().find(|experiment| experiment.name == name))
    }

    /// The experiment of an id, deleted or not.
    async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        Ok(self.experiments(true).await?.into_iter().find(|experiment| experiment.id == *id))
    }

    /// Which part of a filter it decides itself, and which is decided here after it was asked.
    async fn plan(&self, query: &Query) -> Result<FilterPlan, StoreError> {
        Ok(query.filter.plan())
    }

    /// Starts a search that yields at most `limit` traces, everything without a limit.
    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError>;

    /// The number of matches by one call that reads none of them; `None` where there is no such call for this query.
    async fn counted(&self, _query: &Query) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    /// The number of matches where it can be told before they are read.
    async fn known_total(&self, query: &Query) -> Option<u64> {
        self.counted(query).await.ok().flatten()
    }

    /// The number of matches, by reading them if need be; with the traces of which it cannot be known whether they match.
    async fn count(&self, query: &Query) -> Result<(u64, Vec<Undecided>), StoreError> {
        if let Some(count) = self.counted(query).await? {
            return Ok((count, Vec::new()));
        }
        let (mut walk, mut count) = (self.search(query, None)?, 0);
        while let Some(page) = walk.next_page().await? {
            count += page.len() as u64;
        }
        Ok((count, walk.undecided().to_vec()))
    }

    /// Traces by id: whole where the store has them at hand, else their infos only.
    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError>;

    /// The infos of traces by id.
    async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        Ok(self.traces(ids).await?.map(|trace| trace.info))
    }

    /// An assessment of a trace; `None` if there is none, or no such trace.
    async fn assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, StoreError> {
        let infos = self.infos(std::slice::from_ref(trace_id)).await?.found;
        let mut assessments = infos.into_iter().flat_map(|info| info.assessments);
        Ok(assessments.find(|assessment| assessment.id().as_ref() == Some(id)))
    }

    /// Traces with their spans, in the order of the infos; each fails on its own. Traces of which some spans are there
    /// come with those; [`SpanReader`] is stricter, and the one to use for many traces.
    async fn with_spans(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        self.whole(traces).await.into_iter().map(|read| read.or_else(TraceFailure::partial)).collect()
    }

    /// Traces with all of their spans, in order; each fails on its own, also if it has only some of them.
    async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        traces.into_iter().map(Ok).collect()
    }

    /// Reads on from a search: those of its traces that are to be kept, with their spans, read ahead with bounded memory.
    fn read_spans(&self, walk: Box<dyn Walk>, keep: KeepTrace) -> SpanReader {
        SpanReader::at_hand(walk, keep)
    }

    /// The content of an attachment; `None` if it is not there.
    async fn attachment(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError>;

    /// The content of an attachment, or why it cannot be had. Fails only with what every other question will meet, too.
    async fn attachment_or_why(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError>;

    /// How the store is, for whoever runs it, at this moment in epoch milliseconds; `None` where nobody here can tell. It reads
    /// all of what it tells the size of.
    async fn health(&self, _now_ms: i64) -> Result<Option<Health>, StoreError> {
        Ok(None)
    }

    /// How many traces of these experiments are linked to runs that they were not recorded in; `None` if that cannot be found
    /// out at a reasonable price.
    async fn linked(&self, _experiments: &[ExperimentId]) -> Result<Option<u64>, StoreError> {
        Ok(Some(0))
    }
}

/// A search under way: pages of traces in order, without duplicates.
#[async_trait]
pub trait Walk: Send + Sync {
    /// The next page; `None` at the end. Pages are not empty. With a limit the last page may hold more than was asked for:
    /// the proof that there are more.
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError>;

    /// How many traces were read, if more had to be read than match.
    fn scanned(&self) -> Option<u64> {
        None
    }

    /// Traces of which it cannot be known whether they match, among those that were read so far; they are not in the pages.
    fn undecided(&self) -> &[Undecided] {
        &[]
    }

    /// Of traces that were named one by one and read so far, those that do not exist and those of which that is not known.
    fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&[], &[])
    }

    /// Holds what was read to the end against the store's own count; what is found only now is returned. With `thorough`, also
    /// where only a second reading can tell. What does not change needs no proof.
    async fn prove(&self, _thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        Ok(None)
    }

    /// Leaves out the spans that a store has at hand, where nobody will look at them.
    fn leave_out_spans(&mut self) {}
}
