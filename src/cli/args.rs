//! The command tree and the flags that every command has.

use clap::{Args, Parser, Subcommand};

use super::commands::{
    AssessmentCommand, CompletionsArgs, CountArgs, DeleteArgs, ExpectationCommand, ExperimentsCommand, ExportArgs,
    FeedbackCommand, GetArgs, RetentionCommand, SearchArgs, TagCommand,
};
use super::values::{ColorChoice, OutputFormat, Period};

/// The command line for MLflow traces: search, read, tag, annotate, export and expire
#[derive(Debug, Parser)]
#[command(
    name = "mlflow-trace",
    version,
    max_term_width = 110,
    disable_help_subcommand = true,
    after_help = "Examples:
  mlflow-trace --tracking-uri demo search \"status = 'ERROR'\"
  mlflow-trace -u http://localhost:5000 -x my-app search \"tags.environment = 'production'\" -o jsonl

Exit codes: 0 done, 1 unexpected failure, 2 usage, 3 partly done, 4 authentication or permission, 5 server not
reached in time, 6 server refused or failed, 7 safety stop, 8 a check did not hold, 130 interrupted."
)]
pub struct Cli {
    /// Flags that every command has.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command has.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Tracking server, `demo`, or `file:PATH` of exported traces [env: `MLFLOW_TRACKING_URI`]
    #[arg(short = 'u', long, value_name = "URI", global = true)]
    pub tracking_uri: Option<String>,
    /// Experiment to work in, by name or id; repeatable [env: `MLFLOW_EXPERIMENT_NAME`, `MLFLOW_EXPERIMENT_ID`]
    #[arg(short = 'x', long = "experiment", value_name = "NAME|ID", global = true)]
    pub experiments: Vec<String>,
    /// Output format [default: table]
    #[arg(short = 'o', long, value_name = "FORMAT", global = true, hide_possible_values = true)]
    pub output: Option<OutputFormat>,
    /// When to colour: auto, always, never
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = true)]
    pub color: ColorChoice,
    /// Print no status messages, only data, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say what is sent to the server; twice for every retry and timing
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Show no progress bar
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Give up on a request after this long [default: 120s] [env: `MLFLOW_HTTP_REQUEST_TIMEOUT`]
    #[arg(long, value_name = "TIME", global = true)]
    pub timeout: Option<Period>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find traces with a filter
    Search(SearchArgs),
    /// Show traces with their spans
    Get(GetArgs),
    /// Count traces
    Count(CountArgs),
    /// Set and delete tags
    #[command(subcommand)]
    Tag(TagCommand),
    /// Log feedback: what people, judges or programs think of a trace
    #[command(subcommand)]
    Feedback(FeedbackCommand),
    /// Log expectations: what a trace should have answered
    #[command(subcommand)]
    Expectation(ExpectationCommand),
    /// List, show, change and delete feedback and expectations
    #[command(subcommand)]
    Assessment(AssessmentCommand),
    /// Delete traces for good
    Delete(DeleteArgs),
    /// Expire old traces
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Write traces to a file
    Export(ExportArgs),
    /// List experiments
    #[command(subcommand)]
    Experiments(ExperimentsCommand),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Examples:
  mlflow-trace man > mlflow-trace.1
  mlflow-trace man | man -l -")]
    Man,
}
