//! `search`: find traces with a filter.

mod columns;
mod written;

use self::written::{Written, write_matches};
use super::selection::{self, LIST_FORMATS, Selected};
use super::{CommandResult, Context, completeness, limits, nothing, trace_ids, undecided};
use crate::changes::context::tell_refused;
use crate::cli::{OutputFormat, SearchArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::OrderBy;
use crate::model::TraceId;
use crate::output::{Columns, Ids, count, count_traces};
use crate::store::{Query, Store, Walk, by_ids};

pub async fn run(context: &mut Context<'_>, args: SearchArgs) -> CommandResult {
    let format = context.output("search", LIST_FORMATS)?;
    let sorted = if args.slowest { vec!["-duration".to_owned()] } else { args.order_by.clone() };
    let order_by = OrderBy::parse(&sorted)?;
    let columns = columns::chosen(context, &args, format)?;
    let limit = if args.all || args.limit == 0 { None } else { Some(args.limit) };
    let filter = match limits::looked_at(context, &args.filter, &args.selection)? {
        Selected::Matches(filter) => *filter,
        Selected::Named(_) if !sorted.is_empty() => {
            let flag = if args.slowest { "--slowest" } else { "--order-by" };
            return Err(CliError::usage(format!(
                "traces named by id are returned in that order; {flag} does not apply"
            ))
            .hint(
                "omit --order-by, or sort when selecting the ids: `mlflow-trace search --order-by -duration -o ids`",
            ));
        }
        Selected::Named(ids) => {
            let store = context.verified_store(args.reading.verify).await?;
            return named(context, &store, ids, (format, columns), limit, args.fail_if_empty).await;
        }
    };
    let store = context.verified_store(args.reading.verify).await?;
    let experiments = selection::experiments(context, &store, args.reading.all_experiments).await?;
    if experiments.is_empty() && args.reading.all_experiments {
        context.ui.status("There are no experiments.");
        return Ok(if args.fail_if_empty { Exit::CheckFailed } else { Exit::Done });
    }
    let query = selection::query(&experiments, filter, order_by);
    let mut walk = store.search(&query, limit)?;
    if format == OutputFormat::Ids {
        walk.leave_out_spans();
    }
    let with_spans = columns.as_ref().is_some_and(Columns::need_spans).then_some(&store);
    let mut ids = Ids::new(context.settings.null);
    let written = write_matches(context, &mut *walk, with_spans, (format, &mut ids), columns, limit).await?;
    context.ui.flush()?;
    say_what_is_hidden(context, &written);
    say_if_much_was_read(context, &*walk, written.count);
    if written.count == 0 && walk.undecided().is_empty() {
        nothing::tell(context, &store, &query, format.is_table()).await;
    }
    if written.more {
        say_there_is_more(context, &store, &query, written.count).await;
    }
    if let Some(proof) = &written.proof {
        completeness::report(context, proof, "traces keep arriving with past start times; search again")?;
    }
    undecided::tell(context, walk.undecided())?;
    tell_refused(ids)?;
    tell_failed(written.failed)?;
    Ok(if written.count == 0 && args.fail_if_empty { Exit::CheckFailed } else { Exit::Done })
}

/// Traces whose ids are on standard input, in their order.
async fn named(
    context: &mut Context<'_>,
    store: &Store,
    ids: Vec<TraceId>,
    (format, columns): (OutputFormat, Option<Columns>),
    limit: Option<u64>,
    fail_if_empty: bool,
) -> CommandResult {
    let all = count(ids.len() as u64);
    let mut walk = by_ids(store, ids);
    let with_spans = columns.as_ref().is_some_and(Columns::need_spans).then_some(store);
    let mut ids = Ids::new(context.settings.null);
    let written = write_matches(context, walk.as_mut(), with_spans, (format, &mut ids), columns, limit).await?;
    context.ui.flush()?;
    say_what_is_hidden(context, &written);
    if written.more {
        let shown = count(written.count);
        context.ui.status(&format!("the first {shown} of {all}; use --limit N for more, or --all"));
    }
    trace_ids::tell_missing(context, walk.missing(), written.count)?;
    tell_refused(ids)?;
    tell_failed(written.failed)?;
    Ok(if written.count == 0 && fail_if_empty { Exit::CheckFailed } else { Exit::Done })
}

fn tell_failed(failed: u64) -> Result<(), CliError> {
    if failed == 0 {
        return Ok(());
    }
    let message = format!("the spans of {} could not be read; their fields are empty", count_traces(failed));
    Err(CliError::new(Exit::Partial, message))
}

fn say_what_is_hidden(context: &mut Context<'_>, written: &Written) {
    match written.hidden {
        0 => {}
        1 => context.ui.aside("1 column hidden; -o wide shows it"),
        hidden => context.ui.aside(&format!("{hidden} columns hidden; -o wide shows them")),
    }
}

/// Reading much more than is found is worth a word: a condition that the server can evaluate would be faster.
fn say_if_much_was_read(context: &mut Context<'_>, walk: &dyn Walk, found: u64) {
    const MUCH: u64 = 1000;
    if let Some(read) = walk.scanned().filter(|read| *read > MUCH && *read / 10 > found) {
        let (read, found) = (count(read), count(found));
        context.ui.status(&format!(
            "read {read} traces to find {found}; a time bound such as --since 1d is faster; see `mlflow-trace filter explain`"
        ));
    }
}

async fn say_there_is_more(context: &mut Context<'_>, store: &Store, query: &Query, shown: u64) {
    let shown = count(shown);
    let message = match store.known_total(query).await {
        Some(total) => format!("{shown} of {}; use --limit N for more, or --all", count(total)),
        None => format!("the first {shown}, and there are more; use --limit N for more, or --all"),
    };
    context.ui.status(&message);
}
