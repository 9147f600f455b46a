//! `import`: several files as one archive, and standard input.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, CHECKOUT, Fake, Seed, id};
use crate::support::Program;

/// What `export --spans` writes of some traces.
fn exported(numbers: &[u32]) -> String {
    let fake = Fake::with(numbers.iter().copied().map(Seed::new));
    fake.run(&["export", "-", "--spans"]).succeeds().stdout
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn import(fake: &Fake, folder: &TempDir, arguments: &[&str]) -> Program {
    fake.bare(&[&["import"], arguments].concat()).in_folder(folder.path())
}

#[test]
fn several_files_are_imported_as_one_archive() {
    let folder =
        folder(&[("a.jsonl", &exported(&[1, 2])), ("b.jsonl", &exported(&[2, 3])), ("c.jsonl", &exported(&[4]))]);
    let fake = Fake::new();
    let ended = import(&fake, &folder, &["a.jsonl", "b.jsonl", "c.jsonl", "-x", "my-app"]).run().succeeds();
    ended.tells("4 traces imported.").tells("more than once");
    assert_eq!(fake.state().ids(APP), (1..=4).map(id).collect::<Vec<_>>());
    import(&fake, &folder, &["a.jsonl", "no.jsonl", "-x", "my-app"]).run().fails().tells("no.jsonl");
}

#[test]
fn the_newest_state_counts_whichever_file_it_is_in() {
    let open = |state: &str| exported(&[1]).replace("\"state\":\"OK\"", &format!("\"state\":\"{state}\""));
    let folder = folder(&[("early.jsonl", &open("IN_PROGRESS")), ("late.jsonl", &open("OK"))]);
    for files in [["early.jsonl", "late.jsonl"], ["late.jsonl", "early.jsonl"]] {
        let fake = Fake::new();
        import(&fake, &folder, &[files[0], files[1], "-x", "my-app"]).run().succeeds().tells("1 trace imported.");
        let found = fake.run(&["search", "-o", "jsonl"]).succeeds().jsonl();
        assert_eq!(found[0]["info"]["state"], "OK", "{files:?}");
    }
}

#[test]
fn traces_come_from_standard_input_alone_or_beside_files() {
    let folder = folder(&[("a.jsonl", &exported(&[1])), ("bad.jsonl", "{\"info\": 1}\n")]);
    let fake = Fake::new();
    let piped = |arguments: &[&str], text: String| import(&fake, &folder, arguments).stdin(text).run();
    piped(&["-", "-x", "my-app", "--dry-run"], exported(&[2])).succeeds().tells("1 trace would be imported.");
    piped(&["a.jsonl", "-", "-x", "my-app"], exported(&[2, 3])).succeeds().tells("3 traces imported.");
    assert_eq!(fake.state().ids(APP), (1..=3).map(id).collect::<Vec<_>>());
    let array = exported(&[4]).lines().collect::<Vec<_>>().join(",\n");
    piped(&["-", "-x", "my-app"], format!("[\n{array}\n]\n")).succeeds().tells("1 trace imported.");
    piped(&["-", "-x", "my-app"], "{\"info\": 1}\n".to_owned()).fails().tells("standard input");
    piped(&["-", "-", "-x", "my-app"], exported(&[1])).exits(2).tells("given twice");
    piped(&["-", "-x", "my-app"], String::new()).succeeds().tells("The archive has no traces.");
    assert_eq!(fake.state().ids(APP).len(), 4);
}

/// An export to a directory of a server whose experiment `my-app` has another name.
fn archive(folder: &TempDir, place: &str, name: &str, number: u32) {
    let fake = Fake::with([Seed::new(number)]);
    let target = format!("{}/", folder.path().join(place).display());
    fake.run(&["export", &target, "--spans"]).succeeds();
    let path = folder.path().join(place).join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    manifest["source"]["experiments"] = json!({"1": name});
    fs::write(&path, manifest.to_string()).unwrap();
}

#[test]
fn ids_of_experiments_that_mean_different_ones_are_not_mixed() {
    let folder = folder(&[("c.jsonl", &exported(&[3]))]);
    archive(&folder, "a", "my-app", 1);
    archive(&folder, "b", "checkout", 2);
    let fake = Fake::new();
    for arguments in [["a", "b"], ["b", "a"], ["a", "c.jsonl"], ["c.jsonl", "b"]] {
        let refused = import(&fake, &folder, &arguments).run().exits(2).tells("these files do not form one archive");
        refused.tells("import them one by one");
    }
    assert!(fake.asked("POST /api/3.0").is_empty() && fake.asked("POST /v1/traces").is_empty());
    import(&fake, &folder, &["a"]).run().succeeds();
    import(&fake, &folder, &["b"]).run().succeeds();
    assert_eq!(fake.state().ids(APP), [id(1)]);
    assert_eq!(fake.state().ids(CHECKOUT), [id(2)]);
    let all = Fake::new();
    import(&all, &folder, &["a", "b", "c.jsonl", "-x", "my-app"]).run().succeeds().tells("3 traces imported.");
}
