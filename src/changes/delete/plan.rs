//! The plan of a deletion as a file.

use std::collections::HashMap;
use std::path::Path;

use super::conduct::why;
use super::deletion::Deletion;
use super::rules;
use crate::changes::plan_file::{Line, LineDecision, Operation};
use crate::changes::{RunContext, RunResult, plans};
use crate::model::Experiment;
use crate::output::{describe_archives, describe_artifacts, describe_part};
use crate::retention::{Ground, Keep, Mark, Outlook, Plan, Planned, RetentionPolicy, Rule, Seen};

/// What a policy keeps, for a plan that lists it, too.
pub struct Kept<'a> {
    /// The policy.
    pub policy: &'a RetentionPolicy,
    /// Its outlooks, which hold what is kept.
    pub outlooks: &'a [Outlook],
}

/// Writes the plans of a deletion.
pub fn write_plan(
    context: &mut RunContext<'_>,
    file: &Path,
    deletion: &Deletion,
    planned_traces: &[&Plan],
    kept: Option<&Kept<'_>>,
) -> RunResult {
    let experiments: Vec<Experiment> = planned_traces.iter().map(|plan| plan.experiment.clone()).collect();
    let mut header = plans::header(context, deletion.command, Operation::Delete, &experiments);
    header.rules = rules::planned(&deletion.policy, &experiments);
    header.hash.clone_from(&deletion.hash);
    header.moment_ms = kept.map(|kept| kept.policy.as_of_ms).filter(|moment_ms| *moment_ms != header.as_of_ms);
    let expires = |plan: &Plan, trace: &Planned| Line {
        trace_id: trace.trace_id.clone(),
        experiment_id: plan.experiment.id.clone(),
        decision: LineDecision::Act,
        reasons: vec![why(plan, trace, deletion.reason)],
        rules: plan.ground(trace).map(|ground| ground.rules.clone()).unwrap_or_default(),
        request_time_ms: trace.request_time_ms,
        size_bytes: trace.size_bytes,
        has_span_file: trace.has_span_file,
        row: None,
    };
    let mut lines: Vec<Line> =
        planned_traces.iter().flat_map(|plan| plan.traces.iter().map(|trace| expires(plan, trace))).collect();
    for outlook in kept.into_iter().flat_map(|kept| kept.outlooks) {
        let policy = kept.map(|kept| kept.policy);
        let of = |seen: &Seen| Line {
            trace_id: seen.trace_id.clone(),
            experiment_id: outlook.plan.experiment.id.clone(),
            decision: LineDecision::Keep,
            reasons: policy.map(|policy| keepers(policy, seen)).unwrap_or_default(),
            rules: Vec::new(),
            request_time_ms: seen.request_time_ms,
            size_bytes: seen.size_bytes,
            has_span_file: false,
            row: None,
        };
        lines.extend(outlook.kept.iter().map(of));
    }
    let planned = planned_traces.iter().map(|plan| plan.traces.len() as u64).sum();
    if let Some(line) = describe_part(planned, deletion.newest_of) {
        context.ui.status(&line);
    }
    let archives = describe_archives(planned_traces.iter().copied());
    for line in archives.into_iter().chain(describe_artifacts(&deletion.policy, planned_traces.iter().copied())) {
        context.ui.status(&line);
    }
    plans::write(context, file, header, &lines)
}

/// Which rules keep a trace, and why each does.
fn keepers(policy: &RetentionPolicy, seen: &Seen) -> Vec<String> {
    let keeping = seen.marks.iter().filter(|mark| !mark.keeps.is_empty());
    let told = |mark: &Mark| {
        let name = policy.rules.get(usize::from(mark.rule)).map_or("", |rule| rule.name.as_str());
        let words: Vec<&str> = mark.keeps.iter().map(Keep::word).collect();
        format!("rule {name:?} keeps it: {}", words.join(", "))
    };
    keeping.map(told).collect()
}

/// What lines of a plan file say about an experiment, with the places that the rules of each trace name.
#[must_use]
pub fn planned(rules: &[Rule], lines: &[Line], experiment: Experiment) -> Plan {
    let (mut grounds, mut known) = (Vec::new(), HashMap::new());
    let mut ground = |line: &Line| {
        *known.entry(line.rules.clone()).or_insert_with_key(|names| {
            let named = rules.iter().filter(|rule| names.contains(&rule.name));
            let mut archive_to: Vec<String> = named.filter_map(|rule| rule.archive_to.clone()).collect();
            archive_to.sort_unstable();
            archive_to.dedup();
            grounds.push(Ground { rules: names.clone(), archive_to });
            u32::try_from(grounds.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let planned = |line: &Line| Planned {
        trace_id: line.trace_id.clone(),
        request_time_ms: line.request_time_ms,
        size_bytes: line.size_bytes,
        has_span_file: line.has_span_file,
        ground: ground(line),
    };
    let traces = lines.iter().filter(|line| line.experiment_id == experiment.id).map(planned).collect();
    Plan { experiment, traces, kept: 0, grounds }
}
