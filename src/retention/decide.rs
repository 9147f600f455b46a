//! The planner: what a policy and a moment mean for the traces of one experiment. No clock, no network, no infos: a trace is
//! its id, its start, its size, and a mark for every rule that selects it.
//!
//! Invariants: a trace expires only if some rule selects it and no rule that selects it keeps it; the order of the input does
//! not matter; a trace that was seen in two states is kept.

use super::policy::{Count, Rule};
use crate::model::{DAY_MS, HOUR_MS, TraceId};

/// What the planner knows about a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// When it started, in epoch milliseconds.
    pub request_time_ms: i64,
    /// Its size in bytes, if the trace tells.
    pub size_bytes: Option<u64>,
    /// Whether its spans are in a file of the artifact store.
    pub has_span_file: bool,
    /// One for each rule that selects it, in the order of the rules.
    pub marks: Vec<Mark>,
}

/// That a rule selects a trace, and why it keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The rule's position in the policy.
    pub rule: u16,
    /// The first of its `keep_if` that matches, if [`Keep::If`] is among the keeps.
    pub keep_if: u16,
    /// The group in which the rule counts the trace.
    pub group: u32,
    /// Why it is kept; it is not if there is nothing.
    pub keeps: Keeps,
}

/// Why a rule keeps a trace that it selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// It is younger than `min_age`.
    MinAge,
    /// It is younger than `keep_within`.
    Within,
    /// It is one of the newest, by this way of counting.
    Count(Count),
    /// It matches a `keep_if`.
    If,
    /// It has not ended yet.
    InProgress,
    /// It starts after the moment of the policy.
    Future,
    /// It changed while it was read.
    Changed,
    /// It cannot be known whether it is to be kept.
    Unknown,
    /// It carries an assessment of its whole session, of which other traces stay.
    Session,
}

impl Keep {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::MinAge,
        Self::Within,
        Self::Count(Count::Last),
        Self::Count(Count::Hourly),
        Self::Count(Count::Daily),
        Self::Count(Count::Weekly),
        Self::Count(Count::Monthly),
        Self::Count(Count::Yearly),
        Self::If,
        Self::InProgress,
        Self::Future,
        Self::Changed,
        Self::Unknown,
        Self::Session,
    ];

    /// In a word: the key of the policy where it has one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MinAge => "min_age",
            Self::Within => "keep_within",
            Self::Count(count) => count.key(),
            Self::If => "keep_if",
            Self::InProgress => "in_progress",
            Self::Future => "future",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
            Self::Session => "session",
        }
    }

    fn bit(self) -> u16 {
        match self {
            Self::MinAge => 1,
            Self::Within => 1 << 1,
            Self::Count(count) => 1 << (2 + count as u16),
            Self::If => 1 << 8,
            Self::InProgress => 1 << 9,
            Self::Future => 1 << 10,
            Self::Changed => 1 << 11,
            Self::Unknown => 1 << 12,
            Self::Session => 1 << 13,
        }
    }
}

/// A set of [`Keep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keeps(u16);

impl Keeps {
    /// Adds a reason.
    pub fn add(&mut self, keep: Keep) {
        self.0 |= keep.bit();
    }

    /// Whether there is no reason.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a reason is among them.
    #[must_use]
    pub fn has(self, keep: Keep) -> bool {
        self.0 & keep.bit() != 0
    }

    /// The reasons.
    pub fn iter(self) -> impl Iterator<Item = Keep> {
        Keep::ALL.into_iter().filter(move |keep| self.has(*keep))
    }
}

/// What becomes of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No rule selects it.
    Untouched,
    /// A rule that selects it keeps it.
    Kept,
    /// Every rule that selects it lets it go.
    Expires,
}

impl Seen {
    /// What becomes of it, once [`decide`] has looked at it.
    #[must_use]
    pub fn decision(&self) -> Decision {
        if self.marks.is_empty() {
            Decision::Untouched
        } else if self.marks.iter().all(|mark| mark.keeps.is_empty()) {
            Decision::Expires
        } else {
            Decision::Kept
        }
    }

    /// What is compared where a trace was seen twice, in an order that puts the youngest first.
    fn order(&self) -> (&TraceId, std::cmp::Reverse<i64>, std::cmp::Reverse<Option<u64>>, &[Mark]) {
        let (start, size) = (std::cmp::Reverse(self.request_time_ms), std::cmp::Reverse(self.size_bytes));
        (&self.trace_id, start, size, &self.marks)
    }
}

/// Decides of the traces of one experiment: adds to their marks why they are kept, by age and by count. They come back each
/// once, oldest first. Marks refer to `rules` by position.
#[must_use]
pub fn decide(rules: &[Rule], as_of_ms: i64, mut traces: Vec<Seen>) -> Vec<Seen> {
    traces.sort_unstable_by(|left, right| left.order().cmp(&right.order()));
    traces.dedup_by(|copy, first| {
        let is_copy = copy.trace_id == first.trace_id;
        if is_copy && (copy.request_time_ms != first.request_time_ms || copy.marks != first.marks) {
            first.marks.iter_mut().for_each(|mark| mark.keeps.add(Keep::Changed));
        }
        is_copy
    });
    // In place: there may be very many.
    traces.sort_unstable_by(|left, right| {
        (left.request_time_ms, &left.trace_id).cmp(&(right.request_time_ms, &right.trace_id))
    });
    for (position, rule) in rules.iter().enumerate() {
        // More rules than a mark can tell apart cannot be read.
        let Ok(number) = u16::try_from(position) else { break };
        keep_by_age(rule, number, as_of_ms, &mut traces);
        if rule.counts.iter().any(|count| *count > 0) {
            keep_by_count(rule, number, &mut traces);
        }
    }
    traces
}

fn keep_by_age(rule: &Rule, number: u16, as_of_ms: i64, traces: &mut [Seen]) {
    let is_young = |start: i64, age: i64| age > 0 && start > as_of_ms.saturating_sub(age);
    let takes_future = rule.takes_unfinished || rule.names_future(as_of_ms);
    for trace in traces {
        let start = trace.request_time_ms;
        let Some(mark) = trace.marks.iter_mut().find(|mark| mark.rule == number) else { continue };
        if is_young(start, rule.min_age_ms) {
            mark.keeps.add(Keep::MinAge);
        }
        if is_young(start, rule.keep_within_ms.unwrap_or(0)) {
            mark.keeps.add(Keep::Within);
        }
        if start > as_of_ms && !takes_future {
            mark.keeps.add(Keep::Future);
        }
    }
}

/// Reasons to keep a trace for which it takes no place among those that are kept by number.
const TAKES_NO_PLACE: [Keep; 4] = [Keep::Future, Keep::Changed, Keep::InProgress, Keep::Unknown];

/// Each way of counting goes from the newest to the oldest trace of a group and keeps the first of each period, until it has
/// kept as many as it may. What is kept for what may be over tomorrow takes no place: that it is in progress or starts in the
/// future, that it changed meanwhile, that something of it is not known.
fn keep_by_count(rule: &Rule, number: u16, traces: &mut [Seen]) {
    let mut places: Vec<(u32, u32, u32)> = Vec::new();
    for (place, trace) in (0_u32..).zip(traces.iter()) {
        let Some((at, mark)) = (0_u32..).zip(&trace.marks).find(|(_, mark)| mark.rule == number) else { continue };
        if !TAKES_NO_PLACE.iter().any(|keep| mark.keeps.has(*keep)) {
            places.push((mark.group, place, at));
        }
    }
    places.sort_unstable_by_key(|(group, place, _)| {
        (*group, std::cmp::Reverse(traces[*place as usize].request_time_ms), *place)
    });
    for group in places.chunk_by(|left, right| left.0 == right.0) {
        for (count, most) in Count::ALL.into_iter().zip(rule.counts) {
            let (mut left, mut last) = (most, None);
            for (_, place, at) in group {
                if left == 0 {
                    break;
                }
                let trace = &mut traces[*place as usize];
                let period = period(count, trace.request_time_ms);
                if period.is_none() || period != last {
                    trace.marks[*at as usize].keeps.add(Keep::Count(count));
                    (left, last) = (left - 1, period);
                }
            }
        }
    }
}

/// The number of the period of the calendar that a moment is in; nothing where every trace counts for itself.
fn period(count: Count, time_ms: i64) -> Option<i64> {
    let day = time_ms.div_euclid(DAY_MS);
    let date = || {
        let instant = jiff::Timestamp::from_millisecond(time_ms).ok()?;
        Some(instant.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
    };
    Some(match count {
        Count::Last => return None,
        Count::Hourly => time_ms.div_euclid(HOUR_MS),
        Count::Daily => day,
        // 1970-01-01 was a Thursday.
        Count::Weekly => (day + 3).div_euclid(7),
        // Beyond the calendar, before and after it, there is one period each.
        Count::Monthly => {
            date().map_or(time_ms.signum() * i64::MAX, |date| i64::from(date.year()) * 12 + i64::from(date.month()))
        }
        Count::Yearly => date().map_or(time_ms.signum() * i64::MAX, |date| i64::from(date.year())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn periods_are_those_of_the_calendar_in_utc() {
        let same = |count, left: &str, right: &str| period(count, ms(left)) == period(count, ms(right));
        assert!(same(Count::Hourly, "2026-11-22T08:00:00Z", "2026-11-22T08:59:59.999Z"));
        assert!(!same(Count::Hourly, "2026-11-22T08:59:59.999Z", "2026-11-22T09:00:00Z"));
        assert!(!same(Count::Hourly, "2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"));
        assert!(!same(Count::Daily, "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z"));
        // A week is Monday to Sunday, also across the year.
        assert!(same(Count::Weekly, "2025-12-29T00:00:00Z", "2026-01-04T23:59:59Z"));
        assert!(!same(Count::Weekly, "2026-01-04T23:59:59Z", "2026-01-05T00:00:00Z"));
        assert!(same(Count::Weekly, "1969-12-29T00:00:00Z", "1970-01-04T23:59:59Z"));
        assert!(same(Count::Monthly, "2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"));
        assert!(!same(Count::Monthly, "2025-02-01T00:00:00Z", "2026-02-01T00:00:00Z"));
        assert!(!same(Count::Monthly, "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"));
        assert!(same(Count::Yearly, "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"));
        assert_eq!(period(Count::Yearly, i64::MAX), Some(i64::MAX));
        assert_eq!(period(Count::Last, 0), None);
    }

    #[test]
    fn every_reason_has_a_bit_of_its_own() {
        let mut keeps = Keeps::default();
        for (number, keep) in Keep::ALL.into_iter().enumerate() {
            assert!(!keeps.has(keep), "{keep:?}");
            keeps.add(keep);
            assert_eq!(keeps.iter().count(), number + 1);
        }
    }
}
