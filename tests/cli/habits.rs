//! What people type who come from other command lines: it works, or the error leads to what works.

use clap::Parser;
use fancy_regex::Regex;

use mlflow_trace::cli::Cli;
use mlflow_trace::cli::usage::{COMMANDS, FLAGS};

use crate::fake::{Fake, KNOWN, Seed, id};
use crate::support::{Ended, Program};

fn three() -> Fake {
    Fake::with([
        Seed::known(),
        Seed::new(1).state("ERROR").tag("team", "search"),
        Seed::new(2).state("IN_PROGRESS").tag("team", "chat"),
    ])
}

/// The words of a command line as a shell reads it that knows double quotes.
pub fn words(line: &str) -> Vec<String> {
    let word = Regex::new(r#""([^"]*)"|(\S+)"#).unwrap();
    word.captures_iter(line)
        .map(|found| {
            let found = found.unwrap();
            found.get(1).or_else(|| found.get(2)).unwrap().as_str().to_owned()
        })
        .collect()
}

/// Every command line that a hint names in backticks can be read.
fn commands_work(hint: &str) -> usize {
    let command = Regex::new("`(mlflow-trace [^`]*)`").unwrap();
    let found: Vec<String> = command.captures_iter(hint).map(|found| found.unwrap()[1].to_owned()).collect();
    for line in &found {
        let read = Cli::try_parse_from(words(line));
        let is_told = read.as_ref().err().is_some_and(|error| !error.use_stderr());
        assert!(read.is_ok() || is_told, "{line} of {hint}: {}", read.unwrap_err());
    }
    found.len()
}

fn hints(ended: &Ended) -> Vec<String> {
    ended.stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).map(str::to_owned).collect()
}

#[test]
fn every_flag_of_other_programs_leads_to_ours() {
    for (names, hint) in FLAGS {
        commands_work(hint);
        for name in *names {
            let ended = Program::new(["search", "-u", "demo", name]).run().exits(2);
            let hints = hints(&ended);
            assert!(hints.contains(&(*hint).to_owned()), "{name}: {ended}");
            assert!(!ended.stderr.contains("use '--") && !ended.stderr.contains("tip:"), "{ended}");
            for hint in &hints {
                commands_work(hint);
            }
        }
    }
}

#[test]
fn every_command_of_other_programs_leads_to_ours() {
    for (names, hint) in COMMANDS {
        assert!(commands_work(hint) > 0, "{hint}");
        for name in *names {
            let ended = Program::new([name]).run().exits(2);
            assert!(hints(&ended).contains(&(*hint).to_owned()), "{name}: {ended}");
        }
    }
    let ended = Program::new(["feedback", "export", "-", "--all"]).run().exits(2);
    ended.tells("to add overridden ones, use --include-overridden");
    Program::new(["serach"]).run().exits(2).tells("hint: did you mean search?");
    Program::new(["tag", "add"])
        .run()
        .exits(2)
        .tells("hint: available commands: set, delete")
        .tells("`mlflow-trace tag --help`");
}

#[test]
fn flags_that_mean_the_same_are_understood() {
    let fake = three();
    let found = |arguments: &[&str]| fake.run(arguments).succeeds().lines();
    let failed = ["search", "-o", "ids", "--filter", "status = 'ERROR'"];
    assert_eq!(found(&failed), [id(1)]);
    assert_eq!(found(&["search", "-o", "ids", "--filter-string", "status = 'ERROR'"]), [id(1)]);
    assert_eq!(found(&["count", "--filter", "status = 'ERROR'"]), ["1"]);
    assert_eq!(found(&["search", "-o", "ids", "--max-results", "1"]).len(), 1);
    assert_eq!(found(&["search", "-o", "ids", "--sort-by", "-timestamp"]).len(), 3);
    assert_eq!(found(&["search", "-o", "csv", "--extract-fields", "info.trace_id,info.state"]).len(), 4);
    let bare =
        |flag: &str, value: &str| fake.bare(&["search", "-o", "ids", flag, value]).run().succeeds().lines().len();
    let uri = fake.uri();
    assert_eq!((bare("--experiment-id", "1"), bare("--experiment-name", "my-app")), (3, 3), "{uri}");
    fake.run(&["search", "status = 'OK'", "--filter", "status = 'OK'"]).exits(2).tells("cannot be used with");
    for (status, expected) in [("failed", &id(1)), ("Error", &id(1)), ("RUNNING", &id(2)), ("ok", &KNOWN.to_owned())] {
        assert_eq!(&found(&["search", "-o", "ids", "--status", status]), std::slice::from_ref(expected), "{status}");
    }
}

#[test]
fn waits_moments_and_ids_are_read_as_people_write_them() {
    let fake = three();
    fake.run(&["search", "--timeout", "30"]).succeeds();
    fake.run(&["search", "--timeout", "soon"]).exits(2).tells("30 (seconds)");
    for since in ["yesterday", "today", "2 hours ago", "now", "1600000000000", "1600000000"] {
        fake.run(&["search", "--since", since]).succeeds();
    }
    let all = fake.run(&["search", "-o", "ids", "--since", "1600000000"]).succeeds().lines();
    assert_eq!(all, fake.run(&["search", "-o", "ids", "--since", "1600000000000"]).succeeds().lines());
    assert_eq!(all.len(), 3);
    let both = format!("{},{KNOWN}", id(1));
    assert_eq!(fake.run(&["get", &both, "-o", "jsonl"]).succeeds().lines().len(), 2);
}

#[test]
fn help_is_a_command_too() {
    let help = |arguments: &[&str]| Program::new(arguments.iter().copied()).run().succeeds().stdout;
    assert_eq!(help(&["help", "search"]), help(&["search", "--help"]));
    assert_eq!(help(&["help", "tag", "set"]), help(&["tag", "set", "--help"]));
    assert_eq!(help(&["help"]), help(&["--help"]));
    Program::new(["help", "serach"]).run().exits(2).tells("did you mean search?");
}

#[test]
fn with_json_output_every_error_is_json() {
    for arguments in [
        &["search", "--limt", "3", "-o", "json"][..],
        &["-o", "json", "serach"],
        &["search", "--output=jsonl", "--errors"],
        &["-ojson"],
        &["get", "-o", "json"],
        &["search", "--since", "moon", "-o", "json"],
        &["search", "-o", "json", "stauts = 'x'"],
    ] {
        let ended = Program::new(arguments.iter().copied()).run().exits(2).prints_nothing();
        let error: serde_json::Value = serde_json::from_str(&ended.stderr).expect(&ended.stderr);
        assert_eq!(
            (error["error"]["code"].as_str(), error["error"]["exit"].as_u64()),
            (Some("usage"), Some(2)),
            "{error}"
        );
        assert!(
            !error["error"]["message"].as_str().unwrap().is_empty() && error["error"]["hint"].is_string(),
            "{error}"
        );
        if let Some(next) = error["error"]["next"].as_str() {
            Program::shell(next).run().succeeds();
        }
    }
    let absent =
        Program::new(["-u", "demo", "get", "tr-00000000000000000000000000000000", "-o", "json"]).run().exits(9);
    let absent: serde_json::Value = serde_json::from_str(&absent.stderr).expect(&absent.stderr);
    assert_eq!(absent["error"]["next"], "mlflow-trace search -o ids");
    let open = Program::new(["-u", "demo", "open", "tr-8c9da0e91080", "-o", "json"]).run().ends();
    assert!(!open.stderr.contains("TRACE_ID\""), "no placeholder is a command: {open}");
    Program::new(["search", "--limt", "3", "-o", "csv"]).run().exits(2).tells("error: unexpected argument");
}

#[test]
fn nothing_found_is_said_with_what_does_not_occur() {
    let fake = three();
    let ended = fake.run(&["search", "tags.taem = 'search'"]).exits(0);
    ended.tells("No traces match.").tells("hint: the latest 3 traces have no tags.taem; did you mean tags.team?");
    let ended = fake.run(&["search", "tags.team = 'serach'"]).exits(0);
    ended.tells("tags.team is 'serach' in none of the latest 3 traces; did you mean 'search'?");
    let ended =
        fake.run(&["search", "tags.team = 'search' AND status = 'IN_PROGRESS'"]).exits(0).tells("No traces match.");
    assert!(!ended.stderr.contains("hint:"), "{ended}");
    assert_eq!(fake.run(&["-q", "search", "tags.taem = 'search'"]).exits(0).stderr, "");
    let ended = fake.run(&["search", "tags.taem = 'search'", "-o", "ids"]).exits(0).prints_nothing();
    assert_eq!(ended.stderr, "No traces match.\n");
    Fake::new().run(&["search"]).exits(0).tells("There are no traces.");
}

#[test]
fn what_was_named_and_is_not_there_has_an_exit_code_of_its_own() {
    let fake = three();
    for arguments in [
        &["get", "tr-nope"][..],
        &["search", "-x", "nope"],
        &["count", "-x", "99"],
        &["tag", "set", "tr-nope", "a=b"],
        &["delete", "tr-nope", "--yes"],
        &["assessment", "get", KNOWN, "a-nope"],
        &["assessment", "list", "tr-nope"],
        &["runs", "show", "20261122T143000Z-ab12cd"],
        &["undo", "20261122T143000Z-ab12cd"],
        &["feedback", "log", "--client-request-id", "nope", "--name", "x", "--value", "1"],
    ] {
        let ended = fake.run(&[arguments, &["-o", "json"]].concat()).exits(9);
        assert!(ended.stderr.contains("\"code\":\"not_found\""), "{ended}");
    }
    fake.run(&["get", KNOWN, "tr-nope"]).exits(3);
}

#[test]
fn topics_are_explained_and_come_before_commands_of_their_name() {
    let page = |topic: &str| Program::new(["help", topic]).run().succeeds();
    assert!(page("exit-codes").stdout.starts_with("EXIT CODES\n") && page("exit-codes").stdout.contains("safety stop"));
    assert!(page("filters").stdout.contains("span.attributes.KEY"));
    assert!(page("environment").stdout.contains("`MLFLOW_TRACKING_URI`\n"));
    page("retention").prints("keep_within").tells("mlflow-trace retention --help");
    for topic in ["formatting", "authentication", "scripting"] {
        let text = page(topic).stdout;
        assert!(text.len() > 500 && !text.contains("```") && !text.contains("]("), "{topic}: {text}");
    }
}
