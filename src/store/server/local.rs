//! The part of a filter that the server cannot evaluate: asked here of what the server part found.
//!
//! Some of it only the server can decide after all (feedback that a session shares, linked runs and prompts): it is asked
//! once for the ids that match. Where a text was cut, or is one that databases compare in different ways, it is asked of the
//! traces that this leaves open. Spans are fetched only for traces that everything else leaves open.
//!
//! Invariant: what cannot be known is no match and is told, with the reason.

use std::collections::HashSet;

use super::{ServerError, ServerStore};
use crate::filter::{Asked, Filter, Language, Residual, ResidualMatcher, Truth};
use crate::model::{ExperimentId, Trace, TraceId, TraceInfo};
use crate::store::{Decided, StoreError, Undecided};

/// A residual ready to be asked.
pub(super) struct LocalPart {
    matcher: ResidualMatcher,
    needs_spans: bool,
    experiments: Vec<ExperimentId>,
    /// For each set that only the server can name, the ids in it; nothing if it cannot be named.
    sets: Vec<Option<HashSet<TraceId>>>,
    lookups: Vec<String>,
}

/// What a server said about single traces: for each lookup those that it was asked about, and those that it found.
type Answers = Vec<(HashSet<TraceId>, HashSet<TraceId>)>;

impl LocalPart {
    /// Prepares a residual for a search of whole experiments.
    pub async fn of_experiments(
        server: &ServerStore,
        experiments: &[ExperimentId],
        residual: &Residual,
    ) -> Result<Self, StoreError> {
        let mut part = Self::unprepared(experiments, residual);
        for set in residual.server_sets() {
            part.sets.push(server.ids_in(experiments, set).await?);
        }
        Ok(part)
    }

    /// Prepares a residual for these traces only, at most one page of them.
    pub async fn of_infos(
        server: &ServerStore,
        experiment: &ExperimentId,
        infos: &[TraceInfo],
        residual: &Residual,
    ) -> Result<Self, StoreError> {
        let experiments = std::slice::from_ref(experiment);
        let mut part = Self::unprepared(experiments, residual);
        for set in residual.server_sets() {
            part.sets.push(server.those_in(experiments, infos, set).await?);
        }
        Ok(part)
    }

    fn unprepared(experiments: &[ExperimentId], residual: &Residual) -> Self {
        Self {
            matcher: residual.matcher(),
            needs_spans: residual.needs_spans(),
            experiments: experiments.to_vec(),
            sets: Vec::new(),
            lookups: residual.lookups().to_vec(),
        }
    }

    /// Decides of at most one page of traces. Only what concerns all of them is an error.
    pub async fn decide(&self, server: &ServerStore, infos: Vec<TraceInfo>) -> Result<Decided, StoreError> {
        let (infos, unread) = Decided::readable(infos);
        let mut answers = Answers::new();
        if !self.lookups.is_empty() {
            let asked = |info: &&TraceInfo| self.matcher.is_for_lookup(info, &|asked, id| self.answer(&[], asked, id));
            let open = infos.iter().filter(asked).map(|info| info.trace_id.clone()).collect();
            self.look_up(server, open, &mut answers).await?;
        }
        let mut decided: Vec<Result<Option<Trace>, Undecided>> = Vec::with_capacity(infos.len());
        let mut open = Vec::new();
        for trace in infos.into_iter().map(Trace::without_spans) {
            let truth = self.ask(&trace, &answers);
            if truth.is_open() && self.needs_spans {
                open.push((decided.len(), trace));
                decided.push(Ok(None));
            } else {
                decided.push(self.settled(trace, truth, &answers));
            }
        }
        let (places, traces): (Vec<usize>, Vec<Trace>) = open.into_iter().unzip();
        // Of a trace that lacks spans nobody knows what those would say.
        for (place, read) in places.into_iter().zip(server.whole(traces).await) {
            decided[place] = match read {
                Ok(trace) => {
                    let truth = self.ask(&trace, &answers);
                    self.settled(trace, truth, &answers)
                }
                Err(failure) => match failure.error {
                    StoreError::Server(error) if error.concerns_all() => return Err(error.into()),
                    error => Err(self.undecided(&failure.trace, &answers, Some(error.to_string()))),
                },
            };
        }
        let mut decided = Decided::of(decided);
        decided.undecided.extend(unread);
        Ok(decided)
    }

    fn settled(&self, trace: Trace, truth: Truth, answers: &Answers) -> Result<Option<Trace>, Undecided> {
        if truth.is_open() { Err(self.undecided(&trace, answers, None)) } else { Ok(truth.is_true().then_some(trace)) }
    }

    fn undecided(&self, trace: &Trace, answers: &Answers, reason: Option<String>) -> Undecided {
        let doubts = self.matcher.doubts(trace, &|asked, id| self.answer(answers, asked, id));
        Undecided { trace_id: trace.info.trace_id.clone(), doubts, reason, is_left_out: false }
    }

    fn ask(&self, trace: &Trace, answers: &Answers) -> Truth {
        self.matcher.matches(trace, &|asked, id| self.answer(answers, asked, id))
    }

    fn answer(&self, answers: &[(HashSet<TraceId>, HashSet<TraceId>)], asked: Asked, id: &TraceId) -> Option<bool> {
        match asked {
            Asked::Set(set) => Some(self.sets.get(set)?.as_ref()?.contains(id)),
            Asked::Lookup(lookup) => {
                let (asked, found) = answers.get(lookup)?;
                asked.contains(id).then(|| found.contains(id))
            }
        }
    }

    async fn look_up(&self, server: &ServerStore, ids: Vec<TraceId>, answers: &mut Answers) -> Result<(), ServerError> {
        if ids.is_empty() {
            return Ok(());
        }
        for filter in &self.lookups {
            let found = server.among(&self.experiments, &ids, filter).await?;
            let found = found.into_iter().map(|info| info.trace_id).collect();
            answers.push((ids.iter().cloned().collect(), found));
        }
        Ok(())
    }
}

impl ServerStore {
    /// Which of these traces (at most 100) are there and match a filter, asked by explicit ids so that no paging can
    /// lose one.
    pub async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Decided, StoreError> {
        let experiments = std::slice::from_ref(experiment);
        let language = self.wire.language_for(filter, experiments).await?;
        let plan = filter.plan_for(language);
        let found = self.among(experiments, ids, plan.server_text()).await?;
        let mut decided = match plan.residual() {
            None => Decided::all(found),
            Some(residual) => {
                LocalPart::of_infos(self, experiment, &found, residual).await?.decide(self, found).await?
            }
        };
        if plan.searches_spans() {
            decided.add(self.elsewhere_among(experiment, ids, filter, language).await?);
        }
        Ok(decided)
    }

    /// The same of those alone whose spans the server does not search.
    async fn elsewhere_among(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
        language: Language,
    ) -> Result<Decided, StoreError> {
        let mut infos = self.shown(experiment, ids).await?;
        infos.retain(is_elsewhere);
        let plan = filter.plan_elsewhere(language);
        match plan.residual() {
            Some(residual) if !infos.is_empty() => {
                LocalPart::of_infos(self, experiment, &infos, residual).await?.decide(self, infos).await
            }
            _ => Ok(Decided::default()),
        }
    }
}

/// Whether the spans of a trace are not in the tracking store, so that the server does not find it by all of them.
pub(super) fn is_elsewhere(info: &TraceInfo) -> bool {
    info.spans_location() != Some("TRACKING_STORE")
}
