//! Completion of values on the command line: from the server, the journals and the settings; never an error, never a wait.

use crate::fake::{Failure, Fake, Rule, Seed, id};
use crate::support::Program;

/// What the last of these words can be completed to.
fn completed(program: Program, words: &[&str]) -> Vec<String> {
    let program = program.hidden_env("MLFLOW_TRACE_COMPLETE", "bash").hidden_env("_CLAP_IFS", "\n");
    let ended = program.hidden_env("_CLAP_COMPLETE_INDEX", words.len().to_string()).run().succeeds();
    assert_eq!(ended.stderr, "", "{words:?}");
    ended.lines()
}

fn asked(words: &[&str]) -> Vec<String> {
    [&["--", "mlflow-trace"], words].concat().into_iter().map(str::to_owned).collect()
}

fn of(fake: &Fake, words: &[&str]) -> Vec<String> {
    let words: Vec<&str> = [&["-x", "my-app"], words].concat();
    let arguments = asked(&words);
    completed(fake.bare(&arguments.iter().map(String::as_str).collect::<Vec<_>>()), &words)
}

#[test]
fn values_are_those_of_the_newest_traces() {
    let fake = Fake::with([
        Seed::new(1).tag("team", "search").metadata("mlflow.trace.user", "jane").feedback(
            "correct",
            true,
            ("HUMAN", "jane"),
        ),
        Seed::new(2).tag("a b", "c").state("ERROR"),
    ]);
    let ids = [id(2), id(1)];
    for (words, found) in [
        (&["search", "--tag", "te"][..], &["team=search"][..]),
        (&["search", "--user", ""], &["jane"]),
        (&["get", "tr-"], &[&ids[0], &ids[1]]),
        (&["tag", "set", &ids[0], "team="], &["team=search"]),
        (&["feedback", "log", &ids[0], "co"], &["correct="]),
        (&["search", "--fields", "trace_id,nam"], &["trace_id,name"]),
        (&["search", "dur"], &["duration_ms = ", "duration_ms != ", "duration_ms < ", "duration_ms > "]),
        (&["search", "status = 'OK' AND tags.t"], &["status = 'OK' AND tags.team"]),
        (&["search", "tags["], &["tags[\"a b\"]"]),
        (&["search", "'status != 'E"], &["status != 'ERROR'"]),
        (&["search", "feedback.c"], &["feedback.correct"]),
        (&["search", "-x", "my"], &["my-app"]),
        (&["--quiet", "sear"], &["search"]),
        (&["search", "--stat"], &["--status"]),
        (&["search", "user = 'nobod"], &[]),
    ] {
        assert_eq!(of(&fake, words), found, "{words:?}");
    }
}

#[test]
fn what_a_shell_would_run_is_never_put_on_the_command_line() {
    let texts = ["a$(touch x)", "a`touch x`", "a; touch x", "a'b", "a\\", "a\u{1b}[2J", "a|b", "a>b", "a!b", "a\nb"];
    let seeds = texts.iter().zip(1..).map(|(text, number)| {
        let seed = Seed::new(number).tag("t", text).tag(text, "v").metadata("mlflow.trace.user", text).name(text);
        seed.feedback(text, true, ("HUMAN", "jane"))
    });
    let fake = Fake::with(seeds.chain([Seed::new(99).tag("t", "a fine value")]));
    for (words, found) in [
        (&["search", "--tag", "t=a"][..], &["t=a fine value"][..]),
        (&["search", "--user", "a"], &[]),
        (&["search", "--name", "a"], &[]),
        (&["tag", "delete", &id(1), "a"], &[]),
        (&["feedback", "log", &id(1), "a"], &[]),
        (&["search", "tags.t = 'a"], &["tags.t = 'a fine value'"]),
        (&["search", "tags.a"], &[]),
        (&["search", "name = 'a"], &[]),
    ] {
        assert_eq!(of(&fake, words), found, "{words:?}");
    }
}

#[test]
fn runs_and_profiles_are_found_without_a_server() {
    let fake = Fake::with_many(2);
    let home = tempfile::tempdir().unwrap();
    let here =
        |program: Program| program.hidden_env("XDG_STATE_HOME", home.path()).hidden_env("XDG_CONFIG_HOME", home.path());
    here(fake.program(&["tag", "set", &id(1), "a=1"])).run().succeeds();
    let arguments = asked(&["undo", ""]);
    let program = Program::new(&arguments);
    let runs = completed(here(program), &["undo", ""]);
    assert!(runs[0].starts_with("20") && runs.iter().filter(|run| run.starts_with("20")).count() == 1, "{runs:?}");
    here(fake.program(&["config", "init", "prod", "--no-test"])).run().succeeds();
    let words = ["search", "--profile", ""];
    assert_eq!(completed(here(Program::new(asked(&words))), &words), ["prod"]);
}

#[test]
fn a_server_that_is_away_ill_or_slow_completes_nothing_and_says_nothing() {
    let fake = Fake::with_many(2);
    fake.fail(Rule::nth(1, "traces/search").times(20), Failure::status(500, "down"));
    assert!(of(&fake, &["get", "tr-"]).is_empty());
    let fake = Fake::with_many(2);
    fake.fail(Rule::every("traces/search"), Failure::Stall);
    assert!(of(&fake, &["get", "tr-"]).is_empty());
    let arguments = asked(&["-u", "http://127.0.0.1:1", "get", "tr-"]);
    assert!(completed(Program::new(&arguments), &["-u", "http://127.0.0.1:1", "get", "tr-"]).is_empty());
    // A command that prints a token may ask a person.
    let words = ["--token-command", "touch asked; echo x", "-x", "my-app", "get", "tr-"];
    assert!(completed(fake.bare(&asked(&words).iter().map(String::as_str).collect::<Vec<_>>()), &words).is_empty());
}
