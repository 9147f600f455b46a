//! Searching: a walk along the order of time in one state of the database, or, for another order, over what was sorted first.
//!
//! The database is read on a thread of its own while earlier pages are worked on, at most a few pages ahead. Who reads a file
//! without a write-ahead log keeps its writers waiting, so there a state is held for seconds only; a walk that takes longer
//! goes on in a later one, behind the place that it has reached, and is proved by a count.
//!
//! Invariants: every trace comes once; memory does not grow with the number of matches, but for the keys of another order.

use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::asker::Asker;
use super::question::{Place, Question, number_of};
use super::{Inner, Stop, apart};
use crate::filter::{Direction, SortKey};
use crate::model::field::Field;
use crate::model::{TimeWindow, Trace, TraceId, TraceInfo};
use crate::store::{Proof, ProofMethod, Query, StoreError, Undecided, Walk};

/// Traces of a page.
const PAGE: u64 = 500;
/// Pages that are read ahead.
const AHEAD: usize = 2;

/// What comes from the thread that reads.
#[derive(Default)]
struct Batch {
    traces: Vec<Trace>,
    undecided: Vec<Undecided>,
    /// How many traces were read for it.
    scanned: u64,
    /// The start of the newest of them.
    newest_ms: Option<i64>,
    /// How many states of the database were read so far.
    states: u64,
    /// Whether the database decided of all of them.
    is_exact: bool,
}

type Message = Result<Batch, StoreError>;

/// A search under way.
pub(super) struct Found {
    store: Arc<Inner>,
    query: Query,
    limit: Option<u64>,
    batches: Option<mpsc::Receiver<Message>>,
    reading: Option<(JoinHandle<()>, Stop)>,
    undecided: Vec<Undecided>,
    scanned: u64,
    newest_ms: Option<i64>,
    states: u64,
    is_exact: bool,
}

impl Found {
    pub(super) fn new(store: Arc<Inner>, query: &Query, limit: Option<u64>) -> Self {
        Self {
            store,
            query: query.clone(),
            limit,
            batches: None,
            reading: None,
            undecided: Vec::new(),
            scanned: 0,
            newest_ms: None,
            states: 0,
            is_exact: true,
        }
    }

    fn begin(&self) -> (mpsc::Receiver<Message>, (JoinHandle<()>, Stop)) {
        let (sender, batches) = mpsc::channel(AHEAD);
        let (store, query, limit) = (Arc::clone(&self.store), self.query.clone(), self.limit);
        let stop = Stop::default();
        let reading = apart(&stop, move |stop| async move {
            let mut reader = Reader { sender, limit, found: 0 };
            if let Err(error) = reader.read(store, &query, &stop).await {
                // Whoever asked may have left.
                let _ = reader.sender.send(Err(error)).await;
            }
        });
        (batches, (reading, stop))
    }
}

#[async_trait]
impl Walk for Found {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if self.batches.is_none() {
            let (batches, reading) = self.begin();
            (self.batches, self.reading) = (Some(batches), Some(reading));
        }
        let Some(batches) = &mut self.batches else { return Ok(None) };
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            self.scanned += batch.scanned;
            self.newest_ms = self.newest_ms.max(batch.newest_ms);
            (self.states, self.is_exact) = (batch.states, batch.is_exact);
            self.undecided.extend(batch.undecided);
            if !batch.traces.is_empty() {
                return Ok(Some(batch.traces));
            }
        }
        if let Some((reading, _stop)) = self.reading.take()
            && let Err(error) = reading.await
            && let Ok(panic) = error.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
        Ok(None)
    }

    fn scanned(&self) -> Option<u64> {
        (!self.is_exact).then_some(self.scanned)
    }

    fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// What was read in one state of the database is complete; else it is counted once more.
    async fn prove(&self, _thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        let proof = |counted, method| Proof { read: self.scanned, late: 0, counted: Some((counted, method)) };
        if self.states <= 1 {
            return Ok(Some((proof(self.scanned, ProofMethod::Snapshot), Vec::new())));
        }
        let window = TimeWindow { newest_ms: self.newest_ms, oldest_ms: None };
        let query = self.query.clone();
        let counted = self.store.ask(move |mut asker| async move {
            let question = Question::new(&query, &mut asker).await?;
            let counted = number_of(asker.rows(&question.count(window)).await?);
            Ok((asker, counted))
        });
        Ok(Some((proof(counted.await?, ProofMethod::Reread), Vec::new())))
    }
}

/// Reads on the thread of its own.
struct Reader {
    sender: mpsc::Sender<Message>,
    limit: Option<u64>,
    found: u64,
}

/// The direction, where traces are ordered by their start alone.
fn time_order(query: &Query) -> Option<Direction> {
    match query.order_by.keys() {
        [] => Some(Direction::Descending),
        [(Field::RequestTime, direction)] => Some(*direction),
        _ => None,
    }
}

impl Reader {
    async fn read(&mut self, store: Arc<Inner>, query: &Query, stop: &Arc<AtomicBool>) -> Result<(), StoreError> {
        let mut asker = Asker::begin(store, stop).await?;
        asker.hold().await?;
        let question = Question::new(query, &mut asker).await?;
        match time_order(query) {
            Some(direction) => self.along_time(&mut asker, &question, direction).await?,
            None => self.sorted(&mut asker, &question).await?,
        }
        asker.end().await
    }

    async fn along_time(
        &mut self,
        asker: &mut Asker,
        question: &Question,
        direction: Direction,
    ) -> Result<(), StoreError> {
        let mut pages = Pages { question, direction, behind: None, is_done: false };
        while let Some(infos) = pages.next(asker, self.most(question)).await? {
            let mut batch = batch(asker, question, &infos)?;
            let decided = question.decide(asker, infos).await?;
            (batch.traces, batch.undecided) = (decided.matching, decided.undecided);
            self.found += batch.traces.len() as u64;
            let is_last = self.limit.is_some_and(|limit| self.found > limit);
            if !self.send(asker, batch).await? || is_last {
                break;
            }
        }
        Ok(())
    }

    /// Reads all keys of the order, and then the traces that belong to the first ones.
    async fn sorted(&mut self, asker: &mut Asker, question: &Question) -> Result<(), StoreError> {
        // One more than asked for tells the caller that there is more.
        let most = self.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1));
        let mut best: BinaryHeap<(SortKey, TraceId)> = BinaryHeap::new();
        let mut pages = Pages { question, direction: Direction::Descending, behind: None, is_done: false };
        while let Some(infos) = pages.next(asker, PAGE).await? {
            let mut batch = batch(asker, question, &infos)?;
            let decided = question.decide(asker, infos).await?;
            batch.undecided = decided.undecided;
            for trace in decided.matching {
                best.push((question.query.order_by.key(&trace), trace.info.trace_id));
                if most.is_some_and(|most| best.len() > most) {
                    best.pop();
                }
            }
            if !self.send(asker, batch).await? {
                return Ok(());
            }
        }
        let ids: Vec<TraceId> = best.into_sorted_vec().into_iter().map(|(_, id)| id).collect();
        for part in ids.chunks(PAGE.try_into().unwrap_or(1)) {
            asker.hold().await?;
            let traces = asker.infos_of(part).await?.into_iter().map(Trace::without_spans).collect();
            let (states, is_exact) = (asker.session()?.states(), question.is_exact);
            if !self.send(asker, Batch { traces, states, is_exact, ..Batch::default() }).await? {
                break;
            }
        }
        Ok(())
    }

    /// How many traces the next page needs, where the database decides of all of them.
    fn most(&self, question: &Question) -> u64 {
        match self.limit {
            Some(limit) if question.is_exact => (limit.saturating_sub(self.found).saturating_add(1)).min(PAGE),
            _ => PAGE,
        }
    }

    /// Hands a batch on; false if nobody waits for it. While nobody takes it, writers are not kept waiting.
    async fn send(&self, asker: &mut Asker, batch: Batch) -> Result<bool, StoreError> {
        let patience = asker.session()?.patience();
        let mut place = None;
        if let Some(patience) = patience {
            place = tokio::time::timeout(patience, self.sender.reserve()).await.ok();
            if place.is_none() {
                asker.let_go().await?;
            }
        }
        let place = match place {
            Some(place) => place,
            None => self.sender.reserve().await,
        };
        Ok(place.map(|place| place.send(Ok(batch))).is_ok())
    }
}

/// A batch of traces that were read and not yet decided.
fn batch(asker: &mut Asker, question: &Question, infos: &[TraceInfo]) -> Result<Batch, StoreError> {
    let newest_ms = infos.iter().map(|info| info.request_time_ms).max();
    let (scanned, states) = (infos.len() as u64, asker.session()?.states());
    Ok(Batch { scanned, newest_ms, states, is_exact: question.is_exact, ..Batch::default() })
}

/// Pages along the order of time.
struct Pages<'q> {
    question: &'q Question,
    direction: Direction,
    behind: Option<Place>,
    is_done: bool,
}

impl Pages<'_> {
    async fn next(&mut self, asker: &mut Asker, most: u64) -> Result<Option<Vec<TraceInfo>>, StoreError> {
        if self.is_done {
            return Ok(None);
        }
        asker.hold().await?;
        let sql = self.question.page(asker, self.direction, self.behind.as_ref(), most);
        let infos = asker.infos(&sql).await?;
        self.is_done = (infos.len() as u64) < most;
        self.behind = infos.last().map(|last| (last.request_time_ms, last.trace_id.clone()));
        Ok((!infos.is_empty()).then_some(infos))
    }
}
