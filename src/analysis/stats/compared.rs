//! Two stretches of time side by side, group by group, and whether they differ by more than chance.

use serde_json::Value;

use super::group::{Grouped, Readings};
use super::metric::{Aggregate, Measure, Metric, Unit};
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
    /// How likely such a difference is by chance, where that can be said.
    pub chance: Option<Chance>,
    /// Whether it is more than chance, all differences looked at together.
    pub is_more: bool,
}

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
        let verdicts = Verdicts::new(&lines.iter().map(|line| line.chance).collect::<Vec<_>>());
        for (place, line) in lines.iter_mut().enumerate() {
            line.is_more = verdicts.is_more(place);
        }
        lines
    }

    fn lines(&self, values: Option<&[Value]>, rest: Option<usize>, before: &Grouped, now: &Grouped) -> Vec<Compared> {
        let line = |name: String, unit: Unit, answers: (Option<f64>, Option<f64>), chance: Option<Chance>| Compared {
            values: values.map(<[Value]>::to_vec),
            rest,
            name,
            unit,
            before: answers.0,
            now: answers.1,
            chance,
            is_more: false,
        };
        let metrics = self.question.metrics.iter().map(|metric| {
            let answer = |group: &Grouped| self.question.answer(group, metric);
            line(metric.name(), metric.unit(), (answer(before), answer(now)), self.chance(metric, before, now))
        });
        let names = before.assessed.keys().chain(now.assessed.keys()).collect::<std::collections::BTreeSet<_>>();
        let judged = names.into_iter().filter_map(|name| {
            let of = |group: &Grouped| group.assessed.get(name).cloned().unwrap_or_default();
            let (before, now) = (of(before), of(now));
            (before.answers + now.answers > 0).then(|| {
                let chance = two_shares((before.yes, before.answers), (now.yes, now.answers));
                line(format!("yes:{}.{}", name.0, name.1), Unit::Share, (before.share(), now.share()), chance)
            })
        });
        metrics.chain(judged).collect()
    }

    /// How likely it is that a metric differs so by chance; of counts, sums and the ends of a distribution nothing is said.
    fn chance(&self, metric: &Metric, before: &Grouped, now: &Grouped) -> Option<Chance> {
        let of_both = |of: fn(&Readings) -> (u64, u64)| {
            let of = |group| self.question.readings(group, metric).map(of);
            of(before).zip(of(now)).and_then(|(before, now)| two_shares(before, now))
        };
        match metric {
            Metric::ErrorRate => two_shares((before.errors, before.ended), (now.errors, now.ended)),
            Metric::SpanErrorRate => two_shares((before.span_errors, before.spans), (now.span_errors, now.spans)),
            Metric::Of(Aggregate::Yes, _) => of_both(|readings| (readings.yes, readings.answers)),
            Metric::Of(aggregate, _) => {
                let of = |group| self.question.readings(group, metric).map(|readings| &readings.numbers);
                match aggregate {
                    Aggregate::Mean => two_means(of(before)?, of(now)?),
                    Aggregate::Quantile(percent) if (percent - 50.0).abs() < f64::EPSILON => {
                        two_samples(of(before)?, of(now)?)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
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
