//! The groups in the order in which they are shown: the first ones, the rest, the total.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Crossing, Dimension, Every, Grouped, Metric, Question, Standouts, Statistics};

/// A group with what it is.
#[derive(Clone, Debug)]
pub struct StatsRow {
    /// When its stretch of time began.
    pub start_ms: Option<i64>,
    /// What its traces answer; nothing where it is the rest.
    pub values: Vec<Value>,
    /// How many groups it is made of, if it is the rest.
    pub rest: Option<usize>,
    /// What is known about it.
    pub group: Grouped,
}

/// All groups.
pub struct StatsReport {
    /// What was asked.
    pub question: Question,
    /// How long the stretches of time are, in milliseconds.
    pub length_ms: Option<i64>,
    /// The groups, the rest among them as the last of its stretch.
    pub rows: Vec<StatsRow>,
    /// All traces, each once.
    pub total: Grouped,
    /// All groups beside time, first those that are shown first.
    pub order: Vec<Vec<Value>>,
    /// The first and the last start.
    pub range: Option<(i64, i64)>,
    /// Traces that were grouped by the beginning of a value.
    pub cut: u64,
    /// Traces without spans.
    pub without_spans: u64,
    /// Models without a price.
    pub unpriced: BTreeSet<String>,
    /// What traces state beside what their spans do, if that was asked.
    pub crossing: Option<Crossing>,
    /// The slowest traces, and the last that failed.
    pub standouts: Standouts,
    /// Traces with a cost that were stored by `MLflow` 3.18 or later, and those that were stored before, as far as spans were
    /// read.
    pub kinds: (u64, u64),
}

/// Which groups come first.
#[derive(Clone, Debug)]
pub struct Order {
    /// Those of which this is the largest; nothing asked means the most traces, or spans.
    pub by: Option<Metric>,
    /// How many of them are shown; the others are added up.
    pub top: usize,
}

impl Statistics {
    /// Puts the groups in order.
    #[must_use]
    pub fn report(mut self, order: &Order) -> StatsReport {
        let length_ms = self.length_ms();
        let ranked = self.ranked(order);
        let kept: HashMap<&Vec<Value>, usize> = ranked.iter().take(order.top).zip(0..).collect();
        let rest = ranked.len().saturating_sub(kept.len());
        let mut rests: HashMap<Option<i64>, Grouped> = HashMap::new();
        let mut rows: Vec<(usize, StatsRow)> = Vec::new();
        for ((start_ms, values), group) in std::mem::take(&mut self.groups) {
            if let Some(rank) = kept.get(&values) {
                rows.push((*rank, StatsRow { start_ms, values, rest: None, group }));
            } else {
                let new = || Grouped::new(&self.question.measures);
                rests.entry(start_ms).or_insert_with(new).merge(&group);
            }
        }
        rows.extend(
            rests.into_iter().map(|(start_ms, group)| {
                (usize::MAX, StatsRow { start_ms, values: Vec::new(), rest: Some(rest), group })
            }),
        );
        if self.question.by.is_empty() {
            self.fill(&mut rows, length_ms);
        }
        rows.sort_by_key(|(rank, row)| (row.start_ms, *rank));
        StatsReport {
            length_ms,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            total: self.total,
            range: self.range,
            cut: self.cut,
            without_spans: self.without_spans,
            unpriced: self.unpriced,
            standouts: self.standouts,
            kinds: self.crossing.kinds,
            crossing: self.question.crosses.then_some(self.crossing),
            question: self.question,
            order: ranked,
        }
    }

    /// What is grouped by, first the groups that are shown first.
    fn ranked(&self, order: &Order) -> Vec<Vec<Value>> {
        let mut whole: HashMap<&Vec<Value>, Grouped> = HashMap::new();
        for ((_, values), group) in &self.groups {
            whole.entry(values).or_insert_with(|| Grouped::new(&self.question.measures)).merge(group);
        }
        let usual = if self.question.is_of_spans() { Metric::Spans } else { Metric::Traces };
        let metric = order.by.as_ref().unwrap_or(&usual);
        let mut ranked: Vec<(&Vec<Value>, f64)> = whole
            .iter()
            .map(|(values, group)| (*values, self.question.answer(group, metric).unwrap_or(f64::NEG_INFINITY)))
            .collect();
        let is_ordered = order.by.is_none() && self.question.by.iter().all(Dimension::is_ordered);
        ranked.sort_by(|(one, of_one), (other, of_other)| {
            let by_number = if is_ordered { Ordering::Equal } else { of_other.total_cmp(of_one) };
            by_number.then_with(|| self.compare(one, other))
        });
        ranked.into_iter().map(|(values, _)| values.clone()).collect()
    }

    /// The order of values themselves; what is absent comes last.
    fn compare(&self, one: &[Value], other: &[Value]) -> Ordering {
        let key = |by: &Dimension, value: &Value| {
            let rank = if by.is_ordered() { by.rank(value) } else { 0 };
            (value.is_null(), rank, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        let pairs = self.question.by.iter().zip(one.iter().zip(other));
        pairs
            .map(|(by, (one, other))| key(by, one).cmp(&key(by, other)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Stretches of time without a trace are shown, too, unless there are very many.
    fn fill(&self, rows: &mut Vec<(usize, StatsRow)>, length_ms: Option<i64>) {
        const MOST: i64 = 100_000;
        let (Some(length), Some((first, last))) = (length_ms, self.range) else { return };
        if matches!(self.question.every, Some(Every::Split(_))) || last.saturating_sub(first) / length > MOST {
            return;
        }
        let there: BTreeSet<Option<i64>> = rows.iter().map(|(_, row)| row.start_ms).collect();
        let mut start = super::every::start(first, length);
        while start <= last {
            if !there.contains(&Some(start)) {
                let group = Grouped::new(&self.question.measures);
                rows.push((0, StatsRow { start_ms: Some(start), values: Vec::new(), rest: None, group }));
            }
            start += length;
        }
    }
}

/// A group over all of the time, and in each stretch of it.
#[derive(Clone, Debug)]
pub struct Course {
    /// The group.
    pub row: StatsRow,
    /// Each stretch with what is known about it, in the order of time.
    pub points: Vec<(i64, Grouped)>,
}

impl StatsReport {
    /// When the stretch began that a moment is in.
    #[must_use]
    pub fn start_of(&self, time_ms: i64) -> i64 {
        self.length_ms.map_or(time_ms, |length| super::every::start(time_ms, length))
    }

    /// The groups over all of the time, in their order, the rest last.
    #[must_use]
    pub fn courses(&self) -> Vec<Course> {
        let mut courses: Vec<Course> = Vec::new();
        let mut places: HashMap<Option<&[Value]>, usize> = HashMap::new();
        for row in &self.rows {
            let point = row.start_ms.map(|start| (start, row.group.clone()));
            match places.entry(row.rest.is_none().then_some(row.values.as_slice())) {
                std::collections::hash_map::Entry::Occupied(there) => {
                    let course = &mut courses[*there.get()];
                    course.row.group.merge(&row.group);
                    course.points.extend(point);
                }
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(courses.len());
                    let row = StatsRow { start_ms: None, ..row.clone() };
                    courses.push(Course { row, points: point.into_iter().collect() });
                }
            }
        }
        let rank = |course: &Course| self.order.iter().position(|values| *values == course.row.values);
        courses.sort_by_key(|course| (course.row.rest.is_some(), rank(course)));
        courses
    }
}
