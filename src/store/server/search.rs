//! Searching: a walk over what the server can decide, and the rest of the filter asked here.

use std::collections::HashSet;

use async_trait::async_trait;

use super::count::Count;
use super::elsewhere::Elsewhere;
use super::local::LocalPart;
use super::walk::{OffsetPages, PAGE, Pages, Quest};
use super::{ServerError, ServerStore};
use crate::filter::{Direction, Filter, FilterPlan, Language, Residual};
use crate::model::field::Field;
use crate::model::{ExperimentId, TimeWindow, Trace, TraceId, TraceInfo};
use crate::store::{Decided, Event, Proof, ProofMethod, Query, StoreError, Undecided, Walk};

/// How many traces are sorted here at most, where the order is not that of time. A notice says the number.
const SORTED_HERE: usize = 10_000;
/// Up to this many traces may be counted by a route that evaluates the filter for each of them (0.6 ms per trace on 3.17.2);
/// for more a second reading is cheaper.
const CORRELATED: u64 = 1_000;

/// A search under way, whatever of its filter the server can evaluate and whatever its order.
pub struct Search {
    server: ServerStore,
    query: Query,
    language: Language,
    quest: Quest,
    way: Way,
    /// How many of them are asked for.
    limit: Option<u64>,
    local: Local,
    /// Traces that the server does not find by their spans; nothing before they were looked for.
    elsewhere: Option<Elsewhere>,
    undecided: Vec<Undecided>,
    scanned: u64,
    answers: u64,
    /// Start times of the oldest and the newest trace that the server sent.
    read: Option<(i64, i64)>,
}

enum Way {
    Time(Box<Pages>),
    Offsets(Box<OffsetPages>),
    /// In another order, to be sorted when all are there.
    Unsorted(Box<Way>),
    Sorted(std::vec::IntoIter<Trace>),
}

/// The part of the filter that is evaluated here.
enum Local {
    Nothing,
    Unprepared(Residual),
    Ready(LocalPart),
}

impl ServerStore {
    /// Starts a search of a server that knows all of the filter language that the query needs. With a limit, one trace more
    /// is asked for, which proves that there are more; when part of the filter is evaluated here, the caller counts and
    /// stops.
    #[must_use]
    pub fn search(&self, query: &Query, limit: Option<u64>, language: Language) -> Search {
        let plan = query.filter.plan_for(language);
        let local = plan.residual().map_or(Local::Nothing, |residual| Local::Unprepared(residual.clone()));
        let quest_limit = if matches!(local, Local::Nothing) { limit } else { None };
        let quest = quest(&query.experiments, &plan, query.window, quest_limit);
        let along = |direction| Box::new(self.walk(&quest, direction));
        let all = Quest { limit: None, ..quest.clone() };
        let by_offset = |clauses| Way::Offsets(Box::new(self.walk_by_offset(&quest, clauses)));
        let way = match (time_order(query), query.order_by.for_server()) {
            (_, Some(clauses)) if !quest.takes_bounds => by_offset(clauses),
            (_, None) if !quest.takes_bounds => {
                Way::Unsorted(Box::new(Way::Offsets(Box::new(self.walk_by_offset(&all, &[])))))
            }
            (Some(Direction::Descending), _) => Way::Time(along(Direction::Descending)),
            // Oldest first goes by lower bounds, which take spans away where those are searched.
            (Some(Direction::Ascending), _) if !quest.searches_spans => Way::Time(along(Direction::Ascending)),
            (_, Some(clauses)) if limit.is_some_and(|limit| limit < PAGE) => by_offset(clauses),
            _ => Way::Unsorted(Box::new(Way::Time(Box::new(self.walk(&all, Direction::Descending))))),
        };
        Search {
            server: self.clone(),
            query: query.clone(),
            language,
            quest,
            way,
            limit,
            local,
            // What is not searched for by spans finds them wherever they are.
            elsewhere: (!plan.searches_spans()).then(Elsewhere::default),
            undecided: Vec::new(),
            scanned: 0,
            answers: 0,
            read: None,
        }
    }
}

fn quest(experiments: &[ExperimentId], plan: &FilterPlan, window: TimeWindow, limit: Option<u64>) -> Quest {
    Quest {
        searches_spans: plan.searches_spans(),
        takes_bounds: plan.takes_time_bounds(),
        window,
        bounds: plan.time_window(),
        limit,
        ..Quest::plain(experiments, plan.server_text())
    }
}

/// The direction, where traces are ordered by their start alone.
fn time_order(query: &Query) -> Option<Direction> {
    match query.order_by.keys() {
        [] => Some(Direction::Descending),
        [(Field::RequestTime, direction)] => Some(*direction),
        _ => None,
    }
}

#[async_trait]
impl Walk for Search {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if self.elsewhere.is_none() {
            let found = Elsewhere::find(&self.server, &self.query, self.language).await?;
            self.undecided.extend(found.undecided.iter().cloned());
            self.elsewhere = Some(found);
        }
        let page = self.next_of_server().await?;
        let Some(elsewhere) = &mut self.elsewhere else { return Ok(page) };
        match page {
            Some(page) => {
                let known: HashSet<&TraceId> = page.iter().map(|trace| &trace.info.trace_id).collect();
                self.undecided.retain(|one| !known.contains(&one.trace_id));
                Ok(Some(elsewhere.merged_into(page, &self.query.order_by)))
            }
            None => Ok(elsewhere.rest()),
        }
    }

    /// How many traces the server has sent so far, if part of the filter is evaluated here.
    fn scanned(&self) -> Option<u64> {
        if matches!(self.local, Local::Nothing) { None } else { Some(self.scanned) }
    }

    fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// The window is closed where the newest trace was that was read; what was not there then is read again.
    async fn prove(&self, thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        let proof = |counted| Proof { read: self.scanned, late: 0, counted };
        if self.answers < 2 {
            return Ok(Some((proof(Some((self.scanned, ProofMethod::OneAnswer))), Vec::new())));
        }
        let newest_ms = self.read.map(|(_, newest)| newest).or(self.query.window.newest_ms);
        let window = TimeWindow { newest_ms, ..self.query.window };
        let quest = Quest { window, limit: None, ..self.quest.clone() };
        let counted = self.count_of(&quest).await?;
        let is_complete = counted.map_or(!thorough, |(counted, _)| counted <= self.scanned);
        match &self.way {
            Way::Time(pages) if !is_complete && pages.seen().is_whole() => {
                self.read_again(&quest, pages).await.map(Some)
            }
            _ => Ok(Some((proof(counted), Vec::new()))),
        }
    }
}

impl Search {
    async fn next_of_server(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if let Way::Unsorted(_) = self.way {
            self.sort().await?;
        }
        if let Way::Sorted(traces) = &mut self.way {
            let page: Vec<Trace> = traces.take(usize::try_from(PAGE).unwrap_or(1)).collect();
            return Ok(if page.is_empty() { None } else { Some(page) });
        }
        self.next_as_sent().await
    }

    async fn next_as_sent(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if let Local::Unprepared(residual) = &self.local {
            self.local =
                Local::Ready(LocalPart::of_experiments(&self.server, &self.query.experiments, residual).await?);
        }
        while let Some(infos) = self.page().await? {
            self.scanned += infos.len() as u64;
            self.answers += 1;
            for info in infos.iter().filter(|info| info.unread.is_empty()) {
                let (oldest, newest) = self.read.unwrap_or((i64::MAX, i64::MIN));
                self.read = Some((oldest.min(info.request_time_ms), newest.max(info.request_time_ms)));
            }
            let Decided { matching, undecided } = self.decided(infos).await?;
            let is_new = |one: &Undecided| self.undecided.iter().all(|known| known.trace_id != one.trace_id);
            let undecided: Vec<Undecided> = undecided.into_iter().filter(is_new).collect();
            self.undecided.extend(undecided);
            if !matching.is_empty() {
                return Ok(Some(matching));
            }
        }
        Ok(None)
    }

    async fn page(&mut self) -> Result<Option<Vec<TraceInfo>>, ServerError> {
        let way = match &mut self.way {
            Way::Unsorted(way) => way,
            way => way,
        };
        match way {
            Way::Time(pages) => pages.next().await,
            Way::Offsets(pages) => pages.next().await,
            Way::Unsorted(_) | Way::Sorted(_) => Ok(None),
        }
    }

    async fn decided(&self, infos: Vec<TraceInfo>) -> Result<Decided, StoreError> {
        match &self.local {
            Local::Ready(part) => part.decide(&self.server, infos).await,
            Local::Nothing | Local::Unprepared(_) => Ok(Decided::all(infos)),
        }
    }

    /// Reads everything and sorts it; where that is too much and the server can sort, begins anew by its offsets.
    async fn sort(&mut self) -> Result<(), StoreError> {
        let mut traces = Vec::new();
        // One more than are asked for, which proves that there are more.
        let wanted = self.limit.map(|limit| usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX));
        while let Some(page) = self.next_as_sent().await? {
            traces.extend(page);
            if traces.len() > SORTED_HERE {
                if let Some(clauses) = self.query.order_by.for_server() {
                    let pages = Box::new(self.server.walk_by_offset(&self.quest, clauses));
                    self.begin_anew(pages);
                    return Ok(());
                }
                self.put_in_order(&mut traces);
                traces.truncate(wanted.unwrap_or(usize::MAX));
            }
        }
        self.put_in_order(&mut traces);
        self.tell_of_cut(&traces);
        self.way = Way::Sorted(traces.into_iter());
        Ok(())
    }

    fn put_in_order(&self, traces: &mut [Trace]) {
        traces.sort_by(|left, right| self.query.order_by.compare(left, right));
    }

    fn begin_anew(&mut self, pages: Box<OffsetPages>) {
        self.server.tell(Event::Notice(
            "more than 10,000 traces match, so their order is left to the server page by page; traces deleted or changed in the meantime can hide others (without --order-by, none are missed)".to_owned(),
        ));
        (self.scanned, self.answers, self.read) = (0, 0, None);
        self.undecided.clear();
        self.way = Way::Offsets(pages);
    }

    /// Values that were cut are sorted by what is known about them.
    fn tell_of_cut(&self, sorted: &[Trace]) {
        let cut = sorted.iter().filter(|trace| self.query.order_by.is_cut(trace)).count();
        if cut > 0 {
            let are = if cut == 1 { "1 trace is".to_owned() } else { format!("{cut} traces are") };
            let message = format!("{are} sorted by the beginning of a value, the rest of which the server cut off");
            self.server.tell(Event::Notice(message));
        }
    }

    /// Reads the window a second time; what was not seen before is late.
    async fn read_again(&self, quest: &Quest, first: &Pages) -> Result<(Proof, Vec<Trace>), StoreError> {
        let mut again = self.server.walk(quest, Direction::Descending);
        let (mut counted, mut late, mut found) = (0, 0, Vec::new());
        while let Some(mut infos) = again.next().await? {
            counted += infos.len() as u64;
            infos.retain(|info| !first.seen().contains(&info.trace_id));
            late += infos.len() as u64;
            found.extend(self.decided(infos).await?.matching);
        }
        let counted = Some((counted, ProofMethod::Reread));
        Ok((Proof { read: self.scanned + late, late, counted }, found))
    }

    async fn count_of(&self, quest: &Quest) -> Result<Option<(u64, ProofMethod)>, ServerError> {
        let Ok(filter) = Filter::parse(&quest.filter) else { return Ok(None) };
        if let Some(count) = Count::of(&filter, quest.window)
            && let Some(number) = self.server.exact_count(&quest.experiments, &count).await?
        {
            return Ok(Some((number, ProofMethod::Metrics)));
        }
        let everything = self.server.trace_count(&quest.experiments, &[], TimeWindow::default()).await?;
        if quest.searches_spans || everything.is_none_or(|traces| traces > CORRELATED) {
            return Ok(None);
        }
        let number = self.server.correlated_count(quest).await?;
        Ok(number.map(|number| (number, ProofMethod::Correlation)))
    }
}
