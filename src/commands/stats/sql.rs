//! `stats --sql`: the question for a query engine, which is asked over the Parquet files of `export`.

use serde_json::json;

use super::refused;
use crate::analysis::stats::{Metric, Question, SqlSource};
use crate::cli::{OutputFormat, SqlDialect, StatsArgs};
use crate::commands::filter_sql::dialect;
use crate::commands::selection::{self, Selected};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;

/// Prints the statement. Metrics that nobody named are left out where no column answers them.
pub fn run(
    context: &mut Context<'_>,
    args: &StatsArgs,
    wanted: SqlDialect,
    mut question: Question,
    is_usual: bool,
    format: OutputFormat,
) -> CommandResult {
    if !matches!(format, OutputFormat::Table | OutputFormat::Json) {
        return Err(CliError::usage("--sql prints a statement, which has no rows").hint("omit -o, or use -o json"));
    }
    let dialect = dialect(wanted);
    let Selected::Matches(filter) = selection::selected(context, &args.read.filter, &args.read.selection)? else {
        return Err(CliError::usage("--sql cannot be used with trace ids from standard input").hint("give a filter"));
    };
    if is_usual {
        question.metrics.retain(|metric: &Metric| metric.is_in_sql(dialect));
    }
    let condition = filter.to_sql(dialect, &args.table)?;
    let source = SqlSource { dialect, table: &args.table, condition: &condition };
    let statement = question.to_sql(source).map_err(refused)?;
    if format == OutputFormat::Json {
        context.write_json(&json!({"dialect": dialect.name(), "sql": statement}))?;
    } else {
        writeln!(context.ui.output(), "{statement}")?;
    }
    Ok(Exit::Done)
}
