//! Traces whose spans are not in the tracking store: in the artifact store, as old clients leave them, or in the server's archive.
//!
//! A server finds none of the former and not all of the latter by their spans, and says nothing of it. They are found by the
//! rest of the filter, and their spans are read and asked here.

use std::collections::HashSet;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::local::{LocalPart, is_elsewhere};
use super::walk::{Pages, Quest};
use super::{ServerError, ServerStore};
use crate::filter::{Direction, Doubt, Filter, FilterPlan, Language, OrderBy};
use crate::model::{Trace, TraceId, keys};
use crate::store::{Event, Query, StoreError, Undecided};

/// How many traces are read with their spans for one search at most.
const MOST: usize = 10_000;

/// What was found elsewhere, in the order of the search.
pub(super) struct Elsewhere {
    found: Peekable<IntoIter<Trace>>,
    ids: HashSet<TraceId>,
    pub undecided: Vec<Undecided>,
}

impl Default for Elsewhere {
    fn default() -> Self {
        Self { found: Vec::new().into_iter().peekable(), ids: HashSet::new(), undecided: Vec::new() }
    }
}

impl Elsewhere {
    /// Reads them all.
    pub async fn find(server: &ServerStore, query: &Query, language: Language) -> Result<Self, StoreError> {
        let plan = query.filter.plan_elsewhere(language);
        let Some(residual) = plan.residual() else { return Ok(Self::default()) };
        let mut part = None;
        let (mut found, mut elsewhere, mut read) = (Vec::new(), Self::default(), 0);
        for mut pages in server.pages_elsewhere(query, &plan).await? {
            while let Some(mut infos) = pages.next().await? {
                infos.retain(is_elsewhere);
                infos.retain(|info| elsewhere.ids.insert(info.trace_id.clone()));
                read += infos.len();
                if read > MOST {
                    return Err(StoreError::TooManyElsewhere { most: MOST });
                }
                if part.is_none() && !infos.is_empty() {
                    part = Some(Box::pin(LocalPart::of_experiments(server, &query.experiments, residual)).await?);
                }
                let Some(part) = &part else { continue };
                let mut decided = part.decide(server, infos).await?;
                // What a server accepts means what it means there.
                for one in &mut decided.undecided {
                    one.is_left_out = query.leaves_out_unreadable() && !one.doubts.contains(&Doubt::Info);
                }
                found.extend(decided.matching);
                elsewhere.undecided.extend(decided.undecided);
            }
        }
        if read > 0 {
            let have = if read == 1 { "1 trace has its".to_owned() } else { format!("{read} traces have their") };
            let message = "spans outside of the tracking store, which the server does not search; they were read and evaluated locally";
            server.tell(Event::Notice(format!("{have} {message}")));
        }
        found.sort_by(|left, right| query.order_by.compare(left, right));
        elsewhere.ids = found.iter().map(|trace| trace.info.trace_id.clone()).collect();
        elsewhere.found = found.into_iter().peekable();
        Ok(elsewhere)
    }

    /// A page of the server's with what belongs before its end, each trace once.
    pub fn merged_into(&mut self, page: Vec<Trace>, order_by: &OrderBy) -> Vec<Trace> {
        let mut merged = Vec::with_capacity(page.len());
        for trace in page {
            while let Some(earlier) = self.found.next_if(|mine| order_by.compare(mine, &trace).is_lt()) {
                merged.push(earlier);
            }
            if !self.ids.contains(&trace.info.trace_id) {
                merged.push(trace);
            }
        }
        merged
    }

    /// What is left when the server has no more.
    pub fn rest(&mut self) -> Option<Vec<Trace>> {
        let rest: Vec<Trace> = self.found.by_ref().collect();
        (!rest.is_empty()).then_some(rest)
    }
}

impl ServerStore {
    /// Walks over what a plan finds among the traces whose spans are elsewhere.
    async fn pages_elsewhere(&self, query: &Query, plan: &FilterPlan) -> Result<Vec<Pages>, ServerError> {
        let rest = plan.server_text();
        let quest = |filter: &str| {
            let plan = Filter::parse(filter).map(|filter| filter.plan());
            let takes_bounds = plan.as_ref().is_ok_and(FilterPlan::takes_time_bounds);
            let bounds = plan.map(|plan| plan.time_window()).unwrap_or_default();
            Quest { takes_bounds, bounds, window: query.window, ..Quest::plain(&query.experiments, filter) }
        };
        let tag = keys::SPANS_LOCATION;
        let mut all = Vec::new();
        for clause in [format!("tags.`{tag}` IS NULL"), format!("tags.`{tag}` != 'TRACKING_STORE'")] {
            let filter = if rest.is_empty() { clause } else { format!("{clause} AND {rest}") };
            let probe = match Filter::parse(&filter) {
                Ok(_) => self.search_once(&query.experiments, &filter, 1).await,
                Err(_) => Ok(Vec::new()),
            };
            match probe {
                Ok(found) if found.is_empty() => {}
                Ok(_) => all.push(self.walk(&quest(&filter), Direction::Descending)),
                // Servers before 3.11 do not know IS NULL: what is elsewhere is told apart here.
                Err(error) if error.is_refusal() => return Ok(vec![self.walk(&quest(rest), Direction::Descending)]),
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }
}
