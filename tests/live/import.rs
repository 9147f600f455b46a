//! `import` and `export --to-otlp`: from one server to another.

use std::thread;
use std::time::Duration;

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
}

#[test]
fn a_trace_of_another_experiment_is_not_moved() {
    let Some(second) = second() else { return };
    let target = second.experiment();
    target.seed(&json!([{"age_s": 10, "feedback": {"score": 4}}, {"age_s": 20, "session": "s-1"}]));
    let archive = Archive::of(&target);
    let before = archive.stock(second);
    let other = second.experiment();
    let results = archive.results(&other, &[], 3);
    let told = format!("elsewhere [\"it is in the experiment with id {}\"]", target.id);
    assert_eq!(results, vec![told; 2]);
    assert_eq!((archive.stock(second), other.ids().len()), (before, 0));
}

/// An archive of an experiment, to be changed and brought back.
struct Archive {
    folder: TempDir,
    traces: Vec<Value>,
}

impl Archive {
    fn of(experiment: &Experiment<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("archive.jsonl");
        experiment.run(&["export", file.to_str().unwrap(), "--spans"]).succeeds();
        let text = std::fs::read_to_string(&file).unwrap();
        Self { folder, traces: text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() }
    }

    fn write(&self) -> String {
        let file = self.folder.path().join("archive.jsonl");
        let lines: Vec<String> = self.traces.iter().map(Value::to_string).collect();
        std::fs::write(&file, lines.join("\n")).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn results(&self, target: &Experiment<'_>, flags: &[&str], code: i32) -> Vec<String> {
        let lines = target.run(&[&["import", &self.write(), "-o", "jsonl"], flags].concat()).exits(code);
        lines.jsonl().iter().map(|line| format!("{} {}", line["result"].as_str().unwrap(), line["reasons"])).collect()
    }

    /// What MLflow's client has of its traces.
    fn stock(&self, live: &Live) -> Vec<Value> {
        self.traces.iter().map(|trace| live.trace(trace["info"]["trace_id"].as_str().unwrap())).collect()
    }
}

/// A change of one trace.
type Change = fn(&mut Value);

/// Gives every span an id of its own.
fn renumbered(spans: &mut Value) {
    for (number, span) in spans.as_array_mut().unwrap().iter_mut().enumerate() {
        span["span_id"] = format!("{:016x}", 0xabc0 + number).into();
        span["parent_span_id"] = Value::Null;
    }
}

#[test]
fn an_id_that_exists_with_other_spans_time_or_state_stays_as_it_is() {
    let Some(second) = second() else { return };
    let target = second.experiment();
    target.seed(&json!([{"age_s": 10, "feedback": {"score": 4}, "tags": {"team": "search"}, "tokens": [7, 5]}]));
    let mut archive = Archive::of(&target);
    let before = archive.stock(second);
    let original = archive.traces[0].clone();
    let mut stranger = original["info"]["assessments"][0].clone();
    stranger["assessment_id"] = "a-00000000000000000000000000000bad".into();
    let changes: [(&str, Change); 6] = [
        ("not in the archive", |trace| renumbered(&mut trace["data"]["spans"])),
        ("name differs", |trace| trace["data"]["spans"][0]["name"] = "theirs".into()),
        ("attribute", |trace| trace["data"]["spans"][0]["attributes"]["mlflow.spanInputs"] = "\"theirs\"".into()),
        ("the start time differs", |trace| trace["info"]["request_time"] = "2026-01-01T00:00:00Z".into()),
        ("the state differs", |trace| trace["info"]["state"] = "ERROR".into()),
        ("the duration differs", |trace| trace["info"]["execution_duration_ms"] = 77_777.into()),
    ];
    for (reason, change) in changes {
        archive.traces[0] = original.clone();
        archive.traces[0]["info"]["assessments"] = json!([stranger]);
        change(&mut archive.traces[0]);
        for flags in [&["--dry-run"][..], &[]] {
            let results = archive.results(&target, flags, 3);
            assert!(results[0].starts_with("different") && results[0].contains(reason), "{reason}: {results:?}");
        }
        assert_eq!(archive.stock(second), before, "{reason}");
    }
    archive.traces[0] = original.clone();
    archive.traces[0]["info"]["tags"]["team"] = "theirs".into();
    assert_eq!(archive.results(&target, &[], 3), ["partly [\"tag \\\"team\\\" changed during import\"]"]);
    assert_eq!(archive.stock(second), before);
}

#[test]
fn an_assessment_id_of_another_trace_stays_with_it() {
    let (Some(live), Some(second)) = (live(), second()) else { return };
    let target = second.experiment();
    target.seed(&json!([{"age_s": 10, "feedback": {"score": 4}}]));
    let theirs = Archive::of(&target);
    let before = theirs.stock(second);
    let from = live.experiment();
    from.seed(&json!([{"age_s": 10, "feedback": {"score": 2}}]));
    let mut ours = Archive::of(&from);
    let id = theirs.traces[0]["info"]["assessments"][0]["assessment_id"].clone();
    let assessments = &mut ours.traces[0]["info"]["assessments"];
    assessments[0]["assessment_id"] = id.clone();
    let mut newer = assessments[0].clone();
    newer["assessment_id"] = "a-0000000000000000000000000000cafe".into();
    newer["overrides"] = id.clone();
    assessments[0]["valid"] = false.into();
    assessments.as_array_mut().unwrap().push(newer);
    let results = ours.results(&target, &[], 3);
    let told = format!(
        "partly [\"the id of assessment {} belongs to another trace; it was imported as a-",
        id.as_str().unwrap()
    );
    assert!(results[0].starts_with(&told) && results[0].matches("a-").count() == 2, "{results:?}");
    assert_eq!(theirs.stock(second), before);
    let restored = second.assessments(ours.traces[0]["info"]["trace_id"].as_str().unwrap());
    let valid: Vec<&Value> = restored.iter().filter(|one| one["valid"] == true).collect();
    assert_eq!(
        (restored.len(), valid.len(), &valid[0]["assessment_id"]),
        (2, 1, &json!("a-0000000000000000000000000000cafe"))
    );
    assert_eq!(ours.results(&target, &[], 3), results, "once more");
    assert_eq!(second.assessments(ours.traces[0]["info"]["trace_id"].as_str().unwrap()), restored);
}

#[test]
fn an_import_that_is_killed_again_and_again_is_finished_in_the_end() {
    let (Some(live), Some(second)) = (live(), second()) else { return };
    let source = Source::new(live);
    let target = second.experiment();
    let mut kills = 0;
    for wait in [100, 200, 300, 400, 600].map(Duration::from_millis) {
        let mut running = target.program(&["import", &source.file("archive.jsonl")]).start();
        thread::sleep(wait);
        if !running.has_ended() {
            kills += 1;
        }
        running.kill().ends();
    }
    let finished = source.results(&target, &[]);
    let is_good =
        |result: &String| ["imported", "repaired", "already-there"].iter().any(|good| result.starts_with(good));
    assert!(finished.iter().all(is_good), "{finished:?}");
    for trace in &source.lines("archive.jsonl") {
        if trace["data"]["spans"] != json!([]) {
            let id = trace["info"]["trace_id"].as_str().unwrap();
            assert_same(&less_what_is_derived(&second.trace(id)), &less_what_is_derived(&live.trace(id)));
        }
    }
    assert!(kills > 0, "every run was over before it could be killed: {finished:?}");
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
    // Two of the traces in files have the same spans, which OpenTelemetry takes for one trace.
    let send =
        ["-u", &uri, "export", "--to-otlp", second.uri(), "--otlp-header", &header, "--filter", "tags.kept IS NULL"];
    crate::support::Program::new(send).run().succeeds().tells("Sent ").tells("without spans");
    let half = source.results(&target, &["--dry-run"]);
    let is_half = |result: &String| result.starts_with("would-repair [\"left out by an earlier import: the info");
    assert!(half.iter().any(is_half), "{half:?}");
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
    let expected = json!([
        "metadata \"long\": the server returns its first 250 characters only",
        "tag \"long\": the server returns its first 4096 characters only",
        "span 00000000000000aa: the attribute \"lone\" changed during import",
    ]);
    for run in ["the first", "the second"] {
        let lines = target.run(&["import", &file, "-o", "jsonl"]).exits(3).jsonl();
        assert_eq!((&lines[0]["result"], &lines[0]["reasons"]), (&json!("partly"), &expected), "{run}");
    }
}
