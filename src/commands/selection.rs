//! Which experiments and which traces a command works on: the same for every command that selects.

mod experiments;
mod lints;

use std::path::Path;
use std::sync::Arc;

pub use self::experiments::{experiments, named_experiments};
pub use self::lints::show_lint;
use self::lints::show_lints;
use super::{Context, inputs, trace_ids, words};
use crate::cli::{FilterArgs, OutputFormat, SelectionArgs};
use crate::error::CliError;
use crate::filter::{Filter, FilterError, OrderBy, Residual};
use crate::model::{Experiment, TimeWindow, TraceId};
use crate::output::count;
use crate::settings::joined;
use crate::store::{Query, Store};

/// What a command works on.
pub enum Selected {
    /// What matches.
    Matches(Box<Filter>),
    /// Traces that are named one by one.
    Named(Vec<TraceId>),
}

/// Reads what a command works on: a filter and flags that select, or ids from standard input.
pub fn selected(context: &mut Context<'_>, args: &FilterArgs, flags: &SelectionArgs) -> Result<Selected, CliError> {
    if args.text() != Some("-") {
        return filter(context, args.text(), flags).map(|filter| Selected::Matches(Box::new(filter)));
    }
    if !flags.is_empty() {
        return Err(CliError::usage("both trace ids from standard input and selecting flags given")
            .hint("select first: `mlflow-trace search --status ERROR -o ids` writes ids"));
    }
    trace_ids::read(context, &["-".to_owned()]).map(Selected::Named)
}

/// Reads the filter and the flags that select, and shows what is odd about them.
pub fn filter(context: &mut Context<'_>, text: Option<&str>, flags: &SelectionArgs) -> Result<Filter, CliError> {
    let text = match &flags.filter_file {
        Some(file) => read_filter_file(context, file)?,
        None => text.unwrap_or("").to_owned(),
    };
    let now_ms = context.ui.clock().now_ms();
    let written = Filter::parse_at(&text, now_ms).map_err(|error| refused(error, &text))?;
    let filter = if flags.is_empty() { written } else { Filter::parse_at(&joined(&written, flags, now_ms)?, now_ms)? };
    show_lints(context, &filter, flags.strict)?;
    if filter.plan().residual().is_some_and(Residual::is_undecidable) {
        return Err(CliError::usage("the filter has a regular expression on spans that cannot be evaluated locally")
            .hint("simplify it, or join it only with AND, so that the server can evaluate it"));
    }
    let is_archive = context.settings.tracking_uri.as_ref().is_ok_and(|address| !address.is_server());
    if let Some(pattern) = filter.regex_of_servers().filter(|_| is_archive) {
        let message =
            format!("the regular expression {pattern:?} can only be evaluated by a server, not on an archive");
        return Err(CliError::usage(message)
            .hint("write the characters themselves instead of \\N{…}, or simplify it")
            .hint("check the filter with `mlflow-trace filter check`"));
    }
    if flags.server_only
        && let Some(residual) = filter.plan().residual()
    {
        return Err(CliError::usage(format!("the server cannot evaluate all of the filter: {}", residual.text()))
            .hint("omit --server-only, or see `mlflow-trace filter explain`"));
    }
    Ok(filter)
}

/// Whoever gives a trace id wants that trace.
fn refused(error: FilterError, text: &str) -> CliError {
    if !words::is_trace_id(text) {
        return error.into();
    }
    CliError::usage(format!("expected a filter, got the trace id {text:?}"))
        .hint(format!("`mlflow-trace get {text}` to show the trace"))
}

fn read_filter_file(context: &mut Context<'_>, file: &Path) -> Result<String, CliError> {
    let unreadable =
        |error: &std::io::Error| CliError::usage(format!("cannot read the filter from {}: {error}", file.display()));
    let read = inputs::text(context, file, inputs::TEXT);
    let text = read.map_err(|unread| unread.into_error(unreadable))?;
    Ok(text.trim().to_owned())
}

/// Says that only some of what a query finds, or of what was named, was taken, and of how many where that can be told.
pub async fn tell_part(context: &mut Context<'_>, store: &Store, query: Option<&Query>, taken: u64) {
    let taken = count(taken);
    let total = match query {
        Some(query) => store.known_total(query).await,
        None => None,
    };
    let first = if query.is_some() { "newest" } else { "first" };
    let part = match total {
        Some(total) => format!("the {first} {taken} of {}", count(total)),
        None => format!("the {first} {taken}, and there are more"),
    };
    context.ui.status(&format!("{part}; use --limit N for more, omit it for all"));
}

/// The filter and flags that select, if there are any; a filter that selects everything is refused.
pub fn selecting_filter(
    context: &mut Context<'_>,
    text: Option<&str>,
    flags: &SelectionArgs,
) -> Result<Option<Filter>, CliError> {
    if text.is_none() && flags.is_empty() {
        return Ok(None);
    }
    let filter = filter(context, text, flags)?;
    if filter.is_empty() {
        return Err(CliError::usage("an empty filter matches everything; nothing was changed")
            .hint("to select every trace, write timestamp_ms >= 0")
            .hint("to delete by age alone, omit the filter: `retention run --older-than …`"));
    }
    if filter.ignores_a_run() {
        return Err(CliError::usage("MLflow ignores a run_id condition of this filter, so it would select too much")
            .hint("name exactly one run; for traces without a run, write run_id IS NULL"));
    }
    if let Some(key) = filter.star_key() {
        return Err(CliError::usage(format!("{key} means a key named *; nothing was changed"))
            .hint("any feedback: feedback IS NOT NULL; any assessment: assessment IS NOT NULL; to use a key named *, put it in backticks"));
    }
    Ok(Some(filter))
}

/// A query over resolved experiments.
pub fn query(experiments: &[Experiment], filter: Filter, order_by: OrderBy) -> Query {
    let experiments = experiments.iter().map(|experiment| experiment.id.clone()).collect();
    Query { experiments, filter: Arc::new(filter), order_by: Arc::new(order_by), window: TimeWindow::default() }
}

/// The formats of commands whose result is one small object.
pub const SUMMARY_FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json];

/// The formats of commands that list traces or records.
pub const LIST_FORMATS: &[OutputFormat] = &[
    OutputFormat::Table,
    OutputFormat::Wide,
    OutputFormat::Json,
    OutputFormat::Jsonl,
    OutputFormat::Csv,
    OutputFormat::Ids,
];
