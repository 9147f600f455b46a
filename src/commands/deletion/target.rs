//! The tracking server as the place where deletion plans are carried out.

use std::collections::HashSet;

use super::archive::Archived;
use super::rules::DeletionRule;
use crate::filter::Filter;
use crate::model::{ExperimentId, TraceId, TraceInfo};
use crate::retention::{Recheck, Target};
use crate::store::{ServerStore, StoreError};

/// A server, and the rules by which traces are looked at again.
pub struct ServerTarget<'a> {
    /// Where the traces are.
    pub server: &'a ServerStore,
    /// What may be deleted.
    pub rules: &'a [DeletionRule],
    /// What is archived, and what could not be.
    pub archived: &'a Archived,
}

impl Target for ServerTarget<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Recheck, StoreError> {
        let infos = self.server.existing(experiment, ids).await?;
        let (existing, not_archived) = (ids_of(&infos), ids_of(infos.iter().filter(|info| self.archived.keeps(info))));
        let (mut selected, mut kept) = (HashSet::new(), HashSet::new());
        for rule in self.rules.iter().filter(|rule| rule.is_about(experiment)) {
            let by_rule = if rule.filter.is_empty() {
                existing.clone()
            } else {
                self.matching(experiment, ids, &rule.filter).await?
            };
            for keep in &rule.keep_if {
                let matching = self.matching(experiment, ids, keep).await?;
                kept.extend(matching.into_iter().filter(|id| by_rule.contains(id)));
            }
            selected.extend(by_rule);
        }
        selected.retain(|id| !kept.contains(id) && !not_archived.contains(id));
        let going = ids.iter().filter(|id| selected.contains(*id));
        let doubted = self.archived.doubted(self.server, experiment, going).await?;
        selected.retain(|id| !doubted.contains(id));
        Ok(Recheck { existing, selected })
    }

    async fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        Ok(self.server.delete_traces(experiment, ids).await?)
    }

    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<HashSet<TraceId>, StoreError> {
        Ok(ids_of(&self.server.existing(experiment, ids).await?))
    }
}

impl ServerTarget<'_> {
    async fn matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<HashSet<TraceId>, StoreError> {
        Ok(ids_of(&self.server.still_matching(experiment, ids, filter).await?))
    }
}

fn ids_of<'i>(infos: impl IntoIterator<Item = &'i TraceInfo>) -> HashSet<TraceId> {
    infos.into_iter().map(|info| info.trace_id.clone()).collect()
}
