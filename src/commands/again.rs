//! Asks a server again and again, for as long as a flag says; one that is away is asked until it answers.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::Context;
use crate::cli::Period;
use crate::error::CliError;
use crate::exit::Exit;

/// How long the last answer may still take once the time is over, plus twice the longest answer so far.
const GRACE: Duration = Duration::from_secs(10);

pub struct Again {
    end: Option<Instant>,
    every: Duration,
    /// The longest wait for a server that is away.
    longest: Duration,
    wait: Duration,
    longest_answer: Duration,
    /// Why there was no answer the last time.
    away: Option<CliError>,
}

impl Again {
    pub fn new(every: Period, longest: Duration, max_time: Option<Period>) -> Self {
        let every = every.as_duration();
        let end = max_time.map(|most| Instant::now() + most.as_duration());
        Self { end, every, longest: longest.max(every * 2), wait: every, longest_answer: Duration::ZERO, away: None }
    }

    /// Waits until it is time to ask again, or the time is over.
    pub async fn pause(&self) {
        let left = self.end.map_or(self.wait, |end| self.wait.min(end.saturating_duration_since(Instant::now())));
        sleep(left).await;
    }

    /// What the server answers, in time.
    pub async fn ask<T>(&mut self, question: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
        let began = Instant::now();
        let answer = match self.end {
            Some(end) => {
                let last = end.max(began) + GRACE + self.longest_answer * 2;
                timeout_at(last, question).await.unwrap_or_else(|_| {
                    Err(CliError::new(Exit::Unreachable, "the server did not answer before --max-time ran out"))
                })
            }
            None => question.await,
        };
        self.longest_answer = self.longest_answer.max(began.elapsed());
        answer
    }

    /// Takes an answer; nothing if the server is away, which is told once. Fails if it will not answer however often it is
    /// asked.
    pub fn take<T>(&mut self, context: &mut Context<'_>, answer: Result<T, CliError>) -> Result<Option<T>, CliError> {
        match answer {
            Ok(answer) => {
                if self.away.take().is_some() {
                    context.ui.status("The server answers again.");
                }
                self.wait = self.every;
                Ok(Some(answer))
            }
            Err(error) if matches!(error.exit, Exit::Unreachable | Exit::Refused) => {
                if self.away.is_none() {
                    context.ui.warning(&format!("{}; trying again until it answers", error.message));
                }
                self.wait = (self.wait * 2).min(self.longest);
                self.away = Some(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the time is over; an error if the server was away at the end.
    pub fn is_over(&mut self) -> Result<bool, CliError> {
        let is_over = self.end.is_some_and(|end| Instant::now() >= end);
        match self.away.take_if(|_| is_over) {
            Some(error) => Err(error),
            None => Ok(is_over),
        }
    }
}
