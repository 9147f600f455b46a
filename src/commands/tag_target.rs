//! The tracking server as the place where tags are changed.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::changes::tags::{Recheck, Target};
use crate::filter::Filter;
use crate::model::{ExperimentId, TraceId, TraceInfo};
use crate::store::{ServerStore, StoreError};

/// A server, and what selected the traces.
pub struct TagServer<'a> {
    /// Where the traces are.
    pub server: &'a ServerStore,
    /// What must still match; traces named by id always do.
    pub selection: Option<&'a Filter>,
    /// The traces of the first batch, if they were read a moment ago.
    pub fresh: RefCell<Vec<TraceInfo>>,
}

impl Target for TagServer<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: Option<&ExperimentId>, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        if let (Some(filter), Some(experiment)) = (self.selection, experiment) {
            return self.recheck_selected(experiment, ids, filter).await;
        }
        let fresh = self.fresh.take();
        let is_fresh = fresh.iter().map(|info| &info.trace_id).eq(ids);
        let existing = match (is_fresh, experiment) {
            (true, _) => fresh,
            (false, Some(experiment)) => self.server.existing(experiment, ids).await?,
            (false, None) => self.existing(ids).await?,
        };
        let selected = existing.iter().map(|info| info.trace_id.clone()).collect();
        Ok(Recheck { existing, selected })
    }

    async fn set(&self, id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        Ok(self.server.set_tag(id, key, value).await?)
    }

    async fn delete(&self, id: &TraceId, key: &str) -> Result<(), StoreError> {
        self.server.delete_tag(id, key).await?;
        Ok(())
    }

    async fn existing(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        Ok(self.server.infos(ids).await?)
    }
}

impl TagServer<'_> {
    /// What matches is there: only the others have to be looked for.
    async fn recheck_selected(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Recheck, StoreError> {
        let matching = self.server.still_matching(experiment, ids, filter).await?.matching;
        let mut existing: Vec<TraceInfo> = matching.into_iter().map(|trace| trace.info).collect();
        let selected: HashSet<TraceId> = existing.iter().map(|info| info.trace_id.clone()).collect();
        let others: Vec<TraceId> = ids.iter().filter(|id| !selected.contains(*id)).cloned().collect();
        if !others.is_empty() {
            existing.extend(self.server.existing(experiment, &others).await?);
        }
        Ok(Recheck { existing, selected })
    }
}
