//! `feedback import` and `expectation import`: the whole file is checked, then its rows are sent in batches.

mod batch;
mod report;

use std::path::Path;
use std::time::Instant;

use self::batch::Importer;
use self::report::Tally;
use super::assessment_journal::AssessmentJournal;
use super::journals::{self, Locked};
use super::{CommandResult, Context, selection};
use crate::annotations::{FileFormat, OnExisting, Place, Problem, Reading, Recorded, ResultsFile};
use crate::annotations::{Row, Rows, Spooled, ValueKind};
use crate::cli::{OnExistingChoice, OutputFormat, RowFormat, RowValueType, RowsImportArgs, SourceType};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::AssessmentKind;
use crate::output::count;
use crate::progress::Progress;

/// Rows that are looked up together and then sent.
const BATCH: usize = 200;
/// Mistakes and failures that are named on standard error.
const NAMED: usize = 10;

pub async fn run(context: &mut Context<'_>, kind: AssessmentKind, args: RowsImportArgs) -> CommandResult {
    let command = format!("{} import", kind.as_str());
    let output = context.output(&command, &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl])?;
    let reading = reading(kind, &args)?;
    let format = file_format(args.format, &args.file)?;
    let file = open(context, &args.file)?;
    // What is done is read when nobody else does any more of it.
    let _lock = journals::lock_if(!args.dry_run, context, Locked::Assessments, &command, &args.lock).await?;
    let recorded = args.results.as_deref().map(Recorded::read).transpose()?.unwrap_or_default();
    let found = check(context, &file, format, &reading, &recorded)?;
    let store = context.store()?;
    let server = store.writer()?;
    let experiments = if found.has_requests { selection::named_experiments(context, &store).await? } else { vec![] };
    let experiments: Vec<_> = experiments.into_iter().map(|experiment| experiment.id).collect();
    let is_real = !args.dry_run && found.pending > 0;
    let journal = if is_real {
        AssessmentJournal::begin(context, &command, experiments.clone())?
    } else {
        AssessmentJournal::none()
    };
    let mut results = args.results.as_deref().map(ResultsFile::go_on).transpose()?;
    let progress = Progress::new(context.ui.verbosity().progress, Some(found.pending), "importing");
    let finishing = context.interrupt.finish_first();
    let mut tally = Tally::new(kind, output, args.dry_run, found.done);
    let mut importer = Importer {
        server,
        experiments,
        on_existing: on_existing(args.on_existing),
        dry_run: args.dry_run,
        wait_until: args.wait.and_then(|wait| Instant::now().checked_add(wait.as_duration())),
        concurrency: context.settings.http.concurrency.map_or(batch::CONCURRENCY, std::num::NonZeroUsize::get),
        now: crate::model::rfc3339_utc(context.ui.clock().now_ms()),
        interrupt: context.interrupt.clone(),
        journal,
        known: batch::Known::default(),
    };
    let mut rows = Rows::open(&file, format, &reading).map_err(|problems| unusable(context, &problems, 0))?;
    while !context.interrupt.requested() {
        let batch = next_batch(&mut rows, &recorded)?;
        if batch.is_empty() {
            break;
        }
        let sent = importer.bring(&batch, |outcome| {
            progress.advance(1);
            if let Some(results) = &mut results {
                results.write(&outcome)?;
            }
            tally.add(context, &outcome)
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
    let way_back = importer.journal.finish()?;
    tally.report(context, found.pending, way_back)
}

fn reading(kind: AssessmentKind, args: &RowsImportArgs) -> Result<Reading, CliError> {
    let maps = args.map.iter().map(|map| map.parse());
    let maps =
        maps.collect::<Result<_, _>>().map_err(|error| CliError::usage(format!("cannot read --map: {error}")))?;
    let value_kind = args.value_type.map(|kind| match kind {
        RowValueType::Number => ValueKind::Number,
        RowValueType::Boolean => ValueKind::Boolean,
        RowValueType::Text => ValueKind::Text,
        RowValueType::Json => ValueKind::Json,
    });
    Ok(Reading {
        kind,
        maps,
        value_kind,
        source_type: args.source_type.map(SourceType::as_str),
        source_id: args.source_id.clone().filter(|id| !id.is_empty()),
        ignore_unknown: args.ignore_unknown_columns,
    })
}

fn on_existing(choice: OnExistingChoice) -> OnExisting {
    match choice {
        OnExistingChoice::Skip => OnExisting::Skip,
        OnExistingChoice::Override => OnExisting::Override,
        OnExistingChoice::Append => OnExisting::Append,
    }
}

fn file_format(format: Option<RowFormat>, file: &Path) -> Result<FileFormat, CliError> {
    match format {
        Some(RowFormat::Csv) => Ok(FileFormat::Csv),
        Some(RowFormat::Jsonl) => Ok(FileFormat::Jsonl),
        None => FileFormat::of_file(file).ok_or_else(|| {
            CliError::usage(format!("the name {:?} does not tell the format", file.display().to_string()))
                .hint("give --format csv or --format jsonl")
        }),
    }
}

fn open(context: &mut Context<'_>, path: &Path) -> Result<Spooled, CliError> {
    let opened = if path == Path::new("-") { Spooled::stream(context.ui.input()) } else { Spooled::file(path) };
    opened.map_err(|error| CliError::usage(format!("cannot read the rows of {}: {error}", path.display())))
}

/// What a file holds.
struct Found {
    /// Rows that are to be sent.
    pending: u64,
    /// Rows that an earlier run brought.
    done: u64,
    /// Whether traces have to be searched by the ids of their requests.
    has_requests: bool,
}

/// Reads the whole file, so that every mistake in it is found before anything is sent.
fn check(
    context: &mut Context<'_>,
    file: &Spooled,
    format: FileFormat,
    reading: &Reading,
    recorded: &Recorded,
) -> Result<Found, CliError> {
    let mut found = Found { pending: 0, done: 0, has_requests: false };
    let (mut problems, mut wrong) = (Vec::new(), 0);
    let rows = Rows::open(file, format, reading).map_err(|problems| unusable(context, &problems, 0))?;
    for row in rows {
        match row {
            Ok(row) if recorded.fate(&row)?.is_some() => found.done += 1,
            Ok(row) => {
                found.pending += 1;
                found.has_requests |= matches!(row.place, Place::Request(_));
            }
            Err(problem) => {
                wrong += 1;
                if problems.len() < NAMED {
                    problems.push(problem);
                }
            }
        }
    }
    if wrong > 0 { Err(unusable(context, &problems, wrong)) } else { Ok(found) }
}

fn unusable(context: &mut Context<'_>, problems: &[Problem], wrong: u64) -> CliError {
    for problem in problems {
        context.ui.warning(&problem.to_string());
    }
    let message = match wrong {
        0 => "the columns of the file cannot be used; nothing was sent".to_owned(),
        1 => "1 row of the file cannot be used; nothing was sent".to_owned(),
        _ => format!("{} rows of the file cannot be used; nothing was sent", count(wrong)),
    };
    CliError::usage(message).hint("--map FIELD=COLUMN names columns, --ignore-unknown-columns leaves others out")
}

/// The next rows that are to be sent; none at the end.
fn next_batch(rows: &mut Rows<'_>, recorded: &Recorded) -> Result<Vec<Row>, CliError> {
    let mut batch = Vec::new();
    for row in rows {
        let row = row.map_err(|problem| {
            CliError::new(Exit::Partial, format!("the file changed while it was read: {problem}"))
        })?;
        if recorded.fate(&row)?.is_none() {
            batch.push(row);
        }
        if batch.len() >= BATCH {
            break;
        }
    }
    Ok(batch)
}
