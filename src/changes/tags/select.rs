//! Which traces get their tags changed, and what that is in words.

use std::cmp::Reverse;

use super::{BATCH, Group, TagChange};
use crate::changes::plan_file::Line;
use crate::changes::plans;
use crate::model::{Experiment, ExperimentId, TraceInfo};
use crate::output::{count, count_traces, one_line};
use crate::retention::{NewestFirst, first_left};

/// Characters of a value that are shown.
const VALUE_WIDTH: usize = 40;

/// How traces are selected for a change.
#[derive(Clone, Copy)]
pub struct TagChoice<'a> {
    /// What is to be changed.
    pub changes: &'a [TagChange],
    /// Whether a plan is to be written.
    pub has_lines: bool,
    /// No more than the newest of these.
    pub limit: Option<u64>,
}

/// A trace that is selected.
pub struct ChosenTrace {
    place: NewestFirst,
    is_so: bool,
    line: Option<Box<Line>>,
}

/// Traces that were found, and how many of them need no change.
pub struct TagsFound {
    /// The traces.
    pub groups: Vec<Group>,
    /// Where they are.
    pub experiments: Vec<Experiment>,
    /// How many traces have the tags already.
    pub so_already: u64,
    /// Infos that were just read; see [`super::TagServer`].
    pub fresh: Vec<TraceInfo>,
    /// Of how many traces these are only the newest, if it is so.
    pub newest_of: Option<u64>,
    /// Only where a plan is to be written.
    pub lines: Vec<Line>,
}

impl TagChoice<'_> {
    /// Takes a trace.
    #[must_use]
    pub fn choose(&self, info: &TraceInfo, reason: &str) -> ChosenTrace {
        let line = self.has_lines.then(|| plans::line(info, reason)).flatten().map(Box::new);
        let is_so = self.changes.iter().all(|change| info.tags.get(&change.key) == change.value.as_ref());
        ChosenTrace { place: (Reverse(info.request_time_ms), info.trace_id.clone()), is_so, line }
    }

    /// What is selected in each experiment, or the newest of it.
    #[must_use]
    pub fn found(
        &self,
        mut selected: Vec<(Option<ExperimentId>, Vec<ChosenTrace>)>,
        experiments: Vec<Experiment>,
    ) -> TagsFound {
        let mut newest_of = None;
        if let Some(most) = self.limit {
            let places: Vec<_> =
                selected.iter().flat_map(|(_, here)| here).map(|chosen| chosen.place.clone()).collect();
            let all = places.len() as u64;
            if let Some(first_left) = first_left(places, most) {
                for (_, here) in &mut selected {
                    here.retain(|chosen| chosen.place < first_left);
                }
                newest_of = Some(all);
            }
        }
        let (groups, fresh, lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = TagsFound { groups, experiments, so_already: 0, fresh, newest_of, lines };
        for (experiment, here) in selected {
            found.so_already += here.iter().filter(|chosen| chosen.is_so).count() as u64;
            let (ids, lines): (Vec<_>, Vec<_>) = here.into_iter().map(|chosen| (chosen.place.1, chosen.line)).unzip();
            found.lines.extend(lines.into_iter().flatten().map(|line| *line));
            found.groups.push(Group { experiment, ids });
        }
        found
    }

    /// Traces that were named and just read.
    #[must_use]
    pub fn named(&self, mut infos: Vec<TraceInfo>, experiments: Vec<Experiment>) -> TagsFound {
        let chosen = infos.iter().map(|info| self.choose(info, "it was named")).collect();
        let found = self.found(vec![(None, chosen)], experiments);
        infos.truncate(if found.newest_of.is_none() { BATCH } else { 0 });
        TagsFound { fresh: infos, ..found }
    }
}

impl TagsFound {
    /// How many traces.
    #[must_use]
    pub fn traces(&self) -> u64 {
        self.groups.iter().map(|group| group.ids.len() as u64).sum()
    }

    /// What is done to them, after a verb: `WOULD set a=b on 3 traces of my-app (id 1); 1 need no change.`
    #[must_use]
    pub fn describe(&self, verb: &str, changes: &[TagChange]) -> String {
        let tags: Vec<String> = changes.iter().map(described).collect();
        let so =
            if self.so_already > 0 { format!("; {} need no change", count(self.so_already)) } else { String::new() };
        let place = |experiment: &Experiment| format!("{} (id {})", experiment.name, experiment.id);
        let places: Vec<String> = self.experiments.iter().map(place).collect();
        let total = self.traces();
        let number = match self.newest_of {
            Some(all) => format!("the newest {} of {}", count(total), count_traces(all)),
            None => count_traces(total),
        };
        let of = if places.is_empty() { String::new() } else { format!(" of {}", places.join(", ")) };
        format!("{verb} {} on {number}{of}{so}.", tags.join(", "))
    }
}

fn described(change: &TagChange) -> String {
    match &change.value {
        Some(value) => format!("{}={}", change.key, one_line(value, VALUE_WIDTH)),
        None => change.key.clone(),
    }
}
