//! The planner: tables for what it promises, properties for any input.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mlflow_trace::model::{TraceId, TraceInfo, keys};
use mlflow_trace::retention::{Plan, Planned, Policy, plan};
use proptest::prelude::*;

use crate::{experiment, planned};

/// A plan from ids and starts, keeping these ids.
fn plan_of(cutoff_ms: Option<i64>, selected: &[(&str, i64)], kept: &[&str]) -> Plan {
    let selected = selected.iter().map(|(id, time)| planned(id, *time)).collect();
    plan_up_to(cutoff_ms, selected, &kept.iter().map(|id| TraceId::from(*id)).collect())
}

fn plan_up_to(cutoff_ms: Option<i64>, selected: Vec<Planned>, kept: &HashSet<TraceId>) -> Plan {
    plan(experiment(), &Policy { cutoff_ms, ..Policy::default() }, selected, kept)
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.traces.iter().map(|trace| trace.trace_id.as_str()).collect()
}

fn sized(id: &str, size_bytes: Option<u64>) -> Planned {
    Planned { size_bytes, ..planned(id, 0) }
}

#[test]
fn a_trace_of_the_very_moment_of_the_cutoff_goes_and_one_a_millisecond_younger_stays() {
    let plan = plan_of(Some(100), &[("before", 99), ("at", 100), ("after", 101)], &[]);
    assert_eq!(ids(&plan), ["before", "at"]);
    assert_eq!(plan.kept, 0, "what is too young was not kept by a rule");
}

#[test]
fn a_cutoff_at_either_end_of_time_is_only_a_number() {
    let selected = [("first", i64::MIN), ("epoch", 0), ("last", i64::MAX)];
    assert_eq!(ids(&plan_of(Some(i64::MIN), &selected, &[])), ["first"]);
    assert_eq!(ids(&plan_of(Some(-1), &selected, &[])), ["first"]);
    assert_eq!(ids(&plan_of(Some(i64::MAX), &selected, &[])), ["first", "epoch", "last"]);
}

#[test]
fn without_a_cutoff_age_does_not_matter() {
    assert_eq!(ids(&plan_of(None, &[("old", 1), ("future", i64::MAX)], &[])), ["old", "future"]);
}

#[test]
fn traces_dated_in_the_future_stay_whatever_the_cutoff_of_today() {
    let now = 1_795_335_101_465;
    assert_eq!(ids(&plan_of(Some(now), &[("future", now + 86_400_000), ("old", 5)], &[])), ["old"]);
}

#[test]
fn keepers_win_and_are_counted_once_and_only_if_selected_in_time() {
    let selected = [("a", 1), ("b", 2), ("c", 3), ("young", 11)];
    let plan = plan_of(Some(10), &selected, &["b", "young", "never selected"]);
    assert_eq!(ids(&plan), ["a", "c"]);
    assert_eq!(plan.kept, 1);
}

#[test]
fn when_everything_is_kept_nothing_is_planned() {
    let plan = plan_of(Some(10), &[("a", 1), ("b", 2)], &["a", "b"]);
    assert_eq!((plan.traces.len(), plan.kept), (0, 2));
}

#[test]
fn duplicates_count_once_planned_or_kept() {
    let plan = plan_of(Some(10), &[("a", 1), ("b", 2), ("a", 1), ("b", 2), ("b", 2)], &["b"]);
    assert_eq!(ids(&plan), ["a"]);
    assert_eq!(plan.kept, 1);
}

#[test]
fn a_trace_that_was_seen_with_two_starts_is_as_old_as_the_younger_one() {
    for selected in [[("a", 5), ("a", 20), ("b", 6)], [("b", 6), ("a", 20), ("a", 5)]] {
        assert_eq!(ids(&plan_of(Some(10), &selected, &[])), ["b"], "one of them is too young, so it stays");
        let plan = plan_of(Some(30), &selected, &[]);
        assert_eq!(ids(&plan), ["b", "a"]);
        assert_eq!(plan.newest_ms(), Some(20));
    }
}

#[test]
fn the_oldest_go_first_and_ties_go_by_id() {
    let plan = plan_of(None, &[("d", 2), ("b", 1), ("c", 1), ("a", 2), ("e", -3)], &[]);
    assert_eq!(ids(&plan), ["e", "b", "c", "a", "d"]);
}

#[test]
fn an_empty_selection_makes_an_empty_plan() {
    let plan = plan_of(Some(10), &[], &["a"]);
    assert_eq!((plan.traces.len(), plan.kept, plan.size_bytes()), (0, 0, 0));
    assert_eq!((plan.oldest_ms(), plan.newest_ms()), (None, None));
    assert_eq!(plan.experiment, experiment());
}

#[test]
fn oldest_and_newest_are_of_what_is_planned_not_of_what_is_selected() {
    let plan = plan_of(Some(10), &[("oldest", 1), ("b", 4), ("c", 6), ("kept", 9), ("young", 11)], &["oldest", "kept"]);
    assert_eq!((plan.oldest_ms(), plan.newest_ms()), (Some(4), Some(6)));
    let one = plan_of(None, &[("a", -5)], &[]);
    assert_eq!((one.oldest_ms(), one.newest_ms()), (Some(-5), Some(-5)));
}

#[test]
fn sizes_add_up_over_those_that_tell_theirs() {
    let selected = vec![sized("a", Some(100)), sized("b", None), sized("c", Some(20)), sized("kept", Some(7))];
    let plan = plan_up_to(None, selected, &HashSet::from([TraceId::from("kept")]));
    assert_eq!(plan.size_bytes(), 120);
}

#[test]
fn sizes_beyond_all_bounds_do_not_overflow() {
    // The size is text that whoever wrote the trace chose.
    let plan = plan_up_to(None, vec![sized("a", Some(u64::MAX)), sized("b", Some(2))], &HashSet::new());
    assert_eq!(plan.size_bytes(), u64::MAX);
}

#[test]
fn what_a_plan_needs_is_taken_from_the_info() {
    let mut info = TraceInfo::new(TraceId::from("tr-1"), 42);
    assert_eq!(Planned::of(&info), Planned { has_span_file: true, ..planned("tr-1", 42) });
    info.tags.insert(keys::SPANS_LOCATION.to_owned(), "TRACKING_STORE".to_owned());
    assert_eq!(Planned::of(&info), planned("tr-1", 42));
    for (text, size_bytes) in [("2048", Some(2048)), ("-1", None), ("many", None), ("1e3", None), ("", None)] {
        info.metadata.insert(keys::SIZE_BYTES.to_owned(), text.to_owned());
        assert_eq!(Planned::of(&info), Planned { size_bytes, ..planned("tr-1", 42) }, "{text:?}");
    }
}

/// Few ids and few moments, so that duplicates, ties and the edge of the cutoff are common.
fn trace() -> impl Strategy<Value = Planned> {
    let size = prop_oneof![Just(None), (0_u64..4).prop_map(Some), Just(Some(u64::MAX))];
    (0_u8..40, prop_oneof![9 => -4_i64..12, 1 => any::<i64>()], size)
        .prop_map(|(id, time, size_bytes)| Planned { size_bytes, ..planned(&format!("tr-{id}"), time) })
}

fn selection() -> impl Strategy<Value = Vec<Planned>> {
    prop::collection::vec(trace(), 0..80)
}

fn keepers() -> impl Strategy<Value = HashSet<TraceId>> {
    prop::collection::hash_set((0_u8..50).prop_map(|id| TraceId::new(format!("tr-{id}"))), 0..25)
}

fn cutoff() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.8, -5_i64..13)
}

/// The youngest start that was seen for each id.
fn starts(selected: &[Planned]) -> BTreeMap<TraceId, i64> {
    let mut starts = BTreeMap::new();
    for trace in selected {
        let start = starts.entry(trace.trace_id.clone()).or_insert(trace.request_time_ms);
        *start = trace.request_time_ms.max(*start);
    }
    starts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nothing_kept_is_ever_planned(selected in selection(), kept in keepers(), cutoff in cutoff()) {
        let plan = plan_up_to(cutoff, selected, &kept);
        prop_assert!(plan.traces.iter().all(|trace| !kept.contains(&trace.trace_id)));
    }

    #[test]
    fn nothing_younger_than_the_cutoff_is_planned(selected in selection(), kept in keepers(), cutoff in -5_i64..13) {
        let starts = starts(&selected);
        let plan = plan_up_to(Some(cutoff), selected, &kept);
        prop_assert!(plan.traces.iter().all(|trace| trace.request_time_ms <= cutoff));
        prop_assert!(plan.traces.iter().all(|trace| starts[&trace.trace_id] <= cutoff), "not by any of its starts");
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (selected, shuffled) in selection().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        kept in keepers(),
        cutoff in cutoff(),
    ) {
        prop_assert_eq!(plan_up_to(cutoff, selected, &kept), plan_up_to(cutoff, shuffled, &kept));
    }

    #[test]
    fn planned_kept_and_too_young_are_disjoint_and_together_all_that_is_selected(
        selected in selection(),
        kept in keepers(),
        cutoff in cutoff(),
    ) {
        let starts = starts(&selected);
        let plan = plan_up_to(cutoff, selected, &kept);
        let too_young = |id: &TraceId| cutoff.is_some_and(|cutoff| starts[id] > cutoff);
        let young: BTreeSet<TraceId> = starts.keys().filter(|id| too_young(id)).cloned().collect();
        let kept: BTreeSet<TraceId> = starts.keys().filter(|id| !too_young(id) && kept.contains(id)).cloned().collect();
        let planned: BTreeSet<TraceId> = plan.traces.iter().map(|trace| trace.trace_id.clone()).collect();
        prop_assert_eq!(planned.len(), plan.traces.len(), "an id is planned once");
        prop_assert_eq!(kept.len(), plan.kept);
        prop_assert_eq!(planned.len() + kept.len() + young.len(), starts.len(), "disjoint");
        let together: BTreeSet<TraceId> = planned.into_iter().chain(kept).chain(young).collect();
        prop_assert!(together.iter().eq(starts.keys()));
    }

    #[test]
    fn the_oldest_go_first(selected in selection(), kept in keepers(), cutoff in cutoff()) {
        let plan = plan_up_to(cutoff, selected, &kept);
        let order = |trace: &Planned| (trace.request_time_ms, trace.trace_id.clone());
        prop_assert!(plan.traces.windows(2).all(|pair| order(&pair[0]) < order(&pair[1])));
        prop_assert_eq!(plan.oldest_ms(), plan.traces.iter().map(|trace| trace.request_time_ms).min());
        prop_assert_eq!(plan.newest_ms(), plan.traces.iter().map(|trace| trace.request_time_ms).max());
    }

    #[test]
    fn a_plan_holds_only_traces_as_they_were_selected(selected in selection(), kept in keepers(), cutoff in cutoff()) {
        let plan = plan_up_to(cutoff, selected.clone(), &kept);
        prop_assert!(plan.traces.iter().all(|trace| selected.contains(trace)));
        let size = plan.traces.iter().filter_map(|trace| trace.size_bytes).fold(0, u64::saturating_add);
        prop_assert_eq!(plan.size_bytes(), size);
    }
}
