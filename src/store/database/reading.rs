//! Reading on from a search: the spans of the traces that it finds, some traces ahead.
//!
//! Invariants: traces come in the order of the search, each once; what is in memory is bounded by the bytes that traces say
//! they have, however many they are.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Inner;
use crate::model::Trace;
use crate::store::spans::{Read, SpanSource};
use crate::store::{KeepTrace, StoreError, Walk};

/// Traces that are read at once, and their bytes, unless one alone is larger.
const MOST: usize = 200;
const MOST_BYTES: u64 = 4 << 20;
/// Bytes of a trace that does not say how many it has.
const USUAL_BYTES: u64 = 16 << 10;
/// Lots that are read ahead.
const AHEAD: usize = 2;

type Lot = Result<Vec<Read>, StoreError>;

/// A search under way, and the spans of what it found.
pub(super) struct Reading {
    lots: mpsc::Receiver<Lot>,
    lot: std::vec::IntoIter<Read>,
    /// Gives the search back when it is over.
    task: JoinHandle<Box<dyn Walk>>,
    walk: Option<Box<dyn Walk>>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reading {
    pub(super) fn new(store: Arc<Inner>, walk: Box<dyn Walk>, keep: KeepTrace) -> Self {
        let (sender, lots) = mpsc::channel(AHEAD);
        let task = tokio::spawn(read(store, walk, keep, sender));
        Self { lots, lot: Vec::new().into_iter(), task, walk: None }
    }
}

#[async_trait]
impl SpanSource for Reading {
    fn ready(&mut self) -> Option<Read> {
        self.lot.next()
    }

    async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        while let Some(lot) = self.lots.recv().await {
            self.lot = lot?.into_iter();
            if let Some(read) = self.ready() {
                return Ok(Some(read));
            }
        }
        if self.walk.is_none() {
            self.walk = match (&mut self.task).await {
                Ok(walk) => Some(walk),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => None,
                },
            };
        }
        Ok(None)
    }

    fn into_walk(mut self: Box<Self>) -> Option<Box<dyn Walk>> {
        self.walk.take()
    }
}

async fn read(store: Arc<Inner>, mut walk: Box<dyn Walk>, keep: KeepTrace, sender: mpsc::Sender<Lot>) -> Box<dyn Walk> {
    loop {
        let page = match walk.next_page().await {
            Ok(Some(mut page)) => {
                page.retain(|trace| keep(trace));
                page
            }
            Ok(None) => return walk,
            Err(error) => {
                let _ = sender.send(Err(error)).await;
                return walk;
            }
        };
        let mut traces = page.into_iter().peekable();
        while traces.peek().is_some() {
            let lot = next_lot(&mut traces);
            let read = store.ask(move |mut asker| async move {
                asker.hold().await?;
                asker.whole(lot).await.map(|read| (asker, read))
            });
            let read = read.await;
            let is_last = read.is_err();
            if sender.send(read).await.is_err() || is_last {
                return walk;
            }
        }
    }
}

/// The traces that are read at once, at least one.
fn next_lot(traces: &mut std::iter::Peekable<impl Iterator<Item = Trace>>) -> Vec<Trace> {
    let (mut lot, mut bytes) = (Vec::new(), 0);
    while let Some(trace) = traces.next_if(|trace| {
        let size = trace.info.size_bytes().unwrap_or(USUAL_BYTES);
        let fits = lot.is_empty() || lot.len() < MOST && bytes + size <= MOST_BYTES;
        bytes += if fits { size } else { 0 };
        fits
    }) {
        lot.push(trace);
    }
    lot
}
