//! Arguments of `tail`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use clap::{Args, ValueEnum};

use super::selection::{FilterArgs, SelectionArgs};
use super::times::Period;

/// How each trace is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TailView {
    /// One line
    Line,
    /// A digest: what was asked, what came out, the failing or slowest path
    Digest,
}

/// Arguments of `tail`.
#[derive(Debug, Args)]
#[command(
    after_help = "Traces are shown when they have ended, in the order of their ends, each once. With -f, tail goes on until it is interrupted.

Examples:
  mlflow-trace tail -n 20 --status ERROR
  mlflow-trace tail --since 5m --view digest"
)]
pub struct TailArgs {
    /// Which traces.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Keep showing traces as they end, until interrupted
    #[arg(short, long)]
    pub follow: bool,
    /// Start with this many traces that have already ended; with --since, all of them since then [default: 10]
    #[arg(short = 'n', long, value_name = "N", conflicts_with = "since")]
    pub limit: Option<usize>,
    /// Look for new traces this often
    #[arg(long, value_name = "DURATION", default_value = "2s", requires = "follow", value_parser = super::times::wait)]
    pub interval: Period,
    /// Skip traces that end or arrive longer than this after they started
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = super::times::wait)]
    pub lookback: Period,
    /// Stop after this long
    #[arg(long, value_name = "DURATION", requires = "follow", value_parser = super::times::wait)]
    pub max_time: Option<Period>,
    /// How to show each trace; digest reads spans
    #[arg(long, value_name = "VIEW", default_value = "line")]
    pub view: TailView,
    /// Use all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}
