//! Reading on from a search: page by page, each with the spans of those of its traces that are to be kept.

use std::collections::VecDeque;

use async_trait::async_trait;

use super::DatabricksStore;
use crate::model::Trace;
use crate::store::spans::{Read, SpanSource};
use crate::store::{KeepTrace, StoreError, Walk};

/// How many traces are read at once.
const AT_ONCE: usize = 40;

pub(super) struct Reading {
    store: DatabricksStore,
    walk: Box<dyn Walk>,
    keep: KeepTrace,
    waiting: VecDeque<Trace>,
    read: VecDeque<Read>,
}

impl Reading {
    pub fn new(store: DatabricksStore, walk: Box<dyn Walk>, keep: KeepTrace) -> Self {
        Self { store, walk, keep, waiting: VecDeque::new(), read: VecDeque::new() }
    }
}

#[async_trait]
impl SpanSource for Reading {
    fn ready(&mut self) -> Option<Read> {
        self.read.pop_front()
    }

    async fn next(&mut self) -> Result<Option<Read>, StoreError> {
        while self.read.is_empty() {
            while self.waiting.is_empty() {
                let Some(page) = self.walk.next_page().await? else { return Ok(None) };
                self.waiting.extend(page.into_iter().filter(|trace| (self.keep)(trace)));
            }
            let some = self.waiting.drain(..AT_ONCE.min(self.waiting.len())).collect();
            for read in self.store.with_all_spans(some).await {
                match read {
                    Err(failure) if failure.error.concerns_all() => return Err(failure.error),
                    read => self.read.push_back(read),
                }
            }
        }
        Ok(self.read.pop_front())
    }

    fn into_walk(self: Box<Self>) -> Option<Box<dyn Walk>> {
        Some(self.walk)
    }
}
