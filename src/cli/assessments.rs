//! Arguments of the commands about single annotations: `feedback`, `expectation` and `assessment`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use clap::{Args, Subcommand};

use super::annotations::{
    ExpectationExportArgs, ExpectationImportArgs, FeedbackExportArgs, FeedbackImportArgs, FeedbackOverrideArgs,
    OnExistingChoice, SourceArgs,
};
use super::values::{KeyValue, ValueType};

/// `feedback` commands.
#[derive(Debug, Subcommand)]
pub enum FeedbackCommand {
    /// Log feedback on a trace or one of its spans
    Log(FeedbackLogArgs),
    /// Import feedback from a CSV or JSON Lines file
    Import(FeedbackImportArgs),
    /// Export feedback to a file that import can read
    Export(Box<FeedbackExportArgs>),
    /// Override a feedback with a new value; the old one stays on record
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
    /// The assessment.
    #[command(flatten)]
    pub assessment: NewAssessmentArgs,
    /// Rationale
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
}

/// Arguments of `feedback log` and `expectation log`.
#[derive(Debug, Args)]
pub struct NewAssessmentArgs {
    /// Trace ids (- reads ids from standard input), followed by assessments
    #[arg(value_name = "TRACE_ID… NAME=VALUE", num_args = 0..)]
    pub words: Vec<String>,
    /// Select the trace by its client request id instead; exactly one trace must match
    #[arg(long, value_name = "ID")]
    pub client_request_id: Option<String>,
    /// Name of the feedback or expectation; all arguments are then trace ids
    #[arg(long, value_name = "NAME", requires = "value")]
    pub name: Option<String>,
    /// Value of the feedback or expectation
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true, requires = "name")]
    pub value: Option<String>,
    /// Type of the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true)]
    pub value_type: ValueType,
    /// Source.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Metadata entry of the assessment; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<KeyValue>,
    /// Span id, in hex or base64 [default: the whole trace]
    #[arg(long, value_name = "ID")]
    pub span_id: Option<String>,
    /// What to do if the source already gave this name another value on the trace or span: skip, override (the newest
    /// one) or append [default: append with a warning; the same value is never logged twice]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub on_existing: Option<OnExistingChoice>,
}

/// `expectation` commands.
#[derive(Debug, Subcommand)]
pub enum ExpectationCommand {
    /// Log an expectation on a trace or one of its spans
    Log(ExpectationLogArgs),
    /// Import expectations from a CSV or JSON Lines file
    Import(ExpectationImportArgs),
    /// Export expectations to a file that import can read
    Export(Box<ExpectationExportArgs>),
}

/// Arguments of `expectation log`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace expectation log tr-8c9da0e91080e465367d509b505b35da answer=Paris
  mlflow-trace expectation log --client-request-id req-001 --name facts \\
    --type json --value '[\"Paris\", \"France\"]'")]
pub struct ExpectationLogArgs {
    /// The assessment.
    #[command(flatten)]
    pub assessment: NewAssessmentArgs,
}

/// `assessment` commands.
#[derive(Debug, Subcommand)]
pub enum AssessmentCommand {
    /// List the assessments of traces
    List(AssessmentListArgs),
    /// Show one assessment
    Get(AssessmentGetArgs),
    /// Update a feedback or an expectation
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
    /// Trace ids; - reads ids from standard input
    #[arg(value_name = "TRACE_ID", required = true)]
    pub trace_ids: Vec<String>,
    /// Include overridden assessments
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
    /// Trace id
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Assessment id, or its name if unique within the trace
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
    /// Trace id
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Assessment id, or its name if unique within the trace
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
    /// New value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub value: Option<String>,
    /// Type of the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true, requires = "value")]
    pub value_type: ValueType,
    /// New name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// New rationale of a feedback; an empty string removes it
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
    /// Metadata entry to add or replace (entries cannot be removed); repeatable
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
    /// Trace id
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Assessment id, or its name if unique within the trace
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
}
