//! Arguments of `stats`, `sessions`, `users` and `keys`: many traces in numbers.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::filter::SqlDialect;
use super::selection::{FilterArgs, ReadingArgs, SelectionArgs};
use super::times::{Interval, Period};

/// Which traces are measured.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// The filter.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// All experiments, and verification.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Exit with code 8 if nothing matches
    #[arg(long)]
    pub fail_if_empty: bool,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `stats`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace stats --by name --since 7d
  mlflow-trace stats \"user = 'jane'\" --every 1d \\
    --metric traces,p95:duration,sum:cost.total -o csv")]
pub struct StatsArgs {
    /// Group by fields, separated by commas: status, name, user, session, version, error, tags.KEY, hour, weekday, or
    /// model, span.type and span.name, which read spans
    #[arg(long, value_name = "FIELDS")]
    pub by: Vec<String>,
    /// Group by time in UTC: a length such as 1h or 1d, or auto
    #[arg(long, value_name = "LENGTH")]
    pub every: Option<Interval>,
    /// What to measure, separated by commas: traces, errors, error_rate, or AGGREGATE:FIELD such as p95:duration,
    /// sum:cost.total, mean:feedback.score, yes:feedback.helpful
    #[arg(long, short = 'm', value_name = "METRICS")]
    pub metric: Vec<String>,
    /// Show the groups in which this metric is largest first [default: most traces first]
    #[arg(long, visible_alias = "sort", value_name = "METRIC")]
    pub order_by: Option<String>,
    /// Show this many groups; the others are added up as the rest
    #[arg(long, value_name = "N", default_value = "20")]
    pub top: NonZeroUsize,
    /// Compare the last period of this length, such as 7d, with the one before it, and say which differences are
    /// significant
    #[arg(long, value_name = "LENGTH", conflicts_with_all = ["every", "since"])]
    pub compare: Option<Period>,
    /// Read the spans and compare their tokens and costs with those of the traces
    #[arg(long)]
    pub cross_check: bool,
    /// Compute costs from a TOML file of prices; reads spans
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// Draw a chart below the table
    #[arg(long)]
    pub chart: bool,
    /// Write a chart to an SVG file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Write a chart to a PNG file
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// Write table and chart to an HTML page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    pub overwrite: bool,
    /// Print a SQL query for the same numbers over a Parquet export, and read nothing: duckdb, spark or postgres
    #[arg(
        long,
        value_enum,
        value_name = "DIALECT",
        hide_possible_values = true,
        conflicts_with_all = ["compare", "order_by", "cross_check", "prices", "chart", "svg", "png", "html", "watch"]
    )]
    pub sql: Option<SqlDialect>,
    /// With --sql: table or view to query
    #[arg(long, value_name = "NAME", default_value = "traces", requires = "sql")]
    pub table: String,
    /// Ask again this often [default: 10s]; relative times move along
    #[arg(
        long,
        value_name = "DURATION",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "10s",
        conflicts_with_all = ["compare", "chart", "svg", "png", "html"],
        value_parser = super::times::wait
    )]
    pub watch: Option<Period>,
    /// With --watch: stop after this long
    #[arg(long, value_name = "DURATION", requires = "watch", value_parser = super::times::wait)]
    pub max_time: Option<Period>,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `sessions` commands.
#[derive(Debug, Subcommand)]
pub enum SessionsCommand {
    /// List sessions
    List(Box<SessionsListArgs>),
    /// Show the conversation of a session
    Show(SessionsShowArgs),
}

/// Arguments of `sessions list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace sessions list --since 1d --order-by -turns
  mlflow-trace sessions list --user jane -o jsonl")]
pub struct SessionsListArgs {
    /// Sort by turns, first, last, duration, errors, tokens, cost or session; a minus sign in front reverses [default:
    /// -last]
    #[arg(long, visible_alias = "sort", value_name = "COLUMN", allow_hyphen_values = true)]
    pub order_by: Option<String>,
    /// Stop after this many sessions; 0 means no limit
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub limit: usize,
    /// List all sessions; same as --limit 0
    #[arg(long)]
    pub all: bool,
    /// Group hierarchical sessions (MLflow 3.18) by their first N levels
    #[arg(long, value_name = "N")]
    pub level: Option<NonZeroUsize>,
    /// Which traces: only turns that match are counted.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Arguments of `sessions show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace sessions show chat-7f31c0 -u demo
  mlflow-trace sessions show chat-7f31c0 -u demo --view table -o csv")]
pub struct SessionsShowArgs {
    /// Session id; a path such as trip/day-2 includes the sessions below it
    #[arg(value_name = "SESSION")]
    pub session: String,
    /// How to show it: chat (the conversation) or table (one line per turn)
    #[arg(long, value_name = "VIEW", default_value = "chat", hide_possible_values = true)]
    pub view: SessionView,
    /// Show long messages in full
    #[arg(long)]
    pub content: bool,
    /// Search all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
}

/// How a session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SessionView {
    /// The conversation over its turns
    Chat,
    /// One line per turn
    Table,
}

/// `users` commands.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// List users
    List(Box<UsersListArgs>),
    /// Show a user and their sessions
    Show(UsersShowArgs),
}

/// Arguments of `users list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace users list --since 30d --order-by -cost
  mlflow-trace users list -o csv")]
pub struct UsersListArgs {
    /// Sort by traces, sessions, first, last, errors, tokens, cost or user; a minus sign in front reverses [default:
    /// -traces]
    #[arg(long, visible_alias = "sort", value_name = "COLUMN", allow_hyphen_values = true)]
    pub order_by: Option<String>,
    /// Stop after this many users; 0 means no limit
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub limit: usize,
    /// List all users; same as --limit 0
    #[arg(long)]
    pub all: bool,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Arguments of `users show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace users show ana.ruiz -u demo
  mlflow-trace users show ana.ruiz -u demo -o json")]
pub struct UsersShowArgs {
    /// The application's user
    #[arg(value_name = "USER")]
    pub user: String,
    /// Search all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
}

/// Arguments of `keys`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace keys
  mlflow-trace keys \"status = 'ERROR'\" --spans -o json")]
pub struct KeysArgs {
    /// Read the spans, too: their names, types, models and attributes
    #[arg(long)]
    pub spans: bool,
    /// Show this many of the commonest values of each key
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub values: usize,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}
