//! What stands in a plan: the header, which holds for all of it, and a line for each trace or row.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::changes::place::Place;
use crate::model::{AssessmentKind, ExperimentId, TraceId, rfc3339_utc};

/// The layout of these files.
pub(super) const VERSION: u32 = 1;
/// How old a plan may be unless the user says otherwise: a day.
pub(super) const MAX_AGE_MS: i64 = 86_400_000;

/// What holds for the whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The layout of the file; this program writes 1.
    pub plan: u32,
    /// Name of the plan, which sorts by time.
    pub plan_id: String,
    /// When it was made, in epoch milliseconds; times such as `-24h` in its filters count from here, unless `moment_ms` says
    /// otherwise.
    pub as_of_ms: i64,
    /// The same for people, RFC 3339 in UTC.
    pub as_of: String,
    /// The command that made it, without its arguments: `tag set`.
    pub command: String,
    /// Server, workspace and experiments that the run is about.
    #[serde(flatten)]
    pub place: Place,
    /// The experiments of its traces.
    pub experiments: Vec<PlannedExperiment>,
    /// What is to be done.
    pub operation: Operation,
    /// The moment from which times in its filters count, in epoch milliseconds, if it is not when the plan was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment_ms: Option<i64>,
    /// Until when it is carried out without being asked to, RFC 3339 in UTC.
    pub expires: String,
    /// What a trace must still match when its turn comes, where it is not deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// By what a trace may be deleted when its turn comes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<PlannedRule>,
    /// SHA-256 in hex of the filter, policy or imported file that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Traces that are to be changed, each counted once.
    pub traces: u64,
    /// Rows that are to be imported, which may be several of a trace; none if nothing is imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Traces that were looked at and are to be kept as they are; of an import, rows that are not brought.
    pub kept: u64,
    /// The sizes of those that are to be changed, in bytes, as far as they tell.
    pub bytes: u64,
    /// SHA-256 in hex of this line, as it is while this is empty, and of all lines after it.
    pub sha256: String,
}

/// An experiment as it was called when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedExperiment {
    /// Its id.
    pub id: ExperimentId,
    /// Its name.
    pub name: String,
}

/// What selects traces that are to be deleted, and what keeps them nevertheless. A trace may go if a rule selects it and none
/// that selects it keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRule {
    /// Its name in a policy; empty where ids or a filter say what goes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The experiments it is about.
    pub experiments: Vec<ExperimentId>,
    /// What a trace must still match when its turn comes; empty for every trace of the plan.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// What a trace must still not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep_if: Vec<String>,
    /// Nothing younger was touched, in milliseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_age_ms: i64,
    /// Everything younger was kept, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_within_ms: Option<i64>,
    /// Whether traces go that are in progress or start in the future.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_unfinished: bool,
    /// Where it is exported to before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_to: Option<String>,
    /// Whether its files in the artifact store go with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deletes_artifacts: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so.
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// What is to be done to the traces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// Delete them.
    Delete,
    /// Set these tags, keys and values.
    SetTags {
        /// In the order given.
        tags: Vec<(String, String)>,
    },
    /// Delete the tags with these keys.
    DeleteTags {
        /// In the order given.
        keys: Vec<String>,
    },
    /// Create the assessment of each line's row.
    ImportAssessments {
        /// Feedback or expectations.
        kind: AssessmentKind,
        /// What is done where the source has said something else: `skip`, `override` or `append`.
        on_existing: String,
    },
}

/// What is to become of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineDecision {
    /// The operation is done to it.
    Act,
    /// It stays as it is.
    Keep,
}

/// One trace; of an import, one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which; empty for a row whose trace is not known.
    pub trace_id: TraceId,
    /// Where; empty for a row whose trace is not known.
    pub experiment_id: ExperimentId,
    /// What is to become of it.
    pub decision: LineDecision,
    /// Reasons, as clauses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The rules that all let it go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// When it started, in epoch milliseconds.
    pub request_time_ms: i64,
    /// Its size in bytes, if it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// Whether its spans are in a file of the artifact store, where it is to be deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_span_file: bool,
    /// The row that is to be imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Value>,
}

/// A plan that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// What holds for all of it.
    pub header: Header,
    /// Its traces.
    pub lines: Vec<Line>,
}

impl Header {
    /// A header without what [`super::write()`] finds out by itself: the counts and the checksum. `name` distinguishes it from other
    /// plans, `as_of_ms` is in epoch milliseconds.
    #[must_use]
    pub fn new(command: &str, name: &str, as_of_ms: i64, place: impl Into<Place>, operation: Operation) -> Self {
        Self {
            plan: VERSION,
            plan_id: name.to_owned(),
            as_of_ms,
            as_of: rfc3339_utc(as_of_ms),
            command: command.to_owned(),
            place: place.into(),
            experiments: Vec::new(),
            operation,
            moment_ms: None,
            expires: rfc3339_utc(as_of_ms.saturating_add(MAX_AGE_MS)),
            filter: None,
            rules: Vec::new(),
            hash: None,
            traces: 0,
            rows: None,
            kept: 0,
            bytes: 0,
            sha256: String::new(),
        }
    }

    /// Counts what the lines say.
    pub(super) fn count(&mut self, lines: &[Line]) {
        let is_import = matches!(self.operation, Operation::ImportAssessments { .. });
        let (act, keep): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.decision == LineDecision::Act);
        let traces: HashSet<&TraceId> = act.iter().map(|line| &line.trace_id).collect();
        (self.traces, self.kept) = (traces.len() as u64, keep.len() as u64);
        self.rows = (is_import && !act.is_empty()).then_some(act.len() as u64);
        self.bytes = act.iter().fold(0, |bytes, line| bytes.saturating_add(line.size_bytes.unwrap_or(0)));
    }

    /// What the lines say that the header does not, or the other way round.
    pub(super) fn contradiction(&self, lines: &[Line]) -> Option<String> {
        let mut counted = self.clone();
        counted.count(lines);
        let numbers = |of: &Self| [of.traces, of.rows.unwrap_or(0), of.kept, of.bytes];
        let names = ["traces", "rows", "kept traces", "bytes"].into_iter();
        let mut numbers = names.zip(numbers(self).into_iter().zip(numbers(&counted)));
        if let Some((what, (says, has))) = numbers.find(|(_, (says, has))| says != has) {
            return Some(format!("its first line says {says} {what}, and it has {has}"));
        }
        if matches!(self.operation, Operation::ImportAssessments { .. }) {
            return None;
        }
        let mut seen = HashSet::new();
        let mut act = lines.iter().filter(|line| line.decision == LineDecision::Act);
        act.find_map(|line| {
            let id = &line.trace_id;
            if !seen.insert(id) {
                return Some(format!("{id} is in it twice"));
            }
            if !self.experiments.iter().any(|planned| planned.id == line.experiment_id) {
                return Some(format!("its first line does not name the experiment of {id}"));
            }
            let is_known = |name: &&String| self.rules.iter().any(|rule| rule.name == **name);
            let unknown = line.rules.iter().find(|name| !is_known(name))?;
            Some(format!("its first line does not have the rule {unknown:?} of {id}"))
        })
    }

    /// The moment from which times in its filters count, in epoch milliseconds.
    #[must_use]
    pub fn moment_ms(&self) -> i64 {
        self.moment_ms.unwrap_or(self.as_of_ms)
    }
}
