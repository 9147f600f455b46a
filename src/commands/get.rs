//! `get`: traces with their spans.

mod last_error;
mod views;

use std::num::NonZeroUsize;

use super::{CommandResult, Context, trace_ids, words};
use crate::cli::{GetArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Trace, TraceId};
use crate::output::{count, count_traces};
use crate::store::{FailureKind, Store, StoreError, TraceFailure};

/// Traces that are in memory at once.
const BATCH: usize = 40;

pub async fn run(context: &mut Context<'_>, args: GetArgs) -> CommandResult {
    let format = context.output("get", &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl])?;
    for word in &args.trace_ids {
        words::refuse_filter(word, "mlflow-trace search -o ids", "finds the ids; `mlflow-trace get -` reads them")?;
    }
    views::check(&args.views)?;
    let failed = last_error::filter(context, &args)?;
    let mut ids = trace_ids::read(context, &args.trace_ids)?;
    if let Some(most) = args.limit.map(NonZeroUsize::get).filter(|most| *most < ids.len()) {
        context.ui.status(&format!("the first {} of {}", count(most as u64), count_traces(ids.len() as u64)));
        ids.truncate(most);
    }
    let store = context.verified_store(args.verify).await?;
    if let Some(filter) = failed {
        let Some(newest) = last_error::newest(context, &store, filter, args.all_experiments).await? else {
            return Ok(Exit::Done);
        };
        ids = vec![newest];
    }
    let ids = trace_ids::complete(context, &store, &args.trace_ids, ids).await?;
    context.page(format);
    let is_one = ids.len() == 1 && args.trace_ids != ["-"];
    let mut sink = views::sink(context, args.views, format, is_one);
    let mut lost = Lost::default();
    for batch in ids.chunks(BATCH) {
        for trace in read_batch(&store, batch, &mut lost).await? {
            lost.shown += 1;
            sink.write(&trace)?;
        }
    }
    if lost.absent.len() < ids.len() || ids.is_empty() {
        sink.finish()?;
    }
    drop(sink);
    context.ui.flush()?;
    lost.report(context)
}

/// What is not shown, or not all of it.
#[derive(Default)]
struct Lost {
    shown: usize,
    /// Traces that do not exist.
    absent: Vec<TraceId>,
    /// What is not shown.
    errors: Vec<CliError>,
    /// Traces that have not ended.
    open: Vec<StoreError>,
}

/// The traces with their spans, or with those that are there, or with none: what is missing is noted.
async fn read_batch(store: &Store, ids: &[TraceId], lost: &mut Lost) -> Result<Vec<Trace>, CliError> {
    let looked = store.traces(ids).await?;
    lost.absent.extend(looked.absent);
    lost.errors.extend(looked.unseen.into_iter().map(|unseen| StoreError::from(unseen).into()));
    let read = store.whole(looked.found).await;
    Ok(read.into_iter().filter_map(|read| read.map_or_else(|failure| lost.note(failure), Some)).collect())
}

impl Lost {
    /// Notes why a trace is not whole; returns what there is to show of it.
    fn note(&mut self, failure: TraceFailure) -> Option<Trace> {
        let (kind, trace) = (failure.kind(), *failure.trace);
        let is_shown = !failure.error.concerns_all() && kind != FailureKind::Gone;
        if kind == FailureKind::InProgress && trace.spans.is_some() {
            self.open.push(failure.error);
        } else {
            self.errors.push(unread(&failure.trace_id, failure.error));
        }
        is_shown.then_some(trace)
    }

    /// Whole or partial failure, each with all that is known about it.
    fn report(self, context: &mut Context<'_>) -> CommandResult {
        for open in self.open {
            context.ui.warning(&open.to_string());
        }
        let mut errors = self.errors;
        if !self.absent.is_empty() {
            let error = CliError::from(StoreError::UnknownTraces(self.absent)).of_reading();
            errors.push(trace_ids::not_begun(context, error));
        }
        let Some(mut last) = errors.pop() else { return Ok(Exit::Done) };
        for error in errors {
            context.ui.warning(&error.message);
        }
        if self.shown > 0 {
            last.exit = Exit::Partial;
        }
        Err(last)
    }
}

/// Why the spans of a trace are not shown.
fn unread(id: &TraceId, error: StoreError) -> CliError {
    let is_of_server = matches!(error, StoreError::Server(_));
    let error = CliError::from(error);
    if !is_of_server {
        return error;
    }
    CliError { message: format!("the spans of trace {id} cannot be read: {}", error.message), ..error }
        .hint("see the server's log; it may not reach its artifact store")
}
