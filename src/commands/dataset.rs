//! `dataset list`, `create` and `add`.

mod add;

use serde_json::{Value, json};

use super::experiments::write_list;
use super::selection::{self, LIST_FORMATS};
use super::{CommandResult, Context};
use crate::cli::{DatasetCommand, DatasetCreateArgs, DatasetListArgs, OutputFormat};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Dataset, ExperimentId, rfc3339_utc};
use crate::output::{Record, RecordCell};
use crate::store::Store;

pub async fn run(context: &mut Context<'_>, command: DatasetCommand) -> CommandResult {
    match command {
        DatasetCommand::List(args) => list(context, args).await,
        DatasetCommand::Create(args) => create(context, args).await,
        DatasetCommand::Add(args) => add::run(context, *args).await,
    }
}

async fn list(context: &mut Context<'_>, args: DatasetListArgs) -> CommandResult {
    let format = context.output("dataset list", LIST_FORMATS)?;
    let store = context.store()?;
    store.datasets()?;
    let experiments = experiments(context, &store, args.all_experiments).await?;
    let datasets = if experiments.is_empty() { Vec::new() } else { store.datasets()?.list(&experiments).await? };
    let clock = context.ui.clock().clone();
    let records: Vec<Record> = datasets.iter().map(|dataset| record(dataset, &clock)).collect();
    write_list(context, format, &["id", "name", "records", "created"], &records)?;
    if datasets.is_empty() {
        context.ui.flush()?;
        context.ui.status("no evaluation datasets; create one with `mlflow-trace dataset create NAME`");
    }
    Ok(Exit::Done)
}

async fn create(context: &mut Context<'_>, args: DatasetCreateArgs) -> CommandResult {
    let formats = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Ids];
    let format = context.output("dataset create", formats)?;
    if args.name.trim().is_empty() {
        return Err(CliError::usage("the name of a dataset may not be empty"));
    }
    let store = context.store()?;
    let datasets = store.datasets()?;
    store.writer()?;
    let experiments = experiments(context, &store, false).await?;
    // The server would make a second one.
    if let Some(there) = datasets.list(&experiments).await?.into_iter().find(|dataset| dataset.name == args.name) {
        let message = format!("the dataset {:?} (id {}) already exists; nothing was created", there.name, there.id);
        return Err(CliError::new(Exit::Refused, message)
            .hint(format!("`mlflow-trace dataset add {} FILTER` adds traces to it", there.id)));
    }
    let tags: Vec<_> = args.tag.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    let created = datasets
        .create(&args.name, &tags, &experiments)
        .await
        .map_err(|error| CliError::from(error).hint("see whether it was created with `mlflow-trace dataset list`"))?;
    if format == OutputFormat::Json {
        let value = record(&created, context.ui.clock()).value;
        context.write_json(&value)?;
    } else {
        context.write_ids([created.id.as_str()])?;
    }
    context.ui.status(&format!("Created dataset {:?} (id {}).", created.name, created.id));
    Ok(Exit::Done)
}

/// The experiments that are meant; at least one, unless there is none at all.
async fn experiments(
    context: &mut Context<'_>,
    store: &Store,
    all_experiments: bool,
) -> Result<Vec<ExperimentId>, CliError> {
    let experiments = selection::experiments(context, store, all_experiments).await?;
    Ok(experiments.into_iter().map(|experiment| experiment.id).collect())
}

fn record(dataset: &Dataset, clock: &Clock) -> Record {
    let time = |ms: Option<i64>| ms.map_or(Value::Null, |ms| rfc3339_utc(ms).into());
    let value = json!({
        "dataset_id": dataset.id,
        "name": dataset.name,
        "records": dataset.records,
        "tags": dataset.tags,
        "experiment_ids": dataset.experiments,
        "created_time": time(dataset.created_ms),
        "last_update_time": time(dataset.last_update_ms),
    });
    let records = dataset.records.map_or_else(String::new, |records| records.to_string());
    let created = RecordCell::time(clock, dataset.created_ms);
    let shown = vec![dataset.id.as_str().into(), dataset.name.as_str().into(), records.into(), created];
    Record { shown, value, id: dataset.id.clone() }
}
