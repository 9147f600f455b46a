//! What speaks against carrying out a policy, to the number.

use mlflow_trace::filter::Filter;
use mlflow_trace::retention::{Caps, Count, Plan, Refusal, RetentionPolicy, Rule, Totals};

use crate::rules::rule;
use crate::{experiment, planned};

#[test]
fn more_than_three_times_the_last_run_is_growth() {
    assert_eq!(Refusal::of_growth(31, Some(10)), Some(Refusal::Growth { planned: 31, last: 10 }));
    assert_eq!(Refusal::of_growth(30, Some(10)), None);
    assert_eq!(Refusal::of_growth(1, Some(10)), None);
    // A run that deleted nothing, or none, says nothing of the next one.
    assert_eq!((Refusal::of_growth(1000, Some(0)), Refusal::of_growth(1000, None)), (None, None));
    assert_eq!(Refusal::of_growth(u64::MAX, Some(u64::MAX)), None);
}

#[test]
fn clocks_more_than_five_minutes_apart_are_refused_whichever_is_ahead() {
    let of = |server_ms| Refusal::of_clocks(1_000_000_000, server_ms);
    assert_eq!((of(1_000_000_000 + 300_999), of(1_000_000_000 - 300_999)), (None, None));
    assert_eq!(of(1_000_000_000 + 301_000), Some(Refusal::ClockSkew { seconds: 301 }));
    assert_eq!(of(1_000_000_000 - 301_000), Some(Refusal::ClockSkew { seconds: -301 }));
}

#[test]
fn a_rule_needs_something_that_bounds_it_in_time() {
    let policy = |rule: Rule| RetentionPolicy { as_of_ms: 0, rules: vec![rule], caps: Caps::default() };
    let filtered = |text: &str| Rule { filter: Filter::parse(text).unwrap(), ..rule() };
    let mut counted = rule();
    counted.counts[Count::Last as usize] = 1;
    let unbounded = Some(Refusal::NoTimeBound { rule: "rule".to_owned() });
    assert_eq!(policy(rule()).refusal(), unbounded);
    assert_eq!(policy(filtered("tags.env = 'scratch'")).refusal(), unbounded);
    assert_eq!(policy(filtered("timestamp > 5")).refusal(), unbounded);
    for bounded in [
        counted,
        filtered("timestamp < 5"),
        Rule { min_age_ms: 1, ..rule() },
        Rule { keep_within_ms: Some(1), ..rule() },
    ] {
        assert_eq!(policy(bounded.clone()).refusal(), None, "{bounded:?}");
    }
    assert_eq!(policy(Rule { keep_within_ms: Some(0), ..rule() }).refusal(), unbounded);
}

#[test]
fn totals_are_of_all_experiments() {
    let plan = |ids: &[&str]| {
        let sized =
            |id: &&str| mlflow_trace::retention::Planned { size_bytes: Some(5), has_span_file: true, ..planned(id, 1) };
        Plan { experiment: experiment(), traces: ids.iter().map(sized).collect(), kept: 0, grounds: Vec::new() }
    };
    let totals = Totals::planned(&[plan(&["tr-1", "tr-2"]), plan(&[]), plan(&["tr-3"])]);
    let expected = Totals { experiments: 3, planned: 3, bytes_planned: 15, span_files: 3, ..Totals::default() };
    assert_eq!(totals, expected);
    let done = Totals { planned: 20, deleted: 7, spared: 5, gone: 3, remaining: 1, ..Totals::default() };
    assert_eq!(done.not_attempted(), 4);
}
