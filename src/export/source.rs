//! What an export needs from the outside: traces, a format, and someone to report to.

use std::io::{self, Write};

use super::feed::{Choice, Item, Stretch};
use crate::model::{AttachmentRef, Trace};

/// Where traces come from, and who watches.
pub trait TraceSource {
    /// Error of the underlying store.
    type Error;
    /// A search under way.
    type Walk;

    /// Starts a search in a stretch for what is chosen of it, newest first and ties by id.
    fn walk(&self, stretch: &Stretch, choice: &Choice) -> Result<Self::Walk, Self::Error>;

    /// The next trace; `None` at the end.
    fn next(&self, walk: &mut Self::Walk) -> impl Future<Output = Result<Option<Item>, Self::Error>>;

    /// What came or changed in the stretch while it was read. Asked once, when the walk has ended.
    fn late(&self, walk: Self::Walk) -> impl Future<Output = Result<Vec<Item>, Self::Error>>;

    /// The content of an attachment, or why it cannot be had. Fails only if nothing else can be had either.
    fn attachment(
        &self,
        reference: &AttachmentRef,
    ) -> impl Future<Output = Result<Result<bytes::Bytes, String>, Self::Error>>;

    /// Returns when the user wants it to stop.
    fn interrupted(&self) -> impl Future<Output = ()>;

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
