//! Many traces in numbers: a table for people, rows for machines.
//!
//! Machines get numbers as they are, in milliseconds and US dollars; people get them as they would write them. Of every number
//! it is said how many traces tell it.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::stats_table::write_table;
use super::{Record, RecordFormat, count, duration, one_line, write_records};
use crate::analysis::money;
use crate::analysis::stats::{Crossing, Grouped, Readings, StatsReport, StatsRow, Unit};
use crate::model::rfc3339_utc;

/// How a table is shown.
#[derive(Clone, Copy, Debug)]
pub struct StatsStyle {
    /// Whether the metrics are the usual ones, which have short names and give way on narrow terminals.
    pub is_usual: bool,
    /// Columns of the terminal.
    pub width: Option<u16>,
}

/// Characters of a value that are shown.
pub(super) const WIDEST: usize = 60;

/// A number for machines: whole ones without a point, money without the dust of binary fractions.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // Guarded: the number is whole and far below 2^63.
pub fn machine_number(number: Option<f64>, unit: Unit) -> Value {
    let number = number.map(|number| if unit == Unit::Dollars { (number * 1e12).round() / 1e12 } else { number });
    match number {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
        other => other.map_or(Value::Null, Value::from),
    }
}

/// A number for people.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Rounded first; far below 2^63.
pub fn human_number(number: Option<f64>, unit: Unit) -> String {
    let Some(number) = number else { return String::new() };
    match unit {
        Unit::Share => format!("{:.1} %", number * 100.0),
        Unit::Milliseconds => milliseconds(number),
        Unit::Dollars => money(number),
        Unit::Count if number >= 0.0 && (number.fract() == 0.0 || number >= 100.0) => count(number.round() as u64),
        Unit::Count | Unit::Plain => {
            let text = format!("{number:.3}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // Rounded first; far below 2^63.
fn milliseconds(number: f64) -> String {
    if number.abs() < 10.0 && number.fract() != 0.0 {
        format!("{number:.1}ms")
    } else {
        duration(number.round() as i64)
    }
}

/// What a value of a group is for people: absent is not empty.
#[must_use]
pub fn human_value(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) if text.trim().is_empty() => "(empty)".to_owned(),
        Value::String(text) => one_line(text, WIDEST),
        other => one_line(&other.to_string(), WIDEST),
    }
}

/// Writes all groups.
pub fn write_stats(
    writer: &mut dyn Write,
    report: &StatsReport,
    format: RecordFormat,
    style: StatsStyle,
) -> io::Result<()> {
    match format {
        RecordFormat::Table | RecordFormat::Wide => write_table(writer, report, style),
        RecordFormat::Json => {
            serde_json::to_writer_pretty(&mut *writer, &stats_json(report))?;
            writeln!(writer)
        }
        RecordFormat::Jsonl | RecordFormat::Csv => {
            let record = |value| Record { shown: Vec::new(), value, id: String::new() };
            let records: Vec<Record> = rows(report).iter().map(|row| record(row_json(report, row))).collect();
            write_records(writer, format, &[], &records, None)
        }
    }
}

/// The rows; where nothing is grouped by, all traces are one.
fn rows(report: &StatsReport) -> Vec<StatsRow> {
    if report.question.by.is_empty() && report.question.every.is_none() {
        let group = report.total.clone();
        return vec![StatsRow { start_ms: None, values: Vec::new(), rest: None, group }];
    }
    report.rows.clone()
}

/// Everything as one object.
#[must_use]
pub fn stats_json(report: &StatsReport) -> Value {
    let by: Vec<String> = report.question.by.iter().map(crate::analysis::stats::Dimension::name).collect();
    let (rest, groups): (Vec<StatsRow>, Vec<StatsRow>) = rows(report).into_iter().partition(|row| row.rest.is_some());
    let all = |rows: &[StatsRow]| rows.iter().map(|row| row_json(report, row)).collect::<Vec<_>>();
    let mut told = json!({"by": by, "every_ms": report.length_ms, "groups": all(&groups), "rest": all(&rest),
        "total": group_json(report, &report.total)});
    if let (Some(object), Some(crossing)) = (told.as_object_mut(), &report.crossing) {
        object.insert("cross_check".into(), crossing_json(crossing));
    }
    told
}

fn crossing_json(crossing: &Crossing) -> Value {
    json!({
        "tokens": {"traces": crossing.compared, "differ": crossing.tokens_differ,
            "stated": machine_number(Some(crossing.tokens.0), Unit::Count),
            "of_spans": machine_number(Some(crossing.tokens.1), Unit::Count)},
        "costs": {"traces": crossing.costs_compared, "differ": crossing.costs_differ,
            "stated": machine_number(Some(crossing.costs.0), Unit::Dollars),
            "of_spans": machine_number(Some(crossing.costs.1), Unit::Dollars)},
    })
}

fn row_json(report: &StatsReport, row: &StatsRow) -> Value {
    let mut object = Map::new();
    if let Some(start) = row.start_ms {
        object.insert("start".into(), rfc3339_utc(start).into());
    }
    for (place, by) in report.question.by.iter().enumerate() {
        object.insert(by.name(), row.values.get(place).cloned().unwrap_or(Value::Null));
    }
    if let Some(groups) = row.rest {
        object.insert("rest".into(), groups.into());
    }
    object.extend(group_json(report, &row.group));
    Value::Object(object)
}

fn group_json(report: &StatsReport, group: &Grouped) -> Map<String, Value> {
    let question = &report.question;
    let mut object = Map::new();
    for metric in &question.metrics {
        object.insert(metric.name(), machine_number(question.answer(group, metric), metric.unit()));
    }
    for (measure, known) in question.coverage(group) {
        object.insert(format!("known:{}", measure.name()), known.into());
    }
    for ((kind, name), readings) in &group.assessed {
        object.extend(assessed_json(&format!("{kind}.{name}"), readings));
    }
    object
}

fn assessed_json(name: &str, readings: &Readings) -> Vec<(String, Value)> {
    let number = |part: &str, number: Option<f64>| (format!("{part}:{name}"), machine_number(number, Unit::Plain));
    let mut told = vec![(format!("known:{name}"), readings.known.into())];
    if readings.answers > 0 {
        told.push(number("yes", readings.share()));
    } else if readings.numbers.count() > 0 {
        told.push(number("mean", readings.numbers.mean()));
    }
    told
}
