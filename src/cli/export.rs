//! Arguments of `export`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::annotations::CsvArgs;
use super::selection::{FilterArgs, LimitArgs, SelectionArgs};
use super::times::Period;
use super::values::KeyValue;
use crate::model::{ExportFormat, FORMATS};

/// The formats of files, by name.
fn formats() -> impl TypedValueParser<Value = ExportFormat> {
    let values = FORMATS.iter().map(|row| PossibleValue::new(row.name).help(row.about));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<ExportFormat>())
}

/// Compression methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportCompression {
    /// Zstandard, level 3
    Zstd,
    /// gzip, level 6
    Gzip,
}

/// What a row stands for, if not for a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Explode {
    /// One row per span
    Spans,
    /// One row per assessment
    Assessments,
}

impl Explode {
    /// The word typed after `--explode`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Assessments => "assessments",
        }
    }
}

/// Where a directory export starts a new part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// At midnight, UTC.
    Day,
    /// At every full hour, UTC.
    Hour,
    /// After this many traces.
    Traces(NonZeroU64),
}

impl FromStr for Split {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "day" => Ok(Self::Day),
            "hour" => Ok(Self::Hour),
            _ => text
                .parse()
                .map(Self::Traces)
                .map_err(|_| format!("expected day, hour or a number of traces, got {text:?}")),
        }
    }
}

/// Arguments of `export`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
#[command(after_help = "Examples:
  mlflow-trace export errors.jsonl --filter \"status = 'ERROR'\" --spans -x my-app
  mlflow-trace export archive/ --spans --split day --since-last nightly.json \\
    -x my-app

A directory export consists of parts and a manifest.json. Run the same command again to resume an interrupted export.")]
pub struct ExportArgs {
    /// File, directory (existing, ending in a slash, or with --split), or s3://, gs:// or az:// URL; - for standard output
    #[arg(value_name = "TARGET", required_unless_present = "to_otlp")]
    pub target: Option<PathBuf>,
    /// What to export.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Limit, for a single file.
    #[command(flatten)]
    pub limit: LimitArgs,
    /// File format: jsonl, json, csv, parquet, otlp-json or eval-dataset [default: from the file extension, else jsonl]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, value_parser = formats())]
    pub format: Option<ExportFormat>,
    /// Include spans
    #[arg(long)]
    pub spans: bool,
    /// Do not export attachments (images and other files that spans refer to)
    #[arg(long)]
    pub no_attachments: bool,
    /// Write one row per span or per assessment instead of one per trace: spans or assessments
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub explode: Option<Explode>,
    /// Columns of CSV or exploded rows, separated by commas
    #[arg(long, value_name = "FIELDS")]
    pub fields: Option<String>,
    /// Do not escape CSV cells that a spreadsheet would run as formulas
    #[arg(long)]
    pub csv_raw: bool,
    /// How CSV is written.
    #[command(flatten)]
    pub csv: CsvArgs,
    /// Compression: zstd or gzip [default: from the file extension .zst or .gz, else none]
    #[arg(long, value_name = "METHOD", hide_possible_values = true)]
    pub compress: Option<ExportCompression>,
    /// Start a new part in a directory by day, by hour (UTC) or after N traces [default: 50,000 traces or 128 MiB]
    #[arg(long, value_name = "day|hour|N")]
    pub split: Option<Split>,
    /// Replace an existing file or object
    #[arg(long)]
    pub overwrite: bool,
    /// Export a sample of the traces, such as 0.1; the choice depends only on the trace id
    #[arg(long, value_name = "SHARE")]
    pub sample: Option<f64>,
    /// Export only traces not recorded in this state file, then update the file
    #[arg(long, value_name = "STATE")]
    pub since_last: Option<PathBuf>,
    /// Look back this far for traces that arrived late or have changed, for example by new feedback
    #[arg(long, value_name = "DURATION", default_value = "10m", requires = "since_last")]
    pub overlap: Period,
    /// Redact a value such as metadata.email or span.inputs.$.user, or every match of a /regex/; repeatable
    #[arg(long, value_name = "PATH|/REGEX/")]
    pub redact: Vec<String>,
    /// Omit requests, responses and all other user and model content
    #[arg(long)]
    pub no_content: bool,
    /// Replace a value such as metadata.user_id with its SHA-256 hash; repeatable
    #[arg(long, value_name = "PATH")]
    pub hash: Vec<String>,
    /// Salt for --hash: the contents of this file
    #[arg(long, value_name = "FILE", requires = "hash")]
    pub salt_file: Option<PathBuf>,
    /// Verify that the export is complete: read everything a second time if the server cannot count the matches; verify an
    /// archive against the SHA-256 sums in its manifest first
    #[arg(long)]
    pub verify: bool,
    /// Send spans to an OpenTelemetry backend instead of writing a file; a URL without a path gets /v1/traces [env:
    /// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT]
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        conflicts_with_all = [
            "format", "fields", "csv_raw", "delimiter", "decimal", "bom", "explode", "compress", "split", "since_last", "verify",
            "no_attachments", "overwrite",
        ]
    )]
    pub to_otlp: Option<Option<String>>,
    /// Header for the OpenTelemetry backend; repeatable [env: OTEL_EXPORTER_OTLP_TRACES_HEADERS, OTEL_EXPORTER_OTLP_HEADERS]
    #[arg(long = "otlp-header", id = "otlp_headers", value_name = "NAME=VALUE")]
    pub headers: Vec<KeyValue>,
    /// Export from all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_by_day_hour_or_number() {
        assert_eq!("day".parse(), Ok(Split::Day));
        assert_eq!("hour".parse(), Ok(Split::Hour));
        assert!(matches!("500".parse(), Ok(Split::Traces(number)) if number.get() == 500));
        for text in ["", "0", "-1", "week", "1.5"] {
            assert!(text.parse::<Split>().is_err(), "{text}");
        }
    }
}
