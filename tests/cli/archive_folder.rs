//! `file:` with folders, compressed files and JSON documents: what an export left behind, whole, unfinished or damaged.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, CHECKOUT, Fake, KNOWN, Seed, id, span, with_attribute};
use crate::support::{Program, Run};

/// A server with some traces, and each of them as a line of an export, newest first.
pub fn exported() -> (Fake, Vec<String>) {
    let busy = span(9, 1, None, "plan", crate::fake::BASE_MS);
    let fake = Fake::with([
        Seed::known(),
        Seed::new(1).state("ERROR").tag("team", "search").session_feedback("tone", "good", "s-1"),
        Seed::new(2).experiment(CHECKOUT).duration_ms(9_000).metadata("mlflow.trace.session", "s-1"),
        Seed::new(3).in_artifact(),
        Seed::new(4).state("ERROR").tag("team", "é \"quoted\"").request("where is my parcel?"),
        Seed::new(5).duration_ms(70_000).metadata("mlflow.trace.session", "s-1").tag("note", "a\u{2028}b"),
        Seed::new(9).spans(vec![with_attribute(busy, "model", "gpt 4")]),
    ]);
    let lines = fake.bare(&["export", "-", "--spans", "--all-experiments"]).run().succeeds().lines();
    assert_eq!(lines.len(), 7);
    (fake, lines)
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub fn write(path: PathBuf, content: impl AsRef<[u8]>) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

pub fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

pub fn ask(path: &Path, arguments: &[&str]) -> Run {
    let uri = format!("file:{}", path.display());
    Program::new([arguments, &["-u", &uri]].concat()).run()
}

pub fn sha256(content: &[u8]) -> String {
    use sha2::{Digest, Sha256};

    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An archive as an export of the traces would leave it: a part for each pair of traces, every other one compressed.
pub fn archive(folder: &Path, lines: &[String]) -> Value {
    let mut parts = Vec::new();
    for (number, pair) in lines.chunks(2).enumerate() {
        let text = self::lines(pair);
        let (path, content) = if number % 2 == 0 {
            (format!("traces/part-{number:05}.jsonl"), text.into_bytes())
        } else {
            (format!("traces/part-{number:05}.jsonl.gz"), gzip(&text))
        };
        let times: Vec<i64> = pair.iter().map(|line| start(line)).collect();
        parts.push(json!({"path": path, "sha256": sha256(&content), "bytes": content.len(), "traces": pair.len(), "rows": pair.len(),
            "window": {"oldest_ms": times.iter().min(), "newest_ms": times.iter().max()}, "boundary": []}));
        write(folder.join(path), content);
    }
    let manifest = json!({"manifest_version": 1, "created_by": "mlflow-trace 0.1.0",
        "source": {"tracking_uri": "http://h", "experiments": {APP: "my-app", CHECKOUT: "checkout"}},
        "query": {"filter": "", "format": "jsonl", "spans": true}, "window": {}, "complete": true, "started": "2026-11-22T08:00:00Z",
        "counts": {"traces": lines.len(), "spans": 0, "assessments": 0, "bytes": 0}, "parts": parts});
    write(folder.join("manifest.json"), manifest.to_string());
    manifest
}

fn start(line: &str) -> i64 {
    let value: Value = serde_json::from_str(line).unwrap();
    mlflow_trace::model::parse_rfc3339_ms(value["info"]["request_time"].as_str().unwrap()).unwrap()
}

const FILTERS: &[&str] = &[
    "",
    "status = 'ERROR'",
    "status = 'ERROR' AND tags.team = 'search'",
    "tags.team = E'é \\\"quoted\\\"'",
    "tags.note IS NOT NULL",
    "execution_time > 5000",
    "latency BETWEEN 5s AND 10s OR status = 'ERROR'",
    "request LIKE '%my parcel%'",
    "span.name = 'chat'",
    "span(attributes.model = 'gpt 4')",
    "trace.text LIKE '%gpt 4%'",
    "feedback.tone = 'good'",
    "feedback.helpful = 'true'",
    "session = 's-1' AND NOT status = 'ERROR'",
    "timestamp >= '2026-11-22T08:00:02Z' AND timestamp <= '2026-11-22T08:00:04Z'",
    "name = 'nothing of the sort'",
];

#[test]
fn every_shape_of_archive_answers_as_its_server_did() {
    let (fake, exported) = exported();
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let (first, second) = exported.split_at(3);
    archive(&at("listed"), &exported);
    write(at("loose/b/one.jsonl"), lines(first));
    write(at("loose/two.json"), format!("[{}]", second.join(",\n")));
    write(at("loose/two.jsonl.part"), "cut of");
    let all: Vec<Value> = exported.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rest: Vec<String> = exported.iter().map(|line| in_rest_shape(line)).collect();
    let archives = [
        at("listed"),
        at("listed/manifest.json"),
        at("loose"),
        write(at("one.gz"), [gzip(&lines(first)), gzip(&lines(second))].concat()),
        write(at("pretty.json"), serde_json::to_string_pretty(&all).unwrap()),
        write(
            at("backwards.jsonl"),
            lines(&exported.iter().rev().cloned().collect::<Vec<_>>()).replace('\n', "\r\n\n"),
        ),
        write(at("rest.jsonl"), lines(&rest)),
        #[cfg(feature = "compression")]
        write(at("all.jsonl.zst"), zstd::stream::encode_all(lines(&exported).as_bytes(), 3).unwrap()),
    ];
    for filter in FILTERS {
        let search = ["search", filter, "-o", "ids", "--all-experiments", "--all"];
        let count = ["count", filter, "--all-experiments"];
        let first =
            ["search", filter, "-o", "ids", "-n", "2", "--order-by", "execution_time DESC", "--all-experiments"];
        for arguments in [&search[..], &count, &first] {
            let expected = fake.bare(arguments).run().succeeds();
            for archive in &archives {
                let found = ask(archive, arguments).succeeds();
                assert_eq!(found.stdout, expected.stdout, "{found}");
                // Not every server can count all matches, an archive can.
                if arguments != first {
                    let told = |line: &&str| !line.contains("outside of the tracking store");
                    assert!(found.stderr.lines().eq(expected.stderr.lines().filter(told)), "{found}");
                }
            }
        }
    }
    let get = ["get", KNOWN, &id(3), &id(9), "-o", "json"];
    let expected = fake.bare(&get).run().succeeds();
    for archive in &archives {
        assert_eq!(ask(archive, &get).succeeds().stdout, expected.stdout, "{}", archive.display());
        let lines = ask(archive, &["search", "-o", "jsonl"]).succeeds().lines();
        assert_eq!(lines, exported, "{}", archive.display());
        ask(archive, &["get", KNOWN, "tr-none", "-o", "json"]).exits(3).tells("there is no trace tr-none");
    }
}

/// As a server's answer shows the trace of a line.
fn in_rest_shape(line: &str) -> String {
    let mut trace: Value = serde_json::from_str(line).unwrap();
    json!({"spans": trace["data"]["spans"].take(), "trace_info": trace["info"].take()}).to_string()
}

#[test]
fn experiments_have_the_names_that_the_manifest_tells() {
    let (_, exported) = exported();
    let folder = folder();
    archive(folder.path(), &exported);
    let listed = ask(folder.path(), &["experiments", "list", "-o", "json"]).succeeds().json();
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&json!("my-app"), &json!("checkout")));
    ask(folder.path(), &["count", "-x", "checkout"]).succeeds().prints("1");
    ask(folder.path(), &["count", "-x", "my-app"]).succeeds().prints("6");
    let other = ask(folder.path(), &["count", "-x", "other"]).exits(9);
    other.tells("there is no experiment \"other\"").tells("my-app (id 1)");
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    let listed = ask(folder.path(), &["experiments", "list", "-o", "json"]).succeeds().json();
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&json!("1"), &json!("2")), "traces do not hold names");
}

#[test]
fn only_the_parts_of_the_manifest_are_the_archive() {
    let (_, exported) = exported();
    let folder = folder();
    archive(folder.path(), &exported[..4]);
    write(folder.path().join("traces/part-00009.jsonl"), lines(&exported[4..]));
    ask(folder.path(), &["count"]).succeeds().prints("4");
}

#[test]
fn an_unfinished_export_says_so() {
    let (_, exported) = exported();
    let folder = folder();
    let mut manifest = archive(folder.path(), &exported);
    manifest["complete"] = false.into();
    write(folder.path().join("manifest.json"), manifest.to_string());
    let ended = ask(folder.path(), &["count"]).succeeds();
    ended.tells("note: the export in").tells("is not complete: 7 traces so far").prints("7");
    ask(folder.path(), &["count", "-q"]).succeeds().does_not_tell("complete");
}

#[test]
fn a_damaged_archive_names_the_part() {
    let (_, exported) = exported();
    let folder = folder();
    let manifest = archive(folder.path(), &exported);
    let plain = folder.path().join("traces/part-00000.jsonl");
    let packed = folder.path().join("traces/part-00001.jsonl.gz");
    let (plain_content, packed_content) = (fs::read(&plain).unwrap(), fs::read(&packed).unwrap());
    let fails = |arguments: &[&str], part: &str, reason: &str| {
        let ended = ask(folder.path(), arguments).exits(6);
        ended.tells(part).tells(reason).prints_nothing();
    };
    fs::write(&plain, &plain_content[..plain_content.len() - 5]).unwrap();
    fails(&["count"], "part-00000.jsonl: it has", "manifest.json says");
    // As long as it should be, and yet another one.
    let changed = String::from_utf8(plain_content.clone()).unwrap().replacen("{\"info\":", "{\"inof\":", 2);
    fs::write(&plain, changed).unwrap();
    fails(&["search"], "part-00000.jsonl: line 1: not a trace", "its SHA-256 is not the manifest's");
    fails(&["count", "status = 'OK'"], "part-00000.jsonl: line 1", "SHA-256");
    fs::write(&plain, &plain_content).unwrap();
    let mut zeroed = packed_content.clone();
    let middle = zeroed.len() / 2;
    zeroed[middle..].fill(0);
    fs::write(&packed, zeroed).unwrap();
    fails(&["count", "status = 'ERROR'"], "part-00001.jsonl.gz", "its SHA-256 is not the manifest's");
    fs::remove_file(&packed).unwrap();
    fails(&["search"], "part-00001.jsonl.gz", "manifest.json lists it");
    fs::write(&packed, &packed_content).unwrap();
    ask(folder.path(), &["count"]).succeeds().prints("7");
    for (change, reason) in [
        (json!({"manifest_version": 2}), "it has version 2, but this program reads at most 1"),
        (
            json!({"query": {"filter": "", "format": "csv", "spans": false}}),
            "its parts are CSV, which cannot be read back",
        ),
        (json!({"parts": 1}), "it is not a manifest"),
    ] {
        let mut manifest = manifest.clone();
        manifest.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        write(folder.path().join("manifest.json"), manifest.to_string());
        fails(&["search"], "manifest.json", reason);
    }
}

#[test]
fn cut_files_are_never_taken_for_whole_ones() {
    let (_, exported) = exported();
    let folder = folder();
    let whole = gzip(&lines(&exported));
    let cut = write(folder.path().join("cut.jsonl.gz"), &whole[..whole.len() - 20]);
    ask(&cut, &["count"]).exits(6).tells("cut.jsonl.gz").prints_nothing();
    let text = lines(&exported);
    let cut = write(folder.path().join("cut.jsonl"), &text[..text.len() - 20]);
    // The last line does not match, and is told from a whole one all the same.
    for filter in ["", "status = 'ERROR'", "session = 'nobody'"] {
        ask(&cut, &["count", filter]).exits(6).tells("cut.jsonl: line 7: not a trace").prints_nothing();
    }
    let array = format!("[{}]", exported.join(","));
    let cut = write(folder.path().join("cut.json"), &array[..array.len() - 1]);
    ask(&cut, &["search"]).exits(6).tells("it ends before its array does").prints_nothing();
}

#[test]
fn what_only_python_reads_is_read() {
    let folder = folder();
    let file = write(
        folder.path().join("python.jsonl"),
        r#"{"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:00:00Z", "state": "OK", "request_preview": "half \ud83d", "assessments": [{"assessment_name": "score", "feedback": {"value": NaN}}, {"assessment_name": "score", "feedback": {"value": -Infinity}}]}, "data": {"spans": []}}
"#,
    );
    let found = ask(&file, &["search", "feedback.score = 'NaN'", "-o", "json"]).succeeds().json();
    assert_eq!(found[0]["info"]["assessments"][1]["feedback"]["value"], "-Infinity");
    assert_eq!(found[0]["info"]["request_preview"], "half \\ud83d");
    ask(&file, &["count", "status = 'OK'"]).succeeds().prints("1");
}

#[test]
fn csv_is_not_read_back() {
    let folder = folder();
    let file = write(folder.path().join("traces.csv"), "trace_id\ntr-1\n");
    ask(&file, &["search"]).exits(6).tells("it is CSV, which cannot be read back").prints_nothing();
}

#[cfg(not(feature = "compression"))]
#[test]
fn zstandard_needs_its_feature() {
    let folder = folder();
    let file = write(folder.path().join("a.jsonl.zst"), [0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    ask(&file, &["search"]).exits(6).tells("Zstandard").tells("a.jsonl.zst").prints_nothing();
}

#[test]
fn what_writes_is_refused_of_folders_too() {
    let (_, exported) = exported();
    let folder = folder();
    archive(folder.path(), &exported);
    for arguments in [
        ["tag", "set", KNOWN, "a=b"].as_slice(),
        &["feedback", "log", KNOWN, "--name", "n", "--value", "1"],
        &["delete", "--filter", "status = 'OK'", "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
    ] {
        ask(folder.path(), arguments).exits(2).tells("is read-only; nothing was changed").prints_nothing();
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_answers_as_the_json_lines_do() {
    use mlflow_trace::model::Trace;
    use mlflow_trace::output::{ParquetLayout, ParquetSink, Sink};

    const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/filter/traces.jsonl");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.parquet");
    let mut sink = ParquetSink::new(std::fs::File::create(&path).unwrap(), ParquetLayout::default()).unwrap();
    for line in std::fs::read_to_string(LINES).unwrap().lines() {
        sink.write(&Trace::from_json(serde_json::from_str(line).unwrap()).unwrap()).unwrap();
    }
    sink.finish().unwrap();
    let ids = |file: &str, filter: &str| {
        let uri = format!("file:{file}");
        Program::new(["-u", &uri, "search", "--all", "-o", "ids", filter]).run().succeeds().stdout
    };
    for filter in ["", "status = 'ERROR'", "span.name = 'retrieve'", "feedback.correct IS NULL AND name LIKE 'c%'"] {
        let found = ids(path.to_str().unwrap(), filter);
        assert!(!found.is_empty(), "{filter}");
        assert_eq!(found, ids(LINES, filter), "{filter}");
    }
}
