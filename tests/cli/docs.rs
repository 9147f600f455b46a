//! The README and the manual: every command line in them is run, or at least read.
//!
//! A block of `sh` is a script that must succeed against a server with traces. A block of `console` shows commands with
//! their output, which is compared; `MLFLOW_TRACE_UPDATE=1` writes it anew. A block of `bash` needs something that is not
//! there, such as an object store; its command lines must be understood.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use mlflow_trace::cli::Cli;

use crate::fake::Fake;
use crate::habits::words;
use crate::help::{in_scene, scene};
use crate::snapshot::{same_as_file, without_years};
use crate::support::Program;

/// The README and all pages written by hand.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    assert!(pages.len() > 10, "{pages:?}");
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

/// The blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    page.split(&fence).skip(1).map(|part| part.split_once("```").expect("a block ends").0.to_owned()).collect()
}

#[test]
fn every_script_in_the_documentation_works() {
    let mut number = 0;
    for page in pages() {
        for script in blocks(&fs::read_to_string(&page).unwrap(), "sh") {
            let (fake, other) = (scene(), Fake::new());
            let line = script.replace("http://localhost:5000", &fake.uri());
            let line = format!("set -e\n{}", line.replace("http://localhost:5001", &other.uri()));
            let program = in_scene(&fake, &line);
            let experiment = if line.contains("-u demo") { "" } else { "my-app" };
            let ended = program.hidden_env("MLFLOW_EXPERIMENT_NAME", experiment).run().succeeds();
            assert!(!ended.stderr.contains("error:"), "{}: {ended}", page.display());
            number += 1;
        }
    }
    assert!(number > 20, "{number} scripts");
}

/// A block of commands, each with what it shows.
fn replayed(block: &str) -> String {
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    let shown = commands.map(|command| {
        assert!(command.contains("-u demo "), "{command}: only the demonstration shows the same everywhere");
        let ended = Program::shell(&format!("{command} 2>&1")).run().ends();
        format!("$ {command}\n{}", without_years(ended.stdout.clone()))
    });
    shown.collect()
}

#[test]
fn outputs_in_the_documentation_are_those_of_the_program() {
    let mut number = 0;
    for page in pages() {
        let mut text = fs::read_to_string(&page).unwrap();
        for block in blocks(&text, "console") {
            text = text.replace(&format!("```console\n{block}```"), &format!("```console\n{}```", replayed(&block)));
            number += 1;
        }
        same_as_file(&page, &text);
    }
    assert!(number > 2, "{number} blocks");
}

/// The command lines of the program in a block, without comments and what they are piped into.
fn command_lines(block: &str) -> Vec<String> {
    let joined = block.replace("\\\n", " ");
    let starts =
        joined.lines().flat_map(|line| line.match_indices("mlflow-trace ").map(|(at, _)| line[at..].to_owned()));
    starts.map(|line| line.split([')', '|', '#']).next().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn every_other_command_line_in_the_documentation_is_understood() {
    let mut number = 0;
    for page in pages() {
        for block in blocks(&fs::read_to_string(&page).unwrap(), "bash") {
            for line in command_lines(&block) {
                let read = Cli::try_parse_from(words(&line));
                assert!(read.is_ok(), "{}: {line}: {}", page.display(), read.unwrap_err());
                number += 1;
            }
        }
    }
    assert!(number > 3, "{number} command lines");
}
