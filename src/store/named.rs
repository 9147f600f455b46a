//! Traces that are named one by one, wherever they are: read in pages, in the order in which they were named.

use super::{Looked, Store, StoreError, Unseen};
use crate::model::{Trace, TraceId};

/// Ids that are looked for at once.
const BATCH: usize = 400;
/// The same in an archive, which is scanned once for each batch.
const BATCH_OF_ARCHIVE: usize = 5_000;

/// A walk over traces by their ids.
pub struct Named {
    store: Store,
    ids: Vec<TraceId>,
    at: usize,
    looked: Looked<Trace>,
}

impl Named {
    pub(super) fn new(store: Store, ids: Vec<TraceId>) -> Self {
        Self { store, ids, at: 0, looked: Looked::default() }
    }

    /// How many were named.
    #[must_use]
    pub fn named(&self) -> u64 {
        self.ids.len() as u64
    }

    /// Of the ids that were looked for so far, those that do not exist and those of which that is not known.
    #[must_use]
    pub fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&self.looked.absent, &self.looked.unseen)
    }

    /// The next page; `None` at the end. Pages are not empty.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        let batch = if self.store.needs_experiments() { BATCH } else { BATCH_OF_ARCHIVE };
        while self.at < self.ids.len() {
            let end = self.ids.len().min(self.at + batch);
            let looked = self.store.traces(self.ids.get(self.at..end).unwrap_or_default()).await?;
            self.at = end;
            self.looked.extend(looked);
            if !self.looked.found.is_empty() {
                return Ok(Some(std::mem::take(&mut self.looked.found)));
            }
        }
        Ok(None)
    }
}
