//! Arguments of `check`.

// Doc comments are what `--help` shows: no Markdown. Each flag is a field.
#![allow(clippy::doc_markdown, clippy::struct_excessive_bools)]

use std::path::PathBuf;

use clap::Args;

use super::selection::{ReadingArgs, SelectionArgs};
use super::times::Period;
use super::values::KeyValue;

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every rule holds; 8 a rule is broken or has too little data; 3 some traces could not be read.

Examples:
  mlflow-trace check --max-error-rate 50% --max-p95 8s --min-count 5
  mlflow-trace check rules.toml --since 2025-01-01 --junit check.xml"
)]
pub struct CheckArgs {
    /// TOML file of rules, or - for standard input
    #[arg(value_name = "RULES")]
    pub rules: Option<PathBuf>,
    /// Upper limit of a metric of stats, such as p95:duration=8s or max:tokens.total=20000; repeatable
    #[arg(long, value_name = "METRIC=VALUE")]
    pub max: Vec<KeyValue>,
    /// Lower limit of a metric, such as traces=100 or yes:feedback.helpful=80%; repeatable
    #[arg(long, value_name = "METRIC=VALUE")]
    pub min: Vec<KeyValue>,
    /// Maximum error rate, such as 2%
    #[arg(long, value_name = "PERCENT")]
    pub max_error_rate: Option<String>,
    /// Maximum 95th percentile of durations, such as 8s
    #[arg(long, value_name = "DURATION")]
    pub max_p95: Option<String>,
    /// Maximum mean cost per trace in US dollars
    #[arg(long, value_name = "DOLLARS")]
    pub max_cost_per_trace: Option<String>,
    /// Minimum mean value of a feedback (yes counts as 1, no as 0); repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub min_feedback: Vec<KeyValue>,
    /// Filter that no trace may match; repeatable
    #[arg(long, value_name = "FILTER")]
    pub none: Vec<String>,
    /// Minimum number of traces with data for a rule; with fewer, the check fails [default: 1]
    #[arg(long, value_name = "N")]
    pub min_count: Option<u64>,
    /// Compare with this long before --since: error rate and median duration must not be significantly worse
    #[arg(long, value_name = "LENGTH", requires = "since")]
    pub baseline: Option<Period>,
    /// Write a JUnit XML report to a file
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Append a Markdown summary to a file, such as $GITHUB_STEP_SUMMARY
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Print GitHub annotations for broken rules on standard error
    #[arg(long)]
    pub github: bool,
    /// Replace an existing JUnit file
    #[arg(long)]
    pub overwrite: bool,
    /// Filter that selects the traces to check
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// All experiments, and verification.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}
