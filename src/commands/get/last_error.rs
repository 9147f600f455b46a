//! `get --last-error`: the newest failed trace of those selected.

use crate::cli::{FilterArgs, GetArgs, SelectionArgs, Status};
use crate::commands::selection::{self, Selected};
use crate::commands::{Context, limits, nothing, undecided};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::TraceId;
use crate::store::Store;

/// What selects failed traces, if that is asked for.
pub fn filter(context: &mut Context<'_>, args: &GetArgs) -> Result<Option<Box<Filter>>, CliError> {
    if !args.last_error {
        if args.selection.is_empty() {
            return Ok(None);
        }
        return Err(CliError::usage("both trace ids and selecting flags given; nothing was sent")
            .hint("`mlflow-trace get --last-error` takes them; `mlflow-trace search … -o ids | mlflow-trace get -` shows all they select"));
    }
    if args.selection.status.is_some_and(|status| status.as_str() != Status::Error.as_str()) {
        return Err(CliError::usage("--last-error shows a failed trace; another --status does not apply")
            .hint("leave out --status"));
    }
    let flags = SelectionArgs { status: Some(Status::Error), ..args.selection.clone() };
    let filter = FilterArgs { filter: None, filter_flag: args.filter.clone() };
    match limits::looked_at(context, &filter, &flags)? {
        Selected::Matches(filter) => Ok(Some(filter)),
        Selected::Named(_) => Ok(None),
    }
}

/// The newest trace that matches; without one, that is said.
pub async fn newest(
    context: &mut Context<'_>,
    store: &Store,
    filter: Box<Filter>,
    all_experiments: bool,
) -> Result<Option<TraceId>, CliError> {
    let experiments = selection::experiments(context, store, all_experiments).await?;
    if experiments.is_empty() && all_experiments {
        context.ui.status("There are no experiments.");
        return Ok(None);
    }
    let query = selection::query(&experiments, *filter, OrderBy::default());
    let mut walk = store.search(&query, Some(1))?;
    walk.leave_out_spans();
    let first = walk.next_page().await?.and_then(|page| page.into_iter().next());
    let Some(first) = first else {
        undecided::tell(context, walk.undecided())?;
        nothing::tell(context, store, &query, true).await;
        return Ok(None);
    };
    // A newer one may be among those of which nobody can tell.
    if let Err(error) = undecided::tell(context, walk.undecided()) {
        context.ui.warning(&error.message);
    }
    Ok(Some(first.info.trace_id))
}
