//! `export`: every match into one file, which appears only when it is whole.

use std::io::{self, Write};
use std::path::Path;

use super::selection;
use super::{CommandResult, Context};
use crate::cli::{ExportArgs, ExportFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::PartialFile;
use crate::filter::OrderBy;
use crate::model::Trace;
use crate::output::{Columns, CsvSink, JsonlSink, Sink, count};
use crate::progress::Progress;
use crate::store::{Query, Store, TraceFailure};

/// Failed traces that are named on standard error.
const NAMED: usize = 10;

pub async fn run(context: &mut Context<'_>, args: ExportArgs) -> CommandResult {
    let format = args.format.unwrap_or_else(|| format_of(&args.file));
    if let Some(output) = context.settings.output {
        return Err(CliError::usage(format!("export has no -o {}", output.as_str())).hint("give --format csv or jsonl"));
    }
    if format == ExportFormat::Jsonl && (args.fields.is_some() || args.csv_raw) {
        return Err(CliError::usage("--fields and --csv-raw are for CSV; JSON lines hold whole traces"));
    }
    let columns = args.fields.as_deref().map(Columns::parse).transpose()?;
    let filter = selection::filter(context, args.filter.as_deref(), &args.selection)?;
    let with_spans = args.spans || columns.as_ref().is_some_and(Columns::need_spans);
    let store = context.store()?;
    let target = if is_stdout(&args.file) {
        None
    } else {
        Some(PartialFile::create(&args.file).map_err(|error| unwritable(&args.file, &error))?)
    };
    let experiments = selection::experiments(context, &store, args.all_experiments).await?;
    if experiments.is_empty() && args.all_experiments {
        return Err(CliError::new(Exit::Refused, "the server has no experiments; nothing was exported"));
    }
    let query = selection::query(&experiments, filter, OrderBy::parse(&[])?);
    let progress = progress(context, &store, &query).await;
    let layout = Layout { format, columns, raw: args.csv_raw, with_spans };
    let exported = match target {
        Some(mut file) => {
            let exported = write_all(&store, &query, &mut file, layout, &progress).await?;
            file.finish().map_err(|error| unwritable(&args.file, &error))?;
            exported
        }
        None => write_all(&store, &query, context.ui.output(), layout, &progress).await?,
    };
    drop(progress);
    context.ui.flush()?;
    report(context, &args.file, exported)
}

/// What is written of each trace, and how.
struct Layout {
    format: ExportFormat,
    columns: Option<Columns>,
    raw: bool,
    with_spans: bool,
}

#[derive(Default)]
struct Exported {
    written: u64,
    failures: Vec<TraceFailure>,
}

async fn write_all(
    store: &Store,
    query: &Query,
    writer: &mut dyn Write,
    layout: Layout,
    progress: &Progress,
) -> Result<Exported, CliError> {
    let mut sink: Box<dyn Sink + '_> = match layout.format {
        ExportFormat::Jsonl => Box::new(JsonlSink::new(writer, None)),
        ExportFormat::Csv => {
            Box::new(CsvSink::new(writer, layout.columns.unwrap_or_else(Columns::for_csv), layout.raw))
        }
    };
    let mut exported = Exported::default();
    let mut walk = store.search(query, None)?;
    if layout.with_spans {
        let mut reader = store.read_spans(walk);
        while let Some(read) = reader.next().await? {
            sink.write(&exported.take(read))?;
            progress.advance(1);
        }
    } else {
        while let Some(page) = walk.next_page().await? {
            for trace in page {
                sink.write(&exported.take(Ok(trace)))?;
                progress.advance(1);
            }
        }
    }
    sink.finish()?;
    Ok(exported)
}

impl Exported {
    /// The trace to write; one that could not be read whole is written as far as it is there, and reported.
    fn take(&mut self, read: Result<Trace, TraceFailure>) -> Trace {
        self.written += 1;
        read.unwrap_or_else(|failure| {
            let trace = (*failure.trace).clone();
            self.failures.push(failure);
            trace
        })
    }
}

async fn progress(context: &Context<'_>, store: &Store, query: &Query) -> Progress {
    let visible = context.ui.verbosity().progress;
    let total = if visible { store.known_total(query).await } else { None };
    Progress::new(visible, total, "exporting")
}

fn report(context: &mut Context<'_>, file: &Path, exported: Exported) -> CommandResult {
    let name = if is_stdout(file) { "standard output".to_owned() } else { file.display().to_string() };
    let plural = if exported.written == 1 { "trace" } else { "traces" };
    context.ui.status(&format!("Wrote {} {plural} to {name}.", count(exported.written)));
    let failures = exported.failures;
    if failures.is_empty() {
        return Ok(Exit::Done);
    }
    for failure in failures.iter().take(NAMED) {
        context.ui.warning(&format!("{}: {}", failure.trace_id, failure.error));
    }
    let message = format!(
        "the spans of {} of {} traces could not be read; they were written without spans",
        failures.len(),
        exported.written
    );
    Err(CliError::new(Exit::Partial, message))
}

fn format_of(file: &Path) -> ExportFormat {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some(extension) if extension.eq_ignore_ascii_case("csv") => ExportFormat::Csv,
        _ => ExportFormat::Jsonl,
    }
}

fn is_stdout(file: &Path) -> bool {
    file == Path::new("-")
}

fn unwritable(file: &Path, error: &io::Error) -> CliError {
    let closed = error.kind() == io::ErrorKind::BrokenPipe;
    CliError {
        is_closed_output: closed,
        ..CliError::new(Exit::Unexpected, format!("cannot write {}: {error}", file.display()))
    }
}
