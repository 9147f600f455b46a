//! CSV: one row per trace, nested values as JSON, guarded against spreadsheet formulas unless asked not to.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::columns::cell;
use super::{Columns, Sink, sanitize};
use crate::model::Trace;

/// Writes CSV with a header.
pub struct CsvSink<W: Write> {
    writer: RowWriter<W>,
    columns: Columns,
    raw: bool,
    has_header: bool,
}

impl<W: Write> CsvSink<W> {
    /// These columns; `raw` leaves cells that look like formulas as they are.
    pub fn new(writer: W, columns: Columns, raw: bool) -> Self {
        Self { writer: RowWriter::new(writer), columns, raw, has_header: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.writer.write(self.columns.iter().map(|column| column.name().into()))?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.header()?;
        let values: Vec<Value> = self.columns.iter().map(|column| column.value(trace)).collect();
        self.writer.write_values(values.iter(), self.raw)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.writer.flush()
    }
}

/// Writes rows of cells.
pub(super) struct RowWriter<W: Write>(csv::Writer<W>);

impl<W: Write> RowWriter<W> {
    pub fn new(writer: W) -> Self {
        // Which cells get quotes is decided here.
        Self(csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Never).from_writer(writer))
    }

    /// As they are.
    pub fn write<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(sanitize::quoted_cell(&cell).as_bytes()).map_err(io_error)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// As text, guarded against spreadsheet formulas unless they are to stay `raw`.
    pub fn write_values<'v>(&mut self, values: impl Iterator<Item = &'v Value>, raw: bool) -> io::Result<()> {
        self.write(values.map(|value| {
            let text = cell(value);
            if raw { text } else { sanitize::for_spreadsheet(&text).into_owned().into() }
        }))
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
    fn cells_with_semicolons_are_quoted_and_line_breaks_hide_no_formula() {
        let trace = Trace::from_json(json!({"info": {"trace_id": "tr;1", "request_time": "2026-11-22T08:11:41Z",
            "request_preview": "\n=1+1"}, "data": {}}))
        .unwrap();
        let mut bytes = Vec::new();
        let mut sink = CsvSink::new(&mut bytes, Columns::parse("trace_id,request").unwrap(), false);
        sink.write(&trace).unwrap();
        sink.finish().unwrap();
        drop(sink);
        assert_eq!(String::from_utf8(bytes).unwrap(), "trace_id,request\n\"tr;1\",\"'\n=1+1\"\n");
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
