//! Which rules select a trace of one experiment, and which of their `keep_if` it matches: from its info where that decides,
//! else from the ids that a search has found.
//!
//! It keeps of a trace only what the planner needs.

use std::collections::{HashMap, HashSet};

use super::decide::{Keep, Keeps, Mark, Seen};
use super::policy::RetentionPolicy;
use crate::filter::{Filter, Matcher, SessionScope};
use crate::model::field::Field;
use crate::model::{Experiment, Trace, TraceId, TraceInfo, TraceState, keys};

/// The rules of a policy that are about an experiment, ready to be asked of its traces.
#[derive(Debug)]
pub struct Judge {
    rules: Vec<RuleJudge>,
    searches: Vec<Filter>,
}

#[derive(Debug)]
struct RuleJudge {
    number: u16,
    filter: Question,
    keep_if: Vec<Question>,
    group_by: Vec<Field>,
    names_in_progress: bool,
}

/// How a filter is asked.
#[derive(Debug)]
enum Question {
    Everything,
    OfInfo(Box<Matcher>),
    /// The position in [`Judge::searches`].
    Searched(usize),
}

/// The groups that were met in an experiment: names such as `tags.team = "search"`, by number.
#[derive(Debug, Default)]
pub struct Groups {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Judge {
    /// Takes those rules of a policy that are about an experiment.
    #[must_use]
    pub fn new(policy: &RetentionPolicy, experiment: &Experiment) -> Self {
        Self::with(policy, experiment, Question::new)
    }

    /// The same, for traces of which it is known already that the rules select them.
    #[must_use]
    pub fn of_selected(policy: &RetentionPolicy, experiment: &Experiment) -> Self {
        Self::with(policy, experiment, |_, _| Question::Everything)
    }

    fn with(
        policy: &RetentionPolicy,
        experiment: &Experiment,
        select: fn(&Filter, &mut Vec<Filter>) -> Question,
    ) -> Self {
        let mut searches = Vec::new();
        let about = policy.rules.iter().enumerate().filter(|(_, rule)| rule.is_about(experiment));
        let rules = about.filter_map(|(position, rule)| {
            Some(RuleJudge {
                number: u16::try_from(position).ok()?,
                filter: select(&rule.filter, &mut searches),
                keep_if: rule.keep_if.iter().map(|filter| Question::new(filter, &mut searches)).collect(),
                group_by: rule.group_by.clone(),
                names_in_progress: rule.names_in_progress(),
            })
        });
        Self { rules: rules.collect(), searches }
    }

    /// The filters that infos do not decide: their matches in the experiment must be searched for before the first trace.
    #[must_use]
    pub fn searches(&self) -> &[Filter] {
        &self.searches
    }

    /// What the planner needs to know of a trace. `found` holds for each of [`Judge::searches`] the ids that match,
    /// `groups` the groups of the experiment so far.
    pub fn see(&self, trace: &Trace, found: &[HashSet<TraceId>], groups: &mut Groups) -> Seen {
        let info = &trace.info;
        let mut marks = Vec::new();
        for rule in &self.rules {
            if !rule.filter.is_true(trace, found) {
                continue;
            }
            let mut keeps = Keeps::default();
            let keep_if = rule.keep_if.iter().position(|question| question.is_true(trace, found));
            if keep_if.is_some() {
                keeps.add(Keep::If);
            }
            if info.state == TraceState::InProgress && !rule.names_in_progress {
                keeps.add(Keep::InProgress);
            }
            let group = if rule.group_by.is_empty() { 0 } else { groups.number(&rule.group_by, trace) };
            let keep_if = keep_if.and_then(|position| u16::try_from(position).ok()).unwrap_or(0);
            marks.push(Mark { rule: rule.number, keep_if, group, keeps });
        }
        marks.shrink_to_fit();
        let trace_id = info.trace_id.clone();
        Seen { trace_id, request_time_ms: info.request_time_ms, size_bytes: size_bytes(info), marks }
    }
}

impl Question {
    fn new(filter: &Filter, searches: &mut Vec<Filter>) -> Self {
        if filter.is_empty() {
            return Self::Everything;
        }
        if filter.is_decided_by_infos() {
            return Self::OfInfo(Box::new(filter.matcher()));
        }
        let known = searches.iter().position(|known| known.text() == filter.text());
        Self::Searched(known.unwrap_or_else(|| {
            searches.push(filter.clone());
            searches.len() - 1
        }))
    }

    fn is_true(&self, trace: &Trace, found: &[HashSet<TraceId>]) -> bool {
        match self {
            Self::Everything => true,
            // What infos decide asks nothing of sessions.
            Self::OfInfo(matcher) => matcher.matches(trace, &SessionScope::default()).is_true(),
            Self::Searched(position) => found.get(*position).is_some_and(|ids| ids.contains(&trace.info.trace_id)),
        }
    }
}

impl Groups {
    /// The name of a group; none for a number that was not given.
    #[must_use]
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(usize::try_from(number).ok()?).map(String::as_str)
    }

    fn number(&mut self, group_by: &[Field], trace: &Trace) -> u32 {
        let part = |field: &Field| {
            let value = field.value(trace);
            let text = value.as_str().map_or_else(|| "(none)".to_owned(), |text| format!("{text:?}"));
            format!("{} = {text}", field.column_name())
        };
        let name = group_by.iter().map(part).collect::<Vec<_>>().join(", ");
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}

/// The size that a trace tells, in bytes: on its own, or among its statistics.
fn size_bytes(info: &TraceInfo) -> Option<u64> {
    let of_statistics = || {
        let statistics: serde_json::Value = serde_json::from_str(info.metadata.get(keys::SIZE_STATS)?).ok()?;
        statistics.get("total_size_bytes")?.as_u64()
    };
    info.size_bytes().or_else(of_statistics)
}
