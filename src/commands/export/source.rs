//! A store as an export sees it.

use std::sync::Arc;

use serde_json::Value;

use super::request::Request;
use crate::commands::Context;
use crate::error::CliError;
use crate::export::{Item, Source};
use crate::filter::{Filter, OrderBy};
use crate::interrupt::Interrupt;
use crate::model::{ExperimentId, ManifestFailure, TimeWindow, Trace};
use crate::progress::Progress;
use crate::store::{Query, SpanReader, Store, StoreError, TraceFailure, Walk};

/// A store, what is asked of it, and who watches.
pub struct StoreSource<'a> {
    store: &'a Store,
    query: Query,
    /// Whether experiments are exported one by one: what is left then is in none.
    one_by_one: bool,
    interrupt: Interrupt,
    progress: Progress,
}

/// A walk, and whether only traces outside of experiments count.
pub struct StoreWalk {
    reading: Reading,
    unplaced: bool,
}

enum Reading {
    Infos(Walk),
    Spans(Box<SpanReader>),
}

impl<'a> StoreSource<'a> {
    /// The traces of these experiments; none means all of an archive. `done` of all that match are exported already; `None` where
    /// only some of them are looked at, so that nobody knows how many there are to be.
    pub async fn new(
        context: &Context<'_>,
        store: &'a Store,
        request: &Request,
        experiments: Vec<ExperimentId>,
        one_by_one: bool,
        done: Option<u64>,
    ) -> Result<Self, CliError> {
        let query = Query {
            experiments,
            filter: Arc::new(request.filter.clone()),
            order_by: Arc::new(OrderBy::parse(&[])?),
            window: request.window,
        };
        let progress = progress(context, store, &query, done.filter(|_| request.choice.sample.is_none())).await;
        Ok(Self { store, query, one_by_one, interrupt: context.interrupt.clone(), progress })
    }
}

async fn progress(context: &Context<'_>, store: &Store, query: &Query, done: Option<u64>) -> Progress {
    let bar = context.ui.verbosity().progress;
    let shown = bar || !context.ui.verbosity().quiet;
    // An archive counts by reading all of itself, which is worth a bar and not a line a minute.
    let total = match done {
        Some(done) if shown && (bar || matches!(store, Store::Server(_))) => {
            store.known_total(query).await.map(|total| total.saturating_sub(done))
        }
        _ => None,
    };
    if bar {
        Progress::new(true, total, "exporting")
    } else {
        Progress::lines(context.ui.reporter(), total, "exporting")
    }
}

/// When the newest trace of these experiments started: the closed end of an export, behind which nothing is looked for.
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

impl Source for StoreSource<'_> {
    type Error = StoreError;
    type Walk = StoreWalk;

    fn walk(
        &self,
        experiment: Option<&ExperimentId>,
        window: TimeWindow,
        with_spans: bool,
    ) -> Result<StoreWalk, StoreError> {
        let experiments = experiment.map_or_else(|| self.query.experiments.clone(), |id| vec![id.clone()]);
        let query = Query { experiments, window, ..self.query.clone() };
        let walk = self.store.search(&query, None)?;
        let reading =
            if with_spans { Reading::Spans(Box::new(self.store.read_spans(walk))) } else { Reading::Infos(walk) };
        Ok(StoreWalk { reading, unplaced: self.one_by_one && experiment.is_none() })
    }

    async fn next_page(&self, walk: &mut StoreWalk) -> Result<Option<Vec<Item>>, StoreError> {
        let page: Option<Vec<Item>> = match &mut walk.reading {
            Reading::Infos(walk) => {
                let page = walk.next_page().await?;
                page.map(|page| page.into_iter().map(|trace| Item { trace, failure: None }).collect())
            }
            Reading::Spans(reader) => reader.next().await?.map(|read| vec![item(read)]),
        };
        let counts = |item: &Item| !walk.unplaced || item.trace.info.experiment_id().is_none();
        Ok(page.map(|page| page.into_iter().filter(counts).collect()))
    }

    async fn interrupted(&self) {
        self.interrupt.asked().await;
    }

    /// Stores count nothing yet when a walk ends.
    async fn proof(&self, _: TimeWindow, _: u64) -> Option<Value> {
        None
    }

    fn wrote(&self) {
        self.progress.advance(1);
    }
}

/// The trace to write; one that could not be read whole is written as far as it is there, with the reason.
fn item(read: Result<Trace, TraceFailure>) -> Item {
    match read {
        Ok(trace) => Item { trace, failure: None },
        Err(failure) => {
            let (kind, reason) = (failure.kind().as_str().to_owned(), failure.error.to_string());
            let reported = ManifestFailure { trace_id: failure.trace_id, kind, reason };
            Item { trace: *failure.trace, failure: Some(reported) }
        }
    }
}
