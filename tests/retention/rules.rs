//! The planner of policies: tables for what it promises, restic's own examples, and properties for any input.

use std::collections::{BTreeMap, BTreeSet};

use mlflow_trace::filter::Filter;
use mlflow_trace::model::TraceId;
use mlflow_trace::retention::{
    Caps, Count, Decision, ExperimentPattern, Followed, Keep, Keeps, Mark, Outlook, Refusal, RetentionPolicy, Rule,
    Seen, Survey, decide, forecast, refusals,
};
use proptest::prelude::*;

use crate::experiment;

pub const DAY: i64 = 86_400_000;

pub fn ms(text: &str) -> i64 {
    mlflow_trace::model::parse_rfc3339_ms(&format!("{}Z", text.replace(' ', "T"))).unwrap()
}

/// A rule about the experiment that keeps nothing.
pub fn rule() -> Rule {
    Rule {
        name: "rule".to_owned(),
        experiments: vec![ExperimentPattern::new("support")],
        filter: Filter::parse("").unwrap(),
        min_age_ms: 0,
        keep_within_ms: None,
        counts: [0; 6],
        group_by: Vec::new(),
        keep_if: Vec::new(),
        allow_empty: false,
        takes_unfinished: false,
        archive_to: None,
        deletes_artifacts: false,
    }
}

fn counting(count: Count, number: u64) -> Rule {
    let mut rule = rule();
    rule.counts[count as usize] = number;
    rule
}

fn mark(rule: u16, group: u32, keeps: &[Keep]) -> Mark {
    let mut all = Keeps::default();
    for keep in keeps {
        all.add(*keep);
    }
    Mark { rule, keep_if: 0, group, keeps: all }
}

fn seen(id: &str, time: i64, marks: Vec<Mark>) -> Seen {
    Seen { trace_id: TraceId::from(id), request_time_ms: time, size_bytes: Some(10), has_span_file: false, marks }
}

/// What stays of traces that one rule selects, by their starts.
fn kept(rule: &Rule, as_of: &str, starts: &[&str]) -> Vec<String> {
    let traces = starts.iter().map(|start| seen(start, ms(start), vec![mark(0, 0, &[])])).collect();
    let decided = decide(std::slice::from_ref(rule), ms(as_of), traces);
    let kept = decided.into_iter().filter(|trace| trace.decision() == Decision::Kept);
    kept.map(|trace| trace.trace_id.as_str().to_owned()).collect()
}

/// The history that restic's tests of its policies use, in part: some days with several, gaps, two years.
const HISTORY: &[&str] = &[
    "2014-09-01 10:20:30",
    "2014-09-02 10:20:30",
    "2014-09-05 10:20:30",
    "2014-09-22 10:20:30",
    "2014-10-01 10:20:30",
    "2014-11-22 10:20:30",
    "2015-09-01 10:20:30",
    "2015-10-20 10:20:30",
    "2015-10-22 10:20:30",
    "2016-01-01 01:02:03",
    "2016-01-01 01:03:03",
    "2016-01-01 07:08:03",
    "2016-01-03 07:02:03",
    "2016-01-04 10:23:03",
    "2016-01-09 21:02:03",
    "2016-01-12 21:02:03",
    "2016-01-12 21:08:03",
    "2016-01-18 12:02:03",
];

#[test]
fn periods_keep_what_restic_keeps_of_them() {
    for (count, number, expected) in [
        (Count::Last, 2, ["2016-01-12 21:08:03", "2016-01-18 12:02:03"].as_slice()),
        (Count::Hourly, 3, &["2016-01-09 21:02:03", "2016-01-12 21:08:03", "2016-01-18 12:02:03"]),
        (
            Count::Daily,
            6,
            &[
                "2016-01-01 07:08:03",
                "2016-01-03 07:02:03",
                "2016-01-04 10:23:03",
                "2016-01-09 21:02:03",
                "2016-01-12 21:08:03",
                "2016-01-18 12:02:03",
            ],
        ),
        // Weeks from Monday: the 4th to the 10th, the 11th to the 17th, the 18th on; the 3rd is a Sunday.
        (
            Count::Weekly,
            4,
            &["2016-01-03 07:02:03", "2016-01-09 21:02:03", "2016-01-12 21:08:03", "2016-01-18 12:02:03"],
        ),
        // Months without traces do not count.
        (
            Count::Monthly,
            5,
            &[
                "2014-10-01 10:20:30",
                "2014-11-22 10:20:30",
                "2015-09-01 10:20:30",
                "2015-10-22 10:20:30",
                "2016-01-18 12:02:03",
            ],
        ),
        (Count::Yearly, 10, &["2014-11-22 10:20:30", "2015-10-22 10:20:30", "2016-01-18 12:02:03"]),
    ] {
        assert_eq!(kept(&counting(count, number), "2016-02-01 00:00:00", HISTORY), expected, "{count:?}");
    }
}

#[test]
fn keeps_of_a_rule_are_joined_by_or() {
    let mut rule = counting(Count::Yearly, 2);
    rule.counts[Count::Last as usize] = 1;
    rule.keep_within_ms = Some(20 * DAY);
    assert_eq!(
        kept(&rule, "2016-01-29 12:02:03", HISTORY),
        [
            "2015-10-22 10:20:30",
            "2016-01-09 21:02:03",
            "2016-01-12 21:02:03",
            "2016-01-12 21:08:03",
            "2016-01-18 12:02:03"
        ]
    );
}

#[test]
fn ages_count_to_the_millisecond_and_the_cutoff_itself_goes() {
    let rule = Rule { keep_within_ms: Some(DAY), ..rule() };
    let starts = ["2016-01-01 00:00:00", "2016-01-01 00:00:00.001", "2016-01-01 12:00:00"];
    assert_eq!(kept(&rule, "2016-01-02 00:00:00", &starts), &starts[1..]);
    let rule = Rule { min_age_ms: DAY, keep_within_ms: None, ..rule };
    assert_eq!(kept(&rule, "2016-01-02 00:00:00", &starts), &starts[1..]);
}

#[test]
fn within_is_measured_from_the_moment_and_not_from_the_newest_trace() {
    let rule = Rule { keep_within_ms: Some(30 * DAY), ..rule() };
    assert!(kept(&rule, "2017-01-01 00:00:00", HISTORY).is_empty());
}

#[test]
fn each_group_is_counted_for_itself() {
    let rules = [counting(Count::Last, 1)];
    let traces = vec![
        seen("a1", 1, vec![mark(0, 1, &[])]),
        seen("a2", 2, vec![mark(0, 1, &[])]),
        seen("b1", 0, vec![mark(0, 2, &[])]),
    ];
    let decided = decide(&rules, 10, traces);
    let kept: Vec<&str> = decided
        .iter()
        .filter(|trace| trace.decision() == Decision::Kept)
        .map(|trace| trace.trace_id.as_str())
        .collect();
    assert_eq!(kept, ["b1", "a2"]);
}

#[test]
fn one_rule_that_keeps_is_enough_and_one_that_does_not_select_has_no_say() {
    let rules = [rule(), counting(Count::Last, 1)];
    let traces = vec![
        seen("both", 5, vec![mark(0, 0, &[]), mark(1, 0, &[])]),
        seen("first", 4, vec![mark(0, 0, &[])]),
        seen("second", 3, vec![mark(1, 0, &[])]),
        seen("none", 2, vec![]),
    ];
    let decided = decide(&rules, 10, traces);
    let of: BTreeMap<&str, Decision> =
        decided.iter().map(|trace| (trace.trace_id.as_str(), trace.decision())).collect();
    assert_eq!(of["both"], Decision::Kept, "the second rule keeps it as its newest");
    assert_eq!((of["first"], of["second"]), (Decision::Expires, Decision::Expires));
    assert_eq!(of["none"], Decision::Untouched);
}

#[test]
fn what_starts_in_the_future_is_kept_and_takes_no_place() {
    let rules = [counting(Count::Last, 1)];
    let traces = vec![
        seen("future", 11, vec![mark(0, 0, &[])]),
        seen("newest", 10, vec![mark(0, 0, &[])]),
        seen("old", 1, vec![mark(0, 0, &[])]),
    ];
    let decided = decide(&rules, 10, traces.clone());
    let decisions: Vec<Decision> = decided.iter().map(Seen::decision).collect();
    assert_eq!(decisions, [Decision::Expires, Decision::Kept, Decision::Kept], "oldest first");
    let named = Rule { filter: Filter::parse("timestamp_ms >= 10").unwrap(), ..counting(Count::Last, 1) };
    let decided = decide(&[named], 10, traces);
    let decisions: Vec<Decision> = decided.iter().map(Seen::decision).collect();
    assert_eq!(decisions, [Decision::Expires, Decision::Expires, Decision::Kept], "unless the rule names it");
}

#[test]
fn what_is_in_progress_or_not_known_is_kept_and_takes_no_place() {
    for keep in [Keep::InProgress, Keep::Unknown, Keep::Changed] {
        for count in Count::ALL {
            let traces = vec![
                seen("open", 9, vec![mark(0, 0, &[keep])]),
                seen("newest", 8, vec![mark(0, 0, &[])]),
                seen("old", 1, vec![mark(0, 0, &[])]),
            ];
            let decided = decide(&[counting(count, 1)], 10, traces);
            let decisions: Vec<Decision> = decided.iter().map(Seen::decision).collect();
            assert_eq!(decisions, [Decision::Expires, Decision::Kept, Decision::Kept], "{keep:?} {count:?}");
        }
    }
}

#[test]
fn a_trace_that_was_seen_in_two_states_is_kept() {
    for other in
        [seen("a", 5, vec![mark(0, 0, &[Keep::If])]), seen("a", 6, vec![mark(0, 0, &[])]), seen("a", 5, vec![])]
    {
        let one = seen("a", 5, vec![mark(0, 0, &[])]);
        for traces in [vec![one.clone(), other.clone()], vec![other.clone(), one.clone()]] {
            let decided = decide(&[rule()], 10, traces);
            assert_eq!(decided.len(), 1);
            assert_ne!(decided[0].decision(), Decision::Expires, "{other:?}");
        }
    }
    let twice = vec![seen("a", 5, vec![mark(0, 0, &[])]); 2];
    assert_eq!(decide(&[rule()], 10, twice)[0].decision(), Decision::Expires);
}

fn policy(rules: Vec<Rule>) -> RetentionPolicy {
    RetentionPolicy { as_of_ms: 100 * DAY, rules, caps: Caps::default() }
}

fn outlook(policy: &RetentionPolicy, traces: Vec<Seen>, untouched: u64) -> Outlook {
    Outlook::new(policy, experiment(), Survey::default(), traces, untouched, false)
}

fn old(number: usize) -> Vec<Seen> {
    (0..number).map(|n| seen(&format!("tr-{n}"), DAY * i64::try_from(n).unwrap(), vec![mark(0, 0, &[])])).collect()
}

#[test]
fn numbers_are_told_by_rule_and_by_day() {
    let policy = policy(vec![counting(Count::Last, 2)]);
    let outlook = outlook(&policy, old(5), 7);
    assert_eq!((outlook.traces(), outlook.plan.traces.len(), outlook.plan.kept), (12, 3, 2));
    let rule = &outlook.rules[&0];
    assert_eq!((rule.selected, rule.expires.traces, rule.expires.bytes), (5, 3, 30));
    assert_eq!(rule.kept, BTreeMap::from([(Keep::Count(Count::Last), 2)]));
    assert_eq!(outlook.days.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn an_experiment_is_not_emptied_unless_every_rule_that_takes_says_so() {
    let taking = policy(vec![Rule { min_age_ms: 1, ..rule() }]);
    let emptied = vec![Refusal::EmptiesExperiment { experiment: "support".into(), traces: 3 }];
    assert_eq!(refusals(&taking, &[outlook(&taking, old(3), 0)]), emptied);
    assert_eq!(refusals(&taking, &[outlook(&taking, old(3), 1)]), []);
    assert_eq!(refusals(&taking, &[outlook(&taking, vec![], 0)]), [], "there is nothing to empty");
    let allowing = policy(vec![Rule { min_age_ms: 1, allow_empty: true, ..rule() }]);
    assert_eq!(refusals(&allowing, &[outlook(&allowing, old(3), 0)]), []);
}

#[test]
fn a_group_is_not_emptied_unless_the_rule_says_so() {
    let grouped = Rule { min_age_ms: 1, group_by: vec![mlflow_trace::model::field::Field::Session], ..rule() };
    let traces = || vec![seen("a", 1, vec![mark(0, 0, &[])]), seen("b", 1, vec![mark(0, 1, &[Keep::If])])];
    let taking = policy(vec![grouped.clone()]);
    assert!(matches!(
        refusals(&taking, &[outlook(&taking, traces(), 0)]).as_slice(),
        [Refusal::EmptiesGroup { traces: 1, .. }]
    ));
    let allowing = policy(vec![Rule { allow_empty: true, ..grouped }]);
    assert_eq!(refusals(&allowing, &[outlook(&allowing, traces(), 0)]), []);
}

#[test]
fn caps_are_of_numbers_and_of_parts() {
    let capped = |caps| RetentionPolicy { caps, ..policy(vec![Rule { min_age_ms: 1, ..rule() }]) };
    let of = |caps: Caps| {
        let policy = capped(caps);
        refusals(&policy, &[outlook(&policy, old(30), 70)])
    };
    assert_eq!(of(Caps { max_delete: Some(30), max_delete_percent: Some(30) }), []);
    assert_eq!(of(Caps { max_delete: Some(29), ..Caps::default() }), [Refusal::MaxDelete { planned: 30, most: 29 }]);
    assert_eq!(
        of(Caps { max_delete_percent: Some(29), ..Caps::default() }),
        [Refusal::MaxDeletePercent { planned: 30, of: 100, most: 29 }]
    );
}

#[test]
fn traces_of_a_catalog_are_told_and_not_tried() {
    let policy = policy(vec![Rule { min_age_ms: 1, ..rule() }]);
    let traces = vec![seen("trace:/main.traces/x", 1, vec![mark(0, 0, &[])])];
    assert_eq!(
        refusals(&policy, &[outlook(&policy, traces, 1)]),
        [Refusal::CannotDelete { experiment: "support".into() }]
    );
}

#[test]
fn a_forecast_tells_each_trace_on_the_first_day_on_which_it_goes() {
    let today = policy(vec![Rule { keep_within_ms: Some(10 * DAY), ..rule() }]);
    let days: Vec<RetentionPolicy> =
        (0..=5).map(|day| RetentionPolicy { as_of_ms: today.as_of_ms + day * DAY, ..today.clone() }).collect();
    let follow = |id: &str, start: i64| Followed::new(seen(id, start, vec![mark(0, 0, &[])]), []);
    let keeper_ends = Followed::new(
        seen("keeper", 0, vec![mark(0, 0, &[Keep::If])]),
        [vec![mark(0, 0, &[Keep::If])], vec![mark(0, 0, &[])], vec![mark(0, 0, &[Keep::If])]],
    );
    let traces = [
        follow("old", 0),
        follow("tomorrow", 91 * DAY),
        follow("later", 95 * DAY + 1),
        keeper_ends,
        follow("edge", 94 * DAY),
    ];
    let sums: BTreeMap<u16, u64> = forecast(&days, &traces).into_iter().map(|(day, sum)| (day, sum.traces)).collect();
    assert_eq!(sums, BTreeMap::from([(0, 1), (1, 1), (2, 1), (4, 1)]));
}

const RULES: usize = 3;

fn any_keeps() -> impl Strategy<Value = Vec<Keep>> {
    prop::collection::vec(prop_oneof![Just(Keep::If), Just(Keep::InProgress)], 0..2)
}

fn any_marks() -> impl Strategy<Value = Vec<Mark>> {
    let one = |rule: u16| {
        prop::option::of((0_u32..3, any_keeps())).prop_map(move |chosen| chosen.map(|(g, keeps)| mark(rule, g, &keeps)))
    };
    (one(0), one(1), one(2)).prop_map(|(a, b, c)| [a, b, c].into_iter().flatten().collect())
}

/// Few ids and moments, so that duplicates, ties and edges are common.
fn any_traces() -> impl Strategy<Value = Vec<Seen>> {
    let time = prop_oneof![8 => (-5_i64..105).prop_map(|hours| hours * DAY / 4), 1 => any::<i64>()];
    let one = (0_u8..60, time, any_marks()).prop_map(|(id, time, marks)| seen(&format!("tr-{id}"), time, marks));
    prop::collection::vec(one, 0..60)
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let age = || prop::option::of((1_i64..20).prop_map(|days| days * DAY));
    let counts = prop::array::uniform6(prop_oneof![3 => Just(0_u64), 1 => 1_u64..5]);
    (age(), age(), counts).prop_map(|(min_age, keep_within_ms, counts)| Rule {
        min_age_ms: min_age.unwrap_or(0),
        keep_within_ms,
        counts,
        ..rule()
    })
}

fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::vec(any_rule(), RULES)
}

const AS_OF: i64 = 25 * DAY;

fn expiring(rules: &[Rule], traces: Vec<Seen>) -> BTreeSet<TraceId> {
    let decided = decide(rules, AS_OF, traces);
    decided.into_iter().filter(|trace| trace.decision() == Decision::Expires).map(|trace| trace.trace_id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_any_rule_keeps_ever_expires(rules in any_rules(), traces in any_traces()) {
        let expiring = expiring(&rules, traces.clone());
        for trace in &traces {
            let goes = expiring.contains(&trace.trace_id);
            prop_assert!(!goes || !trace.marks.is_empty(), "no rule selects it");
            for mark in &trace.marks {
                let rule = &rules[usize::from(mark.rule)];
                let is_young = rule.age_ms() > 0 && trace.request_time_ms > AS_OF - rule.age_ms();
                prop_assert!(!goes || (mark.keeps.is_empty() && !is_young && trace.request_time_ms <= AS_OF));
            }
        }
        // Each rule alone, too, keeps what it keeps together with others.
        for number in 0..RULES {
            let mut alone = traces.clone();
            let own = |mark: &Mark| usize::from(mark.rule) == number;
            for trace in &mut alone {
                trace.marks.retain(own);
            }
            let kept = decide(&rules, AS_OF, alone).into_iter().filter(|trace| trace.decision() == Decision::Kept);
            for trace in kept {
                prop_assert!(!expiring.contains(&trace.trace_id), "{:?} keeps {:?}", rules[number], trace);
            }
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        rules in any_rules(),
        (traces, shuffled) in any_traces().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(decide(&rules, AS_OF, traces), decide(&rules, AS_OF, shuffled));
    }

    #[test]
    fn one_more_keep_never_takes_more(
        rules in any_rules(),
        traces in any_traces(),
        which in 0..RULES,
        way in 0_usize..6,
        more in 1_u64..4,
        days in 1_i64..30,
    ) {
        let before = expiring(&rules, traces.clone());
        let mut counting = rules.clone();
        counting[which].counts[way] += more;
        prop_assert!(expiring(&counting, traces.clone()).is_subset(&before));
        let mut within = rules.clone();
        within[which].keep_within_ms = Some(within[which].keep_within_ms.unwrap_or(0) + days * DAY);
        prop_assert!(expiring(&within, traces.clone()).is_subset(&before));
        let mut kept = traces;
        for mark in kept.iter_mut().step_by(3).flat_map(|trace| &mut trace.marks) {
            mark.keeps.add(Keep::If);
        }
        prop_assert!(expiring(&rules, kept).is_subset(&before));
    }

    #[test]
    fn every_trace_comes_back_once_oldest_first(rules in any_rules(), traces in any_traces()) {
        let ids: BTreeSet<TraceId> = traces.iter().map(|trace| trace.trace_id.clone()).collect();
        let decided = decide(&rules, AS_OF, traces);
        prop_assert_eq!(decided.len(), ids.len());
        let order = |trace: &Seen| (trace.request_time_ms, trace.trace_id.clone());
        prop_assert!(decided.windows(2).all(|pair| order(&pair[0]) < order(&pair[1])));
    }

    #[test]
    fn each_group_keeps_as_many_as_it_counts(number in 1_u64..5, traces in any_traces()) {
        let rules = vec![counting(Count::Last, number); RULES];
        let counted = Keep::Count(Count::Last);
        let mut by_group: BTreeMap<(u16, u32), (u64, u64)> = BTreeMap::new();
        for trace in decide(&rules, AS_OF, traces).iter().filter(|trace| trace.request_time_ms <= AS_OF) {
            for mark in &trace.marks {
                if [Keep::Changed, Keep::InProgress, Keep::Unknown].into_iter().any(|keep| mark.keeps.has(keep)) {
                    continue;
                }
                let (all, kept) = by_group.entry((mark.rule, mark.group)).or_default();
                *all += 1;
                *kept += u64::from(mark.keeps.has(counted));
            }
        }
        for (all, kept) in by_group.into_values() {
            prop_assert_eq!(kept, all.min(number));
        }
    }
}
