//! The applier: what becomes of the ids of a plan, one kind of trouble at a time.

use std::collections::BTreeMap;

use futures_util::FutureExt;
use mlflow_trace::changes::delete::batches::{BATCH, Fate, PlanOutcome, apply};
use mlflow_trace::model::TraceId;
use mlflow_trace::retention::{Ground, Plan};

use crate::fake::{Call, Change, DeleteFault, Failed, Fake, Scene, Standing, Written};
use crate::{experiment, planned};

pub fn id(number: usize) -> TraceId {
    TraceId::new(format!("tr-{number:05}"))
}

/// A plan for this many traces.
pub fn plan_for(number: usize) -> Plan {
    let traces = (0_i64..).take(number).zip(0..).map(|(time, n)| planned(id(n).as_str(), time)).collect();
    Plan { experiment: experiment(), traces, kept: 0, grounds: vec![Ground::default()] }
}

/// An experiment that holds the traces of a plan and, beside them, some that it does not name.
pub fn fake(plan: &Plan, scenes: Vec<Scene>) -> Fake {
    let mut traces: BTreeMap<_, _> =
        plan.traces.iter().map(|trace| (trace.trace_id.clone(), Standing::Selected)).collect();
    let standings = [Standing::Selected, Standing::Kept, Standing::NotSelected];
    traces.extend(standings.iter().cycle().zip(0..30).map(|(standing, n)| (bystander(n), *standing)));
    Fake::new(experiment().id, traces, scenes)
}

fn bystander(number: usize) -> TraceId {
    TraceId::new(format!("tr-bystander-{number}"))
}

/// Carries a plan out; the fake never waits, so neither does this.
pub fn carry_out(plan: &Plan, fake: &Fake, stop: impl Fn() -> bool) -> (PlanOutcome<Failed>, Written) {
    let mut conduct = crate::fake::Conduct { stop, written: Written::default(), breaks_at: None };
    let outcome = apply(plan, fake, &mut conduct).now_or_never().unwrap();
    (outcome, conduct.written)
}

fn never() -> bool {
    false
}

/// Deleted, spared, gone, remaining, not attempted.
fn parts(outcome: &PlanOutcome<Failed>) -> [usize; 5] {
    [outcome.deleted, outcome.spared, outcome.gone, outcome.remaining.len(), outcome.not_attempted]
}

/// Carries out a plan for this many traces with these scenes, and looks at the parts.
fn outcome_of(number: usize, scenes: Vec<Scene>) -> (Fake, PlanOutcome<Failed>) {
    let plan = plan_for(number);
    let fake = fake(&plan, scenes);
    let (outcome, written) = carry_out(&plan, &fake, never);
    assert_eq!(outcome.planned, number);
    written.check(&plan, &outcome);
    assert_eq!(parts(&outcome).iter().sum::<usize>(), number, "the parts add up");
    assert_eq!(fake.wronged(), []);
    assert!((0..30).all(|n| fake.traces().contains_key(&bystander(n))), "only what is planned is deleted");
    (fake, outcome)
}

fn delete_fault(delete: DeleteFault) -> Scene {
    Scene { delete, ..Scene::default() }
}

fn recheck_fails() -> Scene {
    Scene { recheck_fails: true, ..Scene::default() }
}

#[test]
fn an_empty_plan_asks_nothing() {
    let (fake, outcome) = outcome_of(0, vec![]);
    assert_eq!(parts(&outcome), [0; 5]);
    assert!(fake.log().is_empty());
}

#[test]
fn without_trouble_everything_planned_is_deleted_and_nothing_else() {
    let (fake, outcome) = outcome_of(250, vec![]);
    assert_eq!(parts(&outcome), [250, 0, 0, 0, 0]);
    assert_eq!(outcome.failures, []);
    assert_eq!(fake.traces().len(), 30);
}

#[test]
fn batches_are_of_a_hundred_ids_at_most_oldest_first_and_each_is_looked_at_before_and_after() {
    for (number, sizes) in [(1, vec![1]), (100, vec![100]), (101, vec![100, 1]), (250, vec![100, 100, 50])] {
        let (fake, _) = outcome_of(number, vec![]);
        for call in [Call::Recheck, Call::Delete, Call::Existing] {
            let batches = fake.calls(call);
            assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{call:?}");
            assert!(batches.concat().iter().eq((0..number).map(id).collect::<Vec<_>>().iter()), "{call:?}");
        }
        let order: Vec<Call> = fake.log().iter().map(|logged| logged.call).collect();
        assert_eq!(order, [Call::Recheck, Call::Delete, Call::Existing].repeat(sizes.len()));
    }
    assert_eq!(BATCH, 100);
}

#[test]
fn a_batch_that_cannot_be_looked_at_is_not_deleted() {
    let (fake, outcome) = outcome_of(150, vec![recheck_fails()]);
    assert_eq!(parts(&outcome), [50, 0, 0, 100, 0]);
    assert_eq!(outcome.remaining, (0..100).map(id).collect::<Vec<_>>());
    assert_eq!(outcome.failures, [Failed(0)]);
    assert!((0..100).all(|n| fake.traces().contains_key(&id(n))));
}

#[test]
fn a_deletion_that_failed_leaves_its_ids_remaining() {
    let (_, outcome) = outcome_of(150, vec![delete_fault(DeleteFault::BeforeApplying)]);
    assert_eq!(parts(&outcome), [50, 0, 0, 100, 0]);
    assert_eq!(outcome.failures, [Failed(1)]);
}

#[test]
fn a_deletion_whose_answer_is_lost_counts_by_what_is_gone() {
    let (fake, outcome) = outcome_of(10, vec![delete_fault(DeleteFault::AfterApplying)]);
    assert_eq!(parts(&outcome), [10, 0, 0, 0, 0]);
    assert_eq!(outcome.failures, [Failed(1)], "it is told nevertheless");
    assert_eq!(fake.calls(Call::Delete).len(), 1, "and not tried again");
}

#[test]
fn two_hundred_ok_is_not_deleted() {
    let (fake, outcome) = outcome_of(10, vec![delete_fault(DeleteFault::LeavesEvery(4))]);
    assert_eq!(parts(&outcome), [8, 0, 0, 2, 0]);
    assert_eq!(outcome.remaining, [id(3), id(7)]);
    assert!(outcome.remaining.iter().all(|id| fake.traces().contains_key(id)));
    assert_eq!(outcome.failures, []);
}

#[test]
fn what_is_not_known_to_be_gone_is_remaining() {
    let (fake, outcome) = outcome_of(10, vec![Scene { existing_fails: true, ..Scene::default() }]);
    assert_eq!(parts(&outcome), [0, 0, 0, 10, 0]);
    assert_eq!(outcome.failures, [Failed(2)]);
    assert_eq!(fake.traces().len(), 30, "although it is gone");
}

#[test]
fn a_deletion_and_the_look_after_it_that_both_fail_are_one_batch_and_two_failures() {
    let both = Scene { delete: DeleteFault::AfterApplying, existing_fails: true, ..Scene::default() };
    let (_, outcome) = outcome_of(200, vec![both.clone(), both]);
    assert_eq!(parts(&outcome), [50, 0, 0, 150, 0]);
    assert_eq!(outcome.failures, [Failed(1), Failed(2), Failed(4), Failed(5)]);
}

#[test]
fn what_is_gone_kept_or_no_longer_selected_when_its_turn_comes_is_left_out() {
    let before = vec![
        Change::Vanishes(id(1)),
        Change::Becomes(id(2), Standing::Kept),
        Change::Becomes(id(3), Standing::NotSelected),
        Change::Becomes(id(104), Standing::Kept),
    ];
    let (fake, outcome) = outcome_of(110, vec![Scene { before, ..Scene::default() }]);
    assert_eq!(parts(&outcome), [106, 3, 1, 0, 0]);
    assert!([2, 3, 104].iter().all(|n| fake.traces().contains_key(&id(*n))));
    assert!(fake.calls(Call::Delete).concat().iter().all(|deleted| ![1, 2, 3, 104].map(id).contains(deleted)));
}

#[test]
fn a_batch_of_which_nothing_is_left_to_delete_sends_no_deletion() {
    let before = vec![Change::Vanishes(id(0)), Change::Becomes(id(1), Standing::Kept)];
    let (fake, outcome) = outcome_of(2, vec![Scene { before, ..Scene::default() }]);
    assert_eq!(parts(&outcome), [0, 1, 1, 0, 0]);
    assert_eq!(fake.log().len(), 1);
}

#[test]
fn a_look_that_tells_of_traces_nobody_asked_for_adds_none() {
    let before = vec![Change::Vanishes(id(4))];
    let (fake, outcome) = outcome_of(10, vec![Scene { before, recheck_says_too_much: true, ..Scene::default() }]);
    assert_eq!(parts(&outcome), [9, 0, 1, 0, 0]);
    assert_eq!(fake.calls(Call::Delete)[0].len(), 9);
}

#[test]
fn a_trace_that_somebody_else_deletes_meanwhile_counts_as_deleted() {
    let (_, outcome) = outcome_of(10, vec![Scene { vanish_meanwhile: vec![id(5)], ..Scene::default() }]);
    assert_eq!(parts(&outcome), [10, 0, 0, 0, 0]);
}

#[test]
fn three_failing_batches_in_a_row_end_the_run_whatever_failed() {
    let scenes = vec![
        recheck_fails(),
        delete_fault(DeleteFault::AfterApplying),
        Scene { existing_fails: true, ..Scene::default() },
    ];
    let (fake, outcome) = outcome_of(1000, scenes);
    assert_eq!(parts(&outcome), [50, 0, 0, 125, 825]);
    assert_eq!(fake.calls(Call::Recheck).len(), 3);
}

#[test]
fn a_server_that_says_yes_and_deletes_nothing_is_given_up() {
    let (fake, outcome) = outcome_of(1000, vec![delete_fault(DeleteFault::LeavesEvery(1)); 10]);
    assert_eq!(parts(&outcome), [0, 0, 0, 175, 825]);
    assert_eq!(fake.calls(Call::Delete).len(), 3);
}

#[test]
fn a_batch_that_succeeds_breaks_the_row() {
    let scenes = vec![recheck_fails(), recheck_fails(), Scene::default(), recheck_fails(), recheck_fails()];
    let (_, outcome) = outcome_of(250, scenes);
    assert_eq!(parts(&outcome), [25, 0, 0, 225, 0], "100 and 50 fail, 25 do not, 50 and 25 do");
}

#[test]
fn three_failures_at_the_end_leave_nothing_unattempted() {
    let (_, outcome) = outcome_of(175, vec![recheck_fails(); 3]);
    assert_eq!(parts(&outcome), [0, 0, 0, 175, 0]);
}

#[test]
fn a_stop_before_the_first_batch_asks_nothing() {
    let plan = plan_for(5);
    let fake = fake(&plan, vec![]);
    let (outcome, written) = carry_out(&plan, &fake, || true);
    assert_eq!(written, Written::default());
    assert_eq!(parts(&outcome), [0, 0, 0, 0, 5]);
    assert!(fake.log().is_empty());
}

#[test]
fn a_stop_during_a_batch_lets_it_finish_and_begins_no_other() {
    let plan = plan_for(250);
    let fake = fake(&plan, vec![]);
    // The request comes while the first batch is under way.
    let (outcome, written) = carry_out(&plan, &fake, || !fake.log().is_empty());
    assert_eq!(parts(&outcome), [100, 0, 0, 0, 150]);
    assert_eq!(fake.log().len(), 3, "looked at, deleted, looked at again");
    assert_eq!(written.settled.len(), 100, "what was not attempted is not settled");
}

#[test]
fn every_attempted_trace_is_settled_whatever_became_of_it_with_what_the_server_said() {
    let plan = plan_for(250);
    let fake = fake(&plan, vec![Scene::default(), recheck_fails(), delete_fault(DeleteFault::AfterApplying)]);
    let (_, written) = carry_out(&plan, &fake, never);
    assert_eq!(written.settled.len(), 250);
    let answer = |n: usize| written.settled[&id(n)].1.as_deref().unwrap_or_default();
    assert_eq!((written.settled[&id(0)].0, answer(0)), (Fate::Deleted, "the server says that it deleted 100 of 100"));
    assert_eq!((written.settled[&id(100)].0, answer(100)), (Fate::Remaining, "it could not be checked: call 3"));
    assert_eq!((written.settled[&id(200)].0, answer(200)), (Fate::Deleted, "call 5"));
}

#[test]
fn batches_shrink_after_a_failure_and_grow_again() {
    let plan = plan_for(400);
    let fake = fake(&plan, vec![recheck_fails(), recheck_fails()]);
    carry_out(&plan, &fake, never);
    let sizes: Vec<usize> = fake.calls(Call::Recheck).iter().map(Vec::len).collect();
    assert_eq!(sizes, [100, 50, 25, 50, 100, 75]);
}

#[test]
fn nothing_is_sent_that_could_not_be_written_down() {
    for breaks_at in 0..12 {
        let plan = plan_for(4);
        let fake = fake(&plan, vec![]);
        let mut conduct = crate::fake::Conduct { stop: never, written: Written::default(), breaks_at: Some(breaks_at) };
        let outcome = apply(&plan, &fake, &mut conduct).now_or_never().unwrap();
        // One line before the deletion for the batch, and one after it for each trace.
        assert_eq!(outcome.broken.is_some(), breaks_at < 5, "{breaks_at}");
        assert_eq!(fake.calls(Call::Delete).len(), usize::from(breaks_at > 0));
        assert_eq!(parts(&outcome).iter().sum::<usize>(), 4, "the parts add up");
        assert_eq!(outcome.remaining.len(), if breaks_at == 0 { 4 } else { 0 });
    }
}

#[test]
fn what_is_not_shown_stays_and_is_counted_whatever_can_be_written_down() {
    let hidden = vec![Scene { hidden: vec![id(1), id(3)], ..Scene::default() }];
    let (applied, outcome) = outcome_of(5, hidden.clone());
    assert_eq!(parts(&outcome), [3, 0, 0, 2, 0]);
    assert_eq!((outcome.failures.len(), applied.calls(Call::Delete)), (2, vec![vec![id(0), id(2), id(4)]]));
    for breaks_at in 0..7 {
        let plan = plan_for(5);
        let fake = fake(&plan, hidden.clone());
        let mut conduct = crate::fake::Conduct { stop: never, written: Written::default(), breaks_at: Some(breaks_at) };
        let outcome = apply(&plan, &fake, &mut conduct).now_or_never().unwrap();
        assert_eq!(parts(&outcome).iter().sum::<usize>(), 5, "the parts add up, {breaks_at}");
        assert_eq!(fake.calls(Call::Delete).len(), usize::from(breaks_at > 2), "{breaks_at}");
    }
}
