//! What a policy says of traces as they come from a server: which rules select them, what keeps them, what was not known.

use std::collections::{HashMap, HashSet};

use mlflow_trace::filter::Filter;
use mlflow_trace::model::field::Field;
use mlflow_trace::model::{Trace, TraceId, TraceInfo};
use mlflow_trace::retention::{
    Caps, Decision, Doubtful, Explanation, Judge, Keep, Outlook, PolicyFound, RetentionPolicy, Rule, Seen, Subject,
    Survey, explain, met, unmet_keys,
};
use serde_json::{Value, json};

use crate::experiment;
use crate::rules::{DAY, ms, rule};

/// A trace of a day of November 2026, with tags.
fn info(id: &str, day: u32, tags: &Value) -> TraceInfo {
    let location = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}});
    let info = json!({
        "trace_id": id, "request_time": format!("2026-11-{day:02}T12:00:00Z"), "execution_duration": "1s", "state": "OK",
        "trace_location": location, "tags": tags,
    });
    serde_json::from_value(info).unwrap()
}

fn keeping(keep_if: &[&str]) -> Rule {
    Rule { keep_if: keep_if.iter().map(|text| Filter::parse_at(text, now()).unwrap()).collect(), ..rule() }
}

fn now() -> i64 {
    ms("2026-11-26 12:00:00")
}

fn policy(rules: Vec<Rule>) -> RetentionPolicy {
    RetentionPolicy { as_of_ms: now(), rules, caps: Caps::default() }
}

/// What the policy says of traces, with what was found of its searches.
fn judged(policy: &RetentionPolicy, infos: &[TraceInfo], found: &[PolicyFound]) -> (Vec<Seen>, Survey) {
    let judge = Judge::new(policy, &experiment());
    let mut survey = judge.survey();
    let see = |info: &TraceInfo| judge.see(&Trace::without_spans(info.clone()), found, &mut survey);
    (infos.iter().map(see).collect(), survey)
}

fn outlook(policy: &RetentionPolicy, infos: &[TraceInfo]) -> Outlook {
    let (seen, survey) = judged(policy, infos, &[]);
    Outlook::new(policy, experiment(), survey, seen, 0, false)
}

fn explained(policy: &RetentionPolicy, info: &TraceInfo) -> Explanation {
    let (traces, survey) = judged(policy, std::slice::from_ref(info), &[]);
    let alone = judged(policy, std::slice::from_ref(info), &[]).1;
    explain(policy, Subject { info, experiment: &experiment(), survey: &survey, alone: &alone, traces })
}

#[test]
fn each_value_makes_a_group_and_no_value_another() {
    let policy = policy(vec![Rule { group_by: vec![Field::Tag("team".into())], ..rule() }]);
    let infos = [
        info("tr-1", 1, &json!({"team": "search"})),
        info("tr-2", 2, &json!({"team": "chat"})),
        info("tr-3", 3, &json!({})),
        info("tr-4", 4, &json!({"team": "search"})),
        info("tr-5", 5, &json!({"team": "(none)"})),
    ];
    let (seen, survey) = judged(&policy, &infos, &[]);
    let names: Vec<&str> = seen.iter().map(|seen| survey.groups.name(seen.marks[0].group).unwrap()).collect();
    let (search, chat) = ("tags.team = \"search\"", "tags.team = \"chat\"");
    assert_eq!(names, [search, chat, "tags.team = (none)", search, "tags.team = \"(none)\""]);
}

#[test]
fn every_keep_if_says_how_many_traces_it_matches_over_all_experiments() {
    let policy = policy(vec![keeping(&["tags.hold = 'yes'", "tags.never = 'x'"])]);
    let held = |id: &str| info(id, 1, &json!({"hold": "yes"}));
    let outlooks = [
        outlook(&policy, &[held("tr-1"), held("tr-2"), info("tr-3", 1, &json!({}))]),
        outlook(&policy, &[held("tr-4")]),
        outlook(&policy, &[]),
    ];
    let met = met(&policy, &outlooks);
    assert_eq!(met.len(), 1);
    assert_eq!(met[0].keep_if, [("tags.hold = 'yes'".to_owned(), 3), ("tags.never = 'x'".to_owned(), 0)]);
    assert_eq!(outlooks[0].plan.traces.iter().map(|trace| trace.trace_id.as_str()).collect::<Vec<_>>(), ["tr-3"]);
    assert_eq!(unmet_keys(&policy, &outlooks), [("rule", "tags.never = 'x'", "tags.never".to_owned())]);
}

#[test]
fn a_key_that_one_experiment_has_is_met_in_all() {
    let policy = policy(vec![keeping(&["tags.hold = 'yes'"])]);
    let without = outlook(&policy, &[info("tr-1", 1, &json!({}))]);
    assert_eq!(unmet_keys(&policy, std::slice::from_ref(&without)).len(), 1);
    assert_eq!(unmet_keys(&policy, &[without, outlook(&policy, &[info("tr-2", 1, &json!({"hold": "no"}))])]), []);
}

#[test]
fn what_was_not_found_is_not_selected_and_what_may_be_kept_is_kept() {
    let select = Filter::parse("span.name = 'tool'").unwrap();
    let policy = policy(vec![Rule { filter: select, ..keeping(&["span.type = 'CHAT_MODEL'"]) }]);
    assert_eq!(Judge::new(&policy, &experiment()).searches().len(), 2);
    let ids = |ids: &[&str]| ids.iter().map(|id| TraceId::from(*id)).collect::<HashSet<_>>();
    let doubt = |id: &str, is_failure| {
        HashMap::from([(TraceId::from(id), Doubtful { why: "its spans are elsewhere".to_owned(), is_failure })])
    };
    let selected = PolicyFound { matching: ids(&["tr-1", "tr-2", "tr-3"]), undecided: doubt("tr-4", true) };
    let kept = PolicyFound { matching: ids(&["tr-2"]), undecided: doubt("tr-3", true) };
    let judge = Judge::new(&policy, &experiment());
    let found: Vec<PolicyFound> = judge
        .searches()
        .iter()
        .map(|filter| if filter.text().contains("tool") { selected.clone() } else { kept.clone() })
        .collect();
    let infos: Vec<TraceInfo> =
        ["tr-1", "tr-2", "tr-3", "tr-4", "tr-5"].iter().map(|id| info(id, 1, &json!({}))).collect();
    let (seen, survey) = judged(&policy, &infos, &found);
    let decisions: Vec<Decision> = seen.iter().map(Seen::decision).collect();
    let expected = [Decision::Expires, Decision::Kept, Decision::Kept, Decision::Untouched, Decision::Untouched];
    assert_eq!(decisions, expected);
    assert!(seen[1].marks[0].keeps.has(Keep::If) && seen[2].marks[0].keeps.has(Keep::Unknown));
    let rule = &survey.rules[&0];
    assert_eq!((rule.not_selected["its spans are elsewhere"], rule.unknown["its spans are elsewhere"]), (1, 1));
    assert_eq!((rule.failed, rule.keep_if[0].matched), (2, 1));
    // Without what the searches found nothing is known: nothing is selected.
    assert!(judged(&policy, &infos, &[]).0.iter().all(|seen| seen.decision() == Decision::Untouched));
}

#[test]
fn a_trace_that_the_filter_found_and_does_not_match_is_a_contradiction() {
    let policy = policy(vec![Rule { filter: Filter::parse("tags.env = 'scratch'").unwrap(), ..rule() }]);
    let judge = Judge::of_selected(&policy, &experiment());
    let mut survey = judge.survey();
    let mut see = |tags: &Value| judge.see(&Trace::without_spans(info("tr-1", 1, tags)), &[], &mut survey);
    assert_eq!(see(&json!({"env": "scratch"})).decision(), Decision::Expires);
    see(&json!({"env": "production"}));
    see(&json!({}));
    assert_eq!(survey.contradictions, 2);
}

#[test]
fn a_trace_is_kept_until_the_moment_that_its_keep_if_names_has_passed_it() {
    let policy = policy(vec![keeping(&["timestamp > -30d"])]);
    let young = explained(&policy, &info("tr-1", 20, &json!({})));
    assert_eq!((young.decision, young.expires_ms), (Decision::Kept, Some(ms("2026-11-20 12:00:00") + 30 * DAY)));
    assert_eq!(young.rules[0].keeps, [(Keep::If, young.expires_ms)]);
    assert_eq!(young.rules[0].keep_if.as_deref(), Some("timestamp > -30d"));
    // At the very moment at which it is asked a trace of 30 days ago goes.
    let mut old = info("tr-2", 1, &json!({}));
    old.request_time_ms = now() - 30 * DAY;
    assert_eq!(
        (explained(&policy, &old).decision, explained(&policy, &old).expires_ms),
        (Decision::Expires, Some(now()))
    );
    old.request_time_ms += 1;
    assert_eq!(explained(&policy, &old).expires_ms, Some(now() + 1));
}

#[test]
fn the_end_of_a_trace_counts_where_its_keep_if_asks_for_it() {
    let policy = policy(vec![keeping(&["end_time > -30d"])]);
    let young = explained(&policy, &info("tr-1", 20, &json!({})));
    assert_eq!(young.expires_ms, Some(ms("2026-11-20 12:00:01") + 30 * DAY));
}

#[test]
fn age_alone_does_not_end_what_a_tag_keeps() {
    let policy = policy(vec![keeping(&["tags.hold = 'yes'"])]);
    let held = explained(&policy, &info("tr-1", 1, &json!({"hold": "yes"})));
    assert_eq!(
        (held.decision, held.expires_ms, held.rules[0].keeps.as_slice()),
        (Decision::Kept, None, &[(Keep::If, None)][..])
    );
}
