//! Filters, limits and ids from standard input: the same words on every command that selects traces.

use std::fs;

use fancy_regex::Regex;

use crate::fake::{APP, CHECKOUT, Fake, KNOWN, Seed, id};
use crate::support::{Ended, Program, Run};

const ERRORS: &str = "status = 'ERROR'";

/// Five traces, the last one the newest; those with even numbers failed.
fn five() -> Fake {
    let seed = |number: u32| Seed::new(number).feedback("good", true, ("HUMAN", "jane"));
    Fake::with((1..=5).map(|number| seed(number).state(if number % 2 == 0 { "ERROR" } else { "OK" })))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(id).collect()
}

/// Runs a command line of a hint as a shell does.
fn shell(fake: &Fake, line: &str) -> Run {
    Program::shell(line)
        .hidden_env("MLFLOW_TRACKING_URI", fake.uri())
        .hidden_env("MLFLOW_EXPERIMENT_NAME", "my-app")
        .hidden_env("USER", "jane")
        .run()
}

/// The first command line that a run's hints name; its own backticks may only be those around it.
fn hinted(run: &Ended) -> String {
    let command = Regex::new("`(mlflow-trace [^`]*)`").unwrap();
    let found = command.captures(run.stderr.as_str()).unwrap().unwrap_or_else(|| panic!("no command is named: {run}"));
    found[1].to_owned()
}

#[test]
fn a_filter_stands_alone_or_behind_its_flag_wherever_traces_are_selected() {
    for (before, after) in [
        (&["search", "-o", "ids"][..], &[][..]),
        (&["count"], &[]),
        (&["export", "-"], &[]),
        (&["export", "-", "--format", "csv"], &[]),
        (&["feedback", "export", "-"], &[]),
        (&["expectation", "export", "-"], &[]),
        (&["retention", "run", "--older-than", "1h", "--dry-run", "-o", "ids"], &["--trust-clock"]),
    ] {
        let fake = five();
        let alone = fake.run(&[before, &[ERRORS], after].concat()).succeeds();
        for flag in ["--filter", "--filter-string"] {
            let by_flag = fake.run(&[before, &[flag, ERRORS], after].concat()).succeeds();
            assert_eq!(alone.stdout, by_flag.stdout, "{alone}");
        }
        let everything = fake.run(&[before, after].concat()).succeeds();
        assert!(everything.stdout != alone.stdout || before[0] == "expectation", "{alone}");
        fake.run(&[before, &[ERRORS, "--filter", ERRORS], after].concat()).exits(2);
    }
    for command in
        [&["delete", "--dry-run"][..], &["tag", "set", "a=b", "--dry-run"], &["tag", "delete", "a", "--dry-run"]]
    {
        for flag in ["--filter", "--filter-string"] {
            let listed = five().run(&[command, &[flag, ERRORS, "-o", "ids"]].concat()).succeeds();
            let mut lines = listed.lines();
            lines.sort();
            assert_eq!(lines, ids([2, 4]), "{listed}");
        }
    }
}

#[test]
fn a_filter_in_the_place_of_an_id_or_a_file_leads_to_what_works() {
    for arguments in [
        &["get", ERRORS][..],
        &["delete", ERRORS],
        &["delete", "--yes", &id(1), ERRORS],
        &["tag", "set", ERRORS, "reviewed=no"],
        &["tag", "delete", ERRORS, "reviewed"],
        &["assessment", "list", ERRORS],
        &["assessment", "get", ERRORS, "a-1"],
        &["assessment", "update", ERRORS, "a-1", "--value", "1"],
        &["assessment", "delete", ERRORS, "a-1"],
        &["feedback", "override", ERRORS, "a-1", "--value", "1"],
        &["export", ERRORS],
        &["feedback", "export", ERRORS],
        &["expectation", "export", ERRORS],
    ] {
        let fake = five();
        let before = fake.state().ids(APP);
        let refused = fake.run(arguments).exits(2).prints_nothing().tells("got the filter");
        assert!(fake.log().is_empty(), "{refused}");
        shell(&fake, &hinted(&refused)).succeeds();
        assert_eq!(fake.state().ids(APP), before, "a hint only looks");
    }
    let fake = five();
    for word in ["stauts = 'ERROR'", "status = ERROR"] {
        fake.run(&["delete", word, "--yes"]).exits(2).tells("hint:");
        fake.run(&["export", word]).exits(2).tells("hint:");
    }
    let refused = fake.run(&["search", KNOWN]).exits(2).tells("expected a filter, got the trace id");
    assert_eq!(hinted(&refused), format!("mlflow-trace get {KNOWN}"));
    assert!(fake.log().is_empty());
    fake.run(&["tag", "set", &id(1), "name='x'"]).succeeds();
    assert_eq!(fake.state().tag(&id(1), "name").as_deref(), Some("'x'"), "behind an id it is a tag");
}

#[test]
fn filters_of_any_quotes_are_written_as_a_shell_takes_them() {
    let fake = Fake::with([Seed::new(1).tag("a b", "it's"), Seed::new(2)]);
    for filter in ["tags.\"a b\" = 'x'", "tags.team != \"it's\"", "tags.cost = '$5 !'", "name = 'a\\b'"] {
        let refused = fake.run(&["delete", filter]).exits(2);
        shell(&fake, &hinted(&refused)).succeeds().tells("Nothing to delete");
    }
}

#[test]
fn commands_that_take_no_filter_and_no_limit_say_what_there_is_instead() {
    for arguments in [
        &["retention", "plan", "--filter", ERRORS][..],
        &["retention", "simulate", "--filter", ERRORS],
        &["retention", "plan", ERRORS],
        &["retention", "run", "--older-than", "1h", "--limit", "5"],
        &["retention", "run", "--older-than", "1h", "-n", "5"],
        &["count", "--limit", "5"],
        &["get", "--filter", ERRORS],
        &["assessment", "list", "--filter", ERRORS],
    ] {
        let fake = five();
        let refused = fake.run(arguments).exits(2);
        let mut line = hinted(&refused);
        if line.contains("retention run") {
            line.push_str(" --trust-clock");
        }
        shell(&fake, &line).succeeds();
    }
}

#[test]
fn ids_from_standard_input_are_taken_wherever_traces_are() {
    let given = format!("{}\n{}\n", id(2), id(5));
    let fake = five();
    let run = |arguments: &[&str]| fake.bare(arguments).stdin(given.clone()).run();
    assert_eq!(run(&["search", "-", "-o", "ids"]).succeeds().lines(), ids([2, 5]), "in their order");
    run(&["count", "-"]).succeeds().prints("2\n");
    assert_eq!(run(&["get", "-", "-o", "jsonl"]).succeeds().lines().len(), 2);
    assert_eq!(
        run(&["get", "-", "-n", "1", "-o", "jsonl"]).succeeds().tells("the first 1 of 2 traces").lines().len(),
        1
    );
    assert_eq!(run(&["export", "-", "-"]).succeeds().lines().len(), 2);
    assert_eq!(run(&["export", "-", "-", "--spans"]).succeeds().lines().len(), 2);
    assert_eq!(run(&["feedback", "export", "-", "-"]).succeeds().lines().len(), 2);
    let listed = run(&["assessment", "list", "-", "-o", "jsonl"]).succeeds();
    let traces: Vec<String> = listed.jsonl().iter().map(|one| one["trace_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(traces, ids([2, 5]));
    run(&["tag", "set", "-", "seen=yes"]).succeeds();
    assert_eq!(fake.state().tag(&id(5), "seen").as_deref(), Some("yes"));
    run(&["search", "-", "--status", "OK"]).exits(2).tells("both trace ids from standard input and selecting flags");
    run(&["search", "-", "--order-by", "-duration"]).exits(2).tells("traces named by id are returned in that order");
    run(&["export", "archive/", "-"]).exits(2).tells("requires a single file");
    run(&["assessment", "get", "-", "a-1"]).exits(2).tells("expected a single trace id");
    run(&["delete", "-", "--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), ids([1, 3, 4]));
}

#[test]
fn named_traces_that_are_not_there_are_told_and_never_success() {
    let fake = five();
    let commands: [&[&str]; 5] = [
        &["search", "-", "-o", "ids"],
        &["count", "-"],
        &["export", "-", "-"],
        &["feedback", "export", "-", "-"],
        &["assessment", "list", "-"],
    ];
    for command in commands {
        let with = |text: String| fake.bare(command).stdin(text).run();
        with(format!("{}\ntr-nope\n", id(1))).exits(3).tells("there is no trace tr-nope");
        with("tr-nope\n".to_owned()).exits(9).tells("there is no trace tr-nope");
        with(String::new()).succeeds();
    }
    let demo = |text: &str| Program::new(["search", "-u", "demo", "-", "-o", "ids"]).stdin(text).run();
    let two = Program::new(["search", "-u", "demo", "-o", "ids", "-n", "2"]).run().succeeds().stdout;
    demo(&two).succeeds().prints(&two);
    demo(&format!("tr-nope\n{two}")).exits(3).prints(&two);
}

#[test]
fn a_limit_takes_the_newest_and_says_of_how_many() {
    let fake = five();
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| fake.program(arguments).in_folder(home.path()).run();
    let exported = run(&["export", "-", "--limit", "2"]).succeeds().tells("the newest 2 of 5; use --limit N for more");
    let exported: Vec<String> =
        exported.jsonl().iter().map(|trace| trace["info"]["trace_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(exported, ids([5, 4]));
    run(&["export", "some.jsonl", ERRORS, "-n", "1", "--spans"]).succeeds().tells("the newest 1 of 2");
    assert_eq!(fs::read_to_string(home.path().join("some.jsonl")).unwrap().lines().count(), 1);
    let whole = run(&["export", "-", "--limit", "5"]).succeeds();
    assert!(!whole.stderr.contains("newest"), "{whole}");
    assert_eq!(run(&["export", "-", "--limit", "0"]).succeeds().lines().len(), 5);
    assert_eq!(run(&["export", "-", "--limit", "3", "--sample", "1"]).succeeds().lines().len(), 3);
    let rows = run(&["feedback", "export", "-", "--max-results", "3"]).succeeds().tells("the newest 3 of 5");
    assert_eq!(rows.lines().len(), 3);
    run(&["export", "archive/", "--limit", "2"]).exits(2).tells("--limit requires a single file");
    run(&["export", "a.jsonl", "--limit", "2", "--since-last", "s.json"])
        .exits(2)
        .tells("cannot be combined with --limit");
    assert!(!home.path().join("archive").exists());
}

#[test]
fn a_part_is_deleted_only_as_one() {
    let fake = five();
    fake.state().add([Seed::new(6).experiment(CHECKOUT).state("ERROR")]);
    let two = |arguments: &[&str]| {
        fake.bare(&[&["delete", "-x", "my-app", "-x", "checkout", "--filter", ERRORS], arguments].concat()).run()
    };
    let shown = two(&["--limit", "2", "--dry-run", "-o", "ids"]).succeeds();
    let shown = shown.tells("Limited to the newest 2 of 3 traces by --limit.");
    let mut listed = shown.lines();
    listed.sort();
    assert_eq!(listed, ids([4, 6]), "the newest of both experiments");
    let told = two(&["--limit", "2", "--dry-run", "-o", "json"]).succeeds();
    assert_eq!((told.json()["planned"].as_u64(), told.json()["newest_of"].as_u64()), (Some(2), Some(3)));
    two(&["--limit", "0", "--yes"]).exits(2);
    two(&["--limit", "2", "--max-delete", "1", "--yes"]).exits(7);
    let all = two(&["--limit", "3", "--dry-run"]).succeeds();
    assert!(!all.stderr.contains("a part"), "{all}");
    two(&["--limit", "2", "--yes"]).succeeds().tells("Deleted 2 of 2 traces.");
    assert_eq!(fake.state().ids(APP), ids([1, 2, 3, 5]));
    assert_eq!(fake.state().ids(CHECKOUT), ids([]));
    let home = tempfile::tempdir().unwrap();
    let plan = |arguments: &[&str]| fake.program(arguments).in_folder(home.path()).run();
    plan(&["delete", "--name", "agent", "--limit", "1", "--plan", "p.jsonl"]).ends();
    plan(&["delete", "--filter", "timestamp > 0", "-n", "1", "--plan", "q.jsonl"])
        .succeeds()
        .tells("the newest 1 of 4");
    plan(&["apply", "q.jsonl", "--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), ids([1, 2, 3]));
}

#[test]
fn a_part_is_tagged_only_as_one() {
    let fake = five();
    let tagged = || (1..=5).filter(|number| fake.state().tag(&id(*number), "a").is_some()).collect::<Vec<u32>>();
    let set = ["tag", "set", "--filter", "timestamp > 0", "a=b", "--limit", "2"];
    let shown = fake.run(&[&set[..], &["--dry-run", "-o", "ids"]].concat()).succeeds();
    let shown = shown.tells("WOULD set a=b on the newest 2 of 5 traces of my-app");
    assert_eq!(shown.lines(), ids([5, 4]));
    fake.run(&[&set[..], &["--yes"]].concat()).succeeds().tells("Will set a=b on the newest 2 of 5 traces");
    assert_eq!(tagged(), [4, 5]);
    let given = format!("{}\n{}\n{}\n", id(1), id(3), id(2));
    fake.program(&["tag", "set", "-", "a=b", "-n", "1"])
        .stdin(given)
        .run()
        .succeeds()
        .tells("the newest 1 of 3 traces");
    assert_eq!(tagged(), [3, 4, 5]);
    fake.run(&["tag", "delete", "--filter", "tags.a = 'b'", "a", "--limit", "1", "--yes"]).succeeds();
    assert_eq!(tagged(), [3, 4]);
}

#[test]
fn a_regular_expression_that_only_a_server_can_run_is_refused_for_an_archive() {
    for filter in [
        r"name RLIKE '\N{BULLET}'",
        r"status = 'OK' AND name RLIKE '\N{BULLET}'",
        r"NOT tags.a RLIKE '\N{BULLET}'",
        r"span.name RLIKE '\N{BULLET}'",
    ] {
        for command in [
            &["search", filter][..],
            &["count", filter],
            &["export", "-", filter],
            &["feedback", "export", "-", filter],
        ] {
            let on = |uri: &str| Program::new([command, &["-u", uri]].concat()).run().exits(2).prints_nothing();
            on("demo").tells("can only be evaluated by a server").tells("hint:");
            on("file:no-such-file.jsonl").tells("can only be evaluated by a server");
        }
    }
    let fake = five();
    fake.run(&["search", r"name RLIKE '\N{BULLET}'"]).ends();
    assert!(!fake.log().is_empty(), "a server judges it");
}
