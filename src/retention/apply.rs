//! The applier: batches of explicit ids, each checked before and looked up after.

use std::collections::HashSet;

use super::Plan;
use crate::model::{ExperimentId, TraceId};

/// Ids per request: what `MLflow`'s own client sends, and the most that Databricks takes.
pub const BATCH: usize = 100;
/// After this many batches in a row that failed or deleted nothing, the rest is not attempted.
const FAILURES_IN_A_ROW: usize = 3;

/// What a batch looks like just before it is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recheck {
    /// Those that are there.
    pub existing: HashSet<TraceId>,
    /// Those of them that are still selected and not kept.
    pub selected: HashSet<TraceId>,
}

/// Where a plan is carried out.
pub trait Target {
    /// Why it may fail.
    type Error;

    /// Looks at a batch again: someone may have tagged a trace since the plan was made.
    fn recheck(&self, experiment: &ExperimentId, ids: &[TraceId])
    -> impl Future<Output = Result<Recheck, Self::Error>>;

    /// Deletes these ids and no others.
    fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> impl Future<Output = Result<u64, Self::Error>>;

    /// Which of these ids are there.
    fn existing(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
    ) -> impl Future<Output = Result<HashSet<TraceId>, Self::Error>>;
}

/// What became of a plan. The parts add up: deleted + spared + gone + remaining + not attempted = planned.
#[derive(Debug)]
pub struct Outcome<E> {
    /// How many were planned.
    pub planned: usize,
    /// Deleted and seen to be gone.
    pub deleted: usize,
    /// Kept because they no longer fit the policy when their turn came.
    pub spared: usize,
    /// Gone before their turn came.
    pub gone: usize,
    /// Still there, or not known to be gone, although they were to be deleted.
    pub remaining: Vec<TraceId>,
    /// Not attempted: the run was interrupted or too many batches failed.
    pub not_attempted: usize,
    /// What went wrong, in order.
    pub failures: Vec<E>,
}

/// Carries out a plan. `stop` is asked before every batch; `done` is told how many ids each batch settled.
pub async fn apply<T: Target>(
    plan: &Plan,
    target: &T,
    stop: impl Fn() -> bool,
    mut done: impl FnMut(usize),
) -> Outcome<T::Error> {
    let mut outcome = Outcome {
        planned: plan.traces.len(),
        deleted: 0,
        spared: 0,
        gone: 0,
        remaining: Vec::new(),
        not_attempted: 0,
        failures: Vec::new(),
    };
    let mut failures_in_a_row = 0;
    for batch in plan.traces.chunks(BATCH) {
        if stop() || failures_in_a_row >= FAILURES_IN_A_ROW {
            outcome.not_attempted += batch.len();
            continue;
        }
        let ids: Vec<TraceId> = batch.iter().map(|trace| trace.trace_id.clone()).collect();
        let before = (outcome.failures.len(), outcome.deleted, outcome.remaining.len());
        apply_batch(&plan.experiment.id, ids, target, &mut outcome).await;
        // A server that says yes and deletes nothing fails, too.
        let failed =
            outcome.failures.len() > before.0 || (outcome.deleted == before.1 && outcome.remaining.len() > before.2);
        failures_in_a_row = if failed { failures_in_a_row + 1 } else { 0 };
        done(batch.len());
    }
    outcome
}

async fn apply_batch<T: Target>(
    experiment: &ExperimentId,
    ids: Vec<TraceId>,
    target: &T,
    outcome: &mut Outcome<T::Error>,
) {
    let now = match target.recheck(experiment, &ids).await {
        Ok(now) => now,
        Err(error) => {
            outcome.failures.push(error);
            outcome.remaining.extend(ids);
            return;
        }
    };
    outcome.gone += ids.iter().filter(|id| !now.existing.contains(id)).count();
    outcome.spared += ids.iter().filter(|id| now.existing.contains(id) && !now.selected.contains(id)).count();
    let ids: Vec<TraceId> =
        ids.into_iter().filter(|id| now.existing.contains(id) && now.selected.contains(id)).collect();
    if ids.is_empty() {
        return;
    }
    // Whatever the answer, and above all if none came, only a look tells what is left.
    if let Err(error) = target.delete(experiment, &ids).await {
        outcome.failures.push(error);
    }
    match target.existing(experiment, &ids).await {
        Ok(left) => {
            outcome.deleted += ids.iter().filter(|id| !left.contains(id)).count();
            outcome.remaining.extend(ids.into_iter().filter(|id| left.contains(id)));
        }
        Err(error) => {
            outcome.failures.push(error);
            outcome.remaining.extend(ids);
        }
    }
}
