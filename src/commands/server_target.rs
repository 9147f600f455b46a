//! The tracking server as the place where deletion plans are carried out.

use std::collections::HashSet;

use crate::filter::Filter;
use crate::model::{ExperimentId, TraceId};
use crate::retention::{Recheck, Target};
use crate::store::{ServerStore, StoreError};

/// A server, and the policy by which traces are looked at again.
pub struct ServerTarget<'a> {
    /// Where the traces are.
    pub server: &'a ServerStore,
    /// What selects.
    pub selection: Filter,
    /// What keeps.
    pub keep_if: &'a [Filter],
}

impl Target for ServerTarget<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        let existing = self.existing(experiment, ids).await?;
        let mut selected = existing.clone();
        if !self.selection.is_empty() {
            selected = self.matching(experiment, ids, Some(&self.selection)).await?;
        }
        for keep in self.keep_if {
            let kept = self.matching(experiment, ids, Some(keep)).await?;
            selected.retain(|id| !kept.contains(id));
        }
        Ok(Recheck { existing, selected })
    }

    async fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        Ok(self.server.delete_traces(experiment, ids).await?)
    }

    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<HashSet<TraceId>, StoreError> {
        self.matching(experiment, ids, None).await
    }
}

impl ServerTarget<'_> {
    async fn matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: Option<&Filter>,
    ) -> Result<HashSet<TraceId>, StoreError> {
        let infos = match filter {
            Some(filter) => self.server.still_matching(experiment, ids, filter).await?,
            None => self.server.existing(experiment, ids).await?,
        };
        Ok(infos.into_iter().map(|info| info.trace_id).collect())
    }
}
