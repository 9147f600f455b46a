//! The database of a running server, read beside it: held against `MLflow`'s own client on the same database, and against what
//! this program says of the same traces over HTTP.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::corpus::{cases, compare, some};
use crate::harness::{Live, corpus_server, list, live, own, revisions};
use crate::support::{Ended, Program};

/// Characters of a value that a server returns.
const METADATA: usize = 250;
const TAG: usize = 4096;

/// Equal, where `4` is `4.0`: a server and its client write whole numbers as fractions.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

/// The places at which two documents differ.
fn differences(at: &str, left: &Value, right: &Value, found: &mut Vec<String>) {
    match (left, right) {
        _ if same(left, right) => {}
        (Value::Object(left), Value::Object(right)) => {
            let keys: Vec<&String> = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key))).collect();
            for key in keys {
                let side = |side: &Map<String, Value>| side.get(key).cloned().unwrap_or_else(|| "(absent)".into());
                differences(&format!("{at}/{key}"), &side(left), &side(right), found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (position, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{at}/{position}"), left, right, found);
            }
        }
        _ => found.push(format!("{at}: {left} and {right}")),
    }
}

/// Documents by the ids of their traces, assessments in the order of their ids, which no database promises.
fn by_id(traces: Vec<Value>) -> BTreeMap<String, Value> {
    let id = |trace: &Value| trace["info"]["trace_id"].as_str().unwrap().to_owned();
    let sorted = |mut trace: Value| {
        if let Some(assessments) = trace.pointer_mut("/info/assessments").and_then(Value::as_array_mut) {
            assessments.sort_by_key(|assessment| assessment["assessment_id"].to_string());
        }
        trace
    };
    traces.into_iter().map(|trace| (id(&trace), sorted(trace))).collect()
}

/// Fails with all places where two sets of traces differ.
#[track_caller]
pub fn assert_same(what: &str, left: Vec<Value>, right: Vec<Value>) {
    let (left, right) = (by_id(left), by_id(right));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{what}");
    let mut found = Vec::new();
    for (id, trace) in &left {
        differences(id, trace, &right[id], &mut found);
    }
    assert!(found.is_empty(), "{what}: {} differences\n{}", found.len(), found.join("\n"));
}

fn lines(program: Program) -> Vec<Value> {
    let run = program.run().succeeds();
    run.lines().iter().map(|line| mlflow_trace::model::read_json(line.as_bytes()).unwrap()).collect()
}

/// What a server would return of a trace whose values are whole.
fn cut(mut trace: Value) -> Value {
    for (map, most) in [("trace_metadata", METADATA), ("tags", TAG)] {
        for (key, value) in trace["info"].get_mut(map).and_then(Value::as_object_mut).into_iter().flatten() {
            let is_rebuilt =
                ["mlflow.trace.session", "mlflow.trace.tokenUsage", "mlflow.trace.cost"].contains(&key.as_str());
            if let Some(text) = value.as_str().filter(|_| !is_rebuilt) {
                *value = text.chars().take(most).collect::<String>().into();
            }
        }
    }
    trace
}

/// Traces of every shape that can be made here, in one experiment; its name and its id.
fn every_shape(live: &Live) -> (String, String) {
    let experiment = live.experiment();
    let (name, id) = (experiment.name.clone(), experiment.id.clone());
    experiment.seed(&json!([
        {"name": "agent", "tokens": [12, 34], "session": "s-1", "user": "jane", "tags": {"env": "prod", "empty": ""}},
        {"name": "Agent", "state": "ERROR", "feedback": {"good": true, "score": 4, "words": "yes", "none": null, "deep": {"a": [1]}}},
        {"name": "a_b%c\\d'e", "state": "IN_PROGRESS", "client_request_id": "req-1", "expectations": {"facts": ["a", 1], "n": 0.5}},
        {"name": "rétrieve", "duration_ms": 0, "request": "", "response": "", "metadata": {"note": "é".repeat(240)}},
    ]));
    let with = |name: &str, more: Value| {
        let mut arguments = json!({"experiment": id});
        arguments.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        live.call(name, &arguments)
    };
    with("seed_showcase", json!({}));
    with("seed_many", json!({"count": 30, "age_s": 4000, "tags": {"bulk": "yes"}}));
    with("seed_world", json!({"free": 3}));
    with("seed_otlp", json!({"inputs": "{\"q\": \"\\ud83d\", \"n\": NaN}"}));
    with("seed_otlp", json!({"inputs": "not json"}));
    with("seed_attachments", json!({"age_s": 30, "texts": ["one", "two"]}));
    with("seed_genai", json!({"operation": "chat", "age_s": 30}));
    with("seed_long", json!({"age_s": 30, "metadata": {"note": "m".repeat(5000)}, "tags": {"note": "t".repeat(7000)}}));
    with("seed_odd", json!({}));
    let first = experiment.seed_one();
    let feedback = live.call("log_feedback", &json!({"trace": first, "name": "good", "value": false}));
    live.call("override_feedback", &json!({"trace": first, "assessment": feedback, "value": true}));
    live.call("link_to_run", &json!({"experiment": id, "traces": [first]}));
    (name, id)
}

#[test]
fn infos_are_those_of_mlflows_client_and_of_the_server() {
    let Some(live) = live() else { return };
    let (name, id) = every_shape(live);
    let database = live.database();
    let search = |uri: &str| Program::new(["-u", uri, "-x", &name, "search", "--all", "-q", "-o", "jsonl"]);
    let here = lines(search(&database));
    assert!(here.len() > 40, "{}", here.len());
    let theirs = list(live.call("infos_in", &json!({"uri": database, "experiment": id})));
    let here_info = |trace: &Value| json!({"info": trace["info"]});
    assert_same("MLflow's client on the database", here.iter().map(here_info).collect(), theirs);
    let over_http = lines(search(live.uri()));
    assert_same("the server", here.iter().cloned().map(cut).collect(), over_http.clone());
    let ids = |traces: &[Value]| traces.iter().map(|trace| trace["info"]["trace_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&here), ids(&over_http), "in the same order");
    let long = here.iter().filter_map(|trace| trace["info"]["tags"]["note"].as_str()).map(str::len).max();
    assert_eq!(long, Some(7000), "nothing is cut");
    eprintln!("{} infos are the same on all three ways", here.len());
}

/// Everything in an experiment with its spans, and how the export went.
fn export(uri: &str, experiment: &str, file: &Path) -> (Ended, Vec<Value>) {
    let args = ["-u", uri, "-x", experiment, "export", file.to_str().unwrap(), "-q", "--spans", "--no-attachments"];
    let run = Program::new(args).run().ends();
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let read = |line: &str| mlflow_trace::model::read_json(line.as_bytes()).unwrap();
    (run, text.lines().map(read).collect())
}

/// A trace as its spans; one that has not ended ends at 0 or at nothing, as OpenTelemetry and MLflow have it.
fn spans_alone(trace: &Value) -> Value {
    let mut data = trace["data"].clone();
    for span in data["spans"].as_array_mut().into_iter().flatten() {
        if span["end_time_unix_nano"] == 0 {
            span["end_time_unix_nano"] = Value::Null;
        }
    }
    json!({"info": {"trace_id": trace["info"]["trace_id"]}, "data": data})
}

#[test]
fn spans_are_those_of_mlflows_client_and_of_the_server() {
    let Some(live) = live() else { return };
    let (name, id) = every_shape(live);
    let database = live.database();
    let folder = tempfile::tempdir().unwrap();
    let export = |uri: &str, file: &str| export(uri, &name, &folder.path().join(file));
    let (run, here) = export(&database, "database.jsonl");
    let (_, over_http) = export(live.uri(), "server.jsonl");
    // Three traces have a file of spans that only the server reads, and say so.
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let has_spans = |trace: &&Value| trace["data"]["spans"].as_array().is_some_and(|spans| !spans.is_empty());
    let ids: Vec<&Value> = here.iter().filter(has_spans).map(|trace| &trace["info"]["trace_id"]).collect();
    let both = |traces: &[Value]| -> Vec<Value> {
        traces.iter().filter(|trace| ids.contains(&&trace["info"]["trace_id"])).cloned().map(cut).collect()
    };
    assert_same("the server", both(&here), both(&over_http));
    let theirs = list(live.call("traces_in", &json!({"uri": database, "experiment": id})));
    let spans = |traces: &[Value]| -> Vec<Value> {
        let traces = traces.iter().filter(|trace| ids.contains(&&trace["info"]["trace_id"]));
        traces.map(spans_alone).collect()
    };
    assert_same("MLflow's client on the database", spans(&here), spans(&theirs));
    assert!(ids.len() > 40, "{}", ids.len());
    eprintln!("the spans of {} traces are the same on all three ways", ids.len());
}

#[test]
fn archived_spans_are_those_of_mlflows_client() {
    let Some(live) = live() else { return };
    let (name, id) = every_shape(live);
    let folder = tempfile::tempdir().unwrap();
    let copy = live.call("archived_copy", &json!({"uri": live.database(), "folder": folder.path()}));
    let uri = copy["uri"].as_str().unwrap();
    let (_, all) = export(uri, &name, &folder.path().join("all.jsonl"));
    let is_archived = |trace: &&Value| trace["info"]["tags"]["mlflow.trace.spansLocation"] == "ARCHIVE_REPO";
    let here: Vec<Value> = all.iter().filter(is_archived).map(spans_alone).collect();
    let theirs = list(live.call("traces_in", &json!({"uri": uri, "experiment": id})));
    let theirs: Vec<Value> = theirs.iter().filter(is_archived).map(spans_alone).collect();
    assert_same("MLflow's client", here.clone(), theirs);
    assert!(here.len() > 40, "{} {copy}", here.len());
    eprintln!("the spans of {} archived traces are the same", here.len());

    let ids: Vec<&str> = here.iter().map(|trace| trace["info"]["trace_id"].as_str().unwrap()).collect();
    let file = |id: &str| {
        let trace = all.iter().find(|trace| trace["info"]["trace_id"] == id).unwrap();
        let location = trace["info"]["tags"]["mlflow.trace.archiveLocation"].as_str().unwrap();
        format!("{}/traces.pb", location.trim_start_matches("file://"))
    };
    let get = |id: &str| Program::new(["-u", uri, "-x", &name, "get", id]).run();
    std::fs::remove_file(file(ids[0])).unwrap();
    get(ids[0]).exits(3).tells("were archived and cannot be read").tells(&file(ids[0]));
    std::fs::write(file(ids[1]), "<html>").unwrap();
    get(ids[1]).exits(3).tells("cannot be parsed");
    get(ids[2]).exits(0);
}

#[test]
fn what_is_asked_by_name_or_id_or_in_numbers_is_what_the_server_says() {
    let Some(live) = live() else { return };
    let (name, id) = every_shape(live);
    let database = live.database();
    let both = |args: &[&str]| {
        let run = |uri: &str| Program::new(["-u", uri, "-x", &name].iter().chain(args)).run().ends();
        let (here, there) = (run(&database), run(live.uri()));
        assert_eq!(
            (here.code, &here.stdout),
            (there.code, &there.stdout),
            "{args:?}\n{}\n{}",
            here.stderr,
            there.stderr
        );
    };
    both(&["experiments", "list", "-o", "json"]);
    for filter in ["", "tags.env = 'prod'", "span.name = 'bulk'", "status != 'OK'", "feedback.good = 'true'"] {
        both(&["count", filter]);
    }
    both(&["search", "--limit", "7", "-o", "ids", "-q"]);
    both(&["search", "--order-by", "duration", "--all", "-o", "ids", "-q"]);
    both(&["search", "--order-by", "timestamp ASC", "--limit", "5", "-o", "ids", "-q"]);
    let by_id = |uri: &str| Program::new(["-u", uri, "-x", &id, "count"]).run().succeeds().stdout.clone();
    assert_eq!(by_id(&database), by_id(live.uri()));
}

#[test]
fn a_database_answers_every_filter_of_the_corpus() {
    let Some(server) = corpus_server() else { return };
    let mut cases = cases();
    // Traces of the server say where their spans are, those of the corpus do not.
    cases.retain(|case| !case.filter.contains("spansLocation"));
    assert!(cases.len() > 1400, "{}", cases.len());
    compare(&some(cases, 8), &["-u", &server.database(), "-x", "corpus"]);
}

#[test]
fn nothing_is_written_and_nobody_is_kept_waiting() {
    let Some(live) = own("database-writers") else { return };
    let experiment = live.experiment();
    live.call("seed_many", &json!({"experiment": experiment.id, "count": 1500, "age_s": 4000}));
    let database = live.database();
    let path = database.trim_start_matches("sqlite:///").to_owned();
    let checksum = || std::fs::read(&path).unwrap();
    let before = checksum();
    Program::new(["-u", &database, "-x", &experiment.name, "count", "span.name = 'bulk'"]).run().succeeds();
    assert!(before == checksum(), "the file is as it was");
    // One who has read a page and stopped there does not keep the server from writing.
    std::thread::scope(|scope| {
        let search = Program::new(["-u", &database, "-x", &experiment.name, "search", "--all", "-o", "jsonl"]);
        let mut reader = search.start();
        std::thread::sleep(std::time::Duration::from_millis(200));
        let writing =
            scope.spawn(|| live.call("seed", &json!({"experiment": experiment.id, "traces": [{"age_s": 1}]})));
        let written = writing.join().unwrap();
        assert!(!reader.has_ended() || written.is_array());
        reader.ends().succeeds();
    });
}

#[test]
fn a_database_is_not_written_unless_that_is_allowed() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed_one();
    let database = live.database();
    for args in [&["tag", "set", &trace, "a=b"][..], &["delete", &trace, "--yes"]] {
        let run = Program::new(["-u", &database, "-x", &experiment.name].iter().chain(args)).run().ends();
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains("mlflow server --backend-store-uri"), "{}", run.stderr);
        assert!(run.stderr.contains("--allow-database-writes"), "{}", run.stderr);
    }
    assert_eq!(experiment.ids(), [trace]);
}

#[test]
fn every_revision_of_the_schema_is_read_alike() {
    let Some((_folder, databases)) = revisions() else { return };
    assert!(databases.len() > 40, "{}", databases.len());
    let filter = "name = 'agent' AND tags.env = 'prod' AND session = 's-1' AND total_tokens = 3";
    let read = |path: &std::path::Path| {
        let uri = format!("sqlite:///{}", path.display());
        let search = Program::new(["-u", &uri, "-x", "shop", "search", filter, "-o", "jsonl", "-q"]);
        assert_eq!(Program::new(["-u", &uri, "-x", "shop", "count", filter]).run().succeeds().stdout, "1\n");
        search.run().succeeds().stdout.clone()
    };
    let first = read(&databases[0]);
    assert!(first.contains("\"mlflow.traceName\":\"agent\""), "{first}");
    for path in &databases {
        assert_eq!(read(path), first, "{}", path.display());
    }
    eprintln!("{} revisions are read alike", databases.len());
}
