//! The applier under seeded random faults: what holds whatever goes wrong, in whatever combination.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use fastrand::Rng;
use mlflow_trace::changes::delete::batches::{BATCH, PlanOutcome};
use mlflow_trace::model::TraceId;
use mlflow_trace::retention::Plan;

use crate::applier::{carry_out, fake, id, plan_for};
use crate::fake::{Call, Change, DeleteFault, Failed, Logged, Scene, Standing, Written};

const SEEDS: u64 = 500;

/// One run for each seed; a run depends on nothing else.
static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| (0..SEEDS).map(|seed| Scenario::of_seed(seed).run()).collect());

/// One run, all of it drawn from the seed before anything happens.
struct Scenario {
    seed: u64,
    plan: Plan,
    scenes: Vec<Scene>,
    /// Before which batch a stop is requested.
    stop_at: Option<usize>,
}

/// What a scenario ended in.
struct Run {
    scenario: Scenario,
    outcome: PlanOutcome<Failed>,
    /// Every call.
    log: Vec<Logged>,
    /// What is there afterwards.
    left: BTreeMap<TraceId, Standing>,
    /// What was deleted although it was kept or not selected at that moment.
    wronged: Vec<TraceId>,
    /// What was written down.
    written: Written,
    /// How many calls had been made when a stop was first seen.
    calls_before_stop: Option<usize>,
}

impl Scenario {
    fn of_seed(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let number = if rng.u8(0..30) == 0 { 0 } else { rng.usize(1..=BATCH * 9) };
        let batches = number.div_ceil(BATCH);
        // From calm to stormy, so that whole runs and broken ones are both common.
        let storm = *rng.choice(&[0.0, 0.05, 0.2, 0.5]).unwrap();
        let scenes = (0..batches).map(|_| scene(&mut rng, number, storm)).collect();
        let stop_at = (rng.f64() < 0.3).then(|| rng.usize(0..=batches));
        Self { seed, plan: plan_for(number), scenes, stop_at }
    }

    fn run(self) -> Run {
        let fake = fake(&self.plan, self.scenes.clone());
        let asked = Cell::new(0);
        let calls_before_stop = Cell::new(None);
        let stop = || {
            let stopped = self.stop_at.is_some_and(|at| asked.get() >= at);
            asked.set(asked.get() + 1);
            if stopped && calls_before_stop.get().is_none() {
                calls_before_stop.set(Some(fake.log().len()));
            }
            stopped
        };
        let (outcome, written) = carry_out(&self.plan, &fake, stop);
        Run {
            log: fake.log().to_vec(),
            left: fake.traces().clone(),
            wronged: fake.wronged(),
            outcome,
            written,
            calls_before_stop: calls_before_stop.get(),
            scenario: self,
        }
    }
}

fn scene(rng: &mut Rng, number: usize, storm: f64) -> Scene {
    let mut changes = Vec::new();
    while storm > 0.0 && rng.f64() < 0.7 {
        let trace = id(rng.usize(0..number));
        changes.push(match rng.u8(0..3) {
            0 => Change::Vanishes(trace),
            1 => Change::Becomes(trace, Standing::Kept),
            _ => Change::Becomes(trace, Standing::NotSelected),
        });
    }
    let delete = match rng.u8(0..3) {
        _ if rng.f64() >= storm => DeleteFault::None,
        0 => DeleteFault::BeforeApplying,
        1 => DeleteFault::AfterApplying,
        _ => DeleteFault::LeavesEvery(rng.usize(1..=40)),
    };
    Scene {
        before: changes,
        vanish_meanwhile: (0..rng.usize(0..3)).map(|_| id(rng.usize(0..number))).collect(),
        recheck_fails: rng.f64() < storm,
        recheck_says_too_much: rng.f64() < 0.2,
        hidden: Vec::new(),
        delete,
        existing_fails: rng.f64() < storm,
    }
}

impl Run {
    fn planned(&self) -> BTreeSet<TraceId> {
        self.scenario.plan.traces.iter().map(|trace| trace.trace_id.clone()).collect()
    }

    /// The ids that calls of one kind named, in order.
    fn named(&self, call: Call) -> Vec<&TraceId> {
        self.log.iter().filter(|logged| logged.call == call).flat_map(|logged| &logged.ids).collect()
    }

    /// The ids of each call of one kind.
    fn batches_of(&self, call: Call) -> Vec<Vec<TraceId>> {
        self.log.iter().filter(|logged| logged.call == call).map(|logged| logged.ids.clone()).collect()
    }

    /// The calls, batch by batch: each begins with a look.
    fn batches(&self) -> Vec<Vec<&Logged>> {
        let mut batches: Vec<Vec<&Logged>> = Vec::new();
        for logged in &self.log {
            if logged.call == Call::Recheck {
                batches.push(Vec::new());
            }
            batches.last_mut().expect("a look comes first").push(logged);
        }
        batches
    }

    /// Whether each batch failed, in order.
    fn failing(&self) -> Vec<bool> {
        self.batches().iter().map(|batch| batch.iter().any(|logged| logged.failed)).collect()
    }
}

/// Checks a law for the runs of all seeds; a broken one names its seed.
fn for_all_seeds(law: impl Fn(&Run)) {
    for run in RUNS.iter() {
        let checked = catch_unwind(AssertUnwindSafe(|| law(run)));
        assert!(checked.is_ok(), "broken by seed {} (see above)", run.scenario.seed);
    }
}

#[test]
fn no_id_outside_the_plan_is_ever_deleted_or_even_named() {
    for_all_seeds(|run| {
        let planned = run.planned();
        assert!(run.log.iter().flat_map(|logged| &logged.ids).all(|id| planned.contains(id)));
        assert_eq!(run.left.keys().filter(|id| !planned.contains(id)).count(), 30, "the bystanders");
    });
}

#[test]
fn nothing_that_is_kept_or_no_longer_selected_is_ever_deleted() {
    for_all_seeds(|run| assert_eq!(run.wronged, []));
}

#[test]
fn the_parts_add_up_to_what_was_planned() {
    for_all_seeds(|run| {
        let PlanOutcome { planned, deleted, spared, gone, remaining, not_attempted, .. } = &run.outcome;
        assert_eq!(deleted + spared + gone + remaining.len() + not_attempted, *planned);
        assert_eq!(*planned, run.scenario.plan.traces.len());
        let distinct: HashSet<&TraceId> = remaining.iter().collect();
        assert_eq!(distinct.len(), remaining.len(), "no id remains twice");
        let planned = run.planned();
        assert!(remaining.iter().all(|id| planned.contains(id)));
    });
}

#[test]
fn every_id_that_counts_as_deleted_is_gone() {
    for_all_seeds(|run| {
        let remaining: HashSet<&TraceId> = run.outcome.remaining.iter().collect();
        let mut deleted = run.named(Call::Delete);
        deleted.retain(|id| !remaining.contains(id));
        assert_eq!(deleted.len(), run.outcome.deleted);
        assert!(deleted.iter().all(|id| !run.left.contains_key(*id)));
    });
}

#[test]
fn every_id_that_is_still_there_is_told_of() {
    for_all_seeds(|run| {
        let there = run.planned().iter().filter(|id| run.left.contains_key(*id)).count();
        let PlanOutcome { spared, remaining, not_attempted, .. } = &run.outcome;
        assert!(there <= spared + remaining.len() + not_attempted);
    });
}

#[test]
fn batches_never_exceed_a_hundred_ids_and_name_each_id_once_oldest_first() {
    for_all_seeds(|run| {
        assert!(run.log.iter().all(|logged| (1..=BATCH).contains(&logged.ids.len())));
        let looked_at = run.named(Call::Recheck);
        let planned: Vec<&TraceId> = run.scenario.plan.traces.iter().map(|trace| &trace.trace_id).collect();
        assert_eq!(looked_at, planned[..looked_at.len()]);
        assert_eq!(run.outcome.not_attempted, planned.len() - looked_at.len());
    });
}

#[test]
fn a_batch_is_looked_at_then_deleted_once_then_looked_at_again() {
    for_all_seeds(|run| {
        for batch in run.batches() {
            match batch.as_slice() {
                [_] => {}
                [look, delete, again] => {
                    assert_eq!((delete.call, again.call), (Call::Delete, Call::Existing));
                    assert!(!look.failed, "what could not be looked at is not deleted");
                    assert!(delete.ids.iter().all(|id| look.ids.contains(id)));
                    assert_eq!(delete.ids, again.ids);
                }
                other => panic!("not a batch: {other:?}"),
            }
        }
    });
}

#[test]
fn three_failing_batches_in_a_row_end_the_run_and_fewer_do_not() {
    for_all_seeds(|run| {
        let failing = run.failing();
        let third = failing.windows(3).position(|three| three.iter().all(|failed| *failed));
        if let Some(first) = third {
            assert_eq!(first + 3, failing.len(), "nothing comes after the third");
        } else if run.calls_before_stop.is_none() {
            assert_eq!(run.outcome.not_attempted, 0);
        }
    });
}

#[test]
fn nothing_is_attempted_after_a_stop() {
    for_all_seeds(|run| {
        if let Some(calls) = run.calls_before_stop {
            assert_eq!(run.log.len(), calls);
            assert!(run.scenario.stop_at.is_some_and(|at| run.batches().len() <= at));
        }
    });
}

#[test]
fn every_failure_is_told_in_order() {
    for_all_seeds(|run| {
        let failed: Vec<Failed> = (0..run.log.len()).filter(|call| run.log[*call].failed).map(Failed).collect();
        assert_eq!(run.outcome.failures, failed);
    });
}

#[test]
fn what_is_written_down_is_what_became_of_it() {
    for_all_seeds(|run| {
        run.written.check(&run.scenario.plan, &run.outcome);
        assert_eq!(run.written.sent, run.batches_of(Call::Delete), "before it was sent");
    });
}

#[test]
fn the_seeds_meet_every_kind_of_trouble() {
    let mut met = BTreeSet::new();
    for run in RUNS.iter() {
        let PlanOutcome { deleted, spared, gone, remaining, not_attempted, failures, .. } = &run.outcome;
        let stopped = run.calls_before_stop.is_some();
        let reached = run.scenario.scenes.iter().take(run.batches().len());
        met.extend(reached.flat_map(|scene| {
            [
                scene.recheck_fails.then_some("the look fails"),
                scene.existing_fails.then_some("the look afterwards fails"),
                (scene.delete == DeleteFault::BeforeApplying).then_some("the deletion fails"),
                (scene.delete == DeleteFault::AfterApplying).then_some("the answer is lost"),
                matches!(scene.delete, DeleteFault::LeavesEvery(_)).then_some("some are left"),
            ]
        }));
        met.extend([
            (*spared > 0).then_some("spared"),
            (*gone > 0).then_some("gone"),
            (*not_attempted > 0 && !stopped).then_some("three failures"),
            (stopped && *deleted > 0).then_some("stopped on the way"),
            (!remaining.is_empty() && failures.is_empty()).then_some("remaining without a failure"),
            (run.outcome.planned > BATCH && *deleted == run.outcome.planned).then_some("all deleted"),
            (run.outcome.planned == 0).then_some("nothing planned"),
        ]);
    }
    met.remove(&None);
    assert_eq!(met.len(), 12, "met only {met:?}");
}
