//! What is told about a run that nobody watches.

use std::path::PathBuf;

use crate::cli::{RetentionRunArgs, SelectionArgs};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{apart, append};
use crate::filter::Filter;
use crate::model::masked;
use crate::output::count_traces;
use crate::retention::{RunError, RunRecord, RunReport};
use crate::settings::joined;

/// A report on a run of which nothing is known yet.
pub fn begun(context: &Context<'_>, args: &RetentionRunArgs) -> RunReport {
    let policy = args.policy.as_ref().map(|file| file.display().to_string());
    RunReport {
        command: "retention run",
        rules: policy.clone().unwrap_or_else(|| rules(context, args)),
        policy,
        tracking_uri: context.source_name(),
        started_ms: context.ui.clock().now_ms(),
        took_ms: 0,
        dry_run: args.dry_run || args.plan.is_some(),
        record: RunRecord::default(),
        exit: Exit::Done.code(),
        error: None,
    }
}

/// The flags that take the place of a policy, the same text on every run: times that count from now are checked against 0.
pub fn rules(context: &Context<'_>, args: &RetentionRunArgs) -> String {
    let mut words: Vec<String> = args.older_than.iter().map(|age| format!("--older-than {age}")).collect();
    let flags = SelectionArgs { filter_file: None, ..args.selection.clone() };
    let selection = Filter::parse("").ok().and_then(|all| joined(&all, &flags, 0).ok()).filter(|text| !text.is_empty());
    words.extend(args.filter().into_iter().chain(selection.as_deref()).map(|text| format!("--filter {text:?}")));
    words.extend(args.selection.filter_file.iter().map(|file| format!("--filter-file {}", file.display())));
    words.extend(args.keep_if.iter().map(|text| format!("--keep-if {text:?}")));
    words.extend(context.settings.experiments.iter().map(|named| format!("-x {}", named.word())));
    words.join(" ")
}

/// How it ended. A closed standard output is no failure.
pub fn conclude(report: &mut RunReport, result: &CommandResult) {
    let told = |error: &CliError| RunError {
        code: error.exit.word(),
        message: masked(&error.message).into_owned(),
        hint: masked(&error.hints.join("\n")).into_owned(),
    };
    let (exit, error) = match result {
        Ok(Exit::Done) => (Exit::Done, None),
        Ok(exit) => {
            let message = format!("{} not attempted", count_traces(report.not_attempted()));
            (*exit, Some(told(&CliError::new(*exit, format!("{}; {message}", exit.word())))))
        }
        Err(error) if error.is_closed_output => (Exit::Done, None),
        Err(error) => (error.exit, Some(told(error))),
    };
    (report.exit, report.error) = (exit.code(), error);
}

/// Adds the line to the file of those of earlier runs. The run has ended as it has, whether or not that succeeds.
pub async fn keep(context: &mut Context<'_>, file: PathBuf, line: String) {
    let name = file.display().to_string();
    let kept = apart(move || append(&file, &line)).await;
    if let Err(error) = kept.and_then(|kept| kept) {
        context.ui.warning(&format!("cannot write the summary of this run to {name}: {error}"));
    }
}
