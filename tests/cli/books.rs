//! The books: what `runs` tells of every run, however it ended, and where a trace is that a run archived and deleted.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::changes::Desk as Changes;
use crate::fake::{APP, Failure, Fake, Rule, Seed, id};
use crate::retention_archive::{DELETE, Desk, aged, rule, runs};
use crate::support::{Ended, Program};

fn archiving() -> Desk {
    Desk::new(aged(), &rule("app", "filter = \"status = 'OK'\"\narchive_to = \"expired\""))
}

/// The last run in the list.
fn last(desk: &Desk) -> Value {
    desk.program(&["runs", "list", "-o", "jsonl"]).run().succeeds().jsonl().pop().unwrap()
}

fn told(run: &Value) -> (&str, &Value, u64) {
    (run["outcome"].as_str().unwrap(), &run["exit"], run["counts"]["done"].as_u64().unwrap())
}

#[test]
fn the_list_says_when_what_and_how_each_run_ended() {
    let desk = archiving();
    desk.run(&["--yes", "--max-delete", "1"]).exits(7);
    let refused = last(&desk);
    assert_eq!(told(&refused), ("not_begun", &json!(7), 0));
    assert!(refused["error"].as_str().unwrap().contains("more than max_delete = 1"), "{refused}");
    desk.run(&["--yes"]).exits(0);
    let done = last(&desk);
    assert_eq!((told(&done), &done["command"]), (("finished", &json!(0), 5), &json!("retention run")));
    let archive = runs(&desk.path("expired")).remove(0).display().to_string();
    assert_eq!(done["archives"], json!([archive]));
    desk.fake.state().add([Seed::new(30).days_old(50), Seed::new(31).days_old(51)]);
    desk.fake.fail(Rule::every(DELETE), Failure::status(403, "no"));
    desk.run(&["--yes"]).exits(4);
    assert_eq!(told(&last(&desk)), ("failed", &json!(4), 0));
    let table = desk.program(&["runs", "list"]).run().succeeds();
    let lines = table.lines();
    assert!(lines[0].starts_with("started (+00:00)  ") && lines.len() == 4, "{table}");
    table.prints("failed before it started").prints("  finished  ").prints("5 done").prints("0 done, 2 failed");
}

#[test]
fn whatever_kept_a_run_from_beginning_is_in_the_list() {
    let desk = archiving();
    let run = ["retention", "run", "--policy", "retention.toml", "--yes"];
    desk.program(&run).hidden_env("MLFLOW_TRACKING_URI", "http://127.0.0.1:9").run().exits(5);
    assert_eq!(told(&last(&desk)), ("not_begun", &json!(5), 0));
    desk.fake.before(Rule::first(DELETE), |_| std::thread::sleep(Duration::from_millis(1500)));
    let first = desk.program(&run).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(told(&last(&desk)), ("running", &Value::Null, 0));
    desk.program(&run).run().exits(7);
    let held = last(&desk);
    assert_eq!(told(&held).0, "not_begun");
    assert!(held["error"].as_str().unwrap().contains("process"), "{held}");
    first.ends().exits(0);
    let shown = desk.program(&["runs", "show", held["run_id"].as_str().unwrap()]).run().succeeds();
    shown.tells("failed before it started: ");
    let listed = desk.program(&["runs", "list", "-o", "ids"]).run().succeeds().lines();
    desk.run(&["--dry-run"]).exits(0);
    desk.program(&["retention", "run", "--policy", "nowhere.toml"]).run().exits(2);
    let again = desk.program(&["runs", "list", "-o", "ids"]).run().succeeds().lines();
    assert_eq!(again, listed, "what only looks, and what was mistyped, is no run");
}

#[test]
fn interrupted_and_killed_runs_are_told_apart() {
    for (signal, outcome) in [("-INT", "interrupted"), ("-KILL", "killed")] {
        let desk = Desk::new(
            Fake::with((1..=150).map(|number| Seed::new(number).days_old(90))),
            &rule("app", "allow_empty = true\nfilter = \"status = 'OK'\""),
        );
        desk.fake.before(Rule::first(DELETE), |_| std::thread::sleep(Duration::from_millis(700)));
        let running = desk.program(&["retention", "run", "--policy", "retention.toml", "--yes"]).start();
        while desk.fake.asked(DELETE).is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        running.signal(signal);
        let _ = running.ends();
        let run = last(&desk);
        assert_eq!(run["outcome"], outcome, "{run}");
        let shown = desk.program(&["runs", "show"]).run().succeeds();
        shown.tells(&format!(": {outcome}; "));
    }
}

#[test]
fn without_a_name_the_last_run_is_shown_with_its_archive() {
    let desk = archiving();
    desk.program(&["runs", "show"]).run().exits(9).tells("there are no runs yet");
    desk.run(&["--yes"]).exits(0);
    let archive = runs(&desk.path("expired")).remove(0).display().to_string();
    let shown = desk.program(&["runs", "show", "-o", "json"]).run().succeeds();
    assert_eq!(shown.json().as_array().unwrap().len(), 5, "{shown}");
    assert_eq!(shown.json()[0]["archives"], json!([archive]));
    shown.tells(&format!("Archived to {archive}.")).tells("5 planned, 5 done");
}

/// The line behind `; ` of a hint: what stands in backticks.
fn command(ended: &Ended) -> String {
    let hint =
        ended.stderr.lines().find(|line| line.contains("was archived by run")).unwrap_or_else(|| panic!("{ended}"));
    hint.split('`').nth(1).unwrap().to_owned()
}

fn typed(line: &str) -> Ended {
    Program::shell(line).run().exits(0)
}

#[test]
fn a_trace_that_was_archived_is_found_again_by_the_hint_as_it_is_typed() {
    let desk = Desk::new(aged(), "");
    let place = desk.path("old traces/it's");
    let text = rule("app", &format!("filter = \"status = 'OK'\"\narchive_to = \"{}\"", place.display()));
    fs::write(desk.path("retention.toml"), text).unwrap();
    desk.run(&["--yes"]).exits(0);
    let run = last(&desk)["run_id"].as_str().unwrap().to_owned();
    let ended = desk.program(&["get", &id(3)]).run().exits(9).tells(&format!("was archived by run {run} to "));
    typed(&command(&ended)).prints(&id(3));
    let tagged = desk.program(&["tag", "set", &id(3), "a=b"]).run().exits(9);
    typed(&command(&tagged)).prints(&id(3));
    desk.program(&["get", &id(2)]).run().exits(0);
    desk.program(&["get", &id(99)]).run().exits(9).does_not_tell("was archived");
    let both = desk.program(&["get", &id(2), &id(3)]).run().exits(3);
    typed(&command(&both)).prints(&id(3));
    fs::rename(&place, desk.path("moved")).unwrap();
    desk.program(&["get", &id(3)]).run().exits(9).tells("where there is no archive now");
}

#[test]
fn a_trace_of_several_archives_is_found_in_one_that_holds_it() {
    let rules = [
        rule("search", "filter = \"tags.team = 'search'\"\nallow_empty = true\narchive_to = \"search\""),
        rule("failed", "filter = \"status = 'ERROR'\"\nallow_empty = true\narchive_to = \"failed\""),
    ];
    let desk = Desk::new(aged(), &rules.concat());
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[1, 4, 5, 6, 7, 8]);
    for (number, place) in [(3, "/search/"), (2, "/failed/")] {
        let ended = desk.program(&["get", &id(number)]).run().exits(9).tells(place);
        typed(&command(&ended)).prints(&id(number));
    }
}

#[test]
fn journals_that_cannot_be_read_are_no_further_error() {
    let desk = archiving();
    desk.run(&["--yes"]).exits(0);
    let journals = desk.path("state/runs");
    fs::write(journals.join("20991122T143000Z-000000.jsonl"), "{\"journal\":1,\"run").unwrap();
    fs::write(journals.join("20991122T143001Z-000000.jsonl"), b"\xff\xfe\n{}\n").unwrap();
    fs::create_dir(journals.join("20991122T143002Z-000000.jsonl")).unwrap();
    let ended = desk.program(&["get", &id(3)]).run().exits(9);
    typed(&command(&ended)).prints(&id(3));
    desk.program(&["runs", "list"]).run().exits(0).tells("2 journals in ").prints("5 done");
    let own = fs::read_dir(&journals).unwrap().map(|entry| entry.unwrap().path());
    let own = own.filter(|path| path.is_file() && !path.to_str().unwrap().contains("2099")).last().unwrap();
    let text = fs::read_to_string(&own).unwrap();
    fs::write(&own, text.replacen('{', "", 2)).unwrap();
    desk.program(&["get", &id(3)]).run().exits(9).does_not_tell("journal");
    fs::remove_dir_all(desk.path("state")).unwrap();
    fs::write(desk.path("state"), "no folder").unwrap();
    desk.program(&["get", &id(3)]).run().exits(9).does_not_tell("journal");
}

#[test]
fn a_run_of_another_server_says_nothing_of_this_ones_traces() {
    let desk = archiving();
    desk.run(&["--yes"]).exits(0);
    let other = Fake::new();
    let get = desk.program(&["get", &id(3)]).hidden_env("MLFLOW_TRACKING_URI", other.uri());
    get.run().exits(9).does_not_tell("was archived");
}

#[test]
fn a_trace_that_was_deleted_without_an_archive_is_told() {
    let desk = Desk::new(aged(), "");
    desk.program(&["delete", &id(1), "--yes"]).run().exits(0);
    desk.program(&["get", &id(1)]).run().exits(9).tells("(delete), without an archive");
}

#[test]
fn a_place_counts_from_the_folder_of_the_policy_and_is_shown_whole() {
    let desk = archiving();
    let folder = tempfile::tempdir().unwrap();
    let place = desk.path("expired").display().to_string();
    let policy = desk.path("retention.toml");
    let run = |more: &[&str]| {
        let words = [["retention"].as_slice(), more, &["--policy", policy.to_str().unwrap()]].concat();
        desk.program(&words).in_folder(folder.path()).run().exits(0)
    };
    let first = format!("Before that, 5 traces are archived to {place}.");
    run(&["check"]).prints(&format!("archives to {place}\n"));
    run(&["plan"]).prints(&first);
    let dry = run(&["run", "--dry-run", "-o", "json"]).tells(&first);
    assert_eq!(dry.json()["archive_to"], json!({place.as_str(): 5}));
    let plan = folder.path().join("plan.jsonl");
    run(&["run", "--plan", plan.to_str().unwrap()]).tells(&first);
    let elsewhere = tempfile::tempdir().unwrap();
    let applied = desk.program(&["apply", plan.to_str().unwrap(), "--yes"]).in_folder(elsewhere.path()).run().exits(0);
    applied
        .tells(&format!("Traces expired by rule \"app\" are first archived to {place}."))
        .tells(&format!("to {place}/"));
    assert_eq!(runs(&desk.path("expired")).len(), 1);
    for other in [&folder, &elsewhere] {
        assert!(!other.path().join("expired").exists());
    }
}

#[test]
fn a_run_that_is_not_there_is_not_found_and_others_are_named() {
    let desk = Changes::new(Fake::with([Seed::new(1), Seed::new(2)]));
    for command in [["runs", "show"], ["undo", "--dry-run"]] {
        desk.run(&[&command[..], &["20261122T143000Z-nobody"]].concat()).exits(9).tells("that folder has no runs");
    }
    desk.run(&["tag", "set", &id(1), "a=b"]).exits(0);
    let run = desk.runs().remove(0);
    let mistyped = format!("{}x", &run[..run.len() - 1]);
    for command in [["runs", "show"], ["undo", "--dry-run"]] {
        let ended = desk.run(&[&command[..], &[&mistyped]].concat()).exits(9);
        ended.tells(&format!("did you mean {run} (tag set)"));
        let ended = desk.run(&[&command[..], &["yesterday"]].concat()).exits(9);
        ended.tells(&format!("the last runs are {run} (tag set)"));
    }
}
