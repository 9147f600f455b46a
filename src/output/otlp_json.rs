//! OpenTelemetry's JSON lines: one `TracesData` document for each trace.

use std::io::{self, Write};

use super::Sink;
use crate::export::otlp::write_line;
use crate::model::Trace;

/// Writes the spans of each trace as one line; traces without spans have no place in the format.
pub struct OtlpJsonSink<W> {
    writer: W,
}

impl<W: Write> OtlpJsonSink<W> {
    /// Onto a writer.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write> Sink for OtlpJsonSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        write_line(&mut self.writer, trace).map(|_| ())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
