//! Deletions: what the planner plans and what the applier does with it when things go wrong.

#![allow(clippy::unwrap_used)]

mod applier;
mod fake;
mod faults;
mod judge;
mod planner;
mod refusals;
mod rules;

use mlflow_trace::model::{Experiment, ExperimentId, Lifecycle, TraceId};
use mlflow_trace::retention::Planned;

/// The experiment that all plans are about.
fn experiment() -> Experiment {
    Experiment {
        id: ExperimentId::from("7"),
        name: "support".to_owned(),
        lifecycle: Lifecycle::Active,
        artifact_location: None,
        creation_time_ms: None,
        last_update_time_ms: None,
    }
}

/// A trace of which a plan knows the id and the start.
fn planned(id: &str, request_time_ms: i64) -> Planned {
    Planned { trace_id: TraceId::from(id), request_time_ms, size_bytes: None, has_span_file: false, ground: 0 }
}
