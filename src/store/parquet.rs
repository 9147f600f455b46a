//! Reading the traces of a Parquet file back: those that were written one row each, with their JSON beside the columns.
//!
//! Only the column `trace_json` is read. It must not know experiments, filters or manifests.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::StoreError;
use crate::model::Trace;

/// The column that holds a trace whole.
const JSON: &str = "trace_json";
/// Rows that are decoded at once; a row may be a trace of megabytes.
const ROWS_AT_ONCE: usize = 64;

/// Reads the traces of a file in their order until `visit` breaks.
///
/// Fails if the file cannot be read, is no Parquet file, was cut off, or has no column `trace_json` of strings, which those
/// with one row per span do not have.
pub fn read_parquet(path: &Path, mut visit: impl FnMut(Trace) -> ControlFlow<()>) -> Result<(), StoreError> {
    let fail = |reason: String| StoreError::Archive { path: path.display().to_string(), reason };
    let mut outcome = Ok(());
    let read = for_each_json(path, &mut |row, json| match parse(json) {
        Ok(trace) => visit(trace),
        Err(reason) => {
            outcome = Err(fail(format!("row {row}: {reason}")));
            ControlFlow::Break(())
        }
    });
    read.map_err(fail).and(outcome)
}

/// Visits the number of each row, from 1, and the JSON of its trace until `visit` breaks.
pub(super) fn for_each_json(path: &Path, visit: &mut dyn FnMut(u64, &str) -> ControlFlow<()>) -> Result<(), String> {
    let mut row = 0_u64;
    for batch in open(path)? {
        let batch = batch.map_err(|error| format!("after row {row}: {error}"))?;
        for json in texts(&batch) {
            row += 1;
            let json = json.ok_or_else(|| format!("row {row}: {JSON} is NULL"))?;
            if visit(row, json).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn parse(json: &str) -> Result<Trace, String> {
    let value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Trace::from_json(value).map_err(|error| error.to_string())
}

fn open(path: &Path) -> Result<ParquetRecordBatchReader, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let field = builder.schema().field_with_name(JSON).map_err(|_| {
        format!("it has no column {JSON}; only Parquet files that `export` wrote with one row per trace are archives")
    })?;
    if !matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
        return Err(format!("its column {JSON} holds {} instead of strings", field.data_type()));
    }
    let mask = ProjectionMask::columns(builder.parquet_schema(), [JSON]);
    builder.with_projection(mask).with_batch_size(ROWS_AT_ONCE).build().map_err(|error| error.to_string())
}

/// The strings of the only column; which of Arrow's three kinds of strings it is, whoever wrote the file chose.
fn texts(batch: &RecordBatch) -> Box<dyn Iterator<Item = Option<&str>> + '_> {
    let column = batch.column(0);
    match column.data_type() {
        DataType::LargeUtf8 => Box::new(column.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(column.as_string_view().iter()),
        _ => Box::new(column.as_string::<i32>().iter()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::output::{ParquetLayout, ParquetRow, ParquetSink, Sink};

    fn demo() -> Vec<Trace> {
        let lines = include_str!("demo.jsonl").lines();
        lines.map(|line| Trace::from_json(serde_json::from_str(line).unwrap()).unwrap()).collect()
    }

    fn written(folder: &Path, traces: &[Trace], layout: ParquetLayout) -> PathBuf {
        let path = folder.join("a.parquet");
        let mut sink = ParquetSink::new(File::create(&path).unwrap(), layout).unwrap();
        for trace in traces {
            sink.write(trace).unwrap();
        }
        sink.finish().unwrap();
        path
    }

    fn read(path: &Path) -> Result<Vec<Trace>, StoreError> {
        let mut traces = Vec::new();
        read_parquet(path, |trace| {
            traces.push(trace);
            ControlFlow::Continue(())
        })?;
        Ok(traces)
    }

    #[test]
    fn traces_come_back_whole_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let traces = demo();
        let layout = ParquetLayout { is_partitioned: true, ..ParquetLayout::default() };
        assert_eq!(read(&written(folder.path(), &traces, layout)).unwrap(), traces);
        assert_eq!(read(&written(folder.path(), &[], layout)).unwrap(), []);
    }

    #[test]
    fn traces_of_the_filter_corpus_come_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let lines = include_str!("../../tests/data/filter/traces.jsonl").lines();
        let traces: Vec<Trace> =
            lines.map(|line| Trace::from_json(serde_json::from_str(line).unwrap()).unwrap()).collect();
        assert_eq!(read(&written(folder.path(), &traces, ParquetLayout::default())).unwrap(), traces);
    }

    #[test]
    fn reading_stops_when_the_visitor_has_enough() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &demo(), ParquetLayout::default());
        let mut seen = 0;
        let visit = |_| {
            seen += 1;
            if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        read_parquet(&path, visit).unwrap();
        assert_eq!(seen, 3);
    }

    #[test]
    fn what_is_no_archive_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let per_span = ParquetLayout { row: ParquetRow::Span, is_partitioned: false };
        let path = written(folder.path(), &demo(), per_span);
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains("a.parquet") && message.contains("trace_json"), "{message}");

        let whole = std::fs::read(written(folder.path(), &demo(), ParquetLayout::default())).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("a.parquet"));
        std::fs::write(&path, "{}").unwrap();
        assert!(read(&path).is_err());
        assert!(read(&folder.path().join("nothing")).is_err());
    }
}
