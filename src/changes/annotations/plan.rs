//! Rows as a plan: decided one by one and written down, and read again when it is carried out.

use super::bring::Brought;
use crate::annotations::{Creation, OnExisting, Row, RowFate, RowPlace};
use crate::changes::ChangeError;
use crate::changes::plan_file::{Header, Line, LineDecision, Operation};
use crate::model::{AssessmentKind, ExperimentId, TraceId, TraceInfo};

/// What the plan says about a row.
pub(super) fn line(brought: &Brought<'_>) -> Line {
    let Brought { row, info, outcome } = brought;
    let reason = outcome.reason.as_deref();
    let said = |said: &str| match reason {
        Some(reason) => format!("line {} {said}: {reason}", row.line),
        None => format!("line {} {said}", row.line),
    };
    let (decision, reason) = match outcome.result {
        RowFate::WouldCreate => (LineDecision::Act, said("is to be created")),
        RowFate::Unchanged | RowFate::Partly => (LineDecision::Keep, said("is there already")),
        RowFate::Skipped => (LineDecision::Keep, said("is skipped")),
        RowFate::Ok | RowFate::Failed | RowFate::Spared => (LineDecision::Keep, said("cannot be imported")),
    };
    let creation = outcome.assessment_id.clone().filter(|_| decision == LineDecision::Act);
    let creation = creation.map(|assessment_id| Creation { assessment_id, overrides: outcome.overrides.clone() });
    let named = match &row.place {
        RowPlace::Trace(id) => id.clone(),
        RowPlace::Request(_) => TraceId::new(""),
    };
    Line {
        trace_id: info.map_or(named, |info| info.trace_id.clone()),
        experiment_id: info.and_then(TraceInfo::experiment_id).unwrap_or_else(|| ExperimentId::new("")),
        decision,
        reasons: vec![reason],
        request_time_ms: info.map_or(0, |info| info.request_time_ms),
        size_bytes: None,
        has_span_file: false,
        rules: Vec::new(),
        row: creation.map(|creation| row.to_plan(creation)),
    }
}

/// What a plan brings, and how.
pub struct PlannedRows {
    /// Feedback or expectations.
    pub kind: AssessmentKind,
    /// What becomes of a row whose source has said something else of the trace.
    pub on_existing: OnExisting,
    /// The rows that are to be created.
    pub rows: Vec<Row>,
}

impl PlannedRows {
    /// The rows of these lines of a plan; nothing if it imports nothing. Fails if one of them cannot be read.
    pub fn of(header: &Header, lines: &[Line]) -> Result<Option<Self>, ChangeError> {
        let Operation::ImportAssessments { kind, on_existing } = &header.operation else { return Ok(None) };
        let act = lines.iter().filter(|line| line.decision == LineDecision::Act);
        let rows = act.map(|line| {
            let id = &line.trace_id;
            let row = line.row.as_ref();
            let row = row.ok_or_else(|| ChangeError::PlanDamaged(format!("the line of {id} has no row")))?;
            Row::from_plan(*kind, id.clone(), row)
                .map_err(|error| ChangeError::PlanDamaged(format!("a row of {id}: {error}")))
        });
        let rows = rows.collect::<Result<_, _>>()?;
        let on_existing = on_existing.parse().map_err(ChangeError::PlanDamaged)?;
        Ok(Some(Self { kind: *kind, on_existing, rows }))
    }
}
