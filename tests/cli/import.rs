//! `import`: archives back to a tracking server.

use std::path::PathBuf;

use mlflow_trace::model::{
    MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestCounts, ManifestPart, ManifestQuery, ManifestSource,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::fake::{APP, CHECKOUT, Failure, Fake, Rule, Seed, id, span, with_attribute};
use crate::snapshot::Gallery;
use crate::support::{Run, assert_same};

/// A folder with an archive in it.
struct Archive {
    folder: TempDir,
}

impl Archive {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// What `export --spans` writes of everything in `my-app`.
    fn of(fake: &Fake) -> Self {
        let archive = Self::new();
        fake.run(&["export", &archive.file("archive.jsonl"), "--spans"]).succeeds();
        archive
    }

    fn written(lines: &[Value]) -> Self {
        let archive = Self::new();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(archive.file("archive.jsonl"), text).unwrap();
        archive
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(PathBuf::from(self.file(name))).unwrap();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.sort_by_key(|line| line["info"]["trace_id"].to_string());
        lines
    }

    fn import(&self, fake: &Fake, flags: &[&str]) -> Run {
        fake.run(&[&["import", &self.file("archive.jsonl")], flags].concat())
    }

    /// What became of each trace, by id.
    fn results(&self, fake: &Fake, code: i32) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = self.import(fake, &["-o", "jsonl"]).exits(code).jsonl();
        let reasons =
            |line: &Value| line["reasons"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join("; ");
        let mut results: Vec<_> =
            lines.iter().map(|line| (text(&line["trace_id"]), text(&line["result"]), reasons(line))).collect();
        results.sort();
        results
    }
}

fn info(id: &str, spans: &[Value]) -> Value {
    let info = json!({
        "trace_id": id, "request_time": "2026-11-22T08:00:00Z", "execution_duration_ms": 5, "state": "OK",
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "77"}},
        "tags": {"team": "search"}, "trace_metadata": {"build": "7"},
    });
    json!({"info": info, "data": {"spans": spans}})
}

/// Everything that a trace can have.
fn source() -> Fake {
    let rich = Seed::new(1)
        .state("ERROR")
        .client_request_id("req-1")
        .metadata("mlflow.trace.session", "s-1")
        .tag("team", "search")
        .feedback("score", 4, ("HUMAN", "jane"))
        .spans(vec![
            span(1, 1, None, "root", 1_795_334_400_000),
            with_attribute(span(1, 2, Some(1), "child", 1_795_334_400_000), "json", "{\"a\": [1, \"x\"]}"),
        ]);
    let open = Seed::new(2).state("IN_PROGRESS").duration_ms(7);
    let bare = Seed::new(3).spans(vec![]).metadata("mlflow.trace.sizeStats", "{\"num_spans\": 0}");
    Fake::with([rich, open, bare, Seed::new(4).in_artifact(), Seed::known()])
}

#[test]
fn the_gallery_of_imports() {
    let archive = Archive::of(&source());
    let big = with_attribute(span(7, 1, None, "s", 5), "big", "x");
    let mut big = info(&id(7), &[big]);
    big["data"]["spans"][0]["attributes"] = json!({"big": "123456789012345678901234567890"});
    std::fs::write(archive.file("big.jsonl"), format!("{big}\n")).unwrap();
    std::fs::write(archive.file("empty.jsonl"), "").unwrap();
    let mut gallery = Gallery::new("import");
    let fake = Fake::new();
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let program = fake.bare(&[&["import"], arguments].concat()).in_folder(archive.folder.path());
        gallery.scene(title, &program.run().exits(code));
    };
    scene("a dry run", &["archive.jsonl", "-x", "my-app", "--dry-run"], 0);
    scene("an import", &["archive.jsonl", "-x", "my-app"], 0);
    scene("once more", &["archive.jsonl", "-x", "my-app", "-o", "json"], 0);
    scene("to another experiment", &["archive.jsonl", "-x", "checkout", "-o", "jsonl"], 0);
    scene("what the server cannot keep", &["big.jsonl", "-x", "my-app"], 3);
    scene("an empty archive", &["empty.jsonl", "-x", "my-app"], 0);
    scene("no experiment", &["archive.jsonl"], 2);
    scene("two experiments", &["archive.jsonl", "-x", "my-app", "-x", "checkout"], 2);
    scene("no such archive", &["nothing.jsonl", "-x", "my-app"], 6);
    scene("into an archive", &["archive.jsonl", "-u", "demo"], 2);
    gallery.check();
}

#[test]
fn what_was_exported_comes_back_as_it_was() {
    let archive = Archive::of(&source());
    let fake = Fake::new();
    archive.import(&fake, &[]).succeeds().tells("5 traces imported.");
    fake.run(&["export", &archive.file("back.jsonl"), "--spans"]).succeeds();
    let (mut expected, mut found) = (archive.lines("archive.jsonl"), archive.lines("back.jsonl"));
    // What a server says of itself.
    for trace in expected.iter_mut().chain(&mut found) {
        for (map, key) in [
            ("tags", "mlflow.artifactLocation"),
            ("tags", "mlflow.trace.spansLocation"),
            ("trace_metadata", "mlflow.trace.infoFinalized"),
        ] {
            if let Some(map) = trace["info"].get_mut(map).and_then(Value::as_object_mut) {
                map.shift_remove(key);
            }
        }
        for span in trace["data"]["spans"].as_array_mut().unwrap() {
            span["attributes"].as_object_mut().unwrap().shift_remove("mlflow.traceRequestId");
        }
        let info = trace["info"].as_object_mut().unwrap();
        info.retain(|_, value| *value != json!({}));
    }
    for (expected, found) in expected.iter().zip(&found) {
        assert_same(found, expected);
    }
    assert_eq!(expected.len(), found.len());
}

#[test]
fn a_second_run_changes_nothing() {
    let archive = Archive::of(&source());
    let fake = Fake::new();
    archive.import(&fake, &[]).succeeds();
    fake.state().set_tag(&id(1), "team", "changed since");
    let (before, asked) = (fake.state().traces.clone(), fake.log().len());
    assert!(archive.results(&fake, 0).iter().all(|(_, result, _)| result == "already-there"));
    let again: Vec<String> = fake.log()[asked..].iter().map(crate::fake::Request::line).collect();
    let reads = ["GET ", "POST /api/3.0/mlflow/traces/batchGetInfos"];
    assert!(again.iter().all(|line| reads.iter().any(|read| line.starts_with(read))), "{again:?}");
    assert!(fake.state().traces.iter().zip(&before).all(|(now, then)| now.trace == then.trace));
}

#[test]
fn a_dry_run_sends_nothing() {
    let archive = Archive::of(&source());
    let fake = Fake::new();
    let lines = archive.import(&fake, &["--dry-run", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(lines.len(), 5);
    assert!(lines.iter().all(|line| line["result"] == "would-import"));
    assert!(fake.state().traces.is_empty() && fake.asked("POST /v1/traces").is_empty());
}

#[test]
fn what_broke_off_is_repaired_by_the_next_run() {
    let archive = Archive::of(&source());
    let fake = Fake::new();
    archive.import(&fake, &[]).succeeds();
    let whole = fake.state().find(&id(2)).unwrap().info().clone();
    {
        // As if the spans had arrived and the info had not.
        let mut state = fake.state();
        let info = &mut state.find_mut(&id(2)).unwrap().trace.info;
        info.metadata.clear();
        info.tags.remove("mlflow.traceName");
        (info.request_time_ms, info.duration_ms, info.state) = (1, Some(2), "OK".into());
    }
    let results = archive.results(&fake, 0);
    assert_eq!(results[1], (id(2), "repaired".into(), String::new()));
    assert_eq!(*fake.state().find(&id(2)).unwrap().info(), whole);
}

#[test]
fn missing_spans_are_sent_again_and_nothing_else_changes() {
    let archive = Archive::of(&source());
    let fake = Fake::new();
    archive.import(&fake, &[]).succeeds();
    {
        let mut state = fake.state();
        state.set_tag(&id(1), "team", "changed since");
        let stored = state.find_mut(&id(1)).unwrap();
        stored.spans.pop();
        stored.trace.spans.as_mut().unwrap().pop();
    }
    let before = fake.state().find(&id(1)).unwrap().info().clone();
    let results = archive.results(&fake, 0);
    assert_eq!(results[0], (id(1), "repaired".into(), String::new()));
    assert_eq!(results.iter().filter(|(_, result, _)| result == "already-there").count(), 4);
    let state = fake.state();
    let stored = state.find(&id(1)).unwrap();
    assert_eq!((stored.trace.spans().len(), stored.info()), (2, &before));
}

#[test]
fn ids_that_spans_in_the_database_cannot_have_make_files() {
    let archive = Archive::written(&[
        info("tr-0001", &[span(1, 1, None, "a", 5)]),
        info(&id(9)[3..], &[span(9, 1, None, "b", 5)]),
    ]);
    let fake = Fake::new();
    assert!(archive.results(&fake, 0).iter().all(|(_, result, _)| result == "imported"));
    assert!(fake.asked("POST /v1/traces").is_empty());
    assert_eq!(fake.asked("PUT /api/2.0/mlflow-artifacts/artifacts/1/traces/tr-0001/artifacts/traces.json").len(), 1);
    let shown = fake.run(&["get", "tr-0001", "-o", "json"]).succeeds().json();
    assert_eq!(shown["data"]["spans"][0]["name"], "a");
    fake.fail(Rule::from(1, "PUT ").times(9), Failure::status(503, "Endpoint disabled"));
    let refused = Archive::written(&[info("tr-0002", &[span(1, 1, None, "a", 5)])]).results(&fake, 3);
    assert_eq!((refused[0].0.as_str(), refused[0].1.as_str()), ("tr-0002", "partly"));
    assert!(refused[0].2.contains("could not store the span file"), "{refused:?}");
}

#[test]
fn assessments_keep_their_ids_times_and_what_they_override() {
    let assessment = |id: &str, overrides: Option<&str>, valid: bool| {
        json!({
            "assessment_id": id, "assessment_name": "score", "feedback": {"value": 1.0}, "overrides": overrides,
            "valid": valid, "source": {"source_type": "CODE", "source_id": "c"},
            "create_time": "2026-11-01T08:00:00.123Z", "last_update_time": "2026-11-02T08:00:00Z",
        })
    };
    let mut trace = info(&id(1), &[span(1, 1, None, "a", 5)]);
    trace["info"]["assessments"] = json!([
        assessment("a-3", Some("a-2"), true),
        assessment("a-2", Some("a-1"), false),
        assessment("a-1", None, false),
        assessment("a-4", Some("a-gone"), true),
        assessment("a-5", None, false),
    ]);
    let fake = Fake::new();
    let archive = Archive::written(&[trace]);
    let results = archive.results(&fake, 3);
    assert_eq!(results, [(id(1), "partly".into(), "the validity of assessment a-5 is not as it was".into())]);
    let stored = fake.state().assessments(&id(1));
    let mut facts: Vec<String> =
        stored.iter().map(|a| format!("{} {} {}", a["assessment_id"], a["valid"], a["create_time"])).collect();
    facts.sort();
    let expected = |id: &str, valid: bool| format!("\"{id}\" {valid} \"2026-11-01T08:00:00.123Z\"");
    let valid = [("a-1", false), ("a-2", false), ("a-3", true), ("a-4", true), ("a-5", true)];
    assert_eq!(facts, valid.map(|(id, valid)| expected(id, valid)));
    // One that went missing since is restored.
    fake.state().find_mut(&id(1)).unwrap().trace.info.assessments.retain(|a| a.id().unwrap().as_str() != "a-3");
    assert_eq!(archive.results(&fake, 0), [(id(1), "repaired".into(), String::new())]);
    assert_eq!(fake.state().assessments(&id(1)).len(), 5);
}

#[test]
fn traces_go_to_the_experiments_of_the_same_names() {
    let source = Fake::with([Seed::new(1), Seed::new(2).experiment(CHECKOUT)]);
    let archive = Archive::new();
    let part = archive.file("part-00001.jsonl");
    source.bare(&["export", &part, "--spans", "--all-experiments"]).run().succeeds();
    let manifest = Manifest {
        manifest_version: MANIFEST_VERSION,
        source: ManifestSource {
            experiments: [("1", "my-app"), ("2", "brand new")].map(|(id, name)| (id.into(), name.into())).into(),
            ..ManifestSource::default()
        },
        query: ManifestQuery { format: "jsonl".into(), spans: true, ..ManifestQuery::default() },
        complete: true,
        counts: ManifestCounts { traces: 2, ..ManifestCounts::default() },
        parts: vec![ManifestPart {
            path: "part-00001.jsonl".into(),
            sha256: Sha256::digest(std::fs::read(&part).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes: std::fs::metadata(&part).unwrap().len(),
            traces: 2,
            rows: 2,
            ..ManifestPart::default()
        }],
        ..Manifest::default()
    };
    std::fs::write(archive.file(MANIFEST_FILE), serde_json::to_string(&manifest).unwrap()).unwrap();
    let fake = Fake::new();
    let folder = archive.file("");
    let run = |flags: &[&str]| fake.bare(&[&["import", &folder], flags].concat()).run();
    run(&[]).exits(6).tells("the server has no experiment \"brand new\"").tells("--create-experiments");
    run(&["--create-experiments", "--dry-run"]).succeeds().tells("Would create the experiment \"brand new\".");
    assert!(
        fake.asked("POST").iter().all(|request| !request.line().contains("create") && !request.line().contains("v1"))
    );
    run(&["--create-experiments"]).succeeds().tells("Created the experiment \"brand new\" (id 4).");
    let placed = |experiment: &str| fake.state().ids(experiment);
    assert_eq!((placed(APP), placed(CHECKOUT), placed("4")), (vec![id(1)], vec![], vec![id(2)]));
    run(&[]).succeeds().tells("2 traces already there.");
}

#[test]
fn a_trace_in_another_experiment_is_left_alone() {
    let fake = Fake::with([Seed::new(1).experiment(CHECKOUT).tag("team", "theirs")]);
    let results = Archive::written(&[info(&id(1), &[span(1, 1, None, "a", 5)])]).results(&fake, 0);
    assert_eq!(results, [(id(1), "already-there".into(), "it is in the experiment with id 2".into())]);
    let state = fake.state();
    assert_eq!((state.ids(APP).len(), state.tag(&id(1), "team").unwrap()), (0, "theirs".to_owned()));
}

#[test]
fn spans_that_the_server_refuses_leave_the_rest_and_are_told() {
    let archive = Archive::of(&Fake::with([Seed::new(1), Seed::new(2)]));
    let fake = Fake::new();
    fake.fail(Rule::nth(1, "POST /v1/traces"), Failure::status(422, "no"));
    let results = archive.results(&fake, 3);
    let partly: Vec<_> = results.iter().filter(|(_, result, _)| result == "partly").collect();
    assert_eq!((partly.len(), results.len()), (1, 2), "{results:?}");
    assert!(partly[0].2.contains("could not send the spans") && partly[0].2.contains("its spans cannot be read back"));
    assert!(archive.results(&fake, 0).iter().any(|(_, result, _)| result == "repaired"));
}

#[test]
fn a_server_that_goes_away_ends_the_run_and_says_so() {
    let archive = Archive::of(&Fake::with_many(90));
    let fake = Fake::new();
    fake.fail(Rule::from(3, "batchGetInfos").times(99), Failure::status(401, "who?"));
    archive.import(&fake, &[]).exits(3).tells("the rest of the archive was not attempted").tells("40 traces imported");
    let denied = Fake::new();
    denied.fail(Rule::from(1, "batchGetInfos").times(99), Failure::status(401, "who?"));
    archive.import(&denied, &[]).exits(4);
}

#[test]
fn secrets_and_contents_stay_out_of_messages() {
    let mut trace = info(&id(1), &[span(1, 1, None, "a", 5)]);
    trace["info"]["tags"]["token"] = "hunter2 ".repeat(600).into();
    let fake = Fake::new();
    let archive = Archive::written(&[trace]);
    archive.import(&fake, &["-o", "jsonl"]).ends().does_not_tell("hunter2").does_not_print("hunter2");
}
