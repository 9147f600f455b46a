//! Two sets of traces side by side, group by group: two stretches of time, or any two. How far they differ, and whether that is
//! more than chance.

use serde_json::Value;

use super::group::Grouped;
use super::intervals::{ConfidenceInterval, of_mean, of_means, of_quantile, of_share, of_shares};
use super::metric::{Aggregate, Measure, Metric, Unit};
use super::numbers::Numbers;
use super::report::StatsReport;
use super::tests_of_chance::{Chance, Verdicts, two_means, two_samples, two_shares};
use crate::model::field::{Field, Share};

/// One metric of a group, before and now.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the traces of the group answer; nothing of the rest and of all traces.
    pub values: Option<Vec<Value>>,
    /// How many groups it is made of, if it is the rest.
    pub rest: Option<usize>,
    /// The metric.
    pub name: String,
    /// What its answers are.
    pub unit: Unit,
    /// The answer before.
    pub before: Option<f64>,
    /// The answer now.
    pub now: Option<f64>,
    /// Where each answer lies with a probability of 95 %, where that can be said.
    pub intervals: [Option<ConfidenceInterval>; 2],
    /// Where the difference lies with a probability of 95 %, where that can be said.
    pub interval: Option<ConfidenceInterval>,
    /// How likely such a difference is by chance, where that can be said.
    pub chance: Option<Chance>,
    /// Whether it is more than chance, all differences looked at together.
    pub is_more: bool,
}

/// The confidence intervals of both answers, and of their difference.
type Known = ([Option<ConfidenceInterval>; 2], Option<ConfidenceInterval>);

impl Metric {
    /// What is compared where nothing is said.
    #[must_use]
    pub fn to_compare() -> Vec<Self> {
        use Aggregate::{Mean, Quantile};
        let of = |aggregate, field| Self::Of(aggregate, Measure::Field(field));
        vec![
            Self::Traces,
            Self::ErrorRate,
            of(Quantile(50.0), Field::Duration),
            of(Quantile(95.0), Field::Duration),
            of(Mean, Field::Tokens(Share::Total)),
            of(Mean, Field::Cost(Share::Total)),
        ]
    }
}

impl StatsReport {
    /// Every metric of every group before and now; of all traces, too, where there are several groups.
    #[must_use]
    pub fn compared(&self) -> Vec<Compared> {
        let none = || Grouped::new(&self.question.measures);
        let (mut before_all, mut now_all) = (none(), none());
        let mut lines = Vec::new();
        let courses = self.courses();
        for course in &courses {
            let (mut before, mut now) = (none(), none());
            for (start, group) in &course.points {
                let of_group = if *start == i64::MIN { &mut before } else { &mut now };
                of_group.merge(group);
            }
            before_all.merge(&before);
            now_all.merge(&now);
            let values = course.row.rest.is_none().then_some(course.row.values.as_slice());
            lines.extend(self.lines(values, course.row.rest, &before, &now));
        }
        if courses.len() > 1 {
            lines.extend(self.lines(None, None, &before_all, &now_all));
        }
        judged(lines)
    }

    /// Every metric of all these traces, and of those of an answer to the same question.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Vec<Compared> {
        judged(self.lines(None, None, &self.total, &other.total))
    }

    fn lines(&self, values: Option<&[Value]>, rest: Option<usize>, before: &Grouped, now: &Grouped) -> Vec<Compared> {
        let line =
            |name: String, unit: Unit, answers: (Option<f64>, Option<f64>), chance: Option<Chance>, known: Known| {
                Compared {
                    values: values.map(<[Value]>::to_vec),
                    rest,
                    name,
                    unit,
                    before: answers.0,
                    now: answers.1,
                    intervals: known.0,
                    interval: known.1,
                    chance,
                    is_more: false,
                }
            };
        let metrics = self.question.metrics.iter().map(|metric| {
            let answer = |group: &Grouped| self.question.answer(group, metric);
            let known = self.intervals(metric, before, now);
            line(metric.name(), metric.unit(), (answer(before), answer(now)), self.chance(metric, before, now), known)
        });
        let names = before.assessed.keys().chain(now.assessed.keys()).collect::<std::collections::BTreeSet<_>>();
        let judged = names.into_iter().filter_map(|name| {
            let of = |group: &Grouped| group.assessed.get(name).cloned().unwrap_or_default();
            let (before, now) = (of(before), of(now));
            (before.answers + now.answers > 0).then(|| {
                let (one, other) = ((before.yes, before.answers), (now.yes, now.answers));
                let known = ([of_share(one), of_share(other)], of_shares(one, other));
                let (chance, name) = (two_shares(one, other), format!("yes:{}.{}", name.0, name.1));
                line(name, Unit::Share, (before.share(), now.share()), chance, known)
            })
        });
        metrics.chain(judged).collect()
    }

    /// The parts and wholes of both, if a metric is a share.
    fn shares(&self, metric: &Metric, before: &Grouped, now: &Grouped) -> Option<[(u64, u64); 2]> {
        let of = |group: &Grouped| match metric {
            Metric::ErrorRate => Some((group.errors, group.ended)),
            Metric::SpanErrorRate => Some((group.span_errors, group.spans)),
            Metric::Of(Aggregate::Yes, _) => {
                self.question.readings(group, metric).map(|readings| (readings.yes, readings.answers))
            }
            _ => None,
        };
        Some([of(before)?, of(now)?])
    }

    /// The numbers of both that a metric is about.
    fn numbers<'g>(&self, metric: &Metric, before: &'g Grouped, now: &'g Grouped) -> Option<[&'g Numbers; 2]> {
        let of = |group| self.question.readings(group, metric).map(|readings| &readings.numbers);
        Some([of(before)?, of(now)?])
    }

    /// Where the answers and their difference lie.
    fn intervals(&self, metric: &Metric, before: &Grouped, now: &Grouped) -> Known {
        if let Some([one, other]) = self.shares(metric, before, now) {
            return ([of_share(one), of_share(other)], of_shares(one, other));
        }
        match (metric, self.numbers(metric, before, now)) {
            (Metric::Of(Aggregate::Mean, _), Some([one, other])) => {
                ([of_mean(one), of_mean(other)], of_means(one, other))
            }
            (Metric::Of(Aggregate::Quantile(percent), _), Some(both)) => {
                (both.map(|numbers| of_quantile(numbers, *percent)), None)
            }
            _ => ([None; 2], None),
        }
    }

    /// How likely it is that a metric differs so by chance; of counts, sums and the ends of a distribution nothing is said.
    fn chance(&self, metric: &Metric, before: &Grouped, now: &Grouped) -> Option<Chance> {
        if let Some([one, other]) = self.shares(metric, before, now) {
            return two_shares(one, other);
        }
        let Metric::Of(aggregate, _) = metric else { return None };
        let [one, other] = self.numbers(metric, before, now)?;
        match aggregate {
            Aggregate::Mean => two_means(one, other),
            Aggregate::Quantile(percent) if (percent - 50.0).abs() < f64::EPSILON => two_samples(one, other),
            _ => None,
        }
    }
}

/// Says which differences are more than chance, all of them looked at together.
fn judged(mut lines: Vec<Compared>) -> Vec<Compared> {
    let verdicts = Verdicts::new(&lines.iter().map(|line| line.chance).collect::<Vec<_>>());
    for (place, line) in lines.iter_mut().enumerate() {
        line.is_more = verdicts.is_more(place);
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Every, Facts, Order, Question, Statistics};
    use crate::model::Trace;

    #[test]
    fn what_changed_is_told_and_what_did_not_is_not() {
        let question = Question::new(
            super::super::Dimension::parse_list("name").unwrap(),
            Some(Every::Split(1_000_000)),
            super::Metric::parse_list("traces,error_rate,p50:duration").unwrap(),
            false,
            true,
        );
        let mut statistics = Statistics::new(question);
        for number in 0..400_i64 {
            let is_now = number % 2 == 1;
            let slow = if is_now { 300 } else { 0 };
            let name = if number % 4 < 2 { "same" } else { "worse" };
            let state = if name == "worse" && is_now && number % 3 == 0 { "ERROR" } else { "OK" };
            let ms = 100 + number * 7 % 90 + if name == "worse" { slow } else { 0 };
            let start = crate::model::rfc3339_utc(if is_now { 1_000_000 } else { 999_999 });
            let trace = json!({"info": {"trace_id": format!("tr-{number}"), "request_time": start, "state": state,
                "execution_duration_ms": ms, "tags": {"mlflow.traceName": name}}, "data": {}});
            statistics.add(&Facts::new(&Trace::from_json(trace).unwrap(), false, None));
        }
        let lines = statistics.report(&Order { by: None, top: 5 }).compared();
        let told = |name: &str, metric: &str| {
            let line = lines.iter().find(|line| line.values == Some(vec![json!(name)]) && line.name == metric).unwrap();
            (line.before, line.now, line.is_more)
        };
        assert_eq!(told("same", "traces"), (Some(100.0), Some(100.0), false));
        assert!(!told("same", "p50:duration_ms").2 && !told("same", "error_rate").2);
        assert!(told("worse", "p50:duration_ms").2 && told("worse", "error_rate").2);
        assert_eq!(told("worse", "error_rate").0, Some(0.0));
        assert_eq!(lines.iter().filter(|line| line.values.is_none()).count(), 3, "all traces together");
    }
}
