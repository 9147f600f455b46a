//! `feedback import` and `expectation import`: the whole file is checked, then its rows are sent in batches, or written as a
//! plan, which `apply` carries out later.

mod batch;
mod input;
mod plan;
mod report;

use std::time::Instant;

use self::batch::{Brought, Importer};
pub use self::input::decimal;
use self::input::{Found, Input};
pub use self::plan::{apply, planned_rows};
use self::report::RowTally;
use super::log_assessment::on_existing;
use super::{CommandResult, Context, selection};
use crate::annotations::{OnExisting, ResultsFile, Row};
use crate::changes::Deed;
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journal::Header;
use crate::changes::journals::{self, Locked};
use crate::changes::run::check_cap;
use crate::cli::{OutputFormat, RowsImportArgs};
use crate::error::CliError;
use crate::files::apart;
use crate::model::AssessmentKind;
use crate::progress::Progress;
use crate::store::Store;

/// Rows that are looked up together and then sent.
const BATCH: usize = 200;
/// Mistakes and failures that are named on standard error.
const NAMED: usize = 10;
/// How an import reports.
const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl];

pub async fn run(context: &mut Context<'_>, kind: AssessmentKind, args: RowsImportArgs) -> CommandResult {
    let command = format!("{} import", kind.as_str());
    let output = context.output(&command, FORMATS)?;
    let mut input = Input::open(context, kind, &args)?;
    let is_change = !args.dry_run && args.plan.is_none();
    // What is done already is read when nobody else does any more of it.
    let _lock = journals::lock_if(is_change, context, Locked::Assessments, &command, args.lock.patience()).await?;
    input.recall(args.results.as_deref())?;
    let mut found = input.check(context)?;
    check_cap(
        Deed::Change,
        args.cap.max,
        found.traces,
        "review what would be created with --dry-run, then raise the cap",
    )?;
    let is_real = is_change && found.pending > 0;
    let store = context.store()?;
    let mut importer = importer(context, &store, &args, &found).await?;
    importer.apart = std::mem::take(&mut found.apart);
    if let Some(file) = &args.plan {
        let file = (file.as_path(), input.sha256(&args.file)?);
        return plan::write(context, importer, (&input, &found), (kind, output), (&command, file)).await;
    }
    importer.dry_run = args.dry_run;
    if is_real {
        let header = Header {
            experiments: importer.experiments.clone(),
            hash: Some(input.sha256(&args.file)?),
            ..journals::header(context, &command)
        };
        importer.journal = AssessmentJournal::with_header(context, header)?;
    }
    let mut results = match args.results.clone() {
        Some(path) => Some(apart(move || ResultsFile::go_on(&path)).await??),
        None => None,
    };
    let tally = RowTally::new(kind, output, args.dry_run, found.done);
    let mut rows = input.rows(context)?;
    let next = || input.next_batch(&mut rows);
    let keep = |brought: &Brought<'_>| -> Result<(), CliError> {
        if let Some(results) = &mut results {
            results.write(&brought.outcome)?;
        }
        Ok(())
    };
    let (importer, tally) = bring_all(context, importer, found.pending, next, tally, keep).await?;
    let run_id = importer.journal.finish()?;
    tally.report(context, found.pending, run_id)
}

async fn importer<'a>(
    context: &mut Context<'_>,
    store: &'a Store,
    args: &RowsImportArgs,
    found: &Found,
) -> Result<Importer<'a>, CliError> {
    let server = store.writer()?;
    let named = if found.has_requests { selection::named_experiments(context, store).await? } else { vec![] };
    Ok(Importer {
        experiments: named.into_iter().map(|experiment| experiment.id).collect(),
        wait_until: args.wait.and_then(|wait| Instant::now().checked_add(wait.as_duration())),
        ..Importer::new(context, server, args.on_existing.map_or(OnExisting::Edits, on_existing))
    })
}

/// Brings batch after batch until there are none, somebody interrupts, or the server cannot be asked. `keep` hears of every
/// row. Fails if not even the first one could be tried.
async fn bring_all<'a>(
    context: &mut Context<'_>,
    mut importer: Importer<'a>,
    pending: u64,
    mut next: impl FnMut() -> Result<Vec<Row>, CliError>,
    mut tally: RowTally,
    mut keep: impl FnMut(&Brought<'_>) -> Result<(), CliError>,
) -> Result<(Importer<'a>, RowTally), CliError> {
    let progress = Progress::new(context.ui.verbosity().progress, Some(pending), "importing");
    let finishing = context.interrupt.finish_first();
    while !context.interrupt.requested() {
        let batch = next()?;
        if batch.is_empty() {
            break;
        }
        let sent = importer.bring(&batch, |brought| {
            progress.advance(1);
            keep(&brought)?;
            tally.add(context, &brought.outcome)
        });
        if let Err(error) = sent.await {
            if tally.is_empty() {
                return Err(error);
            }
            tally.stopped = Some(error.message);
            break;
        }
    }
    drop((progress, finishing));
    Ok((importer, tally))
}
