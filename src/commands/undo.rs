//! `undo`: what a run has changed gets back what it was before, unless somebody else has changed it since.

use std::cell::RefCell;

use super::{CommandResult, Context, trace_ids};
use crate::changes::annotations::AssessmentUndo;
use crate::changes::journal::{Header, Recorded};
use crate::changes::journals::{self, Locked};
use crate::changes::place;
use crate::changes::run::{Terms, carry_out};
use crate::changes::tags::{self, TagRun, TagServer};
use crate::changes::undo;
use crate::cli::{OutputFormat, UndoArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::ExperimentId;
use crate::output::count_traces;
use crate::store::Writer;

pub async fn run(context: &mut Context<'_>, args: UndoArgs) -> CommandResult {
    let format = context.format("undo", tags::FORMATS, args.dry_run)?;
    let recorded = journals::read(context, &args.run_id)?;
    let named = &recorded.header.place.tracking_uri;
    if let Some(settings) = context.settings.at_server(named) {
        context.ui.status(&format!("no tracking URI given; using {named}, where the run was"));
        let interrupt = context.interrupt.clone();
        return undone(&mut context.part(&settings, &interrupt), args, format, &recorded).await;
    }
    undone(context, args, format, &recorded).await
}

async fn undone(context: &mut Context<'_>, args: UndoArgs, format: OutputFormat, recorded: &Recorded) -> CommandResult {
    let store = context.store()?;
    let server = store.writer()?;
    let (what, there) = (format!("the run {} was", args.run_id), &recorded.header.place);
    place::check(&what, there, context.place())?;
    let (tags, assessments) = (undo::tags(recorded), undo::assessments(recorded));
    let deleted = undo::deleted(recorded);
    if deleted > 0 {
        context.ui.warning(&format!("{} were deleted and cannot be imported back by undo", count_traces(deleted)));
    }
    if tags.tags() == 0 && assessments.is_empty() {
        if deleted > 0 {
            return Err(CliError::new(Exit::SafetyStop, format!("run {} cannot be undone", args.run_id))
                .hint("restore exported traces with `mlflow-trace import`"));
        }
        let imported = undo::imported(recorded);
        if imported > 0 {
            let message = format!("run {} cannot be undone: it imported {}", args.run_id, count_traces(imported));
            return Err(CliError::new(Exit::SafetyStop, message).hint(format!(
                "`mlflow-trace runs show {}` lists them; delete them by their ids with `mlflow-trace delete`",
                args.run_id
            )));
        }
        context.ui.status(&format!("Run {} changed nothing.", args.run_id));
        return Ok(Exit::Done);
    }
    let Header { command, started, .. } = &recorded.header;
    context.ui.status(&format!("Undoing {command} of {started}."));
    let mut header = journals::header(context, "undo");
    header.experiments.clone_from(&recorded.header.experiments);
    header.place.created_ms.clone_from(&recorded.header.place.created_ms);
    header.undoes = Some(recorded.header.run_id.clone());
    let hidden = trace_ids::hidden_experiment(server, &recorded.header.experiments).await?;
    let mut exit = Exit::Done;
    let mut locks = Vec::new();
    if !args.dry_run {
        for (kind, is_changed) in [(Locked::Tags, tags.tags() > 0), (Locked::Assessments, !assessments.is_empty())] {
            if is_changed {
                locks.push(journals::lock(context, kind, "undo", args.lock.patience()).await?);
            }
        }
    }
    check_experiments(context, server, &recorded.header).await?;
    let terms = Terms { is_dry_run: args.dry_run, ..Terms::default() };
    if !assessments.is_empty() {
        let mut change = AssessmentUndo { server, backs: &assessments, header: header.clone(), format };
        exit = carry_out(context, &mut change, terms).await?;
    }
    if tags.tags() > 0 && exit == Exit::Done {
        let mut change = TagRun {
            target: TagServer { server, selection: None, fresh: RefCell::default() },
            plan: tags,
            header,
            verb: "Restored",
            format,
            shown: None,
            question: None,
            is_dry_run: args.dry_run,
            save_to: None,
        };
        exit = carry_out(context, &mut change, terms).await?;
    }
    match hidden {
        Some(reason) if exit == Exit::Done => {
            Err(CliError::new(Exit::Partial, format!("{reason}; traces reported as gone may still exist"))
                .hint("undo a run with the same credentials and in the same workspace (MLFLOW_WORKSPACE)"))
        }
        _ => Ok(exit),
    }
}

/// A run is undone where it was done. Where none of its experiments is to be seen, its traces would only look as if they were
/// gone.
async fn check_experiments(context: &Context<'_>, server: &dyn Writer, header: &Header) -> Result<(), CliError> {
    let (run, there) = (&header.run_id, &header.place);
    let ids: Vec<ExperimentId> = there.created_ms.keys().cloned().collect();
    let here = place::seen(context, server, &ids).await?;
    place::check(&format!("the run {run} was"), there, &here)?;
    if ids.is_empty() || ids.iter().any(|id| there.is_confirmed(&here, std::slice::from_ref(id))) {
        return Ok(());
    }
    let ids: Vec<&str> = ids.iter().map(ExperimentId::as_str).collect();
    let message = format!("no experiment of run {run} is visible (id {}); nothing was changed", ids.join(", "));
    Err(CliError::new(Exit::SafetyStop, message).hint("use credentials that can read them, if they still exist"))
}
