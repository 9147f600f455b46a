//! Arguments of each command.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::annotations::{
    ExpectationExportArgs, ExpectationImportArgs, FeedbackExportArgs, FeedbackImportArgs, FeedbackOverrideArgs,
    OnExistingChoice,
};
use super::changes::{ArtifactsArgs, BulkArgs, ClockArgs, LockArgs, PaceArgs};
use super::selection::{FilterArgs, PartArgs, SelectionArgs};
use super::values::{KeyValue, Shell, SourceType, ValueType};

/// Arguments of `search`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace search \"status = 'ERROR' AND tags.environment = 'production'\" \\
    --limit 20
  mlflow-trace search 'metadata.`mlflow.trace.user` = \"jane\"' --all -o jsonl \\
    --fields trace_id,duration_ms,tags.team")]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct SearchArgs {
    /// What is looked for.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Order by a field: -duration or "duration DESC" for the largest first; repeatable [default: newest first]
    #[arg(
        long,
        visible_alias = "sort",
        alias = "sort-by",
        value_name = "FIELD [ASC|DESC]",
        allow_hyphen_values = true
    )]
    pub order_by: Vec<String>,
    /// Stop after this many traces; 0 for all
    #[arg(long, short = 'n', alias = "max-results", value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub limit: u64,
    /// Return every match
    #[arg(long)]
    pub all: bool,
    /// What to show: names such as status or tags.team, or paths such as info.trace_metadata.`a.b`, separated by commas
    #[arg(long, alias = "extract-fields", value_name = "FIELDS")]
    pub fields: Option<String>,
    /// Search every active experiment of the server
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// First hold an archive against the SHA-256 in its manifest
    #[arg(long)]
    pub verify: bool,
    /// Exit with 8 if nothing matches
    #[arg(long)]
    pub fail_if_empty: bool,
    /// Which traces; last, because its heading holds for everything behind it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `get`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace get tr-8c9da0e91080e465367d509b505b35da --content
  mlflow-trace search \"status = 'ERROR'\" -o ids | mlflow-trace get - -o jsonl")]
pub struct GetArgs {
    /// Trace ids; - reads them from standard input
    #[arg(value_name = "TRACE_ID", required = true)]
    pub trace_ids: Vec<String>,
    /// Show the first N of them
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<NonZeroUsize>,
    /// Show the inputs and outputs of every span
    #[arg(long)]
    pub content: bool,
    /// First hold an archive against the SHA-256 in its manifest
    #[arg(long)]
    pub verify: bool,
}

/// Arguments of `count`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace count
  mlflow-trace count \"status = 'ERROR'\" -x my-app -o json")]
pub struct CountArgs {
    /// What is looked for.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Count in every active experiment of the server
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// First hold an archive against the SHA-256 in its manifest
    #[arg(long)]
    pub verify: bool,
    /// Exit with 8 if nothing matches
    #[arg(long)]
    pub fail_if_empty: bool,
    /// Which traces; last, because its heading holds for everything behind it.
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
    /// Trace ids (- reads them from standard input) unless a filter selects, then the tags
    #[arg(value_name = "TRACE_ID… KEY=VALUE", num_args = 0..)]
    pub words: Vec<String>,
    /// Leave out ids that the server does not know instead of stopping
    #[arg(long)]
    pub ignore_missing: bool,
    /// How many, and whether to ask.
    #[command(flatten)]
    pub bulk: BulkArgs,
    /// Which traces; last, because its heading holds for everything behind it.
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
    /// Trace ids (tr-…, 32 hex digits, or - for standard input) unless a filter selects, then the tag keys
    #[arg(value_name = "TRACE_ID… KEY", num_args = 0..)]
    pub words: Vec<String>,
    /// A tag key; with it every other word is a trace id; repeatable
    #[arg(long = "key", value_name = "KEY")]
    pub keys: Vec<String>,
    /// Leave out ids that the server does not know instead of stopping
    #[arg(long)]
    pub ignore_missing: bool,
    /// How many, and whether to ask.
    #[command(flatten)]
    pub bulk: BulkArgs,
    /// Which traces; last, because its heading holds for everything behind it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Who made an assessment.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// Who judges: HUMAN, LLM_JUDGE or CODE
    #[arg(long, value_name = "TYPE", default_value = "HUMAN", hide_possible_values = true)]
    pub source_type: SourceType,
    /// Name of the judge [default for HUMAN: user@host]
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
}

/// `feedback` commands.
#[derive(Debug, Subcommand)]
pub enum FeedbackCommand {
    /// Log feedback on a trace or one of its spans
    Log(FeedbackLogArgs),
    /// Log feedback on many traces, from the rows of a file
    Import(FeedbackImportArgs),
    /// Write feedback as rows that import reads
    Export(Box<FeedbackExportArgs>),
    /// Put another judgement in the place of one, which stays on record
    Override(FeedbackOverrideArgs),
}

/// Arguments of `feedback log`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace feedback log tr-8c9da0e91080e465367d509b505b35da helpful=true \\
    --rationale \"answers the question\"
  mlflow-trace feedback log --client-request-id req-001 --name score \\
    --value 0.9 --source-type LLM_JUDGE --source-id gpt-4o")]
pub struct FeedbackLogArgs {
    /// What is logged.
    #[command(flatten)]
    pub assessment: NewAssessmentArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
}

/// What feedback and expectations have in common when they are logged.
#[derive(Debug, Args)]
pub struct NewAssessmentArgs {
    /// Trace ids (- reads them from standard input), then what is said of each
    #[arg(value_name = "TRACE_ID… NAME=VALUE", num_args = 0..)]
    pub words: Vec<String>,
    /// The id the application gave the request, instead of trace ids; exactly one trace must have it
    #[arg(long, value_name = "ID")]
    pub client_request_id: Option<String>,
    /// Name of the feedback or expectation; with it every word is a trace id
    #[arg(long, value_name = "NAME", requires = "value")]
    pub name: Option<String>,
    /// The judgement, or what is expected
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true, requires = "name")]
    pub value: Option<String>,
    /// How to read the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true)]
    pub value_type: ValueType,
    /// Who judges or expects.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Additional information; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<KeyValue>,
    /// The span it is about, in hex or base64 [default: the whole trace]
    #[arg(long, value_name = "ID")]
    pub span_id: Option<String>,
    /// What to do where the source has said something else of this name on the trace or span: skip, override (the newest;
    /// others that still count are named) or append [default: append, and say so; what says the same is not logged twice]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub on_existing: Option<OnExistingChoice>,
}

/// `expectation` commands.
#[derive(Debug, Subcommand)]
pub enum ExpectationCommand {
    /// Log an expectation on a trace or one of its spans
    Log(ExpectationLogArgs),
    /// Log expectations on many traces, from the rows of a file
    Import(ExpectationImportArgs),
    /// Write expectations as rows that import reads
    Export(Box<ExpectationExportArgs>),
}

/// Arguments of `expectation log`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace expectation log tr-8c9da0e91080e465367d509b505b35da answer=Paris
  mlflow-trace expectation log --client-request-id req-001 --name facts \\
    --type json --value '[\"Paris\", \"France\"]'")]
pub struct ExpectationLogArgs {
    /// What is logged.
    #[command(flatten)]
    pub assessment: NewAssessmentArgs,
}

/// `assessment` commands.
#[derive(Debug, Subcommand)]
pub enum AssessmentCommand {
    /// List the feedback, expectations and issues of traces
    List(AssessmentListArgs),
    /// Show one assessment
    Get(AssessmentGetArgs),
    /// Change a feedback or an expectation
    Update(AssessmentUpdateArgs),
    /// Delete an assessment
    Delete(AssessmentDeleteArgs),
}

/// Arguments of `assessment list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace assessment list tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace assessment list tr-8c9da0e91080e465367d509b505b35da \\
    --include-overridden -o json")]
pub struct AssessmentListArgs {
    /// Trace ids; - reads them from standard input
    #[arg(value_name = "TRACE_ID", required = true)]
    pub trace_ids: Vec<String>,
    /// Show assessments that another one overrides, too
    #[arg(long)]
    pub include_overridden: bool,
}

/// Arguments of `assessment get`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace assessment get tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0
  mlflow-trace assessment get tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 -o json")]
pub struct AssessmentGetArgs {
    /// Id of the trace
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Id of the assessment, or its name if no other one of the trace has it
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
}

/// Arguments of `assessment update`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace assessment update tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --value false
  mlflow-trace assessment update tr-8c9da0e91080e465367d509b505b35da \\
    helpful --rationale \"read again\"")]
pub struct AssessmentUpdateArgs {
    /// Id of the trace
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Id of the assessment, or its name if no other one of the trace has it
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
    /// New value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub value: Option<String>,
    /// How to read the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true, requires = "value")]
    pub value_type: ValueType,
    /// New name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// New rationale of a feedback; empty to remove it
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
    /// Metadata to add or replace; the server cannot remove any; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<KeyValue>,
}

/// Arguments of `assessment delete`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace assessment delete tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0
  mlflow-trace assessment delete tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --quiet")]
pub struct AssessmentDeleteArgs {
    /// Id of the trace
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Id of the assessment, or its name if no other one of the trace has it
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
}

/// Arguments of `delete`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace delete tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace delete --filter \"tags.environment = 'scratch'\" -x my-app \\
    --dry-run")]
pub struct DeleteArgs {
    /// Trace ids; - reads them from standard input
    #[arg(value_name = "TRACE_ID", conflicts_with = "filter")]
    pub trace_ids: Vec<String>,
    /// Delete what matches this filter instead
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// How many of them.
    #[command(flatten)]
    pub part: PartArgs,
    /// Delete nothing if more traces than this would go
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Show what would be deleted and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; needed without a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write what would be deleted to a new file, for apply, and stop
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// What becomes of files.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// Whose clock is right.
    #[command(flatten)]
    pub clock: ClockArgs,
    /// How fast.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
    /// Which traces; last, because its heading holds for everything behind it.
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
    /// Files and directories of traces, of export --spans or of other programs; - for standard input; several are read as one
    #[arg(value_name = "ARCHIVE", required = true)]
    pub archives: Vec<PathBuf>,
    /// Create the experiment of --experiment, or those of the archive, if the server does not have them
    #[arg(long)]
    pub create_experiments: bool,
    /// Say what would be brought and send nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `experiments` commands.
#[derive(Debug, Subcommand)]
pub enum ExperimentsCommand {
    /// List the experiments of the server
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
    /// Name of the experiment
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A tag of the experiment; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<KeyValue>,
    /// Where its files are kept [default: as the server decides]
    #[arg(long, value_name = "URI")]
    pub artifact_location: Option<String>,
}

/// Arguments of `experiments list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace experiments list
  mlflow-trace experiments list --deleted -o json")]
pub struct ExperimentsListArgs {
    /// Show deleted experiments, too
    #[arg(long)]
    pub deleted: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace completions bash \\
    > ~/.local/share/bash-completion/completions/mlflow-trace
  mlflow-trace completions zsh > ~/.zfunc/_mlflow-trace")]
pub struct CompletionsArgs {
    /// bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: Shell,
}
