//! What is to be done to tags: which traces, and which tags of each.

use std::collections::HashMap;

use crate::changes::plan_file::{Line, Operation};
use crate::model::{Experiment, ExperimentId, TraceId};

/// One tag of one trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagChange {
    /// Its key.
    pub key: String,
    /// What it is to be; `None` to delete it.
    pub value: Option<String>,
    /// When it may be changed.
    pub guard: Guard,
}

/// When a tag may be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Whatever it is.
    Always,
    /// If it is this; `None` if there is none.
    If(Option<String>),
    /// Not at all, for this reason.
    Never(String),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPlan {
    /// Traces, grouped by the change they get.
    pub groups: Vec<Group>,
    /// What is done to them.
    pub changes: TagChanges,
}

/// Traces of one experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Experiment of the traces; `None` if unknown.
    pub experiment: Option<ExperimentId>,
    /// The traces, each once.
    pub ids: Vec<TraceId>,
}

/// What is done to traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagChanges {
    /// The same to all of them.
    Same(Vec<TagChange>),
    /// To each its own.
    Each(HashMap<TraceId, Vec<TagChange>>),
}

impl Operation {
    /// That all these tags are set, or all deleted.
    #[must_use]
    pub fn of_tags(changes: &[TagChange]) -> Self {
        let pair = |change: &TagChange| (change.key.clone(), change.value.clone().unwrap_or_default());
        if changes.iter().all(|change| change.value.is_some()) {
            Self::SetTags { tags: changes.iter().map(pair).collect() }
        } else {
            Self::DeleteTags { keys: changes.iter().map(|change| change.key.clone()).collect() }
        }
    }
}

impl TagPlan {
    /// What lines of a plan file say about tags, and the word for it; nothing if the plan is about something else.
    #[must_use]
    pub fn of_lines(operation: &Operation, lines: &[Line], experiments: &[Experiment]) -> Option<(&'static str, Self)> {
        let change = |key: &String, value: Option<&String>| TagChange {
            key: key.clone(),
            value: value.cloned(),
            guard: Guard::Always,
        };
        let (verb, changes) = match operation {
            Operation::SetTags { tags } => ("Set", tags.iter().map(|(key, value)| change(key, Some(value))).collect()),
            Operation::DeleteTags { keys } => ("Deleted", keys.iter().map(|key| change(key, None)).collect()),
            Operation::Delete | Operation::ImportAssessments { .. } => return None,
        };
        let group = |experiment: &Experiment| {
            let here = lines.iter().filter(|line| line.experiment_id == experiment.id);
            Group { experiment: Some(experiment.id.clone()), ids: here.map(|line| line.trace_id.clone()).collect() }
        };
        Some((verb, Self { groups: experiments.iter().map(group).collect(), changes: TagChanges::Same(changes) }))
    }

    /// Number of traces.
    #[must_use]
    pub fn traces(&self) -> usize {
        self.groups.iter().map(|group| group.ids.len()).sum()
    }

    /// Number of tags that are set or deleted.
    #[must_use]
    pub fn tags(&self) -> usize {
        self.groups.iter().flat_map(|group| &group.ids).map(|id| self.changes.of(id).len()).sum()
    }
}

impl TagChanges {
    /// What is done to a trace.
    #[must_use]
    pub fn of(&self, id: &TraceId) -> &[TagChange] {
        match self {
            Self::Same(changes) => changes,
            Self::Each(changes) => changes.get(id).map_or(&[], Vec::as_slice),
        }
    }
}
