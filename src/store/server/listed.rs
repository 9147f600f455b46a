//! Traces that are named one by one: their infos, read in pages by their ids.
//!
//! Invariants: pages come in the order of the ids; every id is either in a page or among those that are missing.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::try_join_all;

use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::{Keep, SpanReader, Walk};

/// Ids per request.
const BATCH: usize = 100;
/// Requests under way at once.
const CONCURRENCY: usize = 4;

/// A walk over traces of one experiment by their ids.
pub struct Listed {
    server: ServerStore,
    experiment: ExperimentId,
    ids: Arc<[TraceId]>,
    at: usize,
    missing: Vec<TraceId>,
}

impl ServerStore {
    /// Reads traces of one experiment by their ids, in their order and with their spans, with bounded memory beside the ids.
    /// Those that are not there are left out; once everything has been read, [`SpanReader::walk`] tells which they are.
    #[must_use]
    pub fn read_listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>, keep: Keep) -> SpanReader {
        let (server, experiment) = (self.clone(), experiment.clone());
        let listed = Listed { server, experiment, ids, at: 0, missing: Vec::new() };
        SpanReader::of_server(self.clone(), Walk::Listed(Box::new(listed)), keep)
    }
}

impl Listed {
    /// The ids that were looked for so far and are not there.
    #[must_use]
    pub fn missing(&self) -> &[TraceId] {
        &self.missing
    }

    /// The next page; `None` at the end. Pages are not empty.
    pub(in crate::store) async fn next(&mut self) -> Result<Option<Vec<Trace>>, ServerError> {
        while self.at < self.ids.len() {
            let end = self.ids.len().min(self.at + BATCH * CONCURRENCY);
            let ids = self.ids.get(self.at..end).unwrap_or_default();
            let answers = try_join_all(ids.chunks(BATCH).map(|batch| self.read(batch))).await?;
            let page: Vec<Trace> = answers.into_iter().flatten().map(Trace::without_spans).collect();
            let there: HashSet<&TraceId> = page.iter().map(|trace| &trace.info.trace_id).collect();
            let missing: Vec<TraceId> = ids.iter().filter(|id| !there.contains(id)).cloned().collect();
            self.missing.extend(missing);
            self.at = end;
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// One batch, in the order of the ids.
    async fn read(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, ServerError> {
        let mut infos = self.server.existing(&self.experiment, ids).await?;
        let place = |info: &TraceInfo| ids.iter().position(|id| *id == info.trace_id);
        infos.retain(|info| place(info).is_some());
        infos.sort_by_cached_key(place);
        infos.dedup_by(|copy, first| copy.trace_id == first.trace_id);
        Ok(infos)
    }
}
