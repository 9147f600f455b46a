//! Usage errors: what is wrong with a command line, and what to type instead.
//!
//! People bring flags and commands from MLflow's own command line, from its SDK, from gh and from kubectl. Those that mean
//! the same as one of ours are aliases; the others are in the tables here, with what to type. This module only makes texts.

use crate::model::nearest;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Command, CommandFactory, Parser, ValueEnum};

use super::{Cli, OutputFormat, Topic};

/// A command line that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct UsageError {
    /// Error message without hints.
    pub message: String,
    /// What to type instead.
    pub hints: Vec<String>,
}

/// Flags of other programs and their equivalents here; command lines in backticks can be typed as they are.
pub const FLAGS: &[(&[&str], &str)] = &[
    (
        &["--errors", "--error", "--failed", "--failures", "--only-errors"],
        "to find failed traces: `mlflow-trace search --status ERROR`",
    ),
    (&["--ok", "--success"], "to find successful traces: `mlflow-trace search --status OK`"),
    (
        &["--group-by", "--groupby", "--aggregate"],
        "to count by field: `mlflow-trace count --by tags.team`; for durations, tokens and cost: `mlflow-trace stats --by tags.team`",
    ),
    (&["--format", "--output-format", "--out"], "to choose the format, use -o: `mlflow-trace search -o json`"),
    (&["--json"], "for JSON, use -o json: `mlflow-trace search -o json`"),
    (&["--jsonl", "--ndjson"], "for JSON Lines, use -o jsonl: `mlflow-trace search -o jsonl`"),
    (&["--csv"], "for CSV, use -o csv: `mlflow-trace search -o csv`"),
    (
        &["--jsonpath"],
        "for parts of JSON, use --jq: `mlflow-trace search --jq .[].info.tags`, or pass paths to --fields",
    ),
    (
        &["--column", "--select", "--show"],
        "to choose columns, use --fields: `mlflow-trace search --fields trace_id,status`",
    ),
    (
        &["--experiment-ids", "--experiment-names", "--experiments", "--locations"],
        "repeat -x for each experiment: `mlflow-trace search -x 1 -x 2`",
    ),
    (&["--all-namespaces"], "to search all experiments: `mlflow-trace search --all-experiments`"),
    (
        &["--page-token", "--page-size", "--page", "--max-items"],
        "there is no paging; use `mlflow-trace search --limit 500`, or --all for everything",
    ),
    (
        &["--selector", "--label", "--labels", "--tags"],
        "to select by tag, use --tag: `mlflow-trace search --tag team=search`",
    ),
    (&["--metadata"], "to select by metadata, use --meta: `mlflow-trace search --meta team=search`"),
    (
        &["--where", "--query", "--search", "--condition"],
        "pass the filter as an argument: `mlflow-trace search \"status = 'ERROR'\"`",
    ),
    (&["--contains", "--grep", "--match"], "to search text in spans, use --text: `mlflow-trace search --text refund`"),
    (
        &[
            "--start-time",
            "--start",
            "--from",
            "--after",
            "--newer-than",
            "--last",
            "--days",
            "--age",
            "--min-timestamp-millis",
        ],
        "for a start time, use --since: `mlflow-trace search --since 7d`",
    ),
    (
        &["--end-time", "--end", "--to", "--before", "--max-timestamp-millis"],
        "for an end time, use --until: `mlflow-trace search --until 2026-11-01`",
    ),
    (
        &["--latency", "--slower-than", "--min-latency", "--duration"],
        "for a minimum duration, use --min-duration: `mlflow-trace search --min-duration 5s`",
    ),
    (
        &["--include-spans", "--spans"],
        "to read spans, use `mlflow-trace get TRACE_ID`, or for many traces `mlflow-trace export traces.jsonl --spans`",
    ),
    (&["--no-include-spans", "--no-spans"], "search never fetches spans; omit this flag"),
    (
        &["--trace-id", "--trace-ids", "--request-id", "--id", "--ids"],
        "pass ids as arguments: `mlflow-trace get TRACE_ID`",
    ),
    (&["--assessment-id"], "pass ids as arguments: `mlflow-trace assessment get TRACE_ID ASSESSMENT_ID`"),
    (&["--key"], "pass tags as KEY=VALUE: `mlflow-trace tag set TRACE_ID reviewed=yes`"),
    (&["--max-traces"], "to cap a deletion, use --max-delete: `mlflow-trace delete --status ERROR --max-delete 100`"),
    (
        &["--force", "--no-confirm", "--no-input", "--assume-yes", "--confirm"],
        "to skip the confirmation prompt, use --yes",
    ),
    (&["--watch", "--follow", "--tail"], "to see traces as they end: `mlflow-trace tail -n 5`, with -f to go on"),
    (&["--count", "--count-only"], "to count: `mlflow-trace count`"),
    (
        &["--server", "--host", "--url", "--uri", "--endpoint", "--backend-store-uri", "--registry-uri"],
        "to name the server, use -u: `mlflow-trace search -u http://localhost:5000`",
    ),
    (
        &["--token", "--password", "--username", "--context"],
        "set credentials with MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
    ),
    (&["--debug", "--log-level"], "to see what is sent: `mlflow-trace search --verbose`"),
    (&["--no-headers", "--no-header"], "for output without a header, use `mlflow-trace search -o ids`, or -o jsonl"),
    (
        &["--reverse", "--desc", "--descending"],
        "to sort in descending order, put a minus before the field: `mlflow-trace search --order-by -duration`",
    ),
];

/// Commands of other programs and their equivalents here.
pub const COMMANDS: &[(&[&str], &str)] = &[
    (&["ls", "list", "find", "query", "grep", "search-traces", "filter-traces"], "`mlflow-trace search`"),
    (&["show", "view", "describe", "cat", "get-trace", "inspect"], "`mlflow-trace get TRACE_ID`"),
    (&["browse", "ui", "url", "link"], "`mlflow-trace open TRACE_ID`"),
    (&["traces", "trace"], "omit that word: `mlflow-trace search`"),
    (&["rm", "remove", "del", "delete-traces"], "`mlflow-trace delete TRACE_ID`"),
    (&["set-tag", "set-trace-tag", "label"], "`mlflow-trace tag set TRACE_ID reviewed=yes`"),
    (&["delete-tag", "remove-tag", "untag"], "`mlflow-trace tag delete TRACE_ID reviewed`"),
    (&["log-feedback", "annotate", "rate"], "`mlflow-trace feedback log TRACE_ID helpful=true`"),
    (&["log-expectation"], "`mlflow-trace expectation log TRACE_ID answer=Paris`"),
    (&["get-assessment"], "`mlflow-trace assessment get TRACE_ID ASSESSMENT_ID`"),
    (&["update-assessment"], "`mlflow-trace assessment update TRACE_ID ASSESSMENT_ID --value false`"),
    (&["delete-assessment"], "`mlflow-trace assessment delete TRACE_ID ASSESSMENT_ID`"),
    (&["assessments"], "`mlflow-trace assessment list TRACE_ID`"),
    (
        &["prune", "gc", "expire", "purge", "cleanup", "clean"],
        "`mlflow-trace retention run --older-than 90d --dry-run`",
    ),
    (&["dump", "download", "backup", "save"], "`mlflow-trace export traces.jsonl --spans`"),
    (&["load", "upload", "restore"], "`mlflow-trace import traces.jsonl`"),
    (&["experiment"], "`mlflow-trace experiments list`, or `mlflow-trace experiments create my-app`"),
    (&["run", "history", "log"], "`mlflow-trace runs list`"),
    (
        &["revert", "rollback"],
        "find the run with `mlflow-trace runs list`, then undo it with `mlflow-trace undo RUN_ID`",
    ),
    (&["fields", "columns", "explain"], "`mlflow-trace filter fields`"),
    (
        &["login", "auth", "configure", "init", "profile", "profiles"],
        "`mlflow-trace config init` makes a profile; or name the server: `mlflow-trace search -u http://localhost:5000`",
    ),
    (&["completion"], "`mlflow-trace completions bash`"),
];

impl Cli {
    /// Reads a command line; `help COMMAND` is `COMMAND --help`, but a topic comes before a command of its name.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut arguments: Vec<OsString> = arguments.into_iter().collect();
        if arguments.get(1).is_some_and(|word| word == "help") {
            let topic = arguments.get(2).and_then(|word| word.to_str()).and_then(Topic::named);
            if topic.is_some() {
                arguments[1] = "topic".into();
            } else {
                arguments.remove(1);
                arguments.push("--help".into());
            }
        }
        Self::try_parse_from(arguments)
    }
}

/// The output format that an invalid command line asks for.
#[must_use]
pub fn output_of(arguments: &[OsString]) -> Option<OutputFormat> {
    let words: Vec<&str> = arguments.iter().map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let after = |word: &str, next: Option<&&str>| {
        let joined = word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o").filter(|rest| !rest.is_empty()));
        joined
            .or_else(|| next.copied().filter(|_| matches!(word, "-o" | "--output")))
            .map(|format| format.trim_start_matches('=').to_owned())
    };
    let formats = words.iter().enumerate().filter_map(|(at, word)| after(word, words.get(at + 1)));
    formats.filter_map(|format| OutputFormat::from_str(&format, false).ok()).next_back()
}

impl UsageError {
    /// What clap found wrong, in the form that all errors have.
    #[must_use]
    pub fn new(error: &clap::Error, arguments: &[OsString]) -> Self {
        let text = error.render().to_string();
        let command = command_of(&text, arguments);
        let mut hints = suggestion(error, &command);
        hints.push(match command.path.as_str() {
            "" => "see `mlflow-trace --help` for all commands".to_owned(),
            path => format!("see `mlflow-trace {path} --help`"),
        });
        Self { message: message(&text), hints }
    }
}

/// What clap says, without its tips and its usage.
fn message(text: &str) -> String {
    let ends =
        |line: &str| ["tip:", "Usage:", "For more information"].iter().any(|end| line.trim_start().starts_with(end));
    let lines = text.lines().take_while(|line| !ends(line));
    let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    let whole = lines.join("\n");
    match whole.strip_prefix("error: ") {
        Some(rest) => rest.to_owned(),
        None => "missing command".to_owned(),
    }
}

/// The command that was meant.
struct Meant {
    command: Command,
    path: String,
}

/// As far as the words behind `Usage:` name one; where clap shows no usage, as for an invalid value, what was typed.
fn command_of(text: &str, arguments: &[OsString]) -> Meant {
    let usage = text.lines().find_map(|line| line.strip_prefix("Usage: "));
    match usage {
        Some(usage) => named_by(usage.split(' ').skip(1), false),
        None => named_by(arguments.iter().skip(1).filter_map(|word| word.to_str()), true),
    }
}

/// The command that these words name. Any other word ends the name, or is skipped.
fn named_by<'a>(words: impl Iterator<Item = &'a str>, skips_others: bool) -> Meant {
    let mut meant = Meant { command: Cli::command(), path: String::new() };
    for word in words {
        match meant.command.find_subcommand(word).cloned() {
            Some(command) => {
                let separator = if meant.path.is_empty() { "" } else { " " };
                meant = Meant { command, path: format!("{}{separator}{word}", meant.path) };
            }
            None if skips_others => {}
            None => break,
        }
    }
    meant
}

fn suggestion(error: &clap::Error, meant: &Meant) -> Vec<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::UnknownArgument => context(ContextKind::InvalidArg).map(|flag| instead_of_flag(flag, meant)),
        ErrorKind::InvalidSubcommand => {
            context(ContextKind::InvalidSubcommand).map(|word| instead_of_command(word, meant))
        }
        _ => None,
    }
    .unwrap_or_default()
}

fn instead_of_flag(flag: &str, meant: &Meant) -> Vec<String> {
    if !flag.starts_with('-') {
        let filter = "put the whole filter in quotes: `mlflow-trace search \"status = 'ERROR'\"`";
        let takes_filter = meant.command.get_arguments().any(|argument| argument.get_id() == "filter");
        let hint = if takes_filter { Some(filter) } else { instead_of_selecting("--filter", meant) };
        return hint.filter(|_| takes_filter || flag.contains(' ')).map(str::to_owned).into_iter().collect();
    }
    let flag = flag.split('=').next().unwrap_or(flag).to_lowercase().replace('_', "-");
    let own: Vec<String> = flags_of(&meant.command).collect();
    if own.contains(&flag) {
        return vec![format!("did you mean {flag}?")];
    }
    if let Some(hint) = instead_of_selecting(&flag, meant) {
        return vec![hint.to_owned()];
    }
    if let Some((_, hint)) = FLAGS.iter().find(|(names, _)| names.contains(&flag.as_str())) {
        return vec![(*hint).to_owned()];
    }
    nearest(&flag, own.iter().map(String::as_str)).map(|near| format!("did you mean {near}?")).into_iter().collect()
}

/// The equivalent of a filter or a limit for commands that select in another way.
fn instead_of_selecting(flag: &str, meant: &Meant) -> Option<&'static str> {
    let filters = ["--filter", "--filter-string", "--filter-file"].contains(&flag);
    let limits = ["-n", "--limit", "--max-results"].contains(&flag);
    match (filters, limits, meant.path.as_str()) {
        (.., "feedback export" | "expectation export") if flag == "--all" => {
            Some("without --limit all matches are exported; to add overridden ones, use --include-overridden")
        }
        (true, _, path) if path.starts_with("retention") => Some(
            "a policy file has its own filters; to expire by age and filter: `mlflow-trace retention run --older-than 30d --filter \"status = 'OK'\" --dry-run`",
        ),
        (_, true, path) if path.starts_with("retention") => Some(
            "retention has no limit, only a cap above which nothing is deleted: `mlflow-trace retention run --older-than 30d --max-delete 100 --dry-run`",
        ),
        (_, true, "count") => Some("count always counts all matches; to list a few: `mlflow-trace search --limit 10`"),
        (true, ..) => {
            Some("to get the ids that match a filter: `mlflow-trace search -o ids --filter \"status = 'ERROR'\"`")
        }
        _ => None,
    }
}

/// Every long flag of a command and of the whole program.
fn flags_of(command: &Command) -> impl Iterator<Item = String> {
    let root = Cli::command();
    let globals: Vec<_> = root.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
    let own: Vec<_> = command.get_arguments().cloned().collect();
    let named = own.into_iter().chain(globals).filter(|argument| !matches!(argument.get_action(), ArgAction::Version));
    named.filter_map(|argument| argument.get_long().map(|long| format!("--{long}")))
}

fn instead_of_command(word: &str, meant: &Meant) -> Vec<String> {
    let lower = word.to_lowercase().replace('_', "-");
    let known = COMMANDS.iter().filter(|_| meant.path.is_empty()).find(|(names, _)| names.contains(&lower.as_str()));
    if let Some((_, hint)) = known {
        return vec![(*hint).to_owned()];
    }
    let names: Vec<&str> = meant.command.get_subcommands().map(Command::get_name).collect();
    match nearest(&lower, names.iter().copied()) {
        Some(near) => {
            let separator = if meant.path.is_empty() { "" } else { " " };
            vec![format!("did you mean {}{separator}{near}?", meant.path)]
        }
        None => vec![format!("available commands: {}", names.join(", "))],
    }
}
