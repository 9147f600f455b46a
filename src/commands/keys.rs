//! `keys`: which tags, metadata, assessments and span attributes there are.

use serde_json::json;

use super::experiments::write_list;
use super::gather::{ReadScope, gather};
use super::stats::ROW_FORMATS;
use super::{CommandResult, Context};
use crate::analysis::keys::{KeyCatalog, KeyUse};
use crate::cli::{KeysArgs, OutputFormat};
use crate::model::Trace;
use crate::output::{Record, count, count_traces, one_line, text_cells};

const HEADERS: &[&str] = &["key", "traces", "values", "commonest"];

/// Characters of a value that are shown.
const VALUE_WIDTH: usize = 40;

pub async fn run(context: &mut Context<'_>, args: KeysArgs) -> CommandResult {
    let format = context.output("keys", ROW_FORMATS)?;
    let mut catalog = KeyCatalog::default();
    let mut take = |trace: &Trace| {
        if args.spans || trace.spans.is_none() {
            catalog.add(trace);
        } else {
            catalog.add(&Trace::without_spans(trace.info.clone()));
        }
    };
    let gathered =
        gather(context, &args.read, ReadScope { spans: args.spans, ..ReadScope::default() }, &mut take).await?;
    let records: Vec<Record> = catalog.iter().map(|(name, key)| record(name, key, args.values)).collect();
    write_list(context, format, HEADERS, &records)?;
    context.ui.flush()?;
    if format == OutputFormat::Table && catalog.traces > 0 {
        let spans = if args.spans { "" } else { "; add --spans for span names, types, models and attributes" };
        context.ui.status(&format!("{}{spans}", count_traces(catalog.traces)));
    }
    gathered.report(context, args.read.fail_if_empty, format == OutputFormat::Table).await
}

fn record(name: &str, key: &KeyUse, values: usize) -> Record {
    let commonest = key.commonest(values);
    let shown = commonest.iter().map(|(value, times)| format!("{} ({})", one_line(value, VALUE_WIDTH), count(*times)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let shown = if shown.is_empty() { format!("such as {}", one_line(&key.example, VALUE_WIDTH)) } else { shown };
    let listed: Vec<_> = commonest.iter().map(|(value, times)| json!({"value": value, "times": times})).collect();
    let value = json!({"key": name, "traces": key.traces, "times": key.times, "values": key.values(),
        "commonest": listed, "example": key.example});
    let shown = text_cells([name.to_owned(), count(key.traces), count(key.values()), shown]);
    Record { shown, value, id: name.to_owned() }
}
