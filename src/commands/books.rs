//! The books: how each run ended that was to change something, also one that failed before it had a journal.

use super::{CommandResult, Context};
use crate::changes::journal::{Journal, RunEnd};
use crate::changes::journals;
use crate::cli::{
    BulkArgs, Command, ExpectationCommand, FeedbackCommand, RetentionCommand, RowsImportArgs, TagCommand,
};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::masked;
use crate::output::one_line;

/// Characters of an error that are kept.
const MESSAGE_WIDTH: usize = 300;

/// The name of a command that is to change many traces; nothing if it only looks.
pub fn change_of(command: &Command) -> Option<&'static str> {
    let bulk = |args: &BulkArgs| !args.dry_run && args.plan.is_none();
    let rows = |args: &RowsImportArgs| !args.dry_run && args.plan.is_none();
    let (name, is_change) = match command {
        Command::Delete(args) => ("delete", !args.dry_run && args.plan.is_none()),
        Command::Retention(RetentionCommand::Run(args)) => ("retention run", !args.dry_run && args.plan.is_none()),
        Command::Apply(_) => ("apply", true),
        Command::Undo(args) => ("undo", !args.dry_run),
        Command::Tag(TagCommand::Set(args)) => ("tag set", bulk(&args.bulk)),
        Command::Tag(TagCommand::Delete(args)) => ("tag delete", bulk(&args.bulk)),
        Command::Feedback(FeedbackCommand::Import(args)) => ("feedback import", rows(&args.rows)),
        Command::Expectation(ExpectationCommand::Import(args)) => ("expectation import", rows(&args.rows)),
        _ => return None,
    };
    is_change.then_some(name)
}

/// Writes down how a command ended. Books that cannot be written hide nothing: the command has said how it ended.
pub fn close(context: &Context<'_>, change: Option<&'static str>, result: &CommandResult) {
    let Some(folder) = &context.settings.state_dir else { return };
    let begun = context.begun.lock().map(|begun| begun.clone()).unwrap_or_default();
    let exit = result.as_ref().map_or_else(|error| error.exit, |exit| *exit);
    for run_id in &begun {
        let _ = Journal::end(folder, run_id, exit.code());
    }
    if let (Some(command), Err(error), true) = (change, result, begun.is_empty())
        && is_kept(error)
    {
        let message = one_line(&masked(&error.message), MESSAGE_WIDTH);
        let end = RunEnd { exit: exit.code(), error: Some(message) };
        let _ = Journal::never_began(folder, &journals::header(context, command), end);
    }
}

/// What was mistyped is no run.
fn is_kept(error: &CliError) -> bool {
    !error.is_closed_output && !matches!(error.exit, Exit::Done | Exit::Usage | Exit::NotFound)
}
