//! The tracking server as the place where tags are changed.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::{Recheck, TagTarget};
use crate::filter::Filter;
use crate::model::{ExperimentId, TraceId, TraceInfo};
use crate::store::{Looked, StoreError, Writer};

/// A server, and what selected the traces.
pub struct TagServer<'a> {
    /// Where the traces are.
    pub server: &'a dyn Writer,
    /// What must still match; traces named by id always do.
    pub selection: Option<&'a Filter>,
    /// The traces of the first batch, if they were read a moment ago.
    pub fresh: RefCell<Vec<TraceInfo>>,
}

impl TagTarget for TagServer<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: Option<&ExperimentId>, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        if let (Some(filter), Some(experiment)) = (self.selection, experiment) {
            return self.recheck_selected(experiment, ids, filter).await;
        }
        let fresh = self.fresh.take();
        let is_fresh = fresh.iter().map(|info| &info.trace_id).eq(ids);
        if is_fresh {
            return Ok(recheck(Looked { found: fresh, ..Looked::default() }));
        }
        match experiment {
            Some(experiment) => Ok(recheck(self.server.existing(experiment, ids).await?)),
            None => self.existing(ids).await,
        }
    }

    async fn set(&self, id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        self.server.set_tag(id, key, value).await
    }

    async fn delete(&self, id: &TraceId, key: &str) -> Result<(), StoreError> {
        self.server.delete_tag(id, key).await?;
        Ok(())
    }

    async fn existing(&self, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        Ok(recheck(self.server.infos(ids).await?))
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
        let mut unknown = HashMap::new();
        if !others.is_empty() {
            let others = recheck(self.server.existing(experiment, &others).await?);
            existing.extend(others.existing);
            unknown = others.unknown;
        }
        Ok(Recheck { existing, selected, unknown })
    }
}

/// Traces that nothing but their ids selects.
fn recheck(looked: Looked<TraceInfo>) -> Recheck {
    let selected = looked.found.iter().map(|info| info.trace_id.clone()).collect();
    Recheck { selected, unknown: looked.reasons(), existing: looked.found }
}
