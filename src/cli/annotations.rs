//! Arguments of what works on many feedbacks or expectations.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::changes::{CapArgs, LockArgs};
use super::selection::{FilterArgs, LimitArgs, SelectionArgs};
use super::times::Period;
use super::values::{KeyValue, SourceType, ValueType};

/// Row formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object per line
    Jsonl,
}

/// Value types of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowValueType {
    /// Numbers
    Number,
    /// true and false
    #[value(alias = "bool")]
    Boolean,
    /// Text, whatever it looks like
    #[value(alias = "string")]
    Text,
    /// Any JSON
    Json,
}

/// A value type, for all rows or for those of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedValueType {
    /// The name it applies to; `None` for all.
    pub name: Option<String>,
    /// The type.
    pub kind: RowValueType,
}

impl FromStr for NamedValueType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, word) = text.rsplit_once('=').map_or((None, text), |(name, word)| (Some(name.to_owned()), word));
        let kind = <RowValueType as ValueEnum>::from_str(word, true)
            .map_err(|_| format!("unknown value type {word:?}; expected number, boolean, text or json"))?;
        Ok(Self { name, kind })
    }
}

/// A column that holds the values of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelColumn {
    /// The name.
    pub name: String,
    /// The column.
    pub column: String,
}

impl FromStr for LabelColumn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, column) = text.split_once('=').unwrap_or((text, text));
        if name.trim().is_empty() || column.trim().is_empty() {
            return Err("expected NAME or NAME=COLUMN".to_owned());
        }
        Ok(Self { name: name.trim().to_owned(), column: column.trim().to_owned() })
    }
}

/// The cell delimiter of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiter(pub u8);

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "," | "comma" => Ok(Self(b',')),
            ";" | "semicolon" => Ok(Self(b';')),
            "|" => Ok(Self(b'|')),
            "\t" | "\\t" | "tab" => Ok(Self(b'\t')),
            _ => Err("expected comma, semicolon, | or tab".to_owned()),
        }
    }
}

/// How CSV is written.
#[derive(Clone, Copy, Debug, Args)]
pub struct CsvArgs {
    /// Cell delimiter of CSV: comma, semicolon, | or tab [default: comma]
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// Decimal mark in CSV: . (0.8) or , (0,8) [default: .]
    #[arg(long, value_name = "MARK", hide_possible_values = true)]
    pub decimal: Option<DecimalMark>,
    /// Start CSV with a byte order mark, so that spreadsheets detect UTF-8
    #[arg(long)]
    pub bom: bool,
}

/// The decimal mark of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DecimalMark {
    /// 0.8
    #[value(name = ".", alias = "point")]
    Point,
    /// 0,8
    #[value(name = ",", alias = "comma")]
    Comma,
}

/// What to do if the source already gave a different value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnExistingChoice {
    /// Leave it
    Skip,
    /// Override it
    Override,
    /// Add another one
    Append,
}

/// Arguments of `feedback import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace feedback import feedback.csv --value-type boolean \\
    --source-type HUMAN --source-id jane --dry-run
  mlflow-trace feedback import scores.jsonl --map value=score \\
    --map name=@correctness --results results.jsonl

Columns: trace_id or client_request_id, name, value, value_type, rationale, source_type, source_id, span_id, metadata (a JSON object), metadata.KEY, assessment_id, overrides, create_time. With --column correct --column tone, a row has one feedback for each of these columns with a value. Importing the same row again never creates a second feedback.")]
pub struct FeedbackImportArgs {
    /// The rows.
    #[command(flatten)]
    pub rows: RowsImportArgs,
}

/// Arguments of `expectation import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace expectation import answers.csv --value-type text \\
    --source-type HUMAN --source-id jane --dry-run
  mlflow-trace expectation import facts.jsonl --on-existing append \\
    --source-type HUMAN --source-id jane --results results.jsonl

Columns: trace_id or client_request_id, name, value, value_type, source_type, source_id, span_id, metadata (a JSON object), metadata.KEY, assessment_id, overrides, create_time. Importing the same row again never creates a second expectation.")]
pub struct ExpectationImportArgs {
    /// The rows.
    #[command(flatten)]
    pub rows: RowsImportArgs,
}

/// A file of rows and how to read it.
#[derive(Debug, Args)]
pub struct RowsImportArgs {
    /// CSV or JSON Lines file; - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// File format: csv or jsonl [default: from the file extension]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<RowFormat>,
    /// Read a field from another column (name=label) or set it to a constant (name=@correctness); repeatable
    #[arg(long, value_name = "FIELD=COLUMN|@TEXT")]
    pub map: Vec<String>,
    /// Read the values of this feedback or expectation from a column of the same or the given name, such as correct or tone=Tonality; repeatable: each column adds one per row
    #[arg(long, value_name = "NAME[=COLUMN]")]
    pub column: Vec<LabelColumn>,
    /// Value type of rows without value_type: number, boolean, text or json; for all names or for one, such as tone=text; repeatable [default for JSON: the JSON type]
    #[arg(long, value_name = "[NAME=]TYPE")]
    pub value_type: Vec<NamedValueType>,
    /// Cell delimiter of CSV: comma, semicolon, | or tab [default: detected from the header]
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// Decimal mark in CSV: . (0.8) or , (0,8) [default: .]
    #[arg(long, value_name = "MARK", hide_possible_values = true)]
    pub decimal: Option<DecimalMark>,
    /// Source type of rows without source_type: HUMAN, LLM_JUDGE or CODE
    #[arg(long, value_name = "TYPE", hide_possible_values = true)]
    pub source_type: Option<SourceType>,
    /// Source id of rows without source_id
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
    /// Ignore unknown columns instead of stopping
    #[arg(long)]
    pub ignore_unknown_columns: bool,
    /// What to do if the source already gave this name another value on the trace or span: skip, override (the newest
    /// one) or append [default: skip; a row whose value differs from the assessment in its assessment_id overrides it]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub on_existing: Option<OnExistingChoice>,
    /// Wait up to this long in total for traces that have not arrived yet
    #[arg(long, value_name = "DURATION")]
    pub wait: Option<Period>,
    /// Write the result of each row to this file as JSON Lines; an existing file is resumed
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub results: Option<PathBuf>,
    /// Cap.
    #[command(flatten)]
    pub cap: CapArgs,
    /// Show what would be created; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write a plan to a new file for apply; change nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "results"])]
    pub plan: Option<PathBuf>,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// Arguments of `feedback export`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace feedback export judgements.csv --since 7d -x my-app
  mlflow-trace feedback export - --format jsonl --filter \"status = 'OK'\" \\
    | mlflow-trace feedback import - --format jsonl --dry-run")]
pub struct FeedbackExportArgs {
    /// What to export.
    #[command(flatten)]
    pub rows: RowsExportArgs,
}

/// Arguments of `expectation export`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace expectation export expectations.jsonl -x my-app
  mlflow-trace expectation export expectations.csv --status OK \\
    --include-overridden")]
pub struct ExpectationExportArgs {
    /// What to export.
    #[command(flatten)]
    pub rows: RowsExportArgs,
}

/// A file of rows and the traces to export.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct RowsExportArgs {
    /// File to write; - for standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// File format: csv or jsonl [default: from the file extension, else jsonl]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<RowFormat>,
    /// How CSV is written.
    #[command(flatten)]
    pub csv: CsvArgs,
    /// Replace an existing file
    #[arg(long)]
    pub overwrite: bool,
    /// Filter.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Limit.
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Include overridden assessments
    #[arg(long)]
    pub include_overridden: bool,
    /// Export from all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Arguments of `feedback override`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace feedback override tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --value false
  mlflow-trace feedback override tr-8c9da0e91080e465367d509b505b35da \\
    a-0f1e2d3c4b5a69788796a5b4c3d2e1f0 --value 0.2 --rationale \"read again\"")]
pub struct FeedbackOverrideArgs {
    /// Trace id
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Id of the feedback to override, or its name if unique within the trace
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
    /// New value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub value: String,
    /// Type of the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true)]
    pub value_type: ValueType,
    /// Rationale
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
    /// Source.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Metadata entry of the assessment; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<KeyValue>,
}

/// Source of an assessment.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// Source type: HUMAN, LLM_JUDGE or CODE
    #[arg(long, value_name = "TYPE", default_value = "HUMAN", hide_possible_values = true)]
    pub source_type: SourceType,
    /// Source id: who judges [default for HUMAN: user@host]
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
}
