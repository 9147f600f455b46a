//! `undo`: what a run has changed gets back what it was before, unless somebody else has changed it since.

use std::cell::RefCell;

use super::journals::{self, Locked};
use super::tag_run::{self, Manner};
use super::tag_target::TagServer;
use super::{CommandResult, Context, places, trace_ids, undo_assessments};
use crate::changes::journal::Header;
use crate::changes::undo;
use crate::cli::UndoArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::ExperimentId;
use crate::output::count_traces;
use crate::store::Writer;

pub async fn run(context: &mut Context<'_>, args: UndoArgs) -> CommandResult {
    let format = tag_run::format(context, "undo", args.dry_run)?;
    let recorded = journals::read(context, &args.run_id)?;
    let store = context.store()?;
    let server = store.writer()?;
    let (what, there) = (format!("the run {} was", args.run_id), &recorded.header.place);
    places::check(&what, there, context.place())?;
    let (tags, assessments) = (undo::tags(&recorded), undo::assessments(&recorded));
    let deleted = undo::deleted(&recorded);
    if deleted > 0 {
        context.ui.warning(&format!("{} were deleted and cannot be imported back by undo", count_traces(deleted)));
    }
    if tags.tags() == 0 && assessments.is_empty() {
        if deleted > 0 {
            return Err(CliError::new(Exit::SafetyStop, format!("run {} cannot be undone", args.run_id))
                .hint("restore exported traces with `mlflow-trace import`"));
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
                locks.push(journals::lock(context, kind, "undo", &args.lock).await?);
            }
        }
    }
    check_experiments(context, server, &recorded.header).await?;
    if !assessments.is_empty() {
        exit = undo_assessments::run(context, server, &assessments, (header.clone(), format, args.dry_run)).await?;
    }
    if tags.tags() > 0 && exit == Exit::Done {
        let target = TagServer { server, selection: None, fresh: RefCell::default() };
        exit = if args.dry_run {
            tag_run::look(context, &target, &tags, format).await?
        } else {
            tag_run::run(context, &target, &tags, Manner { header, verb: "Restored", format, file: None }).await?
        };
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
    let here = places::seen(context, server, &ids).await?;
    places::check(&format!("the run {run} was"), there, &here)?;
    if ids.is_empty() || ids.iter().any(|id| there.is_confirmed(&here, std::slice::from_ref(id))) {
        return Ok(());
    }
    let ids: Vec<&str> = ids.iter().map(ExperimentId::as_str).collect();
    let message = format!("no experiment of run {run} is visible (id {}); nothing was changed", ids.join(", "));
    Err(CliError::new(Exit::SafetyStop, message).hint("use credentials that can read them, if they still exist"))
}
