//! Pages in an order other than time: by the server's own tokens, one after the other.
//!
//! The token is a bare offset: what is deleted or changed meanwhile can hide other traces. Callers say so.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::frontier::PAGE;
use super::line::{Ask, Begin, End};
use super::page::{Page, Source};
use super::progress::WalkProgress;
use super::{ErrorKind, Quest, ServerError, ServerStore};
use crate::model::TraceInfo;
use crate::store::seen::SeenIds;

/// Pages under way, the next one always on its way.
pub struct OffsetPages {
    source: Arc<Source>,
    seen: SeenIds,
    progress: WalkProgress,
    remaining: Option<u64>,
    next: Option<JoinHandle<Result<Page, ServerError>>>,
    quest: Quest,
}

impl ServerStore {
    /// Follows the server's tokens.
    pub(in crate::store::server) fn walk_by_offset(&self, quest: &Quest, order_by: &[String]) -> OffsetPages {
        let source = Source::ordered(&self.wire, quest, order_by.to_vec());
        let mut pages = OffsetPages {
            source: Arc::new(source),
            seen: SeenIds::default(),
            progress: WalkProgress::new(1),
            remaining: quest.limit.map(|limit| limit.saturating_add(1)),
            next: None,
            quest: quest.clone(),
        };
        pages.fetch(Begin::Start);
        pages
    }
}

impl OffsetPages {
    /// The next page, without traces that were on an earlier one; `None` at the end. Not empty.
    pub async fn next(&mut self) -> Result<Option<Vec<TraceInfo>>, ServerError> {
        while let Some(handle) = self.next.take() {
            let Page { mut rows, end } = match handle.await {
                Ok(page) => page?,
                Err(error) => return Err(ServerError::new("search traces", ErrorKind::Setup(error.to_string()))),
            };
            // Inserts between two pages push rows to the next one, so a row can come twice.
            rows.retain(|info| self.seen.insert(&info.trace_id));
            if let Some(remaining) = &mut self.remaining {
                *remaining = remaining.saturating_sub(rows.len() as u64);
            }
            if let End::More(token) = end
                && self.remaining != Some(0)
            {
                if !self.progress.goes_on(!rows.is_empty()) {
                    return Err(ServerError::new("search traces", ErrorKind::NothingNew));
                }
                self.fetch(Begin::Token(token));
            }
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    fn fetch(&mut self, begin: Begin) {
        let size = self.remaining.map_or(PAGE, |remaining| remaining.min(PAGE));
        let source = Arc::clone(&self.source);
        let ask = Ask { id: 0, window: self.quest.window, begin, known: 0 };
        self.next = Some(tokio::spawn(async move { source.page(&ask, size).await }));
    }
}

impl Drop for OffsetPages {
    fn drop(&mut self) {
        if let Some(handle) = &self.next {
            handle.abort();
        }
    }
}
