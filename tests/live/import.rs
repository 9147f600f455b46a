//! `import` and `export --to-otlp`: from one server to another.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Experiment, Live, live, second, sorted, text, texts};
use crate::support::assert_same;

/// Everything that a trace can be, and its export.
struct Source {
    ids: Vec<String>,
    folder: TempDir,
}

impl Source {
    fn new(live: &Live) -> Self {
        let experiment = live.experiment();
        let mut ids = experiment.seed(&json!([
            {"age_s": 10, "tags": {"team": "search, \"core\""}, "tokens": [7, 5], "feedback": {"score": 4}},
            {"age_s": 20, "state": "ERROR", "request": "=1+2", "user": "-1+2", "session": "s-1", "client_request_id": "r-1"},
            {"age_s": 30, "state": "IN_PROGRESS", "request": "two\nlines é 📦"},
            {"age_s": 40, "duration_ms": 86_400_000, "expectations": {"facts": ["a", {"b": 1}]}, "metadata": {"build": "7"}},
        ]));
        ids.push(text(live.call("seed_showcase", &json!({"experiment": experiment.id}))));
        ids.extend(texts(live.call("seed_odd", &json!({"experiment": experiment.id}))));
        let source = Self { ids, folder: tempfile::tempdir().unwrap() };
        experiment.run(&["export", &source.file("archive.jsonl"), "--spans"]).succeeds();
        source
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file(name)).unwrap();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.sort_by_key(|line| line["info"]["trace_id"].to_string());
        lines
    }

    fn results(&self, target: &Experiment<'_>, flags: &[&str]) -> Vec<String> {
        let lines = target.run(&[&["import", &self.file("archive.jsonl"), "-o", "jsonl"], flags].concat()).succeeds();
        lines.jsonl().iter().map(|line| format!("{} {}", line["result"].as_str().unwrap(), line["reasons"])).collect()
    }
}

/// A trace without what a server says of itself: where the trace is, and that it was told of it.
fn less_the_servers_own(trace: &Value) -> Value {
    let mut trace = trace.clone();
    let info = trace["info"].as_object_mut().unwrap();
    info.shift_remove("trace_location");
    for (map, key) in [("tags", "mlflow.artifactLocation"), ("trace_metadata", "mlflow.trace.infoFinalized")] {
        if let Some(map) = info.get_mut(map).and_then(Value::as_object_mut) {
            map.shift_remove(key);
        }
    }
    info.retain(|_, value| *value != json!({}));
    trace
}

/// The same, and without what the server derives from spans that were in a file and are in its database now.
fn less_what_is_derived(trace: &Value) -> Value {
    let mut trace = less_the_servers_own(trace);
    if let Some(tags) = trace["info"].get_mut("tags").and_then(Value::as_object_mut) {
        tags.shift_remove("mlflow.trace.spansLocation");
    }
    trace
}

#[test]
fn what_was_exported_comes_back_and_is_the_same_to_the_client() {
    let (Some(live), Some(second)) = (live(), second()) else { return };
    let source = Source::new(live);
    let target = second.experiment();
    let imported = source.results(&target, &[]);
    assert!(imported.iter().all(|result| result == "imported []"), "{imported:?}");
    // The showcase has a second, earlier trace.
    assert_eq!(imported.len(), source.ids.len() + 1);
    target.run(&["export", &source.file("back.jsonl"), "--spans"]).succeeds();
    let (expected, found) = (source.lines("archive.jsonl"), source.lines("back.jsonl"));
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(&found) {
        assert_same(&less_what_is_derived(found), &less_what_is_derived(expected));
    }
    for trace in &expected {
        let id = trace["info"]["trace_id"].as_str().unwrap();
        if trace["data"]["spans"] == json!([]) {
            // MLflow's client loads no trace without spans.
            let info = |live: &Live| less_what_is_derived(&json!({"info": live.info(id)}));
            assert_same(&info(second), &info(live));
        } else {
            assert_same(&less_what_is_derived(&second.trace(id)), &less_what_is_derived(&live.trace(id)));
        }
    }
    let of_file = source.ids.iter().find(|id| id.starts_with("by-hand-")).unwrap();
    assert_eq!(second.trace(of_file)["data"]["spans"].as_array().unwrap().len(), 3, "its spans are a file");
    let again = source.results(&target, &[]);
    assert!(again.iter().all(|result| result == "already-there []"), "{again:?}");
    target.run(&["export", &source.file("again.jsonl"), "--spans"]).succeeds();
    assert_eq!(source.lines("again.jsonl"), found);
    // Nobody else's trace is touched.
    let elsewhere = source.results(&second.experiment(), &[]);
    assert!(elsewhere.iter().all(|result| result.starts_with("already-there [\"it is in")), "{elsewhere:?}");
}

#[test]
fn what_is_found_through_spans_and_sessions_is_found_again() {
    let (Some(live), Some(second)) = (live(), second()) else { return };
    let from = live.experiment();
    from.seed(&json!([
        {"age_s": 10, "tokens": [7, 5], "feedback": {"score": 4}},
        {"age_s": 20, "state": "ERROR", "session": "s-2", "user": "jane"},
    ]));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl").to_str().unwrap().to_owned();
    from.run(&["export", &file, "--spans"]).succeeds();
    let target = second.experiment();
    target.run(&["import", &file]).succeeds();
    for filter in [
        "span.type = 'TOOL'",
        "span.name = 'find_order' AND status = 'ERROR'",
        "span.content LIKE '%no such order%'",
        "metadata.`mlflow.trace.session` = 's-2'",
        "feedback.score > 3",
        "status = 'OK'",
    ] {
        let expected = sorted(from.search(filter, &[]));
        assert_eq!((sorted(target.search(filter, &[])), expected.is_empty()), (expected, false), "{filter}");
    }
}

#[test]
fn a_run_that_broke_off_is_finished_by_the_next_one() {
    let (Some(live), Some(second)) = (live(), second()) else { return };
    let source = Source::new(live);
    let target = second.experiment();
    // What a run leaves that ended between spans and info.
    let header = format!("x-mlflow-experiment-id={}", target.id);
    let uri = format!("file:{}", source.file("archive.jsonl"));
    let send = ["-u", &uri, "export", "--to-otlp", second.uri(), "--header", &header];
    crate::support::Program::new(send).run().succeeds().tells("Sent ").tells("without spans");
    let half = source.results(&target, &["--dry-run"]);
    assert!(half.iter().any(|result| result == "would-repair []"), "{half:?}");
    source.results(&target, &[]);
    target.run(&["export", &source.file("back.jsonl")]).succeeds();
    let expected = source.lines("archive.jsonl");
    let found = source.lines("back.jsonl");
    for trace in &expected {
        let id = &trace["info"]["trace_id"];
        let stored = found.iter().find(|found| found["info"]["trace_id"] == *id).unwrap();
        for key in ["request_time", "execution_duration_ms", "state", "client_request_id", "assessments"] {
            assert_eq!(stored["info"][key], trace["info"][key], "{key} of {id}");
        }
    }
    let again = source.results(&target, &[]);
    assert!(again.iter().all(|result| result == "already-there []"), "{again:?}");
}

#[test]
fn what_a_server_cannot_keep_is_told() {
    let Some(second) = second() else { return };
    let target = second.experiment();
    let hex = format!("{:032x}", 0xdead_u64);
    let span = json!({
        "trace_id": hex, "span_id": "00000000000000aa", "name": "s", "start_time_unix_nano": 1_795_335_101_000_000_000_i64,
        "end_time_unix_nano": 1_795_335_102_000_000_000_i64, "status": {"code": "STATUS_CODE_OK"},
        "attributes": {"list": "[NaN, {\"a\": Infinity}]", "nan": "NaN", "json": "\"[1, 2]\"", "lone": "[\"\\ud800\"]",
            "big": "123456789012345678901234567890"},
    });
    let info = json!({
        "trace_id": format!("tr-{hex}"), "request_time": "2026-11-22T08:11:41Z", "execution_duration_ms": 1, "state": "OK",
        "tags": {"long": "x".repeat(5000)}, "trace_metadata": {"long": "y".repeat(300)},
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl").to_str().unwrap().to_owned();
    std::fs::write(&file, json!({"info": info, "data": {"spans": [span]}}).to_string()).unwrap();
    let lines = target.run(&["import", &file, "-o", "jsonl"]).exits(3).jsonl();
    let expected = json!([
        "metadata \"long\": the server returns its first 250 characters only",
        "tag \"long\": the server returns its first 4096 characters only",
        "span 00000000000000aa: the attribute \"lone\" is not as it was",
    ]);
    assert_eq!((&lines[0]["result"], &lines[0]["reasons"]), (&json!("partly"), &expected));
}
