//! `experiments list`.

use serde_json::{Map, Value};

use super::selection::LIST_FORMATS;
use super::trace_ids;
use super::{CommandResult, Context};
use crate::cli::{ExperimentsListArgs, OutputFormat};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, rfc3339_utc};
use crate::output::{Record, RecordFormat, write_records};

pub async fn list(context: &mut Context<'_>, args: ExperimentsListArgs) -> CommandResult {
    let format = context.output("experiments list", LIST_FORMATS)?;
    let store = context.store()?;
    let experiments = store.experiments(args.deleted).await?;
    let clock = context.ui.clock().clone();
    let records: Vec<Record> = experiments.iter().map(|experiment| record(experiment, &clock)).collect();
    write_list(context, format, &["id", "name", "state", "created"], &records)?;
    Ok(Exit::Done)
}

/// Writes records in an output format; `headers` are those of the table.
pub fn write_list(
    context: &mut Context<'_>,
    format: OutputFormat,
    headers: &[&str],
    records: &[Record],
) -> Result<(), CliError> {
    let format = match format {
        OutputFormat::Table => RecordFormat::Table,
        OutputFormat::Json => RecordFormat::Json,
        OutputFormat::Jsonl => RecordFormat::Jsonl,
        OutputFormat::Csv => RecordFormat::Csv,
        OutputFormat::Ids => return trace_ids::write(context, records.iter().map(|record| record.id.as_str())),
    };
    let width = context.ui.terminals().width.filter(|_| context.ui.terminals().output);
    Ok(write_records(context.ui.output(), format, headers, records, width)?)
}

fn record(experiment: &Experiment, clock: &Clock) -> Record {
    let mut value = Map::new();
    value.insert("experiment_id".into(), experiment.id.as_str().into());
    value.insert("name".into(), experiment.name.as_str().into());
    value.insert("lifecycle_stage".into(), experiment.lifecycle.as_str().into());
    for (key, time) in
        [("creation_time", experiment.creation_time_ms), ("last_update_time", experiment.last_update_time_ms)]
    {
        value.insert(key.into(), time.map_or(Value::Null, |ms| rfc3339_utc(ms).into()));
    }
    value.insert("artifact_location".into(), experiment.artifact_location.as_deref().map_or(Value::Null, Value::from));
    let created = experiment.creation_time_ms.map_or_else(String::new, |ms| clock.local(ms));
    let shown = vec![experiment.id.to_string(), experiment.name.clone(), experiment.lifecycle.as_str().into(), created];
    Record { shown, value: Value::Object(value), id: experiment.id.to_string() }
}
