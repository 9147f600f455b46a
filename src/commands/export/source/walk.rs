//! A walk over a store, trace by trace, with spans or without.

use super::StoreSource;
use crate::export::{Choice, Item, Stretch, TraceSource};
use crate::model::{AttachmentRef, ManifestFailure, Trace};
use crate::store::{KeepTrace, Query, SpanReader, StoreError, TraceFailure, Walk, by_ids};

/// A search under way, with spans or without.
pub enum StoreWalk {
    /// Infos, or what an archive holds.
    Plain { walk: Box<dyn Walk>, keep: KeepTrace, page: std::vec::IntoIter<Trace> },
    /// Spans are fetched.
    Spans { reader: Box<SpanReader>, keep: KeepTrace },
}

impl TraceSource for StoreSource<'_> {
    type Error = StoreError;
    type Walk = StoreWalk;

    fn walk(&self, stretch: &Stretch, choice: &Choice) -> Result<StoreWalk, StoreError> {
        let experiments =
            stretch.experiment.as_ref().map_or_else(|| self.query.experiments.clone(), |id| vec![id.clone()]);
        let query = Query { experiments, window: stretch.window, ..self.query.clone() };
        // A sample is a part of what is found, so that more has to be found than is written.
        let limit = choice.limit.filter(|_| choice.sample.is_none());
        let mut walk = match &self.ids {
            Some(ids) => by_ids(self.store, ids.clone()),
            None => self.store.search(&query, limit)?,
        };
        let keep = self.keep(stretch, choice);
        if choice.with_spans {
            let reader = Box::new(self.store.read_spans(walk, self.keep(stretch, choice)));
            return Ok(StoreWalk::Spans { reader, keep });
        }
        walk.leave_out_spans();
        Ok(StoreWalk::Plain { walk, keep, page: Vec::new().into_iter() })
    }

    async fn next(&self, walk: &mut StoreWalk) -> Result<Option<Item>, StoreError> {
        match walk {
            StoreWalk::Spans { reader, .. } => Ok(reader.next().await?.map(told)),
            StoreWalk::Plain { walk, keep, page } => loop {
                if let Some(trace) = page.find(|trace| keep(trace)) {
                    return Ok(Some(told(Ok(trace))));
                }
                match walk.next_page().await? {
                    Some(next) => *page = next.into_iter(),
                    None => return Ok(None),
                }
            },
        }
    }

    async fn late(&self, walk: StoreWalk) -> Result<Vec<Item>, StoreError> {
        let (walk, keep, with_spans) = match walk {
            StoreWalk::Plain { walk, keep, .. } => (Some(walk), keep, false),
            StoreWalk::Spans { reader, keep } => (reader.into_walk(), keep, true),
        };
        let Some(walk) = walk else { return Ok(Vec::new()) };
        self.undecided.borrow_mut().extend_from_slice(walk.undecided());
        let (absent, unseen) = walk.missing();
        *self.missing.borrow_mut() = (absent.to_vec(), unseen.to_vec());
        let Some((proof, mut late)) = walk.prove(self.thorough).await? else { return Ok(Vec::new()) };
        self.proof.set(Some(self.proof.get().map_or(proof, |before| before.and(proof))));
        late.retain(|trace| keep(trace));
        Ok(self.whole(late, with_spans).await)
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        self.store.attachment_or_why(reference).await
    }

    async fn interrupted(&self) {
        self.interrupt.asked().await;
    }

    fn wrote(&self) {
        self.progress.advance(1);
    }
}

/// A trace, and what a manifest says if it could not be read whole.
pub fn told(read: Result<Trace, TraceFailure>) -> Item {
    match read {
        Ok(trace) => Item { trace, failure: None },
        Err(failure) => {
            let (kind, reason) = (failure.kind().as_str().to_owned(), failure.error.to_string());
            Item { trace: *failure.trace, failure: Some(ManifestFailure { trace_id: failure.trace_id, kind, reason }) }
        }
    }
}
