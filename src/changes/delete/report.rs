//! Deletions for people and machines: what a run is going to take, and what became of it.

use std::fmt::Display;

use serde_json::{Value, json};

use super::batches::PlanOutcome;
use crate::clock::Clock;
use crate::model::{Experiment, rfc3339_utc};
use crate::output::{archive_places, bytes, count, count_traces, met_json};
use crate::retention::{Plan, RuleMet};

/// What holds for all plans of a run.
#[derive(Clone, Copy, Debug)]
pub struct DeletionFacts {
    /// Nothing will be deleted.
    pub dry_run: bool,
    /// Only traces that started at this moment or before, in epoch milliseconds.
    pub cutoff_ms: Option<i64>,
    /// What keeps: `by --keep-if`.
    pub keeper: &'static str,
    /// Of how many traces the plans hold only the newest, if it is so.
    pub newest_of: Option<u64>,
}

/// Where traces were archived before anything was deleted.
#[derive(Clone, Debug)]
pub struct Archives<'a> {
    /// The folders; none where nothing was to be archived.
    pub folders: Vec<&'a str>,
    /// Traces that were spared because they are not archived as they are.
    pub not_archived: u64,
}

/// What became of the files of deleted traces in the artifact store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArtifactTally {
    /// Folders that were removed.
    pub removed: u64,
    /// Traces whose files were to go and stay.
    pub remaining: u64,
    /// Traces whose span files stay because nobody wanted them removed.
    pub left: u64,
}

impl ArtifactTally {
    /// Traces whose files stay.
    #[must_use]
    pub fn all(self) -> u64 {
        self.remaining + self.left
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            removed: self.removed + other.removed,
            remaining: self.remaining + other.remaining,
            left: self.left + other.left,
        }
    }
}

/// What became of files in the artifact store.
#[must_use]
pub fn describe_left(tally: ArtifactTally) -> Vec<String> {
    let said = [
        (tally.removed, "Removed the files in the artifact store of", "."),
        (tally.remaining, "The files in the artifact store of", " could not be removed."),
        (tally.left, "The span files of", " are kept in the artifact store."),
    ];
    let said = said.into_iter().filter(|(number, ..)| *number > 0);
    said.map(|(number, before, after)| format!("{before} {}{after}", count_traces(number))).collect()
}

/// A plan in one sentence.
#[must_use]
pub fn describe_plan(plan: &Plan, facts: DeletionFacts, clock: &Clock) -> String {
    let Experiment { name, id, .. } = &plan.experiment;
    let verb = if facts.dry_run { "WOULD delete" } else { "Will delete" };
    let kept =
        if plan.kept > 0 { format!(" {} kept {}.", count(plan.kept as u64), facts.keeper) } else { String::new() };
    let cutoff = facts.cutoff_ms.map_or_else(String::new, |ms| format!(" of {} or older", clock.local(ms)));
    let (Some(oldest), Some(newest)) = (plan.oldest_ms(), plan.newest_ms()) else {
        return format!("Nothing to delete{cutoff} in experiment {name} (id {id}).{kept}");
    };
    let size = plan.size_bytes();
    let size = if size > 0 { format!(", {}", bytes(size)) } else { String::new() };
    format!(
        "{verb} {}{cutoff} from experiment {name} (id {id}): oldest {}, newest {}{size}.{kept}",
        count_traces(plan.traces.len() as u64),
        clock.local(oldest),
        clock.local(newest)
    )
}

/// What became of all plans in one line: deleted, spared, already gone. Of those that were spared, `not_archived` are not
/// archived.
#[must_use]
pub fn describe_outcomes<E>(outcomes: &[PlanOutcome<E>], not_archived: u64) -> String {
    let sum = |part: fn(&PlanOutcome<E>) -> usize| outcomes.iter().map(part).sum::<usize>() as u64;
    let (deleted, planned) = (sum(|outcome| outcome.deleted), sum(|outcome| outcome.planned));
    let mut line = format!("Deleted {} of {}.", count(deleted), count_traces(planned));
    for (number, what) in [
        (sum(|outcome| outcome.spared).saturating_sub(not_archived), "spared because they no longer match"),
        (not_archived, "spared because they are not archived"),
        (sum(|outcome| outcome.gone), "already gone"),
    ] {
        if number > 0 {
            line.push_str(&format!(" {} {what}.", count(number)));
        }
    }
    line
}

/// Plans and, once they were carried out by a run, their outcomes as one JSON object with totals and a part for each
/// experiment and each rule; with the folders of archives if there are any.
#[must_use]
pub fn deletion_json<E: Display>(
    (facts, met): (DeletionFacts, &[RuleMet]),
    run_id: Option<&str>,
    plans: &[Plan],
    outcomes: &[PlanOutcome<E>],
    (archives, artifacts): (Option<Archives<'_>>, ArtifactTally),
) -> Value {
    let experiments: Vec<Value> =
        plans.iter().enumerate().map(|(index, plan)| experiment_json(plan, outcomes.get(index))).collect();
    let total = |key: &str| experiments.iter().filter_map(|experiment| experiment[key].as_u64()).sum::<u64>();
    let mut summary = json!({
        "dry_run": facts.dry_run,
        "run_id": run_id,
        "cutoff": facts.cutoff_ms.map(rfc3339_utc),
        "planned": total("planned"),
        "kept": total("kept"),
        "deleted": total("deleted"),
        "spared": total("spared"),
        "gone": total("gone"),
        "remaining": total("remaining"),
        "not_attempted": total("not_attempted"),
        "artifacts": {
            "span_files": total("span_files"),
            "removed": artifacts.removed,
            "remaining": artifacts.remaining,
            "left": artifacts.left,
        },
        "experiments": experiments,
        "rules": met.iter().map(met_json).collect::<Vec<_>>(),
    });
    let places = archive_places(plans);
    if !places.is_empty() {
        summary["archive_to"] = json!(places);
    }
    if let Some(all) = facts.newest_of {
        summary["newest_of"] = json!(all);
    }
    if let Some(archives) = archives.filter(|archives| !archives.folders.is_empty()) {
        summary["archives"] = json!(archives.folders);
        summary["not_archived"] = json!(archives.not_archived);
    }
    summary
}

fn experiment_json<E: Display>(plan: &Plan, outcome: Option<&PlanOutcome<E>>) -> Value {
    let part = |value: fn(&PlanOutcome<E>) -> usize| outcome.map_or(0, value);
    let failures = outcome.map(|outcome| outcome.failures.iter().map(ToString::to_string).collect::<Vec<_>>());
    json!({
        "experiment_id": plan.experiment.id,
        "name": plan.experiment.name,
        "planned": plan.traces.len(),
        "kept": plan.kept,
        "oldest": plan.oldest_ms().map(rfc3339_utc),
        "newest": plan.newest_ms().map(rfc3339_utc),
        "size_bytes": plan.size_bytes(),
        "span_files": plan.span_files(),
        "deleted": part(|outcome| outcome.deleted),
        "spared": part(|outcome| outcome.spared),
        "gone": part(|outcome| outcome.gone),
        "remaining": part(|outcome| outcome.remaining.len()),
        "remaining_ids": outcome.map(|outcome| outcome.remaining.as_slice()).unwrap_or_default(),
        "not_attempted": part(|outcome| outcome.not_attempted),
        "failures": failures.unwrap_or_default(),
    })
}
