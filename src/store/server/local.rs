//! The part of a filter that the server cannot evaluate: asked here of what the server part found.
//!
//! Some of it only the server can decide after all (feedback that a session shares, linked runs and prompts). For each such
//! clause the server is asked once for the ids that match it. Spans are fetched only for traces that the rest leaves open.

use std::collections::HashSet;

use super::{ServerError, ServerStore};
use crate::filter::{Filter, Residual, ResidualMatcher, Truth};
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::StoreError;

/// A residual ready to be asked.
pub(super) struct LocalPart {
    matcher: ResidualMatcher,
    needs_spans: bool,
    /// For each clause that only the server can decide, the ids that match it.
    sets: Vec<HashSet<TraceId>>,
}

impl LocalPart {
    /// Prepares a residual for a search of whole experiments.
    pub async fn of_experiments(
        server: &ServerStore,
        experiments: &[ExperimentId],
        residual: &Residual,
    ) -> Result<Self, StoreError> {
        let mut sets = Vec::with_capacity(residual.server_sets().len());
        for filter in residual.server_sets() {
            sets.push(server.ids_of(experiments, filter).await?);
        }
        Ok(Self { matcher: residual.matcher(), needs_spans: residual.needs_spans(), sets })
    }

    /// Prepares a residual for these traces only, one page of them at the most.
    pub async fn of_ids(
        server: &ServerStore,
        experiment: &ExperimentId,
        ids: &[TraceId],
        residual: &Residual,
    ) -> Result<Self, ServerError> {
        let mut sets = Vec::with_capacity(residual.server_sets().len());
        for filter in residual.server_sets() {
            let found = server.among(experiment, ids, filter).await?;
            sets.push(found.into_iter().map(|info| info.trace_id).collect());
        }
        Ok(Self { matcher: residual.matcher(), needs_spans: residual.needs_spans(), sets })
    }

    /// Those of the traces that match, in order. A trace whose spans are needed and cannot be read is an error: leaving it
    /// out, or in, would be a guess.
    pub async fn keep(&self, server: &ServerStore, infos: Vec<TraceInfo>) -> Result<Vec<Trace>, StoreError> {
        let mut open = Vec::new();
        let mut decided: Vec<Option<Trace>> = Vec::with_capacity(infos.len());
        for trace in infos.into_iter().map(Trace::without_spans) {
            match self.ask(&trace) {
                Truth::True => decided.push(Some(trace)),
                Truth::Unknown if self.needs_spans => {
                    decided.push(None);
                    open.push((decided.len() - 1, trace));
                }
                Truth::False | Truth::Unknown => decided.push(None),
            }
        }
        let (places, traces): (Vec<usize>, Vec<Trace>) = open.into_iter().unzip();
        for (place, read) in places.into_iter().zip(server.with_spans(traces).await) {
            let trace = read.map_err(|failure| StoreError::Undecided {
                trace_id: failure.trace_id,
                reason: Box::new(failure.error),
            })?;
            if self.ask(&trace) == Truth::True {
                decided[place] = Some(trace);
            }
        }
        Ok(decided.into_iter().flatten().collect())
    }

    fn ask(&self, trace: &Trace) -> Truth {
        self.matcher.matches(trace, &|set, id| self.sets.get(set).is_some_and(|ids| ids.contains(id)))
    }
}

impl ServerStore {
    /// Which of these traces (100 at the most) are there and match a filter, asked by explicit ids so that no paging can
    /// lose one.
    pub async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Vec<TraceInfo>, StoreError> {
        let plan = filter.plan();
        let found = self.among(experiment, ids, plan.server_text()).await?;
        let Some(residual) = plan.residual() else { return Ok(found) };
        let local = LocalPart::of_ids(self, experiment, ids, residual).await?;
        let kept = local.keep(self, found).await?;
        Ok(kept.into_iter().map(|trace| trace.info).collect())
    }
}
