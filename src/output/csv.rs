//! CSV: one row per trace, nested values as JSON, guarded against spreadsheet formulas unless asked not to.

use std::borrow::Cow;
use std::io::{self, Write};

use super::columns::cell;
use super::{Columns, Sink, sanitize};
use crate::model::Trace;

/// Writes CSV with a header.
pub struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
    columns: Columns,
    raw: bool,
    has_header: bool,
}

impl<W: Write> CsvSink<W> {
    /// These columns; `raw` leaves cells that look like formulas as they are.
    pub fn new(writer: W, columns: Columns, raw: bool) -> Self {
        Self { writer: csv::Writer::from_writer(writer), columns, raw, has_header: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.writer.write_record(self.columns.iter().map(super::Column::name)).map_err(io_error)?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.header()?;
        for column in self.columns.iter() {
            let value = column.value(trace);
            let text = cell(&value);
            let guarded = if self.raw { text } else { sanitize::for_spreadsheet(&text).into_owned().into() };
            self.writer.write_field(guarded.as_bytes()).map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.writer.flush()
    }
}

/// Writes rows of cells as they are.
pub(super) struct RowWriter<W: Write>(csv::Writer<W>);

impl<W: Write> RowWriter<W> {
    pub fn new(writer: W) -> Self {
        Self(csv::Writer::from_writer(writer))
    }

    pub fn write<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(cell.as_bytes()).map_err(io_error)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(io_error)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The cause itself: a closed pipe must stay one, which the crate's own conversion loses.
pub(super) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(raw: bool) -> String {
        let trace = Trace::from_json(json!({"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z",
            "request_preview": "=1+1, \"hi\"\nthere", "tags": {"a": "b"}}, "data": {}}))
        .unwrap();
        let mut bytes = Vec::new();
        let mut sink =
            CsvSink::new(&mut bytes, Columns::parse("trace_id,timestamp,request,info.tags,user").unwrap(), raw);
        sink.write(&trace).unwrap();
        sink.finish().unwrap();
        drop(sink);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells_are_quoted_guarded_and_nested_values_are_json() {
        assert_eq!(
            rows(false),
            "trace_id,timestamp,request,info.tags,user\n\
             tr-1,2026-11-22T08:11:41Z,\"'=1+1, \"\"hi\"\"\nthere\",\"{\"\"a\"\":\"\"b\"\"}\",\n"
        );
    }

    #[test]
    fn raw_cells_are_left_alone() {
        assert!(rows(true).contains("\"=1+1, "));
    }

    #[test]
    fn an_empty_result_has_its_header() {
        let mut bytes = Vec::new();
        CsvSink::new(&mut bytes, Columns::parse("trace_id,name").unwrap(), false).finish().unwrap();
        assert_eq!(bytes, b"trace_id,name\n");
    }
}
