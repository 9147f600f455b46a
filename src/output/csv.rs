//! CSV: one row per trace, nested values as JSON, guarded against spreadsheet formulas unless asked not to.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::columns::cell;
use super::{Columns, Sink, sanitize};
use crate::model::Trace;

/// How CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvStyle {
    /// Whether cells that look like formulas stay as they are.
    pub raw: bool,
    /// What stands between cells.
    pub delimiter: u8,
    /// Whether numbers have a decimal comma.
    pub decimal_comma: bool,
    /// Whether a byte order mark tells spreadsheets that it is UTF-8.
    pub bom: bool,
}

impl Default for CsvStyle {
    fn default() -> Self {
        Self { raw: false, delimiter: b',', decimal_comma: false, bom: false }
    }
}

/// Writes CSV with a header.
pub struct CsvSink<W: Write> {
    writer: RowWriter<W>,
    columns: Columns,
    has_header: bool,
}

impl<W: Write> CsvSink<W> {
    /// These columns as other programs expect them.
    pub fn plain(writer: W, columns: Columns) -> Self {
        Self::new(writer, columns, CsvStyle::default())
    }

    /// These columns, in this style.
    pub fn new(writer: W, columns: Columns, style: CsvStyle) -> Self {
        Self { writer: RowWriter::new(writer, style), columns, has_header: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.writer.write_header(self.columns.iter().map(|column| column.name().into()))?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.header()?;
        let values: Vec<Value> = self.columns.iter().map(|column| column.value(trace)).collect();
        self.writer.write_values(values.iter())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.writer.flush()
    }
}

/// Writes rows of cells.
pub(super) struct RowWriter<W: Write> {
    csv: csv::Writer<W>,
    style: CsvStyle,
}

impl<W: Write> RowWriter<W> {
    pub fn new(writer: W, style: CsvStyle) -> Self {
        // Which cells get quotes is decided here.
        let mut builder = csv::WriterBuilder::new();
        let builder = builder.quote_style(csv::QuoteStyle::Never).delimiter(style.delimiter);
        Self { csv: builder.from_writer(writer), style }
    }

    /// The names of columns, as they are.
    pub fn write_header<'c>(&mut self, names: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
        let mark = if self.style.bom { "\u{feff}" } else { "" };
        let quoted = names.enumerate().map(|(at, name)| {
            let quoted = sanitize::quoted_cell(&name).into_owned();
            if at == 0 { format!("{mark}{quoted}") } else { quoted }
        });
        let quoted: Vec<String> = quoted.collect();
        self.csv.write_record(&quoted).map_err(io_error)
    }

    /// Values as text, guarded against spreadsheet formulas unless they are to stay raw.
    pub fn write_values<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> io::Result<()> {
        for value in values {
            let text = match value {
                Value::Number(number) if self.style.decimal_comma => Cow::Owned(number.to_string().replace('.', ",")),
                value => cell(value),
            };
            let text = if self.style.raw { text } else { sanitize::for_spreadsheet(&text).into_owned().into() };
            self.csv.write_field(sanitize::quoted_cell(&text).as_bytes()).map_err(io_error)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(io_error)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.csv.flush()
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
        let mut sink = CsvSink::new(
            &mut bytes,
            Columns::parse("trace_id,timestamp,request,info.tags,user").unwrap(),
            CsvStyle { raw, ..CsvStyle::default() },
        );
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
        let mut sink = CsvSink::new(&mut bytes, Columns::parse("trace_id,request").unwrap(), CsvStyle::default());
        sink.write(&trace).unwrap();
        sink.finish().unwrap();
        drop(sink);
        assert_eq!(String::from_utf8(bytes).unwrap(), "trace_id,request\n\"tr;1\",\"'\n=1+1\"\n");
    }

    #[test]
    fn spreadsheets_of_other_countries_get_their_marks() {
        let trace = Trace::from_json(json!({"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z",
            "execution_duration_ms": 5, "trace_metadata": {"mlflow.trace.cost": "{\"total_cost\": 0.25}"}}, "data": {}}))
        .unwrap();
        let mut bytes = Vec::new();
        let style = CsvStyle { delimiter: b';', decimal_comma: true, bom: true, ..CsvStyle::default() };
        let mut sink = CsvSink::new(&mut bytes, Columns::parse("trace_id,cost.total,duration").unwrap(), style);
        sink.write(&trace).unwrap();
        sink.finish().unwrap();
        drop(sink);
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}trace_id;cost.total;duration\ntr-1;\"0,25\";5\n");
    }

    #[test]
    fn raw_cells_are_left_alone() {
        assert!(rows(true).contains("\"=1+1, "));
    }

    #[test]
    fn an_empty_result_has_its_header() {
        let mut bytes = Vec::new();
        CsvSink::new(&mut bytes, Columns::parse("trace_id,name").unwrap(), CsvStyle::default()).finish().unwrap();
        assert_eq!(bytes, b"trace_id,name\n");
    }
}
