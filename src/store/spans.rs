//! Traces with their spans, one after the other, whatever a store has to do for it.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Reader, StoreError, TraceFailure, Walk};
use crate::model::Trace;

/// Which of the traces of a search are read.
pub type KeepTrace = Box<dyn Fn(&Trace) -> bool + Send>;

/// A trace that was read whole, or why it was not.
pub(super) type Read = Result<Trace, TraceFailure>;

/// Reads the traces of a [`Walk`] with their spans; made by [`Reader::read_spans`](super::Reader::read_spans).
pub struct SpanReader(Box<dyn SpanSource>);

/// How a store brings traces with their spans, in the order of the search and each once.
#[async_trait]
pub(super) trait SpanSource: Send {
    /// The next one, if it does not have to be waited for: most do not, and cost nothing more.
    fn ready(&mut self) -> Option<Read>;

    /// The next one; `None` at the end.
    async fn next(&mut self) -> Result<Option<Read>, StoreError>;

    /// The search, once everything has been read.
    fn into_walk(self: Box<Self>) -> Option<Box<dyn Walk>>;
}

impl SpanReader {
    pub(super) fn new(source: impl SpanSource + 'static) -> Self {
        Self(Box::new(source))
    }

    /// Of a store whose walks bring the spans along.
    pub(super) fn at_hand(walk: Box<dyn Walk>, keep: KeepTrace) -> Self {
        Self::new(AtHand { walk, page: Vec::new().into_iter(), keep })
    }

    /// Of a store that adds the spans to one page after the other.
    pub(super) fn of_pages(store: Arc<dyn Reader>, walk: Box<dyn Walk>, keep: KeepTrace) -> Self {
        Self::new(Pages { store, walk, page: Vec::new().into_iter(), lot: Vec::new().into_iter(), keep })
    }

    /// The next trace, whole or with the reason why not; `None` at the end.
    ///
    /// A [`TraceFailure`] concerns its trace only and carries what could be read of it. A [`StoreError`] ends the reading:
    /// the search failed, or the store cannot be reached any more. After it the traces that were not returned are unknown.
    pub async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        match self.0.ready() {
            Some(read) => Ok(Some(read)),
            None => self.0.next().await,
        }
    }

    /// The search, once everything has been read: what it can tell of itself, such as how much it scanned.
    #[must_use]
    pub fn into_walk(self) -> Option<Box<dyn Walk>> {
        self.0.into_walk()
    }
}

/// Traces that have their spans.
struct AtHand {
    walk: Box<dyn Walk>,
    page: std::vec::IntoIter<Trace>,
    keep: KeepTrace,
}

#[async_trait]
impl SpanSource for AtHand {
    fn ready(&mut self) -> Option<Read> {
        let Self { page, keep, .. } = self;
        page.find(|trace| keep(trace)).map(Ok)
    }

    async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        while let Some(page) = self.walk.next_page().await? {
            self.page = page.into_iter();
            if let Some(read) = self.ready() {
                return Ok(Some(read));
            }
        }
        Ok(None)
    }

    fn into_walk(self: Box<Self>) -> Option<Box<dyn Walk>> {
        Some(self.walk)
    }
}

/// Traces, read this many at once.
const AT_ONCE: usize = 50;

/// Traces that get their spans lot by lot.
struct Pages {
    store: Arc<dyn Reader>,
    walk: Box<dyn Walk>,
    page: std::vec::IntoIter<Trace>,
    lot: std::vec::IntoIter<Read>,
    keep: KeepTrace,
}

#[async_trait]
impl SpanSource for Pages {
    fn ready(&mut self) -> Option<Read> {
        self.lot.next()
    }

    async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        loop {
            let lot: Vec<Trace> = self.page.by_ref().filter(|trace| (self.keep)(trace)).take(AT_ONCE).collect();
            if !lot.is_empty() {
                self.lot = self.store.whole(lot).await.into_iter();
            } else if let Some(page) = self.walk.next_page().await? {
                self.page = page.into_iter();
            } else {
                return Ok(None);
            }
            if let Some(read) = self.ready() {
                return Ok(Some(read));
            }
        }
    }

    fn into_walk(self: Box<Self>) -> Option<Box<dyn Walk>> {
        Some(self.walk)
    }
}
