//! Searching: every info is read once and asked the filter; of matches their place in the order is kept, and their files are read
//! again page by page.

use std::collections::BinaryHeap;
use std::sync::Arc;

use async_trait::async_trait;

use super::folders::{Root, TraceFolder};
use super::{apart, whole};
use crate::filter::{Doubt, Matcher, SessionScope, SortKey, Truth};
use crate::model::{Trace, TraceInfo};
use crate::store::{Query, StoreError, Undecided, Walk};

/// Traces of a page.
const PAGE: usize = 500;

/// What was found, in order.
pub(super) struct Matches {
    pub(super) folders: Vec<TraceFolder>,
    pub(super) undecided: Vec<Undecided>,
    scanned: u64,
}

/// What is asked of each trace.
struct Question<'q> {
    root: &'q Root,
    query: &'q Query,
    matcher: Matcher,
    scope: SessionScope,
}

/// Looks at every trace of the experiments. With a limit only the first ones are kept, and one more.
pub(super) fn search(root: &Root, query: &Query, limit: Option<usize>) -> Result<Matches, StoreError> {
    let folders = root.traces(&query.experiments)?;
    let mut question = Question { root, query, matcher: query.filter.matcher(), scope: SessionScope::default() };
    if query.filter.needs_session_scope() {
        for info in folders.iter().filter_map(TraceFolder::info) {
            question.matcher.observe(&mut question.scope, &Trace::without_spans(info));
        }
    }
    let window = query.window.and(query.filter.time_window());
    let mut best: BinaryHeap<(SortKey, TraceFolder)> = BinaryHeap::new();
    let mut found = Matches { folders: Vec::new(), undecided: Vec::new(), scanned: 0 };
    for folder in folders {
        let Some(info) = folder.info() else { continue };
        found.scanned += 1;
        if info.unread.is_empty() && !window.contains(info.request_time_ms) {
            continue;
        }
        match question.ask(info) {
            Ok(Some(trace)) => best.push((query.order_by.key(&trace), folder)),
            Ok(None) => {}
            Err(undecided) => found.undecided.push(undecided),
        }
        if limit.is_some_and(|limit| best.len() > limit) {
            best.pop();
        }
    }
    found.folders = best.into_sorted_vec().into_iter().map(|(_, folder)| folder).collect();
    Ok(found)
}

impl Question<'_> {
    /// The trace, if it matches.
    fn ask(&self, info: TraceInfo) -> Result<Option<Trace>, Undecided> {
        if !info.unread.is_empty() {
            return Err(Undecided::unread(info));
        }
        let trace = Trace::without_spans(info);
        let truth = self.matcher.matches(&trace, &self.scope);
        if !truth.is_open() || !self.query.filter.needs_spans() {
            return self.settled(trace, truth, None);
        }
        match whole(self.root, vec![trace]).remove(0) {
            Ok(trace) => {
                let truth = self.matcher.matches(&trace, &self.scope);
                self.settled(trace, truth, None)
            }
            Err(failure) => self.settled(*failure.trace, Truth::OPEN, Some(failure.error.to_string())),
        }
    }

    fn settled(&self, trace: Trace, truth: Truth, reason: Option<String>) -> Result<Option<Trace>, Undecided> {
        if !truth.is_open() {
            return Ok(truth.is_true().then_some(trace));
        }
        let mut doubts = self.matcher.doubts(&trace, &self.scope);
        // Such a store has no links to runs that a trace does not tell of itself.
        doubts.remove(&Doubt::Links);
        if doubts.is_empty() {
            return Ok(None);
        }
        let is_left_out = reason.is_some() && self.query.leaves_out_unreadable();
        Err(Undecided { trace_id: trace.info.trace_id, doubts, reason, is_left_out })
    }
}

/// A search under way.
pub(super) struct Found {
    root: Root,
    query: Arc<Query>,
    limit: Option<usize>,
    /// Nothing before the first page.
    matches: Option<std::vec::IntoIter<TraceFolder>>,
    undecided: Vec<Undecided>,
    scanned: u64,
}

impl Found {
    pub(super) fn new(root: &Root, query: &Query, limit: Option<u64>) -> Self {
        // One more than asked for tells the caller that there is more.
        let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1));
        let (root, query) = (root.clone(), Arc::new(query.clone()));
        Self { root, query, limit, matches: None, undecided: Vec::new(), scanned: 0 }
    }
}

#[async_trait]
impl Walk for Found {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if self.matches.is_none() {
            let (root, query, limit) = (self.root.clone(), Arc::clone(&self.query), self.limit);
            let found = apart(move || search(&root, &query, limit)).await?;
            (self.matches, self.undecided, self.scanned) =
                (Some(found.folders.into_iter()), found.undecided, found.scanned);
        }
        let Some(matches) = &mut self.matches else { return Ok(None) };
        loop {
            let folders: Vec<TraceFolder> = matches.by_ref().take(PAGE).collect();
            if folders.is_empty() {
                return Ok(None);
            }
            // One that is gone since it was found is left out.
            let read = apart(move || folders.iter().filter_map(TraceFolder::info).collect::<Vec<_>>()).await;
            if !read.is_empty() {
                return Ok(Some(read.into_iter().map(Trace::without_spans).collect()));
            }
        }
    }

    fn scanned(&self) -> Option<u64> {
        Some(self.scanned)
    }

    fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }
}
