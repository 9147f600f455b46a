//! Traces of which was decided whether they match, and those of which that cannot be known.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use crate::filter::Doubt;
use crate::model::{Trace, TraceId, TraceInfo};

/// A trace that may match a filter, and may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// What is not known about it.
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

    /// Whether that is so by nature: the server's own answer to its own language leaves the trace out, or nobody stored what
    /// is not known, such as the rest of a preview.
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
        write!(formatter, "cannot tell whether trace {id} matches: {}", self.why())
    }
}

/// What was found out of traces, in their order.
#[derive(Debug, Default)]
pub struct Decided {
    /// Those that match.
    pub matching: Vec<Trace>,
    /// Those that may match.
    pub undecided: Vec<Undecided>,
}

impl Decided {
    pub(super) fn of(decided: Vec<Result<Option<Trace>, Undecided>>) -> Self {
        let mut all = Self::default();
        for one in decided {
            match one {
                Ok(trace) => all.matching.extend(trace),
                Err(undecided) => all.undecided.push(undecided),
            }
        }
        all
    }

    /// Everything that was found and can be read matches.
    pub(super) fn all(infos: Vec<TraceInfo>) -> Self {
        let (infos, undecided) = Self::readable(infos);
        Self { matching: infos.into_iter().map(Trace::without_spans).collect(), undecided }
    }

    /// Those that can be read, and the others.
    pub(super) fn readable(mut infos: Vec<TraceInfo>) -> (Vec<TraceInfo>, Vec<Undecided>) {
        let unread = infos.extract_if(.., |info| !info.unread.is_empty()).map(Undecided::unread).collect();
        (infos, unread)
    }

    /// Adds what was found out in another way: what either way finds matches.
    pub(super) fn add(&mut self, other: Self) {
        let known: HashSet<TraceId> = self.matching.iter().map(|trace| trace.info.trace_id.clone()).collect();
        let is_new = |trace: &Trace| !known.contains(&trace.info.trace_id);
        self.matching.extend(other.matching.into_iter().filter(is_new));
        self.undecided.extend(other.undecided);
        let known: HashSet<&TraceId> = self.matching.iter().map(|trace| &trace.info.trace_id).collect();
        self.undecided.retain(|one| !known.contains(&one.trace_id));
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
