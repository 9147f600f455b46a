//! Traces of which it cannot be known whether they match.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::filter::Doubt;
use crate::model::{TraceId, TraceInfo};

/// A trace that may match a filter, and may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Which.
    pub trace_id: TraceId,
    /// What is not known of it.
    pub doubts: BTreeSet<Doubt>,
    /// Why its spans could not be read, where that is what is not known.
    pub reason: Option<String>,
    /// Whether the server decides what the filter means, and leaves the trace out.
    pub is_left_out: bool,
}

impl Undecided {
    /// A trace of a list of which something cannot be read.
    #[must_use]
    pub fn unread(info: TraceInfo) -> Self {
        let reason = Some(info.unread.join(", "));
        Self { trace_id: info.trace_id, doubts: BTreeSet::from([Doubt::Info]), reason, is_left_out: false }
    }

    /// Whether that is so by nature: the server's own answer to its own language leaves the trace out, or nobody stored what is
    /// not known, such as the rest of a preview.
    #[must_use]
    pub fn is_by_nature(&self) -> bool {
        let is_preview =
            |doubt: &Doubt| matches!(doubt, Doubt::Cut(field) if field == "request" || field == "response");
        self.is_left_out || self.doubts.iter().all(|doubt| is_preview(doubt) || *doubt == Doubt::Links)
    }

    /// What is not known, in words that other traces share.
    #[must_use]
    pub fn summary(&self) -> String {
        in_words(&self.doubts)
    }

    /// What is not known, and why its spans could not be read.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}: {reason}", self.summary()),
            None => self.summary(),
        }
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = match self.trace_id.as_str() {
            "" => "without an id",
            id => id,
        };
        write!(formatter, "whether trace {id} matches is not known: {}", self.why())
    }
}

/// How many traces are undecided for each combination of doubts: `12 (its spans are not known), 3 (metadata.note was cut)`.
#[must_use]
pub fn summary<'u>(undecided: impl IntoIterator<Item = &'u Undecided>) -> String {
    let mut counts: BTreeMap<&BTreeSet<Doubt>, u64> = BTreeMap::new();
    for one in undecided {
        *counts.entry(&one.doubts).or_default() += 1;
    }
    let told = counts.into_iter().map(|(doubts, count)| format!("{count} ({})", in_words(doubts)));
    told.collect::<Vec<_>>().join(", ")
}

fn in_words(doubts: &BTreeSet<Doubt>) -> String {
    doubts.iter().map(Doubt::to_string).collect::<Vec<_>>().join(", ")
}
