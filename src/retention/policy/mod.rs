//! What may expire, as a file says it: defaults and rules, each of which selects traces and keeps some of them.
//!
//! A policy is read whole and strictly before anything else happens ([`read`]); its filters are parsed at that moment, and
//! times in them count from the policy's `as_of`. It knows nothing of servers or files.

mod normal;
mod pattern;
mod read;

pub use pattern::ExperimentPattern;
pub use read::{AgeReader, read, with_absolute_archives};

use std::path::Path;

use super::Refusal;
use crate::filter::Filter;
use crate::model::field::Field;

/// A retention policy at a moment.
#[derive(Clone, Debug)]
pub struct RetentionPolicy {
    /// The moment from which ages count, in epoch milliseconds.
    pub as_of_ms: i64,
    /// At least one, unless [`RetentionPolicy::refusal`] says otherwise.
    pub rules: Vec<Rule>,
    /// How much may go in one run.
    pub caps: Caps,
}

/// Limits that are checked before the first trace is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Traces.
    pub max_delete: Option<u64>,
    /// Hundredths of all traces in the experiments that the policy is about.
    pub max_delete_percent: Option<u64>,
}

/// One rule: what it selects, and what of that it keeps.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub name: String,
    /// Which experiments it is about; never empty.
    pub experiments: Vec<ExperimentPattern>,
    /// Which of their traces it selects; empty for all.
    pub filter: Filter,
    /// Nothing younger is touched, in milliseconds; 0 for no such limit.
    pub min_age_ms: i64,
    /// Everything younger is kept, in milliseconds.
    pub keep_within_ms: Option<i64>,
    /// How many are kept by each way of counting, in the order of [`Count::ALL`]; 0 for none.
    pub counts: [u64; Count::ALL.len()],
    /// What makes a group, in which `counts` count; one group if there is nothing.
    pub group_by: Vec<Field>,
    /// What is kept whatever its age.
    pub keep_if: Vec<Filter>,
    /// Whether a group or an experiment may be emptied.
    pub allow_empty: bool,
    /// Whether traces go that are in progress or start in the future, although the filter does not name them: where somebody
    /// has named the traces, not their age.
    pub takes_unfinished: bool,
    /// Where traces are exported to before they are deleted.
    pub archive_to: Option<String>,
    /// Whether the files of traces in the artifact store are deleted with them.
    pub deletes_artifacts: bool,
}

/// Ways of keeping a number of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// The newest ones.
    Last,
    /// The newest of each hour that has traces.
    Hourly,
    /// The newest of each day, in UTC.
    Daily,
    /// The newest of each week, which begins on Monday.
    Weekly,
    /// The newest of each month of the calendar.
    Monthly,
    /// The newest of each year.
    Yearly,
}

impl Count {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Last, Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly];

    /// Its key in a policy.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Last => "keep_last",
            Self::Hourly => "keep_hourly",
            Self::Daily => "keep_daily",
            Self::Weekly => "keep_weekly",
            Self::Monthly => "keep_monthly",
            Self::Yearly => "keep_yearly",
        }
    }
}

impl Rule {
    /// Whether it is about an experiment.
    #[must_use]
    pub fn is_about(&self, experiment: &crate::model::Experiment) -> bool {
        self.experiments.iter().any(|pattern| pattern.matches(experiment))
    }

    /// How old a trace must be to expire by age, in milliseconds: the longer one of `min_age` and `keep_within`.
    #[must_use]
    pub fn age_ms(&self) -> i64 {
        self.min_age_ms.max(self.keep_within_ms.unwrap_or(0))
    }

    /// The start of the youngest trace that may expire by age, in epoch milliseconds.
    #[must_use]
    pub fn cutoff_ms(&self, as_of_ms: i64) -> i64 {
        as_of_ms.saturating_sub(self.age_ms())
    }

    /// Whether something keeps it from taking every trace that it selects, now and always.
    #[must_use]
    pub fn has_time_bound(&self) -> bool {
        let by_filter = self.filter.time_window().newest_ms.is_some();
        self.age_ms() > 0 || self.counts.iter().any(|count| *count > 0) || by_filter
    }

    /// Whether its filter asks for traces that are still in progress.
    #[must_use]
    pub fn names_in_progress(&self) -> bool {
        self.filter.names_status("IN_PROGRESS")
    }

    /// Whether its filter asks for traces that start later than a moment.
    #[must_use]
    pub fn names_future(&self, as_of_ms: i64) -> bool {
        self.filter.time_window().oldest_ms.is_some_and(|oldest| oldest >= as_of_ms)
    }

    /// What makes a group, as it is written; nothing without groups.
    #[must_use]
    pub fn group_names(&self) -> Vec<String> {
        self.group_by.iter().map(|field| field.column_name().into_owned()).collect()
    }
}

/// A place of archives as an absolute one; URLs of object stores are.
fn place_from(place: &str, folder: &Path) -> String {
    match place.strip_prefix("file://") {
        Some(path) => format!("file://{}", folder.join(path).display()),
        None if place.contains("://") => place.to_owned(),
        None => folder.join(place).display().to_string(),
    }
}

impl RetentionPolicy {
    /// Why it must not be carried out whatever the traces are; nothing if it may.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        if self.rules.is_empty() {
            return Some(Refusal::NoRule);
        }
        self.rules.iter().find_map(|rule| {
            if !rule.has_time_bound() {
                return Some(Refusal::NoTimeBound { rule: rule.name.clone() });
            }
            let by_session = rule.filter.needs_session_scope();
            by_session.then(|| Refusal::SelectsBySession { rule: rule.name.clone() })
        })
    }

    /// Makes the places of archives absolute: what is relative counts from this folder, that of the policy's file.
    pub fn archives_count_from(&mut self, folder: &Path) {
        for place in self.rules.iter_mut().filter_map(|rule| rule.archive_to.as_mut()) {
            *place = place_from(place, folder);
        }
    }

    /// Says of all rules whether files in the artifact store go, if somebody says so.
    pub fn artifacts_are_deleted(&mut self, deleted: Option<bool>) {
        if let Some(deleted) = deleted {
            self.rules.iter_mut().for_each(|rule| rule.deletes_artifacts = deleted);
        }
    }

    /// Whether the files of a trace go that these rules, by position, let go: only if all of them say so.
    #[must_use]
    pub fn deletes_artifacts_of(&self, mut rules: impl Iterator<Item = u16>) -> bool {
        rules.all(|rule| self.rules.get(usize::from(rule)).is_some_and(|rule| rule.deletes_artifacts))
    }

    /// Whether some rule is about an experiment.
    #[must_use]
    pub fn is_about(&self, experiment: &crate::model::Experiment) -> bool {
        self.rules.iter().any(|rule| rule.is_about(experiment))
    }
}
