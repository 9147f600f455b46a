//! Two stretches of time side by side.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::records::{Align, write_aligned};
use super::stats::{human_number, human_value, machine_number};
use super::{Record, RecordFormat, count, write_records};
use crate::analysis::stats::{Compared, StatsReport, Unit};
use crate::model::rfc3339_utc;

/// When the stretches begin and end, in epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretches {
    /// When the first begins.
    pub from_ms: i64,
    /// When it ends and the second begins.
    pub split_ms: i64,
    /// When that ends.
    pub until_ms: i64,
}

/// Writes what changed.
pub fn write_comparison(
    writer: &mut dyn Write,
    report: &StatsReport,
    stretches: Stretches,
    format: RecordFormat,
    width: Option<u16>,
) -> io::Result<()> {
    let lines = report.compared();
    match format {
        RecordFormat::Table | RecordFormat::Wide => write_table(writer, report, &lines, stretches, width),
        RecordFormat::Json => {
            let [from, split, until] = [stretches.from_ms, stretches.split_ms, stretches.until_ms].map(rfc3339_utc);
            let rows: Vec<Value> = lines.iter().map(|line| line_json(report, line)).collect();
            let told = json!({"before": {"from": from, "until": split}, "now": {"from": split, "until": until}, "metrics": rows});
            serde_json::to_writer_pretty(&mut *writer, &told)?;
            writeln!(writer)
        }
        RecordFormat::Jsonl | RecordFormat::Csv => {
            let record = |line| Record { shown: Vec::new(), value: line_json(report, line), id: String::new() };
            write_records(writer, format, &[], &lines.iter().map(record).collect::<Vec<_>>(), None)
        }
    }
}

fn line_json(report: &StatsReport, line: &Compared) -> Value {
    let mut object = Map::new();
    for (place, by) in report.question.by.iter().enumerate() {
        let value = line.values.as_ref().and_then(|values| values.get(place));
        object.insert(by.name(), value.cloned().unwrap_or(Value::Null));
    }
    if !report.question.by.is_empty() {
        let scope = match (&line.values, line.rest) {
            (Some(_), _) => "group",
            (None, Some(_)) => "rest",
            (None, None) => "total",
        };
        object.insert("scope".into(), scope.into());
    }
    let difference = line.now.zip(line.before).map(|(now, before)| now - before);
    object.insert("metric".into(), line.name.as_str().into());
    object.insert("before".into(), machine_number(line.before, line.unit));
    object.insert("now".into(), machine_number(line.now, line.unit));
    object.insert("difference".into(), machine_number(difference, line.unit));
    object.insert("change".into(), change(line).map_or(Value::Null, Value::from));
    object.insert("p".into(), line.chance.map_or(Value::Null, |chance| chance.p.into()));
    object.insert("test".into(), line.chance.map_or(Value::Null, |chance| chance.test.into()));
    object.insert("more_than_chance".into(), line.chance.map_or(Value::Null, |_| line.is_more.into()));
    Value::Object(object)
}

/// The difference as a part of what was before.
fn change(line: &Compared) -> Option<f64> {
    let (before, now) = line.before.zip(line.now)?;
    (before != 0.0).then(|| (now - before) / before)
}

fn write_table(
    writer: &mut dyn Write,
    report: &StatsReport,
    lines: &[Compared],
    stretches: Stretches,
    width: Option<u16>,
) -> io::Result<()> {
    let names: Vec<String> = report.question.by.iter().map(|by| super::one_line(&by.name(), 40)).collect();
    let depth = names.len();
    let others = ["metric", "before", "now", "difference", "p", "more than chance"].map(str::to_owned);
    let headers: Vec<String> = names.into_iter().chain(others).collect();
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(lines.len());
    let mut last: Option<Vec<String>> = None;
    for line in lines {
        let mut before: Vec<String> = match (&line.values, line.rest) {
            (Some(values), _) => values.iter().map(human_value).collect(),
            (None, Some(groups)) => vec![format!("(the rest: {})", count(groups as u64))],
            (None, None) => vec!["total".to_owned()],
        };
        before.resize(depth, String::new());
        // A group is named on its first line.
        let first = if last.as_ref() == Some(&before) { vec![String::new(); depth] } else { before.clone() };
        last = Some(before);
        rows.push(first.into_iter().chain(cells(line)).collect());
    }
    let mut aligns = vec![Align::Left; depth + 1];
    aligns.extend([Align::Right; 4]);
    aligns.push(Align::Left);
    write_aligned(writer, &headers, &rows, &aligns, width)?;
    let [from, split, until] = [stretches.from_ms, stretches.split_ms, stretches.until_ms].map(rfc3339_utc);
    writeln!(writer, "\nbefore: {from} to {split}\nnow: {split} to {until}")?;
    let mut tests: Vec<&str> = lines.iter().filter_map(|line| line.chance.map(|chance| chance.test)).collect();
    tests.sort_unstable();
    tests.dedup();
    if !tests.is_empty() {
        writeln!(writer, "p: {}; more than chance at 5 % after Holm's correction for all lines", tests.join(", "))?;
    }
    Ok(())
}

fn cells(line: &Compared) -> [String; 6] {
    let verdict = match (line.chance, line.is_more) {
        (None, _) => "",
        (Some(_), true) => "yes",
        (Some(_), false) => "no",
    };
    [
        super::one_line(&line.name, 60),
        human_number(line.before, line.unit),
        human_number(line.now, line.unit),
        change_of(line),
        line.chance.map_or_else(String::new, |chance| p_value(chance.p)),
        verdict.to_owned(),
    ]
}

/// The difference for people: in points, or as a part of what was before.
pub(super) fn change_of(line: &Compared) -> String {
    let Some((before, now)) = line.before.zip(line.now) else { return String::new() };
    let difference = now - before;
    if line.unit == Unit::Share {
        return format!("{:+.1} points", difference * 100.0);
    }
    if let Some(change) = change(line) {
        return format!("{:+.1} %", change * 100.0);
    }
    let sign = if difference > 0.0 { "+" } else { "" };
    format!("{sign}{}", human_number(Some(difference), line.unit))
}

/// A probability for people.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}
