//! `get`: traces with their spans.

use std::collections::HashSet;

use super::{CommandResult, Context, trace_ids};
use crate::cli::{GetArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Trace, TraceId};
use crate::output::{JsonSink, JsonlSink, Sink, TreeOptions, write_tree};
use crate::store::{Store, StoreError};

/// Traces that are in memory at once.
const BATCH: usize = 40;

pub async fn run(context: &mut Context<'_>, args: GetArgs) -> CommandResult {
    let format = context.output("get", &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl])?;
    let ids = trace_ids::read(context, &args.trace_ids)?;
    let store = context.verified_store(args.verify).await?;
    let is_one = ids.len() == 1 && args.trace_ids != ["-"];
    let tree = TreeOptions {
        content: args.content,
        color: context.ui.verbosity().color_output,
        clock: context.ui.clock().clone(),
    };
    let output = context.ui.output();
    let mut sink: Box<dyn Sink + '_> = match format {
        OutputFormat::Json if is_one => Box::new(JsonlSink::new(output, None)),
        OutputFormat::Json => Box::new(JsonSink::new(output, None)),
        OutputFormat::Jsonl => Box::new(JsonlSink::new(output, None)),
        _ => Box::new(TreeSink { output, options: tree, written: false }),
    };
    let (mut missing, mut failures) = (Vec::new(), Vec::new());
    for batch in ids.chunks(BATCH) {
        for read in read_batch(&store, batch, &mut missing).await? {
            match read {
                Ok(trace) => sink.write(&trace)?,
                Err(failure) => failures.push(failure),
            }
        }
    }
    if missing.len() < ids.len() || ids.is_empty() {
        sink.finish()?;
    }
    drop(sink);
    context.ui.flush()?;
    let done = ids.len() - missing.len() - failures.len();
    report(context, missing, failures, done)
}

async fn read_batch(
    store: &Store,
    ids: &[TraceId],
    missing: &mut Vec<TraceId>,
) -> Result<Vec<Result<Trace, StoreError>>, CliError> {
    let traces = store.traces(ids).await?;
    let known: HashSet<TraceId> = traces.iter().map(|trace| trace.info.trace_id.clone()).collect();
    missing.extend(ids.iter().filter(|id| !known.contains(id)).cloned());
    let read = store.with_spans(traces).await;
    Ok(read.into_iter().map(|read| read.map_err(|failure| failure.error)).collect())
}

/// Whole or partial failure, each with all that is known of it.
fn report(context: &mut Context<'_>, missing: Vec<TraceId>, failures: Vec<StoreError>, done: usize) -> CommandResult {
    let mut errors: Vec<CliError> = failures.into_iter().map(CliError::from).collect();
    if !missing.is_empty() {
        let mut error = CliError::from(StoreError::UnknownTraces(missing));
        error.message = error.message.replace("; nothing was changed", "");
        errors.push(error);
    }
    let Some(mut last) = errors.pop() else { return Ok(Exit::Done) };
    for error in errors {
        context.ui.warning(&error.message);
    }
    if done > 0 {
        last.exit = Exit::Partial;
    }
    Err(last)
}

struct TreeSink<'a> {
    output: &'a mut dyn std::io::Write,
    options: TreeOptions,
    written: bool,
}

impl Sink for TreeSink<'_> {
    fn write(&mut self, trace: &Trace) -> std::io::Result<()> {
        if std::mem::replace(&mut self.written, true) {
            writeln!(self.output)?;
        }
        write_tree(self.output, trace, &self.options)
    }

    fn finish(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
