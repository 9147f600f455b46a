//! `experiments list` and `create`.

use serde_json::{Map, Value};

use super::selection::LIST_FORMATS;
use super::{CommandResult, Context};
use crate::cli::{ExperimentsCommand, ExperimentsCreateArgs, ExperimentsListArgs, OutputFormat};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, Lifecycle, rfc3339_utc};
use crate::output::{Record, RecordCell, RecordFormat, write_records};

pub async fn run(context: &mut Context<'_>, command: ExperimentsCommand) -> CommandResult {
    match command {
        ExperimentsCommand::List(args) => list(context, args).await,
        ExperimentsCommand::Create(args) => create(context, args).await,
    }
}

async fn list(context: &mut Context<'_>, args: ExperimentsListArgs) -> CommandResult {
    let format = context.output("experiments list", LIST_FORMATS)?;
    let store = context.store()?;
    let experiments = store.experiments(args.deleted).await?;
    let clock = context.ui.clock().clone();
    let records: Vec<Record> = experiments.iter().map(|experiment| record(experiment, &clock)).collect();
    write_list(context, format, &["id", "name", "state", "created"], &records)?;
    Ok(Exit::Done)
}

async fn create(context: &mut Context<'_>, args: ExperimentsCreateArgs) -> CommandResult {
    let formats = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Ids];
    let format = context.output("experiments create", formats)?;
    if args.name.trim().is_empty() {
        return Err(CliError::usage("the name of an experiment may not be empty"));
    }
    let store = context.store()?;
    let server = store.writer()?;
    server.check_takes_traces()?;
    let by_name = async || server.experiment_by_name(&args.name).await;
    if let Some(there) = by_name().await? {
        return Err(name_is_taken(&there));
    }
    let tags: Vec<_> = args.tag.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    let created = match server.create_experiment(&args.name, &tags, args.artifact_location.as_deref()).await {
        Ok(created) => created,
        // Somebody else may have been faster.
        Err(error) if error.is_refusal() => match by_name().await? {
            Some(there) => return Err(name_is_taken(&there)),
            None => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    let Some(created) = created.filter(|created| created.name == args.name) else {
        let message = format!("the server reported success, but experiment {:?} does not exist", args.name);
        return Err(CliError::new(Exit::Refused, message));
    };
    if format == OutputFormat::Json {
        let value = record(&created, context.ui.clock()).value;
        context.write_json(&value)?;
    } else {
        context.write_ids([created.id.as_str()])?;
    }
    context.ui.status(&format!("Created experiment {:?} (id {}).", created.name, created.id));
    Ok(Exit::Done)
}

/// A name is taken by a deleted experiment, too, until that is deleted for good.
fn name_is_taken(there: &Experiment) -> CliError {
    let Experiment { name, id, lifecycle, .. } = there;
    let taken = |how: &str| {
        CliError::new(Exit::Refused, format!("the experiment {name:?} (id {id}) {how}; nothing was created"))
    };
    match lifecycle {
        Lifecycle::Active => taken("already exists").hint(format!("`mlflow-trace search -x {id}` searches in it")),
        Lifecycle::Deleted => taken("is deleted, but its name is still taken")
            .hint("use another name; see taken names with `mlflow-trace experiments list --deleted`")
            .hint(format!("to restore it: `mlflow experiments restore --experiment-id {id}`")),
    }
}

/// How records are written; `None` for ids alone.
pub fn record_format(format: OutputFormat) -> Option<RecordFormat> {
    match format {
        OutputFormat::Table => Some(RecordFormat::Table),
        OutputFormat::Wide => Some(RecordFormat::Wide),
        OutputFormat::Json => Some(RecordFormat::Json),
        OutputFormat::Jsonl => Some(RecordFormat::Jsonl),
        OutputFormat::Csv => Some(RecordFormat::Csv),
        OutputFormat::Ids => None,
    }
}

/// Writes records in an output format; `headers` are those of the table.
pub fn write_list(
    context: &mut Context<'_>,
    format: OutputFormat,
    headers: &[&str],
    records: &[Record],
) -> Result<(), CliError> {
    context.page(format);
    let Some(format) = record_format(format) else {
        return Ok(context.write_ids(records.iter().map(|record| record.id.as_str()))?);
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
    let created = RecordCell::time(clock, experiment.creation_time_ms);
    let Experiment { id, name, lifecycle, .. } = experiment;
    let shown = vec![id.as_str().into(), name.as_str().into(), lifecycle.as_str().into(), created];
    Record { shown, value: Value::Object(value), id: experiment.id.to_string() }
}
