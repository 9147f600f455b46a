//! What a search asks of each trace, cheapest first: texts in its JSON, its info, and only if need be its spans.
//!
//! Invariant: what is left out early does not match. What matches was read to its end, so that damage in it is seen; of what
//! cannot match only the ends are looked at.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::layout::Layout;
use super::needles::Needles;
use super::part::{Damage, Part, Record, checked};
use super::scan::{Place, Visitor, scan};
use super::wrapped::is_plain;
use crate::filter::{Doubt, Matcher, SessionScope, Truth};
use crate::model::{InfoParts, TimeWindow, Trace, TraceInfo};
use crate::store::{Query, StoreError, Undecided};

/// What was found out of a trace.
pub(super) enum Answer {
    /// It does not match.
    No,
    /// It matches; with at least as much of its info as its place in the order depends on.
    Match(Box<Trace>),
    /// It may match: part of what was asked is not in the archive.
    Undecided(Undecided),
}

/// A query, prepared once.
pub(super) struct Question {
    query: Query,
    matcher: Matcher,
    needles: Needles,
    /// What decides, and what the order needs.
    parts: InfoParts,
    window: TimeWindow,
    scope: SessionScope,
}

impl Question {
    /// Prepares a query; where sessions share assessments this takes a pass over everything that is searched.
    pub(super) fn new(query: &Query, layout: &Layout, stop: &AtomicBool) -> Result<Self, StoreError> {
        let filter = &query.filter;
        let location = if query.experiments.is_empty() { InfoParts::NONE } else { InfoParts::LOCATION };
        let mut question = Self {
            matcher: filter.matcher(),
            needles: Needles::new(&filter.needles()),
            parts: filter.info_parts().and(query.order_by.info_parts()).and(location),
            window: query.window.and(filter.time_window()),
            scope: SessionScope::default(),
            query: query.clone(),
        };
        if filter.needs_session_scope() {
            let observers = scan(layout, stop, || Observer { question: &question, scope: SessionScope::default() })?;
            let scopes: Vec<SessionScope> = observers.into_iter().map(|observer| observer.scope).collect();
            for scope in scopes {
                question.scope.merge(scope);
            }
        }
        Ok(question)
    }

    /// Which traces are asked for.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    /// Whether no trace of a part can match.
    pub(super) fn skips(&self, part: &Part) -> bool {
        !part.window.meets(self.window) || self.skips_experiment_of(part)
    }

    fn skips_experiment_of(&self, part: &Part) -> bool {
        let asked = &self.query.experiments;
        part.experiment_id.as_ref().is_some_and(|id| !asked.is_empty() && !asked.contains(id))
    }

    fn is_in_experiments(&self, info: &TraceInfo) -> bool {
        let asked = &self.query.experiments;
        asked.is_empty() || info.experiment_id().is_some_and(|id| asked.contains(&id))
    }

    /// Whether the trace matches.
    pub(super) fn ask(&self, record: Record) -> Result<Answer, Damage> {
        match record {
            Record::Text(text) => self.ask_text(text),
            Record::Whole(trace) => Ok(self.answer(self.decide(&trace), *trace)),
        }
    }

    fn ask_text(&self, text: &[u8]) -> Result<Answer, Damage> {
        if !self.needles.may_match(text) && is_plain(text) && !self.asks_previews_of_2(text) {
            return Ok(Answer::No);
        }
        let trace = Trace::without_spans(TraceInfo::from_trace_text(text, self.parts)?);
        let truth = self.decide(&trace);
        if truth.is_open() && self.query.filter.needs_spans() {
            let trace = Trace::from_text(text)?;
            return Ok(self.answer(self.decide(&trace), trace));
        }
        if truth.may_be_true() {
            checked(text)?;
        }
        Ok(self.answer(truth, trace))
    }

    fn answer(&self, truth: Truth, trace: Trace) -> Answer {
        if truth.is_true() {
            return Answer::Match(Box::new(trace));
        }
        if !truth.is_open() {
            return Answer::No;
        }
        let mut doubts = self.matcher.doubts(&trace, &self.scope);
        // An archive has no links to runs that a trace does not tell of itself.
        doubts.remove(&Doubt::Links);
        if doubts.is_empty() {
            return Answer::No;
        }
        Answer::Undecided(Undecided { trace_id: trace.info.trace_id, doubts, reason: None, is_left_out: false })
    }

    /// Whether a trace of `MLflow` 2 is asked for previews, which stand in it as JSON within JSON.
    fn asks_previews_of_2(&self, text: &[u8]) -> bool {
        self.parts.has(InfoParts::PREVIEWS) && memchr::memmem::find(text, b"\"request_id\"").is_some()
    }

    fn decide(&self, trace: &Trace) -> Truth {
        if !self.window.contains(trace.info.request_time_ms) || !self.is_in_experiments(&trace.info) {
            return Truth::FALSE;
        }
        self.matcher.matches(trace, &self.scope)
    }
}

/// Collects the sessions that share assessments.
struct Observer<'q> {
    question: &'q Question,
    scope: SessionScope,
}

impl Visitor for Observer<'_> {
    fn skips(&self, part: &Part) -> bool {
        self.question.skips_experiment_of(part)
    }

    fn visit(&mut self, _: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        let trace = Trace::without_spans(record.info(self.question.parts)?);
        if self.question.is_in_experiments(&trace.info) {
            self.question.matcher.observe(&mut self.scope, &trace);
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Counts matches.
pub(super) struct Counter<'q> {
    pub(super) question: &'q Question,
    pub(super) count: u64,
    pub(super) undecided: Vec<(Place, Undecided)>,
}

impl Visitor for Counter<'_> {
    fn skips(&self, part: &Part) -> bool {
        self.question.skips(part)
    }

    fn visit(&mut self, place: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        match self.question.ask(record)? {
            Answer::No => {}
            Answer::Match(_) => self.count += 1,
            Answer::Undecided(undecided) => self.undecided.push((place, undecided)),
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// What several threads could not decide, in the order of the archive.
pub(super) fn in_order(mut undecided: Vec<(Place, Undecided)>) -> Vec<Undecided> {
    undecided.sort_by_key(|(place, _)| *place);
    undecided.into_iter().map(|(_, undecided)| undecided).collect()
}
