//! Arguments of each command.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::changes::{ArtifactsArgs, BulkArgs, ClockArgs, LockArgs, PaceArgs};
use super::selection::{FilterArgs, PartArgs, ReadingArgs, SelectionArgs};
use super::topics::Topic;
use super::values::{KeyValue, Shell};
use super::views::ViewArgs;

/// Arguments of `search`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace search \"status = 'ERROR' AND tags.environment = 'production'\" \\
    --limit 20
  mlflow-trace search 'metadata.`mlflow.trace.user` = \"jane\"' --all -o jsonl \\
    --fields trace_id,duration_ms,tags.team")]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct SearchArgs {
    /// The filter.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Sort by this field; -duration or "duration DESC" sorts in descending order; repeatable [default: newest first]
    #[arg(
        long,
        visible_alias = "sort",
        alias = "sort-by",
        value_name = "FIELD [ASC|DESC]",
        allow_hyphen_values = true
    )]
    pub order_by: Vec<String>,
    /// Slowest first; same as --order-by -duration
    #[arg(long, conflicts_with = "order_by")]
    pub slowest: bool,
    /// Stop after this many traces; 0 means no limit
    #[arg(long, short = 'n', alias = "max-results", value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub limit: u64,
    /// Return all matches; same as --limit 0
    #[arg(long)]
    pub all: bool,
    /// Fields to show, separated by commas: names such as status or tags.team, or paths such as
    /// info.trace_metadata.`a.b`
    #[arg(long, alias = "extract-fields", value_name = "FIELDS")]
    pub fields: Option<String>,
    /// Columns of the table: fields, separated by commas [default: those that fit]
    #[arg(long, value_name = "FIELDS", conflicts_with = "fields")]
    pub columns: Option<String>,
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

/// Arguments of `get`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace get tr-8c9da0e91080e465367d509b505b35da --view chat
  mlflow-trace search \"status = 'ERROR'\" -o ids | mlflow-trace get - -o jsonl")]
pub struct GetArgs {
    /// Trace ids, unique beginnings of ids, or addresses of trace pages; - reads ids from standard input
    #[arg(value_name = "TRACE_ID", required_unless_present = "last_error")]
    pub trace_ids: Vec<String>,
    /// Show the newest failed trace of those selected
    #[arg(long, conflicts_with = "trace_ids")]
    pub last_error: bool,
    /// With --last-error: only traces that match this filter
    #[arg(
        long,
        alias = "filter-string",
        value_name = "FILTER",
        requires = "last_error",
        conflicts_with = "filter_file"
    )]
    pub filter: Option<String>,
    /// With --last-error: search all active experiments
    #[arg(long, requires = "last_error", conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Show only the first N
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<NonZeroUsize>,
    /// How to show them.
    #[command(flatten)]
    pub views: ViewArgs,
    /// Verify an archive against the SHA-256 sums in its manifest first
    #[arg(long)]
    pub verify: bool,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `open`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace open tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace open tr-8c9da0e91080 -o json")]
pub struct OpenArgs {
    /// Trace id, a unique beginning of it, or the address of its page
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Open the page in a browser, too [env: BROWSER]
    #[arg(long, short = 'b')]
    pub browser: bool,
}

/// Arguments of `count`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace count --by error,version --since 1d
  mlflow-trace count \"status = 'ERROR'\" -x my-app -o json")]
pub struct CountArgs {
    /// The filter.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Count by fields, separated by commas; error, error.span, model, span.type and span.name read spans
    #[arg(long, visible_alias = "group-by", value_name = "FIELDS")]
    pub by: Vec<String>,
    /// With --by: show this many groups; the others are added up as the rest
    #[arg(long, value_name = "N", default_value = "20", requires = "by")]
    pub top: NonZeroUsize,
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

/// `tag` commands.
#[derive(Debug, Subcommand)]
pub enum TagCommand {
    /// Set tags on traces
    Set(TagSetArgs),
    /// Delete tags from traces
    Delete(TagDeleteArgs),
}

/// Arguments of `tag set`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes \\
    team=search
  mlflow-trace tag set --filter \"tags.environment = 'scratch'\" -x my-app \\
    keep=false --max 10000 --dry-run")]
pub struct TagSetArgs {
    /// Trace ids (- reads ids from standard input; none with a filter), followed by tags
    #[arg(value_name = "TRACE_ID… KEY=VALUE", num_args = 0..)]
    pub words: Vec<String>,
    /// Skip unknown trace ids instead of stopping
    #[arg(long)]
    pub ignore_missing: bool,
    /// Options of bulk changes.
    #[command(flatten)]
    pub bulk: BulkArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `tag delete`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace tag delete tr-8c9da0e91080e465367d509b505b35da reviewed
  mlflow-trace search \"tags.reviewed = 'no'\" -o ids \\
    | mlflow-trace tag delete - --key reviewed")]
pub struct TagDeleteArgs {
    /// Whole trace ids (tr-…, 32 hex digits, or - for standard input; none with a filter), followed by tag keys
    #[arg(value_name = "TRACE_ID… KEY", num_args = 0..)]
    pub words: Vec<String>,
    /// Tag key; all other arguments are then trace ids; repeatable
    #[arg(long = "key", value_name = "KEY")]
    pub keys: Vec<String>,
    /// Skip unknown trace ids instead of stopping
    #[arg(long)]
    pub ignore_missing: bool,
    /// Options of bulk changes.
    #[command(flatten)]
    pub bulk: BulkArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `delete`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace delete tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace delete --filter \"tags.environment = 'scratch'\" -x my-app \\
    --dry-run")]
pub struct DeleteArgs {
    /// Whole trace ids; - reads ids from standard input
    #[arg(value_name = "TRACE_ID", conflicts_with = "filter")]
    pub trace_ids: Vec<String>,
    /// Delete all traces that match this filter
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// Limit.
    #[command(flatten)]
    pub part: PartArgs,
    /// Delete nothing if more than this many traces would be deleted
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Show what would be deleted; delete nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Skip the confirmation prompt; required when not on a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write a plan to a new file for apply; delete nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// Artifacts.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// Clock options.
    #[command(flatten)]
    pub clock: ClockArgs,
    /// Pace.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace import traces.jsonl -x my-app --dry-run
  mlflow-trace export - --spans -x my-app \\
    | mlflow-trace import - -x my-app -o jsonl")]
pub struct ImportArgs {
    /// Files and directories of exported traces, read as one archive; - for standard input
    #[arg(value_name = "ARCHIVE", required = true)]
    pub archives: Vec<PathBuf>,
    /// Create missing experiments: that of --experiment, or those named in the archive
    #[arg(long)]
    pub create_experiments: bool,
    /// Show what would be imported; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// `experiments` commands.
#[derive(Debug, Subcommand)]
pub enum ExperimentsCommand {
    /// List experiments
    List(ExperimentsListArgs),
    /// Create an experiment
    Create(ExperimentsCreateArgs),
}

/// Arguments of `experiments create`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace experiments create my-new-app
  mlflow-trace experiments create my-app-2 --tag team=search -o json")]
pub struct ExperimentsCreateArgs {
    /// Experiment name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Experiment tag; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<KeyValue>,
    /// Where to store artifacts [default: chosen by the server]
    #[arg(long, value_name = "URI")]
    pub artifact_location: Option<String>,
}

/// Arguments of `experiments list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace experiments list
  mlflow-trace experiments list --deleted -o json")]
pub struct ExperimentsListArgs {
    /// Include deleted experiments
    #[arg(long)]
    pub deleted: bool,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace man | man -l -
  mlflow-trace man --directory .")]
pub struct ManArgs {
    /// Write a page for each command to a directory: mlflow-trace.1, mlflow-trace-search.1 and so on
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// What `help TOPIC` is read as.
#[derive(Debug, Args)]
pub struct TopicArgs {
    /// A topic
    #[arg(value_parser = |name: &str| Topic::named(name).ok_or("no such topic"))]
    pub topic: &'static Topic,
}

/// Arguments of `version`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace version
  mlflow-trace version -o json")]
pub struct VersionArgs {
    /// Check for a newer version at this URL; exit with code 8 if there is one [default: PyPI]
    #[arg(long, value_name = "URL", num_args = 0..=1, require_equals = true)]
    pub check: Option<Option<String>>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace schema
  mlflow-trace schema stats > stats.schema.json")]
pub struct SchemaArgs {
    /// Command, such as search or runs show; error for error messages [default: list all commands that write JSON]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Print the schema of one line of -o jsonl, not of -o json
    #[arg(long, requires = "command")]
    pub lines: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace completions bash \\
    > ~/.local/share/bash-completion/completions/mlflow-trace
  mlflow-trace completions zsh > ~/.zfunc/_mlflow-trace")]
pub struct CompletionsArgs {
    /// Shell: bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: Shell,
}
