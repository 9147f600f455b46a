//! `filter sql`: the filter for those whose traces have outgrown one machine.

use serde_json::json;

use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context};
use crate::cli::{FilterSqlArgs, OutputFormat, SqlDialect};
use crate::exit::Exit;
use crate::filter::{Dialect, Filter, LintLevel};

pub fn run(context: &mut Context<'_>, args: &FilterSqlArgs) -> CommandResult {
    let format = context.output("filter sql", SUMMARY_FORMATS)?;
    let filter = Filter::parse_at(&args.filter, context.ui.clock().now_ms())?;
    let dialect = dialect(args.dialect);
    let condition = filter.to_sql(dialect, &args.table)?;
    // Advice is about servers.
    for lint in filter.lints().iter().filter(|lint| lint.level == LintLevel::Warning) {
        selection::show_lint(context, lint);
    }
    if format == OutputFormat::Json {
        context.write_json(&json!({"dialect": dialect.name(), "where": condition}))?;
    } else {
        writeln!(context.ui.output(), "{condition}")?;
    }
    Ok(Exit::Done)
}

/// The dialect of a query engine.
pub fn dialect(engine: SqlDialect) -> Dialect {
    match engine {
        SqlDialect::DuckDb => Dialect::DuckDb,
        SqlDialect::Spark => Dialect::Spark,
        SqlDialect::Postgres => Dialect::Postgres,
    }
}
