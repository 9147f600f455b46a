//! The command tree and the flags that every command has.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand};

use super::assessments::{AssessmentCommand, ExpectationCommand, FeedbackCommand};
use super::changes::{ApplyArgs, RunsCommand, UndoArgs};
use super::check::CheckArgs;
use super::commands::{
    CompletionsArgs, CountArgs, DeleteArgs, ExperimentsCommand, GetArgs, ImportArgs, ManArgs, OpenArgs, SchemaArgs,
    SearchArgs, TagCommand, TopicArgs, VersionArgs,
};
use super::compare::{DiffArgs, SampleArgs};
use super::config::ConfigCommand;
use super::connection::ConnectionArgs;
use super::dataset::DatasetCommand;
use super::doctor::DoctorArgs;
use super::export::ExportArgs;
use super::filter::FilterCommand;
use super::mcp::McpArgs;
use super::measure::{KeysArgs, SessionsCommand, StatsArgs, UsersCommand};
use super::retention::RetentionCommand;
use super::review::ReviewArgs;
use super::tail::TailArgs;
use super::times::Period;
use super::values::{ColorChoice, OutputFormat};

/// Search, inspect, tag, annotate, export and expire MLflow traces
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

Topics: mlflow-trace help filters, formatting, environment, exit-codes, authentication, retention or scripting.

Exit codes: 0 success, 1 unexpected failure, 2 usage error, 3 partial success, 4 authentication or permission denied, 5 server unreachable or timed out, 6 server error, 7 safety stop, 8 check failed, 9 not found, 130 interrupted."
)]
pub struct Cli {
    /// Global options.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Global options.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct GlobalArgs {
    /// Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database
    /// (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow's folder mlruns, or demo [env:
    /// MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]
    #[arg(short = 'u', long, value_name = "URI", global = true)]
    pub tracking_uri: Option<String>,
    /// Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]
    #[arg(short = 'x', long = "experiment", aliases = ["experiment-id", "experiment-name"], value_name = "NAME|ID", global = true)]
    pub experiments: Vec<String>,
    /// Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]
    #[arg(short = 'o', long, value_name = "FORMAT", global = true, hide_possible_values = true)]
    pub output: Option<OutputFormat>,
    /// Filter JSON output with a jq expression; one result per line, strings without quotes. Implies -o json; with -o jsonl,
    /// each line is filtered separately
    #[arg(long, value_name = "EXPR", global = true)]
    pub jq: Option<String>,
    /// Format JSON output with a Jinja template, whose variables are the fields of the output; {{ it }} is the whole output.
    /// Implies -o json; with -o jsonl, the template is applied to each line
    #[arg(long, value_name = "TEXT", global = true, conflicts_with = "jq")]
    pub template: Option<String>,
    /// Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -
    #[arg(short = '0', long, global = true)]
    pub null: bool,
    /// When to use colours: auto, always or never
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = true)]
    pub color: ColorChoice,
    /// Hide status messages; print only data, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]
    #[arg(long, global = true)]
    pub no_pager: bool,
    /// Log requests to standard error; -vv adds retries and timings
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Hide the progress bar
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]
    #[arg(long, value_name = "DURATION", global = true, value_parser = super::times::wait)]
    pub timeout: Option<Period>,
    /// Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]
    #[arg(long, value_name = "N", global = true, value_parser = concurrency)]
    pub concurrency: Option<NonZeroUsize>,
    /// How the server is reached.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

fn concurrency(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .ok()
        .filter(|number: &NonZeroUsize| number.get() <= 32)
        .ok_or_else(|| "expected a number from 1 to 32".into())
}

impl Cli {
    /// Whether a profile is made, which takes nothing over from another one.
    #[must_use]
    pub fn makes_a_profile(&self) -> bool {
        matches!(&self.command, Command::Config(ConfigCommand::Init(_)))
    }

    /// Whether this is an unattended run, which shows only problems.
    #[must_use]
    pub fn is_unattended(&self) -> bool {
        matches!(&self.command, Command::Retention(RetentionCommand::Run(args)) if args.unattended.cron)
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Search traces
    Search(SearchArgs),
    /// Show traces with their spans
    Get(GetArgs),
    /// Print or open the page of a trace in the user interface
    Open(OpenArgs),
    /// Show traces as they end
    Tail(Box<TailArgs>),
    /// Count traces
    Count(CountArgs),
    /// Measure traces: durations, errors, tokens, costs and feedback
    Stats(StatsArgs),
    /// Check traces against limits; for releases and cron
    Check(Box<CheckArgs>),
    /// Compare two sets of traces, and show what sets them apart
    Diff(Box<DiffArgs>),
    /// Draw traces at random
    Sample(SampleArgs),
    /// Judge traces one by one on the terminal
    Review(Box<ReviewArgs>),
    /// List and show sessions
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace sessions list --since 1d
  mlflow-trace sessions show chat-7f31c0 -u demo")]
    Sessions(SessionsCommand),
    /// List and show users of the application
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace users list --order-by -cost
  mlflow-trace users show ana.ruiz -u demo")]
    Users(UsersCommand),
    /// List the tags, metadata, assessments and span attributes in use
    Keys(KeysArgs),
    /// Set and delete trace tags
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes
  mlflow-trace tag delete tr-8c9da0e91080e465367d509b505b35da reviewed")]
    Tag(TagCommand),
    /// Log, import, export and override feedback: judgements on traces
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace feedback log tr-8c9da0e91080e465367d509b505b35da --name helpful \\
    --value true
  mlflow-trace feedback log --client-request-id req-001 --name score \\
    --value 0.9 --source-type LLM_JUDGE --source-id gpt-4o")]
    Feedback(FeedbackCommand),
    /// Log, import and export expectations: the right answers for traces
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace expectation log tr-8c9da0e91080e465367d509b505b35da \\
    --name answer --value Paris
  mlflow-trace expectation log --client-request-id req-001 --name facts \\
    --type json --value '[\"Paris\", \"France\"]'")]
    Expectation(ExpectationCommand),
    /// List, show, update and delete feedback and expectations
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace assessment list tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace assessment update tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --value false")]
    Assessment(AssessmentCommand),
    /// Delete traces permanently
    Delete(DeleteArgs),
    /// Expire old traces by policy or by age
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace retention plan --policy retention.toml
  mlflow-trace retention run --older-than 90d --max-delete 10000 -x my-app --yes")]
    Retention(RetentionCommand),
    /// Apply a plan file written by --plan
    Apply(ApplyArgs),
    /// Undo the changes a run made
    Undo(UndoArgs),
    /// List and show past runs, and release their locks
    #[command(subcommand)]
    #[command(after_help = "Examples:
  mlflow-trace runs list
  mlflow-trace runs show 20261122T143000Z-ab12cd")]
    Runs(RunsCommand),
    /// Export traces to a file, a directory, an object store or an OpenTelemetry backend
    Export(ExportArgs),
    /// Import exported traces into a tracking server
    Import(ImportArgs),
    /// Check, explain, format and translate filters
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
    /// List, create and fill evaluation datasets
    #[command(subcommand)]
    #[command(
        visible_alias = "datasets",
        after_help = "Examples:
  mlflow-trace dataset create questions
  mlflow-trace dataset add answers \"status = 'OK'\" --dry-run"
    )]
    Dataset(DatasetCommand),
    /// Check connection, credentials, permissions, spans and speed
    Doctor(DoctorArgs),
    /// Profiles: named servers with credentials and safety limits
    #[command(
        subcommand,
        after_help = "Precedence: flags, environment variables, the profile, defaults.

Examples:
  mlflow-trace config init dev -u http://localhost:5000 -x my-app --no-test
  mlflow-trace config show"
    )]
    Config(ConfigCommand),
    /// Serve read-only tools to agents by the Model Context Protocol
    Mcp(McpArgs),
    /// Print a skill file for coding agents
    #[command(after_help = "Examples:
  mlflow-trace agent-skill > SKILL.md
  mlflow-trace agent-skill | head -n 4")]
    AgentSkill,
    /// Print the JSON Schema of a command's output
    Schema(SchemaArgs),
    /// Print the version, or check for a newer one
    Version(VersionArgs),
    /// Print a shell completion script
    Completions(CompletionsArgs),
    /// Explain a topic
    #[command(hide = true)]
    Topic(TopicArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
}
