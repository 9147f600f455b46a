//! One page of a search.

use super::Quest;
use super::frontier::FEW;
use super::line::{Ask, Begin, End, Extent, offset_token};
use crate::filter::Direction;
use crate::model::{ExperimentId, ListedInfo, TimeWindow, TraceInfo};
use crate::store::search_page::SearchPage;
use crate::store::server::wire::{SearchAnswer, Wire};
use crate::store::server::{ServerError, ServerStore};
use crate::store::window::joined;

/// With a lower bound of the start, a server only counts spans that started less than 10 s before it. Windows that are
/// only ours reach back further by this much, so that spans of a clock that runs behind count as well.
const SPAN_MARGIN_MS: i64 = 60_000;
/// Bounds above this overflow the server's nanoseconds.
const MAX_BOUND_MS: i64 = i64::MAX / 1_000_000;

/// The rows of a page, and whether there are more.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<TraceInfo>,
    pub end: End,
}

/// Whom to ask, and for what.
#[derive(Clone)]
pub struct Source {
    wire: Wire,
    quest: Quest,
    order_by: Vec<String>,
}

impl Source {
    pub fn new(wire: &Wire, quest: &Quest, direction: Direction) -> Self {
        let order_by = match direction {
            Direction::Ascending => vec!["timestamp_ms ASC".to_owned()],
            // What servers do by themselves.
            Direction::Descending => Vec::new(),
        };
        Self::ordered(wire, quest, order_by)
    }

    pub fn ordered(wire: &Wire, quest: &Quest, order_by: Vec<String>) -> Self {
        Self { wire: wire.clone(), quest: quest.clone(), order_by }
    }

    /// Asks for one page of a window.
    pub async fn page(&self, ask: &Ask, size: u64) -> Result<Page, ServerError> {
        let filter = self.filter_within(ask.window);
        let token = match &ask.begin {
            Begin::Start => None,
            Begin::Offset(offset) => Some(offset_token(*offset)),
            Begin::Token(token) => Some(token.clone()),
        };
        let answer = self.search(&filter, &self.order_by, token.as_deref(), size).await?;
        let mut page = page_of(answer, ask.window);
        let before = page.rows.len();
        page.rows.retain(|row| ask.window.contains(row.request_time_ms));
        if page.rows.len() < before {
            // Rows of the margin come last.
            page.end = End::Whole;
        }
        Ok(page)
    }

    /// Where traces are, matching or not. `None` if there are none.
    pub async fn extent(&self, server: &ServerStore) -> Result<Option<Extent>, ServerError> {
        let oldest = self.first_of_all("timestamp_ms ASC");
        if !self.quest.searches_spans {
            let Some(oldest_ms) = oldest.await? else { return Ok(None) };
            let window = TimeWindow { oldest_ms: Some(oldest_ms), newest_ms: None }.and(self.quest.bounds);
            return Ok(Some(Extent { window, traces: None }));
        }
        let traces = server.trace_count(&self.quest.experiments, &[], self.quest.window).await?;
        if traces.is_some_and(|traces| traces <= FEW) {
            return Ok(Some(Extent { window: self.quest.bounds, traces }));
        }
        let (oldest, newest) = tokio::join!(oldest, self.first_of_all("timestamp_ms DESC"));
        let (Some(oldest_ms), Some(newest_ms)) = (oldest?, newest?) else { return Ok(None) };
        let window = TimeWindow { oldest_ms: Some(oldest_ms), newest_ms: Some(newest_ms) }.and(self.quest.bounds);
        Ok(Some(Extent { window, traces }))
    }

    async fn first_of_all(&self, order: &str) -> Result<Option<i64>, ServerError> {
        let filter = joined(self.quest.window, "");
        let answer = self.search(&filter, &[order.to_owned()], None, 1).await?;
        Ok(answer
            .traces
            .first()
            .map(|ListedInfo(info)| info.request_time_ms)
            .filter(|time_ms| *time_ms != ListedInfo::NO_TIME))
    }

    /// The filter with the bounds of a window. Bounds that are only there for speed must not take spans away.
    fn filter_within(&self, window: TimeWindow) -> String {
        let margin = if self.quest.searches_spans && window.oldest_ms != self.quest.window.oldest_ms {
            SPAN_MARGIN_MS
        } else {
            0
        };
        let oldest_ms =
            window.oldest_ms.map(|oldest| oldest.saturating_sub(margin)).filter(|oldest| *oldest <= MAX_BOUND_MS);
        joined(TimeWindow { oldest_ms, ..window }, &self.quest.filter)
    }

    async fn search(
        &self,
        filter: &str,
        order_by: &[String],
        page_token: Option<&str>,
        max_results: u64,
    ) -> Result<SearchAnswer, ServerError> {
        let search = SearchPage { experiments: &self.quest.experiments, filter, order_by, page_token, max_results };
        let answer = self.wire.search(&search).await?;
        search.check(answer.traces.iter().map(|ListedInfo(info)| info))?;
        Ok(answer)
    }
}

impl ServerStore {
    /// One page of a search, for callers that pose a filter of their own.
    pub(in crate::store::server) async fn search_once(
        &self,
        experiments: &[ExperimentId],
        filter: &str,
        max_results: u64,
    ) -> Result<Vec<TraceInfo>, ServerError> {
        let quest = Quest::plain(experiments, filter);
        let source = Source::ordered(&self.wire, &quest, Vec::new());
        Ok(page_of(source.search(filter, &[], None, max_results).await?, TimeWindow::default()).rows)
    }
}

fn page_of(answer: SearchAnswer, window: TimeWindow) -> Page {
    let end = answer.next_page_token.filter(|token| !token.is_empty()).map_or(End::Whole, End::More);
    let mut rows: Vec<TraceInfo> = answer.traces.into_iter().map(|ListedInfo(info)| info).collect();
    place_unread(&mut rows, window);
    Page { rows, end }
}

/// Pages are gone through by time: a trace whose time cannot be read is taken for one of the same time as its
/// neighbour.
fn place_unread(rows: &mut [TraceInfo], window: TimeWindow) {
    let first = rows.iter().map(|row| row.request_time_ms).find(|time_ms| *time_ms != ListedInfo::NO_TIME);
    let mut near = first.or(window.newest_ms).or(window.oldest_ms).unwrap_or_default();
    for row in rows {
        if row.request_time_ms == ListedInfo::NO_TIME {
            row.request_time_ms = near;
        }
        near = row.request_time_ms;
    }
}
