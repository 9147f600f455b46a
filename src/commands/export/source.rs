//! A store as an export sees it.

mod newest;
mod progress;
mod walk;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

pub use self::newest::newest;
use self::progress::progress;
use self::walk::told;
use super::request::Request;
use crate::commands::Context;
use crate::error::CliError;
use crate::export::{Choice, Chosen, Item, Stretch};
use crate::filter::OrderBy;
use crate::interrupt::Interrupt;
use crate::model::{ExperimentId, Manifest, Trace, TraceId};
use crate::progress::Progress;
use crate::store::{KeepTrace, Proof, ProofMethod, Query, Store, Undecided, Unseen};

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

impl<'a> StoreSource<'a> {
    /// The traces of these experiments; none means all of an archive. `done` of all that match are exported already; `None`
    /// where only some of them are looked at, so that nobody knows how many there are to be.
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

    /// What a manifest holds, checked against the server's count of its whole window.
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

impl StoreSource<'_> {
    /// Which traces of a search are written.
    fn keep(&self, stretch: &Stretch, choice: &Choice) -> KeepTrace {
        let chosen = Chosen::of(stretch, choice);
        let unplaced = self.one_by_one && stretch.experiment.is_none();
        Box::new(move |trace| chosen.holds(trace) && (!unplaced || trace.info.experiment_id().is_none()))
    }
}
