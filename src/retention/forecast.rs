//! What a policy would delete on each of the next days, if nothing new came and nothing changed.

use crate::model::DAY_MS;
use std::collections::{BTreeMap, HashSet};

use super::decide::{Decision, Mark, Seen, decide};
use super::outlook::Sum;
use super::policy::RetentionPolicy;

/// A trace and how the rules mark it from day to day.
#[derive(Clone, Debug)]
pub struct Followed {
    /// As it is on the first day.
    pub seen: Seen,
    /// Marks that are others than on the day before, by the day, in order.
    pub changes: Vec<(u16, Vec<Mark>)>,
}

impl Followed {
    /// Follows a trace whose marks are these on the days from 0 on.
    pub fn new(seen: Seen, later: impl IntoIterator<Item = Vec<Mark>>) -> Self {
        let mut changes: Vec<(u16, Vec<Mark>)> = Vec::new();
        for (day, marks) in (1_u16..).zip(later) {
            if changes.last().map_or(&seen.marks, |(_, last)| last) != &marks {
                changes.push((day, marks));
            }
        }
        Self { seen, changes }
    }

    fn on(&self, day: u16) -> Seen {
        let change = self.changes.iter().rev().find(|(from, _)| *from <= day);
        let marks = change.map_or_else(|| self.seen.marks.clone(), |(_, marks)| marks.clone());
        Seen { marks, ..self.seen.clone() }
    }
}

/// What would go on the days 0 to `days` of a policy, day 0 being its own moment: the sums by day, of days on which something
/// goes. `policies` are the policy as it is on each day, as many as there are days and one. The traces are those of one
/// experiment.
#[must_use]
pub fn forecast(policies: &[RetentionPolicy], traces: &[Followed]) -> BTreeMap<u16, Sum> {
    let mut sums: BTreeMap<u16, Sum> = BTreeMap::new();
    let mut gone: HashSet<&str> = HashSet::new();
    for (day, policy) in (0_u16..).zip(policies) {
        let there: Vec<Seen> = traces.iter().map(|trace| trace.on(day)).collect();
        let decided = decide(&policy.rules, policy.as_of_ms, there);
        let expired: HashSet<_> = decided
            .into_iter()
            .filter(|trace| trace.decision() == Decision::Expires)
            .map(|trace| trace.trace_id)
            .collect();
        for trace in traces.iter().filter(|trace| expired.contains(&trace.seen.trace_id)) {
            if gone.insert(trace.seen.trace_id.as_str()) {
                sums.entry(day).or_default().add(&trace.seen);
            }
        }
    }
    sums
}

/// The moment of a policy some days later, in epoch milliseconds.
#[must_use]
pub fn days_later(as_of_ms: i64, days: u16) -> i64 {
    as_of_ms.saturating_add(i64::from(days) * DAY_MS)
}
