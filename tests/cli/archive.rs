//! `demo` and `file:`: the same commands without a server, as far as they only read.

use std::fs;

use serde_json::json;

use crate::fake::{APP, CHECKOUT, Fake, KNOWN, Seed, id};
use crate::snapshot::Gallery;
use crate::support::{Program, Run};

fn demo(arguments: &[&str]) -> Run {
    Program::new([arguments, &["-u", "demo"]].concat()).run()
}

#[test]
fn the_gallery_of_the_demonstration() {
    let mut gallery = Gallery::new("demo");
    gallery.scene("failures", &demo(&["search", "status = 'ERROR'"]).exits(0));
    gallery.scene("the slowest", &demo(&["search", "--order-by", "execution_time_ms DESC", "-n", "3"]).exits(0));
    gallery.scene("count", &demo(&["count"]).exits(0));
    gallery.scene("experiments", &demo(&["experiments", "list"]).exits(0));
    gallery.scene("tag", &demo(&["tag", "set", KNOWN, "a=b"]).exits(2));
    gallery.scene("delete", &demo(&["delete", KNOWN, "--yes"]).exits(2));
    gallery.scene("an unknown experiment", &demo(&["search", "-x", "nope"]).exits(9));
    gallery.check();
}

#[test]
fn the_demonstration_has_traces_of_every_sort() {
    for filter in [
        "status = 'ERROR'",
        "status = 'OK' AND execution_time_ms > 1000",
        "metadata.`mlflow.trace.session` IS NOT NULL",
        "span.type = 'LLM'",
    ] {
        demo(&["search", filter, "--fail-if-empty"]).succeeds();
    }
    let first = demo(&["search", "-n", "1", "-o", "ids"]).succeeds().lines().remove(0);
    let trace = demo(&["get", &first, "-o", "json"]).succeeds().json();
    assert!(!trace["data"]["spans"].as_array().unwrap().is_empty());
    demo(&["get", &first, "--content"]).succeeds().prints("in: ");
}

#[test]
fn what_writes_is_refused() {
    let assessment = "a-0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    for arguments in [
        ["tag", "set", KNOWN, "a=b"].as_slice(),
        &["tag", "delete", KNOWN, "a"],
        &["feedback", "log", KNOWN, "--name", "n", "--value", "1"],
        &["expectation", "log", KNOWN, "--name", "n", "--value", "1"],
        &["assessment", "update", KNOWN, assessment, "--value", "1"],
        &["assessment", "delete", KNOWN, assessment],
        &["delete", KNOWN, "--yes"],
        &["delete", "--filter", "status = 'OK'", "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
    ] {
        demo(arguments).exits(2).tells("the demo archive is read-only; nothing was changed").prints_nothing();
    }
}

/// A server with two experiments, and a file with everything it holds.
fn exported(folder: &tempfile::TempDir) -> (Fake, String) {
    let fake = Fake::with([
        Seed::known(),
        Seed::new(1).state("ERROR").tag("team", "search"),
        Seed::new(2).experiment(CHECKOUT).duration_ms(9_000),
        Seed::new(3).in_artifact(),
    ]);
    let file = folder.path().join("traces.jsonl").to_str().unwrap().to_owned();
    fake.bare(&["export", &file, "--spans", "--all-experiments"]).run().succeeds();
    (fake, file)
}

/// What is told, less that a server does not search all spans.
fn without_note(told: &str) -> String {
    told.lines()
        .filter(|line| !line.contains("outside of the tracking store"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn a_file_answers_as_its_server_did() {
    let folder = tempfile::tempdir().unwrap();
    let (fake, file) = exported(&folder);
    let uri = format!("file:{file}");
    for arguments in [
        ["search", "-o", "ids", "--all-experiments"].as_slice(),
        &["search", "status = 'ERROR'", "-o", "jsonl", "--all-experiments"],
        &["search", "span.name = 'chat'", "-o", "ids", "--all-experiments"],
        &["search", "feedback.helpful = 'true'", "-o", "ids", "-x", APP],
        &["search", "--order-by", "execution_time_ms DESC", "-o", "ids", "--all-experiments"],
        &["search", "-n", "2", "-o", "csv", "--all-experiments"],
        &["count", "-x", CHECKOUT],
        &["get", KNOWN, &id(3), "-o", "json"],
        &["get", KNOWN, "--content"],
        &["assessment", "list", KNOWN, "-o", "json"],
        &["export", "-", "--spans", "--all-experiments"],
    ] {
        let from_server = fake.bare(arguments).run().succeeds();
        let from_file = Program::new([arguments, &["-u", &uri]].concat()).run().succeeds();
        let spans = |text: &str| text.replace("\"spans\":[]", "");
        if arguments[0] == "search" {
            // A server's search has no spans, a file has them at hand.
            assert_eq!(from_file.lines().len(), from_server.lines().len(), "{from_file}");
        } else {
            assert_eq!(spans(&from_file.stdout), spans(&from_server.stdout), "{from_file}");
        }
        if arguments.contains(&"ids") {
            assert_eq!(from_file.stdout, from_server.stdout, "{from_file}");
        }
        assert_eq!(from_file.stderr, without_note(&from_server.stderr), "{from_file}");
    }
    let all = Program::new(["search", "-o", "ids", "-u", &format!("file://{file}")]).run().succeeds();
    assert_eq!(all.lines().len(), 4, "a file is searched whole unless an experiment is named");
}

#[test]
fn a_damaged_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (_, file) = exported(&folder);
    let good = fs::read_to_string(&file).unwrap();
    for (damage, what) in [
        ("{\"info\": {\"trace_id\": \"tr-1\"", "line 6"),
        ("{\"x\": 1}", "neither \"info\" nor \"trace_info\""),
        ("{\"info\": {\"trace_id\": \"tr-1\"}}", "missing field"),
        ("[]", "line 6"),
    ] {
        // An empty line is none.
        fs::write(&file, format!("{good}\n{damage}\n")).unwrap();
        let ended = Program::new(["search", "-u", &format!("file:{file}")]).run().exits(6);
        ended.tells(what).tells("line 6").tells("traces.jsonl").prints_nothing();
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    Program::new(["search", "-u", &format!("file:{path}/no.jsonl")]).run().exits(6).tells("no.jsonl");
    Program::new(["search", "-u", &format!("file:{path}")]).run().exits(6).tells("no manifest.json");
    Program::new(["search", "-u", "file:"]).run().exits(2);
    let empty = folder.path().join("empty.jsonl");
    fs::write(&empty, "").unwrap();
    let uri = format!("file:{}", empty.to_str().unwrap());
    Program::new(["count", "-o", "json", "-u", &uri]).run().succeeds().prints("0");
    assert_eq!(Program::new(["search", "-o", "json", "-u", &uri]).run().succeeds().json(), json!([]));
}

#[test]
fn no_connection_is_opened_for_a_file() {
    let program = Program::new(["count", "-u", "demo"]).env("HTTP_PROXY", "http://127.0.0.1:9");
    program.run().succeeds();
}
