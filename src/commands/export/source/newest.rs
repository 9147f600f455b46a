//! The closed end of an export: the start of the newest trace.

use std::sync::Arc;

use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{Newest, State};
use crate::filter::{Filter, OrderBy};
use crate::model::{ExperimentId, TimeWindow, rfc3339_utc};
use crate::store::{Query, Store};

/// How far the clocks may be apart by which two runs went: five minutes.
pub const CLOCKS_APART_MS: i64 = 300_000;

/// When the newest trace of these experiments started: the closed end of an export, behind which nothing is looked for; and
/// what the clock of the store said before, if that is asked for.
pub async fn newest(
    store: &Store,
    experiments: &[ExperimentId],
    window: TimeWindow,
    state: Option<&State>,
    present_ms: i64,
) -> Result<Newest, CliError> {
    let clock_ms = match state {
        Some(_) => Some(store.clock_ms().await?.unwrap_or(present_ms)),
        None => None,
    };
    let start_ms = newest_start(store, experiments, window).await?;
    match state.and_then(|state| state.newest_ms).zip(clock_ms) {
        Some((known, clock)) if known.saturating_sub(clock) > CLOCKS_APART_MS => Err(of_the_future(known)),
        _ => Ok(Newest { start_ms, clock_ms }),
    }
}

/// Older versions took the start of a trace that was dated wrongly for how far they had come.
pub fn of_the_future(known_ms: i64) -> CliError {
    let time = rfc3339_utc(known_ms);
    let message =
        format!("the --since-last file says that everything up to {time} was exported, but that time is in the future");
    CliError::new(Exit::SafetyStop, format!("{message}; cannot tell what is new"))
        .hint("use another --since-last file and another target; the first run exports everything")
}

pub async fn newest_start(
    store: &Store,
    experiments: &[ExperimentId],
    window: TimeWindow,
) -> Result<Option<i64>, CliError> {
    let (filter, order_by) = (Arc::new(Filter::parse("")?), Arc::new(OrderBy::parse(&[])?));
    let query = Query { experiments: experiments.to_vec(), filter, order_by, window };
    let page = store.search(&query, Some(1))?.next_page().await?;
    Ok(page.iter().flatten().map(|trace| trace.info.request_time_ms).max())
}
