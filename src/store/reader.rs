//! Traces with their spans, read ahead: the next page is searched while spans are fetched, and batches of spans are
//! fetched while earlier traces are written.
//!
//! Invariants: traces come in the order of the search, each once; what is in memory is bounded by the bytes of the batches
//! under way and two pages of infos, however many traces there are.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::server::{Ahead, ServerStore};
use super::{StoreError, TraceFailure, Walk};
use crate::model::Trace;

type Page = Result<Vec<Trace>, StoreError>;

/// Reads the traces of a [`Walk`] with their spans; made by [`Store::read_spans`](super::Store::read_spans).
///
/// ```no_run
/// # use mlflow_trace::store::{Query, Store, StoreError};
/// # async fn example(store: &Store, query: &Query) -> Result<(), StoreError> {
/// let mut reader = store.read_spans(store.search(query, None)?);
/// while let Some(read) = reader.next().await? {
///     match read {
///         Ok(trace) => println!("{} has {} spans", trace.info.trace_id, trace.spans().len()),
///         Err(failure) => println!("{}: {}", failure.kind().as_str(), failure.error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct SpanReader(Source);

enum Source {
    Server(Box<FromServer>),
    Archive { walk: Walk, page: std::vec::IntoIter<Trace> },
}

struct FromServer {
    ahead: Ahead,
    pages: mpsc::Receiver<Page>,
    /// Gives the search back when it is over.
    search: JoinHandle<Walk>,
    failed: Option<StoreError>,
    walk: Option<Walk>,
}

impl Drop for FromServer {
    fn drop(&mut self) {
        self.search.abort();
    }
}

impl SpanReader {
    pub(super) fn of_server(server: ServerStore, walk: Walk) -> Self {
        let (sender, pages) = mpsc::channel(1);
        let search = tokio::spawn(read_pages(walk, sender));
        let ahead = Ahead::new(server);
        Self(Source::Server(Box::new(FromServer { ahead, pages, search, failed: None, walk: None })))
    }

    pub(super) fn of_archive(walk: Walk) -> Self {
        Self(Source::Archive { walk, page: Vec::new().into_iter() })
    }

    /// The next trace, whole or with the reason why not; `None` at the end.
    ///
    /// A [`TraceFailure`] concerns its trace only and carries what could be read of it. A [`StoreError`] ends the reading:
    /// the search failed, or the server cannot be reached any more. After it the traces that were not returned are unknown.
    pub async fn next(&mut self) -> Result<Option<Result<Trace, TraceFailure>>, StoreError> {
        match &mut self.0 {
            Source::Server(server) => server.next().await,
            Source::Archive { walk, page } => loop {
                if let Some(trace) = page.next() {
                    return Ok(Some(Ok(trace)));
                }
                match walk.next_page().await? {
                    Some(next) => *page = next.into_iter(),
                    None => return Ok(None),
                }
            },
        }
    }

    /// The search, once everything has been read: what it can tell of itself, such as how much it scanned.
    #[must_use]
    pub fn walk(&self) -> Option<&Walk> {
        match &self.0 {
            Source::Server(server) => server.walk.as_ref(),
            Source::Archive { walk, .. } => Some(walk),
        }
    }

    /// The search itself, as [`SpanReader::walk`].
    #[must_use]
    pub fn into_walk(self) -> Option<Walk> {
        match self.0 {
            Source::Server(mut server) => server.walk.take(),
            Source::Archive { walk, .. } => Some(walk),
        }
    }
}

impl FromServer {
    async fn next(&mut self) -> Result<Option<Result<Trace, TraceFailure>>, StoreError> {
        loop {
            self.take_pages();
            if let Some(read) = self.ahead.next().await.map_err(|interrupted| interrupted.error)? {
                return Ok(Some(read));
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            match self.pages.recv().await {
                Some(page) => self.ahead.push(page?),
                None => return self.end().await,
            }
        }
    }

    /// Takes what the search has found so far, without waiting.
    fn take_pages(&mut self) {
        while self.failed.is_none() && self.ahead.wants_more() {
            match self.pages.try_recv() {
                Ok(Ok(page)) => self.ahead.push(page),
                // Told when everything before it has been read.
                Ok(Err(error)) => self.failed = Some(error),
                Err(_) => return,
            }
        }
    }

    async fn end(&mut self) -> Result<Option<Result<Trace, TraceFailure>>, StoreError> {
        if self.walk.is_none() {
            self.walk = match (&mut self.search).await {
                Ok(walk) => Some(walk),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => None,
                },
            };
        }
        Ok(None)
    }
}

async fn read_pages(mut walk: Walk, sender: mpsc::Sender<Page>) -> Walk {
    loop {
        let (page, is_last) = match walk.next_page().await {
            Ok(Some(page)) => (Ok(page), false),
            Ok(None) => return walk,
            Err(error) => (Err(error), true),
        };
        if sender.send(page).await.is_err() || is_last {
            return walk;
        }
    }
}
