//! Plans that are carried out: what they are about, and what earlier runs did of them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::journal::{Action, Entry, Header as JournalHeader, Outcome, Recorded};
use super::journals::{self, Locked};
use super::plan_file::{self, Header, Line, LineDecision, Operation, PlanError};
use super::{ChangeError, RunContext, place};
use crate::model::{Experiment, TraceId};
use crate::output::{count_rows, count_traces};
use crate::store::{TagError, Writer, active, check_tag_key, check_tag_value};

impl Operation {
    /// What no other run may do meanwhile.
    #[must_use]
    pub fn locked(&self) -> Locked {
        match self {
            Self::Delete => Locked::Traces,
            Self::SetTags { .. } | Self::DeleteTags { .. } => Locked::Tags,
            Self::ImportAssessments { .. } => Locked::Assessments,
        }
    }

    /// Fails if it is about tags that cannot be changed.
    pub fn check_tags(&self) -> Result<(), TagError> {
        match self {
            Self::Delete | Self::ImportAssessments { .. } => Ok(()),
            Self::SetTags { tags } => tags.iter().try_for_each(|(key, value)| {
                check_tag_key(key, false)?;
                check_tag_value(key, value)
            }),
            Self::DeleteTags { keys } => keys.iter().try_for_each(|key| check_tag_key(key, true)),
        }
    }

    /// Changes of each trace; rows are counted one by one.
    fn steps(&self) -> usize {
        match self {
            Self::Delete => 1,
            Self::SetTags { tags } => tags.len(),
            Self::DeleteTags { keys } => keys.len(),
            Self::ImportAssessments { .. } => usize::MAX,
        }
    }
}

impl Header {
    /// What the plan does, in words: `permanently delete 12 traces`.
    #[must_use]
    pub fn deed(&self) -> String {
        let traces = count_traces(self.traces);
        match &self.operation {
            Operation::Delete => format!("permanently delete {traces}"),
            Operation::SetTags { tags } => {
                let keys: Vec<&str> = tags.iter().map(|(key, _)| key.as_str()).collect();
                format!("set {} on {traces}", keys.join(", "))
            }
            Operation::DeleteTags { keys } => format!("delete {} from {traces}", keys.join(", ")),
            Operation::ImportAssessments { kind, .. } => {
                format!("import {} of {} to {traces}", count_rows(self.rows.unwrap_or(0)), kind.as_str())
            }
        }
    }

    /// A number of what the plan counts, in words.
    #[must_use]
    pub fn in_words(&self, number: u64) -> String {
        if self.rows.is_some() { count_rows(number) } else { count_traces(number) }
    }
}

/// A plan is carried out where it was made, nowhere else: ids mean something else on another server.
pub const PLAN: &str = "the plan is for traces";

/// The experiments of a plan: still there, active, and under the same names.
pub async fn experiments(
    context: &RunContext<'_>,
    server: &dyn Writer,
    header: &Header,
) -> Result<Vec<Experiment>, ChangeError> {
    let mut found = Vec::with_capacity(header.experiments.len());
    for planned in &header.experiments {
        match server.experiment_by_id(&planned.id).await? {
            Some(experiment) if experiment.name == planned.name => found.push(active(experiment)?),
            Some(other) => {
                let (id, was, is) = (&planned.id, &planned.name, &other.name);
                let message = format!("experiment {id} was called {was:?} and is now called {is:?}");
                return Err(ChangeError::OtherExperiment(message));
            }
            None => {
                let message = format!("experiment {:?} (id {}) does not exist", planned.name, planned.id);
                return Err(ChangeError::OtherExperiment(message));
            }
        }
    }
    place::check(PLAN, &header.place, &context.place().clone().with(&found))?;
    Ok(found)
}

/// What earlier runs did of a plan, none of which came to its end.
#[derive(Default)]
pub struct DoneBefore {
    /// The last of them, if there is one.
    pub last: Option<String>,
    /// Traces of which nothing is left to do.
    settled: HashSet<TraceId>,
    /// Ids of assessments that rows are to become, of which nothing is left to do.
    rows: HashSet<String>,
}

impl DoneBefore {
    /// Fails if the plan was carried out. A copy of a plan has no marker beside it, but the journals know; where they do not,
    /// because they are elsewhere, the marker does.
    pub fn of(context: &RunContext<'_>, file: &Path, header: &Header) -> Result<Self, ChangeError> {
        let steps = header.operation.steps();
        let mut begun = Self::default();
        let runs = journals::list(context)?;
        for run in runs.into_iter().filter(|run| run.plan.as_ref() == Some(&header.plan_id)) {
            let recorded = journals::read(context, &run.run_id)?;
            if recorded.finished.is_some_and(|counts| counts.not_attempted + counts.failed == 0) {
                return Err(PlanError::Applied { by: format!("run {}", run.run_id) }.into());
            }
            begun.last = Some(run.run_id);
            begun.settled.extend(settled(&recorded, steps));
            begun.rows.extend(settled_rows(&recorded));
        }
        match plan_file::applied_by(file)? {
            Some(by) if begun.last.is_none() => Err(PlanError::Applied { by }.into()),
            _ => Ok(begun),
        }
    }

    /// Whether a line says something that is left to do.
    #[must_use]
    pub fn leaves(&self, line: &Line) -> bool {
        line.decision == LineDecision::Act && !self.has_settled(line)
    }

    fn has_settled(&self, line: &Line) -> bool {
        let id = line.row.as_ref().and_then(|row| row["creates"]["assessment_id"].as_str());
        self.settled.contains(&line.trace_id) || id.is_some_and(|id| self.rows.contains(id))
    }

    /// The file that is to be marked, unless an earlier run did so.
    #[must_use]
    pub fn unmarked<'f>(&self, file: &'f Path) -> Option<&'f Path> {
        self.last.is_none().then_some(file)
    }

    /// The head of the journal of a run that carries out what is left of a plan.
    #[must_use]
    pub fn journal(&self, context: &RunContext<'_>, header: &Header, experiments: &[Experiment]) -> JournalHeader {
        JournalHeader {
            hash: header.hash.clone(),
            plan: Some(header.plan_id.clone()),
            resumes: self.last.clone(),
            ..journals::header(context, "apply").about(experiments)
        }
    }
}

/// The traces of a run for which each of their steps is settled for good.
fn settled(recorded: &Recorded, steps: usize) -> Vec<TraceId> {
    let mut done: HashMap<&TraceId, usize> = HashMap::new();
    for entry in recorded.entries.iter().filter(|entry| is_for_good(entry.outcome) && !is_about_files(entry)) {
        *done.entry(&entry.trace_id).or_default() += 1;
    }
    done.into_iter().filter(|(_, number)| *number >= steps).map(|(id, _)| id.clone()).collect()
}

fn is_for_good(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Planned | Outcome::Failed)
}

/// Files follow their trace, and are no step of a plan.
fn is_about_files(entry: &Entry) -> bool {
    matches!(entry.action, Action::DeleteArtifacts { .. })
}

fn settled_rows(recorded: &Recorded) -> impl Iterator<Item = String> + '_ {
    let settled = recorded.entries.iter().filter(|entry| is_for_good(entry.outcome));
    settled.filter_map(|entry| match &entry.action {
        Action::CreateAssessment { assessment_id } => Some(assessment_id.clone()),
        _ => None,
    })
}
