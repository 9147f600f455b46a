//! What works without a server: the demo, completions, the manual page.

use mlflow_trace::model::Trace;
use serde_json::Value;

use crate::support::{Program, assert_same};

const DEMO: &str = include_str!("../../src/store/demo.jsonl");

#[test]
fn demo_traces_are_read_and_written_back_unchanged() {
    for line in DEMO.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let trace = Trace::from_json(value.clone()).unwrap();
        assert_same(&serde_json::to_value(&trace).unwrap(), &value);
    }
    assert_eq!(DEMO.lines().count(), 60);
}

#[test]
fn the_demo_answers_searches() {
    let demo = |arguments: &[&str]| Program::new([&["-u", "demo"], arguments].concat()).run().succeeds();
    let filter = "tags.environment = 'production' AND status = 'ERROR'";
    assert_eq!(demo(&["count", filter]).stdout.trim(), "7");
    assert_eq!(demo(&["search", filter, "-o", "ids"]).lines().len(), 7);
    assert_eq!(demo(&["count"]).stdout.trim(), "60");
    assert_eq!(demo(&["search", "--all", "-o", "jsonl"]).jsonl().len(), 60);
    let table = demo(&["search", "--limit", "20"]).does_not_print("N/A");
    table.does_not_print("\u{1b}");
}

#[test]
fn the_demo_shows_a_trace() {
    let line: Value = serde_json::from_str(DEMO.lines().next().unwrap()).unwrap();
    let id = line["info"]["trace_id"].as_str().unwrap();
    let demo = |arguments: &[&str]| Program::new([&["-u", "demo"], arguments].concat()).run().succeeds();
    assert_same(&demo(&["get", id, "-o", "json"]).json(), &line);
    demo(&["get", id, "--content"]).prints("search_index").prints("X-Lumo-Key");
}

#[test]
fn the_demo_cannot_be_changed() {
    let line: Value = serde_json::from_str(DEMO.lines().next().unwrap()).unwrap();
    let id = line["info"]["trace_id"].as_str().unwrap();
    for arguments in [
        ["tag", "set", id, "a=b"].as_slice(),
        &["feedback", "log", id, "--name", "n", "--value", "1"],
        &["delete", id, "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
    ] {
        Program::new([&["-u", "demo"], arguments].concat()).run().fails().prints_nothing();
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Program::new(["completions", shell]).run().succeeds().prints("mlflow-trace");
    }
    Program::new(["man"]).run().succeeds().prints(".TH");
}
