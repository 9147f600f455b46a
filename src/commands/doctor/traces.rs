//! Traces and their spans: how many there are, how fast they come, and whether all of them can be read.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::commands::selection;
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, Trace, TraceInfo, TraceState};
use crate::output::{count, count_traces};
use crate::store::{CheckFinding, Query, Store, StoreError, TraceFailure};

/// Traces that are looked at.
const PAGE: u64 = 100;
/// Traces of each place whose spans are read.
const SAMPLE: usize = 10;
/// A page that takes longer makes people wait.
const SLOW: Duration = Duration::from_secs(2);

fn all_of(experiments: &[Experiment], order: &[String]) -> Result<Query, CliError> {
    Ok(selection::query(experiments, Filter::parse("")?, OrderBy::parse(order)?))
}

/// A page of traces, and how long it took.
async fn page(store: &Store, query: &Query) -> Result<(Vec<Trace>, Duration), StoreError> {
    let started = Instant::now();
    let page = store.search(query, Some(PAGE))?.next_page().await?.unwrap_or_default();
    Ok((page, started.elapsed()))
}

/// The newest page; nothing if it cannot be had.
pub async fn newest(
    store: &Store,
    experiments: &[Experiment],
    found: &mut Vec<CheckFinding>,
) -> Result<Option<Vec<Trace>>, CliError> {
    let query = all_of(experiments, &[])?;
    let (page, took) = match page(store, &query).await {
        Ok(page) => page,
        Err(error) => {
            found.push(CheckFinding::failed("traces", error));
            return Ok(None);
        }
    };
    let total = store.known_total(&query).await;
    let text = match total {
        _ if page.is_empty() => "none".to_owned(),
        Some(total) => format!("{}; the newest page", count_traces(total)),
        None => format!("the newest {}", page.len()),
    };
    found.push(timed("traces", text, took));
    Ok(Some(page))
}

fn timed(what: &'static str, text: String, took: Duration) -> CheckFinding {
    if took < SLOW {
        return CheckFinding::fine(what, text).after(took);
    }
    let advice = "searches are slow here: bound them in time with --since, or export once and search the archive";
    CheckFinding::noted(what, text, advice).after(took)
}

/// The other end of the experiment, where it is longer than a page.
pub async fn oldest(
    store: &Store,
    experiments: &[Experiment],
    newest: &[Trace],
    found: &mut Vec<CheckFinding>,
) -> Result<(), CliError> {
    if (newest.len() as u64) < PAGE {
        return Ok(());
    }
    let query = all_of(experiments, &["timestamp_ms ASC".to_owned()])?;
    found.push(match page(store, &query).await {
        Ok((page, took)) => timed("oldest traces", format!("the oldest {}", page.len()), took),
        Err(error) => CheckFinding::failed("oldest traces", error),
    });
    Ok(())
}

/// Spans of some traces of each place that holds some.
pub async fn spans(store: &Store, page: &[Trace], found: &mut Vec<CheckFinding>) {
    let mut places: BTreeMap<String, Vec<Trace>> = BTreeMap::new();
    for trace in page.iter().filter(|trace| trace.info.state != TraceState::InProgress) {
        places.entry(place(&trace.info)).or_default().push(trace.clone());
    }
    for (place, mut traces) in places {
        traces.truncate(SAMPLE);
        let (number, started) = (traces.len(), Instant::now());
        let read = store.whole(traces).await;
        found.push(of_spans(&place, number, read).after(started.elapsed()));
    }
}

fn place(info: &TraceInfo) -> String {
    match info.spans_location() {
        Some("TRACKING_STORE") => "the tracking store".to_owned(),
        Some("ARCHIVE_REPO") => "the server's archive".to_owned(),
        None | Some("ARTIFACT_REPO") => "files".to_owned(),
        Some(other) => other.to_owned(),
    }
}

fn of_spans(place: &str, number: usize, read: Vec<Result<Trace, TraceFailure>>) -> CheckFinding {
    let spans: usize = read.iter().flatten().map(|trace| trace.spans.as_deref().unwrap_or_default().len()).sum();
    let failures: Vec<TraceFailure> = read.into_iter().filter_map(Result::err).collect();
    let Some(first) = failures.first() else {
        let traces = count_traces(number as u64);
        let spans = if spans == 1 { "1 span".to_owned() } else { format!("{} spans", count(spans as u64)) };
        return CheckFinding::fine("spans", format!("{traces} read from {place}, {spans}"));
    };
    let text = format!("{} of {number} traces from {place} cannot be read: {}", failures.len(), first.error);
    let kind = first.kind().as_str();
    CheckFinding::wrong(
        "spans",
        text,
        format!("{kind}: `mlflow-trace get {}` shows what is there of the first", first.trace_id),
    )
}
