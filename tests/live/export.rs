//! `export`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Experiment, as_client_writes, live, sorted, text, texts};
use crate::support::{Program, assert_same};

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn path(directory: &TempDir, name: &str) -> String {
    directory.path().join(name).to_str().unwrap().to_owned()
}

fn names(directory: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().to_str().unwrap().to_owned();
    sorted(fs::read_dir(directory).unwrap().map(name).collect())
}

fn lines(file: &str) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn seed(experiment: &Experiment<'_>) -> Vec<String> {
    experiment.seed(&json!([
        {"age_s": 10, "tags": {"team": "search, \"core\""}, "tokens": [7, 5], "feedback": {"score": 4}},
        {"age_s": 20, "state": "ERROR", "request": "=HYPERLINK(\"http://evil.example\",\"x\")", "user": "-1+2"},
        {"age_s": 30, "state": "IN_PROGRESS", "request": "two\nlines é 📦"},
    ]))
}

#[test]
fn every_line_with_spans_is_the_trace_that_mlflow_has() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let mut ids = seed(&experiment);
    ids.push(text(live.call("seed_showcase", &json!({"experiment": experiment.id}))));
    let directory = directory();
    let file = path(&directory, "traces.jsonl");
    experiment.run(&["export", &file, "--spans"]).succeeds();
    assert_eq!(names(directory.path()), ["traces.jsonl"], "no temporary files are left");
    let written = lines(&file);
    // The showcase has a second, earlier trace.
    assert_eq!(written.len(), ids.len() + 1);
    for trace in &written {
        let expected = live.trace(trace["info"]["trace_id"].as_str().unwrap());
        assert_same(&live.load(trace), &expected);
        assert_same(&as_client_writes(trace), &expected);
    }
    for id in &ids {
        assert!(written.iter().any(|trace| trace["info"]["trace_id"] == **id), "{id} was not exported");
    }
}

#[test]
fn without_spans_the_lines_are_infos() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let directory = directory();
    let file = path(&directory, "traces");
    experiment.run(&["export", &file, "--filter", "status = 'ERROR'"]).succeeds();
    let written = lines(&file);
    assert_eq!(written.len(), 1);
    assert_same(&live.load(&written[0])["info"], &live.info(&ids[1]));
    assert_eq!(written[0]["data"]["spans"], json!([]));
    let printed = experiment.run(&["export", "-", "--filter", "status = 'ERROR'"]).succeeds();
    assert_eq!(printed.jsonl(), written);
}

#[test]
fn an_export_can_be_searched_like_a_server() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let directory = directory();
    let file = path(&directory, "traces.jsonl");
    experiment.run(&["export", &file, "--spans"]).succeeds();
    let uri = format!("file:{file}");
    let search = |filter: &str| Program::new(["-u", &uri, "search", filter, "-o", "ids"]).run().succeeds().lines();
    assert_eq!(search(""), ids);
    for filter in
        ["status = 'ERROR'", "tags.team LIKE 'search%'", "span.type = 'TOOL' AND status = 'OK'", "feedback.score > 3"]
    {
        assert_eq!(search(filter), experiment.search(filter, &[]), "{filter}");
    }
    let shown = Program::new(["-u", &uri, "get", &ids[0], "-o", "json"]).run().succeeds().json();
    assert_same(&shown, &live.trace(&ids[0]));
}

#[test]
fn csv_has_a_row_per_trace_and_guards_against_formulas() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let directory = directory();
    let fields = ["--fields", "trace_id,status,duration_ms,tags.team,tokens.total,user,request"];
    let rows = |name: &str, more: &[&str]| -> Vec<Vec<String>> {
        let file = path(&directory, name);
        experiment.run(&[&["export", &file], fields.as_slice(), more].concat()).succeeds();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let guarded = rows("guarded.csv", &[]);
    assert_eq!(guarded.len(), 4);
    assert_eq!(guarded[0], ["trace_id", "status", "duration_ms", "tags.team", "tokens.total", "user", "request"]);
    let first = [&ids[0], "OK", "1000", "search, \"core\"", "12", "", "Where is my order?"];
    assert_eq!(guarded[1], first);
    assert_eq!(guarded[2][5..], ["'-1+2", "'=HYPERLINK(\"http://evil.example\",\"x\")"]);
    assert_eq!(guarded[3][6], "two\nlines é 📦");
    let raw = rows("raw.csv", &["--csv-raw"]);
    assert_eq!(raw[2][5..], ["-1+2", "=HYPERLINK(\"http://evil.example\",\"x\")"]);
    let named = rows("named.txt", &["--format", "csv"]);
    assert_eq!(named, guarded);
    assert_eq!(names(directory.path()), ["guarded.csv", "named.txt", "raw.csv"]);
}

#[test]
fn a_failed_export_leaves_the_old_file_alone() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let directory = directory();
    let file = path(&directory, "traces.jsonl");
    fs::write(&file, "precious").unwrap();
    live.run(&["export", &file, "-x", "no-such-experiment", "--overwrite"]).exits(9);
    experiment.run(&["export", &file]).exits(7).tells("already exists");
    experiment.run(&["export", &file, "--filter", "status ="]).exits(2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    assert_eq!(names(directory.path()), ["traces.jsonl"]);
    let missing = path(&directory, "no/such/directory.jsonl");
    experiment.run(&["export", &missing]).fails();
}

#[test]
fn more_traces_than_one_page_are_exported() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = live.call("seed_many", &json!({"experiment": experiment.id, "count": 510, "age_s": 3600}));
    let directory = directory();
    let file = path(&directory, "traces.jsonl");
    experiment.run(&["export", &file, "--spans"]).succeeds();
    let written = lines(&file);
    let exported = written.iter().map(|trace| text(trace["info"]["trace_id"].clone())).collect();
    assert_eq!(sorted(exported), sorted(texts(ids)));
    assert!(written.iter().all(|trace| trace["data"]["spans"].as_array().is_some_and(|spans| spans.len() == 1)));
}
