//! One trace id per line, for `xargs` and for the commands that read ids from standard input.

use std::io::{self, Write};

use super::Sink;
use crate::model::Trace;

/// Writes ids.
pub struct IdsSink<W>(pub W);

impl<W: Write> Sink for IdsSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        writeln!(self.0, "{}", trace.info.trace_id)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
