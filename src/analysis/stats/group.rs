//! What is known about a group of traces, or of spans: everything that any metric asks for.

use std::collections::BTreeMap;

use super::facts::{Facts, SpanFacts};
use super::metric::{Aggregate, Measure, Metric, Reading};
use super::numbers::Numbers;
use crate::model::{Assessment, AssessmentKind, TraceState};

/// A measure, and whether quantiles of it are asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    pub measure: Measure,
    pub keeps: bool,
}

/// The numbers of one measure.
#[derive(Clone, Debug)]
pub struct Readings {
    /// The numbers.
    pub numbers: Numbers,
    /// How many traces, or spans, told one.
    pub known: u64,
    /// How many of them were yes or no.
    pub answers: u64,
    /// How many were yes.
    pub yes: u64,
}

/// A group.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// Its traces.
    pub traces: u64,
    /// Those that failed.
    pub errors: u64,
    /// Those that ended, well or not.
    pub ended: u64,
    /// Those that have not ended.
    pub in_progress: u64,
    /// Its spans.
    pub spans: u64,
    /// Those that failed.
    pub span_errors: u64,
    /// In the order of the measures.
    readings: Vec<Readings>,
    /// What was said in feedback and expectations, by kind and name.
    pub assessed: BTreeMap<(&'static str, String), Readings>,
}

impl Default for Readings {
    fn default() -> Self {
        Self::new(false)
    }
}

impl Readings {
    pub(super) fn new(keeps: bool) -> Self {
        Self { numbers: Numbers::new(keeps), known: 0, answers: 0, yes: 0 }
    }

    fn add(&mut self, told: &[Reading]) {
        self.known += u64::from(!told.is_empty());
        for reading in told {
            if let Some(number) = reading.number {
                self.numbers.add(number);
            }
            self.answers += u64::from(reading.yes.is_some());
            self.yes += u64::from(reading.yes == Some(true));
        }
    }

    /// One more assessment.
    pub(in crate::analysis) fn judge(&mut self, assessment: &Assessment) {
        self.add(&Reading::of_assessment(assessment).into_iter().collect::<Vec<_>>());
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.numbers.merge(&other.numbers);
        self.known += other.known;
        self.answers += other.answers;
        self.yes += other.yes;
    }

    /// The part that is yes of what is yes or no.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        part(self.yes, self.answers)
    }
}

/// A part of a whole that is not empty.
pub(super) fn part(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Grouped {
    pub(super) fn new(measures: &[Measured]) -> Self {
        let readings = measures.iter().map(|measured| Readings::new(measured.keeps)).collect();
        let assessed = BTreeMap::new();
        Self { traces: 0, errors: 0, ended: 0, in_progress: 0, spans: 0, span_errors: 0, readings, assessed }
    }

    pub(super) fn add_trace(&mut self, facts: &Facts, measures: &[Measured], with_assessed: bool) {
        let info = &facts.trace.info;
        self.traces += 1;
        match info.state {
            TraceState::Ok => self.ended += 1,
            TraceState::Error => (self.ended, self.errors) = (self.ended + 1, self.errors + 1),
            TraceState::InProgress => self.in_progress += 1,
            _ => {}
        }
        for (readings, measured) in self.readings.iter_mut().zip(measures) {
            if !measured.measure.is_of_spans() {
                readings.add(&measured.measure.of_trace(facts));
            }
        }
        if with_assessed {
            self.add_assessed(&info.assessments);
        }
    }

    fn add_assessed(&mut self, assessments: &[Assessment]) {
        let mut told: BTreeMap<(&'static str, &str), Vec<Reading>> = BTreeMap::new();
        for assessment in assessments.iter().filter(|one| one.is_valid() && one.kind() != AssessmentKind::Issue) {
            told.entry((assessment.kind().as_str(), assessment.name()))
                .or_default()
                .extend(Reading::of_assessment(assessment));
        }
        for ((kind, name), told) in told {
            self.assessed.entry((kind, name.to_owned())).or_insert_with(|| Readings::new(false)).add(&told);
        }
    }

    pub(super) fn add_span(&mut self, span: &SpanFacts, measures: &[Measured]) {
        self.spans += 1;
        self.span_errors += u64::from(span.failed);
        for (readings, measured) in self.readings.iter_mut().zip(measures) {
            if let Some(number) = measured.measure.of_span(span) {
                readings.add(&[Reading { number: Some(number), yes: None }]);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.traces += other.traces;
        self.errors += other.errors;
        self.ended += other.ended;
        self.in_progress += other.in_progress;
        self.spans += other.spans;
        self.span_errors += other.span_errors;
        for (readings, others) in self.readings.iter_mut().zip(&other.readings) {
            readings.merge(others);
        }
        for (name, others) in &other.assessed {
            self.assessed.entry(name.clone()).or_insert_with(|| Readings::new(false)).merge(others);
        }
    }

    pub(super) fn readings_at(&self, place: usize) -> Option<&Readings> {
        self.readings.get(place)
    }

    pub(super) fn answer(&self, metric: &Metric, measures: &[Measured]) -> Option<f64> {
        match metric {
            Metric::Traces => Some(self.traces as f64),
            Metric::Errors => Some(self.errors as f64),
            Metric::ErrorRate => part(self.errors, self.ended),
            Metric::InProgress => Some(self.in_progress as f64),
            Metric::Spans => Some(self.spans as f64),
            Metric::SpanErrors => Some(self.span_errors as f64),
            Metric::SpanErrorRate => part(self.span_errors, self.spans),
            Metric::Of(aggregate, measure) => {
                let place = measures.iter().position(|measured| measured.measure == *measure)?;
                aggregate.of(self.readings.get(place)?)
            }
        }
    }
}

impl Aggregate {
    fn of(self, readings: &Readings) -> Option<f64> {
        let numbers = &readings.numbers;
        match self {
            Self::Sum => numbers.sum(),
            Self::Mean => numbers.mean(),
            Self::Smallest => numbers.smallest(),
            Self::Largest => numbers.largest(),
            Self::Quantile(percent) => numbers.quantile(percent),
            Self::Yes => readings.share(),
            Self::Known => Some(readings.known as f64),
        }
    }
}
