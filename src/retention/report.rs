//! How a run went, for whoever was not there: schedulers and monitoring.

use super::Plan;

/// What a run knows about itself so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunRecord {
    /// The name of its journal, if it has one.
    pub run_id: Option<String>,
    /// The hash of its policy, once that was read.
    pub policy_hash: Option<String>,
    /// What it planned and did.
    pub totals: Totals,
}

/// Numbers of traces over all experiments of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Experiments that were looked at.
    pub experiments: u64,
    /// Traces that were to go.
    pub planned: u64,
    /// The sizes of those that tell theirs, in bytes.
    pub bytes_planned: u64,
    /// Deleted and seen to be gone.
    pub deleted: u64,
    /// Kept because they no longer fitted when their turn came.
    pub spared: u64,
    /// Gone before their turn came.
    pub gone: u64,
    /// Still there, or not known to be gone.
    pub remaining: u64,
    /// Kept because it could not be known whether they may go.
    pub unknown: u64,
    /// Those of the planned ones whose spans are in a file of the artifact store.
    pub span_files: u64,
    /// Deleted traces whose files are known to be left in the artifact store, or could not be deleted there.
    pub artifacts_remaining: u64,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    /// What was run: `retention run`.
    pub command: &'static str,
    /// The file of the policy as it was named; `None` if flags took its place.
    pub policy: Option<String>,
    /// What tells this set of rules from others: the file of the policy, or the flags.
    pub rules: String,
    /// The tracking server, without credentials; empty if there is none.
    pub tracking_uri: String,
    /// When it began, its random wait behind it, in epoch milliseconds.
    pub started_ms: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Nothing was to be deleted.
    pub dry_run: bool,
    /// What it knew of itself at its end.
    pub record: RunRecord,
    /// The exit code.
    pub exit: u8,
    /// What went wrong; nothing if the exit code is 0.
    pub error: Option<RunError>,
}

/// What went wrong in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// The word for the exit code: `safety_stop`.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What to try next; may be empty.
    pub hint: String,
}

impl Totals {
    /// What plans are going to take.
    #[must_use]
    pub fn planned<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Self {
        plans.into_iter().fold(Self::default(), |sum, plan| Self {
            experiments: sum.experiments + 1,
            planned: sum.planned + plan.traces.len() as u64,
            bytes_planned: sum.bytes_planned.saturating_add(plan.size_bytes()),
            span_files: sum.span_files + plan.span_files(),
            ..sum
        })
    }

    /// Traces that were planned and whose turn never came.
    #[must_use]
    pub fn not_attempted(&self) -> u64 {
        self.planned.saturating_sub(self.deleted + self.spared + self.gone + self.remaining)
    }
}

impl RunReport {
    /// Traces whose turn never came; none in a dry run, in which nothing has a turn.
    #[must_use]
    pub fn not_attempted(&self) -> u64 {
        if self.dry_run { 0 } else { self.record.totals.not_attempted() }
    }

    /// When it ended, in epoch milliseconds.
    #[must_use]
    pub fn finished_ms(&self) -> i64 {
        self.started_ms.saturating_add_unsigned(self.took_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Experiment, ExperimentId, Lifecycle, TraceId};
    use crate::retention::Planned;

    fn plan(sizes: &[Option<u64>]) -> Plan {
        let experiment = Experiment {
            id: ExperimentId::new("1"),
            name: "app".to_owned(),
            lifecycle: Lifecycle::Active,
            artifact_location: None,
            creation_time_ms: None,
            last_update_time_ms: None,
        };
        let planned = |(number, size_bytes): (usize, &Option<u64>)| Planned {
            trace_id: TraceId::new(format!("tr-{number}")),
            request_time_ms: 0,
            size_bytes: *size_bytes,
            has_span_file: false,
            ground: 0,
        };
        Plan { experiment, traces: sizes.iter().enumerate().map(planned).collect(), kept: 0, grounds: Vec::new() }
    }

    fn report(totals: Totals, dry_run: bool) -> RunReport {
        RunReport {
            command: "retention run",
            policy: None,
            rules: String::new(),
            tracking_uri: String::new(),
            started_ms: 1_000,
            took_ms: 250,
            dry_run,
            record: RunRecord { totals, ..RunRecord::default() },
            exit: 0,
            error: None,
        }
    }

    #[test]
    fn what_was_planned_and_had_no_turn_was_not_attempted() {
        let planned = Totals::planned([&plan(&[Some(10), None]), &plan(&[Some(u64::MAX)]), &plan(&[])]);
        assert_eq!((planned.experiments, planned.planned, planned.bytes_planned), (3, 3, u64::MAX));
        assert_eq!(report(planned, false).not_attempted(), 3, "a run that was refused");
        assert_eq!(report(planned, true).not_attempted(), 0, "a dry run");
    }

    #[test]
    fn a_run_ends_when_it_began_and_as_long_later() {
        assert_eq!(report(Totals::default(), false).finished_ms(), 1_250);
    }
}
