//! Saves answers and tags one after the other, in the order in which they were given, while the next trace is looked at.
//!
//! Invariant: an answer has its id before it is sent for the first time, so that sending it again never makes a second one.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use super::send::save;
use crate::annotations::Row;
use crate::cli::KeyValue;
use crate::commands::log_assessment::LogTarget;
use crate::exit::Exit;
use crate::model::{Assessment, TraceId};

/// What is to be saved.
#[derive(Clone)]
pub struct Job {
    /// Which of the traces.
    pub index: usize,
    pub trace: TraceId,
    pub work: Work,
}

#[derive(Clone)]
pub enum Work {
    /// An answer, and the assessments that the trace has.
    Answer(Row, Vec<Assessment>),
    /// An answer that is taken back.
    Undo(Row),
    Tag(KeyValue),
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
