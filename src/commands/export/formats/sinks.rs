//! Which sink writes a format.

use std::io::Write;

use super::{RowsOf, SinkFormat};
#[cfg(feature = "parquet")]
use crate::cli::Explode;
use crate::error::CliError;
use crate::model::ExportFormat;
use crate::output::{Columns, CsvSink, EvalDatasetSink, JsonSink, JsonlSink, RowsCsvSink, RowsJsonlSink, Sink};

impl SinkFormat {
    /// Begins a document of the format.
    pub(super) fn sink<'w>(&self, writer: &'w mut (dyn Write + Send)) -> Result<Box<dyn Sink + 'w>, CliError> {
        Ok(match (self.format, &self.rows) {
            (ExportFormat::Jsonl, RowsOf::Exploded(_, columns)) => {
                Box::new(RowsJsonlSink::new(writer, columns.clone()))
            }
            (ExportFormat::Jsonl, RowsOf::Columns(columns)) => Box::new(JsonlSink::new(writer, Some(columns.clone()))),
            (ExportFormat::Jsonl, RowsOf::Traces) => Box::new(JsonlSink::new(writer, None)),
            (ExportFormat::Json, RowsOf::Traces | RowsOf::Exploded(..)) => Box::new(JsonSink::new(writer, None)),
            (ExportFormat::Json, RowsOf::Columns(columns)) => Box::new(JsonSink::new(writer, Some(columns.clone()))),
            (ExportFormat::Csv, RowsOf::Exploded(_, columns)) => {
                Box::new(RowsCsvSink::new(writer, columns.clone(), self.style))
            }
            (ExportFormat::Csv, RowsOf::Columns(columns)) => {
                Box::new(CsvSink::new(writer, columns.clone(), self.style))
            }
            (ExportFormat::Csv, RowsOf::Traces) => Box::new(CsvSink::new(writer, Columns::for_csv(), self.style)),
            (ExportFormat::EvalDataset, _) => Box::new(EvalDatasetSink::new(writer)),
            #[cfg(feature = "otlp")]
            (ExportFormat::OtlpJson, RowsOf::Traces) => Box::new(crate::output::OtlpJsonSink::new(writer)),
            #[cfg(feature = "parquet")]
            (ExportFormat::Parquet, RowsOf::Traces) => self.parquet(writer, crate::output::ParquetRow::Trace)?,
            #[cfg(feature = "parquet")]
            (ExportFormat::Parquet, RowsOf::Exploded(Explode::Spans, _)) => {
                self.parquet(writer, crate::output::ParquetRow::Span)?
            }
            (ExportFormat::Parquet | ExportFormat::OtlpJson, _) => {
                return Err(CliError::usage(format!(
                    "this build of mlflow-trace does not write {}",
                    self.format.as_str()
                ))
                .hint("use --format jsonl or csv"));
            }
        })
    }
}

#[cfg(feature = "parquet")]
impl SinkFormat {
    fn parquet<'w>(
        &self,
        writer: &'w mut (dyn Write + Send),
        row: crate::output::ParquetRow,
    ) -> Result<Box<dyn Sink + 'w>, CliError> {
        let layout = crate::output::ParquetLayout { row, is_partitioned: self.has_parts };
        Ok(Box::new(crate::output::ParquetSink::new(writer, layout)?))
    }
}
