//! `count`: how many traces match.

use super::selection::{self, SUMMARY_FORMATS, Selected};
use super::{CommandResult, Context, limits, trace_ids, undecided};
use crate::cli::{CountArgs, OutputFormat};
use crate::exit::Exit;
use crate::filter::OrderBy;
use crate::store::{StoreError, Walk, by_ids};

pub async fn run(context: &mut Context<'_>, args: CountArgs) -> CommandResult {
    if !args.by.is_empty() {
        return super::stats::count(context, args).await;
    }
    let format = context.output("count", SUMMARY_FORMATS)?;
    let selected = limits::looked_at(context, &args.filter, &args.selection)?;
    let store = context.verified_store(args.reading.verify).await?;
    let mut by_id = None;
    let (count, open) = match selected {
        Selected::Named(ids) => {
            let walk = by_id.insert(by_ids(&store, ids));
            (length(walk.as_mut()).await?, Vec::new())
        }
        Selected::Matches(filter) => {
            let experiments = selection::experiments(context, &store, args.reading.all_experiments).await?;
            if experiments.is_empty() && args.reading.all_experiments {
                (0, Vec::new())
            } else {
                store.count(&selection::query(&experiments, *filter, OrderBy::parse(&[])?)).await?
            }
        }
    };
    if format == OutputFormat::Json {
        context.write_json(&serde_json::json!({"count": count}))?;
    } else {
        writeln!(context.ui.output(), "{count}")?;
    }
    if let Some(walk) = &by_id {
        trace_ids::tell_missing(context, walk.missing(), count)?;
    }
    undecided::tell(context, &open)?;
    Ok(if count == 0 && args.fail_if_empty { Exit::CheckFailed } else { Exit::Done })
}

/// How many of the traces that were named are there.
async fn length(walk: &mut dyn Walk) -> Result<u64, StoreError> {
    walk.leave_out_spans();
    let mut length = 0;
    while let Some(page) = walk.next_page().await? {
        length += page.len() as u64;
    }
    Ok(length)
}
