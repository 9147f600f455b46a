//! Plans as files: how runs write them.

use std::path::Path;

use super::plan_file::{self, Header, Line, LineDecision, Operation, PlannedExperiment};
use super::{RunContext, RunResult, journals};
use crate::exit::Exit;
use crate::model::{Experiment, TraceInfo};
use crate::output::count_traces;

/// The head of a plan that is made now.
pub fn header(context: &RunContext<'_>, command: &str, operation: Operation, experiments: &[Experiment]) -> Header {
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
#[must_use]
pub fn line(info: &TraceInfo, reason: &str) -> Option<Line> {
    Some(Line {
        trace_id: info.trace_id.clone(),
        experiment_id: info.experiment_id()?,
        decision: LineDecision::Act,
        reasons: vec![reason.to_owned()],
        rules: Vec::new(),
        request_time_ms: info.request_time_ms,
        size_bytes: info.size_bytes(),
        has_span_file: false,
        row: None,
    })
}

/// Writes a plan and says how to go on.
pub fn write(context: &mut RunContext<'_>, file: &Path, header: Header, lines: &[Line]) -> RunResult {
    let header = plan_file::write(file, header, lines)?;
    let (shown, more) = (file.display(), context.means.words_to_write());
    context.ui.status(&format!(
        "Wrote a plan for {} to {shown}; apply it with `mlflow-trace apply {shown}{more}`.",
        count_traces(header.traces)
    ));
    Ok(Exit::Done)
}
