//! What cannot be known keeps a trace, and is told: spans that lie elsewhere, types that a server does not hold, links that it
//! does not tell, values that it cuts, traces that change between a plan and its end.

use serde_json::{Value, json};

use crate::harness::{Experiment, Live, live, sorted, text};

const DAY: u64 = 86_400;

/// Deletes what is older than 30 days unless it matches, and says what is left.
fn left_after(experiment: &Experiment<'_>, keep_if: &str) -> Vec<String> {
    let run = ["retention", "run", "--older-than", "30d", "--keep-if", keep_if, "--yes"];
    experiment.run(&run).succeeds();
    experiment.ids()
}

#[test]
fn spans_in_the_artifact_store_are_found_and_keep_their_traces() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let spec = |name: &str| json!({"age_s": 40 * DAY, "name": name});
    let file = |name| {
        let seed = json!({"experiment": experiment.id, "spec": {"age_s": 40 * DAY, "name": name}});
        text(live.call("seed_span_file", &seed))
    };
    let (elsewhere, other) = (file("precious"), file("cheap"));
    let stored = experiment.seed(&json!([spec("precious"), spec("cheap")]));
    let precious = sorted(vec![elsewhere.clone(), stored[0].clone()]);
    for filter in ["span.name = 'precious'", "span(name = 'precious')", "span(name = 'precious' AND type = 'AGENT')"] {
        let found = experiment.run(&["search", filter, "--all", "-o", "ids"]).succeeds();
        assert_eq!(sorted(found.stdout.lines().map(str::to_owned).collect()), precious, "{filter}");
        found.tells("2 traces have their spans outside of the tracking store");
        let count = experiment.run(&["count", filter]).succeeds();
        assert_eq!(count.stdout.trim(), "2", "{filter}");
    }
    // Newest first, wherever the spans are.
    let all = experiment.run(&["search", "span.name LIKE '%'", "-n", "3", "-o", "ids"]).succeeds();
    assert_eq!(all.stdout.lines().count(), 3);
    assert_eq!(left_after(&experiment, "span(name = 'precious' AND status = 'OK')"), precious);
    assert!(!experiment.ids().contains(&other));
}

#[test]
fn a_trace_whose_spans_cannot_be_read_is_kept_by_a_condition_on_spans() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = json!({"experiment": experiment.id, "spec": {"age_s": 40 * DAY}});
    let lost = text(live.call("seed_span_file", &seed));
    live.call("delete_span_file", &json!({"trace": lost}));
    experiment.seed(&json!([{"age_s": 40 * DAY}]));
    let run = ["retention", "run", "--older-than", "30d", "--keep-if", "span(name = 'nothing')", "--yes"];
    experiment.run(&run).exits(3).tells("1 trace kept because a keep rule may apply").tells("kept because");
    assert_eq!(experiment.ids(), [lost.as_str()]);
    experiment.run(&["search", "span(name = 'agent')"]).exits(3).tells(&lost);
    // In MLflow's own language the server's answer is the answer.
    experiment.run(&["search", "span.name = 'agent'"]).succeeds().tells("1 trace may also match");
}

#[test]
fn a_type_that_only_the_attributes_of_a_span_hold_keeps_its_trace() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = |operation: &str| {
        let seed = json!({"experiment": experiment.id, "operation": operation, "age_s": 40 * DAY});
        text(live.call("seed_genai", &seed))
    };
    let (chat, _other) = (seed("chat"), seed("execute_tool"));
    for filter in ["span(type = 'CHAT_MODEL')", "span(type = 'CHAT_MODEL') OR status = 'ERROR'"] {
        let found = experiment.run(&["search", filter, "-o", "ids"]).succeeds();
        assert_eq!(found.stdout.trim(), chat, "{filter}");
    }
    assert_eq!(left_after(&experiment, "span.type = 'CHAT_MODEL'"), [chat.as_str()]);
    assert_eq!(left_after(&experiment, "span(type IN ('CHAT_MODEL', 'LLM'))"), [chat]);
}

#[test]
fn a_run_that_a_trace_was_linked_to_keeps_it() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 40 * DAY}, {"age_s": 40 * DAY}, {"age_s": 40 * DAY}]));
    let link = |id: &str| text(live.call("link_to_run", &json!({"experiment": experiment.id, "traces": [id]})));
    let (first, second) = (link(&ids[0]), link(&ids[1]));
    let export = experiment.run(&["export", "-"]).succeeds();
    export.tells("2 traces of these experiments are linked to runs; exports do not contain these links");
    assert_eq!(left_after(&experiment, "run_id IS NOT NULL"), sorted(ids[..2].to_vec()));
    assert_eq!(left_after(&experiment, &format!("run_id != '{first}'")), [ids[1].clone()]);
    assert_eq!(left_after(&experiment, &format!("run_id = '{second}'")), [ids[1].clone()]);
}

/// Traces with a note that is longer than what a server returns of it, the first two of which are held.
fn noted(live: &Live, experiment: &Experiment<'_>) -> Vec<String> {
    let note = |end: &str| json!({"note": format!("{}{end}", "x".repeat(300))});
    let long = |end: &str| json!({"note": format!("{}{end}", "y".repeat(5000))});
    let seed = |metadata: Value, tags: Value| {
        let age_s = 40 * DAY;
        let seed = json!({"experiment": experiment.id, "age_s": age_s, "metadata": metadata, "tags": tags});
        text(live.call("seed_long", &seed))
    };
    vec![
        seed(note("LEGAL HOLD"), json!({})),
        seed(note("free"), long("LEGAL HOLD")),
        seed(note("free"), long("free")),
        seed(json!({"note": "short"}), json!({})),
    ]
}

#[test]
fn what_lies_behind_the_place_where_a_value_was_cut_keeps_a_trace() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = noted(live, &experiment);
    let held = "metadata.note LIKE '%LEGAL HOLD%' OR tags.note LIKE '%LEGAL HOLD%'";
    let found = experiment.run(&["search", held, "-o", "ids"]).succeeds();
    assert_eq!(sorted(found.stdout.lines().map(str::to_owned).collect()), sorted(ids[..2].to_vec()));
    assert_eq!(left_after(&experiment, held), sorted(ids[..2].to_vec()));
}

#[test]
fn what_lies_behind_the_place_where_a_value_was_cut_does_not_select_a_trace() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = noted(live, &experiment);
    let filter = "metadata.note NOT LIKE '%LEGAL HOLD%' AND status = 'OK'";
    experiment.run(&["delete", "--filter", filter, "--yes"]).succeeds();
    assert_eq!(experiment.ids(), [ids[0].clone()]);
}

#[test]
fn traces_that_are_sorted_by_a_value_that_was_cut_are_told() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    noted(live, &experiment);
    let by = |key: &str| experiment.run(&["search", "--order-by", key, "--all"]).succeeds();
    by("metadata.note").tells("3 traces are sorted by the beginning of a value");
    by("tags.note").tells("2 traces are sorted by the beginning of a value");
    by("execution_time").does_not_tell("sorted by the beginning");
}

#[test]
fn a_trace_that_is_logged_again_after_the_plan_is_spared() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 40 * DAY}, {"age_s": 40 * DAY}, {"age_s": 40 * DAY}]));
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.jsonl").display().to_string();
    experiment.run(&["retention", "run", "--older-than", "30d", "--plan", &plan]).succeeds();
    let again = |id: &str, spec: Value| {
        live.call("log_again", &json!({"experiment": experiment.id, "trace": id, "spec": spec}));
    };
    again(&ids[0], json!({"age_s": 5}));
    let started = live.info(&ids[1])["request_time"].clone();
    let start_ms = mlflow_trace::model::parse_rfc3339_ms(started.as_str().unwrap()).unwrap();
    again(&ids[1], json!({"at_ms": start_ms, "state": "IN_PROGRESS"}));
    experiment.run(&["apply", &plan, "--yes"]).succeeds().tells("Deleted 1 of 3 traces").tells("2 spared");
    assert_eq!(experiment.ids(), sorted(ids[..2].to_vec()));
}

#[test]
fn any_feedback_keeps_a_trace_its_own_or_that_of_its_session() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let old = |session: &str| json!({"age_s": 40 * DAY, "session": session});
    let ids = experiment.seed(&json!([
        {"age_s": 40 * DAY, "feedback": {"score": 1}},
        old("judged"),
        old("judged"),
        old("silent"),
        {"age_s": 40 * DAY, "expectations": {"facts": ["x"]}},
    ]));
    let feedback = json!({"trace": ids[1], "name": "helpful", "value": true, "session": "judged"});
    live.call("log_session_feedback", &feedback);
    assert_eq!(
        left_after(&experiment, "assessment IS NOT NULL"),
        sorted(vec![ids[0].clone(), ids[1].clone(), ids[2].clone(), ids[4].clone()])
    );
    assert_eq!(left_after(&experiment, "feedback IS NOT NULL"), sorted(ids[..3].to_vec()));
}

#[test]
fn a_keep_if_that_cannot_keep_stops_the_run() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 40 * DAY, "tags": {"keep": "true"}}, {"age_s": 60}]));
    let run = |keep_if: &str, more: &[&str]| {
        let run = ["retention", "run", "--older-than", "30d", "--yes", "--keep-if", keep_if];
        experiment.run(&[run.as_slice(), more].concat())
    };
    run("feedback.* IS NOT NULL", &[]).exits(2).tells("feedback IS NOT NULL");
    run("tags.kep = 'true'", &[]).exits(7).tells("no trace of the experiments has tags.kep");
    run("feedback.score IS NOT NULL", &[]).exits(7).tells("feedback.score");
    assert_eq!(experiment.ids(), sorted(ids.clone()));
    run("tags.kep = 'true'", &["--allow-unmatched-keep"])
        .succeeds()
        .tells("keep_if tags.kep = 'true' matches 0 traces");
    assert_eq!(experiment.ids(), [ids[1].clone()]);
}

#[test]
fn what_is_said_of_a_session_stays_while_some_of_the_session_does() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let of = |age_s: u64, session: &str| json!({"age_s": age_s, "session": session});
    let ids = experiment.seed(&json!([
        of(40 * DAY, "goes on"),
        of(41 * DAY, "goes on"),
        of(60, "goes on"),
        of(42 * DAY, "over"),
        of(43 * DAY, "over"),
    ]));
    for (trace, session) in [(&ids[0], "goes on"), (&ids[3], "over")] {
        let feedback = json!({"trace": trace, "name": "helpful", "value": true, "session": session});
        live.call("log_session_feedback", &feedback);
    }
    let run = ["retention", "run", "--older-than", "30d", "--yes", "-o", "json"];
    let summary = experiment.run(&run).succeeds().json();
    assert_eq!((&summary["planned"], &summary["kept"], &summary["deleted"]), (&json!(3), &json!(1), &json!(3)));
    assert_eq!(experiment.ids(), sorted(vec![ids[0].clone(), ids[2].clone()]));
    let judged = experiment.run(&["search", "feedback.helpful = true", "-o", "ids"]).succeeds();
    assert_eq!(sorted(judged.stdout.lines().map(str::to_owned).collect()), experiment.ids(), "as before");
    experiment.run(&["delete", &ids[0], "--yes"]).succeeds().tells("carry assessments of whole sessions");
}
