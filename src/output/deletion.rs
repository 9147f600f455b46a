//! Deletions for people and machines: what a plan would take, and what became of it.

use std::fmt::Display;

use serde_json::{Value, json};

use super::{bytes, count};
use crate::clock::Clock;
use crate::model::{Experiment, rfc3339_utc};
use crate::retention::{Outcome, Plan};

/// What holds for all plans of a run.
#[derive(Clone, Copy, Debug)]
pub struct DeletionFacts {
    /// Nothing will be deleted.
    pub dry_run: bool,
    /// Only traces that started at this moment or before, in epoch milliseconds.
    pub cutoff_ms: Option<i64>,
    /// What keeps: `by --keep-if`.
    pub keeper: &'static str,
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

/// What became of all plans in one line: deleted, spared, already gone.
#[must_use]
pub fn describe_outcomes<E>(outcomes: &[Outcome<E>]) -> String {
    let sum = |part: fn(&Outcome<E>) -> usize| outcomes.iter().map(part).sum::<usize>() as u64;
    let (deleted, planned) = (sum(|outcome| outcome.deleted), sum(|outcome| outcome.planned));
    let mut line = format!("Deleted {} of {}.", count(deleted), count_traces(planned));
    for (number, what) in [
        (sum(|outcome| outcome.spared), "spared because they no longer match"),
        (sum(|outcome| outcome.gone), "already gone"),
    ] {
        if number > 0 {
            line.push_str(&format!(" {} {what}.", count(number)));
        }
    }
    line
}

/// Plans and, once they were carried out by a run, their outcomes as one JSON object with totals and a part for each
/// experiment.
#[must_use]
pub fn deletion_json<E: Display>(
    facts: DeletionFacts,
    run_id: Option<&str>,
    plans: &[Plan],
    outcomes: &[Outcome<E>],
) -> Value {
    let experiments: Vec<Value> =
        plans.iter().enumerate().map(|(index, plan)| experiment_json(plan, outcomes.get(index))).collect();
    let total = |key: &str| experiments.iter().filter_map(|experiment| experiment[key].as_u64()).sum::<u64>();
    json!({
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
        "experiments": experiments,
    })
}

fn experiment_json<E: Display>(plan: &Plan, outcome: Option<&Outcome<E>>) -> Value {
    let part = |value: fn(&Outcome<E>) -> usize| outcome.map_or(0, value);
    let failures = outcome.map(|outcome| outcome.failures.iter().map(ToString::to_string).collect::<Vec<_>>());
    json!({
        "experiment_id": plan.experiment.id,
        "name": plan.experiment.name,
        "planned": plan.traces.len(),
        "kept": plan.kept,
        "oldest": plan.oldest_ms().map(rfc3339_utc),
        "newest": plan.newest_ms().map(rfc3339_utc),
        "size_bytes": plan.size_bytes(),
        "deleted": part(|outcome| outcome.deleted),
        "spared": part(|outcome| outcome.spared),
        "gone": part(|outcome| outcome.gone),
        "remaining": part(|outcome| outcome.remaining.len()),
        "remaining_ids": outcome.map(|outcome| outcome.remaining.as_slice()).unwrap_or_default(),
        "not_attempted": part(|outcome| outcome.not_attempted),
        "failures": failures.unwrap_or_default(),
    })
}

/// A number of traces in words.
#[must_use]
pub fn count_traces(number: u64) -> String {
    if number == 1 { "1 trace".into() } else { format!("{} traces", count(number)) }
}
