//! The applier: batches of explicit ids, each checked before and looked up after.
//!
//! Batches adapt to the server: one that was not answered or took long is followed by half of it, quick ones by more again.
//! What is about to be deleted is told before, and what became of every trace after, so that a journal can hold both.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::io;
use std::time::{Duration, Instant};

use crate::model::{Experiment, ExperimentId, TraceId};
use crate::retention::{Plan, Planned, Totals};

/// Maximum number of ids per request: what `MLflow`'s own client sends, and the most that Databricks takes.
pub const BATCH: usize = 100;
/// A batch that took longer is followed by a smaller one, one that took less by a larger one.
const SLOW: Duration = Duration::from_secs(10);
const QUICK: Duration = Duration::from_secs(3);
/// After this many batches in a row that failed or deleted nothing, the rest is not attempted.
const FAILURES_IN_A_ROW: usize = 3;

/// What a batch looks like just before it is deleted.
#[derive(Clone, Debug)]
pub struct Recheck<E> {
    /// Those that are there.
    pub existing: HashSet<TraceId>,
    /// Those of them that are still selected and not kept.
    pub selected: HashSet<TraceId>,
    /// Why others of them stay, where there is more to say than that.
    pub reasons: HashMap<TraceId, String>,
    /// Those that may or may not exist, with the reason: what is not shown need not be gone.
    pub unknown: HashMap<TraceId, E>,
    /// Those that are there, are still selected, and are not deleted by the store, with the reason.
    pub refused: HashMap<TraceId, E>,
}

impl<E> Default for Recheck<E> {
    fn default() -> Self {
        Self {
            existing: HashSet::new(),
            selected: HashSet::new(),
            reasons: HashMap::new(),
            unknown: HashMap::new(),
            refused: HashMap::new(),
        }
    }
}

/// Where a plan is carried out.
pub trait DeletionTarget {
    /// Error of the underlying store.
    type Error;

    /// Looks at a batch again: someone may have tagged a trace since the plan was made, or logged it again.
    fn recheck(
        &self,
        experiment: &Experiment,
        traces: &[Planned],
    ) -> impl Future<Output = Result<Recheck<Self::Error>, Self::Error>>;

    /// Deletes these ids and no others.
    fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> impl Future<Output = Result<u64, Self::Error>>;

    /// Which of these ids, which were there before their deletion was sent, are still there.
    fn existing(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
    ) -> impl Future<Output = Result<HashSet<TraceId>, Self::Error>>;
}

/// What became of one trace of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Deleted and seen to be gone.
    Deleted,
    /// Kept, because it no longer fits what selected it.
    Spared,
    /// Gone before its turn came.
    Gone,
    /// Still there, or not known to be gone, although it was to be deleted.
    Remaining,
}

/// Who watches a plan being carried out, and when it has to end.
pub trait Recorder {
    /// Whether no other batch may begin.
    fn is_over(&self) -> bool;

    /// Waits between two batches.
    fn pause(&self) -> impl Future<Output = ()>;

    /// The deletion of these is sent next. Nothing is sent if this fails, or ever after.
    fn sending(&mut self, plan: &Plan, traces: &[&Planned]) -> io::Result<()>;

    /// What is left to do for traces that were settled. Nothing else is sent if this fails.
    fn batch_ended(&mut self) -> impl Future<Output = io::Result<()>> {
        async { Ok(()) }
    }

    /// What became of a trace, and what the server said about it; told once of every trace that was attempted. Nothing else
    /// is sent if this fails.
    fn settled(&mut self, plan: &Plan, trace: &Planned, fate: Fate, answer: Option<&str>) -> io::Result<()>;
}

/// What became of a plan. The parts add up: deleted + spared + gone + remaining + not attempted = planned.
#[derive(Debug)]
pub struct PlanOutcome<E> {
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
    /// Those of them that the store does not delete.
    pub refused: usize,
    /// Not attempted: the run was interrupted or too many batches failed.
    pub not_attempted: usize,
    /// What went wrong, in order.
    pub failures: Vec<E>,
    /// Why the first trace was refused.
    pub refusal: Option<E>,
    /// Why nothing more could be written down, which ended the run.
    pub broken: Option<io::Error>,
}

/// The numbers of a run after its plans were carried out.
#[must_use]
pub fn carried_out<E>(totals: Totals, outcomes: &[PlanOutcome<E>]) -> Totals {
    let sum = |part: fn(&PlanOutcome<E>) -> usize| outcomes.iter().map(part).sum::<usize>() as u64;
    Totals {
        deleted: sum(|outcome| outcome.deleted),
        spared: sum(|outcome| outcome.spared),
        gone: sum(|outcome| outcome.gone),
        remaining: sum(|outcome| outcome.remaining.len()),
        ..totals
    }
}

/// Carries out a plan.
pub async fn apply<T: DeletionTarget<Error: Display>>(
    plan: &Plan,
    target: &T,
    conduct: &mut impl Recorder,
) -> PlanOutcome<T::Error> {
    let mut outcome = PlanOutcome {
        planned: plan.traces.len(),
        deleted: 0,
        spared: 0,
        gone: 0,
        remaining: Vec::new(),
        refused: 0,
        not_attempted: 0,
        failures: Vec::new(),
        refusal: None,
        broken: None,
    };
    let (mut left, mut size, mut failures_in_a_row) = (plan.traces.as_slice(), BATCH, 0);
    while !left.is_empty() && outcome.broken.is_none() {
        if failures_in_a_row >= FAILURES_IN_A_ROW || conduct.is_over() {
            break;
        }
        let (traces, rest) = left.split_at(size.min(left.len()));
        let failed = |outcome: &PlanOutcome<_>| outcome.remaining.len() - outcome.refused;
        let (started, before) = (Instant::now(), (outcome.failures.len(), outcome.deleted, failed(&outcome)));
        let mut batch = Batch { plan, target, conduct, outcome: &mut outcome };
        let written = batch.carry_out(traces).await;
        let took = started.elapsed();
        outcome.broken = match written {
            Ok(()) => conduct.batch_ended().await.err(),
            Err(error) => Some(error),
        };
        // A server that says yes and deletes nothing fails, too.
        let failed = outcome.failures.len() > before.0 || (outcome.deleted == before.1 && failed(&outcome) > before.2);
        failures_in_a_row = if failed { failures_in_a_row + 1 } else { 0 };
        size = next_size(size, failed, took);
        left = rest;
        if !left.is_empty() && outcome.broken.is_none() {
            conduct.pause().await;
        }
    }
    outcome.not_attempted = left.len();
    outcome
}

fn next_size(size: usize, failed: bool, took: Duration) -> usize {
    if failed || took >= SLOW {
        (size / 2).max(1)
    } else if took < QUICK {
        (size * 2).min(BATCH)
    } else {
        size
    }
}

struct Batch<'a, T: DeletionTarget, C> {
    plan: &'a Plan,
    target: &'a T,
    conduct: &'a mut C,
    outcome: &'a mut PlanOutcome<T::Error>,
}

impl<T: DeletionTarget<Error: Display>, C: Recorder> Batch<'_, T, C> {
    /// Fails if what is done cannot be written down; all traces of the batch are counted nevertheless.
    async fn carry_out(&mut self, traces: &[Planned]) -> io::Result<()> {
        let mut now = match self.target.recheck(&self.plan.experiment, traces).await {
            Ok(now) => now,
            Err(error) => return self.not_looked_at(traces.iter(), error),
        };
        let (unknown, known): (Vec<&Planned>, Vec<&Planned>) =
            traces.iter().partition(|trace| now.unknown.contains_key(&trace.trace_id));
        let mut written = Ok(());
        for trace in unknown {
            if let Some(error) = now.unknown.remove(&trace.trace_id) {
                written = written.and(self.not_looked_at(std::iter::once(trace), error));
            }
        }
        let (refused, known): (Vec<&Planned>, Vec<&Planned>) =
            known.into_iter().partition(|trace| now.refused.contains_key(&trace.trace_id));
        for trace in refused {
            if let Some(error) = now.refused.remove(&trace.trace_id) {
                written = written.and(self.refuse(trace, error));
            }
        }
        let goes = |trace: &&Planned| now.existing.contains(&trace.trace_id) && now.selected.contains(&trace.trace_id);
        let stays = |trace: &Planned| if now.existing.contains(&trace.trace_id) { Fate::Spared } else { Fate::Gone };
        let (go, stay): (Vec<&Planned>, Vec<&Planned>) = known.into_iter().partition(goes);
        let why = |trace: &Planned| now.reasons.get(&trace.trace_id).map(String::as_str);
        let written = written.and(self.settle(stay.into_iter(), stays, why));
        if go.is_empty() {
            return written;
        }
        if let Err(error) = written.and_then(|()| self.conduct.sending(self.plan, &go)) {
            self.outcome.remaining.extend(go.into_iter().map(|trace| trace.trace_id.clone()));
            return Err(error);
        }
        self.delete(&go).await
    }

    /// What cannot be looked at stays.
    fn not_looked_at<'p>(&mut self, traces: impl Iterator<Item = &'p Planned>, error: T::Error) -> io::Result<()> {
        let reason = format!("it could not be checked: {error}");
        self.outcome.failures.push(error);
        self.settle(traces, |_| Fate::Remaining, |_| Some(reason.as_str()))
    }

    fn refuse(&mut self, trace: &Planned, error: T::Error) -> io::Result<()> {
        let reason = error.to_string();
        self.outcome.refused += 1;
        self.outcome.refusal.get_or_insert(error);
        self.settle(std::iter::once(trace), |_| Fate::Remaining, |_| Some(reason.as_str()))
    }

    async fn delete(&mut self, traces: &[&Planned]) -> io::Result<()> {
        let experiment = &self.plan.experiment.id;
        let ids: Vec<TraceId> = traces.iter().map(|trace| trace.trace_id.clone()).collect();
        // Whatever the answer, and above all if none came, only a look tells what is left.
        let mut answer = match self.target.delete(experiment, &ids).await {
            Ok(deleted) => format!("the server says that it deleted {deleted} of {}", ids.len()),
            Err(error) => {
                let answer = error.to_string();
                self.outcome.failures.push(error);
                answer
            }
        };
        let left = self.target.existing(experiment, &ids).await.unwrap_or_else(|error| {
            answer = format!("{answer}; and what is left could not be looked up: {error}");
            self.outcome.failures.push(error);
            ids.iter().cloned().collect()
        });
        let fate = |trace: &Planned| if left.contains(&trace.trace_id) { Fate::Remaining } else { Fate::Deleted };
        self.settle(traces.iter().copied(), fate, |_| Some(answer.as_str()))
    }

    /// Counts what became of traces and reports it, as far as that can be written down.
    fn settle<'p, 'r>(
        &mut self,
        traces: impl Iterator<Item = &'p Planned>,
        fate: impl Fn(&Planned) -> Fate,
        answer: impl Fn(&Planned) -> Option<&'r str>,
    ) -> io::Result<()> {
        let mut written = Ok(());
        for trace in traces {
            let fate = fate(trace);
            match fate {
                Fate::Deleted => self.outcome.deleted += 1,
                Fate::Spared => self.outcome.spared += 1,
                Fate::Gone => self.outcome.gone += 1,
                Fate::Remaining => self.outcome.remaining.push(trace.trace_id.clone()),
            }
            if written.is_ok() {
                written = self.conduct.settled(self.plan, trace, fate, answer(trace));
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_had_no_turn_is_what_is_left_of_the_plan() {
        let outcome = PlanOutcome {
            planned: 3,
            deleted: 1,
            spared: 0,
            gone: 0,
            remaining: vec![TraceId::new("tr-1")],
            refused: 0,
            not_attempted: 1,
            failures: vec![()],
            refusal: None,
            broken: None,
        };
        let totals = carried_out(Totals { planned: 3, ..Totals::default() }, &[outcome]);
        assert_eq!((totals.deleted, totals.remaining, totals.not_attempted()), (1, 1, 1));
    }

    #[test]
    fn batches_shrink_where_it_goes_badly_and_grow_again_up_to_what_servers_take() {
        let (quick, fair, slow) = (Duration::ZERO, Duration::from_secs(5), Duration::from_secs(10));
        assert_eq!(next_size(BATCH, false, quick), BATCH);
        assert_eq!((next_size(BATCH, true, quick), next_size(BATCH, false, slow)), (50, 50));
        assert_eq!(
            (next_size(50, false, quick), next_size(60, false, quick), next_size(50, false, fair)),
            (100, 100, 50)
        );
        assert_eq!((next_size(1, true, slow), next_size(1, false, quick)), (1, 2));
    }
}
