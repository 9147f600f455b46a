//! Many traces in numbers as a table for people.
//!
//! The usual columns have short names; on narrow terminals some of them give way, which is said.

use std::io::{self, Write};

use super::records::{Align, write_aligned};
use super::spark::{bar, spark};
use super::stats::{StatsStyle, WIDEST, human_number, human_value};
use super::{count, one_line};
use crate::analysis::stats::{Aggregate, Grouped, Measure, Metric, StatsReport, StatsRow, Unit};
use crate::model::field::{Field, Share};
use crate::model::{DAY_MS, rfc3339_utc};

/// Everything in a table.
pub(super) struct StatsTable {
    pub headers: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Which columns hold numbers.
    pub is_number: Vec<bool>,
    /// How much is known, in lines.
    pub known: Vec<String>,
}

/// The table with all columns.
pub(super) fn stats_table(report: &StatsReport, is_usual: bool) -> StatsTable {
    let (headers, rows, aligns) = if is_summary(report) {
        summary(report)
    } else {
        let rows = shown(report);
        laid_out(report, is_usual, &rows, &told(report, is_usual, &rows))
    };
    let is_number = aligns.iter().map(|align| *align == Align::Right).collect();
    StatsTable { headers, rows, is_number, known: known_lines(report) }
}

pub(super) fn write_table(writer: &mut dyn Write, report: &StatsReport, style: StatsStyle) -> io::Result<()> {
    if is_summary(report) {
        let (headers, rows, aligns) = summary(report);
        write_aligned(writer, &headers, &rows, &aligns, None)?;
    } else {
        write_groups(writer, report, style)?;
    }
    let known = known_lines(report);
    if !known.is_empty() {
        writeln!(writer)?;
    }
    known.iter().try_for_each(|line| writeln!(writer, "{line}"))
}

/// Whether all traces are one group.
fn is_summary(report: &StatsReport) -> bool {
    report.question.by.is_empty() && report.question.every.is_none()
}

/// All traces, one metric a line.
fn summary(report: &StatsReport) -> Laid {
    let (question, total) = (&report.question, &report.total);
    let known = |metric: &Metric| {
        let readings =
            question.readings(total, metric).filter(|_| metric.unit() != Unit::Count || metric.measure().is_some());
        readings.map_or_else(String::new, |readings| of_all(readings.known, of_what(report, metric.measure())))
    };
    let mut rows: Vec<Vec<String>> = question
        .metrics
        .iter()
        .map(|metric| vec![metric.name(), human_number(question.answer(total, metric), metric.unit()), known(metric)])
        .collect();
    for ((kind, name), readings) in &total.assessed {
        let (what, number) = match readings {
            readings if readings.answers > 0 => ("yes", human_number(readings.share(), Unit::Share)),
            readings if readings.numbers.count() > 0 => ("mean", human_number(readings.numbers.mean(), Unit::Plain)),
            _ => ("known", String::new()),
        };
        rows.push(vec![
            format!("{what}:{kind}.{}", one_line(name, WIDEST)),
            number,
            of_all(readings.known, total.traces),
        ]);
    }
    let headers = ["metric", "value", "known"].map(str::to_owned);
    (headers.to_vec(), rows, vec![Align::Left, Align::Right, Align::Left])
}

fn of_all(known: u64, all: u64) -> String {
    format!("{} of {}", count(known), count(all))
}

/// How many could tell a measure.
fn of_what(report: &StatsReport, measure: Option<&Measure>) -> u64 {
    if measure.is_some_and(Measure::is_of_spans) { report.total.spans } else { report.total.traces }
}

/// What stands before the numbers of a row and behind them.
struct Shown {
    before: Vec<String>,
    group: Grouped,
    behind: Option<String>,
}

fn over_time(report: &StatsReport) -> Vec<Shown> {
    let most = report.rows.iter().map(|row| row.group.traces).max().unwrap_or(0);
    let shown = |row: &StatsRow| Shown {
        before: vec![row.start_ms.map_or_else(String::new, |start| time(start, report.length_ms))],
        group: row.group.clone(),
        behind: Some(bar(row.group.traces as f64, most as f64)),
    };
    report.rows.iter().map(shown).collect()
}

/// When a stretch began: in UTC, in which it is counted; days have no hours.
pub(super) fn time(start_ms: i64, length_ms: Option<i64>) -> String {
    let text = rfc3339_utc(start_ms).replace('T', " ");
    let is_day = length_ms.is_some_and(|length| length % DAY_MS == 0);
    let end = if is_day { " 00:00:00Z" } else { ":00Z" };
    text.strip_suffix(end).unwrap_or(text.trim_end_matches('Z')).to_owned()
}

fn by_groups(report: &StatsReport) -> Vec<Shown> {
    let width = report.question.by.len();
    let of_spans = report.question.is_of_spans();
    let courses = report.courses();
    let stretches: Vec<i64> = report.rows.iter().filter_map(|row| row.start_ms).collect();
    let ends = stretches.iter().min().copied().zip(stretches.iter().max().copied());
    let mut shown: Vec<Shown> = Vec::with_capacity(courses.len() + 1);
    for course in &courses {
        let mut before: Vec<String> = course.row.values.iter().map(human_value).collect();
        if let Some(groups) = course.row.rest {
            before = vec![format!("(the rest: {})", count(groups as u64))];
        }
        before.resize(width, String::new());
        let points =
            course.points.iter().map(|(start, group)| (*start, if of_spans { group.spans } else { group.traces }));
        let behind = report.length_ms.zip(ends).map(|(length, ends)| spark(&points.collect::<Vec<_>>(), ends, length));
        shown.push(Shown { before, group: course.row.group.clone(), behind });
    }
    if courses.len() > 1 {
        let mut before = vec!["total".to_owned()];
        before.resize(width, String::new());
        let behind = report.length_ms.map(|_| String::new());
        shown.push(Shown { before, group: report.total.clone(), behind });
    }
    shown
}

fn write_groups(writer: &mut dyn Write, report: &StatsReport, style: StatsStyle) -> io::Result<()> {
    let rows = shown(report);
    let mut metrics = told(report, style.is_usual, &rows);
    let mut hidden = Vec::new();
    loop {
        let (headers, cells, aligns) = laid_out(report, style.is_usual, &rows, &metrics);
        let is_wide = style.width.is_some_and(|width| natural_width(&headers, &cells) > usize::from(width));
        let next = GIVES_WAY.iter().find_map(|name| metrics.iter().position(|metric| label(metric) == *name));
        let Some(place) = next.filter(|_| is_wide && style.is_usual) else {
            write_aligned(writer, &headers, &cells, &aligns, style.width)?;
            break;
        };
        hidden.push(label(metrics.remove(place)));
    }
    if !hidden.is_empty() {
        writeln!(writer, "\nnot shown: {}; widen the terminal, or choose with --metric", hidden.join(", "))?;
    }
    Ok(())
}

/// The metrics that tell something: of the usual ones, those that are known and not nothing.
fn told<'r>(report: &'r StatsReport, is_usual: bool, rows: &[Shown]) -> Vec<&'r Metric> {
    let question = &report.question;
    let tells = |metric: &&Metric| {
        let mut answers = rows.iter().filter_map(|row| question.answer(&row.group, metric));
        matches!(metric, Metric::Traces | Metric::Errors | Metric::ErrorRate) || answers.any(|answer| answer != 0.0)
    };
    question.metrics.iter().filter(|metric| !is_usual || tells(metric)).collect()
}

fn shown(report: &StatsReport) -> Vec<Shown> {
    if report.question.by.is_empty() { over_time(report) } else { by_groups(report) }
}

/// Usual columns, in the order in which they give way.
const GIVES_WAY: &[&str] =
    &["in progress", "p90", "p99", "cached", "mean", "tokens in", "tokens out", "errors", "self", "max"];

type Laid = (Vec<String>, Vec<Vec<String>>, Vec<Align>);

fn laid_out(report: &StatsReport, is_usual: bool, rows: &[Shown], metrics: &[&Metric]) -> Laid {
    let question = &report.question;
    let mut headers: Vec<String> = if question.by.is_empty() {
        vec!["start (UTC)".to_owned()]
    } else {
        question.by.iter().map(|by| one_line(&by.name(), WIDEST)).collect()
    };
    let mut aligns = vec![Align::Left; headers.len()];
    headers
        .extend(metrics.iter().map(|metric| if is_usual { label(metric) } else { one_line(&metric.name(), WIDEST) }));
    aligns.resize(headers.len(), Align::Right);
    if rows.iter().any(|row| row.behind.is_some()) {
        headers.push(if question.by.is_empty() { String::new() } else { "over time".to_owned() });
        aligns.push(Align::Left);
    }
    let cells = rows.iter().map(|row| {
        let numbers = metrics.iter().map(|metric| human_number(question.answer(&row.group, metric), metric.unit()));
        row.before.iter().cloned().chain(numbers).chain(row.behind.clone()).collect()
    });
    (headers, cells.collect(), aligns)
}

fn natural_width(headers: &[String], rows: &[Vec<String>]) -> usize {
    let width = |text: &String| unicode_width::UnicodeWidthStr::width(text.as_str());
    let widest = |place: usize| rows.iter().filter_map(|row| row.get(place)).chain([&headers[place]]).map(width).max();
    (0..headers.len()).filter_map(widest).map(|width| width + 2).sum::<usize>().saturating_sub(2)
}

/// What a usual metric is called in a table.
fn label(metric: &Metric) -> String {
    match metric {
        Metric::ErrorRate => "error rate".to_owned(),
        Metric::InProgress => "in progress".to_owned(),
        Metric::SpanErrors => "errors".to_owned(),
        Metric::SpanErrorRate => "error rate".to_owned(),
        Metric::Of(Aggregate::Sum, Measure::SpanSelf) => "self".to_owned(),
        Metric::Of(_, Measure::Field(Field::Tokens(Share::Input)) | Measure::SpanInput) => "tokens in".to_owned(),
        Metric::Of(_, Measure::Field(Field::CachedTokens) | Measure::SpanCached) => "cached".to_owned(),
        Metric::Of(_, Measure::Field(Field::Tokens(Share::Output)) | Measure::SpanOutput) => "tokens out".to_owned(),
        Metric::Of(_, Measure::Field(Field::Tokens(Share::Total)) | Measure::SpanTotal) => "tokens".to_owned(),
        Metric::Of(_, Measure::Field(Field::Cost(_)) | Measure::SpanCost(_)) => "cost".to_owned(),
        other => other.name().split(':').next().unwrap_or_default().to_owned(),
    }
}

/// How many tell what was measured, wherever that is not said beside the numbers; what the spans say against it.
fn known_lines(report: &StatsReport) -> Vec<String> {
    let question = &report.question;
    let is_grouped = !question.by.is_empty() || question.every.is_some();
    // Measures of which as many are known are told together.
    let mut known: Vec<(Vec<String>, String)> = Vec::new();
    for (measure, number) in question.coverage(&report.total) {
        let number = of_all(number, of_what(report, Some(measure)));
        match known.iter_mut().find(|(_, known)| *known == number) {
            Some((names, _)) => names.push(measure.name()),
            None => known.push((vec![measure.name()], number)),
        }
    }
    let known: Vec<String> = known.iter().map(|(names, number)| format!("{} {number}", names.join(", "))).collect();
    let mut lines = Vec::new();
    if is_grouped && !known.is_empty() {
        lines.push(format!("known: {}", known.join("; ")));
    }
    let Some(crossing) = &report.crossing else { return lines };
    let line = |what: &str, (stated, found): (f64, f64), unit, (differ, compared)| {
        let (stated, found) = (human_number(Some(stated), unit), human_number(Some(found), unit));
        format!("{what}: {stated} by the traces, {found} by their spans; {} differ", of_all(differ, compared))
    };
    lines.push(line("tokens", crossing.tokens, Unit::Count, (crossing.tokens_differ, crossing.compared)));
    lines.push(line("cost", crossing.costs, Unit::Dollars, (crossing.costs_differ, crossing.costs_compared)));
    lines
}
