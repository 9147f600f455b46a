//! The rows of a format.

use std::io;

use crate::export::Rows;
use crate::model::Trace;
use crate::output::Sink;

pub struct SinkRows<'w>(pub Box<dyn Sink + 'w>);

impl Rows for SinkRows<'_> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.0.write(trace)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.finish()
    }
}
