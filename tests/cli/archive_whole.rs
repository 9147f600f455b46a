//! Never a shorter answer: what a manifest says of an archive holds in whatever reads it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::archive_folder::{archive, ask, exported, gzip, sha256, write};
use crate::fake::{Fake, KNOWN, id};
use crate::support::Run;

const PLAIN: &str = "traces/part-00000.jsonl";
const PACKED: &str = "traces/part-00001.jsonl.gz";

/// Everything that reads all of an archive: that it fails, and says why.
#[track_caller]
fn every_reader_refuses(fake: &Fake, folder: &Path, reason: &str) {
    let readers: [&[&str]; 8] = [
        &["count"],
        &["count", "status = 'ERROR'"],
        &["search", "--all", "-o", "ids"],
        &["search", "tags.team = 'nobody'"],
        &["search", "--order-by", "execution_time DESC", "-n", "1"],
        &["get", &id(77)],
        &["export", "-"],
        &["export", "-", "--format", "csv", "--filter", "status = 'OK'"],
    ];
    let refuses = |ended: Run| ended.exits(6).tells(reason).prints_nothing();
    for reader in readers {
        refuses(ask(folder, reader));
    }
    if cfg!(feature = "otlp") {
        refuses(fake.bare(&["import", folder.to_str().unwrap()]).run());
        assert!(fake.asked("POST").iter().all(|request| request.path.ends_with("/search")), "nothing was sent");
    }
}

fn blanked(text: &str, number: usize) -> String {
    let line = |(at, line): (usize, &str)| if at == number { " ".repeat(line.len()) } else { line.to_owned() };
    text.lines().enumerate().map(line).map(|line| line + "\n").collect()
}

#[test]
fn a_line_that_was_blanked_is_missed_by_everything_that_reads() {
    let (fake, exported) = exported();
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = archive(folder.path(), &exported);
    let plain = fs::read_to_string(folder.path().join(PLAIN)).unwrap();
    for number in 0..2 {
        write(folder.path().join(PLAIN), blanked(&plain, number));
        let says = "part-00000.jsonl: it has 1 traces, and manifest.json says 2; its SHA-256 is not the manifest's";
        if cfg!(feature = "otlp") {
            fake.bare(&["import", folder.path().to_str().unwrap()]).run().exits(6).tells("part-00000.jsonl");
        }
        for reader in [["count"].as_slice(), &["search"], &["get", &id(77)], &["export", "-"]] {
            ask(folder.path(), reader).exits(6).tells(says).prints_nothing();
        }
    }
    // Even where the checksum was made to fit.
    let text = blanked(&plain, 1);
    manifest["parts"][0]["sha256"] = sha256(text.as_bytes()).into();
    write(folder.path().join(PLAIN), text);
    write(folder.path().join("manifest.json"), manifest.to_string());
    every_reader_refuses(&fake, folder.path(), "part-00000.jsonl: it has 1 traces, and manifest.json says 2");
    let gone = gzip("\n\n");
    manifest["parts"][1]["bytes"] = gone.len().into();
    write(folder.path().join(PLAIN), plain.as_bytes());
    write(folder.path().join(PACKED), gone);
    manifest["parts"][0]["sha256"] = sha256(plain.as_bytes()).into();
    write(folder.path().join("manifest.json"), manifest.to_string());
    ask(folder.path(), &["count"]).exits(6).tells("part-00001.jsonl.gz: it has 0 traces, and manifest.json says 2");
}

#[test]
fn a_manifest_that_names_a_part_twice_or_none_at_all_is_none() {
    let (fake, exported) = exported();
    let folder = tempfile::tempdir().unwrap();
    let manifest = archive(folder.path(), &exported);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut manifest = manifest.clone();
        change(&mut manifest);
        write(folder.path().join("manifest.json"), manifest.to_string());
    };
    let twice = |manifest: &mut Value| {
        let part = manifest["parts"][0].clone();
        manifest["parts"].as_array_mut().unwrap().push(part);
    };
    with(&twice);
    every_reader_refuses(&fake, folder.path(), "manifest.json: it names \"traces/part-00000.jsonl\" twice");
    with(&|manifest| {
        twice(manifest);
        manifest["counts"]["traces"] = 9.into();
    });
    every_reader_refuses(&fake, folder.path(), "it names \"traces/part-00000.jsonl\" twice");
    fs::copy(folder.path().join(PLAIN), folder.path().join("traces/copy.jsonl")).unwrap();
    with(&|manifest| {
        twice(manifest);
        manifest["parts"][4]["path"] = "traces/copy.jsonl".into();
        manifest["counts"]["traces"] = 9.into();
    });
    every_reader_refuses(&fake, folder.path(), "\"traces/part-00000.jsonl\" and \"traces/copy.jsonl\" are the same");
    with(&|manifest| manifest["parts"] = json!([]));
    every_reader_refuses(&fake, folder.path(), "its parts hold 0 traces, and it says that there are 7");
    with(&|manifest| drop(manifest["parts"].as_array_mut().unwrap().remove(2)));
    let target = format!("{}/", folder.path().display());
    fake.run(&["export", &target, "--spans", "--all-experiments"])
        .exits(7)
        .tells("manifest.json is damaged: its parts");
    every_reader_refuses(&fake, folder.path(), "its parts hold 5 traces, and it says that there are 7");
}

#[test]
fn an_export_of_nothing_is_an_archive_without_traces() {
    let fake = Fake::with([]);
    let folder = tempfile::tempdir().unwrap();
    let target = format!("{}/", folder.path().join("archive").display());
    fake.run(&["export", &target]).exits(0);
    ask(&folder.path().join("archive"), &["count"]).succeeds().prints("0");
    ask(folder.path(), &["count"]).succeeds().prints("0");
}

#[test]
fn verify_holds_every_file_against_its_manifest_before_anything_is_read() {
    let (fake, exported) = exported();
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path(), &exported);
    let readers: [&[&str]; 4] = [
        &["count", "--verify"],
        &["search", "--verify", "status = 'OK'", "-o", "ids"],
        &["get", "--verify", KNOWN, "-o", "json"],
        &["export", "--verify", "-"],
    ];
    for reader in readers {
        let without: Vec<&str> = reader.iter().copied().filter(|argument| *argument != "--verify").collect();
        let expected = ask(folder.path(), &without).succeeds();
        assert_eq!(ask(folder.path(), reader).succeeds().stdout, expected.stdout);
    }
    // As many traces and as many bytes as before, and yet not what was exported.
    let plain = fs::read_to_string(folder.path().join(PLAIN)).unwrap();
    write(
        folder.path().join(PLAIN),
        plain.replacen("\"name\":\"", "\"name\":\"X", 1).replacen("\"name\":\"X", "\"nam\":\"X", 1),
    );
    ask(folder.path(), &["count"]).succeeds().prints("7");
    for reader in readers {
        let ended = ask(folder.path(), reader).exits(6).prints_nothing();
        ended.tells("part-00000.jsonl: its SHA-256 is not the manifest's, so it has changed since it was exported");
    }
    if cfg!(feature = "otlp") {
        let ended = fake.bare(&["import", folder.path().to_str().unwrap()]).run().exits(6);
        ended.tells("part-00000.jsonl: its SHA-256 is not the manifest's");
    }
    let loose = write(folder.path().join("traces.jsonl"), plain);
    for reader in readers {
        ask(&loose, reader)
            .exits(6)
            .tells("has no manifest; nothing was verified")
            .tells("nothing was verified")
            .prints_nothing();
    }
    for reader in &readers[..3] {
        fake.bare(reader).run().exits(2).tells("--verify requires an archive; a server has no manifest");
    }
}

#[test]
fn a_value_that_may_have_been_cut_is_unknown_in_an_archive_too() {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: u32, note: &str| {
        let metadata = json!({"note": note});
        let info = json!({"trace_id": id(number), "timestamp_ms": number, "state": "OK", "trace_metadata": metadata});
        json!({"info": info, "data": {"spans": []}}).to_string() + "\n"
    };
    let cut = "x".repeat(250);
    let lines = [line(1, "LEGAL HOLD"), line(2, &cut), line(3, "nothing")].concat();
    let path = write(folder.path().join("traces.jsonl"), lines);
    let held = "metadata.note LIKE '%LEGAL HOLD%'";
    let told = "cannot tell whether 1 trace match: 1 (metadata.note was cut)";
    let found = ask(&path, &["search", held, "-o", "ids"]).exits(3).tells(told).tells(&id(2));
    assert_eq!(found.lines(), [id(1)]);
    ask(&path, &["count", held]).exits(3).tells(told).prints("1\n");
    ask(&path, &["count", "metadata.note NOT LIKE '%LEGAL HOLD%'"]).exits(3).tells(told).prints("1\n");
    // What is known of it settles these.
    ask(&path, &["count", "metadata.note LIKE 'LEGAL%'"]).succeeds().prints("1\n");
    ask(&path, &["count", "metadata.note IS NOT NULL"]).succeeds().prints("3\n");
    let target = folder.path().join("copy");
    let copy = ["export", target.to_str().unwrap(), "--split", "day", "--filter", held];
    ask(&path, &copy).exits(3).tells(told);
    let manifest: Value = serde_json::from_slice(&fs::read(target.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["counts"]["undecided"], json!({"metadata.note was cut": 1}));
    ask(&path, &copy).succeeds().tells("left out 1 trace that may also match: metadata.note was cut");
}
