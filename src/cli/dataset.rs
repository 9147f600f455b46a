//! Arguments of `dataset`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use clap::{Args, Subcommand};

use super::measure::ReadArgs;
use super::values::KeyValue;

/// `dataset` commands.
#[derive(Debug, Subcommand)]
pub enum DatasetCommand {
    /// List evaluation datasets
    List(DatasetListArgs),
    /// Create an evaluation dataset
    Create(DatasetCreateArgs),
    /// Add traces to an evaluation dataset
    Add(Box<DatasetAddArgs>),
}

/// Arguments of `dataset list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace dataset list
  mlflow-trace dataset list --all-experiments -o json")]
pub struct DatasetListArgs {
    /// Use all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
}

/// Arguments of `dataset create`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace dataset create questions
  mlflow-trace dataset create regressions --tag team=search -o json")]
pub struct DatasetCreateArgs {
    /// Name of the dataset
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Tag of the dataset; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<KeyValue>,
}

/// Arguments of `dataset add`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each trace becomes a record: inputs and outputs of its root span, its expectations and its tags. A record with the same inputs gets the new outputs; expectations and tags are added to it. Running it again changes nothing.

Examples:
  mlflow-trace dataset add answers \"status = 'OK'\" --dry-run
  mlflow-trace sample -n 2 | mlflow-trace dataset add answers -"
)]
pub struct DatasetAddArgs {
    /// Name or id of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
    /// Show what would be added; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}
