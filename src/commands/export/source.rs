//! A store as an export sees it.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

use super::request::Request;
use crate::commands::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{Choice, Chosen, Item, Newest, Source, State, Stretch};
use crate::filter::{Filter, OrderBy};
use crate::interrupt::Interrupt;
use crate::model::{AttachmentRef, ExperimentId, Manifest, ManifestFailure, TimeWindow, Trace, TraceId, rfc3339_utc};
use crate::progress::{INTERVAL, Progress};
use crate::store::{
    Keep, Proof, ProofMethod, Query, SpanReader, Store, StoreError, TraceFailure, Undecided, Unseen, Walk, by_ids,
};

/// How far the clocks may be apart by which two runs went: five minutes.
const CLOCKS_APART_MS: i64 = 300_000;

/// A store, what is asked of it, and who watches.
pub struct StoreSource<'a> {
    store: &'a Store,
    query: Query,
    /// The traces that are named one by one, if they are.
    ids: Option<Vec<TraceId>>,
    /// Of those, what is to be told because they are not there.
    missing: RefCell<(Vec<TraceId>, Vec<Unseen>)>,
    /// Whether experiments are exported one by one: what is left then is in none.
    one_by_one: bool,
    /// Whether to prove that everything was read at any cost.
    thorough: bool,
    /// What all walks so far prove together; `None` before the first.
    proof: Cell<Option<Proof>>,
    /// Traces of which it is not known whether they match.
    undecided: RefCell<Vec<Undecided>>,
    interrupt: Interrupt,
    progress: Progress,
}

/// A search under way, with spans or without.
pub enum StoreWalk {
    /// Infos, or what an archive holds.
    Plain { walk: Box<dyn Walk>, keep: Keep, page: std::vec::IntoIter<Trace> },
    /// Spans are fetched.
    Spans { reader: Box<SpanReader>, keep: Keep },
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
        let is_all = request.choice.sample.is_none() && request.choice.limit.is_none() && request.ids.is_none();
        let progress = progress(context, store, &query, done.filter(|_| is_all)).await;
        let (thorough, interrupt) = (request.verify, context.interrupt.clone());
        let (proof, undecided) = (Cell::new(None), RefCell::default());
        let (ids, missing) = (request.ids.clone(), RefCell::default());
        Ok(Self { store, query, ids, missing, one_by_one, thorough, proof, undecided, interrupt, progress })
    }

    /// What the walks of this run prove together; `None` if there was none.
    pub fn proof(&self) -> Option<Proof> {
        self.proof.get()
    }

    /// Traces of which it is not known whether they match; they were not written.
    pub fn undecided(&self) -> Vec<Undecided> {
        self.undecided.borrow().clone()
    }

    /// Traces that were named and are not there, or are not shown.
    pub fn missing(&self) -> (Vec<TraceId>, Vec<Unseen>) {
        self.missing.borrow().clone()
    }

    /// What is asked of the store, unless traces are named.
    pub fn query(&self) -> Option<Query> {
        self.ids.is_none().then(|| self.query.clone())
    }

    /// What a manifest holds, held against the server's count of its whole window.
    pub async fn proof_of_all(&self, manifest: &Manifest) -> Option<Proof> {
        let query = Query { window: manifest.window, ..self.query.clone() };
        let counted = self.store.counted(&query).await.ok().flatten();
        let counted = counted.map(|counted| (counted, ProofMethod::Metrics));
        Some(Proof { read: manifest.distinct(), late: 0, counted })
    }

    async fn whole(&self, traces: Vec<Trace>, with_spans: bool) -> Vec<Item> {
        if with_spans {
            self.store.whole(traces).await.into_iter().map(told).collect()
        } else {
            traces.into_iter().map(|trace| told(Ok(trace))).collect()
        }
    }
}

async fn progress(context: &Context<'_>, store: &Store, query: &Query, done: Option<u64>) -> Progress {
    if !context.ui.verbosity().progress {
        let total = done.filter(|_| !context.ui.verbosity().quiet).map(|done| later(store, query, done));
        return Progress::lines(context.ui.reporter(), total.unwrap_or_default(), "exporting");
    }
    let total = match done {
        Some(done) => store.known_total(query).await.map(|total| total.saturating_sub(done)),
        None => None,
    };
    Progress::new(true, total, "exporting")
}

/// How much is left, asked shortly before the first line that tells it: most exports end before. What has to be read to be
/// counted is not worth a line a minute.
fn later(store: &Store, query: &Query, done: u64) -> Arc<OnceLock<u64>> {
    let total = Arc::new(OnceLock::new());
    let (store, query, told) = (store.clone(), query.clone(), Arc::clone(&total));
    tokio::spawn(async move {
        tokio::time::sleep(INTERVAL * 9 / 10).await;
        if let Ok(Some(counted)) = store.counted(&query).await {
            // Nobody else tells it.
            let _ = told.set(counted.saturating_sub(done));
        }
    });
    total
}

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
fn of_the_future(known_ms: i64) -> CliError {
    let time = rfc3339_utc(known_ms);
    let message =
        format!("the --since-last file says that everything up to {time} was exported, but that time is in the future");
    CliError::new(Exit::SafetyStop, format!("{message}; cannot tell what is new"))
        .hint("use another --since-last file and another target; the first run exports everything")
}

async fn newest_start(
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

    fn walk(&self, stretch: &Stretch, choice: &Choice) -> Result<StoreWalk, StoreError> {
        let experiments =
            stretch.experiment.as_ref().map_or_else(|| self.query.experiments.clone(), |id| vec![id.clone()]);
        let query = Query { experiments, window: stretch.window, ..self.query.clone() };
        // A sample is a part of what is found, so that more has to be found than is written.
        let limit = choice.limit.filter(|_| choice.sample.is_none());
        let mut walk = match &self.ids {
            Some(ids) => by_ids(self.store, ids.clone()),
            None => self.store.search(&query, limit)?,
        };
        let keep = self.keep(stretch, choice);
        if choice.with_spans {
            let reader = Box::new(self.store.read_spans(walk, self.keep(stretch, choice)));
            return Ok(StoreWalk::Spans { reader, keep });
        }
        walk.leave_out_spans();
        Ok(StoreWalk::Plain { walk, keep, page: Vec::new().into_iter() })
    }

    async fn next(&self, walk: &mut StoreWalk) -> Result<Option<Item>, StoreError> {
        match walk {
            StoreWalk::Spans { reader, .. } => Ok(reader.next().await?.map(told)),
            StoreWalk::Plain { walk, keep, page } => loop {
                if let Some(trace) = page.find(|trace| keep(trace)) {
                    return Ok(Some(told(Ok(trace))));
                }
                match walk.next_page().await? {
                    Some(next) => *page = next.into_iter(),
                    None => return Ok(None),
                }
            },
        }
    }

    async fn late(&self, walk: StoreWalk) -> Result<Vec<Item>, StoreError> {
        let (walk, keep, with_spans) = match walk {
            StoreWalk::Plain { walk, keep, .. } => (Some(walk), keep, false),
            StoreWalk::Spans { reader, keep } => (reader.into_walk(), keep, true),
        };
        let Some(walk) = walk else { return Ok(Vec::new()) };
        self.undecided.borrow_mut().extend_from_slice(walk.undecided());
        let (absent, unseen) = walk.missing();
        *self.missing.borrow_mut() = (absent.to_vec(), unseen.to_vec());
        let Some((proof, mut late)) = walk.prove(self.thorough).await? else { return Ok(Vec::new()) };
        self.proof.set(Some(self.proof.get().map_or(proof, |before| before.and(proof))));
        late.retain(|trace| keep(trace));
        Ok(self.whole(late, with_spans).await)
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        self.store.attachment_or_why(reference).await
    }

    async fn interrupted(&self) {
        self.interrupt.asked().await;
    }

    fn wrote(&self) {
        self.progress.advance(1);
    }
}

impl StoreSource<'_> {
    /// Which traces of a search are written.
    fn keep(&self, stretch: &Stretch, choice: &Choice) -> Keep {
        let chosen = Chosen::of(stretch, choice);
        let unplaced = self.one_by_one && stretch.experiment.is_none();
        Box::new(move |trace| chosen.holds(trace) && (!unplaced || trace.info.experiment_id().is_none()))
    }
}

/// A trace, and what a manifest says if it could not be read whole.
fn told(read: Result<Trace, TraceFailure>) -> Item {
    match read {
        Ok(trace) => Item { trace, failure: None },
        Err(failure) => {
            let (kind, reason) = (failure.kind().as_str().to_owned(), failure.error.to_string());
            Item { trace: *failure.trace, failure: Some(ManifestFailure { trace_id: failure.trace_id, kind, reason }) }
        }
    }
}
