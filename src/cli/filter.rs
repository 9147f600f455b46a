//! Arguments of the `filter` commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `filter` commands.
#[derive(Debug, Subcommand)]
pub enum FilterCommand {
    /// Check a filter for errors and likely mistakes
    Check(FilterCheckArgs),
    /// Show which parts of a filter run on the server and which run locally
    Explain(FilterExplainArgs),
    /// Format a filter
    Fmt(FilterFormatArgs),
    /// Translate a filter into an SQL WHERE clause
    Sql(FilterSqlArgs),
    /// List the fields that filters can use
    #[command(after_help = "Examples:
  mlflow-trace filter fields
  mlflow-trace filter fields -o json")]
    Fields,
}

/// Arguments of `filter check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace filter check \"status = 'ERROR' AND tags.team = 'search'\"
  mlflow-trace filter check \"tags.team != 'search' OR duration > 5s\" -o json")]
pub struct FilterCheckArgs {
    /// The filter
    #[arg(value_name = "FILTER", required_unless_present = "input", conflicts_with = "input")]
    pub filter: Option<String>,
    /// Check many filters: a file with one JSON string per line (- for standard input); prints one JSON object per line
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `filter explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace filter explain \"user = 'jane' OR tokens.total > 1000\"
  mlflow-trace filter explain \"NOT name LIKE 'test%'\" -o json")]
pub struct FilterExplainArgs {
    /// The filter
    #[arg(value_name = "FILTER")]
    pub filter: String,
}

/// Arguments of `filter fmt`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace filter fmt \"status='OK'and tags.team='search'\"
  mlflow-trace filter fmt \"duration > 5s or status in ('ERROR')\"")]
pub struct FilterFormatArgs {
    /// The filter
    #[arg(value_name = "FILTER")]
    pub filter: String,
}

/// Arguments of `filter sql`.
#[derive(Debug, Args)]
#[command(after_help = "The clause uses the columns of a Parquet export with one row per trace; in PostgreSQL,
tags, metadata, prompts, assessments and spans are jsonb. A filter without an exact
translation is refused.

Examples:
  mlflow-trace filter sql --dialect duckdb \"duration > 5s AND tags.team = 'a'\"
  mlflow-trace filter sql --dialect spark --table lake \"feedback.ok = 'true'\"")]
pub struct FilterSqlArgs {
    /// Query engine: duckdb, spark or postgres
    #[arg(long, value_enum)]
    pub dialect: SqlDialect,
    /// Table or view to query for feedback shared within a session
    #[arg(long, value_name = "NAME", default_value = "traces")]
    pub table: String,
    /// The filter
    #[arg(value_name = "FILTER", default_value = "")]
    pub filter: String,
}

/// Query engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SqlDialect {
    /// DuckDB 1.2 or later
    #[value(name = "duckdb")]
    DuckDb,
    /// Apache Spark 3.4 or later, Databricks
    Spark,
    /// PostgreSQL 12 or later
    Postgres,
}
