//! The line of time that a walk goes along: windows of it, places in a window, and what is asked and answered of them.
//!
//! Places are *keys*: the start time in milliseconds, negated where the walk goes from new to old, so that the walk always
//! goes upward.

use crate::filter::Direction;
use crate::model::TimeWindow;

/// What to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// To tell the answers apart.
    pub id: u64,
    /// The start times that count.
    pub window: TimeWindow,
    /// Where to begin inside the window.
    pub begin: Begin,
    /// How many of the rows are known already.
    pub known: usize,
}

/// Where a page begins inside its window.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Begin {
    /// At its first row.
    #[default]
    Start,
    /// Behind this many rows.
    Offset(usize),
    /// Where the server's own token says.
    Token(String),
}

impl Begin {
    /// Behind how many rows, if that is known.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Start => Some(0),
            Self::Offset(offset) => Some(*offset),
            Self::Token(_) => None,
        }
    }
}

/// How a page ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// There is nothing behind it in its window.
    Whole,
    /// There may be more, from this token on.
    More(String),
}

/// What is known about where traces are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Start times of the oldest and newest trace, whether or not they match.
    pub window: TimeWindow,
    /// How many traces there are, if that is known.
    pub traces: Option<u64>,
}

/// What `MLflow`'s own page tokens say: base64 of `{"offset": 500}`; nothing for those of other servers.
pub fn offset_of(token: &str) -> Option<u64> {
    use base64::Engine;

    let text = base64::engine::general_purpose::STANDARD.decode(token).ok()?;
    serde_json::from_slice::<serde_json::Value>(&text).ok()?.get("offset")?.as_u64()
}

/// The token of the page behind this many rows.
pub fn offset_token(offset: usize) -> String {
    use base64::Engine;

    base64::engine::general_purpose::STANDARD.encode(format!("{{\"offset\": {offset}}}"))
}

pub fn key(direction: Direction, time_ms: i64) -> i64 {
    match direction {
        Direction::Ascending => time_ms,
        Direction::Descending => time_ms.saturating_neg(),
    }
}

pub fn keys(direction: Direction, window: TimeWindow) -> (i64, i64) {
    let (first, last) = match direction {
        Direction::Ascending => (window.oldest_ms, window.newest_ms),
        Direction::Descending => (window.newest_ms, window.oldest_ms),
    };
    (first.map_or(i64::MIN, |time| key(direction, time)), last.map_or(i64::MAX, |time| key(direction, time)))
}

pub fn window(direction: Direction, first: i64, last: i64) -> TimeWindow {
    let first = Some(first).filter(|first| *first > i64::MIN).map(|first| key(direction, first));
    let last = Some(last).filter(|last| *last < i64::MAX).map(|last| key(direction, last));
    match direction {
        Direction::Ascending => TimeWindow { oldest_ms: first, newest_ms: last },
        Direction::Descending => TimeWindow { oldest_ms: last, newest_ms: first },
    }
}

/// How many keys there are from one to another.
pub fn span(first: i64, last: i64) -> f64 {
    (last as f64 - first as f64 + 1.0).max(1.0)
}

/// The key this much further on, without overflow.
#[allow(clippy::cast_possible_truncation)] // Widths are far below 2^53, and the cast saturates.
pub fn forward(from: i64, width: f64) -> i64 {
    from.saturating_add((width as i64).max(1))
}
