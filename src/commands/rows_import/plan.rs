//! An import as a plan: decided row by row and written down, and carried out later as far as it still holds.

use std::path::Path;

use super::batch::{Brought, Importer};
use super::input::{Found, Input};
use super::report::RowTally;
use super::{BATCH, bring_all};
use crate::annotations::{Creation, OnExisting, Row, RowFate, RowPlace};
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journal;
use crate::changes::plan_file::{self, Header, Line, LineDecision, Operation};
use crate::changes::plans;
use crate::cli::OutputFormat;
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentKind, Experiment, ExperimentId, TraceId, TraceInfo};
use crate::store::Writer;

/// Decides every row as a dry run does and writes the plan, unless not all of them could be decided.
pub async fn write(
    context: &mut Context<'_>,
    importer: Importer<'_>,
    (input, found): (&Input, &Found),
    (kind, output): (AssessmentKind, OutputFormat),
    (command, (file, hash)): (&str, (&Path, String)),
) -> CommandResult {
    let on_existing = importer.on_existing.as_str().to_owned();
    let mut lines: Vec<(u64, Line)> = Vec::new();
    let mut rows = input.rows(context)?;
    let next = || input.next_batch(&mut rows);
    let keep = |brought: &Brought<'_>| {
        lines.push((brought.row.number, line(brought)));
        Ok(())
    };
    let tally = RowTally::new(kind, output, true, found.done);
    let (importer, tally) = bring_all(context, importer, found.pending, next, tally, keep).await?;
    if tally.attempted() < found.pending {
        context.ui.warning("some rows could not be checked; no plan was written");
        return tally.report(context, found.pending, None);
    }
    lines.sort_by_key(|(number, _)| *number);
    let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    let is_planned =
        |id: &ExperimentId| lines.iter().any(|line| line.decision == LineDecision::Act && line.experiment_id == *id);
    let experiments = importer.known.active.into_values().filter(|experiment| is_planned(&experiment.id));
    let mut experiments: Vec<Experiment> = experiments.collect();
    experiments.sort_by(|one, other| one.id.cmp(&other.id));
    let operation = Operation::ImportAssessments { kind, on_existing };
    let mut header = plans::header(context, command, operation, &experiments);
    header.hash = Some(hash);
    plans::write(context, file, header, &lines)?;
    tally.report(context, found.pending, None)
}

/// What the plan says of a row.
fn line(brought: &Brought<'_>) -> Line {
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
    kind: AssessmentKind,
    on_existing: OnExisting,
    rows: Vec<Row>,
}

/// The rows of these lines of a plan; nothing if it imports nothing. Fails if one of them cannot be read.
pub fn planned_rows(header: &Header, lines: &[Line]) -> Result<Option<PlannedRows>, CliError> {
    let Operation::ImportAssessments { kind, on_existing } = &header.operation else { return Ok(None) };
    let damaged = |reason: String| {
        CliError::new(Exit::SafetyStop, format!("cannot apply the plan: {reason}; nothing was changed"))
            .hint("make a new plan")
    };
    let act = lines.iter().filter(|line| line.decision == LineDecision::Act);
    let rows = act.map(|line| {
        let row = line.row.as_ref().ok_or_else(|| damaged(format!("the line of {} has no row", line.trace_id)))?;
        Row::from_plan(*kind, line.trace_id.clone(), row)
            .map_err(|error| damaged(format!("a row of {}: {error}", line.trace_id)))
    });
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Some(PlannedRows { kind: *kind, on_existing: on_existing.parse().map_err(damaged)?, rows }))
}

/// Carries out a plan: what it says and nothing else, each row only if its trace is still as the plan found it. The file of
/// the plan, if there is one, is marked as applied before the first row.
pub async fn apply(
    context: &mut Context<'_>,
    server: &dyn Writer,
    planned: PlannedRows,
    journal: journal::Header,
    (file, output): (Option<&Path>, OutputFormat),
) -> CommandResult {
    let PlannedRows { kind, on_existing, rows } = planned;
    let pending = rows.len() as u64;
    let journal = AssessmentJournal::of_plan(context, journal, pending)?;
    if let Some(file) = file {
        plan_file::mark_applied(file, &format!("run {}", journal.run_id().unwrap_or_default()))?;
    }
    let importer = Importer { dry_run: false, journal, ..Importer::new(context, server, on_existing) };
    let mut rows = rows.into_iter();
    let next = || Ok(rows.by_ref().take(BATCH).collect());
    let tally = RowTally::new(kind, output, false, 0).of_plan();
    let (importer, tally) = bring_all(context, importer, pending, next, tally, |_| Ok(())).await?;
    let run_id = importer.journal.finish()?;
    tally.report(context, pending, run_id)
}
