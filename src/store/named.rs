//! Traces that are named one by one, wherever they are: read in pages, in the order in which they were named.

use async_trait::async_trait;

use super::{Looked, Store, StoreError, Unseen, Walk};
use crate::model::{Trace, TraceId};

/// Ids that are looked for at once.
const BATCH: usize = 400;
/// The same in a store that is read from beginning to end for each batch.
const BATCH_OF_ARCHIVE: usize = 5_000;

/// Walks over the traces of these ids, in their order. [`Walk::missing`] lists those that are not there.
#[must_use]
pub fn by_ids(store: &Store, ids: Vec<TraceId>) -> Box<dyn Walk> {
    Box::new(Named { store: store.clone(), ids, at: 0, looked: Looked::default() })
}

struct Named {
    store: Store,
    ids: Vec<TraceId>,
    at: usize,
    looked: Looked<Trace>,
}

#[async_trait]
impl Walk for Named {
    fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&self.looked.absent, &self.looked.unseen)
    }

    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
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
