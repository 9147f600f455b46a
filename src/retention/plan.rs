//! The planner: infos and keepers in, explicit ids out. No clock, no network.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::Policy;
use crate::model::{Experiment, TraceId, TraceInfo};

/// A trace that is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// When it started, in epoch milliseconds.
    pub request_time_ms: i64,
    /// Its size, if the trace tells.
    pub size_bytes: Option<u64>,
    /// Whether its spans are in a file of the artifact store.
    pub has_span_file: bool,
    /// Why it goes, by position in [`Plan::grounds`].
    pub ground: u32,
}

/// Why traces go: all of these rules select them and none keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ground {
    /// Names of rules, in the order of the policy; none where ids or a filter say what goes.
    pub rules: Vec<String>,
    /// Where traces are exported to before they are deleted, each place once.
    pub archive_to: Vec<String>,
}

/// What is to go from one experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Experiment of the traces.
    pub experiment: Experiment,
    /// Which, oldest first; those that carry an assessment of their whole session last.
    pub traces: Vec<Planned>,
    /// How many the policy selects but keeps.
    pub kept: usize,
    /// Why traces go; each trace has one of these.
    pub grounds: Vec<Ground>,
}

impl Planned {
    /// What a plan needs to know about a trace.
    #[must_use]
    pub fn of(info: &TraceInfo) -> Self {
        Self {
            trace_id: info.trace_id.clone(),
            request_time_ms: info.request_time_ms,
            size_bytes: info.size_bytes(),
            has_span_file: info.has_span_file(),
            ground: 0,
        }
    }
}

/// Makes the plan for one experiment. `selected` are the traces that match the policy's selection, `kept` those that match
/// one of its keepers. The order of the input does not matter; duplicates count once, and of those that disagree the youngest
/// counts, so that in doubt a trace stays.
#[must_use]
pub fn plan(experiment: Experiment, policy: &Policy, mut selected: Vec<Planned>, kept: &HashSet<TraceId>) -> Plan {
    selected.sort_unstable_by(|left, right| {
        let order = left.trace_id.cmp(&right.trace_id);
        order.then_with(|| (right.request_time_ms, right.size_bytes).cmp(&(left.request_time_ms, left.size_bytes)))
    });
    selected.dedup_by(|copy, first| copy.trace_id == first.trace_id);
    // The server has compared the times already; a plan does not take its word for it.
    selected.retain(|trace| policy.cutoff_ms.is_none_or(|cutoff| trace.request_time_ms <= cutoff));
    let in_time = selected.len();
    selected.retain(|trace| !kept.contains(&trace.trace_id));
    // By id they are sorted already.
    selected.sort_by_key(|trace| trace.request_time_ms);
    Plan { experiment, kept: in_time - selected.len(), traces: selected, grounds: vec![Ground::default()] }
}

/// The place of a trace where the newest come first and ties are ordered by id, as in a search.
pub type NewestFirst = (Reverse<i64>, TraceId);

/// The newest trace that is not among the newest `number`, whatever the order; `None` if there are no more than that.
#[must_use]
pub fn first_left(mut order: Vec<NewestFirst>, most: u64) -> Option<NewestFirst> {
    let at = usize::try_from(most).ok().filter(|most| *most < order.len())?;
    let (_, first_left, _) = order.select_nth_unstable(at);
    Some(first_left.clone())
}

/// Keeps only the newest traces of all plans together, up to a number; returns how many there were if that removes any.
pub fn newest(plans: &mut [Plan], most: u64) -> Option<u64> {
    let key = |trace: &Planned| (Reverse(trace.request_time_ms), trace.trace_id.clone());
    let order: Vec<_> = plans.iter().flat_map(|plan| plan.traces.iter().map(key)).collect();
    let all = order.len() as u64;
    let first_left = first_left(order, most)?;
    for plan in plans.iter_mut() {
        plan.traces.retain(|trace| key(trace) < first_left);
    }
    Some(all)
}

impl Plan {
    /// Why a trace of it goes; nothing for one of another plan.
    #[must_use]
    pub fn ground(&self, trace: &Planned) -> Option<&Ground> {
        self.grounds.get(usize::try_from(trace.ground).ok()?)
    }

    /// When the oldest trace started.
    #[must_use]
    pub fn oldest_ms(&self) -> Option<i64> {
        self.traces.iter().map(|trace| trace.request_time_ms).min()
    }

    /// When the newest trace started.
    #[must_use]
    pub fn newest_ms(&self) -> Option<i64> {
        self.traces.iter().map(|trace| trace.request_time_ms).max()
    }

    /// How many traces have their spans in the artifact store.
    #[must_use]
    pub fn span_files(&self) -> u64 {
        self.traces.iter().filter(|trace| trace.has_span_file).count() as u64
    }

    /// The sizes of all traces that tell theirs.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        // Whoever wrote a trace chose its size; a sum of lies must not end the run.
        self.traces.iter().filter_map(|trace| trace.size_bytes).fold(0, u64::saturating_add)
    }
}
