//! `dataset add`: traces become records, which are sent and then read back.

mod added;

use self::added::Added;
use crate::analysis::records::{Present, Records};
use crate::cli::{DatasetAddArgs, OutputFormat};
use crate::commands::gather::{ReadScope, gather};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::{Dataset, Trace};
use crate::output::count_traces;
use crate::store::Datasets;

/// Records of one request at most, and their bytes unless one alone has more.
const MOST: usize = 100;
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// More than anybody evaluates at once; they are all held in memory.
const MOST_TRACES: u64 = 10_000;

pub async fn run(context: &mut Context<'_>, args: DatasetAddArgs) -> CommandResult {
    let format = context.output("dataset add", &[OutputFormat::Table, OutputFormat::Json])?;
    // Before the dataset is looked up.
    if let Some(text) = args.read.filter.text().filter(|text| *text != "-") {
        Filter::parse_at(text, context.ui.clock().now_ms())?;
    }
    let store = context.store()?;
    let datasets = store.datasets()?;
    store.writer()?;
    let experiments = super::experiments(context, &store, args.read.reading.all_experiments).await?;
    let dataset = named(datasets.list(&experiments).await?, &args.dataset)?;
    let mut records = Records::default();
    let mut over = 0;
    let mut take = |trace: &Trace| if records.traces < MOST_TRACES { records.add(trace) } else { over += 1 };
    let gathered = gather(context, &args.read, ReadScope { spans: true, ..ReadScope::default() }, &mut take).await?;
    if over > 0 {
        let message = format!("{} are too many for a dataset; nothing was added", count_traces(over + records.traces));
        return Err(CliError::new(Exit::SafetyStop, message)
            .hint("draw some of them with `mlflow-trace sample` and pass their ids with -"));
    }
    let before = present(datasets, &dataset, &records).await?;
    let after = if args.dry_run { before } else { send(datasets, &dataset, &records).await? };
    let added = Added { dataset, records, before, after };
    if format == OutputFormat::Json {
        context.write_json(&added.value(args.dry_run))?;
        context.ui.flush()?;
    }
    added.tell(context, args.dry_run);
    gathered.report(context, args.read.fail_if_empty, false).await?;
    if args.dry_run { Ok(Exit::Done) } else { added.is_complete() }
}

/// The dataset of an id or a name.
fn named(datasets: Vec<Dataset>, wanted: &str) -> Result<Dataset, CliError> {
    let mut meant: Vec<_> = datasets.into_iter().filter(|one| one.id == wanted || one.name == wanted).collect();
    match (meant.pop(), meant.len()) {
        (Some(dataset), 0) => Ok(dataset),
        (Some(last), _) => {
            let ids: Vec<_> = meant.iter().chain([&last]).map(|one| one.id.as_str()).collect();
            Err(CliError::usage(format!("several datasets are called {wanted:?}: {}", ids.join(", ")))
                .hint("give the id of one of them"))
        }
        (None, _) => Err(CliError::new(Exit::NotFound, format!("there is no dataset {wanted:?}; nothing was added"))
            .hint("see all with `mlflow-trace dataset list --all-experiments`")
            .hint("to create one: `mlflow-trace dataset create NAME`")),
    }
}

/// How many of the records a dataset has.
async fn present(datasets: &dyn Datasets, dataset: &Dataset, records: &Records) -> Result<Present, CliError> {
    let mut present = Present::default();
    if !records.is_empty() {
        datasets.records(&dataset.id, &mut |stored| records.compare(&mut present, &stored)).await?;
    }
    Ok(present)
}

/// Sends the records and looks what of them is there afterwards.
async fn send(datasets: &dyn Datasets, dataset: &Dataset, records: &Records) -> Result<Present, CliError> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for record in records.all() {
        let size = record.to_string().len();
        if !batch.is_empty() && (batch.len() == MOST || bytes + size > MOST_BYTES) {
            datasets.add(&dataset.id, &std::mem::take(&mut batch)).await.map_err(unfinished)?;
            bytes = 0;
        }
        batch.push(record);
        bytes += size;
    }
    if !batch.is_empty() {
        datasets.add(&dataset.id, &batch).await.map_err(unfinished)?;
    }
    present(datasets, dataset, records).await
}

fn unfinished(error: crate::store::StoreError) -> CliError {
    CliError::from(error).hint("some records may have been added; run it again, which adds none twice")
}
