//! Arguments of what works on many feedbacks or expectations.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::changes::{CapArgs, LockArgs};
use super::commands::SourceArgs;
use super::selection::{FilterArgs, LimitArgs, SelectionArgs};
use super::values::{KeyValue, Period, SourceType, ValueType};

/// Formats of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object per line
    Jsonl,
}

/// What the values of rows are.
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

/// A type of values, of all rows or of those of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedValueType {
    /// Of which name.
    pub name: Option<String>,
    /// Which type.
    pub kind: RowValueType,
}

impl FromStr for NamedValueType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, word) = text.rsplit_once('=').map_or((None, text), |(name, word)| (Some(name.to_owned()), word));
        let kind = <RowValueType as ValueEnum>::from_str(word, true)
            .map_err(|_| format!("{word:?} is no type of values; there are number, boolean, text and json"))?;
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

/// What stands between cells.
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
            _ => Err("there are the comma, the semicolon, | and tab".to_owned()),
        }
    }
}

/// What stands before decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DecimalMark {
    /// 0.8
    #[value(name = ".", alias = "point")]
    Point,
    /// 0,8
    #[value(name = ",", alias = "comma")]
    Comma,
}

/// What to do where the source has said something else.
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

Columns: trace_id or client_request_id, name, value, value_type, rationale, source_type, source_id, span_id, metadata (a JSON object), metadata.KEY, assessment_id, overrides, create_time. With --column correct --column tone a line has a feedback for each of these columns that has a value. The same row again is the same feedback, never a second one.")]
pub struct FeedbackImportArgs {
    /// What is imported.
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

Columns: trace_id or client_request_id, name, value, value_type, source_type, source_id, span_id, metadata (a JSON object), metadata.KEY, assessment_id, overrides, create_time. The same row again is the same expectation, never a second one.")]
pub struct ExpectationImportArgs {
    /// What is imported.
    #[command(flatten)]
    pub rows: RowsImportArgs,
}

/// Rows of a file, and how to read them.
#[derive(Debug, Args)]
pub struct RowsImportArgs {
    /// File of rows; - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// csv or jsonl [default: by the file's ending]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<RowFormat>,
    /// Take a field from a column of another name, or from no column: name=label, name=@correctness; repeatable
    #[arg(long, value_name = "FIELD=COLUMN|@TEXT")]
    pub map: Vec<String>,
    /// Take the values of a feedback or expectation from a column that is called as it, or otherwise; with several of them a line is several: correct, tone=Tonality; repeatable
    #[arg(long, value_name = "NAME[=COLUMN]")]
    pub column: Vec<LabelColumn>,
    /// What values are in rows without a value_type: number, boolean, text or json, of all names or of one: boolean, tone=text; repeatable [default for JSON: what they are]
    #[arg(long, value_name = "[NAME=]TYPE")]
    pub value_type: Vec<NamedValueType>,
    /// What stands between cells of CSV: a comma, a semicolon, | or tab [default: what the header shows]
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]
    #[arg(long, value_name = "MARK", hide_possible_values = true)]
    pub decimal: Option<DecimalMark>,
    /// Who judges in rows without a source_type: HUMAN, LLM_JUDGE or CODE
    #[arg(long, value_name = "TYPE", hide_possible_values = true)]
    pub source_type: Option<SourceType>,
    /// Name of the judge in rows without a source_id
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
    /// Leave out columns that mean nothing here instead of stopping
    #[arg(long)]
    pub ignore_unknown_columns: bool,
    /// What to do where the source has said something else of this name on the trace or span: skip, override (the newest;
    /// others that still count are named) or append [default: skip; but a row with an assessment_id that says something
    /// else than that assessment was edited, and overrides it]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub on_existing: Option<OnExistingChoice>,
    /// Wait so long, in all, for traces that are still arriving
    #[arg(long, value_name = "TIME")]
    pub wait: Option<Period>,
    /// Write what became of each row to this file, as JSON lines; if it is there, go on behind it
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub results: Option<PathBuf>,
    /// How many at the most.
    #[command(flatten)]
    pub cap: CapArgs,
    /// Say what would be created and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write what would be changed to a new file, for apply, and stop
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "results"])]
    pub plan: Option<PathBuf>,
    /// Which lock.
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
    /// What is exported.
    #[command(flatten)]
    pub rows: RowsExportArgs,
}

/// Arguments of `expectation export`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace expectation export expectations.jsonl -x my-app
  mlflow-trace expectation export expectations.csv --all --status OK")]
pub struct ExpectationExportArgs {
    /// What is exported.
    #[command(flatten)]
    pub rows: RowsExportArgs,
}

/// A file of rows, and of which traces.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct RowsExportArgs {
    /// File to write; - for standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// csv or jsonl [default: by the file's ending, else jsonl]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<RowFormat>,
    /// What stands between cells of CSV: a comma, a semicolon, | or tab [default: ,]
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]
    #[arg(long, value_name = "MARK", hide_possible_values = true)]
    pub decimal: Option<DecimalMark>,
    /// Begin CSV with a byte order mark, without which some spreadsheets take UTF-8 for something else
    #[arg(long)]
    pub bom: bool,
    /// Replace the file if it is there
    #[arg(long)]
    pub overwrite: bool,
    /// Of which traces.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Of how many.
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Write those that another one overrides, too
    #[arg(long)]
    pub all: bool,
    /// Of every active experiment of the server
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Which traces; last, because its heading holds for everything behind it.
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
    /// Id of the trace
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Id of the feedback that no longer counts, or its name if no other one of the trace has it
    #[arg(value_name = "ASSESSMENT_ID|NAME")]
    pub assessment_id: String,
    /// The judgement that counts from now on
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub value: String,
    /// How to read the value: auto, string, number, bool or json
    #[arg(long = "type", value_name = "TYPE", default_value = "auto", hide_possible_values = true)]
    pub value_type: ValueType,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub rationale: Option<String>,
    /// Who judges now.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Additional information; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<KeyValue>,
}
