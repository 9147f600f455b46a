//! The tracking server as the place where deletion plans are carried out.

use std::collections::HashSet;

use crate::filter::Filter;
use crate::model::{ExperimentId, TraceId};
use crate::retention::{Recheck, Target};
use crate::store::{ServerStore, StoreError};

/// A server, and the rules by which traces are looked at again.
pub struct ServerTarget<'a> {
    /// Where the traces are.
    pub server: &'a ServerStore,
    /// A trace may go if one of them selects it and none that selects it keeps it.
    pub rules: Vec<RecheckRule>,
}

/// What a rule asks of a trace just before it is deleted. What it keeps by number is as it was when the plan was made.
pub struct RecheckRule {
    /// What selects; everything if it is empty.
    pub selection: Filter,
    /// What keeps.
    pub keep_if: Vec<Filter>,
}

impl Target for ServerTarget<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        let existing = self.existing(experiment, ids).await?;
        let (mut selected, mut kept) = (HashSet::new(), HashSet::new());
        for rule in &self.rules {
            let by_rule = if rule.selection.is_empty() {
                existing.clone()
            } else {
                self.matching(experiment, ids, Some(&rule.selection)).await?
            };
            for keep in &rule.keep_if {
                let matching = self.matching(experiment, ids, Some(keep)).await?;
                kept.extend(matching.into_iter().filter(|id| by_rule.contains(id)));
            }
            selected.extend(by_rule);
        }
        selected.retain(|id| !kept.contains(id));
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
