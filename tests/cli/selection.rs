//! Flags that select traces: what they become in the filter that is sent.

use crate::fake::{APP, Fake, Seed, id};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

fn mixed() -> Fake {
    Fake::with([
        Seed::new(1).state("ERROR").tag("team", "blue").metadata("mlflow.trace.user", "jane"),
        Seed::new(2).name("rag").duration_ms(9_000).tag("a key", "it's"),
        Seed::known(),
    ])
}

fn sent(fake: &Fake) -> Vec<String> {
    let text = |body: &serde_json::Value| body["filter"].as_str().unwrap_or("").to_owned();
    fake.bodies(SEARCH).iter().map(text).collect()
}

#[test]
fn flags_select_what_their_filter_selects() {
    for (flags, number) in [
        (["--status", "error"].as_slice(), 1),
        (&["--tag", "team=blue"], 1),
        (&["--user", "jane"], 1),
        (&["--meta", "mlflow.trace.user=jane"], 1),
        (&["--name", "rag"], 2),
        (&["--min-duration", "5s"], 2),
        (&["--tag", "a key=it's"], 2),
        (&["--name", "rag", "--status", "OK", "--min-duration", "5s"], 2),
    ] {
        let fake = mixed();
        let ended = fake.run(&[&["search", "-o", "ids"], flags].concat()).succeeds();
        assert_eq!(ended.lines(), [id(number)], "{ended}");
        assert!(!sent(&fake)[0].is_empty(), "the server selects");
        fake.run(&[&["count"], flags].concat()).succeeds().prints("1\n");
    }
}

#[test]
fn flags_narrow_a_filter() {
    let fake = mixed();
    let ended = fake.run(&["search", "status = 'OK'", "--name", "rag", "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), [id(2)]);
    assert!(sent(&fake)[0].starts_with("status = 'OK' AND "), "{:?}", sent(&fake));
    fake.run(&["search", "status = 'ERROR'", "--name", "rag", "--fail-if-empty"]).exits(8);
}

#[test]
fn a_filter_comes_from_a_file_or_standard_input() {
    let fake = mixed();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("failures.txt"), "status = 'ERROR'\n").unwrap();
    let from_file = fake.program(&["search", "--filter-file", "failures.txt", "-o", "ids"]).in_folder(folder.path());
    assert_eq!(from_file.run().succeeds().lines(), [id(1)]);
    let from_input = fake.program(&["search", "--filter-file", "-", "-o", "ids"]).stdin("name = 'rag'\n");
    assert_eq!(from_input.run().succeeds().lines(), [id(2)]);
    fake.run(&["search", "--filter-file", "no.txt"]).fails().tells("no.txt");
    fake.run(&["search", "status = 'OK'", "--filter-file", "-"]).exits(2);
}

#[test]
fn deletions_can_be_selected_by_flags() {
    let fake = mixed();
    fake.run(&["delete", "--status", "ERROR", "--yes"]).succeeds().tells("Deleted 1 of 1 trace.");
    assert_eq!(fake.state().ids(APP).len(), 2);
    fake.run(&["delete", "--yes"]).exits(2);
    fake.run(&["delete", &id(2), "--status", "OK", "--yes"]).exits(2);
    assert_eq!(fake.state().ids(APP).len(), 2, "ids and a selection do not mix");
}

#[test]
fn wrong_flags_are_refused_before_anything_is_sent() {
    let fake = mixed();
    for flags in
        [["--status", "FAILED"], ["--since", "soon"], ["--tag", "team"], ["--min-duration", "5"], ["--feedback", "x"]]
    {
        fake.run(&[["search"].as_slice(), &flags].concat()).exits(2);
    }
    assert!(fake.log().is_empty());
}
