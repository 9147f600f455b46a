//! `runs list` and `runs show`: the journals of what was changed.

mod records;

use self::records::{changes, command, record_of_entry, record_of_run, started};
use super::experiments::write_list;
use super::selection::LIST_FORMATS;
use super::{CommandResult, Context};
use crate::changes::journal::{Header, RunOutcome, Summary};
use crate::changes::journals;
use crate::cli::{OutputFormat, RunsListArgs, RunsShowArgs};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Record;

pub fn list(context: &mut Context<'_>, _args: &RunsListArgs) -> CommandResult {
    let format = context.output("runs list", LIST_FORMATS)?;
    let runs = journals::summaries(context)?;
    let clock = context.ui.clock().clone();
    let records: Vec<Record> = runs.iter().map(|run| record_of_run(run, &clock)).collect();
    write(context, format, &["started", "run", "command", "outcome", "changes", "server", "experiments"], &records)?;
    Ok(Exit::Done)
}

pub fn show(context: &mut Context<'_>, args: &RunsShowArgs) -> CommandResult {
    let format = context.output("runs show", LIST_FORMATS)?;
    let run_id = match &args.run_id {
        Some(run_id) => run_id.clone(),
        None => journals::summaries(context)?.pop().ok_or_else(none)?.header.run_id,
    };
    let mut recorded = journals::read(context, &run_id)?;
    let entries = std::mem::take(&mut recorded.entries);
    let records: Vec<Record> = entries.iter().map(|entry| record_of_entry(entry, &recorded.archives)).collect();
    write(context, format, &["trace_id", "action", "of", "before", "after", "result", "reason"], &records)?;
    recorded.entries = entries;
    let run = recorded.summary();
    let ending = ending(&run, context.ui.clock());
    context.ui.status(&ending);
    for archive in &run.archives {
        context.ui.status(&format!("Archived to {archive}."));
    }
    Ok(Exit::Done)
}

fn none() -> CliError {
    CliError::new(Exit::NotFound, "there are no runs yet").hint("journals are read from MLFLOW_TRACE_STATE_DIR")
}

fn write(
    context: &mut Context<'_>,
    format: OutputFormat,
    headers: &[&str],
    records: &[Record],
) -> Result<(), CliError> {
    write_list(context, format, headers, records)
}

/// Which run it was and how it ended.
fn ending(run: &Summary, clock: &Clock) -> String {
    let Header { run_id, place, .. } = &run.header;
    let (command, began) = (command(&run.header), started(&run.header, clock));
    let because = run.ended.as_ref().and_then(|end| end.error.as_ref());
    let because = because.map_or_else(String::new, |error| format!(": {error}"));
    let outcome = run.outcome.phrase();
    let did = match run.outcome {
        RunOutcome::NotBegun => String::new(),
        _ => format!("; {}", changes(run.counts, true)),
    };
    format!("{run_id}: {command} on {place}, {began}: {outcome}{because}{did}.")
}
