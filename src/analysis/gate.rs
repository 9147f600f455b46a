//! Limits that traces have to keep: a gate for releases and for cron.
//!
//! A [`Gate`] takes traces one by one and answers each rule. Invariant: where too few traces tell what a rule asks, the
//! answer is [`GateResult::TooFew`], never a pass.

use super::stats::{Aggregate, Every, Facts, Grouped, Measure, Metric, Order, Question, Statistics, StatsReport};
use crate::model::field::Field;
use crate::model::{Trace, TraceId, TraceState};

/// Traces that are named for each rule.
pub const MOST_OFFENDERS: usize = 5;

/// One limit.
#[derive(Clone, Debug, PartialEq)]
pub struct GateRule {
    /// What people call it.
    pub name: String,
    /// Which traces it is about, beside those that are selected for all rules; nothing for all of them.
    pub filter: Option<String>,
    /// What must hold.
    pub demand: Demand,
    /// How many traces must have data for it.
    pub min_count: u64,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// A metric stays within a bound.
    Within(Metric, Bound),
    /// A metric is not worse than in the time before, by more than chance.
    NoWorse(Metric),
    /// No trace matches the filter of the rule.
    NoMatch,
}

/// How far a metric may go; in the metric's own unit: milliseconds, US dollars, parts of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
}

/// How a rule ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateResult {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// Too few traces have data.
    TooFew,
}

/// What was found for a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct GateFinding {
    /// The rule.
    pub rule: GateRule,
    /// How it ended.
    pub result: GateResult,
    /// The metric, or how many traces match a filter that none may match.
    pub found: Option<f64>,
    /// The metric in the time before, if there is one.
    pub baseline: Option<f64>,
    /// Probability of a difference this large by chance.
    pub p: Option<f64>,
    /// How many traces, or spans, have a value for the metric.
    pub count: u64,
    /// Traces that break the rule, the worst first.
    pub offenders: Vec<Offender>,
}

/// A trace that breaks a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Offender {
    /// Its id.
    pub trace_id: TraceId,
    /// What it tells, if that is a number.
    pub value: Option<f64>,
}

/// Rules about the same traces, while these are read.
pub struct Gate {
    rules: Vec<GateRule>,
    offenders: Vec<Vec<Offender>>,
    statistics: Statistics,
    split_ms: Option<i64>,
    spans: bool,
}

impl Demand {
    /// The metric that it is about.
    #[must_use]
    pub fn metric(&self) -> Option<&Metric> {
        match self {
            Self::Within(metric, _) | Self::NoWorse(metric) => Some(metric),
            Self::NoMatch => None,
        }
    }
}

impl Bound {
    fn holds(self, number: f64) -> bool {
        match self {
            Self::AtMost(most) => number <= most,
            Self::AtLeast(least) => number >= least,
        }
    }
}

impl Gate {
    /// Rules; with `split_ms`, what started before that time, in epoch milliseconds, is what the rest is compared with.
    #[must_use]
    pub fn new(rules: Vec<GateRule>, split_ms: Option<i64>) -> Self {
        let mut metrics: Vec<Metric> = Vec::new();
        for metric in rules.iter().filter_map(|rule| rule.demand.metric()) {
            if !metrics.contains(metric) {
                metrics.push(metric.clone());
            }
        }
        let question = Question::new(Vec::new(), split_ms.map(Every::Split), metrics, false, split_ms.is_some());
        let spans = question.needs_spans();
        Self { offenders: vec![Vec::new(); rules.len()], rules, statistics: Statistics::new(question), split_ms, spans }
    }

    /// Whether the rules ask for the spans of traces.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        self.spans
    }

    /// One more trace.
    pub fn add(&mut self, trace: &Trace) {
        let facts = Facts::new(trace, self.spans, None);
        self.statistics.add(&facts);
        if self.split_ms.is_some_and(|split| trace.info.request_time_ms < split) {
            return;
        }
        for (rule, offenders) in self.rules.iter().zip(&mut self.offenders) {
            note(&rule.demand, &facts, offenders);
        }
    }

    /// What was found. `looked_at` is how many traces were looked at for rules that no trace may match; for them, the traces
    /// that were added are those that match.
    #[must_use]
    pub fn findings(self, looked_at: u64) -> Vec<GateFinding> {
        let report = self.statistics.report(&Order { by: None, top: 1 });
        let now = now(&report, self.split_ms);
        let compared = if self.split_ms.is_some() { report.compared() } else { Vec::new() };
        let found = self.rules.into_iter().zip(self.offenders).map(|(rule, offenders)| {
            let Some(metric) = rule.demand.metric() else {
                let matches = now.map_or(0, |group| group.traces);
                return of_matches(rule, offenders, matches, looked_at);
            };
            let answer = now.and_then(|group| report.question.answer(group, metric));
            let count = now.map_or(0, |group| told(&report.question, group, metric));
            let line = compared.iter().find(|line| line.name == metric.name());
            let baseline = line.and_then(|line| line.before);
            let is_worse = line.is_some_and(|line| line.is_more) && goes_worse(metric, baseline, answer);
            let p = line.and_then(|line| line.chance).map(|chance| chance.p);
            let result = result(&rule, answer.filter(|_| is_enough(&rule, metric, count)), baseline, p, is_worse);
            let offenders = if result == GateResult::Fail { offenders } else { Vec::new() };
            GateFinding { rule, result, found: answer, baseline, p, count, offenders }
        });
        found.collect()
    }
}

/// The group of the period that is checked.
fn now(report: &StatsReport, split_ms: Option<i64>) -> Option<&Grouped> {
    match split_ms {
        None => Some(&report.total),
        Some(split) => report.rows.iter().find(|row| row.start_ms == Some(split)).map(|row| &row.group),
    }
}

/// Whether enough traces have data; a rule on the number of traces needs no minimum.
fn is_enough(rule: &GateRule, metric: &Metric, count: u64) -> bool {
    *metric == Metric::Traces || count >= rule.min_count.max(1)
}

fn result(rule: &GateRule, answer: Option<f64>, baseline: Option<f64>, p: Option<f64>, is_worse: bool) -> GateResult {
    let passes = match (&rule.demand, answer) {
        (_, None) => None,
        (Demand::Within(_, bound), Some(answer)) => Some(bound.holds(answer)),
        // Nothing can be said about a difference without a test, unless there is none.
        (Demand::NoWorse(metric), Some(_)) if p.is_none() => {
            (baseline.is_some() && !goes_worse(metric, baseline, answer)).then_some(true)
        }
        (Demand::NoWorse(_) | Demand::NoMatch, Some(_)) => Some(!is_worse),
    };
    match passes {
        None => GateResult::TooFew,
        Some(true) => GateResult::Pass,
        Some(false) => GateResult::Fail,
    }
}

fn of_matches(rule: GateRule, offenders: Vec<Offender>, matches: u64, looked_at: u64) -> GateFinding {
    let result = match (matches, looked_at >= rule.min_count.max(1)) {
        (1.., _) => GateResult::Fail,
        (0, true) => GateResult::Pass,
        (0, false) => GateResult::TooFew,
    };
    let found = Some(matches as f64);
    GateFinding { rule, result, found, baseline: None, p: None, count: looked_at, offenders }
}

/// How many of a group have a value for a metric.
fn told(question: &Question, group: &Grouped, metric: &Metric) -> u64 {
    match metric {
        Metric::Traces | Metric::InProgress => group.traces,
        Metric::Errors | Metric::ErrorRate => group.ended,
        Metric::Spans | Metric::SpanErrors | Metric::SpanErrorRate => group.spans,
        Metric::Of(..) => question.readings(group, metric).map_or(0, |readings| readings.known),
    }
}

/// Whether a metric went where nobody wants it: feedback down, everything else up.
fn goes_worse(metric: &Metric, before: Option<f64>, now: Option<f64>) -> bool {
    let is_better_high =
        matches!(metric, Metric::Of(Aggregate::Yes, _) | Metric::Of(_, Measure::Field(Field::Feedback(_))));
    before.zip(now).is_some_and(|(before, now)| if is_better_high { now < before } else { now > before })
}

/// Keeps a trace that breaks a demand by itself, if it is among the worst.
fn note(demand: &Demand, facts: &Facts, offenders: &mut Vec<Offender>) {
    let Some(value) = breach(demand, facts) else { return };
    let trace_id = facts.trace.info.trace_id.clone();
    let is_low = matches!(demand, Demand::Within(_, Bound::AtLeast(_)));
    // Traces without a number are all equally bad.
    let badness = |offender: &Offender| offender.value.map_or(0.0, |value| if is_low { -value } else { value });
    let one = Offender { trace_id, value };
    let place = offenders.partition_point(|other| badness(other) >= badness(&one));
    offenders.insert(place, one);
    offenders.truncate(MOST_OFFENDERS);
}

/// What a trace that breaks a demand by itself tells; `Some(None)` if that is no number.
#[allow(clippy::option_option)] // Whether it breaks the demand, and by which number.
fn breach(demand: &Demand, facts: &Facts) -> Option<Option<f64>> {
    let failed = facts.trace.info.state == TraceState::Error;
    match demand {
        Demand::NoMatch => Some(None),
        Demand::Within(Metric::Errors | Metric::ErrorRate, Bound::AtMost(_)) | Demand::NoWorse(Metric::ErrorRate) => {
            failed.then_some(None)
        }
        Demand::Within(Metric::Of(aggregate, measure), bound) => {
            let numbers = measure.numbers(facts).into_iter();
            let worst = match bound {
                Bound::AtMost(_) => numbers.max_by(f64::total_cmp),
                Bound::AtLeast(_) => numbers.min_by(f64::total_cmp),
            };
            // A trace is one part of a sum, and breaks it by its size.
            let is_part = *aggregate == Aggregate::Sum;
            worst.filter(|worst| is_part || !bound.holds(*worst)).map(Some)
        }
        _ => None,
    }
}

impl GateResult {
    /// `pass`, `fail` or `too_few`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::TooFew => "too_few",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::rfc3339_utc;

    fn rule(demand: Demand, min_count: u64) -> GateRule {
        GateRule { name: "r".into(), filter: None, demand, min_count }
    }

    fn metric(text: &str) -> Metric {
        Metric::parse_list(text).unwrap().remove(0)
    }

    fn trace(number: i64, state: &str, ms: i64, start_ms: i64) -> Trace {
        Trace::from_json(json!({"info": {"trace_id": format!("tr-{number}"), "request_time": rfc3339_utc(start_ms),
            "state": state, "execution_duration_ms": ms}, "data": {}}))
        .unwrap()
    }

    fn ids(finding: &GateFinding) -> Vec<&str> {
        finding.offenders.iter().map(|offender| offender.trace_id.as_str()).collect()
    }

    #[test]
    fn a_bound_is_kept_broken_or_told_by_too_few() {
        let rules = vec![
            rule(Demand::Within(metric("error_rate"), Bound::AtMost(0.2)), 1),
            rule(Demand::Within(metric("error_rate"), Bound::AtMost(0.1)), 1),
            rule(Demand::Within(metric("error_rate"), Bound::AtMost(0.2)), 11),
            rule(Demand::Within(metric("max:duration"), Bound::AtMost(300.0)), 1),
            rule(Demand::Within(metric("traces"), Bound::AtLeast(12.0)), 1),
            rule(Demand::Within(metric("mean:feedback.x"), Bound::AtLeast(0.5)), 1),
        ];
        let mut gate = Gate::new(rules, None);
        for number in 0..11 {
            let state = ["ERROR", "IN_PROGRESS", "OK"][usize::try_from(number).unwrap().min(2)];
            gate.add(&trace(number, state, number * 50, 1_000));
        }
        let found = gate.findings(0);
        let results: Vec<&str> = found.iter().map(|finding| finding.result.as_str()).collect();
        assert_eq!(results, ["pass", "pass", "too_few", "fail", "fail", "too_few"]);
        assert_eq!((found[0].found, found[0].count), (Some(0.1), 10));
        assert_eq!((ids(&found[3]), ids(&found[0])), (vec!["tr-10", "tr-9", "tr-8", "tr-7"], vec![]));
    }

    #[test]
    fn nothing_at_all_is_no_pass() {
        let demands = [
            Demand::Within(metric("error_rate"), Bound::AtMost(1.0)),
            Demand::Within(metric("errors"), Bound::AtMost(1.0)),
            Demand::NoWorse(metric("p50:duration")),
            Demand::NoMatch,
        ];
        for split in [None, Some(1_000)] {
            let gate = Gate::new(demands.iter().map(|demand| rule(demand.clone(), 0)).collect(), split);
            assert!(gate.findings(0).iter().all(|finding| finding.result == GateResult::TooFew));
        }
    }

    #[test]
    fn what_became_worse_by_more_than_chance_fails() {
        for (slow_now, failing_now, result) in
            [(0, false, GateResult::Pass), (500, true, GateResult::Fail), (-90, false, GateResult::Pass)]
        {
            let rules = [metric("p50:duration"), metric("error_rate")].map(|metric| rule(Demand::NoWorse(metric), 20));
            let mut gate = Gate::new(rules.to_vec(), Some(1_000_000));
            for number in 0..200_i64 {
                let is_now = number % 2 == 0;
                let state = if is_now && failing_now && number % 4 == 0 { "ERROR" } else { "OK" };
                let ms = 100 + number % 80 + if is_now { slow_now } else { 0 };
                gate.add(&trace(number, state, ms, if is_now { 1_000_001 } else { 999_999 }));
            }
            let found = gate.findings(0);
            assert!(found.iter().all(|finding| finding.result == result), "{slow_now}: {found:?}");
            assert!(found[0].baseline.is_some() && found[0].p.is_some() && found[0].count == 100);
        }
    }

    #[test]
    fn what_nothing_may_match_fails_with_its_matches() {
        let mut gate = Gate::new(vec![rule(Demand::NoMatch, 5)], None);
        (0..7).for_each(|number| gate.add(&trace(number, "OK", 1, 1_000)));
        let found = gate.findings(20);
        assert_eq!((found[0].result, found[0].found, ids(&found[0]).len()), (GateResult::Fail, Some(7.0), 5));
        let none = Gate::new(vec![rule(Demand::NoMatch, 5)], None);
        assert_eq!(none.findings(20)[0].result, GateResult::Pass);
    }
}
