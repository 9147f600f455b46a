//! A trace that an archive holds more than once counts once, in its newest state, and it is said.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::archive_folder::{archive, ask, exported, gzip, lines, write};
use crate::fake::id;

/// What a night's dump holds of a trace: its state, its spans and a tag.
fn dumped(number: u32, state: &str, spans: usize, tag: &str) -> String {
    let ids = ["AAAAAAAAAAE=", "AAAAAAAAAAI="];
    let span = |id: &&str| json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "name": "chat", "start_time_unix_nano": 1});
    let spans: Vec<Value> = ids[..spans].iter().map(span).collect();
    let info =
        json!({"trace_id": id(number), "request_time": "2026-11-22T08:00:00Z", "state": state, "tags": {"night": tag}});
    json!({"info": info, "data": {"spans": spans}}).to_string()
}

fn aged(path: &Path, days: u64) {
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn nightly_dumps_show_the_newest_state_of_each_trace_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let first = [dumped(1, "IN_PROGRESS", 1, "first"), dumped(2, "OK", 2, "first"), dumped(3, "OK", 1, "first")];
    let second = [dumped(1, "OK", 2, "second"), dumped(2, "OK", 2, "second"), dumped(4, "OK", 1, "second")];
    write(at("day1.jsonl"), lines(&first));
    write(at("day2.jsonl"), lines(&second));
    aged(&at("day1.jsonl"), 2);
    aged(&at("day2.jsonl"), 1);
    let note = "2 traces are in";
    let ask = |arguments: &[&str]| ask(folder.path(), arguments).succeeds();
    ask(&["count"]).prints("4").tells(note).tells("more than once; the newest state of each counts");
    ask(&["count", "status = 'IN_PROGRESS'"]).prints("0");
    ask(&["count", "tags.night = 'first'"]).prints("1");
    ask(&["count", "-q"]).prints("4").does_not_tell("more than once");
    let found = ask(&["search", "--all", "-o", "jsonl"]).jsonl();
    assert_eq!(found.len(), 4);
    for (number, state) in [(1, "second"), (2, "second"), (3, "first"), (4, "second")] {
        let trace = ask(&["get", &id(number), "-o", "json"]).json();
        assert_eq!(trace["info"]["tags"]["night"], state, "{number}");
    }
    assert_eq!(ask(&["export", "-"]).lines().len(), 4);
    let limited = ask(&["search", "-n", "3", "-o", "ids"]);
    assert_eq!(limited.lines().len(), 3);
    // Whatever the files are called, and however they are compressed.
    fs::rename(at("day2.jsonl"), at("0.jsonl")).unwrap();
    write(at("day1.jsonl.gz"), gzip(&lines(&first)));
    fs::remove_file(at("day1.jsonl")).unwrap();
    ask(&["count", "status = 'IN_PROGRESS'"]).prints("0").does_not_tell("error");
}

#[test]
fn two_exports_of_the_same_traces_are_one_archive_of_them() {
    let (_, exported) = exported();
    let folder = tempfile::tempdir().unwrap();
    archive(&folder.path().join("run-1"), &exported);
    archive(&folder.path().join("run-2"), &exported[..5]);
    let ended = ask(folder.path(), &["count"]).succeeds().prints("7");
    ended.tells("5 traces are in");
    let found = ask(folder.path(), &["search", "--all", "-o", "jsonl"]).succeeds();
    assert_eq!(found.lines(), exported);
    assert_eq!(ask(folder.path(), &["search", "-n", "2", "-o", "jsonl"]).succeeds().lines(), exported[..2]);
    ask(folder.path(), &["experiments", "list"]).succeeds();
    // One of them alone costs nothing and says nothing.
    ask(&folder.path().join("run-1"), &["count"]).succeeds().prints("7").does_not_tell("more than once");
}

#[test]
fn dumps_that_were_put_one_behind_the_other_hold_each_trace_once() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        lines(&[dumped(1, "IN_PROGRESS", 1, "first"), dumped(2, "OK", 1, "first"), dumped(1, "OK", 1, "second")]);
    let file = write(folder.path().join("all.jsonl"), text);
    ask(&file, &["count"]).succeeds().prints("2").tells("1 trace is in").tells("its newest state counts");
    let trace = ask(&file, &["get", &id(1), "-o", "json"]).succeeds().json();
    assert_eq!(trace["info"]["tags"]["night"], "second");
}

#[test]
fn an_import_brings_the_newest_state() {
    if !cfg!(feature = "otlp") {
        return;
    }
    let (fake, exported) = exported();
    let folder = tempfile::tempdir().unwrap();
    archive(&folder.path().join("run-1"), &exported);
    archive(&folder.path().join("run-2"), &exported);
    let ended = fake.bare(&["import", folder.path().to_str().unwrap(), "--dry-run"]).run().exits(0);
    ended.tells("7 traces already there").tells("7 traces are in");
}
