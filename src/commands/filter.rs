//! `filter check`, `explain`, `fmt` and `fields`; `sql` is in a file of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Value, json};

use super::reference::{FieldEntry, entries};
use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context, inputs};
use crate::cli::{FilterCheckArgs, FilterCommand, FilterExplainArgs, FilterFormatArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, FilterError, LintLevel, OrderBy};
use crate::output::{Record, count_traces};

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

/// Everything that can be said of a filter without a server, and whether it is right.
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

async fn explain(context: &mut Context<'_>, args: FilterExplainArgs) -> CommandResult {
    let format = context.output("filter explain", SUMMARY_FORMATS)?;
    let filter = Filter::parse_at(&args.filter, context.ui.clock().now_ms())?;
    let plan = filter.plan();
    // Without a server the explanation is only shorter.
    let counted = match server_count(context, plan.server_text()).await {
        Ok(number) => Some(number),
        Err(error) => {
            if context.settings.tracking_uri.is_ok() {
                context.ui.warning(&format!("not counted: {}", error.message));
            }
            None
        }
    };
    let residual = plan.residual();
    if format == OutputFormat::Json {
        let explanation = json!({
            "server": plan.server_text(),
            "server_count": counted,
            "residual": residual.map(crate::filter::Residual::text),
            "further_queries": residual.map(further_queries).unwrap_or_default(),
            "fetches_spans": residual.is_some_and(crate::filter::Residual::needs_spans),
            "reads_spans_elsewhere": plan.searches_spans(),
            "lints": lints_json(&filter),
        });
        context.write_json(&explanation)?;
        return Ok(Exit::Done);
    }
    let server = if plan.server_text().is_empty() { "everything" } else { plan.server_text() };
    let counted = counted.map_or_else(String::new, |number| format!("   ({})", count_traces(number)));
    let output = context.ui.output();
    writeln!(output, "sent to the server:  {server}{counted}")?;
    match residual {
        None if plan.searches_spans() => {
            writeln!(output, "evaluated locally:   nothing, for traces in the tracking store")?;
        }
        None => writeln!(output, "evaluated locally:   nothing; the server's result is complete")?,
        Some(residual) => {
            writeln!(output, "evaluated locally:   {}", residual.text())?;
            for set in residual.server_sets() {
                writeln!(output, "also asked:          {set}")?;
            }
            let spans = if residual.needs_spans() { "for traces that the rest does not decide" } else { "none" };
            writeln!(output, "spans fetched:       {spans}")?;
        }
    }
    if plan.searches_spans() {
        writeln!(
            output,
            "spans elsewhere:     traces with spans outside of the tracking store are read and evaluated locally"
        )?;
    }
    for lint in &filter.lints() {
        selection::show_lint(context, lint);
    }
    Ok(Exit::Done)
}

async fn server_count(context: &Context<'_>, server_text: &str) -> Result<u64, CliError> {
    let store = context.store()?;
    let experiments = selection::experiments(context, &store, false).await?;
    let query = selection::query(&experiments, Filter::parse(server_text)?, OrderBy::parse(&[])?);
    Ok(store.count(&query).await?.0)
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
            shown: vec![name.clone(), evaluated.to_owned(), about.to_owned(), aliases.join(", ")],
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

/// What else a server is asked.
fn further_queries(residual: &crate::filter::Residual) -> Vec<String> {
    residual.server_sets().iter().map(ToString::to_string).collect()
}
