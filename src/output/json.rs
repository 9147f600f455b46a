//! JSON and JSON lines: `MLflow`'s own trace JSON, or the fields asked for.

use std::io::{self, Write};

use super::{Columns, Sink};
use crate::model::Trace;

/// Writes one trace per line.
pub struct JsonlSink<W> {
    writer: W,
    columns: Option<Columns>,
}

impl<W: Write> JsonlSink<W> {
    /// Whole traces, or only these columns.
    pub fn new(writer: W, columns: Option<Columns>) -> Self {
        Self { writer, columns }
    }
}

impl<W: Write> Sink for JsonlSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        write_trace(&mut self.writer, trace, self.columns.as_ref())?;
        self.writer.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one array of traces.
pub struct JsonSink<W> {
    writer: W,
    columns: Option<Columns>,
    written: bool,
}

impl<W: Write> JsonSink<W> {
    /// Whole traces, or only these columns.
    pub fn new(writer: W, columns: Option<Columns>) -> Self {
        Self { writer, columns, written: false }
    }
}

impl<W: Write> Sink for JsonSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.writer.write_all(if self.written { b",\n" } else { b"[\n" })?;
        self.written = true;
        write_trace(&mut self.writer, trace, self.columns.as_ref())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.write_all(if self.written { b"\n]\n" } else { b"[]\n" })
    }
}

fn write_trace(writer: &mut impl Write, trace: &Trace, columns: Option<&Columns>) -> io::Result<()> {
    match columns {
        Some(columns) => serde_json::to_writer(writer, &columns.project(trace))?,
        None => serde_json::to_writer(writer, trace)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TraceId, TraceInfo};

    fn text(ids: &[&str]) -> (String, String) {
        let (mut array, mut lines) = (Vec::new(), Vec::new());
        let columns = Columns::parse("trace_id").unwrap();
        let mut json = JsonSink::new(&mut array, Some(columns.clone()));
        let mut jsonl = JsonlSink::new(&mut lines, Some(columns));
        for id in ids {
            let trace = Trace::without_spans(TraceInfo::new(TraceId::new(*id), 0));
            json.write(&trace).unwrap();
            jsonl.write(&trace).unwrap();
        }
        json.finish().unwrap();
        jsonl.finish().unwrap();
        (String::from_utf8(array).unwrap(), String::from_utf8(lines).unwrap())
    }

    #[test]
    fn an_empty_result_is_an_empty_document() {
        assert_eq!(text(&[]), ("[]\n".into(), String::new()));
    }

    #[test]
    fn arrays_have_commas_and_lines_have_none() {
        let (array, lines) = text(&["a", "b"]);
        assert_eq!(array, "[\n{\"trace_id\":\"a\"},\n{\"trace_id\":\"b\"}\n]\n");
        assert_eq!(lines, "{\"trace_id\":\"a\"}\n{\"trace_id\":\"b\"}\n");
    }
}
