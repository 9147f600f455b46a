//! What an export needs from the outside: traces, a format, and someone to report to.

use std::io::{self, Write};

use serde_json::Value;

use crate::model::{ExperimentId, ManifestFailure, TimeWindow, Trace};

/// A trace to be written, and what could not be read of it.
#[derive(Clone, Debug)]
pub struct Item {
    /// With its spans, as far as they were asked for and could be read.
    pub trace: Trace,
    /// Why some are missing.
    pub failure: Option<ManifestFailure>,
}

/// Where traces come from, and who watches.
pub trait Source {
    /// Why it may fail.
    type Error;
    /// A search under way.
    type Walk;

    /// Starts a search within a window of start times, newest first and ties by id: in one experiment, or where experiments
    /// are not told apart.
    fn walk(
        &self,
        experiment: Option<&ExperimentId>,
        window: TimeWindow,
        with_spans: bool,
    ) -> Result<Self::Walk, Self::Error>;

    /// The next traces, with their spans if they were asked for; `None` at the end. A page may be empty.
    fn next_page(&self, walk: &mut Self::Walk) -> impl Future<Output = Result<Option<Vec<Item>>, Self::Error>>;

    /// Returns when the user wants it to stop.
    fn interrupted(&self) -> impl Future<Output = ()>;

    /// The source's own count of what is in the window against what was written of it, as the manifest states it; `None` where it
    /// cannot count. Asked once, when everything is written.
    fn proof(&self, window: TimeWindow, written: u64) -> impl Future<Output = Option<Value>>;

    /// One more trace is written.
    fn wrote(&self);
}

/// How traces are written.
pub trait Format {
    /// Begins a file. The rows are written by the time their `finish` returns.
    fn start<'w>(&self, writer: &'w mut (dyn Write + Send)) -> io::Result<Box<dyn Rows + 'w>>;

    /// How many rows a trace makes.
    fn rows_of(&self, trace: &Trace) -> u64;

    /// The end of a file's name, without a dot: `jsonl`.
    fn extension(&self) -> &str;

    /// Whether files are sorted into folders by experiment and date, as query engines like it.
    fn is_partitioned(&self) -> bool;
}

/// A file of traces under way.
pub trait Rows {
    /// Writes a trace.
    fn write(&mut self, trace: &Trace) -> io::Result<()>;

    /// Writes what is left and what closes the document.
    fn finish(&mut self) -> io::Result<()>;
}
