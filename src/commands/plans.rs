//! Plans as files: how commands write them.

use std::path::Path;

use super::deletion::{Deletion, rules, why};
use super::{CommandResult, Context, journals};
use crate::changes::plan_file::{self, Decision, Header, Line, Operation, PlannedExperiment};
use crate::exit::Exit;
use crate::model::{Experiment, TraceInfo};
use crate::output::{count_traces, describe_archives, describe_artifacts, describe_part};
use crate::retention::{Keep, Mark, Outlook, Plan, Planned, RetentionPolicy, Seen};

/// The head of a plan that is made now.
pub fn header(context: &Context<'_>, command: &str, operation: Operation, experiments: &[Experiment]) -> Header {
    let name = journals::header(context, command).run_id;
    let as_of_ms = context.ui.clock().now_ms();
    let planned =
        |experiment: &Experiment| PlannedExperiment { id: experiment.id.clone(), name: experiment.name.clone() };
    Header {
        experiments: experiments.iter().map(planned).collect(),
        ..Header::new(command, &name, as_of_ms, context.place().clone().with(experiments), operation)
    }
}

/// The line of a trace that is to be changed; traces that are in no experiment have none.
pub fn line(info: &TraceInfo, reason: &str) -> Option<Line> {
    Some(Line {
        trace_id: info.trace_id.clone(),
        experiment_id: info.experiment_id()?,
        decision: Decision::Act,
        reasons: vec![reason.to_owned()],
        rules: Vec::new(),
        request_time_ms: info.request_time_ms,
        size_bytes: info.size_bytes(),
        has_span_file: false,
        row: None,
    })
}

/// Writes a plan and says how to go on.
pub fn write(context: &mut Context<'_>, file: &Path, header: Header, lines: &[Line]) -> CommandResult {
    let header = plan_file::write(file, header, lines)?;
    let shown = file.display();
    context.ui.status(&format!(
        "Wrote a plan for {} to {shown}; apply it with `mlflow-trace apply {shown}`.",
        count_traces(header.traces)
    ));
    Ok(Exit::Done)
}

/// What a policy keeps, for a plan that tells of it, too.
pub struct Kept<'a> {
    /// The policy.
    pub policy: &'a RetentionPolicy,
    /// Its outlooks, which hold what is kept.
    pub outlooks: &'a [Outlook],
}

/// Writes the plans of a deletion.
pub fn write_deletion(
    context: &mut Context<'_>,
    file: &Path,
    deletion: &Deletion,
    plans: &[&Plan],
    kept: Option<&Kept<'_>>,
) -> CommandResult {
    let experiments: Vec<Experiment> = plans.iter().map(|plan| plan.experiment.clone()).collect();
    let mut header = header(context, deletion.command, Operation::Delete, &experiments);
    header.rules = rules::planned(&deletion.policy, &experiments);
    header.hash.clone_from(&deletion.hash);
    header.moment_ms = kept.map(|kept| kept.policy.as_of_ms).filter(|moment_ms| *moment_ms != header.as_of_ms);
    let expires = |plan: &Plan, trace: &Planned| Line {
        trace_id: trace.trace_id.clone(),
        experiment_id: plan.experiment.id.clone(),
        decision: Decision::Act,
        reasons: vec![why(plan, trace, deletion.reason)],
        rules: plan.ground(trace).map(|ground| ground.rules.clone()).unwrap_or_default(),
        request_time_ms: trace.request_time_ms,
        size_bytes: trace.size_bytes,
        has_span_file: trace.has_span_file,
        row: None,
    };
    let mut lines: Vec<Line> =
        plans.iter().flat_map(|plan| plan.traces.iter().map(|trace| expires(plan, trace))).collect();
    for outlook in kept.into_iter().flat_map(|kept| kept.outlooks) {
        let policy = kept.map(|kept| kept.policy);
        let of = |seen: &Seen| Line {
            trace_id: seen.trace_id.clone(),
            experiment_id: outlook.plan.experiment.id.clone(),
            decision: Decision::Keep,
            reasons: policy.map(|policy| keepers(policy, seen)).unwrap_or_default(),
            rules: Vec::new(),
            request_time_ms: seen.request_time_ms,
            size_bytes: seen.size_bytes,
            has_span_file: false,
            row: None,
        };
        lines.extend(outlook.kept.iter().map(of));
    }
    let planned = plans.iter().map(|plan| plan.traces.len() as u64).sum();
    if let Some(line) = describe_part(planned, deletion.newest_of) {
        context.ui.status(&line);
    }
    let archives = describe_archives(plans.iter().copied());
    for line in archives.into_iter().chain(describe_artifacts(&deletion.policy, plans.iter().copied())) {
        context.ui.status(&line);
    }
    write(context, file, header, &lines)
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
