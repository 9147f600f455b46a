//! Traces that are named one by one: their infos, read in pages by their ids.

use std::sync::Arc;

use async_trait::async_trait;

use super::DatabaseStore;
use super::asker::AT_ONCE;
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::{Looked, StoreError, Unseen, Walk, Writer};

/// A walk over traces of one experiment by their ids.
pub(super) struct Listed {
    pub(super) store: DatabaseStore,
    pub(super) experiment: ExperimentId,
    pub(super) ids: Arc<[TraceId]>,
    pub(super) at: usize,
    pub(super) looked: Looked<TraceInfo>,
}

#[async_trait]
impl Walk for Listed {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        while self.at < self.ids.len() {
            let end = self.ids.len().min(self.at + AT_ONCE);
            let ids = self.ids.get(self.at..end).unwrap_or_default();
            let looked = self.store.existing(&self.experiment, ids).await?;
            self.looked.extend(looked);
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
