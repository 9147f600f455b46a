//! Help texts, whose examples work as they stand; completion scripts and the manual page.

use std::path::{Path, PathBuf};
use std::process::Command;

use mlflow_trace::changes::journal::{Action, Counts, Header, Journal, Outcome};

use crate::fake::{APP, Dataset, Fake, Seed};
use crate::snapshot::{Gallery, same_as_file};
use crate::support::Program;

/// Every command, groups included.
const COMMANDS: &[&str] = &[
    "",
    "search",
    "get",
    "open",
    "tail",
    "count",
    "stats",
    "check",
    "diff",
    "sample",
    "review",
    "sessions",
    "sessions list",
    "sessions show",
    "users",
    "users list",
    "users show",
    "keys",
    "tag",
    "tag set",
    "tag delete",
    "feedback",
    "feedback log",
    "feedback import",
    "feedback export",
    "feedback override",
    "expectation",
    "expectation log",
    "expectation import",
    "expectation export",
    "assessment",
    "assessment list",
    "assessment get",
    "assessment update",
    "assessment delete",
    "delete",
    "retention",
    "retention check",
    "retention plan",
    "retention run",
    "retention explain",
    "retention simulate",
    "retention schedule",
    "apply",
    "undo",
    "runs",
    "runs list",
    "runs show",
    "runs unlock",
    "export",
    "import",
    "filter",
    "filter check",
    "filter explain",
    "filter fmt",
    "filter sql",
    "filter fields",
    "experiments",
    "experiments list",
    "experiments create",
    "dataset",
    "dataset list",
    "dataset create",
    "dataset add",
    "doctor",
    "config",
    "config init",
    "config list",
    "config show",
    "config use",
    "config path",
    "mcp",
    "agent-skill",
    "schema",
    "version",
    "completions",
    "man",
];

fn help(command: &str) -> String {
    Program::new(command.split_whitespace().chain(["--help"])).run().succeeds().stdout
}

/// Each with the lines that it goes on in.
fn examples(command: &str) -> Vec<String> {
    let text = help(command);
    let mut lines = text.lines();
    let mut examples = Vec::new();
    while let Some(line) = lines.by_ref().find(|line| line.starts_with("  mlflow-trace ")) {
        let mut example = line.trim_start().to_owned();
        while example.ends_with('\\') {
            example.push('\n');
            example.push_str(lines.next().expect("a line after one that goes on"));
        }
        examples.push(example);
    }
    examples
}

/// The names of the commands that a help text lists.
fn listed(command: &str) -> Vec<String> {
    let text = help(command);
    let Some((_, list)) = text.split_once("\nCommands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| line.starts_with("  "));
    names.map(|line| format!("{command} {}", line.split_whitespace().next().unwrap()).trim().to_owned()).collect()
}

#[test]
fn the_list_of_commands_is_whole() {
    let mut found = vec![String::new()];
    let mut position = 0;
    while position < found.len() {
        position += 1;
        let later = found.split_off(position);
        found.extend(listed(&found[position - 1].clone()));
        found.extend(later);
    }
    assert_eq!(found, COMMANDS);
}

#[test]
fn examples_fit_into_a_narrow_terminal() {
    for command in COMMANDS {
        for line in examples(command).iter().flat_map(|example| example.lines()) {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
}

#[test]
fn every_command_has_two_examples_of_itself() {
    for command in COMMANDS {
        let examples = examples(command);
        assert_eq!(examples.len(), 2, "{command}: {examples:?}");
        for example in examples {
            assert!(example.contains(&format!("mlflow-trace {command}")), "{command}: {example}");
        }
    }
}

/// What an example of a help text needs: the trace and the assessment that it names, traces for its filters.
pub fn scene() -> Fake {
    let fake = Fake::with([Seed::known(), Seed::new(1).state("ERROR").tag("environment", "production")]);
    fake.state().add((2..=4).map(|number| Seed::new(number).days_old(100)));
    assert_eq!(fake.state().ids(APP).len(), 5);
    fake.state().datasets.push(Dataset::empty("answers", APP));
    fake
}

/// A policy for examples.
const POLICY: &str = "[[rule]]\nname = \"old\"\nexperiments = [\"my-*\"]\nkeep_within = \"90d\"\n";

/// Programs that examples use and that not every machine has.
fn stand_ins(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;

    let man = folder.join("man");
    std::fs::write(&man, "#!/bin/sh\nexec cat > /dev/null\n").unwrap();
    std::fs::set_permissions(&man, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The files of rows that examples import.
fn row_files(folder: &Path) {
    let known = crate::fake::KNOWN;
    for (name, text) in [
        ("feedback.csv", format!("trace_id,name,value\n{known},correct,true\n")),
        ("answers.csv", "client_request_id,name,value\nreq-001,answer,Paris\n".to_owned()),
        (
            "scores.jsonl",
            format!("{{\"trace_id\": \"{known}\", \"score\": 0.9, \"source_type\": \"CODE\", \"source_id\": \"x\"}}\n"),
        ),
        ("facts.jsonl", format!("{{\"trace_id\": \"{known}\", \"name\": \"facts\", \"value\": [\"Paris\"]}}\n")),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// A plan, and a run that can be undone, as examples name them.
fn past(fake: &Fake, home: &Path) {
    let plan = home.join("plan.jsonl");
    fake.run(&["tag", "set", "--status", "ERROR", "reviewed=no", "--plan", plan.to_str().unwrap()]).succeeds();
    let header = Header::new("tag set", 1_795_357_800_000, fake.uri().as_str());
    let header = Header { run_id: "20261122T143000Z-ab12cd".into(), ..header };
    let journal = Journal::begin(&home.join(".local/state/mlflow-trace"), header).unwrap();
    let action = Action::SetTag { key: "reviewed".into() };
    let entry = journal.plan(crate::fake::KNOWN.into(), action, None, Some("no".into())).unwrap();
    journal.settle(entry, Outcome::Done, None).unwrap();
    journal.finish(Counts { planned: 1, done: 1, ..Counts::default() }).unwrap();
}

/// A line of shell at that server, in a folder with the files that examples name.
pub fn in_scene(fake: &Fake, line: &str) -> Program {
    let program = Program::shell(&format!("PATH=\"$HOME/bin:$PATH\"; {line}"));
    for folder in ["bin", ".zfunc", ".local/share/bash-completion/completions"] {
        std::fs::create_dir_all(program.home().join(folder)).unwrap();
    }
    stand_ins(&program.home().join("bin"));
    std::fs::write(program.home().join("retention.toml"), POLICY).unwrap();
    std::fs::write(program.home().join("rules.toml"), "[[rule]]\nmetric = \"errors\"\nmax = 5\n").unwrap();
    let archive = program.home().join("traces.jsonl");
    fake.run(&["export", archive.to_str().unwrap(), "--spans"]).succeeds();
    row_files(program.home());
    past(fake, program.home());
    std::fs::create_dir_all(program.home().join(".config/mlflow-trace")).unwrap();
    let profile = "[profile.prod]\ntracking_uri = \"https://mlflow.example.com\"\nread_only = true\n";
    std::fs::write(program.home().join(".config/mlflow-trace/config.toml"), profile).unwrap();
    program.hidden_env("MLFLOW_TRACKING_URI", fake.uri()).hidden_env("USER", "jane")
}

#[test]
fn every_example_works() {
    for command in COMMANDS {
        for example in examples(command) {
            let fake = scene();
            let line = example.replace("http://localhost:5000", &fake.uri());
            let program = in_scene(&fake, &line);
            // Where there is a question and nobody to answer it, the example ends in a safety stop.
            let asks = line == "mlflow-trace delete tr-8c9da0e91080e465367d509b505b35da";
            // The demonstration has experiments of its own.
            let experiment = if line.contains("demo") { "" } else { "my-app" };
            // Here is no terminal.
            let is_screen = command == &"review";
            let code = if asks { 7 } else { 2 * i32::from(is_screen) };
            let ended = program.hidden_env("MLFLOW_EXPERIMENT_NAME", experiment).run().exits(code);
            assert_eq!(is_screen, ended.stderr.contains("review needs a terminal"), "{ended}");
            assert!(asks || is_screen || !ended.stderr.contains("error:"), "{ended}");
        }
    }
}

#[test]
fn examples_do_what_they_say() {
    let fake = scene();
    let run = |line: &str| {
        let program = Program::shell(line).hidden_env("MLFLOW_TRACKING_URI", fake.uri());
        program.hidden_env("MLFLOW_EXPERIMENT_NAME", "my-app").run().succeeds()
    };
    run("mlflow-trace search \"status = 'ERROR'\" -o ids | mlflow-trace tag set - reviewed=no");
    assert_eq!(fake.state().tag(&crate::fake::id(1), "reviewed").unwrap(), "no");
    run("mlflow-trace search \"tags.reviewed = 'no'\" -o ids | mlflow-trace tag delete - --key reviewed");
    assert_eq!(fake.state().tag(crate::fake::KNOWN, "reviewed"), None);
    run("mlflow-trace retention run --older-than 90d --max-delete 10000 -x my-app --yes");
    assert_eq!(fake.state().ids(APP).len(), 2);
}

#[test]
fn the_gallery_of_help() {
    let mut gallery = Gallery::new("help");
    for command in COMMANDS {
        let title = if command.is_empty() { "mlflow-trace" } else { command };
        gallery.scene(title, &Program::new(command.split_whitespace().chain(["--help"])).run().succeeds());
    }
    gallery.check();
}

#[test]
fn help_has_no_markdown() {
    for command in COMMANDS {
        for line in help(command).lines().take_while(|line| *line != "Examples:") {
            let line = line.replace("info.trace_metadata.`a.b`", "");
            assert!(!line.contains('`') && !line.contains("**"), "{command}: {line}");
        }
    }
}

#[test]
fn flags_stand_under_the_heading_that_they_belong_to() {
    for command in ["search", "count", "delete", "retention run", "export"] {
        let text = help(command);
        let (_, selection) = text.split_once("\nSelection:\n").unwrap();
        let (selection, _) = selection.split_once("\n\n").unwrap();
        for flag in ["--order-by", "--all-experiments", "--fail-if-empty", "--dry-run", "--yes", "--keep-if", "--spans"]
        {
            assert!(!selection.contains(flag), "{command}: {flag} selects nothing");
        }
        assert!(selection.contains("--status"), "{command}");
    }
}

fn completions(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("completions").join(name)
}

#[test]
fn the_committed_completion_scripts_are_those_of_the_program() {
    for (shell, name) in [
        ("bash", "mlflow-trace.bash"),
        ("zsh", "_mlflow-trace"),
        ("fish", "mlflow-trace.fish"),
        ("powershell", "_mlflow-trace.ps1"),
        ("elvish", "mlflow-trace.elv"),
    ] {
        let script = Program::new(["completions", shell]).run().succeeds().stdout;
        assert!(script.contains("MLFLOW_TRACE_COMPLETE"), "{shell}");
        same_as_file(&completions(name), &script);
    }
    let number = std::fs::read_dir(completions("")).unwrap().count();
    assert_eq!(number, 5, "one file for each shell");
    Program::new(["completions", "csh"]).run().exits(2);
}

#[test]
fn bash_reads_its_completion_script() {
    let line = "mlflow-trace completions bash | bash -n";
    Program::shell(line).run().succeeds().prints_nothing();
}

#[test]
fn bash_completes_commands_flags_and_values_behind_an_equals_sign() {
    let script = r#"
        source <(mlflow-trace completions bash)
        function=$(complete -p mlflow-trace | sed 's/.* -F \([^ ]*\) .*/\1/')
        COMP_WORDS=(mlflow-trace retention run --max-de) COMP_CWORD=3
        $function mlflow-trace --max-de run
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(mlflow-trace -u demo search --tag environment = pro) COMP_CWORD=7
        $function mlflow-trace pro =
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(mlflow-trace ex) COMP_CWORD=1
        $function mlflow-trace ex mlflow-trace
        echo "${COMPREPLY[@]}"
    "#;
    let ended = Program::shell("exec bash -c \"$SCRIPT\"").hidden_env("SCRIPT", script).run().succeeds();
    assert_eq!(ended.lines(), ["--max-delete", "production", "expectation export experiments"], "{ended}");
}

#[test]
fn the_manual_names_every_command_and_every_variable() {
    let manual = Program::new(["man"]).run().succeeds().stdout;
    for command in COMMANDS.iter().filter(|command| listed(command).is_empty()) {
        let heading = format!(".SH {}\n", command.to_uppercase().replace('-', "\\-"));
        assert!(manual.contains(&heading), "{heading}");
    }
    for variable in mlflow_trace::settings::env::ALL {
        assert!(manual.contains(&format!("\\fB{}\\fR", variable.name)), "{}", variable.name);
    }
    assert!(!manual.contains("search(1)"), "no page is referred to that is not there");
    assert!(manual.contains("mlflow\\-trace get tr\\-8c9da0e91080e465367d509b505b35da \\-\\-view chat"));
}

#[test]
fn the_manual_renders() {
    // Not every machine has a formatter.
    if Command::new("groff").arg("--version").output().is_err() {
        return;
    }
    let rendered = Program::shell("mlflow-trace man | groff -man -Tascii -Wall -P-cbou").run().succeeds();
    assert!(rendered.stderr.is_empty() && rendered.stdout.contains("RETENTION RUN"), "{rendered}");
}
