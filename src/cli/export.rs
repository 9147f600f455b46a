//! Arguments of `export`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::selection::{FilterArgs, LimitArgs, SelectionArgs};
use super::values::{KeyValue, Period};

/// What `export` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One trace per line, as `MLflow`'s own trace JSON
    Jsonl,
    /// One array of all traces
    Json,
    /// One row per trace
    Csv,
    /// Apache Parquet, for query engines
    Parquet,
    /// OpenTelemetry's JSON, one request per line
    OtlpJson,
}

impl ExportFormat {
    /// The word typed after `--format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::OtlpJson => "otlp-json",
        }
    }
}

/// How text is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportCompression {
    /// Zstandard, level 3
    Zstd,
    /// gzip, level 6
    Gzip,
}

/// What a row is, if not a trace.
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

/// Where the parts of a directory are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// At midnight, UTC.
    Day,
    /// At every full hour, UTC.
    Hour,
    /// After so many traces.
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

A directory gets parts and a manifest.json; the same command again goes on where it was cut off.")]
pub struct ExportArgs {
    /// File, directory (existing, with a slash at the end, or with --split), s3://, gs:// or az:// URL; - for standard output
    #[arg(value_name = "TARGET", required_unless_present = "to_otlp")]
    pub target: Option<PathBuf>,
    /// What is exported.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// How many, into one file.
    #[command(flatten)]
    pub limit: LimitArgs,
    /// jsonl, json, csv, parquet or otlp-json [default: by the file's ending, jsonl without one]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<ExportFormat>,
    /// Fetch the spans of every trace, too
    #[arg(long)]
    pub spans: bool,
    /// Leave out the images and other files that spans refer to, which a directory gets beside its parts
    #[arg(long)]
    pub no_attachments: bool,
    /// One row per span or per assessment instead of one per trace: spans, assessments
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub explode: Option<Explode>,
    /// Columns of CSV, or of exploded rows, separated by commas
    #[arg(long, value_name = "FIELDS")]
    pub fields: Option<String>,
    /// Write CSV cells as they are, without the guard against spreadsheet formulas
    #[arg(long)]
    pub csv_raw: bool,
    /// Compress with zstd or gzip [default: by the file's ending .zst or .gz, else none]
    #[arg(long, value_name = "METHOD", hide_possible_values = true)]
    pub compress: Option<ExportCompression>,
    /// Cut the parts of a directory by day, hour (UTC) or number of traces [default: 50,000 traces or 128 MiB]
    #[arg(long, value_name = "day|hour|N")]
    pub split: Option<Split>,
    /// Replace a file or an object that is there
    #[arg(long)]
    pub overwrite: bool,
    /// Export this share of the traces, such as 0.1; chosen by id, the same ones every time
    #[arg(long, value_name = "SHARE")]
    pub sample: Option<f64>,
    /// Export what this file does not know from earlier runs, and note in it what was exported
    #[arg(long, value_name = "STATE")]
    pub since_last: Option<PathBuf>,
    /// How late a trace may arrive and still be found by the next --since-last
    #[arg(long, value_name = "TIME", default_value = "10m", requires = "since_last")]
    pub overlap: Period,
    /// Blank a value such as metadata.email or span.inputs.$.user, or what matches a /regex/ anywhere; repeatable
    #[arg(long, value_name = "PATH|/REGEX/")]
    pub redact: Vec<String>,
    /// Leave out requests, responses and whatever else users and models said
    #[arg(long)]
    pub no_content: bool,
    /// Replace a value such as metadata.user_id by its SHA-256; repeatable
    #[arg(long, value_name = "PATH")]
    pub hash: Vec<String>,
    /// Put the contents of this file before what --hash hashes
    #[arg(long, value_name = "FILE", requires = "hash")]
    pub salt_file: Option<PathBuf>,
    /// Read everything a second time where the server has no cheaper way to count what was to be read; first hold an archive
    /// against the SHA-256 in its manifest
    #[arg(long)]
    pub verify: bool,
    /// Send the spans to an OpenTelemetry backend instead of writing a file; an address alone gets /v1/traces [env:
    /// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT]
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        conflicts_with_all = [
            "format", "fields", "csv_raw", "explode", "compress", "split", "since_last", "verify",
            "no_attachments", "overwrite",
        ]
    )]
    pub to_otlp: Option<Option<String>>,
    /// Header to send to the backend; repeatable [env: OTEL_EXPORTER_OTLP_TRACES_HEADERS, OTEL_EXPORTER_OTLP_HEADERS]
    #[arg(long = "header", value_name = "NAME=VALUE")]
    pub headers: Vec<KeyValue>,
    /// Export from every active experiment of the server
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Which traces; last, because its heading holds for everything behind it.
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
