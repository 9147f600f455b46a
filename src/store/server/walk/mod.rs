//! Walking through everything that matches: complete, in order, several pages at a time.
//!
//! `frontier` decides what to ask for along the `line` of time, `page` asks for it, `pace` finds out how much at once does
//! good, and [`Pages`] runs them. Orders other than time go by the server's own tokens ([`OffsetPages`]).

mod frontier;
mod line;
mod offsets;
mod pace;
mod page;
mod progress;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{ServerError, ServerStore};
use crate::filter::Direction;
use crate::model::{ExperimentId, TimeWindow, TraceInfo};
use crate::store::http::ErrorKind;
use crate::store::seen::SeenIds;
pub(super) use crate::store::window::joined;
use frontier::Frontier;
use line::{Ask, Extent};
pub(in crate::store::server) use pace::Pace;
use page::{Page, Source};

pub(super) use frontier::PAGE;
pub use offsets::OffsetPages;
pub(super) use progress::WalkProgress;

/// What a walk is to find, in the server's own language.
#[derive(Clone, Debug)]
pub(super) struct Quest {
    pub experiments: Arc<[ExperimentId]>,
    pub filter: Arc<str>,
    /// Whether the server searches spans for it: slow without time bounds, and bounded by them.
    pub searches_spans: bool,
    /// Whether bounds of the start may be added to it.
    pub takes_bounds: bool,
    pub window: TimeWindow,
    /// The start times that the filter itself allows.
    pub bounds: TimeWindow,
    /// How many traces are enough.
    pub limit: Option<u64>,
}

impl Quest {
    /// A filter of which nothing more is known.
    pub fn plain(experiments: &[ExperimentId], filter: &str) -> Self {
        Self {
            experiments: experiments.into(),
            filter: filter.into(),
            searches_spans: false,
            takes_bounds: false,
            window: TimeWindow::default(),
            bounds: TimeWindow::default(),
            limit: None,
        }
    }
}

/// Pages of infos under way, newest or oldest first.
pub struct Pages {
    server: ServerStore,
    source: Arc<Source>,
    frontier: Frontier,
    pace: Pace,
    requests: JoinSet<Answered>,
    seen: SeenIds,
    remaining: Option<u64>,
    has_asked_extent: bool,
}

/// What a request brought.
enum Answered {
    Page { ask: Ask, page: Result<Page, ServerError>, took: Duration },
    Extent(Result<Option<Extent>, ServerError>),
}

impl ServerStore {
    /// Walks along the time.
    pub(super) fn walk(&self, quest: &Quest, direction: Direction) -> Pages {
        let mut pages = Pages {
            server: self.clone(),
            source: Arc::new(Source::new(&self.wire, quest, direction)),
            frontier: Frontier::new(direction, quest.window, quest.searches_spans),
            pace: Pace::new(self.concurrency),
            requests: JoinSet::new(),
            seen: SeenIds::default(),
            remaining: quest.limit.map(|limit| limit.saturating_add(1)),
            has_asked_extent: false,
        };
        pages.ask();
        pages
    }
}

impl Pages {
    /// The next page, without traces that were on an earlier one; `None` at the end. Not empty.
    pub async fn next(&mut self) -> Result<Option<Vec<TraceInfo>>, ServerError> {
        while self.remaining != Some(0) {
            if let Some(mut rows) = self.frontier.take() {
                // The start of a trace can change under way, and so it can come twice.
                rows.retain(|info| self.seen.insert(&info.trace_id));
                if let Some(remaining) = &mut self.remaining {
                    *remaining = remaining.saturating_sub(rows.len() as u64);
                }
                self.ask();
                if !rows.is_empty() {
                    return Ok(Some(rows));
                }
                continue;
            }
            self.ask();
            match self.requests.join_next().await {
                Some(Ok(answered)) => self.answer(answered)?,
                Some(Err(error)) => return Err(ServerError::new("search traces", ErrorKind::Setup(error.to_string()))),
                None if self.frontier.is_done() => return Ok(None),
                // Better no answer than half of one.
                None => return Err(ServerError::new("search traces", ErrorKind::Setup("the walk stood still".into()))),
            }
        }
        self.requests.abort_all();
        Ok(None)
    }

    /// The traces that were given out.
    pub fn seen(&self) -> &SeenIds {
        &self.seen
    }

    /// Sends what does not have to wait.
    fn ask(&mut self) {
        if self.remaining == Some(0) {
            return;
        }
        // Whoever wants a page or less needs no guesses.
        let wants_little = self.remaining.is_some_and(|remaining| remaining <= PAGE);
        let at_once = if wants_little { 1 } else { self.pace.now() };
        if !self.has_asked_extent && self.frontier.wants_extent(at_once) {
            self.has_asked_extent = true;
            let (server, source) = (self.server.clone(), Arc::clone(&self.source));
            self.requests.spawn(async move { Answered::Extent(source.extent(&server).await) });
        }
        while let Some(ask) = self.frontier.ask(at_once) {
            let size = self.remaining.map_or(PAGE, |remaining| PAGE.min(remaining + ask.known as u64));
            let source = Arc::clone(&self.source);
            self.requests.spawn(async move {
                let started = Instant::now();
                let page = source.page(&ask, size).await;
                Answered::Page { ask, page, took: started.elapsed() }
            });
        }
    }

    fn answer(&mut self, answered: Answered) -> Result<(), ServerError> {
        match answered {
            Answered::Extent(extent) => self.frontier.learn(extent?),
            Answered::Page { ask, page, took } => {
                let page = page?;
                self.pace.answered(page.rows.len());
                if !self.frontier.answer(ask.id, page.rows, page.end, took) {
                    return Err(ServerError::new("search traces", ErrorKind::NothingNew));
                }
            }
        }
        Ok(())
    }
}
