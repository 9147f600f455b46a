//! Many traces in numbers: groups, exact quantiles, tokens and money.
//!
//! [`Statistics`] takes traces one by one and keeps groups only. Everything is exact: nothing is sampled or estimated.
//!
//! Invariants: what is absent is a group of its own and counts in no number; of every number it is known how many traces tell
//! it; a trace with several answers to what is grouped by is in each of these groups, and in the total once.

mod compared;
mod dimension;
mod every;
mod facts;
mod group;
mod intervals;
mod metric;
mod numbers;
mod prices;
mod report;
mod sql;
mod standouts;
mod tests_of_chance;

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

pub use compared::Compared;
pub use dimension::{Dimension, DimensionError};
pub use every::Every;
pub use facts::{Facts, Priced, SpanFacts, Usage, model};
pub use group::{Grouped, Readings};
pub use intervals::{ConfidenceInterval, of_shares};
pub use metric::{Aggregate, Measure, Metric, Unit};
pub use numbers::Numbers;
pub use prices::{Price, Prices};
pub use report::{Course, Order, StatsReport, StatsRow};
pub use sql::SqlSource;
pub use standouts::{Standout, Standouts};
pub use tests_of_chance::{Chance, Verdicts, two_shares};

use group::Measured;

/// What is asked of traces.
#[derive(Clone, Debug)]
pub struct Question {
    /// What they are grouped by.
    pub by: Vec<Dimension>,
    /// Into which stretches of time.
    pub every: Option<Every>,
    /// What is asked of each group.
    pub metrics: Vec<Metric>,
    /// Whether all feedback and expectations are wanted, too.
    pub assessed: bool,
    /// Whether what traces state is checked against their spans.
    crosses: bool,
    measures: Vec<Measured>,
}

/// What traces are grouped by: when, and their answers.
type Key = (Option<i64>, Vec<Value>);

/// Traces in numbers, while they are read.
pub struct Statistics {
    question: Question,
    groups: HashMap<Key, Grouped>,
    total: Grouped,
    /// The present length where it is chosen here.
    step: usize,
    range: Option<(i64, i64)>,
    cut: u64,
    without_spans: u64,
    unpriced: BTreeSet<String>,
    crossing: Crossing,
    standouts: Standouts,
}

/// Tokens and costs of the traces, beside those of their spans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Crossing {
    /// Traces that were compared: both tell tokens.
    pub compared: u64,
    /// Those that do not agree.
    pub tokens_differ: u64,
    /// Traces of which both tell the cost.
    pub costs_compared: u64,
    /// Those that do not agree.
    pub costs_differ: u64,
    /// All tokens, by the traces and by their spans.
    pub tokens: (f64, f64),
    /// All costs, by the traces and by their spans.
    pub costs: (f64, f64),
    /// Traces with a cost whose spans state a kind, as they do since `MLflow` 3.18, and those whose spans do not.
    pub kinds: (u64, u64),
}

impl Question {
    /// A question; with `keeps_all`, what two groups have can be compared.
    #[must_use]
    pub fn new(
        by: Vec<Dimension>,
        every: Option<Every>,
        metrics: Vec<Metric>,
        assessed: bool,
        keeps_all: bool,
    ) -> Self {
        let mut measures: Vec<Measured> = Vec::new();
        for metric in &metrics {
            let Metric::Of(aggregate, measure) = metric else { continue };
            let keeps = keeps_all || matches!(aggregate, Aggregate::Quantile(_));
            match measures.iter_mut().find(|known| known.measure == *measure) {
                Some(known) => known.keeps |= keeps,
                None => measures.push(Measured { measure: measure.clone(), keeps }),
            }
        }
        Self { by, every, metrics, assessed, crosses: false, measures }
    }

    /// The same, with what traces state checked against their spans.
    #[must_use]
    pub fn with_cross_check(self) -> Self {
        Self { crosses: true, ..self }
    }

    /// Whether it asks for the spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        self.crosses || self.by.iter().any(Dimension::needs_spans) || self.metrics.iter().any(Metric::needs_spans)
    }

    /// Whether spans are counted, not traces.
    #[must_use]
    pub fn is_of_spans(&self) -> bool {
        self.by.iter().any(Dimension::is_of_spans)
    }

    /// What a group answers.
    #[must_use]
    pub fn answer(&self, group: &Grouped, metric: &Metric) -> Option<f64> {
        group.answer(metric, &self.measures)
    }

    /// The numbers of a group that a metric is about.
    #[must_use]
    pub fn readings<'g>(&self, group: &'g Grouped, metric: &Metric) -> Option<&'g Readings> {
        let place = self.measures.iter().position(|measured| Some(&measured.measure) == metric.measure())?;
        group.readings_at(place)
    }

    /// The groups that a span is in.
    fn keys_of(&self, span: &SpanFacts, of_trace: &[Vec<Value>], stretch: Option<i64>) -> Vec<Key> {
        let mut values = of_trace.to_vec();
        for (by, values) in self.by.iter().zip(&mut values).filter(|(by, _)| by.is_of_spans()) {
            match by.of_span(span) {
                Some(value) => *values = vec![value],
                None => return Vec::new(),
            }
        }
        product(&values).into_iter().map(|values| (stretch, values)).collect()
    }

    /// What is measured, with how many of a group tell it.
    pub fn coverage<'g>(&'g self, group: &'g Grouped) -> impl Iterator<Item = (&'g Measure, u64)> {
        let known = self.measures.iter().enumerate();
        known.filter_map(|(place, measured)| Some((&measured.measure, group.readings_at(place)?.known)))
    }
}

impl Statistics {
    /// Nothing yet.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self {
            total: Grouped::new(&question.measures),
            question,
            groups: HashMap::new(),
            step: 0,
            range: None,
            cut: 0,
            without_spans: 0,
            unpriced: BTreeSet::new(),
            crossing: Crossing::default(),
            standouts: Standouts::default(),
        }
    }

    /// One more trace.
    pub fn add(&mut self, facts: &Facts) {
        let start_ms = facts.trace.info.request_time_ms;
        self.widen(start_ms);
        let stretch = self.stretch(start_ms);
        let spans = facts.spans.as_deref().unwrap_or_default();
        self.note(facts);
        let Self { question, groups, total, .. } = self;
        let (measures, assessed) = (&question.measures, question.assessed);
        total.add_trace(facts, measures, assessed);
        let of_trace: Vec<Vec<Value>> = question.by.iter().map(|by| by.of_trace(facts)).collect();
        let mut touched: HashSet<Key> = HashSet::new();
        if !question.is_of_spans() {
            touched.extend(product(&of_trace).into_iter().map(|values| (stretch, values)));
        }
        for span in spans {
            let keys = question.keys_of(span, &of_trace, stretch);
            if !keys.is_empty() {
                total.add_span(span, measures);
            }
            for key in keys {
                let group = groups.entry(key.clone()).or_insert_with(|| Grouped::new(measures));
                group.add_span(span, measures);
                touched.insert(key);
            }
        }
        for key in touched {
            let group = groups.entry(key).or_insert_with(|| Grouped::new(measures));
            group.add_trace(facts, measures, assessed);
        }
    }

    /// What is to be told beside the numbers.
    fn note(&mut self, facts: &Facts) {
        let is_cut = |by: &Dimension| match by {
            Dimension::Field(field) => field.cut(&facts.trace.info).is_some(),
            _ => false,
        };
        self.cut += u64::from(self.question.by.iter().any(is_cut));
        self.without_spans += u64::from(facts.spans.as_ref().is_none_or(Vec::is_empty));
        if let Some(Priced::NoPrice(model)) = &facts.priced {
            self.unpriced.insert(model.clone());
        }
        self.crossing.add(facts);
        self.standouts.add(facts.trace);
    }

    fn widen(&mut self, start_ms: i64) {
        let (first, last) = self.range.unwrap_or((start_ms, start_ms));
        let (first, last) = (first.min(start_ms), last.max(start_ms));
        self.range = Some((first, last));
        if self.question.every != Some(Every::Auto) {
            return;
        }
        let before = self.step;
        let is_long = |step: usize| last.saturating_sub(first) / every::LADDER[step] >= every::MOST;
        while is_long(self.step) && self.step + 1 < every::LADDER.len() {
            self.step += 1;
        }
        if self.step != before {
            self.regroup();
        }
    }

    /// Puts groups of shorter stretches together.
    fn regroup(&mut self) {
        let length = every::LADDER[self.step];
        for ((start, values), group) in std::mem::take(&mut self.groups) {
            let key = (start.map(|start| every::start(start, length)), values);
            match self.groups.entry(key) {
                std::collections::hash_map::Entry::Occupied(mut there) => there.get_mut().merge(&group),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(group);
                }
            }
        }
    }

    fn stretch(&self, start_ms: i64) -> Option<i64> {
        match self.question.every? {
            Every::Split(at) => Some(if start_ms < at { i64::MIN } else { at }),
            _ => self.length_ms().map(|length| every::start(start_ms, length)),
        }
    }

    /// How long the stretches of time are.
    fn length_ms(&self) -> Option<i64> {
        match self.question.every? {
            Every::Length(length) => Some(length),
            Every::Auto => Some(every::LADDER[self.step]),
            Every::Split(_) => None,
        }
    }
}

impl Crossing {
    fn add(&mut self, facts: &Facts) {
        use crate::model::field::{Field, Share};

        if facts.spans.is_none() {
            return;
        }
        let stated = |field: Field| field.value(facts.trace).as_f64();
        let differ = |one: f64, other: f64| (one - other).abs() > 1e-9 * one.abs().max(other.abs()).max(1e-6);
        if let (Some(stated), Some(found)) = (stated(Field::Tokens(Share::Total)), facts.usage().total) {
            self.compared += 1;
            self.tokens_differ += u64::from(differ(stated, found));
            self.tokens = (self.tokens.0 + stated, self.tokens.1 + found);
        }
        let Some(stated) = stated(Field::Cost(Share::Total)) else { return };
        let states_kind = facts.trace.spans().iter().any(|span| span.kind.is_some());
        self.kinds.0 += u64::from(states_kind);
        self.kinds.1 += u64::from(!states_kind);
        if let Some(found) = facts.cost(Share::Total).filter(|_| facts.priced.is_none()) {
            self.costs_compared += 1;
            self.costs_differ += u64::from(differ(stated, found));
            self.costs = (self.costs.0 + stated, self.costs.1 + found);
        }
    }
}

/// Every way to take one answer of each.
fn product(answers: &[Vec<Value>]) -> Vec<Vec<Value>> {
    answers.iter().fold(vec![Vec::new()], |rows, answers| {
        let longer = |row: &Vec<Value>, answer: &Value| row.iter().cloned().chain([answer.clone()]).collect();
        rows.iter().flat_map(|row| answers.iter().map(move |answer| longer(row, answer))).collect()
    })
}

#[cfg(test)]
// What is exact is compared exactly, and values are made where they are used.
#[allow(clippy::float_cmp, clippy::needless_pass_by_value)]
mod tests;
