//! What goes wrong, and that nothing is changed then.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::live;
use crate::support::Program;

/// Nobody listens on port 9 of this machine.
const NOBODY: &str = "http://127.0.0.1:9";

#[test]
fn an_unknown_experiment_is_refused() {
    let Some(live) = live() else { return };
    for arguments in [
        ["search"].as_slice(),
        &["count"],
        &["export", "-"],
        &["delete", "--filter", "status = 'OK'", "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
    ] {
        let run = live.run(&[arguments, &["-x", "no-such-experiment"]].concat()).exits(9).prints_nothing();
        run.tells("no-such-experiment").tells("hint");
    }
}

#[test]
fn without_an_experiment_nothing_is_searched_or_deleted() {
    let Some(live) = live() else { return };
    for arguments in [["search"].as_slice(), &["delete", "--filter", "status = 'OK'", "--yes"]] {
        live.run(arguments).exits(2).tells("--experiment").prints_nothing();
    }
}

#[test]
fn a_deleted_experiment_is_not_touched() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 8_640_000}]));
    experiment.delete();
    for arguments in [
        ["search"].as_slice(),
        &["delete", "--filter", "status = 'OK'", "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
    ] {
        experiment.run(arguments).exits(6).tells("deleted").prints_nothing();
    }
    assert_eq!(experiment.ids(), ids);
}

#[test]
fn a_wrong_filter_is_shown_with_a_caret_before_anything_is_sent() {
    let run = |arguments: &[&str]| Program::new([&["-u", NOBODY, "-x", "x"], arguments].concat()).run();
    for filter in ["status = ", "status = ERROR", "nonsense.key = 'x'", "status = 'OK' AND AND =", "status > 'OK'"] {
        run(&["search", filter]).exits(2).tells("^").prints_nothing();
    }
    run(&["delete", "--filter", "status == 'OK'", "--yes"]).exits(2).tells("^");
    run(&["retention", "run", "--older-than", "1d", "--keep-if", "status ="]).exits(2).tells("^");
    run(&["export", "-", "--filter", "status ="]).exits(2).tells("^");
    run(&["search", "--order-by", "nonsense DESC"]).exits(2);
    run(&["search", "--fields", "nonsense"]).exits(2);
}

#[test]
fn a_server_that_cannot_be_reached_is_told_quickly() {
    let start = Instant::now();
    for arguments in [["search"].as_slice(), &["count"], &["get", "tr-1"], &["experiments", "list"]] {
        let program = Program::new([&["-u", NOBODY, "-x", "x"], arguments].concat());
        let program =
            program.env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1").env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0");
        program.run().exits(5).tells("127.0.0.1:9").prints_nothing();
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn an_error_is_json_where_the_output_is() {
    let Some(live) = live() else { return };
    let run = live.run(&["search", "-x", "no-such-experiment", "-o", "json"]).exits(9).prints_nothing();
    let last = run.stderr.lines().last().unwrap_or_default();
    let error: serde_json::Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {run}"));
    assert!(error["error"]["message"].as_str().is_some_and(|message| message.contains("no-such-experiment")), "{run}");
}

#[test]
fn unknown_traces_are_refused_by_every_command_on_one_trace() {
    let Some(live) = live() else { return };
    let unknown = "tr-00000000000000000000000000000bad";
    for arguments in [
        ["get", unknown].as_slice(),
        &["tag", "set", unknown, "a=b"],
        &["feedback", "log", unknown, "--name", "n", "--value", "1"],
        &["expectation", "log", unknown, "--name", "n", "--value", "1"],
        &["assessment", "list", unknown],
        &["assessment", "get", unknown, "a-00000000000000000000000000000bad"],
        &["assessment", "delete", unknown, "a-00000000000000000000000000000bad"],
    ] {
        live.run(arguments).exits(9).tells(unknown).prints_nothing();
    }
}
