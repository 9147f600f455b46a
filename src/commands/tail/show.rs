//! How `tail` writes traces.

use super::super::Context;
use crate::cli::{OutputFormat, TailView};
use crate::error::CliError;
use crate::model::Trace;
use crate::output::{Form, Ids, IdsSink, JsonlSink, LineSink, Sink, ViewSink, ViewStyle};
use crate::store::Store;

/// Tokens of a digest.
const TOKENS: usize = 300;

/// The traces with their spans, as far as they can be read.
pub async fn whole(store: &Store, traces: Vec<Trace>) -> Vec<Trace> {
    let infos = traces.clone();
    let read = store.with_spans(traces).await;
    read.into_iter().zip(infos).map(|(read, info)| read.unwrap_or(info)).collect()
}

/// Writes traces.
pub fn show(
    context: &mut Context<'_>,
    traces: &[Trace],
    (format, view): (OutputFormat, TailView),
    ids: &mut Ids,
) -> Result<(), CliError> {
    let clock = context.ui.clock().clone();
    let width = context.ui.terminals().width.filter(|_| context.ui.terminals().output);
    let color = context.ui.verbosity().color_output;
    let writer = context.ui.output();
    let mut sink: Box<dyn Sink + '_> = match (format, view) {
        (OutputFormat::Ids, _) => Box::new(IdsSink(writer, ids)),
        (OutputFormat::Jsonl, TailView::Line) => Box::new(JsonlSink::new(writer, None)),
        (OutputFormat::Jsonl, TailView::Digest) => {
            Box::new(ViewSink::new(writer, ViewStyle::Digest(TOKENS), Form::Lines))
        }
        (_, TailView::Digest) => Box::new(ViewSink::new(writer, ViewStyle::Digest(TOKENS), Form::Text)),
        (_, TailView::Line) => Box::new(LineSink { writer, clock, width, color }),
    };
    for trace in traces {
        sink.write(trace)?;
    }
    Ok(sink.finish()?)
}
