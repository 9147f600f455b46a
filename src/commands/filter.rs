//! `filter check`, `explain`, `fmt` and `fields`; `sql` is in a file of its own.

mod explain;

use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Value, json};

use super::reference::{FieldEntry, entries};
use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context, inputs};
use crate::cli::{FilterCheckArgs, FilterCommand, FilterFormatArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, FilterError, LintLevel};
use crate::output::Record;

use self::explain::explain;
use super::experiments::write_list;

pub async fn run(context: &mut Context<'_>, command: FilterCommand) -> CommandResult {
    match command {
        FilterCommand::Check(args) => check(context, &args),
        FilterCommand::Explain(args) => explain(context, args).await,
        FilterCommand::Fmt(args) => format(context, &args),
        FilterCommand::Sql(args) => super::filter_sql::run(context, &args),
        FilterCommand::Fields => fields(context),
    }
}

fn check(context: &mut Context<'_>, args: &FilterCheckArgs) -> CommandResult {
    let format = context.output("filter check", SUMMARY_FORMATS)?;
    if let Some(file) = &args.input {
        return check_lines(context, file, args.strict);
    }
    let text = args.filter.as_deref().unwrap_or("");
    let now_ms = context.ui.clock().now_ms();
    if format == OutputFormat::Json {
        let (answer, is_right) = judge(text, now_ms, args.strict);
        context.write_json(&answer)?;
        return Ok(if is_right { Exit::Done } else { Exit::Usage });
    }
    let filter = Filter::parse_at(text, now_ms)?;
    let lints = filter.lints();
    for lint in &lints {
        selection::show_lint(context, lint);
    }
    if args.strict && has_warning(&filter) {
        return Err(CliError::usage("the filter has warnings (errors because of --strict)"));
    }
    context.ui.status(if lints.is_empty() { "Filter is valid." } else { "Filter is valid; see the warnings above." });
    Ok(Exit::Done)
}

/// One JSON string per line in, one JSON object per line out.
fn check_lines(context: &mut Context<'_>, file: &Path, strict: bool) -> CommandResult {
    let unreadable = |error: &std::io::Error| CliError::usage(format!("cannot read {}: {error}", file.display()));
    let read = inputs::text(context, file, inputs::LIST);
    let text = read.map_err(|unread| unread.into_error(unreadable))?;
    let now_ms = context.ui.clock().now_ms();
    let mut all_right = true;
    for (number, line) in BufReader::new(text.as_bytes()).lines().enumerate() {
        let line = line.map_err(|error| unreadable(&error))?;
        if line.trim().is_empty() {
            continue;
        }
        let filter: String = serde_json::from_str(&line).map_err(|error| {
            CliError::usage(format!("line {} of {} is not a JSON string: {error}", number + 1, file.display()))
        })?;
        let (answer, is_right) = judge(&filter, now_ms, strict);
        all_right &= is_right;
        writeln!(context.ui.output(), "{answer}")?;
    }
    Ok(if all_right { Exit::Done } else { Exit::Usage })
}

/// Everything that can be said about a filter without a server, and whether it is right.
fn judge(text: &str, now_ms: i64, strict: bool) -> (Value, bool) {
    match Filter::parse_at(text, now_ms) {
        Ok(filter) => {
            let plan = filter.plan();
            let lints = lints_json(&filter);
            let is_right = !strict || !has_warning(&filter);
            let answer = json!({
                "filter": text,
                "verdict": "accept",
                "extended": filter.is_extended(),
                "canonical": filter.canonical(),
                "server": plan.server_text(),
                "residual": plan.residual().map(crate::filter::Residual::text),
                "lints": lints,
            });
            (answer, is_right)
        }
        Err(error) => (json!({"filter": text, "verdict": "reject", "error": error_json(&error)}), false),
    }
}

fn has_warning(filter: &Filter) -> bool {
    filter.lints().iter().any(|lint| lint.level == LintLevel::Warning)
}

fn lints_json(filter: &Filter) -> Vec<Value> {
    let lint = |lint: crate::filter::Lint| json!({"level": lint.level.as_str(), "message": lint.message, "hint": lint.hint, "start": lint.span.start, "end": lint.span.end});
    filter.lints().into_iter().map(lint).collect()
}

fn error_json(error: &FilterError) -> Value {
    let span = error.span();
    json!({"message": error.message(), "hints": error.hints(), "start": span.start, "end": span.end})
}

fn format(context: &mut Context<'_>, args: &FilterFormatArgs) -> CommandResult {
    let filter = Filter::parse_at(&args.filter, context.ui.clock().now_ms())?;
    writeln!(context.ui.output(), "{}", filter.canonical())?;
    Ok(Exit::Done)
}

/// The reference, from the one list of what a trace can be asked.
fn fields(context: &mut Context<'_>) -> CommandResult {
    let format = context.output("filter fields", selection::LIST_FORMATS)?;
    let record = |entry: FieldEntry| {
        let FieldEntry { name, aliases, about, evaluated } = entry;
        let evaluated = evaluated.as_str();
        Record {
            shown: vec![name.as_str().into(), evaluated.into(), about.into(), aliases.join(", ").into()],
            value: json!({"field": name, "aliases": aliases, "about": about, "evaluated": evaluated}),
            id: name,
        }
    };
    let records: Vec<Record> = entries().into_iter().map(record).collect();
    if format == OutputFormat::Ids {
        // Names, which hold blanks.
        records.iter().try_for_each(|record| writeln!(context.ui.output(), "{}", record.id))?;
        return Ok(Exit::Done);
    }
    write_list(context, format, &["field", "evaluated by", "description", "aliases"], &records)?;
    Ok(Exit::Done)
}
