//! Parquet for query engines: typed columns, and beside them every trace whole.
//!
//! One row per trace with its assessments and spans as lists of structs, or one row per span. The columns are declared in
//! `schema.rs`; `columns.rs` collects values into Arrow arrays. It must not know where files lie.
//!
//! Invariants: a row group holds about [`ROW_GROUP_BYTES`] of values, so memory does not grow with the number of traces;
//! `trace_json` is the line that JSON lines would hold, so a file with one row per trace is a whole archive.

mod columns;
mod schema;

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{FieldRef, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::Sink;
use crate::model::Trace;
use columns::Table;

/// Values that are buffered before they become a row group.
const ROW_GROUP_BYTES: usize = 8 * 1024 * 1024;
/// Rows that are buffered at most, for traces that hold next to nothing.
const ROW_GROUP_ROWS: usize = 100_000;
/// A larger trace is refused: Arrow counts the bytes of a column in 31 bits.
const LARGEST_TRACE: usize = 512 * 1024 * 1024;
/// The key in the file's metadata that tells what a row is: `trace` or `span`.
const ROW_KEY: &str = "mlflow-trace.row";

/// What a row of a Parquet file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParquetRow {
    /// A trace, with `assessments`, `spans` and `trace_json`: what filters as SQL and archives need.
    #[default]
    Trace,
    /// A span, with the columns of its trace before its own. A trace without spans has no row.
    Span,
}

/// How a Parquet file is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParquetLayout {
    /// What a row is.
    pub row: ParquetRow,
    /// Whether the file lies in a folder `experiment_id=ID`. Engines read the column `experiment_id` from the path then, and
    /// some refuse a file that holds it, too.
    pub is_partitioned: bool,
}

/// Writes a Parquet file, compressed with Zstandard.
pub struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    rows: Rows,
    buffered_bytes: usize,
    buffered_rows: usize,
}

/// What is buffered, by layout.
enum Rows {
    Traces(Box<schema::TraceRows>),
    Spans(Box<schema::SpanRows>),
}

impl<W: Write + Send> ParquetSink<W> {
    /// Writes the start of the file.
    pub fn new(writer: W, layout: ParquetLayout) -> io::Result<Self> {
        let mut rows = match layout.row {
            ParquetRow::Trace => Rows::Traces(Box::new(schema::TraceRows::new(layout.is_partitioned))),
            ParquetRow::Span => Rows::Spans(Box::new(schema::SpanRows::new(layout.is_partitioned))),
        };
        let (schema, _) = rows.take();
        let writer = ArrowWriter::try_new(writer, Arc::new(schema), Some(properties(layout)?)).map_err(io_error)?;
        Ok(Self { writer, rows, buffered_bytes: 0, buffered_rows: 0 })
    }

    /// Writes what is buffered as a row group.
    fn flush(&mut self) -> io::Result<()> {
        if self.buffered_rows == 0 {
            return Ok(());
        }
        (self.buffered_bytes, self.buffered_rows) = (0, 0);
        let (schema, arrays) = self.rows.take();
        let batch = RecordBatch::try_new(Arc::new(schema), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(io_error)?;
        self.writer.flush().map_err(io_error)
    }
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    /// Fails on a trace of more than 512 MiB of JSON, which no column can hold.
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        let (bytes, rows) = match &mut self.rows {
            Rows::Traces(traces) => {
                let json = serde_json::to_string(trace)?;
                if json.len() > LARGEST_TRACE {
                    let message = format!(
                        "trace {} has {} bytes of JSON, more than a row of Parquet takes; write it with --format jsonl",
                        trace.info.trace_id,
                        json.len()
                    );
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
                (traces.append(trace, &json), 1)
            }
            Rows::Spans(spans) => (spans.append(trace), trace.spans().len()),
        };
        self.buffered_bytes += bytes;
        self.buffered_rows += rows;
        if self.buffered_bytes >= ROW_GROUP_BYTES || self.buffered_rows >= ROW_GROUP_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.finish().map_err(io_error).map(drop)
    }
}

impl Rows {
    /// What is buffered, which is empty afterwards.
    fn take(&mut self) -> (Schema, Vec<ArrayRef>) {
        let columns = match self {
            Self::Traces(rows) => rows.take(),
            Self::Spans(rows) => rows.take(),
        };
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.into_iter().unzip();
        (Schema::new(fields), arrays)
    }
}

fn properties(layout: ParquetLayout) -> io::Result<WriterProperties> {
    let level = ZstdLevel::try_new(3).map_err(io_error)?;
    let row = match layout.row {
        ParquetRow::Trace => "trace",
        ParquetRow::Span => "span",
    };
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(None)
        .set_created_by(format!("mlflow-trace {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new(ROW_KEY.to_owned(), row.to_owned())]));
    // No two of these texts are equal and nobody asks for their smallest.
    for path in schema::LONG_TEXTS {
        let path = ColumnPath::new(path.split('.').map(str::to_owned).collect());
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Ok(properties.build())
}

/// The cause itself: a closed pipe must stay one.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests;
