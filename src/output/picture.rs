//! What a chart shows, whatever draws it: bars of groups, courses over time, and where in time which durations lay.

use super::stats::{human_number, human_value};
use super::stats_table::time;
use crate::analysis::stats::{Aggregate, Measure, Metric, StatsReport, Unit};
use crate::model::field::Field;

/// A chart.
pub(super) enum Picture {
    /// A bar for each group.
    Bars(Bars),
    /// A line for each group, over the time.
    Lines(Lines),
    /// How many traces took how long, over the time.
    Heat(Heat),
}

/// Bars.
pub(super) struct Bars {
    pub title: String,
    /// Names, lengths, and what stands behind them.
    pub bars: Vec<(String, f64, String)>,
}

/// Lines.
pub(super) struct Lines {
    pub title: String,
    pub unit: Unit,
    /// When the points are.
    pub times: Vec<String>,
    /// Each with its name; nothing where nothing is known.
    pub courses: Vec<(String, Vec<Option<f64>>)>,
}

/// A heat map.
pub(super) struct Heat {
    pub title: String,
    pub times: Vec<String>,
    /// Upper bounds of the bands, in milliseconds, shortest first.
    pub bands: Vec<f64>,
    /// By band and time.
    pub counts: Vec<Vec<u64>>,
}

/// How many groups have a line of their own.
const LINES: usize = 6;
/// How many stretches of time are drawn at most.
const TIMES: i64 = 400;

/// The charts of a report, most important first.
pub(super) fn pictures(report: &StatsReport) -> Vec<Picture> {
    match report.length_ms {
        None if report.question.by.is_empty() => Vec::new(),
        None => vec![Picture::Bars(bars(report))],
        Some(length_ms) => over_time(report, length_ms),
    }
}

/// The metric that is drawn: the first that is asked for.
fn drawn(report: &StatsReport) -> Option<&Metric> {
    report.question.metrics.first()
}

fn bars(report: &StatsReport) -> Bars {
    let courses = report.courses();
    let Some(metric) = drawn(report) else { return Bars { title: String::new(), bars: Vec::new() } };
    let bars = courses.iter().map(|course| {
        let answer = report.question.answer(&course.row.group, metric);
        let name = match course.row.rest {
            Some(groups) => format!("(the rest: {groups})"),
            None => course.row.values.iter().map(human_value).collect::<Vec<_>>().join(", "),
        };
        (name, answer.unwrap_or(0.0), human_number(answer, metric.unit()))
    });
    Bars { title: metric.name(), bars: bars.collect() }
}

fn over_time(report: &StatsReport, length_ms: i64) -> Vec<Picture> {
    let Some((first, last)) = report.range.map(|(first, last)| (report.start_of(first), report.start_of(last))) else {
        return Vec::new();
    };
    if last.saturating_sub(first) / length_ms > TIMES {
        return Vec::new();
    }
    let starts: Vec<i64> = (0..=(last - first) / length_ms).map(|place| first + place * length_ms).collect();
    let times: Vec<String> = starts.iter().map(|start| time(*start, Some(length_ms))).collect();
    let mut pictures = Vec::new();
    if let Some(metric) = drawn(report) {
        let courses = report.courses();
        let lines = courses.iter().take(LINES).map(|course| {
            let name = course.row.values.iter().map(human_value).collect::<Vec<_>>().join(", ");
            let at = |start: &i64| {
                let group = course.points.iter().find(|(there, _)| there == start).map(|(_, group)| group);
                let is_count = metric.unit() == Unit::Count;
                group.map_or(is_count.then_some(0.0), |group| report.question.answer(group, metric))
            };
            let name = if course.row.rest.is_some() { "(the rest)".to_owned() } else { name };
            (if name.is_empty() { metric.name() } else { name }, starts.iter().map(at).collect())
        });
        let (title, unit, times) = (metric.name(), metric.unit(), times.clone());
        pictures.push(Picture::Lines(Lines { title, unit, times, courses: lines.collect() }));
    }
    pictures.extend(heat(report, &starts, times).map(Picture::Heat));
    pictures
}

/// Bounds of the bands: three a decade, from a millisecond on.
fn band(number: f64) -> usize {
    let mut band = 0;
    while number > bound(band) && band < 24 {
        band += 1;
    }
    band
}

fn bound(band: usize) -> f64 {
    const OF_DECADE: [f64; 3] = [1.0, 2.0, 5.0];
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // Small.
    let decade = 10_f64.powi((band / 3) as i32);
    OF_DECADE[band % 3] * decade
}

fn heat(report: &StatsReport, starts: &[i64], times: Vec<String>) -> Option<Heat> {
    let metric = Metric::Of(Aggregate::Mean, Measure::Field(Field::Duration));
    let mut counts: Vec<Vec<u64>> = vec![vec![0; starts.len()]; 25];
    for row in &report.rows {
        let Some(place) = row.start_ms.and_then(|start| starts.binary_search(&start).ok()) else { continue };
        let readings = report.question.readings(&row.group, &metric)?;
        for (number, times) in readings.numbers.each() {
            counts[band(number)][place] += times;
        }
    }
    let is_used = |counts: &Vec<u64>| counts.iter().any(|count| *count > 0);
    let (lowest, highest) = (counts.iter().position(is_used)?, counts.iter().rposition(is_used)?);
    let bands = (lowest..=highest).map(bound).collect();
    Some(Heat { title: "duration".to_owned(), times, bands, counts: counts[lowest..=highest].to_vec() })
}
