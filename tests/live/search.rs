//! `search` and `count`.

use serde_json::{Value, json};

use crate::harness::{Experiment, list, live, sorted};
use crate::support::{Program, assert_same};

/// Four traces, newest first: a slow success, two failures, one still running.
fn seed(experiment: &Experiment<'_>) -> Vec<String> {
    experiment.seed(&json!([
        {"age_s": 10, "name": "chat", "duration_ms": 61_500, "tags": {"environment": "production", "team": "search"},
         "user": "jane", "session": "s-1", "tokens": [100, 20]},
        {"age_s": 20, "name": "rag", "state": "ERROR", "duration_ms": 150, "tags": {"environment": "production"}, "user": "joe"},
        {"age_s": 30, "name": "chat", "state": "ERROR", "duration_ms": 950, "tags": {"environment": "staging", "team": "Search"}},
        {"age_s": 40, "name": "chat", "state": "IN_PROGRESS", "request": "où ? 📦", "tags": {"environment": "production"}},
    ]))
}

#[test]
fn filters_find_what_mlflow_finds() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    for (filter, expected) in [
        ("status = 'ERROR' AND tags.environment = 'production'", vec![1]),
        ("tags.environment != 'production'", vec![2]),
        ("execution_time_ms > 900", vec![0, 2]),
        ("trace.name = 'chat' AND status IN ('ERROR', 'IN_PROGRESS')", vec![2, 3]),
        ("metadata.`mlflow.trace.user` = 'jane'", vec![0]),
        ("tags.team ILIKE 's%'", vec![0, 2]),
        ("span.type = 'TOOL' AND span.status = 'ERROR'", vec![1, 2]),
        ("tags.team = 'nobody'", vec![]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|number: usize| ids[number].clone()).collect();
        assert_eq!(experiment.search(filter, &[]), expected, "MLflow disagrees with this test about {filter}");
        let found = experiment.run(&["search", filter, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), expected, "{filter}: {found}");
        let count = experiment.run(&["count", filter]).succeeds();
        assert_eq!(count.stdout.trim(), expected.len().to_string(), "{filter}: {count}");
    }
}

#[test]
fn without_a_filter_every_trace_is_found_newest_first() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    assert_eq!(experiment.run(&["search", "-o", "ids"]).succeeds().lines(), ids);
    assert_eq!(experiment.run(&["count", "-o", "json"]).succeeds().json(), json!({"count": 4}));
}

#[test]
fn the_order_can_be_chosen() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(&experiment);
    for order in ["execution_time_ms DESC", "timestamp_ms ASC", "tags.environment"] {
        let found = experiment.run(&["search", "--order-by", order, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), experiment.search("", &[order]), "{order}: {found}");
    }
    let orders = ["tags.environment DESC", "execution_time_ms ASC"];
    let found = experiment.run(&["search", "--order-by", orders[0], "--order-by", orders[1], "-o", "ids"]).succeeds();
    assert_eq!(found.lines(), experiment.search("", &orders), "{found}");
}

#[test]
fn a_limit_that_cuts_is_told_and_one_that_does_not_is_not() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(5);
    for format in ["ids", "jsonl", "json", "csv", "table"] {
        let cut = experiment.run(&["search", "--limit", "3", "-o", format]).succeeds().tells("--all");
        let whole = experiment.run(&["search", "--limit", "5", "-o", format]).succeeds().does_not_tell("--all");
        if format == "ids" {
            assert_eq!(cut.lines(), ids[..3]);
            assert_eq!(whole.lines(), ids);
        }
    }
}

#[test]
fn all_traces_come_page_by_page() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    // More than MLflow's largest page.
    let ids = live.call("seed_many", &json!({"experiment": experiment.id, "count": 510, "age_s": 3600}));
    let mut newest_first: Vec<Value> = list(ids);
    newest_first.reverse();
    let default = experiment.run(&["search", "-o", "ids"]).succeeds().tells("--all");
    assert_eq!(default.lines().len(), 100);
    for arguments in [["search", "--all"].as_slice(), &["search", "--limit", "0"]] {
        let all = experiment.run(&[arguments, &["-o", "ids"]].concat()).succeeds().does_not_tell("--all");
        assert_eq!(json!(all.lines()), json!(newest_first));
    }
    let many = experiment.run(&["search", "--limit", "505", "-o", "ids"]).succeeds().tells("--all");
    assert_eq!(json!(many.lines()), json!(newest_first[..505]));
    experiment.run(&["count"]).succeeds().prints("510");
}

#[test]
fn json_is_an_array_of_traces_that_mlflow_loads() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let array = experiment.run(&["search", "-o", "json"]).succeeds().json();
    let lines = experiment.run(&["search", "-o", "jsonl"]).succeeds().jsonl();
    assert_same(&array, &json!(lines));
    assert_eq!(lines.len(), ids.len());
    for (trace, id) in lines.iter().zip(&ids) {
        assert_same(&live.load(trace)["info"], &live.info(id));
        assert_same(&trace["info"], &live.info(id));
        assert_eq!(trace["data"], json!({"spans": []}), "search fetches no spans");
    }
    let nothing = experiment.run(&["search", "tags.x = 'y'", "-o", "json"]).succeeds();
    assert_eq!(nothing.json(), json!([]));
}

#[test]
fn fields_choose_the_columns() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let fields = ["--fields", "trace_id,duration_ms,tags.team,user,tokens.total,name"];
    let lines = experiment.run(&[&["search", "-o", "jsonl"], fields.as_slice()].concat()).succeeds().jsonl();
    let expected = json!([
        {"trace_id": ids[0], "duration_ms": 61_500, "tags.team": "search", "user": "jane", "tokens.total": 120, "name": "chat"},
        {"trace_id": ids[1], "duration_ms": 150, "tags.team": null, "user": "joe", "tokens.total": null, "name": "rag"},
        {"trace_id": ids[2], "duration_ms": 950, "tags.team": "Search", "user": null, "tokens.total": null, "name": "chat"},
        {"trace_id": ids[3], "duration_ms": null, "tags.team": null, "user": null, "tokens.total": null, "name": "chat"},
    ]);
    assert_same(&json!(lines), &expected);
    let csv = experiment.run(&[&["search", "-o", "csv"], fields.as_slice()].concat()).succeeds().lines();
    assert_eq!(csv[0], "trace_id,duration_ms,tags.team,user,tokens.total,name");
    assert_eq!(csv[1], format!("{},61500,search,jane,120,chat", ids[0]));
    assert_eq!(csv[4], format!("{},,,,,chat", ids[3]));
    let path = experiment
        .run(&["search", "-o", "csv", "--fields", "info.trace_metadata.`mlflow.trace.user`,info.state"])
        .succeeds();
    assert!(path.lines().contains(&"jane,OK".to_owned()), "{path}");
}

#[test]
fn the_table_shows_durations_and_no_placeholders() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(&experiment);
    for format in [[].as_slice(), &["-o", "table"]] {
        let table = experiment.run(&[&["search"], format].concat()).succeeds().does_not_print("N/A");
        let table = table.prints("OK").prints("ERROR").prints("IN_PROGRESS").prints("chat").prints("rag");
        assert!(["61.5", "61,5", "61500", "1m"].iter().any(|text| table.stdout.contains(text)), "{table}");
    }
}

#[test]
fn control_characters_of_a_trace_do_not_reach_the_terminal() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let request = "\u{1b}[31mred\u{7} \u{202e}right to left";
    experiment.seed(&json!([{"request": request, "name": "\u{1b}]0;title\u{7}", "tags": {"t": "\u{1b}[2J"}}]));
    let fields = "trace_id,name,request,tags.t";
    let table = experiment.run(&["search", "--fields", fields, "-o", "table"]).succeeds().prints("red");
    table.does_not_print("\u{1b}").does_not_print("\u{7}").does_not_print("\u{202e}");
    let found = experiment.run(&["search", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(found[0]["info"]["request_preview"], request, "data for programs is left as it is");
}

#[test]
fn several_experiments_are_searched_as_one() {
    let Some(live) = live() else { return };
    let (first, second) = (live.experiment(), live.experiment());
    let old = first.seed(&json!([{"age_s": 40}, {"age_s": 20}]));
    let new = second.seed(&json!([{"age_s": 30}, {"age_s": 10}]));
    let merged = [&new[1], &old[1], &new[0], &old[0]];
    for (a, b) in [(&first.name, &second.name), (&first.id, &second.name), (&second.id, &first.id)] {
        let found = live.run(&["search", "-x", a, "-x", b, "-o", "ids"]).succeeds();
        assert_eq!(json!(found.lines()), json!(merged), "{found}");
    }
    let count = live.run(&["count", "-x", &first.name, "-x", &second.name]).succeeds();
    assert_eq!(count.stdout.trim(), "4");
}

#[test]
fn all_active_experiments_can_be_searched() {
    let Some(live) = live() else { return };
    let (first, second, deleted) = (live.experiment(), live.experiment(), live.experiment());
    let name = format!("needle-{}", first.id);
    let named = json!([{"name": name}]);
    let expected = sorted([first.seed(&named), second.seed(&named)].concat());
    deleted.seed(&named);
    deleted.delete();
    let filter = format!("trace.name = '{name}'");
    let found = live.run(&["search", &filter, "--all-experiments", "-o", "ids"]).succeeds();
    assert_eq!(sorted(found.lines()), expected, "{found}");
    let count = live.run(&["count", &filter, "--all-experiments"]).succeeds();
    assert_eq!(count.stdout.trim(), "2", "{count}");
}

#[test]
fn the_experiment_and_the_server_can_come_from_the_environment() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    let program =
        |key, value: &str| Program::new(["search", "-o", "ids"]).env("MLFLOW_TRACKING_URI", live.uri()).env(key, value);
    assert_eq!(program("MLFLOW_EXPERIMENT_NAME", &experiment.name).run().succeeds().lines(), [&*id]);
    assert_eq!(program("MLFLOW_EXPERIMENT_ID", &experiment.id).run().succeeds().lines(), [&*id]);
}

#[test]
fn an_empty_result_can_be_made_a_failure() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    experiment.seed_one();
    for command in ["search", "count"] {
        experiment.run(&[command, "tags.no = 'no'"]).succeeds();
        experiment.run(&[command, "tags.no = 'no'", "--fail-if-empty"]).exits(8);
        experiment.run(&[command, "status = 'OK'", "--fail-if-empty"]).succeeds();
    }
}

#[test]
fn a_path_of_sessions_finds_the_session_and_those_below_it() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let sessions = [
        r#"["trip","day_1"]"#,
        r#"["trip","day_1","turn"]"#,
        r#"["trip","dayX1"]"#,
        r#"["trip"]"#,
        "trip/day_1",
        "trip",
    ];
    let traces: Vec<Value> =
        sessions.iter().enumerate().map(|(number, session)| json!({"age_s": number + 1, "session": session})).collect();
    let ids = experiment.seed(&json!(traces));
    for (path, expected) in [
        ("trip/day_1", vec![0, 1, 4]),
        (r#"["trip", "day_1"]"#, vec![0, 1]),
        ("trip/", vec![0, 1, 2, 3]),
        ("trip", vec![5]),
        ("trip/day_1/turn", vec![1]),
        ("tri/", vec![]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|number: usize| ids[number].clone()).collect();
        let found = experiment.run(&["search", "--session", path, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), expected, "{path}: {found}");
    }
}
