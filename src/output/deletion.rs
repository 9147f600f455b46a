//! Plans of deletions for people and machines: what they would take, keep and archive.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::count;
use super::sanitize::for_terminal_line;
use crate::retention::{Plan, RetentionPolicy, RuleMet};

/// What the traces of plans leave in the artifact store, in one sentence; nothing if no trace is to go.
#[must_use]
pub fn describe_artifacts<'p>(
    policy: &RetentionPolicy,
    plans: impl IntoIterator<Item = &'p Plan> + Clone,
) -> Option<String> {
    let planned: usize = plans.clone().into_iter().map(|plan| plan.traces.len()).sum();
    let span_files: u64 = plans.into_iter().map(Plan::span_files).sum();
    let files = match span_files {
        0 => "attachments, if there are any".to_owned(),
        number => format!("the spans of {}, and attachments, if there are any", count_traces(number)),
    };
    let deleting = policy.rules.iter().filter(|rule| rule.deletes_artifacts).count();
    (planned > 0).then(|| match deleting {
        0 => format!("Files in the artifact store are kept without --artifacts delete: {files}."),
        all if all == policy.rules.len() => format!("Their files in the artifact store are deleted, too: {files}."),
        _ => format!("Their files in the artifact store are deleted if all their rules say so: {files}."),
    })
}

/// Where what goes is archived before, a line for each place.
#[must_use]
pub fn describe_archives<'p>(plans: impl IntoIterator<Item = &'p Plan>) -> Vec<String> {
    let lines = archive_places(plans).into_iter();
    let verb = |traces: u64| if traces == 1 { "is" } else { "are" };
    lines
        .map(|(place, traces)| format!("Before that, {} {} archived to {place}.", count_traces(traces), verb(traces)))
        .collect()
}

/// How many traces go to which place before they are deleted.
#[must_use]
pub fn archive_places<'p>(plans: impl IntoIterator<Item = &'p Plan>) -> BTreeMap<&'p str, u64> {
    let mut places = BTreeMap::new();
    for plan in plans {
        let grounds = plan.traces.iter().filter_map(|trace| plan.ground(trace));
        for place in grounds.flat_map(|ground| &ground.archive_to) {
            *places.entry(place.as_str()).or_default() += 1;
        }
    }
    places
}

/// That plans are a part of what was selected; nothing if they are all of it.
#[must_use]
pub fn describe_part(planned: u64, newest_of: Option<u64>) -> Option<String> {
    let all = newest_of?;
    Some(format!("Limited to the newest {} of {} by --limit.", count(planned), count_traces(all)))
}

/// What the rules of plans met beside what goes: how much each `keep_if` keeps, and what was not known.
#[must_use]
pub fn describe_met(met: &[RuleMet]) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in met {
        for (keep_if, matched) in &rule.keep_if {
            lines.push(for_terminal_line(&format!("keep_if {keep_if} matches {}.", count_traces(*matched))));
        }
        for (unknown, what) in [
            (&rule.unknown, "kept because a keep rule may apply"),
            (&rule.not_selected, "kept because the filter cannot be decided"),
        ] {
            let number: u64 = unknown.values().sum();
            if number > 0 {
                lines.push(for_terminal_line(&format!("{} {what}: {}.", count_traces(number), reasons(unknown))));
            }
        }
    }
    lines
}

fn reasons(unknown: &BTreeMap<String, u64>) -> String {
    unknown.iter().map(|(why, number)| format!("{why} ({})", count(*number))).collect::<Vec<_>>().join(", ")
}

/// The same for machines.
#[must_use]
pub fn met_json(met: &RuleMet) -> Value {
    let keep_if: Vec<Value> =
        met.keep_if.iter().map(|(filter, matched)| json!({"filter": filter, "matched": matched})).collect();
    json!({"name": met.rule, "keep_if": keep_if, "unknown": met.unknown, "not_selected": met.not_selected})
}

/// A number of attachments in words.
#[must_use]
pub fn count_attachments(number: u64) -> String {
    if number == 1 { "1 attachment".into() } else { format!("{} attachments", count(number)) }
}

/// A number of rows in words.
#[must_use]
pub fn count_rows(number: u64) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{} rows", count(number)) }
}

/// A number of traces in words.
#[must_use]
pub fn count_traces(number: u64) -> String {
    if number == 1 { "1 trace".into() } else { format!("{} traces", count(number)) }
}
