//! `import`: archives back to a tracking server.

use std::path::PathBuf;

use mlflow_trace::changes::journal::{Action, Outcome};
use mlflow_trace::model::{
    Assessment, MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestCounts, ManifestPart, ManifestQuery, ManifestSource,
    Trace,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::changes::Desk;
use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, Request, Rule, Seed, id, span, with_attribute};
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

    /// Writes a manifest that lists `part-00001.jsonl`.
    fn list(&self, experiments: &[(&str, &str)], traces: u64) {
        let part = self.file("part-00001.jsonl");
        let digest = Sha256::digest(std::fs::read(&part).unwrap());
        let manifest = Manifest {
            manifest_version: MANIFEST_VERSION,
            source: ManifestSource {
                experiments: experiments.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect(),
                ..ManifestSource::default()
            },
            query: ManifestQuery { format: "jsonl".into(), spans: true, ..ManifestQuery::default() },
            complete: true,
            counts: ManifestCounts { traces, ..ManifestCounts::default() },
            parts: vec![ManifestPart {
                path: "part-00001.jsonl".into(),
                sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
                bytes: std::fs::metadata(&part).unwrap().len(),
                traces,
                rows: traces,
                ..ManifestPart::default()
            }],
            ..Manifest::default()
        };
        std::fs::write(self.file(MANIFEST_FILE), serde_json::to_string(&manifest).unwrap()).unwrap();
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
        .feedback("score", 4.0, ("HUMAN", "jane"))
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
    scene("to another experiment", &["archive.jsonl", "-x", "checkout", "-o", "jsonl"], 3);
    std::fs::write(archive.file("other.jsonl"), format!("{}\n", info(&id(1), &[span(1, 9, None, "other", 5)])))
        .unwrap();
    scene("another trace of the same id", &["other.jsonl", "-x", "my-app"], 3);
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
    let results = archive.results(&fake, 3);
    // What people changed since stays, and is told.
    assert_eq!(results[0], (id(1), "partly".into(), "tag \"team\" changed during import".into()));
    assert!(results[1..].iter().all(|(_, result, _)| result == "already-there"), "{results:?}");
    let again: Vec<String> = fake.log()[asked..].iter().map(Request::line).collect();
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

/// Everything that a server holds of its traces, in the order of their ids.
fn stock(fake: &Fake) -> Vec<Trace> {
    let mut traces: Vec<Trace> = fake.state().traces.iter().map(|stored| stored.trace.clone()).collect();
    traces.sort_by(|one, other| one.info.trace_id.cmp(&other.info.trace_id));
    for trace in &mut traces {
        trace.info.assessments.sort_by_key(Assessment::id);
        trace.spans.get_or_insert_default().sort_by(|one, other| one.span_id.cmp(&other.span_id));
    }
    traces
}

#[test]
fn an_import_that_was_killed_after_any_request_is_finished_by_the_next_one() {
    let archive = Archive::of(&source());
    let whole = Fake::new();
    archive.import(&whole, &[]).succeeds();
    let mut finished = 0;
    for request in 2..whole.log().len() {
        let killed = Fake::new();
        killed.fail(Rule::from(request, ""), Failure::Close);
        archive.import(&killed, &[]).fails();
        let fake = Fake::new();
        fake.state().traces = killed.state().traces.clone();
        let left = fake.state().traces.clone();
        for (_, result, reasons) in archive.results(&fake, 0) {
            assert!(["imported", "repaired", "already-there"].contains(&result.as_str()), "{request}: {result}");
            assert_eq!(result == "repaired", reasons.starts_with("left out by an earlier import"), "{reasons}");
            finished += usize::from(result == "repaired");
        }
        assert_eq!(stock(&fake), stock(&whole), "after {} requests: {left:?}", request - 1);
    }
    assert!(finished > 4, "only {finished} were left unfinished");
}

/// Asks a server to take a trace where it has another one of the same id, and returns what it said of it.
fn refused(there: &Value, archived: &Value) -> (String, String) {
    let fake = Fake::new();
    Archive::written(std::slice::from_ref(there)).import(&fake, &[]).succeeds();
    let (before, asked) = (stock(&fake), fake.log().len());
    let mut results = Archive::written(std::slice::from_ref(archived)).results(&fake, 3);
    assert_eq!(stock(&fake), before);
    assert!(!fake.log()[asked..].iter().any(changes), "{:?}", fake.log());
    let (_, result, reasons) = results.remove(0);
    (result, reasons)
}

fn changes(request: &Request) -> bool {
    let reads = ["GET ", "POST /api/3.0/mlflow/traces/batchGetInfos"];
    !reads.iter().any(|read| request.line().starts_with(read))
}

#[test]
fn an_id_that_exists_with_other_spans_time_state_or_tags_gets_nothing() {
    let feedback = json!({"assessment_id": "a-1", "assessment_name": "score", "feedback": {"value": 1.0},
        "source": {"source_type": "HUMAN", "source_id": "jane"}});
    let there = info(&id(1), &[span(1, 1, None, "theirs", 1_795_334_400_000)]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut archived = there.clone();
        archived["info"]["assessments"] = json!([feedback]);
        change(&mut archived);
        refused(&there, &archived)
    };
    let ours = with(&|trace| trace["data"]["spans"] = json!([span(1, 9, None, "ours", 1_795_334_400_000)]));
    assert_eq!(ours, ("different".into(), "1 of the 1 spans on the server are not in the archive".into()));
    let (result, reasons) = with(&|trace| trace["data"]["spans"][0]["name"] = "ours".into());
    assert_eq!((result.as_str(), reasons.ends_with(": its name differs")), ("different", true), "{reasons}");
    let time = with(&|trace| trace["info"]["request_time"] = "2026-11-22T09:00:00Z".into());
    assert_eq!(time, ("different".into(), "the start time differs".into()));
    let state = with(&|trace| trace["info"]["state"] = "ERROR".into());
    assert_eq!(state, ("different".into(), "the state differs".into()));
    // The same spans at the same time are the same trace, whose tags people change.
    let mut retagged = there.clone();
    retagged["info"]["tags"]["team"] = "ours".into();
    assert_eq!(refused(&there, &retagged), ("partly".into(), "tag \"team\" changed during import".into()));
    // Without spans there is nothing else to tell them by.
    let (mut there, mut archived) = (there, retagged);
    (there["data"]["spans"], archived["data"]["spans"]) = (json!([]), json!([]));
    archived["info"]["assessments"] = json!([feedback]);
    assert_eq!(refused(&there, &archived), ("different".into(), "tag \"team\" differs".into()));
}

#[test]
fn two_traces_of_one_id_in_an_archive_are_not_mixed() {
    let first = info(&id(1), &[span(1, 1, None, "first", 1_795_334_400_000)]);
    let second = info(&id(1), &[span(1, 2, None, "second", 1_795_334_400_000)]);
    let archive = Archive::written(&[first.clone(), second, first.clone()]);
    let fake = Fake::new();
    let ended = archive.import(&fake, &["-o", "jsonl"]).succeeds().tells("more than once; its newest state counts");
    assert_eq!(ended.jsonl().len(), 1, "{ended}");
    let whole = Fake::new();
    Archive::written(std::slice::from_ref(&first)).import(&whole, &[]).succeeds();
    assert_eq!(stock(&fake), stock(&whole));
}

#[test]
fn two_traces_of_one_id_that_a_manifest_lists_are_not_mixed() {
    // What one manifest lists is taken for different traces without a look, so that both are brought.
    let first = info(&id(1), &[span(1, 1, None, "first", 1_795_334_400_000)]);
    let second = info(&id(1), &[span(1, 2, None, "second", 1_795_334_400_000)]);
    let archive = Archive::new();
    let text: String = [&first, &second, &first].map(|line| format!("{line}\n")).concat();
    std::fs::write(archive.file("part-00001.jsonl"), text).unwrap();
    archive.list(&[("77", "my-app")], 3);
    let fake = Fake::new();
    let results = |flags: &[&str]| {
        let lines = fake.run(&[&["import", &archive.file(""), "-o", "jsonl"], flags].concat()).exits(3).jsonl();
        lines.iter().map(|line| line["result"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(results(&["--dry-run"]), ["would-import", "different", "already-there"]);
    assert_eq!(results(&[]), ["imported", "different", "already-there"]);
    let whole = Fake::new();
    Archive::written(&[first]).import(&whole, &[]).succeeds();
    assert_eq!(stock(&fake), stock(&whole), "of the second nothing was added to the first");
}

#[test]
fn an_assessment_id_of_another_trace_stays_with_it() {
    let assessment = |id: &str, overrides: Option<&str>| {
        json!({
            "assessment_id": id, "assessment_name": "score", "feedback": {"value": 2.0}, "overrides": overrides,
            "source": {"source_type": "CODE", "source_id": "c"}, "valid": overrides.is_some(),
            "create_time": "2026-11-01T08:00:00Z", "last_update_time": "2026-11-01T08:00:00Z",
        })
    };
    let mut theirs = info(&id(1), &[span(1, 1, None, "a", 1_795_334_400_000)]);
    theirs["info"]["assessments"] = json!([assessment("a-1", None), assessment("a-2", None)]);
    let mut ours = info(&id(2), &[span(2, 1, None, "b", 1_795_334_400_000)]);
    ours["info"]["assessments"] =
        json!([assessment("a-1", None), assessment("a-3", Some("a-1")), assessment("a-2", Some("a-gone"))]);
    let fake = Fake::new();
    Archive::written(&[theirs]).import(&fake, &[]).ends();
    let before = fake.state().assessments(&id(1));
    let archive = Archive::written(&[ours]);
    let results = archive.results(&fake, 3);
    assert_eq!(results[0].1, "partly");
    for taken in ["a-1", "a-2"] {
        assert!(
            results[0].2.contains(&format!("the id of assessment {taken} belongs to another trace")),
            "{results:?}"
        );
    }
    assert_eq!(fake.state().assessments(&id(1)), before);
    let restored = fake.state().assessments(&id(2));
    let of = |overrides: Option<&str>| {
        let found = restored.iter().find(|one| one.get("overrides").and_then(Value::as_str) == overrides);
        found.unwrap_or_else(|| panic!("none overrides {overrides:?}: {restored:?}"))
    };
    let renamed = of(None)["assessment_id"].as_str().unwrap();
    assert_eq!((of(None)["valid"].clone(), of(Some(renamed))["assessment_id"].clone()), (json!(false), json!("a-3")));
    assert_eq!((of(Some("a-gone"))["valid"].clone(), restored.len()), (json!(true), 3));
    let asked = fake.log().len();
    assert_eq!(archive.results(&fake, 3), results, "the second time nothing is sent");
    assert!(!fake.log()[asked..].iter().any(changes));
}

#[test]
fn an_attribute_of_plain_text_is_the_same_as_its_json_text() {
    let plain = with_attribute(span(1, 1, None, "a", 1_795_334_400_000), "note", "hello");
    let mut trace = info(&id(1), &[plain]);
    trace["data"]["spans"][0]["attributes"] = json!({"note": "hello", "number": "5"});
    let fake = Fake::new();
    let archive = Archive::written(&[trace]);
    assert_eq!(archive.results(&fake, 0), [(id(1), "imported".into(), String::new())]);
    assert_eq!(archive.results(&fake, 0), [(id(1), "already-there".into(), String::new())]);
}

#[test]
fn an_id_that_no_server_can_be_asked_for_spoils_no_other_trace() {
    let archive = Archive::written(&[info("..", &[]), info(&id(1), &[span(1, 1, None, "a", 1_795_334_400_000)])]);
    let fake = Fake::new();
    let results = archive.results(&fake, 3);
    assert_eq!((results[0].1.as_str(), results[1].1.as_str()), ("failed", "imported"), "{results:?}");
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
    let sent = fake.bodies("POST /v1/traces").len();
    let results = archive.results(&fake, 3);
    assert_eq!(results[0], (id(1), "partly".into(), "tag \"team\" changed during import".into()));
    assert_eq!(results.iter().filter(|(_, result, _)| result == "already-there").count(), 4);
    assert_eq!(fake.asked("POST /v1/traces").len(), sent + 1);
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
    assert_eq!(results, [(id(1), "partly".into(), "the validity of assessment a-5 changed during import".into())]);
    let stored = fake.state().assessments(&id(1));
    let mut facts: Vec<String> =
        stored.iter().map(|a| format!("{} {} {}", a["assessment_id"], a["valid"], a["create_time"])).collect();
    facts.sort();
    let expected = |id: &str, valid: bool| format!("\"{id}\" {valid} \"2026-11-01T08:00:00.123Z\"");
    let valid = [("a-1", false), ("a-2", false), ("a-3", true), ("a-4", true), ("a-5", true)];
    assert_eq!(facts, valid.map(|(id, valid)| expected(id, valid)));
    // One that went missing since is restored.
    fake.state().find_mut(&id(1)).unwrap().trace.info.assessments.retain(|a| a.id().unwrap().as_str() != "a-3");
    assert_eq!(archive.results(&fake, 3), results);
    assert_eq!(fake.state().assessments(&id(1)).len(), 5);
}

#[test]
fn traces_go_to_the_experiments_of_the_same_names() {
    let source = Fake::with([Seed::new(1), Seed::new(2).experiment(CHECKOUT)]);
    let archive = Archive::new();
    let part = archive.file("part-00001.jsonl");
    source.bare(&["export", &part, "--spans", "--all-experiments"]).run().succeeds();
    archive.list(&[("1", "my-app"), ("2", "brand new")], 2);
    let fake = Fake::new();
    let folder = archive.file("");
    let run = |flags: &[&str]| fake.bare(&[&["import", &folder], flags].concat()).run();
    run(&[]).exits(9).tells("the server has no experiment \"brand new\"").tells("--create-experiments");
    run(&["--create-experiments", "--dry-run"]).succeeds().tells("Would create experiment \"brand new\".");
    assert!(
        fake.asked("POST").iter().all(|request| !request.line().contains("create") && !request.line().contains("v1"))
    );
    run(&["--create-experiments"]).succeeds().tells("Created experiment \"brand new\" (id 4).");
    let placed = |experiment: &str| fake.state().ids(experiment);
    assert_eq!((placed(APP), placed(CHECKOUT), placed("4")), (vec![id(1)], vec![], vec![id(2)]));
    run(&[]).succeeds().tells("2 traces already there.");
}

#[test]
fn a_trace_in_another_experiment_is_left_alone() {
    let fake = Fake::with([Seed::new(1).experiment(CHECKOUT).tag("team", "theirs")]);
    let results = Archive::written(&[info(&id(1), &[span(1, 1, None, "a", 5)])]).results(&fake, 3);
    assert_eq!(
        (results[0].1.as_str(), results[0].2.contains("it is in the experiment with id 2")),
        ("different", true)
    );
    let same = Archive::new();
    fake.bare(&["export", &same.file("archive.jsonl"), "--spans", "-x", "checkout"]).run().succeeds();
    let results = same.results(&fake, 3);
    assert_eq!(results, [(id(1), "elsewhere".into(), "it is in the experiment with id 2".into())]);
    same.import(&fake, &[]).exits(3).tells("it is in the experiment with id 2").tells("1 trace in another experiment");
    assert!(fake.asked("POST /v1/traces").is_empty() && fake.asked("assessments").is_empty());
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
    let reasons = &partly[0].2;
    assert!(reasons.contains("could not send the spans") && reasons.contains("spans are missing"), "{reasons}");
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

#[test]
fn ids_that_a_newer_server_refuses_are_told_before_anything_is_sent() {
    let line = |id: &str| {
        json!({"info": {
            "trace_id": id, "request_time": "2026-11-20T12:00:00Z", "state": "OK",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": APP}},
        }, "data": {"spans": []}})
    };
    let archive = Archive::written(&[line("tr-plain"), line("a?b"), line("ends in a dot.")]);
    for (version, refused) in [("3.18.0", 2), ("4.0.0", 2), ("3.17.2", 0), ("3.9", 0), ("soon", 0)] {
        let fake = Fake::new();
        let told = Answer::new(200, "text/html; charset=utf-8", version);
        fake.fail(Rule::every("GET /version"), Failure::Answer(told));
        let foreseen = archive.import(&fake, &["--dry-run"]).ends();
        assert_eq!(foreseen.code, Some(if refused > 0 { 3 } else { 0 }), "{version}: {foreseen}");
        let ended = archive.import(&fake, &[]).ends();
        assert_eq!(ended.code, foreseen.code, "{version}: {ended}");
        assert_eq!(
            ended.stderr.matches("MLflow 3.18 and newer takes no new trace of this id").count(),
            refused,
            "{ended}"
        );
        let started = fake.log().iter().filter(|request| request.path == "/api/3.0/mlflow/traces").count();
        assert_eq!(started, 3 - refused, "{version}");
    }
}

#[test]
fn an_import_stands_in_the_books_and_what_it_brought_stays() {
    let (archive, desk) = (Archive::of(&source()), Desk::new(Fake::new()));
    let line = ["import", &archive.file("archive.jsonl"), "-x", APP];
    let outcomes = |place: usize| {
        let recorded = desk.journal(&desk.runs()[place]);
        let counts = recorded.finished.unwrap();
        assert_eq!((counts.planned, counts.settled()), (5, 5));
        assert_eq!((recorded.header.command.as_str(), recorded.header.experiments.len()), ("import", 1));
        let to = Action::ImportTrace { experiment_id: "1".into() };
        assert!(recorded.entries.iter().all(|entry| entry.action == to));
        recorded.entries.iter().map(|entry| entry.outcome).collect::<Vec<_>>()
    };
    desk.run(&[line.as_slice(), &["--dry-run"]].concat()).succeeds();
    assert!(desk.runs().is_empty());
    desk.run(&line).succeeds();
    assert_eq!(outcomes(0), [Outcome::Done; 5]);
    desk.run(&line).succeeds();
    assert_eq!(outcomes(1), [Outcome::Unchanged; 5]);
    let first = &desk.runs()[0];
    desk.run(&["undo", first]).exits(7).tells("cannot be undone: it imported 5 traces");
    assert_eq!(desk.fake.state().ids("1").len(), 5);
}

#[test]
fn of_two_imports_at_once_one_leaves_or_waits() {
    let (archive, desk) = (Archive::of(&source()), Desk::new(Fake::new()));
    let line = ["import", &archive.file("archive.jsonl"), "-x", APP];
    desk.fake.before(Rule::first("batchGetInfos"), |_| std::thread::sleep(std::time::Duration::from_millis(1500)));
    let first = desk.program(&line).start();
    while desk.fake.asked("batchGetInfos").is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    desk.run(&line).exits(7).tells("--lock-wait");
    desk.run(&[line.as_slice(), &["--lock-wait", "1m"]].concat()).succeeds().tells("already there");
    first.ends().exits(0);
}
