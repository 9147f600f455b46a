//! What stands in a journal: who did what, what was done to each trace, and how it ended.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::changes::lock::Holder;
use crate::changes::place::Place;
use crate::model::{Experiment, ExperimentId, TraceId, rfc3339_utc};

/// The layout of these files.
pub(super) const VERSION: u32 = 1;

/// The first line: who did what, where, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The layout of the file; this program writes 1.
    pub journal: u32,
    /// Name of the run, which sorts by time: `20261122T143000Z-ab12cd`.
    pub run_id: String,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// The command, without its arguments: `tag set`.
    pub command: String,
    /// Server, workspace and experiments that the run is about.
    #[serde(flatten)]
    pub place: Place,
    /// The experiments whose traces are changed, as far as they are known beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experiments: Vec<ExperimentId>,
    /// SHA-256 in hex of the filter, policy or imported file that the changes come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Id of the plan that is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The run that is undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The run that was killed and that is gone on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumes: Option<String>,
    /// Which process it is. Unknown in what older versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<Holder>,
}

impl Header {
    /// A header with a new run id, nothing known beyond these. `now_ms` is in epoch milliseconds.
    #[must_use]
    pub fn new(command: &str, now_ms: i64, place: impl Into<Place>) -> Self {
        Self {
            journal: VERSION,
            run_id: new_run_id(now_ms),
            started: rfc3339_utc(now_ms),
            command: command.to_owned(),
            place: place.into(),
            experiments: Vec::new(),
            hash: None,
            plan: None,
            undoes: None,
            resumes: None,
            process: Some(Holder::this_process(command, now_ms)),
        }
    }

    /// The header of a run that changes traces of these experiments.
    #[must_use]
    pub fn about<'e>(self, experiments: impl IntoIterator<Item = &'e Experiment> + Clone) -> Self {
        let place = self.place.with(experiments.clone());
        Self { place, experiments: experiments.into_iter().map(|experiment| experiment.id.clone()).collect(), ..self }
    }
}

fn new_run_id(now_ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default();
    format!("{}-{:06x}", time.strftime("%Y%m%dT%H%M%SZ"), fastrand::u32(..1 << 24))
}

/// What is done to a trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// The trace is deleted; `before` and `after` are null.
    Delete,
    /// The files of a trace that was deleted are deleted from the artifact store; `before` and `after` are null.
    DeleteArtifacts {
        /// Artifact location of the trace.
        location: String,
    },
    /// A trace is imported or completed; `before` and `after` are null.
    ImportTrace {
        /// Experiment it goes to.
        experiment_id: ExperimentId,
    },
    /// A tag is set; `before` is its value, null if it had none, `after` the new one.
    SetTag {
        /// Key of the tag.
        key: String,
    },
    /// A tag is deleted; `before` is its value, `after` null.
    DeleteTag {
        /// Key of the tag.
        key: String,
    },
    /// An assessment is created; `after` is the whole of it in `MLflow`'s JSON, `before` null.
    CreateAssessment {
        /// Its id.
        assessment_id: String,
    },
    /// An assessment is changed; `before` and `after` are the whole of it in `MLflow`'s JSON.
    UpdateAssessment {
        /// Its id.
        assessment_id: String,
    },
    /// An assessment is deleted; `before` is the whole of it in `MLflow`'s JSON, `after` null.
    DeleteAssessment {
        /// Its id.
        assessment_id: String,
    },
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// About to be sent; the last word on it if the run was killed meanwhile: it may have happened.
    Planned,
    /// Done, and seen to be done.
    Done,
    /// Nothing was sent: it was so already.
    Unchanged,
    /// Nothing was sent: the trace no longer matches what selected it.
    Spared,
    /// Nothing was sent: what was to be put back had been changed by somebody else.
    Refused,
    /// It went wrong; it may have happened all the same.
    Failed,
    /// The trace no longer exists.
    Gone,
}

impl Outcome {
    /// The word for it in journals and in output: `planned`, `done`, `unchanged`, `spared`, `refused`, `failed`, `gone`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Unchanged => "unchanged",
            Self::Spared => "spared",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }

    /// Whether the server may have carried it out.
    #[must_use]
    pub fn may_have_happened(self) -> bool {
        matches!(self, Self::Planned | Self::Done | Self::Failed)
    }
}

/// One change to one trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number within the run, from 1; lines with the same number are about the same change.
    pub seq: u64,
    /// Id of the trace.
    pub trace_id: TraceId,
    /// What is done to it.
    #[serde(flatten)]
    pub action: Action,
    /// What was there before; see [`Action`].
    pub before: Option<Value>,
    /// What is to be there afterwards; see [`Action`].
    pub after: Option<Value>,
    /// What became of it.
    #[serde(rename = "result")]
    pub outcome: Outcome,
    /// Why: what the server answered, or why nothing was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The archives that hold a trace which was deleted, as numbers from 0 in the order in which the run wrote them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<usize>,
}

/// The last line of a run that ended by itself: what became of everything that was planned. The parts add up:
/// done + unchanged + spared + refused + failed + gone + not attempted = planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Changes in the plan.
    pub planned: u64,
    /// See [`Outcome::Done`].
    pub done: u64,
    /// See [`Outcome::Unchanged`].
    pub unchanged: u64,
    /// See [`Outcome::Spared`].
    pub spared: u64,
    /// See [`Outcome::Refused`].
    pub refused: u64,
    /// See [`Outcome::Failed`].
    pub failed: u64,
    /// See [`Outcome::Gone`].
    pub gone: u64,
    /// The run was interrupted before their turn, or gave up.
    pub not_attempted: u64,
}

impl Counts {
    /// Counts one more; [`Outcome::Planned`] is none yet.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Planned => {}
            Outcome::Done => self.done += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Spared => self.spared += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Gone => self.gone += 1,
        }
    }

    /// Those with an outcome.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.done + self.unchanged + self.spared + self.refused + self.failed + self.gone
    }
}

/// How a run ended for whoever started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// Its exit code.
    pub exit: u8,
    /// What kept it from beginning, without secrets; nothing of a run that began, whose entries say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
