//! Plans as files: how commands write them.

use std::path::Path;

use super::{CommandResult, Context, journals};
use crate::changes::plan_file::{self, Decision, Header, Line, Operation, PlannedExperiment};
use crate::exit::Exit;
use crate::model::{Experiment, TraceInfo};
use crate::output::count_traces;
use crate::retention::{Plan, Policy};

/// The head of a plan that is made now.
pub fn header(context: &Context<'_>, command: &str, operation: Operation, experiments: &[Experiment]) -> Header {
    let name = journals::header(context, command).run_id;
    let as_of_ms = context.ui.clock().now_ms();
    let planned =
        |experiment: &Experiment| PlannedExperiment { id: experiment.id.clone(), name: experiment.name.clone() };
    Header {
        experiments: experiments.iter().map(planned).collect(),
        ..Header::new(command, &name, as_of_ms, &context.source_name(), operation)
    }
}

/// The line of a trace that is to be changed; traces that are in no experiment have none.
pub fn line(info: &TraceInfo, reason: &str) -> Option<Line> {
    Some(Line {
        trace_id: info.trace_id.clone(),
        experiment_id: info.experiment_id()?,
        decision: Decision::Act,
        reasons: vec![reason.to_owned()],
        request_time_ms: info.request_time_ms,
        size_bytes: info.size_bytes(),
        row: None,
    })
}

/// Writes a plan and says how to go on.
pub fn write(context: &mut Context<'_>, file: &Path, header: Header, lines: &[Line]) -> CommandResult {
    let header = plan_file::write(file, header, lines)?;
    let shown = file.display();
    context.ui.status(&format!(
        "Wrote the plan for {} to {shown}; `mlflow-trace apply {shown}` carries it out.",
        count_traces(header.traces)
    ));
    Ok(Exit::Done)
}

/// Writes the plans of a deletion of explicit ids.
pub fn write_deletion(context: &mut Context<'_>, file: &Path, policy: &Policy, plans: &[Plan]) -> CommandResult {
    let experiments: Vec<Experiment> = plans.iter().map(|plan| plan.experiment.clone()).collect();
    let mut header = header(context, "delete", Operation::Delete, &experiments);
    header.filter = policy.filter.as_ref().map(|filter| filter.text().to_owned());
    header.keep_if = policy.keep_if.iter().map(|filter| filter.text().to_owned()).collect();
    let reason = if policy.filter.is_some() { "it matches the filter" } else { "it was named" };
    let line = |plan: &Plan, trace: &crate::retention::Planned| Line {
        trace_id: trace.trace_id.clone(),
        experiment_id: plan.experiment.id.clone(),
        decision: Decision::Act,
        reasons: vec![reason.to_owned()],
        request_time_ms: trace.request_time_ms,
        size_bytes: trace.size_bytes,
        row: None,
    };
    let lines: Vec<Line> =
        plans.iter().flat_map(|plan| plan.traces.iter().map(move |trace| line(plan, trace))).collect();
    write(context, file, header, &lines)
}
