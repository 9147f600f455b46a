//! What `-o json` promises: every output of the tests is held against the schema of its command.

use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::{LazyLock, Mutex};

use clap::CommandFactory;
use jsonschema::Validator;
use mlflow_trace::cli::{Cli, OutputFormat};
use mlflow_trace::output::Schemas;
use serde_json::Value;

use super::Ended;

static COMMANDS: LazyLock<clap::Command> = LazyLock::new(Cli::command);
/// By command, and whether it is of lines; nothing where a command has no schema.
type Validators = HashMap<(String, bool), Option<Validator>>;
static VALIDATORS: LazyLock<Mutex<Validators>> = LazyLock::new(Mutex::default);

/// Fails if what was written as JSON is not what the schema of the command says. What ended in an error may be a part.
#[track_caller]
pub fn hold(arguments: &[OsString], ended: &Ended) {
    if ended.code.is_none() || !arguments.iter().any(|word| word.to_string_lossy().contains("json")) {
        return;
    }
    let Some((command, lines)) = asked(arguments) else { return };
    let is_failure = ended.code != Some(0);
    if lines {
        for line in ended.stdout.lines() {
            hold_document(&command, true, line, ended, is_failure);
        }
    } else if !ended.stdout.trim().is_empty() {
        hold_document(&command, false, &ended.stdout, ended, is_failure);
    }
    let error = ended.stderr.trim();
    if is_failure && error.starts_with("{\"error\"") {
        hold_document("error", false, error, ended, true);
    }
}

/// The command, and whether lines are asked for; nothing where no JSON is, or JSON of the caller's own making.
pub fn asked(arguments: &[OsString]) -> Option<(String, bool)> {
    let name = OsString::from("mlflow-trace");
    let mut matches = COMMANDS.clone().try_get_matches_from(std::iter::once(&name).chain(arguments)).ok()?;
    let mut words = Vec::new();
    while let Some((name, inner)) = matches.remove_subcommand() {
        words.push(name);
        matches = inner;
    }
    let is_shaped = ["jq", "template"].iter().any(|name| matches.get_one::<String>(name).is_some());
    match matches.get_one::<OutputFormat>("output") {
        Some(OutputFormat::Json) if !is_shaped => Some((words.join(" "), false)),
        Some(OutputFormat::Jsonl) if !is_shaped => Some((words.join(" "), true)),
        _ => None,
    }
}

#[track_caller]
fn hold_document(command: &str, lines: bool, text: &str, ended: &Ended, may_be_part: bool) {
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(_) if may_be_part => return,
        Err(error) => panic!("not JSON ({error}): {ended}"),
    };
    let mut validators = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let made = validators.entry((command.to_owned(), lines)).or_insert_with(|| {
        let schema = Schemas::of_this_version().of(command, lines)?;
        Some(jsonschema::validator_for(&schema).expect("a schema"))
    });
    let Some(validator) = made else { panic!("`mlflow-trace schema {command}` has no schema for {ended}") };
    let found: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    drop(validators);
    assert!(found.is_empty(), "not as `mlflow-trace schema {command}` says: {}\n{ended}", found.join("; "));
}
