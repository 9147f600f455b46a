//! Arguments of `diff` and `sample`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::measure::ReadArgs;
use super::selection::{ReadingArgs, SelectionArgs};
use super::times::Period;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("sides").required(true).args(["filters", "versions", "runs", "window", "baseline"]),
    after_help = "What is more frequent in B, and what in A, is listed with the surest difference first. Differences that may be chance are left out.

Examples:
  mlflow-trace diff \"status = 'ERROR'\" -u demo
  mlflow-trace diff \"name = 'docs_search'\" \"name = 'support_agent'\" \\
    -u demo --spans"
)]
pub struct DiffArgs {
    /// Filters of A and of B; with one filter, B is what matches it and A is everything else
    #[arg(value_name = "FILTER", num_args = 1..=2)]
    pub filters: Vec<String>,
    /// Compare two versions of the application
    #[arg(long, value_names = ["A", "B"], num_args = 2)]
    pub versions: Vec<String>,
    /// Compare two MLflow runs
    #[arg(long, value_names = ["A", "B"], num_args = 2)]
    pub runs: Vec<String>,
    /// Compare the last period of this length (B), such as 1d, with the one before it (A)
    #[arg(long, value_name = "LENGTH", conflicts_with = "since")]
    pub window: Option<Period>,
    /// Compare the selected traces (B) with those of an exported file or directory (A)
    #[arg(long, value_name = "ARCHIVE")]
    pub baseline: Option<PathBuf>,
    /// Read spans: compare models, span names, span types, attributes and errors, too
    #[arg(long)]
    pub spans: bool,
    /// What to measure, as for stats
    #[arg(long, short = 'm', value_name = "METRICS")]
    pub metric: Vec<String>,
    /// Show this many of what is more frequent in B, and as many in A
    #[arg(long, value_name = "N", default_value = "10")]
    pub top: NonZeroUsize,
    /// Leave out values that fewer traces than this have
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub min_count: u64,
    /// Filter for both sides
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// All experiments, and verification.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `sample`.
#[derive(Debug, Args)]
#[command(
    after_help = "The sample depends on the seed and the traces alone: the same command gives the same ids. They come in random order, so the first ones are a sample, too.

Examples:
  mlflow-trace sample -n 5 --stratify status -u demo
  mlflow-trace sample \"name = 'support_agent'\" -n 3 -u demo \\
    --weight cost.total"
)]
pub struct SampleArgs {
    /// How many traces to draw
    #[arg(long, short = 'n', visible_alias = "size", value_name = "N", default_value = "100")]
    pub limit: NonZeroUsize,
    /// Draw from each group of these fields, separated by commas, in proportion to its size but at least one
    #[arg(long, value_name = "FIELDS")]
    pub stratify: Vec<String>,
    /// With --stratify: draw this many from each group
    #[arg(long, value_name = "N", requires = "stratify", conflicts_with = "limit")]
    pub per_group: Option<NonZeroUsize>,
    /// Draw traces with a higher value of this numeric field more often; traces without it are not drawn
    #[arg(long, value_name = "FIELD")]
    pub weight: Option<String>,
    /// Seed: another number gives another sample
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}
