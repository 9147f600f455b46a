//! Files that commands write: what is there stays what it is, and what is new is its owner's alone.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::fake::{Fake, Seed, id};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn rated() -> Fake {
    Fake::with([Seed::new(1).feedback("good", true, ("HUMAN", "jane")), Seed::new(2)])
}

/// Every command that writes a file, with the arguments before its name.
const WRITERS: [&[&str]; 3] =
    [&["export"], &["feedback", "export", "--format", "jsonl"], &["export", "--format", "csv", "--spans"]];

#[test]
fn a_pipe_a_device_and_a_link_stay_what_they_are() {
    for writer in WRITERS {
        let (fake, folder) = (rated(), folder());
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let read = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
        };
        fake.run(&[writer, &[pipe.to_str().unwrap()]].concat()).succeeds().tells("Wrote");
        assert!(read.join().unwrap().contains(&id(1)), "{writer:?}");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        fake.run(&[writer, &["/dev/null"]].concat()).succeeds();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let printed = fake.run(&[writer, &["/dev/stdout"]].concat()).succeeds();
        assert!(printed.stdout.contains(&id(1)), "{printed}");
        fs::create_dir(folder.path().join("there")).unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("there/target"));
        std::os::unix::fs::symlink("there/target", &link).unwrap();
        for _ in 0..2 {
            fake.run(&[writer, &[link.to_str().unwrap(), "--overwrite"]].concat()).succeeds();
            assert!(link.is_symlink() && fs::read_to_string(&target).unwrap().contains(&id(1)), "{writer:?}");
        }
        assert_eq!(fs::read_dir(folder.path().join("there")).unwrap().count(), 1);
    }
}

#[test]
fn standard_output_into_a_file_is_gone_on_with() {
    let (fake, folder) = (rated(), folder());
    let program = env!("CARGO_BIN_EXE_mlflow-trace");
    let line = format!("(echo before; {program} -u {} -x my-app export /dev/stdout; echo after) > out", fake.uri());
    assert!(Command::new("sh").args(["-c", &line]).current_dir(folder.path()).status().unwrap().success());
    let text = fs::read_to_string(folder.path().join("out")).unwrap();
    assert_eq!((text.lines().next(), text.lines().last(), text.lines().count()), (Some("before"), Some("after"), 4));
}

#[test]
fn a_file_that_is_there_keeps_its_mode_and_a_new_one_is_its_owners_alone() {
    for writer in WRITERS {
        let (fake, folder) = (rated(), folder());
        let file = folder.path().join("file");
        let write = || fake.run(&[writer, &[file.to_str().unwrap(), "--overwrite"]].concat()).succeeds();
        write();
        assert_eq!(mode(&file), 0o600, "{writer:?}");
        for kept in [0o640, 0o600, 0o664] {
            fs::set_permissions(&file, fs::Permissions::from_mode(kept)).unwrap();
            write();
            assert_eq!(mode(&file), kept, "{writer:?}");
        }
    }
}

#[test]
fn parts_manifests_and_states_are_their_owners_alone() {
    let (fake, folder) = (rated(), folder());
    let export = ["export", "archive/", "--since-last", "state.json"];
    fake.program(&export).in_folder(folder.path()).run().succeeds();
    for name in ["archive/part-00000.jsonl", "archive/manifest.json", "state.json"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    for name in ["archive/manifest.json", "state.json"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o640)).unwrap();
    }
    fake.state().add([Seed::new(3)]);
    fake.program(&export).in_folder(folder.path()).run().succeeds();
    for name in ["archive/manifest.json", "state.json"] {
        assert_eq!(mode(&folder.path().join(name)), 0o640, "{name}");
    }
    fake.run(&["export", "-", "--since-last", "/dev/null"]).exits(2).tells("it is not a file");
}

#[test]
fn results_go_into_a_pipe_and_keep_the_mode_of_their_file() {
    let (fake, folder) = (rated(), folder());
    let row = serde_json::json!({"trace_id": id(2), "name": "better", "value": true, "source_type": "HUMAN", "source_id": "jane"});
    fs::write(folder.path().join("rows.jsonl"), format!("{row}\n")).unwrap();
    let import = |results: &str| {
        let line = ["feedback", "import", "rows.jsonl", "--results", results];
        fake.program(&line).in_folder(folder.path()).run().succeeds()
    };
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let read = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
    import("pipe");
    let told: Value = serde_json::from_str(&read.join().unwrap()).unwrap();
    assert_eq!((&told["row"], &told["result"]), (&1.into(), &"ok".into()));
    import("results.jsonl");
    let file = folder.path().join("results.jsonl");
    assert_eq!(mode(&file), 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    import("results.jsonl");
    assert_eq!(mode(&file), 0o644);
}

#[test]
fn a_pipe_that_nobody_reads_is_waited_for_until_a_signal() {
    let (fake, folder) = (rated(), folder());
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let running = fake.program(&["export", "pipe"]).in_folder(folder.path()).start();
    std::thread::sleep(std::time::Duration::from_millis(700));
    running.interrupt();
    running.ends().exits(130);
}

#[test]
fn an_ending_of_no_format_is_refused_and_json_is_one_array() {
    let (fake, folder) = (rated(), folder());
    let run = |arguments: &[&str]| fake.program(arguments).in_folder(folder.path()).run();
    for name in ["a.tsv", "a.xlsx", "a.txt", "a.tsv.gz", "a.2026-11-26"] {
        run(&["export", name]).exits(2).tells("unknown file extension").tells("--format jsonl");
        assert!(!folder.path().join(name).exists());
    }
    run(&["feedback", "export", "a.xlsx"]).exits(2).tells("unknown file extension");
    run(&["export", "a.tsv", "--format", "csv"]).succeeds();
    run(&["export", "a.json"]).succeeds();
    let array: Value = serde_json::from_slice(&fs::read(folder.path().join("a.json")).unwrap()).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 2);
    run(&["search", "-u", "file:a.json", "-o", "ids"]).succeeds().prints(&format!("{}\n{}\n", id(2), id(1)));
    run(&["export", "parts/", "--format", "json"]).exits(2).tells("json is one document");
    run(&["export", "a.json", "--explode", "spans"]).exits(2).tells("use --format jsonl");
}

#[test]
fn a_target_with_a_split_is_a_directory() {
    let (fake, folder) = (rated(), folder());
    let run = |arguments: &[&str]| fake.program(arguments).in_folder(folder.path()).run();
    run(&["export", "archive", "--split", "1"]).succeeds().tells("in 2 parts");
    assert!(folder.path().join("archive/manifest.json").exists());
    run(&["export", "archive", "--split", "1"]).succeeds().tells("already complete");
    fs::write(folder.path().join("file"), "mine").unwrap();
    run(&["export", "file", "--split", "1"]).exits(2).tells("requires a directory");
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"mine");
}

#[test]
fn what_was_cut_is_said_of_every_format() {
    let fake = Fake::with([Seed::new(1)
        .metadata("note", &"é".repeat(250))
        .tag("t", &"x".repeat(4096))
        .request(&"q".repeat(1000))]);
    for format in ["csv", "json", "jsonl"] {
        fake.run(&["export", "-", "--format", format])
            .succeeds()
            .tells("1 piece of metadata is 250 characters long")
            .tells("1 tag is 4096 characters long")
            .tells("1 preview is 1000 or 10000 characters long");
    }
}
