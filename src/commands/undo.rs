//! `undo`: what a run has changed gets back what it was before, unless somebody else has changed it since.

use std::cell::RefCell;

use super::tag_run::{self, Manner};
use super::tag_target::TagServer;
use super::{CommandResult, Context, journals};
use crate::changes::journal::Recorded;
use crate::changes::undo;
use crate::cli::UndoArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{count, count_traces};

pub async fn run(context: &mut Context<'_>, args: UndoArgs) -> CommandResult {
    let format = tag_run::format(context, "undo", args.dry_run)?;
    let recorded = journals::read(context, &args.run_id)?;
    let store = context.store()?;
    let server = store.writer()?;
    check_server(context, &recorded)?;
    let plan = undo::tags(&recorded);
    let deleted = undo::deleted(&recorded);
    if deleted > 0 {
        context.ui.warning(&format!("{} were deleted and cannot be brought back by undo", count_traces(deleted)));
    }
    if plan.tags() == 0 {
        if deleted > 0 {
            return Err(CliError::new(Exit::SafetyStop, format!("the run {} cannot be undone", args.run_id))
                .hint("`mlflow-trace import` brings back what was exported before"));
        }
        context.ui.status(&format!("The run {} has changed nothing.", args.run_id));
        return Ok(Exit::Done);
    }
    let target = TagServer { server, selection: None, fresh: RefCell::default() };
    if args.dry_run {
        return tag_run::look(context, &target, &plan, format).await;
    }
    let mut header = journals::header(context, "undo");
    header.experiments.clone_from(&recorded.header.experiments);
    header.undoes = Some(recorded.header.run_id.clone());
    context.ui.status(&format!(
        "Undoing {} of {}: {} tags on {}.",
        recorded.header.command,
        recorded.header.started,
        count(plan.tags() as u64),
        count_traces(plan.traces() as u64)
    ));
    tag_run::run(context, &target, &plan, Manner { header, verb: "Put back", format, file: None }).await
}

/// A run is undone where it was done.
fn check_server(context: &Context<'_>, recorded: &Recorded) -> Result<(), CliError> {
    let (there, here) = (&recorded.header.tracking_uri, context.source_name());
    if *there == here {
        return Ok(());
    }
    let message = format!("the run {} was on {there}, not on {here}; nothing was changed", recorded.header.run_id);
    Err(CliError::new(Exit::SafetyStop, message).hint(format!("give --tracking-uri {there}")))
}
