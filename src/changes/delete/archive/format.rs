//! How archives are written: a line of JSON for each trace, as `export` writes it.

use std::io::{self, Write};

use crate::export::{Format, Rows};
use crate::model::Trace;
use crate::output::{JsonlSink, Sink};

/// JSON lines of whole traces.
pub struct JsonLines;

struct Lines<S>(S);

impl<S: Sink> Rows for Lines<S> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.0.write(trace)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.finish()
    }
}

impl Format for JsonLines {
    fn start<'w>(&self, writer: &'w mut (dyn Write + Send)) -> io::Result<Box<dyn Rows + 'w>> {
        Ok(Box::new(Lines(JsonlSink::new(writer, None))))
    }

    fn rows_of(&self, _: &Trace) -> u64 {
        1
    }

    fn extension(&self) -> &'static str {
        "jsonl"
    }

    fn is_partitioned(&self) -> bool {
        false
    }
}
