//! `export`: a file that is whole or not there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{CHECKOUT, Failure, Fake, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::Program;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn target(folder: &TempDir, name: &str) -> (PathBuf, String) {
    let path = folder.path().join(name);
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

fn jsonl(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_evaluation_dataset_has_what_went_in_came_out_and_was_expected() {
    let demo = |args: &[&str]| Program::new(["-u", "demo"].iter().chain(args)).run().succeeds();
    let ended = demo(&["export", "-", "expectation IS NOT NULL", "--format", "eval-dataset"]);
    let traces = demo(&["search", "expectation IS NOT NULL", "--all", "-o", "jsonl"]).jsonl();
    let records = ended.jsonl();
    assert!(!records.is_empty() && records.len() == traces.len());
    for (record, trace) in records.iter().zip(&traces) {
        assert_eq!(record["source"]["source_data"]["trace_id"], trace["info"]["trace_id"]);
        assert_eq!(record["source"]["source_type"], "TRACE");
        assert!(record["inputs"].is_object() && !record["expectations"].as_object().unwrap().is_empty(), "{record}");
    }
    let bare = [1, 2].map(|number| {
        let mut seed = Seed::new(number);
        seed.spans[0]["attributes"] = json!([]);
        seed
    });
    let bare = Fake::with(bare).run(&["export", "-", "--format", "eval-dataset"]).succeeds();
    assert!(bare.stdout.is_empty() && bare.stderr.contains("omitted 2 traces without inputs"), "{}", bare.stderr);
}

#[test]
fn the_gallery_of_exports() {
    let fake = Fake::with([Seed::new(1).tag("team", "search"), Seed::new(2).state("ERROR")]);
    let mut gallery = Gallery::new("export");
    let folder = folder();
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let ended = fake.program(&[&["export"], arguments].concat()).in_folder(folder.path()).run().exits(code);
        gallery.scene(title, &ended);
    };
    scene("JSON lines to standard output", &["-"], 0);
    scene("CSV to standard output", &["-", "--format", "csv", "--fields", "trace_id,status,tags.team"], 0);
    scene("to a file", &["traces.csv"], 0);
    scene("nothing matches", &["-", "--filter", "tags.no = 'no'"], 0);
    scene("fields of JSON lines", &["traces.jsonl", "--fields", "trace_id"], 2);
    scene("another format's flag", &["traces.jsonl", "-o", "json"], 2);
    scene("a folder that is not there", &["no/such/folder/traces.csv"], 1);
    scene(
        "several columns in a format of whole traces",
        &["-", "--format", "csv", "--explode", "spans", "--csv-raw"],
        0,
    );
    scene("requires a directory", &["traces.jsonl", "--split", "day"], 2);
    scene("no share", &["-", "--sample", "1.5"], 2);
    scene("no such value", &["-", "--redact", "metdata.user"], 2);
    scene("what a trace cannot be without", &["-", "--hash", "trace_id"], 2);
    scene("another kind of URL", &["https://h/traces.jsonl"], 2);
    scene("no bucket", &["s3:///traces.jsonl"], 2);
    gallery.check();
}

#[test]
fn traces_are_written_as_json_lines() {
    let folder = folder();
    let (path, file) = target(&folder, "traces.jsonl");
    let fake = Fake::with_many(1100);
    fake.run(&["export", &file]).succeeds().tells("Wrote 1,100 traces to ").prints_nothing();
    let lines = jsonl(&path);
    assert_eq!((lines.len(), &lines[0]["info"]["trace_id"]), (1100, &Value::from(id(1100))));
    assert_eq!(lines[0]["data"]["spans"], serde_json::json!([]));
    assert_eq!(names(folder.path()), ["traces.jsonl"], "no temporary file is left");
}

#[test]
fn spans_come_along_on_demand_and_files_are_read_back() {
    let folder = folder();
    let (path, file) = target(&folder, "traces");
    let fake = Fake::with((1..=45).map(Seed::new).chain([Seed::new(46).in_artifact(), Seed::known()]));
    fake.run(&["export", &file, "--spans"]).succeeds();
    let lines = jsonl(&path);
    assert_eq!(lines.len(), 47);
    assert!(lines.iter().all(|line| !line["data"]["spans"].as_array().unwrap().is_empty()));
    let from_file = fake.bare(&["get", &id(7), "-o", "json", "-u", &format!("file:{file}")]).run().succeeds();
    let from_server = fake.run(&["get", &id(7), "-o", "json"]).succeeds();
    assert_eq!(from_file.stdout, from_server.stdout);
}

#[test]
fn the_ending_chooses_the_format_unless_told_otherwise() {
    let folder = folder();
    let fake = Fake::with_many(1);
    for (name, flags, is_csv) in [
        ("a.csv", [].as_slice(), true),
        ("a.CSV", &[], true),
        ("a.jsonl", &[], false),
        ("a", &[], false),
        ("a.ndjson", &[], false),
        ("b.tsv", &["--format", "csv"], true),
        ("b.csv", &["--format", "jsonl"], false),
        ("b.jsonl", &["--format", "csv"], true),
    ] {
        let (path, file) = target(&folder, name);
        fake.run(&[&["export", &file], flags].concat()).succeeds();
        assert_eq!(fs::read_to_string(path).unwrap().starts_with("trace_id,"), is_csv, "{name}");
    }
}

#[test]
fn an_export_that_fails_midway_keeps_the_old_file() {
    let folder = folder();
    let (path, file) = target(&folder, "traces.csv");
    fs::write(&path, "old").unwrap();
    let fake = Fake::with_many(1100);
    fake.fail(Rule::from(2, "traces/search"), Failure::status(403, "Permission denied"));
    fake.run(&["export", &file, "--overwrite"]).exits(4);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(folder.path()), ["traces.csv"]);
}

#[test]
fn the_file_appears_only_when_it_is_whole() {
    let folder = folder();
    let (path, file) = target(&folder, "traces.jsonl");
    fs::write(&path, "old").unwrap();
    let fake = Fake::with_many(600);
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let (watched, found) = (folder.path().to_owned(), std::sync::Arc::clone(&seen));
    fake.before(Rule::nth(2, "traces/search"), move |_| found.lock().unwrap().extend(names(&watched)));
    fake.run(&["export", &file, "--overwrite"]).succeeds();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].starts_with(".traces.jsonl.") && seen[1] == "traces.jsonl", "beside its target: {seen:?}");
    assert_eq!(jsonl(&path).len(), 600);
    assert_eq!(names(folder.path()), ["traces.jsonl"]);
}

#[test]
fn a_target_that_cannot_be_written_fails_before_any_request() {
    let folder = folder();
    let fake = Fake::with_many(1);
    let (_, missing) = target(&folder, "no/such/folder/traces.csv");
    fake.run(&["export", &missing]).exits(1).tells("cannot write");
    fs::write(folder.path().join("file"), "").unwrap();
    let (_, below) = target(&folder, "file/archive/");
    fake.run(&["export", &below]).exits(1).tells("cannot write");
    assert!(fake.log().is_empty());
}

#[test]
fn mistakes_are_found_before_any_request() {
    let folder = folder();
    let (_, file) = target(&folder, "traces.csv");
    let fake = Fake::with_many(1);
    fake.run(&["export", &file, "--filter", "stauts = 'OK'"]).exits(2);
    fake.run(&["export", &file, "--fields", "statsu"]).exits(2);
    fake.run(&["export", &file, "--format", "jsonl", "--csv-raw"]).exits(2);
    fake.run(&["export", &file, "--format", "parquet", "--compress", "zstd"]).exits(2).tells("are always compressed");
    fake.run(&["export", &file, "--format", "parquet", "--explode", "assessments"]).exits(2).tells("--explode");
    fake.run(&["export", &file, "--format", "parquet", "--explode", "spans", "--fields", "span.name"]).exits(2);
    fake.run(&["export", &file, "--format", "otlp-json", "--explode", "spans"]).exits(2).tells("--explode");
    assert!(fake.log().is_empty() && names(folder.path()).is_empty());
}

#[test]
fn formulas_are_defused_unless_told_otherwise() {
    let fake = Fake::with([Seed::new(1).request("=HYPERLINK(\"http://x\")").response("-5").tag("note", "@SUM(A1)")]);
    let export = ["export", "-", "--format", "csv", "--fields", "request,response,tags.note"];
    let guarded = fake.run(&export).succeeds();
    assert_eq!(guarded.lines()[1], "\"'=HYPERLINK(\"\"http://x\"\")\",-5,'@SUM(A1)");
    let raw = fake.run(&[export.as_slice(), &["--csv-raw"]].concat()).succeeds();
    assert_eq!(raw.lines()[1], "\"=HYPERLINK(\"\"http://x\"\")\",-5,@SUM(A1)");
}

#[test]
fn standard_output_takes_the_data_alone() {
    let fake = Fake::with_many(3);
    let ended = fake.run(&["export", "-"]).succeeds().tells("Wrote 3 traces to standard output.");
    assert_eq!(ended.jsonl().len(), 3);
    assert_eq!(fake.run(&["export", "-", "--quiet"]).succeeds().stderr, "");
}

#[test]
fn lost_spans_are_told_and_the_trace_is_written_without() {
    let folder = folder();
    let (path, file) = target(&folder, "traces.jsonl");
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = fake.run(&["export", &file, "--spans"]).exits(3);
    ended.tells(&id(2)).tells("the spans of 1 of 2 traces could not be read");
    assert_eq!(jsonl(&path).len(), 2);
}

#[test]
fn experiments_are_chosen_as_in_a_search() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(CHECKOUT), Seed::new(3).experiment(OLD)]);
    let fields = ["--format", "csv", "--fields", "trace_id"];
    let lines =
        |more: &[&str]| fake.bare(&[&["export", "-"], fields.as_slice(), more].concat()).run().succeeds().lines();
    assert_eq!(lines(&["--all-experiments"]), ["trace_id", &id(2), &id(1)]);
    assert_eq!(lines(&["-x", "checkout", "--filter", "status = 'OK'"]), ["trace_id", &id(2)]);
    fake.bare(&["export", "-", "-x", "old-app"]).run().exits(6);
    fake.bare(&["export", "-"]).run().exits(2);
}

#[test]
fn csv_is_written_as_a_spreadsheet_of_another_country_wants_it() {
    let fake = Fake::with([Seed::new(1).metadata("mlflow.trace.cost", "{\"total_cost\": 0.25}").tag("team", "a;b")]);
    let fields = ["--format", "csv", "--fields", "trace_id,cost.total,tags.team"];
    let style = ["--delimiter", "semicolon", "--decimal", ",", "--bom"];
    let written = fake.run(&[&["export", "-"][..], &fields, &style].concat()).succeeds();
    written.prints(&format!("\u{feff}trace_id;cost.total;tags.team\n{};\"0,25\";\"a;b\"\n", id(1)));
    for flag in style.chunks(2).filter(|flag| flag[0] != "--decimal") {
        fake.run(&[&["export", "-"][..], flag].concat()).exits(2).tells("require CSV; jsonl has none of them");
    }
}
