//! Two sets of traces side by side.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::comparison::{change_of, p_value};
use super::records::{Align, write_aligned};
use super::stats::{human_number, machine_number};
use super::{count, one_line};
use crate::analysis::contrast::Contrast;
use crate::analysis::stats::{Compared, ConfidenceInterval, Unit};

/// What is known about two sets, A and B.
pub struct DiffReport {
    /// What they are called.
    pub names: [String; 2],
    /// How many traces they have.
    pub traces: [u64; 2],
    /// Their numbers.
    pub metrics: Vec<Compared>,
    /// What is more frequent in B, surest first.
    pub more_in_b: Vec<Contrast>,
    /// What is more frequent in A.
    pub more_in_a: Vec<Contrast>,
}

/// Characters of a name or a value.
const WIDEST: usize = 60;

/// Writes tables: the numbers, and the `top` values that set the two apart.
pub fn write_difference(
    writer: &mut dyn Write,
    difference: &DiffReport,
    top: usize,
    width: Option<u16>,
) -> io::Result<()> {
    let DiffReport { names: [a, b], traces: [of_a, of_b], metrics, .. } = difference;
    writeln!(writer, "A: {} ({})", one_line(a, 200), super::count_traces(*of_a))?;
    writeln!(writer, "B: {} ({})\n", one_line(b, 200), super::count_traces(*of_b))?;
    let headers = ["metric", "A", "B", "difference", "95 % interval", "p", "more than chance"].map(str::to_owned);
    let mut aligns = vec![Align::Left];
    aligns.extend([Align::Right; 5]);
    aligns.push(Align::Left);
    write_aligned(writer, &headers, &metrics.iter().map(metric_row).collect::<Vec<_>>(), &aligns, width)?;
    for (contrasts, side) in [(&difference.more_in_b, "B"), (&difference.more_in_a, "A")] {
        if contrasts.is_empty() {
            writeln!(writer, "\nNothing is more frequent in {side} by more than chance.")?;
            continue;
        }
        writeln!(writer, "\nMore frequent in {side}:")?;
        let headers = ["field", "value", "A", "B", "difference", "95 % interval"].map(str::to_owned);
        let mut aligns = vec![Align::Left; 2];
        aligns.extend([Align::Right; 4]);
        let rows: Vec<Vec<String>> = contrasts.iter().take(top).map(contrast_row).collect();
        write_aligned(writer, &headers, &rows, &aligns, width)?;
        if contrasts.len() > top {
            writeln!(
                writer,
                "and {} more; --top {} shows all",
                count((contrasts.len() - top) as u64),
                contrasts.len()
            )?;
        }
    }
    let mut tests: Vec<&str> = metrics.iter().filter_map(|line| line.chance.map(|chance| chance.test)).collect();
    tests.sort_unstable();
    tests.dedup();
    if !tests.is_empty() {
        writeln!(writer, "\np: {}; more than chance at 5 % after Holm's correction", tests.join(", "))?;
    }
    Ok(())
}

fn metric_row(line: &Compared) -> Vec<String> {
    let verdict = match (line.chance, line.is_more) {
        (None, _) => "",
        (Some(_), true) => "yes",
        (Some(_), false) => "no",
    };
    vec![
        one_line(&line.name, WIDEST),
        human_number(line.before, line.unit),
        human_number(line.now, line.unit),
        change_of(line),
        line.interval.map(|interval| bounds(interval, line.unit)).unwrap_or_default(),
        line.chance.map_or_else(String::new, |chance| p_value(chance.p)),
        verdict.to_owned(),
    ]
}

fn contrast_row(contrast: &Contrast) -> Vec<String> {
    let part = |side: usize| format!("{:.1} %", contrast.shares[side] * 100.0);
    vec![
        one_line(&contrast.key, WIDEST),
        contrast.value.as_deref().map_or_else(|| "(absent)".to_owned(), |value| one_line(value, WIDEST)),
        part(0),
        part(1),
        format!("{:+.1} points", (contrast.shares[1] - contrast.shares[0]) * 100.0),
        bounds(contrast.interval, Unit::Share),
    ]
}

fn bounds((low, high): ConfidenceInterval, unit: Unit) -> String {
    if unit == Unit::Share {
        return format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0);
    }
    let signed = |number: f64| {
        let sign = if number < 0.0 { "-" } else { "+" };
        format!("{sign}{}", human_number(Some(number.abs()), unit))
    };
    format!("{} to {}", signed(low), signed(high))
}

/// All of it as one object.
#[must_use]
pub fn difference_json(difference: &DiffReport) -> Value {
    let side = |at: usize| json!({"name": difference.names[at], "traces": difference.traces[at]});
    let metrics: Vec<Value> = difference.metrics.iter().map(metric_json).collect();
    let contrasts = |of: &[Contrast]| of.iter().map(contrast_json).collect::<Vec<_>>();
    json!({
        "a": side(0),
        "b": side(1),
        "metrics": metrics,
        "more_in_b": contrasts(&difference.more_in_b),
        "more_in_a": contrasts(&difference.more_in_a),
    })
}

fn metric_json(line: &Compared) -> Value {
    let number = |number: Option<f64>| machine_number(number, line.unit);
    let interval =
        |bounds: Option<ConfidenceInterval>| bounds.map(|(low, high)| [number(Some(low)), number(Some(high))]);
    json!({
        "metric": line.name,
        "a": number(line.before),
        "b": number(line.now),
        "a_interval": interval(line.intervals[0]),
        "b_interval": interval(line.intervals[1]),
        "difference": number(line.now.zip(line.before).map(|(now, before)| now - before)),
        "interval": interval(line.interval),
        "p": line.chance.map(|chance| chance.p),
        "test": line.chance.map(|chance| chance.test),
        "more_than_chance": line.chance.map(|_| line.is_more),
    })
}

fn contrast_json(contrast: &Contrast) -> Value {
    let side = |at: usize| json!({"traces": contrast.traces[at], "share": contrast.shares[at]});
    json!({
        "field": contrast.key,
        "value": contrast.value,
        "a": side(0),
        "b": side(1),
        "difference": contrast.shares[1] - contrast.shares[0],
        "interval": [contrast.interval.0, contrast.interval.1],
        "p": contrast.chance.p,
        "test": contrast.chance.test,
    })
}
