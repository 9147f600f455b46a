//! How a deletion is carried out: at which pace, until when, and with every step written down.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use super::archive::Archived;
use super::artifacts::Artifacts;
use super::batches::{self, Fate};
use crate::changes::journal::{Action, Counts, Entry, Journal, Outcome};
use crate::interrupt::Interrupt;
use crate::model::TraceId;
use crate::progress::Progress;
use crate::retention::{Plan, Planned};

/// How fast, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct DeletionPace {
    /// Between two batches.
    sleep_between: Duration,
    /// After this moment no batch begins.
    until: Option<Instant>,
}

impl DeletionPace {
    /// Counts from now; nothing if there is no end.
    #[must_use]
    pub fn from_now(sleep_between: Duration, most: Option<Duration>) -> Self {
        Self { sleep_between, until: most.and_then(|most| Instant::now().checked_add(most)) }
    }

    /// Whether no other batch may begin.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Returns when the time is over; never if there is no end.
    pub async fn ends(&self) {
        match self.until {
            Some(until) => tokio::time::sleep_until(until.into()).await,
            None => std::future::pending().await,
        }
    }
}

/// Writes down what is done.
pub struct Conduct<'a> {
    pub journal: &'a Journal,
    pub counts: &'a RefCell<Counts>,
    pub interrupt: &'a Interrupt,
    pub progress: &'a Progress,
    pub pace: DeletionPace,
    /// The server failed an earlier experiment's batches in a row.
    pub gave_up: bool,
    /// Why traces go that no rule names.
    pub reason: &'static str,
    /// What is archived, and what could not be.
    pub archived: &'a Archived,
    /// What becomes of the files of traces that go.
    pub artifacts: &'a Artifacts<'a>,
    /// What was sent and is not settled.
    pub open: HashMap<TraceId, Entry>,
}

/// Why a trace goes.
#[must_use]
pub fn why(plan: &Plan, trace: &Planned, otherwise: &str) -> String {
    let rules = plan.ground(trace).map_or(&[][..], |ground| ground.rules.as_slice());
    match rules {
        [] => otherwise.to_owned(),
        [rule] => format!("rule {rule:?}"),
        rules => format!("rules {}", rules.iter().map(|rule| format!("{rule:?}")).collect::<Vec<_>>().join(", ")),
    }
}

impl batches::Recorder for Conduct<'_> {
    fn is_over(&self) -> bool {
        self.gave_up || self.interrupt.requested() || self.pace.is_over()
    }

    async fn pause(&self) {
        if !self.pace.sleep_between.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(self.pace.sleep_between) => {}
                () = self.interrupt.asked() => {}
            }
        }
    }

    fn sending(&mut self, plan: &Plan, traces: &[&Planned]) -> io::Result<()> {
        for trace in traces {
            let (id, archives) = (trace.trace_id.clone(), self.archived.numbers(plan, trace));
            let entry = self.journal.plan_archived(id, why(plan, trace, self.reason), archives)?;
            self.open.insert(trace.trace_id.clone(), entry);
            self.artifacts.sending(&trace.trace_id)?;
        }
        Ok(())
    }

    async fn batch_ended(&mut self) -> io::Result<()> {
        self.artifacts.remove_due().await
    }

    fn settled(&mut self, plan: &Plan, trace: &Planned, fate: Fate, answer: Option<&str>) -> io::Result<()> {
        self.progress.advance(1);
        let not_archived;
        let (outcome, said) = match fate {
            Fate::Deleted => (Outcome::Done, answer),
            Fate::Spared => match self.archived.spare(&trace.trace_id) {
                Some(reason) => {
                    not_archived = format!("not archived: {reason}");
                    (Outcome::Spared, Some(not_archived.as_str()))
                }
                None => (Outcome::Spared, answer.or(Some("it no longer fits"))),
            },
            Fate::Gone => (Outcome::Gone, Some("it was already gone")),
            Fate::Remaining => (Outcome::Failed, answer),
        };
        self.counts.borrow_mut().add(outcome);
        let mut reason = why(plan, trace, self.reason);
        if let Some(said) = said {
            reason = format!("{reason}; {said}");
        }
        match self.open.remove(&trace.trace_id) {
            Some(entry) => self.journal.settle(entry, outcome, Some(reason))?,
            None => self.journal.note(trace.trace_id.clone(), Action::Delete, (None, None), outcome, Some(reason))?,
        };
        self.artifacts.settled(trace, fate)
    }
}
