//! An import as a plan: decided row by row and written down, and carried out later as far as it still holds.

use std::path::Path;

use super::batch::{Brought, Importer};
use super::input::{Found, Input};
use super::report::Tally;
use super::{BATCH, bring_all};
use crate::annotations::{Creation, Fate, OnExisting, Place, Row};
use crate::changes::plan_file::{self, Decision, Header, Line, Operation, PlanFile};
use crate::cli::OutputFormat;
use crate::commands::assessment_journal::AssessmentJournal;
use crate::commands::{CommandResult, Context, journals, plans};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentKind, Experiment, ExperimentId, TraceId, TraceInfo};
use crate::store::ServerStore;

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
    let tally = Tally::new(kind, output, true, found.done);
    let (importer, tally) = bring_all(context, importer, found.pending, next, tally, keep).await?;
    if tally.attempted() < found.pending {
        context.ui.warning("not every row could be looked at; no plan was written");
        return tally.report(context, found.pending, None);
    }
    lines.sort_by_key(|(number, _)| *number);
    let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    let is_planned =
        |id: &ExperimentId| lines.iter().any(|line| line.decision == Decision::Act && line.experiment_id == *id);
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
        Some(reason) => format!("row {} {said}: {reason}", row.number),
        None => format!("row {} {said}", row.number),
    };
    let (decision, reason) = match outcome.result {
        Fate::WouldCreate => (Decision::Act, said("is to be created")),
        Fate::Unchanged => (Decision::Keep, said("is there already")),
        Fate::Skipped => (Decision::Keep, said("is skipped")),
        Fate::Ok | Fate::Failed | Fate::Spared => (Decision::Keep, said("cannot be brought")),
    };
    let creation = outcome.assessment_id.clone().filter(|_| decision == Decision::Act);
    let creation = creation.map(|assessment_id| Creation { assessment_id, overrides: outcome.overrides.clone() });
    let named = match &row.place {
        Place::Trace(id) => id.clone(),
        Place::Request(_) => TraceId::new(""),
    };
    Line {
        trace_id: info.map_or(named, |info| info.trace_id.clone()),
        experiment_id: info.and_then(TraceInfo::experiment_id).unwrap_or_else(|| ExperimentId::new("")),
        decision,
        reasons: vec![reason],
        request_time_ms: info.map_or(0, |info| info.request_time_ms),
        size_bytes: None,
        row: creation.map(|creation| row.to_plan(creation)),
    }
}

/// The rows that a plan brings, and how; nothing if it imports nothing. Fails if one of them cannot be read.
pub fn rows_of_plan(header: &Header, lines: &[Line]) -> Result<Option<(OnExisting, Vec<Row>)>, CliError> {
    let Operation::ImportAssessments { kind, on_existing } = &header.operation else { return Ok(None) };
    let damaged = |reason: String| {
        CliError::new(Exit::SafetyStop, format!("the plan cannot be carried out: {reason}; nothing was changed"))
            .hint("make a new plan")
    };
    let act = lines.iter().filter(|line| line.decision == Decision::Act);
    let rows = act.map(|line| {
        let row = line.row.as_ref().ok_or_else(|| damaged(format!("the line of {} has no row", line.trace_id)))?;
        Row::from_plan(*kind, line.trace_id.clone(), row)
            .map_err(|error| damaged(format!("a row of {}: {error}", line.trace_id)))
    });
    Ok(Some((on_existing.parse().map_err(damaged)?, rows.collect::<Result<_, _>>()?)))
}

/// Carries out a plan: what it says and nothing else, each row only if its trace is still as the plan found it.
pub async fn apply(
    context: &mut Context<'_>,
    server: &ServerStore,
    PlanFile { header, lines }: PlanFile,
    experiments: Vec<Experiment>,
    (file, output): (&Path, OutputFormat),
) -> CommandResult {
    let (Operation::ImportAssessments { kind, .. }, Some((on_existing, rows))) =
        (&header.operation, rows_of_plan(&header, &lines)?)
    else {
        return Ok(Exit::Done);
    };
    drop(lines);
    let pending = rows.len() as u64;
    let mut journal = journals::header(context, "apply");
    journal.experiments = experiments.into_iter().map(|experiment| experiment.id).collect();
    journal.plan = Some(header.plan_id.clone());
    journal.hash.clone_from(&header.hash);
    let journal = AssessmentJournal::of_plan(context, journal, pending)?;
    plan_file::mark_applied(file, &format!("run {}", journal.run_id().unwrap_or_default()))?;
    let importer = Importer { dry_run: false, journal, ..Importer::new(context, server, on_existing) };
    let mut rows = rows.into_iter();
    let next = || Ok(rows.by_ref().take(BATCH).collect());
    let tally = Tally::new(*kind, output, false, 0).of_plan();
    let (importer, tally) = bring_all(context, importer, pending, next, tally, |_| Ok(())).await?;
    let run_id = importer.journal.finish()?;
    tally.report(context, pending, run_id)
}
