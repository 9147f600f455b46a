//! The formats of an export, each a sink over whatever writer.

mod rows;
mod sinks;

use std::io::{self, Write};

use self::rows::SinkRows;
use super::choice::no_rows;
use crate::analysis::records::eval_record;
use crate::cli::Explode;
use crate::error::CliError;
use crate::export::{Format, Rows};
use crate::model::{ExportFormat, Trace};
use crate::output::{Columns, CsvStyle, RowColumns, RowOf};

/// How traces are written.
#[derive(Debug)]
pub struct SinkFormat {
    format: ExportFormat,
    rows: RowsOf,
    style: CsvStyle,
    /// Whether files are parts of a directory.
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    has_parts: bool,
}

/// What is in a row.
#[derive(Debug)]
enum RowsOf {
    /// A whole trace.
    Traces,
    /// These columns of a trace.
    Columns(Columns),
    /// These columns of a span or an assessment.
    Exploded(Explode, RowColumns),
}

impl SinkFormat {
    /// Reads `--format`, `--fields`, `--explode` and the style of CSV, which do not all go together.
    pub fn read(
        format: ExportFormat,
        fields: Option<&str>,
        explode: Option<Explode>,
        style: CsvStyle,
        has_parts: bool,
    ) -> Result<Self, CliError> {
        let row = format.row();
        if has_parts && !row.splits {
            let message = format!("{} is one document and cannot be split into the files of a directory", row.name);
            return Err(CliError::usage(message).hint("use --format jsonl"));
        }
        let (of_spans, of_assessments) = row.rows_of;
        match explode {
            Some(Explode::Spans) if !of_spans => return Err(no_rows(format, "span")),
            Some(Explode::Assessments) if !of_assessments => return Err(no_rows(format, "assessment")),
            Some(_) | None => {}
        }
        let (of_traces, of_rows) = row.has_columns;
        let takes_fields = if explode.is_some() { of_rows } else { of_traces };
        if style != CsvStyle::default() && !of_traces || fields.is_some() && !takes_fields {
            let message = format!(
                "--fields, --csv-raw, --delimiter, --decimal and --bom require CSV; {} has none of them",
                row.name
            );
            return Err(CliError::usage(message));
        }
        let rows = match (explode, fields) {
            (Some(explode), fields) => {
                let of = match explode {
                    Explode::Spans => RowOf::Span,
                    Explode::Assessments => RowOf::Assessment,
                };
                RowsOf::Exploded(explode, RowColumns::parse(of, fields)?)
            }
            (None, Some(fields)) => RowsOf::Columns(Columns::parse(fields)?),
            (None, None) if of_traces => RowsOf::Columns(Columns::for_csv()),
            (None, None) => RowsOf::Traces,
        };
        let read = Self { format, rows, style, has_parts };
        // A format that cannot be written is found before anything is sent.
        read.sink(&mut io::sink())?;
        Ok(read)
    }

    /// Whether spans have to be fetched.
    pub fn needs_spans(&self) -> bool {
        match &self.rows {
            RowsOf::Traces => self.format.row().needs.is_some(),
            RowsOf::Columns(columns) => columns.need_spans(),
            RowsOf::Exploded(_, columns) => columns.need_spans(),
        }
    }

    /// How many of the traces the format has no place for, given the number of rows they made, and what they lack.
    pub fn left_out(&self, traces: u64, rows: u64) -> Option<(u64, &'static str)> {
        self.format.left_out(traces, rows)
    }

    /// Whether text is compressed from outside, or the format compresses on its own.
    pub fn takes_compression(&self) -> bool {
        self.format.row().takes_compression
    }
}

impl Format for SinkFormat {
    fn start<'w>(&self, writer: &'w mut (dyn Write + Send)) -> io::Result<Box<dyn Rows + 'w>> {
        let sink = self.sink(writer).map_err(|error| io::Error::other(error.message))?;
        Ok(Box::new(SinkRows(sink)))
    }

    fn rows_of(&self, trace: &Trace) -> u64 {
        match &self.rows {
            RowsOf::Traces if self.format == ExportFormat::EvalDataset => u64::from(eval_record(trace).is_some()),
            // OpenTelemetry knows about traces by their spans alone.
            RowsOf::Traces if self.format.row().needs.is_some() => u64::from(!trace.spans().is_empty()),
            RowsOf::Traces | RowsOf::Columns(_) => 1,
            RowsOf::Exploded(Explode::Spans, _) => trace.spans().len() as u64,
            RowsOf::Exploded(Explode::Assessments, _) => trace.info.assessments.len() as u64,
        }
    }

    fn extension(&self) -> &str {
        self.format.row().endings[0]
    }

    fn is_partitioned(&self) -> bool {
        self.format.row().is_partitioned
    }
}
