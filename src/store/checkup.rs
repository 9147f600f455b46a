//! Looking a store over without changing anything: how it is reached, what it is, what its user may do there, where it keeps
//! things. Each look is bounded in time, and says what it found in words for people.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::model::{Experiment, TraceInfo};

/// What a look found.
#[derive(Debug)]
pub struct CheckFinding {
    /// What was looked at: `TLS`.
    pub what: &'static str,
    /// How it is.
    pub state: CheckState,
    /// How long it took, where that is worth knowing.
    pub took: Option<Duration>,
}

/// How something is.
#[derive(Debug)]
pub enum CheckState {
    /// As it should be.
    Fine(String),
    /// It works, and could be better.
    Noted {
        /// What was found.
        text: String,
        /// What would help.
        advice: String,
    },
    /// It does not hold, although an answer came.
    Wrong {
        /// What was found.
        text: String,
        /// What would help.
        advice: String,
    },
    /// It cannot be had.
    Failed(Box<StoreError>),
    /// It was not looked at.
    Untried(String),
}

impl CheckFinding {
    /// As it should be.
    pub fn fine(what: &'static str, text: impl Into<String>) -> Self {
        Self { what, state: CheckState::Fine(text.into()), took: None }
    }

    /// It works, and could be better.
    pub fn noted(what: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what, state: CheckState::Noted { text: text.into(), advice: advice.into() }, took: None }
    }

    /// It does not hold.
    pub fn wrong(what: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what, state: CheckState::Wrong { text: text.into(), advice: advice.into() }, took: None }
    }

    /// It cannot be had.
    pub fn failed(what: &'static str, error: impl Into<StoreError>) -> Self {
        Self { what, state: CheckState::Failed(Box::new(error.into())), took: None }
    }

    /// It was not looked at.
    pub fn untried(what: &'static str, why: impl Into<String>) -> Self {
        Self { what, state: CheckState::Untried(why.into()), took: None }
    }

    /// With how long it took.
    #[must_use]
    pub fn after(self, took: Duration) -> Self {
        Self { took: Some(took), ..self }
    }

    /// Whether what comes after it cannot be had, either.
    #[must_use]
    pub fn ends_it(&self) -> bool {
        matches!(&self.state, CheckState::Failed(_))
    }
}

/// A store that can be looked over.
#[async_trait]
pub trait Checkup: Send + Sync {
    /// How it is reached, step by step, until one fails.
    async fn reach(&self) -> Vec<CheckFinding>;

    /// What it is and whether it lets this user in, step by step, until one fails.
    async fn nature(&self) -> Vec<CheckFinding>;

    /// What this user may do in an experiment; `trace` is one of its traces, which stays as it is.
    async fn rights(&self, experiment: &Experiment, trace: Option<&TraceInfo>) -> Vec<CheckFinding>;

    /// Where it keeps things.
    async fn storage(&self) -> Vec<CheckFinding>;
}
