//! Exit codes that scripts rely on, and how the program ends when it is told to.

use std::time::Duration;

use crate::fake::{Failure, Fake, Rule, Seed, id};

#[test]
fn every_exit_code_is_reached() {
    let fake = Fake::with([Seed::new(1)]);
    fake.run(&["search"]).exits(0);
    fake.run(&["delete", "--filter", "tags.no = 'no'", "--yes"]).exits(0).tells("Nothing to delete");
    fake.run(&["search", "stauts = 'OK'"]).exits(2);
    fake.run(&["get", &id(1), "tr-nope"]).exits(3);
    fake.run(&["search", "-x", "nope"]).exits(9);
    fake.run(&["get", "tr-nope"]).exits(9);
    fake.run(&["delete", &id(1)]).exits(7);
    fake.run(&["search", "tags.no = 'no'", "--fail-if-empty"]).exits(8);
    fake.run(&["export", "/proc/no/such/file"]).exits(1);
    fake.fail(Rule::nth(1, "POST /api/3.0/mlflow/traces/search"), Failure::status(400, "no"));
    fake.run(&["search"]).exits(6);
    fake.fail(Rule::every("POST /api/3.0/mlflow/traces/search"), Failure::status(403, "no"));
    fake.run(&["search"]).exits(4);
    fake.bare(&["search", "-u", "http://127.0.0.1:9", "-x", "a"]).run().exits(5);
}

#[test]
fn help_and_version_are_data() {
    for flag in ["--help", "-h", "--version"] {
        let ended = Fake::new().run(&[flag]).exits(0);
        assert!(!ended.stdout.is_empty() && ended.stderr.is_empty(), "{ended}");
    }
    Fake::new().run(&[]).exits(2).prints_nothing();
}

/// Waits until a request has come.
fn wait_for(fake: &Fake, text: &str) {
    for _ in 0..1000 {
        if !fake.asked(text).is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no {text} came");
}

#[test]
fn an_interrupted_export_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::with_many(700);
    fake.fail(Rule::nth(2, "traces/search"), Failure::Stall);
    let file = folder.path().join("traces.jsonl");
    let running = fake.program(&["export", file.to_str().unwrap()]).start();
    wait_for(&fake, "traces/search");
    std::thread::sleep(Duration::from_millis(300));
    running.interrupt();
    running.ends().exits(130).tells("Interrupted.");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "neither the file nor a part of it");
}

#[test]
fn an_interrupted_search_ends_at_once() {
    let fake = Fake::with_many(3);
    fake.fail(Rule::every("traces/search"), Failure::Stall);
    let running = fake.program(&["search"]).start();
    wait_for(&fake, "traces/search");
    running.interrupt();
    running.ends().exits(130).prints_nothing();
}

#[test]
fn an_interrupted_deletion_finishes_its_batch_and_reports() {
    let fake = Fake::with((1..=250).map(|number| Seed::new(number).days_old(40)));
    // The hook holds the second batch's deletion until the interrupt has surely arrived.
    fake.before(Rule::nth(2, "delete-traces"), |_| std::thread::sleep(Duration::from_millis(600)));
    let running = fake.program(&["retention", "run", "--older-than", "30d", "--yes", "-o", "json"]).start();
    while fake.asked("delete-traces").len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    let ended = running.ends().exits(130).tells("interrupted; 50 traces not attempted");
    let summary = ended.json();
    assert_eq!((summary["deleted"].as_u64(), summary["not_attempted"].as_u64()), (Some(200), Some(50)), "{ended}");
    assert_eq!(fake.state().traces.len(), 50);
}

#[test]
fn a_reader_that_stops_is_no_failure() {
    let fake = Fake::with((1..=3000).map(|number| Seed::new(number).request(&"long ".repeat(50))));
    for format in ["table", "json", "jsonl", "csv"] {
        let (first, run) = fake.program(&["search", "--all", "-o", format]).run_and_stop_reading();
        let ended = run.exits(0);
        assert!(!first.is_empty());
        assert_eq!(ended.stderr, "", "{format}");
    }
    let (_, run) = fake.program(&["export", "-"]).run_and_stop_reading();
    assert_eq!(run.exits(0).stderr, "");
}
