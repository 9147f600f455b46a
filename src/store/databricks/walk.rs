//! Searching: page after page by the workspace's own tokens, and the rest of the filter asked here.
//!
//! What is not in the workspace's power to tell (assessments that a session shares, links to runs) is not known, and
//! told so.

use std::sync::Arc;

use async_trait::async_trait;

use super::DatabricksStore;
use crate::filter::{Filter, FilterPlan, ResidualMatcher, Truth};
use crate::model::{ExperimentId, TimeWindow, Trace, TraceId, TraceInfo};
use crate::store::http::{ErrorKind, ServerError};
use crate::store::search_page::SearchPage;
use crate::store::seen::SeenIds;
use crate::store::window::joined;
use crate::store::{Decided, Looked, Proof, ProofMethod, Query, StoreError, Undecided, Unseen, Walk};

/// Traces of a page.
const PAGE: u64 = 100;
/// Pages without a trace that may follow one another.
const MOST_EMPTY: u32 = 1000;

/// What is decided here of a filter.
pub(super) struct LocalPart {
    matcher: ResidualMatcher,
    needs_spans: bool,
}

impl LocalPart {
    /// The part that a plan leaves, if it leaves one.
    pub fn of(plan: &FilterPlan) -> Option<Self> {
        let residual = plan.residual()?;
        Some(Self { matcher: residual.matcher(), needs_spans: residual.needs_spans() })
    }

    /// Decides of traces. Only what concerns all of them is an error.
    pub async fn decide(&self, store: &DatabricksStore, infos: Vec<TraceInfo>) -> Result<Decided, StoreError> {
        let (infos, unread) = Decided::readable(infos);
        let (mut decided, mut open) = (Vec::with_capacity(infos.len()), Vec::new());
        for trace in infos.into_iter().map(Trace::without_spans) {
            let truth = self.ask(&trace);
            if truth.is_open() && self.needs_spans {
                open.push((decided.len(), trace));
                decided.push(Ok(None));
            } else {
                decided.push(self.settled(trace, truth));
            }
        }
        let (places, traces): (Vec<usize>, Vec<Trace>) = open.into_iter().unzip();
        for (place, read) in places.into_iter().zip(store.with_all_spans(traces).await) {
            decided[place] = match read {
                Ok(trace) => {
                    let truth = self.ask(&trace);
                    self.settled(trace, truth)
                }
                Err(failure) if failure.error.concerns_all() => return Err(failure.error),
                Err(failure) => Err(self.undecided(&failure.trace, Some(failure.error.to_string()))),
            };
        }
        let mut decided = Decided::of(decided);
        decided.undecided.extend(unread);
        Ok(decided)
    }

    fn ask(&self, trace: &Trace) -> Truth {
        self.matcher.matches(trace, &|_, _| None)
    }

    fn settled(&self, trace: Trace, truth: Truth) -> Result<Option<Trace>, Undecided> {
        if truth.is_open() { Err(self.undecided(&trace, None)) } else { Ok(truth.is_true().then_some(trace)) }
    }

    fn undecided(&self, trace: &Trace, reason: Option<String>) -> Undecided {
        let doubts = self.matcher.doubts(trace, &|_, _| None);
        Undecided { trace_id: trace.info.trace_id.clone(), doubts, reason, is_left_out: false }
    }
}

/// A search under way.
pub(super) struct Found {
    store: DatabricksStore,
    query: Query,
    limit: Option<u64>,
    filter: String,
    local: Option<LocalPart>,
    token: Option<String>,
    is_done: bool,
    seen: SeenIds,
    undecided: Vec<Undecided>,
    scanned: u64,
    matched: u64,
    pages: u64,
    newest_ms: Option<i64>,
}

impl Found {
    pub fn new(store: &DatabricksStore, query: &Query, limit: Option<u64>) -> Self {
        let plan = query.filter.plan();
        let window = if plan.takes_time_bounds() { query.window } else { TimeWindow::default() };
        Self {
            store: store.clone(),
            query: query.clone(),
            limit,
            filter: joined(window, plan.server_text()),
            local: LocalPart::of(&plan),
            token: None,
            is_done: false,
            seen: SeenIds::default(),
            undecided: Vec::new(),
            scanned: 0,
            matched: 0,
            pages: 0,
            newest_ms: None,
        }
    }

    /// The clauses of the order for the workspace; nothing where it has to be sorted here.
    fn order(&self) -> Option<Vec<String>> {
        if self.query.order_by.keys().is_empty() {
            return Some(Vec::new());
        }
        self.query.order_by.for_server().map(<[String]>::to_vec)
    }

    /// The next page with a trace that was not on an earlier one, in the workspace's order.
    async fn next_infos(&mut self, order_by: &[String]) -> Result<Option<Vec<TraceInfo>>, StoreError> {
        let mut empty = 0;
        while !self.is_done {
            let wanted = self.limit.filter(|_| self.local.is_none()).map(|limit| limit - self.matched.min(limit) + 1);
            let ask = SearchPage {
                experiments: &self.query.experiments,
                filter: &self.filter,
                order_by,
                page_token: self.token.as_deref(),
                max_results: wanted.map_or(PAGE, |wanted| wanted.min(PAGE)),
            };
            let page = self.store.page(&ask).await?;
            empty += 1;
            if page.next.is_some() && (page.next == self.token || empty > MOST_EMPTY) {
                return Err(ServerError::new("search traces", ErrorKind::NothingNew).into());
            }
            (self.is_done, self.token) = (page.next.is_none(), page.next);
            self.pages += 1;
            let mut infos = page.infos;
            let window = self.query.window;
            infos.retain(|info| {
                self.seen.insert(&info.trace_id) && (!info.unread.is_empty() || window.contains(info.request_time_ms))
            });
            if !infos.is_empty() {
                return Ok(Some(infos));
            }
        }
        Ok(None)
    }

    async fn next_decided(&mut self, order_by: &[String]) -> Result<Option<Vec<Trace>>, StoreError> {
        while let Some(infos) = self.next_infos(order_by).await? {
            self.scanned += infos.len() as u64;
            let readable = infos.iter().filter(|info| info.unread.is_empty());
            self.newest_ms = self.newest_ms.max(readable.map(|info| info.request_time_ms).max());
            let decided = match &self.local {
                Some(local) => local.decide(&self.store, infos).await?,
                None => Decided::all(infos),
            };
            self.undecided.extend(decided.undecided);
            self.matched += decided.matching.len() as u64;
            if self.limit.is_some_and(|limit| self.matched > limit) {
                self.is_done = true;
            }
            if !decided.matching.is_empty() {
                return Ok(Some(decided.matching));
            }
        }
        Ok(None)
    }

    /// Everything, in an order that the workspace does not have.
    async fn sorted(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        let limit = self.limit.take();
        let mut all = Vec::new();
        while let Some(page) = self.next_decided(&[]).await? {
            all.extend(page);
        }
        all.sort_by(|left, right| self.query.order_by.compare(left, right));
        if let Some(limit) = limit {
            all.truncate(usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1));
        }
        Ok((!all.is_empty()).then_some(all))
    }
}

#[async_trait]
impl Walk for Found {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        match self.order() {
            Some(order_by) => self.next_decided(&order_by).await,
            None => self.sorted().await,
        }
    }

    fn scanned(&self) -> Option<u64> {
        self.local.as_ref().map(|_| self.scanned)
    }

    fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// A workspace has no count of its own: with `thorough` what took more than one answer is read a second time, up to
    /// the newest trace that was read.
    async fn prove(&self, thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        let proof = |late, counted| Proof { read: self.scanned + late, late, counted };
        if self.pages < 2 {
            return Ok(Some((proof(0, Some((self.scanned, ProofMethod::OneAnswer))), Vec::new())));
        }
        if !thorough {
            return Ok(Some((proof(0, None), Vec::new())));
        }
        let window = TimeWindow { newest_ms: self.newest_ms, ..self.query.window };
        let query = Query { window, order_by: Arc::default(), ..self.query.clone() };
        let mut again = Self::new(&self.store, &query, None);
        let (mut late, mut found) = (0, Vec::new());
        while let Some(mut infos) = again.next_infos(&[]).await? {
            again.scanned += infos.len() as u64;
            infos.retain(|info| !self.seen.contains(&info.trace_id));
            late += infos.len() as u64;
            let decided = match &self.local {
                Some(local) => local.decide(&self.store, infos).await?,
                None => Decided::all(infos),
            };
            found.extend(decided.matching);
        }
        Ok(Some((proof(late, Some((again.scanned, ProofMethod::Reread))), found)))
    }
}

/// Traces that are named one by one.
pub(super) struct Listed {
    store: DatabricksStore,
    experiment: ExperimentId,
    ids: Arc<[TraceId]>,
    at: usize,
    looked: Looked<TraceInfo>,
}

impl Listed {
    pub fn new(store: &DatabricksStore, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Self {
        Self { store: store.clone(), experiment: experiment.clone(), ids, at: 0, looked: Looked::default() }
    }
}

#[async_trait]
impl Walk for Listed {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        while self.at < self.ids.len() {
            let end = self.ids.len().min(self.at + page);
            let ids = self.ids.get(self.at..end).unwrap_or_default();
            self.looked.extend(self.store.looked_in(&self.experiment, ids).await?);
            self.at = end;
            if !self.looked.found.is_empty() {
                return Ok(Some(self.looked.found.drain(..).map(Trace::without_spans).collect()));
            }
        }
        Ok(None)
    }

    fn missing(&self) -> (&[TraceId], &[Unseen]) {
        (&self.looked.absent, &self.looked.unseen)
    }
}

impl DatabricksStore {
    /// Which of these traces match a filter, all of which is asked here.
    pub(super) async fn matching(&self, infos: Vec<TraceInfo>, filter: &Filter) -> Result<Decided, StoreError> {
        match LocalPart::of(&filter.plan_here()) {
            Some(local) => local.decide(self, infos).await,
            None => Ok(Decided::all(infos)),
        }
    }
}
