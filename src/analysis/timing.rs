//! Where the time of a trace went: what ran when, what took its time itself, what the end waited for.

use serde::Serialize;

use super::selection::parents;
use crate::model::{Span, failure, keys};

/// A span in time. All times are in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Its place in the trace.
    #[serde(skip)]
    pub place: usize,
    /// Its id in hex.
    pub span_id: String,
    /// Its name.
    pub name: String,
    /// How many spans are above it.
    pub depth: usize,
    /// When it began, after the beginning of the trace, by the clock of its process.
    pub offset_ns: i64,
    /// How long it took; nothing if it has not ended.
    pub duration_ns: Option<i64>,
    /// How long nothing below it ran.
    pub self_ns: i64,
    /// Until its first token, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_ns: Option<i64>,
    /// How far it lies outside of its parent: clocks differ, or it went on after its parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
    /// Whether the end of the trace waited for it.
    pub is_critical: bool,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Its cost in US dollars, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
}

/// How a span lies outside of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// It began this long before its parent: their clocks differ.
    BeganBefore(i64),
    /// It ended this long after its parent.
    EndedAfter(i64),
}

/// Spans in time, each below its parent, in the order in which they began.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// All of them.
    pub bars: Vec<Bar>,
    /// From the first beginning to the last end.
    pub total_ns: i64,
}

/// The spans of a trace in time.
#[must_use]
pub fn timing(spans: &[Span]) -> Timing {
    let parents = parents(spans);
    let mut children = vec![Vec::new(); spans.len()];
    let mut roots = Vec::new();
    for (place, parent) in parents.iter().enumerate() {
        parent.map_or(&mut roots, |parent| &mut children[parent]).push(place);
    }
    let start = |place: &usize| (spans[*place].start_time_unix_nano, *place);
    for list in &mut children {
        list.sort_by_key(start);
    }
    roots.sort_by_key(start);
    let begin = roots.iter().map(|place| spans[*place].start_time_unix_nano).min();
    let begin = begin.or_else(|| spans.iter().map(|span| span.start_time_unix_nano).min()).unwrap_or_default();
    let critical = critical(spans, &children, &roots);
    let mut bars: Vec<Bar> = Vec::with_capacity(spans.len());
    let mut seen = vec![false; spans.len()];
    let mut pending: Vec<(usize, usize)> = roots.iter().rev().map(|place| (*place, 0)).collect();
    // Spans that are one another's parents hang from no root.
    let mut lost = 0..spans.len();
    while let Some((place, depth)) = pending.pop().or_else(|| lost.find(|place| !seen[*place]).map(|place| (place, 0)))
    {
        if std::mem::replace(&mut seen[place], true) {
            continue;
        }
        let parent = parents[place].map(|parent| &spans[parent]);
        let inner: Vec<&Span> = children[place].iter().map(|child| &spans[*child]).collect();
        bars.push(bar((place, depth), &spans[place], parent, &inner, begin, critical[place]));
        pending.extend(children[place].iter().rev().map(|child| (*child, depth + 1)));
    }
    let end = bars.iter().map(|bar| bar.offset_ns.saturating_add(bar.duration_ns.unwrap_or(0))).max().unwrap_or(0);
    Timing { bars, total_ns: end.max(0) }
}

fn bar(at: (usize, usize), span: &Span, parent: Option<&Span>, inner: &[&Span], begin: i64, is_critical: bool) -> Bar {
    let cost = span.attribute("mlflow.llm.cost").and_then(|cost| cost.get("total_cost")?.as_f64());
    Bar {
        place: at.0,
        span_id: span.span_id_hex(),
        name: span.name.clone(),
        depth: at.1,
        offset_ns: span.start_time_unix_nano.saturating_sub(begin),
        duration_ns: span.duration_ns(),
        self_ns: self_time(span, inner),
        first_token_ns: first_token(span),
        outside: parent.and_then(|parent| outside(span, parent)),
        is_critical,
        failure: failure(span).map(|failure| failure.text()),
        cost,
    }
}

/// Clocks and rounding differ by less than that within a process.
const TOLERANCE: i64 = 1_000_000;

fn outside(span: &Span, parent: &Span) -> Option<Outside> {
    let before = parent.start_time_unix_nano.saturating_sub(span.start_time_unix_nano);
    if before > TOLERANCE {
        return Some(Outside::BeganBefore(before));
    }
    let after = span.end_time_unix_nano?.saturating_sub(parent.end_time_unix_nano?);
    (after > TOLERANCE).then_some(Outside::EndedAfter(after))
}

/// What is left of a span without the time in which spans below it ran, which may have run at the same time.
fn self_time(span: &Span, inner: &[&Span]) -> i64 {
    let (start, Some(end)) = (span.start_time_unix_nano, span.end_time_unix_nano) else { return 0 };
    let (mut busy, mut until) = (0_i64, start);
    // In the order in which they began.
    for one in inner {
        let ended = one.end_time_unix_nano.unwrap_or(end).min(end);
        let began = one.start_time_unix_nano.max(until);
        busy += ended.saturating_sub(began).max(0);
        until = until.max(ended);
    }
    end.saturating_sub(start).saturating_sub(busy).max(0)
}

fn first_token(span: &Span) -> Option<i64> {
    let stated = ["gen_ai.server.time_to_first_token", "ai.response.msToFirstChunk"];
    let milliseconds = stated.iter().find_map(|key| span.attribute(key)?.as_f64());
    #[allow(clippy::cast_possible_truncation)] // A float becomes the nearest integer there is.
    let stated = milliseconds.map(|milliseconds| (milliseconds * 1e6) as i64);
    let is_token =
        |name: &str| name == "new_token" || name.starts_with("mlflow.chunk.item.") || name == "contentBlockDelta";
    let seen = || {
        span.events
            .iter()
            .find(|event| is_token(&event.name))
            .map(|event| event.time_unix_nano.saturating_sub(span.start_time_unix_nano))
    };
    stated
        .or_else(seen)
        .filter(|nanoseconds| *nanoseconds > 0 && span.duration_ns().is_none_or(|all| *nanoseconds <= all))
}

/// What the end of the trace waited for: from the end back, the span that ended last before the one behind it began.
fn critical(spans: &[Span], children: &[Vec<usize>], roots: &[usize]) -> Vec<bool> {
    let mut critical = vec![false; spans.len()];
    let end = |place: usize| spans[place].end_time_unix_nano.unwrap_or(i64::MAX);
    let mut pending: Vec<usize> = roots.iter().copied().max_by_key(|place| end(*place)).into_iter().collect();
    while let Some(place) = pending.pop() {
        if std::mem::replace(&mut critical[place], true) {
            continue;
        }
        let mut inner = children[place].clone();
        inner.sort_by_key(|child| std::cmp::Reverse(end(*child)));
        let mut until = i64::MAX;
        for child in inner {
            if end(child) <= until {
                until = spans[child].start_time_unix_nano;
                pending.push(child);
            }
        }
    }
    critical
}

/// Tokens of a model's call: those that the span states, in and out.
#[must_use]
pub fn tokens(span: &Span) -> Option<(u64, u64)> {
    let usage = span.attribute(keys::CHAT_TOKEN_USAGE)?;
    let number = |key: &str| usage.get(key).and_then(serde_json::Value::as_u64);
    Some((number("input_tokens")?, number("output_tokens")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn span(number: u8, parent: u8, start: i64, end: i64) -> Span {
        let id = |number: u8| format!("{number:016x}");
        let parent = if parent == 0 { serde_json::Value::Null } else { id(parent).into() };
        Span::from_json(&json!({"name": format!("s{number}"), "parent_id": parent, "attributes": {}, "events": [], "status_code": "OK",
            "context": {"span_id": id(number), "trace_id": "8c9da0e91080e465367d509b505b35da"}, "status_message": "",
            "start_time": start * 1_000_000, "end_time": end * 1_000_000}))
        .unwrap()
    }

    #[test]
    fn parallel_work_counts_once_and_the_last_to_end_is_critical() {
        let told = timing(&[span(1, 0, 0, 100), span(2, 1, 10, 40), span(3, 1, 20, 60), span(4, 1, 70, 90)]);
        let told: Vec<_> = told.bars.iter().map(|bar| (bar.self_ns / 1_000_000, bar.depth, bar.is_critical)).collect();
        assert_eq!(told, [(30, 0, true), (30, 1, false), (40, 1, true), (20, 1, true)]);
    }

    #[test]
    fn clocks_that_differ_are_told() {
        let told = timing(&[span(1, 0, 100, 200), span(2, 1, 95, 120), span(3, 1, 150, 230)]);
        assert_eq!(told.bars[1].outside, Some(Outside::BeganBefore(5_000_000)));
        assert_eq!((told.bars[1].offset_ns, told.total_ns), (-5_000_000, 130_000_000));
        assert_eq!(told.bars[2].outside, Some(Outside::EndedAfter(30_000_000)));
    }

    #[test]
    fn circles_end_and_show_each_span_once() {
        let told = timing(&[span(1, 2, 0, 10), span(2, 1, 0, 10), span(3, 3, 0, 10)]);
        assert_eq!(told.bars.len(), 3);
        assert_eq!(timing(&[]), Timing { bars: Vec::new(), total_ns: 0 });
    }
}
