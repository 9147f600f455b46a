//! `feedback import` and `expectation import`: the whole file is checked, then its rows are sent in batches, or written as a
//! plan, which `apply` carries out later.

mod input;

use std::time::Instant;

pub use self::input::decimal;
use super::log_assessment::on_existing;
use super::{CommandResult, Context, selection};
use crate::annotations::{FoundRows, OnExisting};
use crate::changes::annotations::{Importer, ROW_FORMATS, RowSource, RowsRun};
use crate::changes::journal::Header;
use crate::changes::journals::{self, Locked};
use crate::changes::run::{Terms, carry_out};
use crate::cli::RowsImportArgs;
use crate::error::CliError;
use crate::model::AssessmentKind;
use crate::store::Store;

pub async fn run(context: &mut Context<'_>, kind: AssessmentKind, args: RowsImportArgs) -> CommandResult {
    let command = format!("{} import", kind.as_str());
    let format = context.output(&command, ROW_FORMATS)?;
    let mut file = input::open(context, kind, &args)?;
    let is_change = !args.dry_run && args.plan.is_none();
    // What is done already is read when nobody else does any more of it.
    let _lock = journals::lock_if(is_change, context, Locked::Assessments, &command, args.lock.patience()).await?;
    file.recall(args.results.as_deref())?;
    let mut found = input::check(context, &file)?;
    let store = context.store()?;
    let mut importer = importer(context, &store, &args, &found).await?;
    importer.apart = std::mem::take(&mut found.apart);
    let header = Header {
        experiments: importer.experiments.clone(),
        hash: Some(file.sha256().map_err(|error| input::unreadable(&args.file, &error))?),
        ..journals::header(context, &command)
    };
    let (results, save_to) = (args.results, args.plan);
    let source = RowSource::File(Box::new(file), found);
    let mut change = RowsRun { importer, source, kind, format, header, results, save_to };
    let terms = Terms { most: args.cap.max, is_dry_run: args.dry_run, ..Terms::default() };
    Ok(carry_out(context, &mut change, terms).await?)
}

async fn importer<'a>(
    context: &mut Context<'_>,
    store: &'a Store,
    args: &RowsImportArgs,
    found: &FoundRows,
) -> Result<Importer<'a>, CliError> {
    let server = store.writer()?;
    let named = if found.has_requests { selection::named_experiments(context, store).await? } else { vec![] };
    Ok(Importer {
        experiments: named.into_iter().map(|experiment| experiment.id).collect(),
        wait_until: args.wait.and_then(|wait| Instant::now().checked_add(wait.as_duration())),
        ..Importer::new(context, server, args.on_existing.map_or(OnExisting::Edits, on_existing))
    })
}
