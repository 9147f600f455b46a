//! Saves answers one after the other, in the order in which they were given, while the next trace is looked at.
//!
//! Invariant: an answer has its id before it is sent for the first time, so that sending it again never makes a second one.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::annotations::{OnExisting, Row, RowFate, RowTarget, to_trace};
use crate::commands::log_assessment::LogTarget;
use crate::exit::Exit;
use crate::model::{Assessment, TraceId};

/// What is to be saved.
#[derive(Clone)]
pub struct Job {
    /// Which of the traces.
    pub index: usize,
    pub trace: TraceId,
    pub row: Row,
    /// What the trace has.
    pub there: Vec<Assessment>,
    /// Whether the answer is taken back.
    pub is_undo: bool,
}

/// What became of it; an error if it will never be saved.
pub type Saved = (Job, Result<(), String>);

type Saving<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// How long to wait for a server that is away.
const PAUSE: Duration = Duration::from_secs(2);

pub struct Saver<'a> {
    target: &'a LogTarget<'a>,
    waiting: VecDeque<Job>,
    running: Option<Saving<'a>>,
    not_before: Option<Instant>,
    /// Why the first of them waits, if the server is away.
    pub trouble: Option<String>,
    /// Whether nothing more is to be tried.
    pub is_given_up: bool,
}

impl<'a> Saver<'a> {
    pub fn new(target: &'a LogTarget<'a>) -> Self {
        Self { target, waiting: VecDeque::new(), running: None, not_before: None, trouble: None, is_given_up: false }
    }

    pub fn push(&mut self, job: Job) {
        self.waiting.push_back(job);
    }

    /// How many are not saved.
    pub fn unsaved(&self) -> usize {
        self.waiting.len()
    }

    /// Stops what is under way, and keeps what is not saved for [`Saver::end`].
    pub fn give_up(&mut self) {
        self.running = None;
        self.is_given_up = true;
    }

    /// Those that are not saved, at the end.
    pub fn end(self) -> Vec<Job> {
        self.waiting.into()
    }

    /// Goes on saving for a moment; says what became of one.
    pub async fn work(&mut self, moment: Duration) -> Option<Saved> {
        let job = self.waiting.front()?.clone();
        if self.running.is_none() {
            if self.not_before.is_some_and(|then| Instant::now() < then) {
                return None;
            }
            self.target.is_over.set(false);
            self.target.failed.borrow_mut().take();
            self.running = Some(Box::pin(save(self.target, job.clone())));
        }
        let running = self.running.as_mut()?;
        let result = tokio::time::timeout(moment, running).await.ok()?;
        self.running = None;
        let exit = self.target.failed.borrow().as_ref().map(|error| error.exit);
        match result {
            // A server that is ill refuses everything, one that objects refuses this.
            Err(reason)
                if exit == Some(Exit::Unreachable) || exit == Some(Exit::Refused) && self.target.is_over.get() =>
            {
                (self.not_before, self.trouble) = (Some(Instant::now() + PAUSE), Some(reason));
                None
            }
            result => {
                (self.not_before, self.trouble) = (None, None);
                self.waiting.pop_front();
                Some((job, result))
            }
        }
    }
}

async fn save(target: &LogTarget<'_>, job: Job) -> Result<(), String> {
    if job.is_undo {
        return undo(target, &job).await;
    }
    let now = crate::model::rfc3339_utc(jiff::Timestamp::now().as_millisecond());
    let (outcomes, _) = to_trace(target, &job.trace, &[&job.row], job.there, OnExisting::Append, false, &now).await;
    let outcome = outcomes.into_iter().next().ok_or("it was not begun")?;
    if matches!(outcome.result, RowFate::Failed) { Err(outcome.reason.unwrap_or_default()) } else { Ok(()) }
}

/// Deletes an answer that was given by mistake, and looks whether it is gone.
async fn undo(target: &LogTarget<'_>, job: &Job) -> Result<(), String> {
    let Some(id) = &job.row.id else { return Ok(()) };
    let Some(there) = target.find(&job.trace, id).await? else { return Ok(()) };
    let entry = target.journal.plan_deletion(&job.trace, id, json!(there)).map_err(|error| target.broken(error))?;
    let deleted = target.server.delete_assessment(&job.trace, id).await;
    let deleted = deleted.map_err(|error| target.note(error.concerns_all(), error.into()));
    let gone = match deleted {
        Ok(()) => {
            target.find(&job.trace, id).await.and_then(|left| left.map_or(Ok(()), |_| Err("it is still there".into())))
        }
        Err(error) => Err(error),
    };
    target.journal.settle_deletion(entry, gone.clone()).map_err(|error| target.broken(error))?;
    gone
}
