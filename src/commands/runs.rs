//! `runs list` and `runs show`: the journals of what was changed.

use serde_json::{Value, json};

use super::experiments::write_list;
use super::selection::LIST_FORMATS;
use super::{CommandResult, Context, journals};
use crate::changes::journal::{Action, Entry, Header, Recorded};
use crate::cli::{OutputFormat, RunsListArgs, RunsShowArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{Record, count, one_line};

const VALUE_WIDTH: usize = 40;

pub fn list(context: &mut Context<'_>, _args: &RunsListArgs) -> CommandResult {
    let format = context.output("runs list", LIST_FORMATS)?;
    let runs = journals::list(context)?;
    let records: Vec<Record> = runs.iter().map(record_of_run).collect();
    write(context, format, &["run", "command", "server", "experiments"], &records)?;
    Ok(Exit::Done)
}

pub fn show(context: &mut Context<'_>, args: &RunsShowArgs) -> CommandResult {
    let format = context.output("runs show", LIST_FORMATS)?;
    let recorded = journals::read(context, &args.run_id)?;
    let records: Vec<Record> = recorded.entries.iter().map(record_of_entry).collect();
    write(context, format, &["trace_id", "action", "of", "before", "after", "result", "reason"], &records)?;
    context.ui.status(&ending(&recorded));
    Ok(Exit::Done)
}

fn write(
    context: &mut Context<'_>,
    format: OutputFormat,
    headers: &[&str],
    records: &[Record],
) -> Result<(), CliError> {
    write_list(context, format, headers, records)
}

/// How a run ended.
fn ending(recorded: &Recorded) -> String {
    let Header { command, place, undoes, .. } = &recorded.header;
    let of = undoes.as_ref().map_or_else(String::new, |run| format!(" of {run}"));
    let entries = count(recorded.entries.len() as u64);
    match recorded.finished {
        Some(counts) => format!(
            "{command}{of} on {place}: {} planned, {} done, {} not attempted.",
            count(counts.planned),
            count(counts.done),
            count(counts.not_attempted)
        ),
        None => {
            format!("{command}{of} on {place} did not end by itself, or has not ended yet: {entries} so far.")
        }
    }
}

fn record_of_run(header: &Header) -> Record {
    let experiments: Vec<&str> = header.experiments.iter().map(crate::model::ExperimentId::as_str).collect();
    let command = match &header.undoes {
        Some(run) => format!("{} {run}", header.command),
        None => header.command.clone(),
    };
    let shown = vec![header.run_id.clone(), command, header.place.to_string(), experiments.join(", ")];
    Record { shown, value: serde_json::to_value(header).unwrap_or(Value::Null), id: header.run_id.clone() }
}

fn record_of_entry(entry: &Entry) -> Record {
    let value = serde_json::to_value(entry).unwrap_or_else(|_| json!({}));
    let of = match &entry.action {
        Action::Delete => String::new(),
        Action::DeleteArtifacts { location } => location.clone(),
        Action::SetTag { key } | Action::DeleteTag { key } => key.clone(),
        Action::CreateAssessment { assessment_id }
        | Action::UpdateAssessment { assessment_id }
        | Action::DeleteAssessment { assessment_id } => assessment_id.clone(),
    };
    let text = |value: &Option<Value>| match value {
        None => String::new(),
        Some(Value::String(text)) => one_line(text, VALUE_WIDTH),
        Some(other) => one_line(&other.to_string(), VALUE_WIDTH),
    };
    let shown = vec![
        entry.trace_id.to_string(),
        value["action"].as_str().unwrap_or_default().replace('_', " "),
        of,
        text(&entry.before),
        text(&entry.after),
        entry.outcome.as_str().to_owned(),
        entry.reason.clone().unwrap_or_default(),
    ];
    Record { shown, value, id: entry.trace_id.to_string() }
}
