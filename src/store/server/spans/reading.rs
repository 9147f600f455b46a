//! Reading on from a search: the next page is searched while spans are fetched, and batches of spans are fetched while earlier
//! traces are written.
//!
//! Invariants: traces come in the order of the search, each once; what is in memory is bounded by the bytes of the batches
//! under way and two pages of infos, however many traces there are.

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Ahead, ServerStore};
use crate::model::Trace;
use crate::store::spans::{Read, SpanSource};
use crate::store::{KeepTrace, StoreError, Walk};

type Page = Result<Vec<Trace>, StoreError>;

/// A search under way, and the spans of what it found.
pub struct Reading {
    ahead: Ahead,
    pages: mpsc::Receiver<Page>,
    /// Gives the search back when it is over.
    search: JoinHandle<Box<dyn Walk>>,
    failed: Option<StoreError>,
    walk: Option<Box<dyn Walk>>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.search.abort();
    }
}

impl Reading {
    pub fn new(server: ServerStore, walk: Box<dyn Walk>, keep: KeepTrace) -> Self {
        let (sender, pages) = mpsc::channel(1);
        let search = tokio::spawn(read_pages(walk, keep, sender));
        Self { ahead: Ahead::new(server), pages, search, failed: None, walk: None }
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

    async fn end(&mut self) {
        if self.walk.is_none() {
            self.walk = match (&mut self.search).await {
                Ok(walk) => Some(walk),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => None,
                },
            };
        }
    }
}

#[async_trait]
impl SpanSource for Reading {
    fn ready(&mut self) -> Option<Read> {
        self.take_pages();
        self.ahead.ready()
    }

    async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        loop {
            self.take_pages();
            if let Some(read) = self.ahead.next().await.map_err(|interrupted| interrupted.error)? {
                return Ok(Some(read));
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let Some(page) = self.pages.recv().await else {
                self.end().await;
                return Ok(None);
            };
            self.ahead.push(page?);
        }
    }

    fn into_walk(mut self: Box<Self>) -> Option<Box<dyn Walk>> {
        self.walk.take()
    }
}

async fn read_pages(mut walk: Box<dyn Walk>, keep: KeepTrace, sender: mpsc::Sender<Page>) -> Box<dyn Walk> {
    loop {
        let (page, is_last) = match walk.next_page().await {
            Ok(Some(mut page)) => {
                page.retain(|trace| keep(trace));
                if page.is_empty() {
                    continue;
                }
                (Ok(page), false)
            }
            Ok(None) => return walk,
            Err(error) => (Err(error), true),
        };
        if sender.send(page).await.is_err() || is_last {
            return walk;
        }
    }
}
