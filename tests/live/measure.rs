//! `stats`, `sessions` and `users`, held against what the server's own route for metrics says, where it says the same.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Experiment, Live, list, live};

/// Sixty traces of three names: durations, tokens and failures that differ, some still running, sessions and feedback.
fn seed(experiment: &Experiment<'_>) -> Vec<String> {
    let trace = |number: i64| {
        let name = ["chat", "rag", "agent"][usize::try_from(number % 3).unwrap()];
        let state = match number {
            n if n % 15 == 7 => "IN_PROGRESS",
            n if n % 7 == 3 => "ERROR",
            _ => "OK",
        };
        json!({"age_s": 3600 + number * 30, "name": name, "state": state,
            "duration_ms": 40 + number * number % 977, "tokens": [100 + number, number % 11], "user": format!("user-{}", number % 4),
            "session": format!("s-{}", number / 5), "tags": {"team": if number % 2 == 0 { "a" } else { "b" }},
            "feedback": if number % 6 == 0 { json!({"helpful": number % 12 == 0, "score": 0.5}) } else { json!({}) }})
    };
    experiment.seed(&Value::from((0..60).map(trace).collect::<Vec<_>>()))
}

/// What the server says, by name and what it is asked.
fn of_server(
    live: &Live,
    experiment: &Experiment<'_>,
    view: &str,
    name: &str,
    aggregations: &Value,
    by: &str,
) -> BTreeMap<String, Value> {
    let arguments = json!({"experiment": experiment.id, "view": view, "name": name, "aggregations": aggregations,
        "dimensions": if by.is_empty() { json!([]) } else { json!([by]) }});
    let points = list(live.call("metrics", &arguments));
    points
        .into_iter()
        .map(|point| (point["dimensions"][by].as_str().unwrap_or("").to_owned(), point["values"].clone()))
        .collect()
}

#[track_caller]
fn is_same(ours: &Value, theirs: &Value, what: &str) {
    let (found, expected) = (ours.as_f64().unwrap_or(f64::NAN), theirs.as_f64().unwrap_or(f64::NAN));
    assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{what}: {ours}, the server says {theirs}");
}

#[test]
fn numbers_are_those_of_the_servers_own_metrics() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(&experiment);
    let asked = ["stats", "--by", "name", "-o", "jsonl", "--metric"];
    let metrics =
        "traces,mean:duration,min:duration,max:duration,p50:duration,p90:duration,sum:tokens.input,mean:tokens.total";
    let rows = experiment.run(&[&asked[..], &[metrics]].concat()).succeeds().jsonl();
    assert_eq!(rows.len(), 3);
    let counts =
        of_server(live, &experiment, "TRACES", "trace_count", &json!([{"aggregation_type": "COUNT"}]), "trace_name");
    let percentile = |percent: f64| json!({"aggregation_type": "PERCENTILE", "percentile_value": percent});
    let kinds = json!([{"aggregation_type": "AVG"}, {"aggregation_type": "MIN"}, {"aggregation_type": "MAX"}, percentile(50.0), percentile(90.0)]);
    let latency = of_server(live, &experiment, "TRACES", "latency", &kinds, "trace_name");
    let input =
        of_server(live, &experiment, "TRACES", "input_tokens", &json!([{"aggregation_type": "SUM"}]), "trace_name");
    let total =
        of_server(live, &experiment, "TRACES", "total_tokens", &json!([{"aggregation_type": "AVG"}]), "trace_name");
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        is_same(&row["traces"], &counts[name]["COUNT"], name);
        for (ours, theirs) in [("mean", "AVG"), ("min", "MIN"), ("max", "MAX"), ("p50", "P50.0"), ("p90", "P90.0")] {
            is_same(&row[format!("{ours}:duration_ms")], &latency[name][theirs], &format!("{name}, {ours}"));
        }
        is_same(&row["sum:tokens.input"], &input[name]["SUM"], name);
        is_same(&row["mean:tokens.total"], &total[name]["AVG"], name);
    }
    let by_status = experiment.run(&["count", "--by", "status", "-o", "jsonl"]).succeeds().jsonl();
    let theirs =
        of_server(live, &experiment, "TRACES", "trace_count", &json!([{"aggregation_type": "COUNT"}]), "trace_status");
    for row in &by_status {
        is_same(&row["traces"], &theirs[row["status"].as_str().unwrap()]["COUNT"], "status");
    }
    let sessions = experiment.run(&["sessions", "list", "--all", "-o", "jsonl"]).succeeds().jsonl();
    let theirs = of_server(live, &experiment, "TRACES", "session_count", &json!([{"aggregation_type": "COUNT"}]), "");
    assert_eq!((sessions.len() as f64, sessions.len()), (theirs[""]["COUNT"].as_f64().unwrap(), 12));
}

#[test]
fn spans_and_feedback_are_those_of_the_servers_own_metrics() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(&experiment);
    let count = || json!([{"aggregation_type": "COUNT"}]);
    for (ours, theirs) in [("span.type", "span_type"), ("span.name", "span_name")] {
        let rows = experiment.run(&["stats", "--by", ours, "--metric", "spans", "-o", "jsonl"]).ends().jsonl();
        let server = of_server(live, &experiment, "SPANS", "span_count", &count(), theirs);
        assert_eq!(rows.len(), server.len(), "{rows:?} {server:?}");
        for row in &rows {
            is_same(&row["spans"], &server[row[ours].as_str().unwrap()]["COUNT"], ours);
        }
    }
    let row = experiment.run(&["stats", "-o", "json"]).succeeds().json()["total"].clone();
    let mean = of_server(
        live,
        &experiment,
        "ASSESSMENTS",
        "assessment_value",
        &json!([{"aggregation_type": "AVG"}]),
        "assessment_name",
    );
    is_same(&row["mean:feedback.score"], &mean["score"]["AVG"], "score");
    is_same(&row["yes:feedback.helpful"], &mean["helpful"]["AVG"], "helpful");
    let users = experiment.run(&["users", "list", "-o", "jsonl", "--order-by", "user"]).succeeds().jsonl();
    let told: Vec<_> = users.iter().map(|user| (user["user"].as_str().unwrap(), user["traces"].as_u64())).collect();
    assert_eq!(told, [("user-0", Some(15)), ("user-1", Some(15)), ("user-2", Some(15)), ("user-3", Some(15))]);
}

#[test]
fn a_session_is_shown_turn_by_turn_and_filters_know_errors() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let shown = experiment.run(&["sessions", "show", "s-2", "-o", "json"]).ends().json();
    let turns: Vec<&str> =
        shown["traces"].as_array().unwrap().iter().map(|turn| turn["trace_id"].as_str().unwrap()).collect();
    let expected: Vec<&str> = (10..15).rev().map(|number| ids[number].as_str()).collect();
    assert_eq!(turns, expected, "the oldest first");
    let failed = experiment.run(&["count", "--by", "error", "--status", "ERROR", "-o", "jsonl"]).succeeds().jsonl();
    let (row, error) = (&failed[0], failed[0]["error"].as_str());
    let error = error.unwrap_or_else(|| panic!("{failed:?}"));
    let found = experiment.run(&["search", &format!("error = '{}'", error.replace('\'', "\\'")), "-o", "ids", "--all"]);
    assert!(found.succeeds().lines().len() as u64 >= row["traces"].as_u64().unwrap());
}
