//! Traces that are named one by one: their infos, read in pages by their ids.
//!
//! Invariants: pages come in the order of the ids; every id is in a page, or among those that do not exist, or among those of
//! which that is not known.

use std::sync::Arc;

use futures_util::future::try_join_all;

use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::{Keep, Looked, SpanReader, Unseen, Walk};

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
    looked: Looked<TraceInfo>,
}

impl ServerStore {
    /// Reads traces of one experiment by their ids, in their order and with their spans, with bounded memory beside the ids.
    /// Those that are not shown are left out; once everything has been read, [`SpanReader::walk`] tells which they are.
    #[must_use]
    pub fn read_listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>, keep: Keep) -> SpanReader {
        let (server, experiment) = (self.clone(), experiment.clone());
        let listed = Listed { server, experiment, ids, at: 0, looked: Looked::default() };
        SpanReader::of_server(self.clone(), Walk::Listed(Box::new(listed)), keep)
    }
}

impl Listed {
    /// Of the ids that were looked for so far, those that do not exist and those of which that is not known.
    #[must_use]
    pub fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&self.looked.absent, &self.looked.unseen)
    }

    /// The next page; `None` at the end. Pages are not empty.
    pub(in crate::store) async fn next(&mut self) -> Result<Option<Vec<Trace>>, ServerError> {
        while self.at < self.ids.len() {
            let end = self.ids.len().min(self.at + BATCH * CONCURRENCY);
            let ids = self.ids.get(self.at..end).unwrap_or_default();
            let answers =
                try_join_all(ids.chunks(BATCH).map(|batch| self.server.existing(&self.experiment, batch))).await?;
            for looked in answers {
                self.looked.extend(looked);
            }
            self.at = end;
            if !self.looked.found.is_empty() {
                return Ok(Some(self.looked.found.drain(..).map(Trace::without_spans).collect()));
            }
        }
        Ok(None)
    }
}
