//! The folder `mlruns`, held against what `MLflow`'s own client reads of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::database::assert_same;
use crate::harness::{live, python};
use crate::support::Program;

/// What `file_store.py` prints.
#[track_caller]
fn ask(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/file_store.py");
    let output = Command::new(python()).arg(script).arg(folder).args(arguments).output().expect("Python starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| mlflow_trace::model::read_json(line.as_bytes()).expect("JSON")).collect()
}

fn program(uri: &str, args: &[&str]) -> Program {
    Program::new(["-u", uri, "-x", "shop"].iter().chain(args))
}

/// The content of every file.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(content(&path)),
            path => all.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    all.sort();
    all
}

#[test]
fn a_folder_of_mlflow_is_read_as_its_own_client_reads_it() {
    let Some(_) = live() else { return };
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("my runs");
    ask(&folder, &["seed"]);
    let before = content(&folder);
    let uri = format!("file:{}", folder.display());
    let here = program(&uri, &["search", "--all", "-q", "-o", "jsonl"]).run().succeeds().jsonl();
    let theirs = ask(&folder, &["infos", "shop"]);
    assert_eq!(theirs.len(), 20);
    let only_info = |trace: &Value| json!({"info": trace["info"]});
    assert_same("infos", here.iter().map(only_info).collect(), theirs.clone());
    let ids = |traces: &[Value]| traces.iter().map(|trace| trace["info"]["trace_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&here), ids(&theirs), "in the same order");
    let export = program(&uri, &["export", "-", "--spans", "--no-attachments", "-q"]).run().succeeds().jsonl();
    let only_spans = |trace: &Value| json!({"info": {"trace_id": trace["info"]["trace_id"]}, "data": trace["data"]});
    assert_same("spans", export.iter().map(only_spans).collect(), ask(&folder, &["traces", "shop"]));
    for (filter, count) in [
        ("tags.env = 'prod'", 9),
        ("tags.word = '1e5' AND session = 's-2'", 1),
        ("span.name = 'inner'", 19),
        ("status = 'ERROR'", 1),
        ("feedback.good IS NOT NULL", 9),
        ("client_request_id = 'req-3'", 1),
    ] {
        program(&uri, &["count", filter]).run().succeeds().prints(&format!("{count}\n"));
    }
    for spelled in [folder.display().to_string(), format!("file://{}", folder.display()).replace(' ', "%20")] {
        program(&spelled, &["count"]).run().succeeds().prints("20\n");
    }
    let list = Program::new(["-u", &uri, "experiments", "list", "--deleted", "-o", "jsonl"]).run().succeeds().jsonl();
    assert_eq!(list.iter().filter(|one| one["lifecycle_stage"] == "deleted").count(), 1, "{list:?}");
    Program::new(["-u", &uri, "-x", "gone", "count"]).run().exits(6).tells("is deleted");
    program(&uri, &["tag", "set", ids(&here)[0].as_str().unwrap(), "a=b"]).run().exits(2).tells("is read-only");
    assert!(content(&folder) == before, "nothing is written");
}

#[test]
fn the_folder_that_nobody_names_is_used_before_a_database_as_mlflow_does() {
    let Some(_) = live() else { return };
    let place = tempfile::tempdir().unwrap();
    ask(&place.path().join("mlruns"), &["seed"]);
    fs::write(place.path().join("mlflow.db"), b"").unwrap();
    let count = Program::new(["-x", "shop", "count"]).in_folder(place.path()).run().succeeds();
    assert_eq!(count.stdout, "20\n");
    assert!(count.stderr.contains("no tracking URI given; using the folder mlruns"), "{}", count.stderr);
    Program::new(["-u", "./mlruns", "-x", "shop", "count"]).in_folder(place.path()).run().succeeds().prints("20\n");
}

#[test]
fn a_trace_that_cannot_be_read_is_told_and_not_passed_over() {
    let Some(_) = live() else { return };
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mlruns");
    ask(&folder, &["seed"]);
    let uri = folder.display().to_string();
    let all = program(&uri, &["search", "--all", "-q", "-o", "ids"]).run().succeeds().lines();
    let traces = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path().join("traces"));
    let of = |id: &str| traces.map(|traces| traces.join(id)).find(|path| path.is_dir()).unwrap();
    let broken = of(&all[4]);
    fs::write(broken.join("trace_info.yaml"), "a: [").unwrap();
    let search = program(&uri, &["search", "--all", "-q", "-o", "ids"]).run().ends();
    assert_eq!(search.lines().len(), 19);
    assert_eq!(search.code, Some(3), "{}", search.stderr);
    program(&uri, &["get", &all[4]]).run().fails().tells("cannot tell whether");
    fs::remove_file(broken.with_file_name(&all[5]).join("artifacts/traces.json")).unwrap();
    program(&uri, &["get", &all[5]]).run().ends().tells("there is no file");
}
