//! Traces that are named one by one: their infos, read in pages by their ids.
//!
//! Invariants: pages come in the order of the ids; every id is in a page, or among those that do not exist, or among those of
//! which that is not known.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;

use super::ServerStore;
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::{Looked, StoreError, Unseen, Walk};

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
    pub(super) fn listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Listed {
        let (server, experiment) = (self.clone(), experiment.clone());
        Listed { server, experiment, ids, at: 0, looked: Looked::default() }
    }
}

#[async_trait]
impl Walk for Listed {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
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

    fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&self.looked.absent, &self.looked.unseen)
    }
}
