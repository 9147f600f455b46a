//! Completion on the command line: values that the server, the journals or the settings know.
//!
//! Shells ask for it through the environment. It never asks anybody anything, and takes a quarter of a second at the most.

mod filter;
mod known;

use std::ffi::{OsStr, OsString};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use self::known::KnownValues;
use crate::cli::Cli;
use crate::model::field::Field;
use crate::settings::env::{COMPLETE, Environment};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_millis(250);

/// Answers a shell that asks for completions, or for the script that makes it ask. False if none does.
#[must_use]
pub fn complete(arguments: Vec<OsString>, environment: &Environment) -> bool {
    let known = Arc::new(KnownValues::new(&arguments, environment));
    let factory = || with_values(Cli::command(), "", &known);
    let shell = CompleteEnv::with_factory(factory).var(COMPLETE.name);
    // What is wrong stays unsaid: the shell would write it over the line that is typed.
    shell.try_complete(arguments, std::env::current_dir().ok().as_deref()).unwrap_or(true)
}

/// What is known about a value.
type Values = fn(&KnownValues, &str) -> Vec<String>;

fn with_values(command: Command, path: &str, known: &Arc<KnownValues>) -> Command {
    let path = format!("{path} {}", command.get_name());
    let with_value = |argument: Arg| match values(&path, &argument) {
        Some(values) => {
            let known = known.clone();
            // Some shells pass on the quotation mark that is open.
            let candidates = move |typed: &OsStr| {
                candidates(&known, values, typed.to_string_lossy().trim_start_matches(['\'', '"']))
            };
            argument.add(ArgValueCompleter::new(candidates))
        }
        None => argument,
    };
    command.mut_args(with_value).mut_subcommands(|command| with_values(command, &path, known))
}

/// Asks on a thread that can be left behind.
fn candidates(known: &Arc<KnownValues>, values: Values, typed: &str) -> Vec<CompletionCandidate> {
    let (found, finding) = mpsc::channel();
    let (known, text) = (known.clone(), typed.to_owned());
    std::thread::spawn(move || {
        let _ = found.send(values(&known, &text));
    });
    let found = finding.recv_timeout(PATIENCE).unwrap_or_default();
    found.into_iter().filter(|value| value.starts_with(typed)).map(CompletionCandidate::new).collect()
}

/// What completes a value, by what the help calls it.
fn values(path: &str, argument: &Arg) -> Option<Values> {
    let is_about = |word: &str| path.split(' ').any(|part| part == word);
    let is_judged = ["feedback", "expectation", "assessment", "review"].iter().any(|word| is_about(word));
    let name = argument.get_value_names()?.first()?.as_str();
    Some(match (argument.get_id().as_str(), name) {
        ("experiments", _) => |known, _| known.experiments(),
        ("profile", _) => |known, _| known.profiles(),
        ("name", _) if is_about("config") || is_about("login") || is_about("logout") => |known, _| known.profiles(),
        ("run_id", _) => |known, _| known.runs(),
        ("session", _) => |known, _| known.distinct(&|info| info.session().map(str::to_owned)),
        ("user", _) => |known, _| known.distinct(&|info| info.user().map(str::to_owned)),
        ("answer_name", _) | ("name", "NAME") if is_judged => |known, _| known.assessments(""),
        ("name", "NAME") if argument.get_long().is_some() => {
            |known, _| known.distinct(&|info| info.name().map(str::to_owned))
        }
        ("metadata", "KEY=VALUE") => |known, _| pairs(known, true),
        (_, "KEY=VALUE") => |known, _| pairs(known, false),
        (_, "KEY" | "TRACE_ID… KEY") => |known, typed| [trace_ids(known, typed), known.keys(false)].concat(),
        (_, "TRACE_ID… KEY=VALUE") => |known, typed| [trace_ids(known, typed), pairs(known, false)].concat(),
        (_, "TRACE_ID… NAME=VALUE") => |known, typed| [trace_ids(known, typed), known.assessments("=")].concat(),
        (_, "TRACE_ID") => trace_ids,
        (_, "ASSESSMENT_ID|NAME") => |known, _| known.assessments(""),
        (_, "FILTER") => |known, typed| filter::candidates(typed, known),
        (_, "FIELD" | "FIELDS" | "FIELD [ASC|DESC]" | "COLUMN") => |_, typed| fields(typed),
        _ => return None,
    })
}

fn trace_ids(known: &KnownValues, _: &str) -> Vec<String> {
    known.distinct(&|info| Some(info.trace_id.to_string()))
}

/// Keys with their values.
fn pairs(known: &KnownValues, is_metadata: bool) -> Vec<String> {
    known.pairs(is_metadata).into_iter().map(|(key, value)| format!("{key}={value}")).collect()
}

/// The last of a list of fields.
fn fields(typed: &str) -> Vec<String> {
    let before = typed.rfind(',').map_or("", |comma| &typed[..=comma]);
    Field::named().map(|row| format!("{before}{}", row.name)).collect()
}
