//! The command tree and the flags that every command has.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand};

use super::changes::{ApplyArgs, RunsCommand, UndoArgs};
use super::commands::{
    AssessmentCommand, CompletionsArgs, CountArgs, DeleteArgs, ExpectationCommand, ExperimentsCommand, FeedbackCommand,
    GetArgs, ImportArgs, SearchArgs, TagCommand,
};
use super::export::ExportArgs;
use super::filter::FilterCommand;
use super::retention::RetentionCommand;
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
  mlflow-trace -u http://localhost:5000 -x my-app search \\
    \"tags.environment = 'production'\" -o jsonl

Exit codes: 0 done, 1 unexpected failure, 2 usage, 3 partly done, 4 authentication or permission, 5 server not reached in time, 6 server refused or failed, 7 safety stop, 8 a check did not hold, 9 not found, 130 interrupted."
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
    /// Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]
    #[arg(short = 'u', long, value_name = "URI", global = true)]
    pub tracking_uri: Option<String>,
    /// Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]
    #[arg(short = 'x', long = "experiment", aliases = ["experiment-id", "experiment-name"], value_name = "NAME|ID", global = true)]
    pub experiments: Vec<String>,
    /// Output format [default: table]
    #[arg(short = 'o', long, value_name = "FORMAT", global = true, hide_possible_values = true)]
    pub output: Option<OutputFormat>,
    /// Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads
    #[arg(short = '0', long, global = true)]
    pub null: bool,
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
    /// Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]
    #[arg(long, value_name = "TIME", global = true, value_parser = super::values::wait)]
    pub timeout: Option<Period>,
    /// Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]
    #[arg(long, value_name = "N", global = true, value_parser = concurrency)]
    pub concurrency: Option<NonZeroUsize>,
}

fn concurrency(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .ok()
        .filter(|number: &NonZeroUsize| number.get() <= 32)
        .ok_or_else(|| "give a number from 1 to 32".into())
}

impl Cli {
    /// Whether nobody watches, so that nothing is shown but what went wrong.
    #[must_use]
    pub fn is_unattended(&self) -> bool {
        matches!(&self.command, Command::Retention(RetentionCommand::Run(args)) if args.unattended.cron)
    }
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
    #[command(after_help = "Examples:
  mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes
  mlflow-trace tag delete tr-8c9da0e91080e465367d509b505b35da reviewed")]
    Tag(TagCommand),
    /// Log feedback: what people, judges or programs think of a trace
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace feedback log tr-8c9da0e91080e465367d509b505b35da --name helpful \\
    --value true
  mlflow-trace feedback log --client-request-id req-001 --name score \\
    --value 0.9 --source-type LLM_JUDGE --source-id gpt-4o")]
    Feedback(FeedbackCommand),
    /// Log expectations: what a trace should have answered
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace expectation log tr-8c9da0e91080e465367d509b505b35da \\
    --name answer --value Paris
  mlflow-trace expectation log --client-request-id req-001 --name facts \\
    --type json --value '[\"Paris\", \"France\"]'")]
    Expectation(ExpectationCommand),
    /// List, show, change and delete feedback and expectations
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace assessment list tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace assessment update tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --value false")]
    Assessment(AssessmentCommand),
    /// Delete traces for good
    Delete(DeleteArgs),
    /// Expire old traces, by a policy or by age
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace retention plan --policy retention.toml
  mlflow-trace retention run --older-than 90d --max-delete 10000 -x my-app --yes")]
    Retention(RetentionCommand),
    /// Carry out a plan that --plan of another command wrote
    Apply(ApplyArgs),
    /// Take a run back that changed traces
    Undo(UndoArgs),
    /// List and show the runs that changed traces
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace runs list
  mlflow-trace runs show 20261122T143000Z-ab12cd")]
    Runs(RunsCommand),
    /// Write traces to a file, a directory or an object store
    Export(ExportArgs),
    /// Bring exported traces back to a server
    Import(ImportArgs),
    /// Check, explain and format filters
    #[command(
        subcommand,
        after_help = "Examples:
  mlflow-trace filter check \"status = 'ERROR' AND tags.team = 'search'\"
  mlflow-trace filter explain \"status = 'ERROR' OR duration > 5s\""
    )]
    Filter(FilterCommand),
    /// List and create experiments
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace experiments list
  mlflow-trace experiments create my-new-app")]
    Experiments(ExperimentsCommand),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Examples:
  mlflow-trace man > mlflow-trace.1
  mlflow-trace man | man -l -")]
    Man,
}
