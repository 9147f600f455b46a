//! Changing tags of many traces: batches of explicit ids, each looked at just before, and read back after.
//!
//! Invariants: nothing but what the plan names is touched; every change stands in the journal before its request is sent;
//! a change counts as done only when it was seen; every change of the plan is told of once.

mod plan;
mod run;
mod select;
mod server;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::io;

use futures_util::{StreamExt, stream};
use serde_json::Value;

pub use self::plan::{Group, Guard, TagChange, TagChanges, TagPlan};
pub use self::run::{FORMATS, TagRun, say_what_would_be_put_back};
pub use self::select::{TagChoice, TagsFound};
pub use self::server::TagServer;
use super::journal::{Action, Counts, Entry, Journal, Outcome};
use crate::model::{ExperimentId, TraceId, TraceInfo};

/// Traces that are looked at, changed and read back together.
pub const BATCH: usize = 100;
/// How many characters of a value servers show: a value of this length may have been cut.
pub const SHOWN_CHARACTERS: usize = 4096;
/// After this many failed requests in a row, or batches that could not be looked at, the rest is not attempted.
const FAILED_REQUESTS: u32 = 20;
const FAILED_BATCHES: u32 = 3;

/// What a batch looks like just before it is changed.
#[derive(Clone, Debug, Default)]
pub struct Recheck {
    /// Those that are there, with their tags.
    pub existing: Vec<TraceInfo>,
    /// Those of them that still match what selected them.
    pub selected: HashSet<TraceId>,
    /// Those that may or may not exist, and why that is not known.
    pub unknown: HashMap<TraceId, String>,
}

/// Where tags are changed.
pub trait TagTarget {
    /// Error of the underlying store.
    type Error: Display;

    /// Looks at a batch again.
    fn recheck(
        &self,
        experiment: Option<&ExperimentId>,
        ids: &[TraceId],
    ) -> impl Future<Output = Result<Recheck, Self::Error>>;

    /// Sets a tag; repeating it does no harm.
    fn set(&self, id: &TraceId, key: &str, value: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// Deletes a tag, if there is one; repeating it does no harm.
    fn delete(&self, id: &TraceId, key: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// The same for traces that nothing but their ids selects.
    fn existing(&self, ids: &[TraceId]) -> impl Future<Output = Result<Recheck, Self::Error>>;
}

/// What became of a change.
#[derive(Debug)]
pub struct ToldChange<E> {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// Tag key.
    pub key: String,
    /// What became of it; `None` if it was not attempted.
    pub outcome: Option<Outcome>,
    /// Reason, as a clause without a capital letter.
    pub reason: Option<String>,
    /// What the server said, if it failed; of a batch that could not be looked at, the first has it.
    pub error: Option<E>,
}

/// Carries out a plan with at most this many concurrent requests. `stop` is asked before every request; what is under way is
/// finished. `tell` hears of every change once, those of a trace one after the other.
///
/// Fails only if the journal cannot be written, or what is told: then nothing more is sent.
pub async fn apply<T: TagTarget>(
    plan: &TagPlan,
    target: &T,
    journal: &Journal,
    concurrency: usize,
    stop: impl Fn() -> bool,
    mut tell: impl FnMut(ToldChange<T::Error>) -> io::Result<()>,
) -> io::Result<Counts> {
    let mut counts = Counts { planned: plan.tags() as u64, ..Counts::default() };
    let run = Run { target, journal, concurrency: concurrency.max(1), stop, failed: Cell::new(0) };
    let mut failed_batches = 0;
    for group in &plan.groups {
        for ids in group.ids.chunks(BATCH) {
            let mut items = items(ids, &plan.changes);
            let is_over = run.is_over() || failed_batches >= FAILED_BATCHES;
            if !is_over {
                let looked = run.batch(group.experiment.as_ref(), ids, &mut items).await?;
                failed_batches = if looked { 0 } else { failed_batches + 1 };
            }
            for item in items {
                let Item { trace_id, change, outcome, mut reason, error, .. } = item;
                if let Some(outcome) = outcome {
                    counts.add(outcome);
                } else {
                    counts.not_attempted += 1;
                    reason = reason.or_else(|| Some(run.why_over().to_owned()));
                }
                tell(ToldChange { trace_id: trace_id.clone(), key: change.key.clone(), outcome, reason, error })?;
            }
        }
    }
    Ok(counts)
}

/// Looks at what a plan would do now: every change is told of once, [`Outcome::Planned`] if it would be made. Nothing is
/// changed. Fails if a batch cannot be looked at, or if what is told cannot be.
pub async fn look<T: TagTarget>(
    plan: &TagPlan,
    target: &T,
    mut tell: impl FnMut(ToldChange<T::Error>) -> io::Result<()>,
) -> io::Result<Result<Counts, T::Error>> {
    let mut counts = Counts { planned: plan.tags() as u64, ..Counts::default() };
    for group in &plan.groups {
        for ids in group.ids.chunks(BATCH) {
            let rechecked = match target.recheck(group.experiment.as_ref(), ids).await {
                Ok(rechecked) => rechecked,
                Err(error) => return Ok(Err(error)),
            };
            let infos = by_id(rechecked.existing);
            for item in items::<T::Error>(ids, &plan.changes) {
                let is_selected = rechecked.selected.contains(item.trace_id);
                let settled = item
                    .unknown(&rechecked.unknown)
                    .or_else(|| item.without_request(infos.get(item.trace_id), is_selected));
                let (outcome, reason) = settled.unwrap_or((Outcome::Planned, None));
                counts.add(outcome);
                let (trace_id, key) = (item.trace_id.clone(), item.change.key.clone());
                tell(ToldChange { trace_id, key, outcome: Some(outcome), reason, error: None })?;
            }
        }
    }
    Ok(Ok(counts))
}

/// A change and what is known about it so far.
struct Item<'a, E> {
    trace_id: &'a TraceId,
    change: &'a TagChange,
    before: Option<String>,
    outcome: Option<Outcome>,
    reason: Option<String>,
    error: Option<E>,
}

fn items<'a, E>(ids: &'a [TraceId], changes: &'a TagChanges) -> Vec<Item<'a, E>> {
    let of_trace = |trace_id: &'a TraceId| {
        changes.of(trace_id).iter().map(move |change| Item {
            trace_id,
            change,
            before: None,
            outcome: None,
            reason: None,
            error: None,
        })
    };
    ids.iter().flat_map(of_trace).collect()
}

impl<E> Item<'_, E> {
    fn action(&self) -> Action {
        let key = self.change.key.clone();
        if self.change.value.is_some() { Action::SetTag { key } } else { Action::DeleteTag { key } }
    }

    fn values(&self) -> (Option<Value>, Option<Value>) {
        (self.before.clone().map(Value::from), self.change.value.clone().map(Value::from))
    }

    /// What can be said about a trace that may or may not exist.
    fn unknown(&self, unknown: &HashMap<TraceId, String>) -> Option<(Outcome, Option<String>)> {
        Some((Outcome::Failed, Some(unknown.get(self.trace_id)?.clone())))
    }

    /// What can be said without a request; `None` if there is one to be sent.
    fn without_request(&self, info: Option<&TraceInfo>, is_selected: bool) -> Option<(Outcome, Option<String>)> {
        let present = info.and_then(|info| info.tags.get(&self.change.key));
        let is_known = present.is_none_or(|value| value.chars().count() < SHOWN_CHARACTERS);
        let changed = |what: &str| Some((Outcome::Refused, Some(what.to_owned())));
        match &self.change.guard {
            _ if info.is_none() => Some((Outcome::Gone, None)),
            _ if !is_selected => Some((Outcome::Spared, Some("it no longer matches".to_owned()))),
            _ if present == self.change.value.as_ref() && is_known => Some((Outcome::Unchanged, None)),
            Guard::Never(reason) => changed(reason),
            Guard::If(expected) if present != expected.as_ref() => changed("it was changed since"),
            Guard::Always | Guard::If(_) => None,
        }
    }
}

struct Run<'a, T, S> {
    target: &'a T,
    journal: &'a Journal,
    concurrency: usize,
    stop: S,
    /// Requests in a row that failed.
    failed: Cell<u32>,
}

/// A request that was sent, the line that says so, and its answer.
struct Sent<E> {
    place: usize,
    entry: Entry,
    answer: Result<(), E>,
}

impl<T: TagTarget, S: Fn() -> bool> Run<'_, T, S> {
    fn is_over(&self) -> bool {
        (self.stop)() || self.failed.get() >= FAILED_REQUESTS
    }

    fn why_over(&self) -> &'static str {
        if (self.stop)() { "interrupted" } else { "too many changes failed before it" }
    }

    /// Changes a batch; false if it could not be looked at.
    async fn batch(
        &self,
        experiment: Option<&ExperimentId>,
        ids: &[TraceId],
        items: &mut [Item<'_, T::Error>],
    ) -> io::Result<bool> {
        let rechecked = match self.target.recheck(experiment, ids).await {
            Ok(rechecked) => rechecked,
            Err(error) => {
                let reason = format!("it could not be checked: {error}");
                for item in items.iter_mut() {
                    item.reason = Some(reason.clone());
                }
                // One is enough to say which kind of failure it was.
                if let Some(first) = items.first_mut() {
                    first.error = Some(error);
                }
                return Ok(false);
            }
        };
        let infos = by_id(rechecked.existing);
        let mut open = Vec::new();
        for (place, item) in items.iter_mut().enumerate() {
            let info = infos.get(item.trace_id);
            item.before = info.and_then(|info| info.tags.get(&item.change.key)).cloned();
            let is_selected = rechecked.selected.contains(item.trace_id);
            match item.unknown(&rechecked.unknown).or_else(|| item.without_request(info, is_selected)) {
                Some((outcome, reason)) => self.note(item, outcome, reason)?,
                None => open.push(place),
            }
        }
        let sent = self.send(items, open).await?;
        self.verify(items, sent).await?;
        Ok(true)
    }

    /// Something that was settled without a request.
    fn note(&self, item: &mut Item<'_, T::Error>, outcome: Outcome, reason: Option<String>) -> io::Result<()> {
        let (before, after) = item.values();
        self.journal.note(item.trace_id.clone(), item.action(), (before, after), outcome, reason.clone())?;
        (item.outcome, item.reason) = (Some(outcome), reason);
        Ok(())
    }

    async fn send(&self, items: &[Item<'_, T::Error>], open: Vec<usize>) -> io::Result<Vec<Sent<T::Error>>> {
        // What is under way when the journal fails is waited for all the same.
        let broken = RefCell::new(None);
        let is_over = || self.is_over() || broken.borrow().is_some();
        let requests = open.into_iter().take_while(|_| !is_over()).map(|place| self.request(place, &items[place]));
        let mut answers = stream::iter(requests).buffer_unordered(self.concurrency);
        let mut sent = Vec::new();
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(answer) => sent.push(answer),
                Err(error) => *broken.borrow_mut() = Some(error),
            }
        }
        drop(answers);
        broken.into_inner().map_or(Ok(sent), Err)
    }

    async fn request(&self, place: usize, item: &Item<'_, T::Error>) -> io::Result<Sent<T::Error>> {
        let (before, after) = item.values();
        let entry = self.journal.plan(item.trace_id.clone(), item.action(), before, after)?;
        let answer = match &item.change.value {
            Some(value) => self.target.set(item.trace_id, &item.change.key, value).await,
            None => self.target.delete(item.trace_id, &item.change.key).await,
        };
        self.failed.set(if answer.is_ok() { 0 } else { self.failed.get() + 1 });
        Ok(Sent { place, entry, answer })
    }

    /// Reads back what was changed: an answer that was lost may have been a yes, and a yes is not believed.
    async fn verify(&self, items: &mut [Item<'_, T::Error>], mut sent: Vec<Sent<T::Error>>) -> io::Result<()> {
        if sent.is_empty() {
            return Ok(());
        }
        sent.sort_by_key(|sent| sent.place);
        let mut ids: Vec<TraceId> = sent.iter().map(|sent| items[sent.place].trace_id.clone()).collect();
        ids.dedup();
        let seen = self.target.existing(&ids).await.map(|seen| (by_id(seen.existing), seen.unknown));
        for Sent { place, entry, answer } in sent {
            let item = &mut items[place];
            let (outcome, reason) = match &seen {
                Ok((_, unknown)) if unknown.contains_key(item.trace_id) => {
                    (Outcome::Failed, unknown.get(item.trace_id).map(|why| unseen(why, answer.as_ref().err())))
                }
                Ok((infos, _)) => item.seen(infos.get(item.trace_id), answer.as_ref().err()),
                Err(error) => (Outcome::Failed, Some(unseen(error, answer.as_ref().err()))),
            };
            self.journal.settle(entry, outcome, reason.clone())?;
            item.error = answer.err().filter(|_| outcome == Outcome::Failed);
            (item.outcome, item.reason) = (Some(outcome), reason);
        }
        Ok(())
    }
}

fn unseen(error: &impl Display, answer: Option<&impl Display>) -> String {
    match answer {
        Some(answer) => format!("{answer}; and it could not be read back: {error}"),
        None => format!("it was sent, but could not be read back: {error}"),
    }
}

impl<E: Display> Item<'_, E> {
    fn seen(&self, info: Option<&TraceInfo>, error: Option<&E>) -> (Outcome, Option<String>) {
        let Some(info) = info else { return (Outcome::Gone, None) };
        let is_so = info.tags.get(&self.change.key) == self.change.value.as_ref();
        match (is_so, error) {
            (true, _) => (Outcome::Done, None),
            (false, Some(error)) => (Outcome::Failed, Some(error.to_string())),
            (false, None) => {
                (Outcome::Failed, Some("the server reported success, but the tag has another value".to_owned()))
            }
        }
    }
}

fn by_id(infos: Vec<TraceInfo>) -> HashMap<TraceId, TraceInfo> {
    infos.into_iter().map(|info| (info.trace_id.clone(), info)).collect()
}
