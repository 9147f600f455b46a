//! Records of evaluation datasets, as `mlflow.genai.datasets` takes them.

use std::io::{self, Write};

use super::Sink;
use crate::analysis::records::eval_record;
use crate::model::Trace;

/// Writes a record per line; traces without inputs have no place in the format.
pub struct EvalDatasetSink<W> {
    writer: W,
}

impl<W: Write> EvalDatasetSink<W> {
    /// Onto a writer.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write> Sink for EvalDatasetSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        eval_record(trace).map_or(Ok(()), |record| writeln!(self.writer, "{record}"))
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
