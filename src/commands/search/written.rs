//! Matches as they are written: page by page into a sink.

use crate::cli::OutputFormat;
use crate::commands::Context;
use crate::error::CliError;
use crate::model::Trace;
use crate::output::{Columns, CsvSink, Ids, IdsSink, JsonSink, JsonlSink, Sink, TableSink, TableStyle};
use crate::store::{Proof, Store, Walk};

#[derive(Default)]
pub struct Written {
    pub count: u64,
    pub failed: u64,
    pub more: bool,
    /// Columns there was no room for.
    pub hidden: usize,
    /// Only where everything was asked for.
    pub proof: Option<Proof>,
}

pub async fn write_matches(
    context: &mut Context<'_>,
    walk: &mut dyn Walk,
    with_spans: Option<&Store>,
    (format, ids): (OutputFormat, &mut Ids),
    columns: Option<Columns>,
    limit: Option<u64>,
) -> Result<Written, CliError> {
    let mut written = Written::default();
    context.page(format);
    let (clock, width) =
        (context.ui.clock().clone(), context.ui.terminals().width.filter(|_| context.ui.terminals().output));
    let (color, is_wide) = (context.ui.verbosity().color_output, format == OutputFormat::Wide);
    let style = TableStyle { columns, clock, width, color, is_wide };
    let mut sink = sink(context.ui.output(), (format, ids), style);
    while let Some(mut page) = walk.next_page().await? {
        let room = limit.map_or(usize::MAX, |limit| usize::try_from(limit - written.count).unwrap_or(usize::MAX));
        if page.len() > room {
            page.truncate(room);
            written.more = true;
        }
        for trace in with_optional_spans(page, with_spans, &mut written.failed).await {
            sink.write(&trace)?;
            written.count += 1;
        }
        if written.more {
            break;
        }
    }
    if limit.is_none()
        && let Some((proof, late)) = walk.prove(false).await?
    {
        written.proof = Some(proof);
        for trace in with_optional_spans(late, with_spans, &mut written.failed).await {
            sink.write(&trace)?;
            written.count += 1;
        }
    }
    sink.finish()?;
    written.hidden = sink.hidden_columns();
    Ok(written)
}

pub async fn with_optional_spans(page: Vec<Trace>, store: Option<&Store>, failed: &mut u64) -> Vec<Trace> {
    let Some(store) = store else { return page };
    let infos: Vec<Trace> = page.clone();
    let read = store.with_spans(page).await;
    // A trace whose spans cannot be read is still a match and stays in the list.
    read.into_iter()
        .zip(infos)
        .map(|(read, info)| {
            read.unwrap_or_else(|_| {
                *failed += 1;
                info
            })
        })
        .collect()
}

fn sink<'a>(
    writer: &'a mut dyn std::io::Write,
    (format, ids): (OutputFormat, &'a mut Ids),
    style: TableStyle,
) -> Box<dyn Sink + 'a> {
    let columns = style.columns.clone();
    match format {
        OutputFormat::Table | OutputFormat::Wide => Box::new(TableSink::new(writer, style)),
        OutputFormat::Json => Box::new(JsonSink::new(writer, columns)),
        OutputFormat::Jsonl => Box::new(JsonlSink::new(writer, columns)),
        OutputFormat::Csv => Box::new(CsvSink::plain(writer, columns.unwrap_or_else(Columns::for_csv))),
        OutputFormat::Ids => Box::new(IdsSink(writer, ids)),
    }
}
