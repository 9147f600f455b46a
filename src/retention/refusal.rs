//! Why a policy is not carried out although it can be read.

use std::fmt;

/// A safety stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The policy has no rule.
    NoRule,
    /// A rule has nothing that bounds in time what it takes.
    NoTimeBound {
        /// Name of the rule.
        rule: String,
    },
    /// A rule selects by feedback or expectations, which a session may share.
    SelectsBySession {
        /// Name of the rule.
        rule: String,
    },
    /// Nothing would be left of an experiment.
    EmptiesExperiment {
        /// Its name.
        experiment: String,
        /// How many traces it has.
        traces: u64,
    },
    /// Nothing would be left of a group.
    EmptiesGroup {
        /// The rule that makes the groups.
        rule: String,
        /// The experiment's name.
        experiment: String,
        /// What makes the group: `tags.team = search`.
        group: String,
        /// How many traces it has.
        traces: u64,
    },
    /// More would go than the policy or a flag allows.
    MaxDelete {
        /// How many would go.
        planned: u64,
        /// How many may.
        most: u64,
    },
    /// More would go than the policy or a flag allows, in hundredths of all traces.
    MaxDeletePercent {
        /// How many would go.
        planned: u64,
        /// How many there are.
        of: u64,
        /// Hundredths of them that may go.
        most: u64,
    },
    /// A server answers with traces that do not match what it was asked for.
    FilterIgnored {
        /// The experiment's name.
        experiment: String,
        /// How many do not match.
        traces: u64,
    },
    /// What a rule is to keep nobody has.
    UnmetKey {
        /// The rule's name.
        rule: String,
        /// The `keep_if`.
        keep_if: String,
        /// The key that no trace has, as it is written.
        key: String,
    },
    /// The server does not say what time it is.
    NoServerClock,
    /// This machine and the server do not agree what time it is.
    ClockSkew {
        /// How far the server is ahead, in seconds.
        seconds: i64,
    },
    /// Far more would go than in the last run of the same policy.
    Growth {
        /// How many would go.
        planned: u64,
        /// How many went then.
        last: u64,
    },
    /// Traces of a place that cannot delete them.
    CannotDelete {
        /// The experiment's name.
        experiment: String,
    },
}

/// How many times as much as the last run a run may delete.
pub const GROWTH: u64 = 3;
/// Clocks that are further apart than this, in seconds, are refused.
pub const MOST_SKEW: i64 = 300;

impl Refusal {
    /// Whether far more would go than the last time.
    #[must_use]
    pub fn of_growth(planned: u64, last: Option<u64>) -> Option<Self> {
        let last = last.filter(|last| *last > 0)?;
        (planned > last.saturating_mul(GROWTH)).then_some(Self::Growth { planned, last })
    }

    /// Whether two clocks, in epoch milliseconds, are too far apart.
    #[must_use]
    pub fn of_clocks(here_ms: i64, server_ms: i64) -> Option<Self> {
        let seconds = server_ms.saturating_sub(here_ms) / 1000;
        (seconds.abs() > MOST_SKEW).then_some(Self::ClockSkew { seconds })
    }

    /// What to try next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoRule => "add one: [[rule]] with name, experiments and keep_within".to_owned(),
            Self::NoTimeBound { .. } => {
                "add keep_within, min_age, keep_last or another keep_…, or an upper bound on timestamp to its filter"
                    .to_owned()
            }
            Self::SelectsBySession { .. } => {
                "select by tags instead; feedback is allowed in keep_if, where it can only keep more".to_owned()
            }
            Self::EmptiesExperiment { .. } | Self::EmptiesGroup { .. } => {
                "keep the newest with keep_last = 1; if this is intended, add a filter and allow_empty = true to the rule"
                    .to_owned()
            }
            Self::MaxDelete { .. } => {
                "review the list with `mlflow-trace retention plan -o ids`, then raise max_delete".to_owned()
            }
            Self::MaxDeletePercent { .. } => {
                "review the list with `mlflow-trace retention plan -o ids`, then raise max_delete_percent".to_owned()
            }
            Self::FilterIgnored { .. } => {
                "a proxy may be changing requests; connect to the server directly".to_owned()
            }
            Self::UnmetKey { .. } => {
                "see `mlflow-trace get TRACE_ID` for the keys of a trace; if this is intended, add --allow-unmatched-keep"
                    .to_owned()
            }
            Self::NoServerClock => "if this machine's clock is right, add --trust-clock".to_owned(),
            Self::ClockSkew { .. } => "correct the clock of this machine or of the server".to_owned(),
            Self::Growth { .. } => {
                "review `mlflow-trace retention plan`; if this is intended, add --allow-growth".to_owned()
            }
            Self::CannotDelete { .. } => {
                "remove the experiment from the policy; Unity Catalog has its own retention".to_owned()
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRule => write!(formatter, "the policy has no rules"),
            Self::NoTimeBound { rule } => {
                write!(formatter, "rule {rule:?} has no time bound; it would delete every trace that it selects")
            }
            Self::SelectsBySession { rule } => write!(
                formatter,
                "rule {rule:?} selects by feedback or expectations, and one given to a session selects the whole session"
            ),
            Self::EmptiesExperiment { experiment, traces } => {
                write!(formatter, "nothing would be left of experiment {experiment}, which has {}", number(*traces))
            }
            Self::EmptiesGroup { rule, experiment, group, traces } => write!(
                formatter,
                "rule {rule:?} would delete the whole group {group} of {} in experiment {experiment}",
                number(*traces)
            ),
            Self::MaxDelete { planned, most } => {
                write!(formatter, "{} would be deleted, more than max_delete = {most}", number(*planned))
            }
            Self::MaxDeletePercent { planned, of, most } => {
                write!(
                    formatter,
                    "{planned} of {} would be deleted, more than max_delete_percent = {most}",
                    number(*of)
                )
            }
            Self::FilterIgnored { experiment, traces } => write!(
                formatter,
                "the server answered with {} of experiment {experiment} that do not match the filter",
                number(*traces)
            ),
            Self::UnmetKey { rule, keep_if, key } => write!(
                formatter,
                "keep_if {keep_if:?} of rule {rule:?} keeps nothing: no trace of the experiments has {key}"
            ),
            Self::NoServerClock => {
                write!(formatter, "the server sends no time, and the deletion depends on the time")
            }
            Self::ClockSkew { seconds } => {
                let way = if *seconds > 0 { "ahead of" } else { "behind" };
                write!(formatter, "the server's clock is {} s {way} this machine's", seconds.unsigned_abs())
            }
            Self::Growth { planned, last } => write!(
                formatter,
                "{} would be deleted, more than {GROWTH} times the {last} of the last run of this policy",
                number(*planned)
            ),
            Self::CannotDelete { experiment } => write!(
                formatter,
                "experiment {experiment} holds traces of Databricks Unity Catalog, which cannot be deleted through this API"
            ),
        }
    }
}

fn number(traces: u64) -> String {
    if traces == 1 { "1 trace".to_owned() } else { format!("{traces} traces") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_more_than_three_times_as_many() {
        assert_eq!(Refusal::of_growth(30, Some(10)), None);
        assert_eq!(Refusal::of_growth(31, Some(10)), Some(Refusal::Growth { planned: 31, last: 10 }));
        assert_eq!((Refusal::of_growth(31, None), Refusal::of_growth(31, Some(0))), (None, None));
    }

    #[test]
    fn clocks_may_be_five_minutes_apart() {
        assert_eq!(Refusal::of_clocks(0, 300_999), None);
        assert_eq!(Refusal::of_clocks(0, -301_000), Some(Refusal::ClockSkew { seconds: -301 }));
        assert_eq!(Refusal::of_clocks(i64::MIN, i64::MAX).map(|_| ()), Some(()));
    }
}
