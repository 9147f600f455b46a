//! The part of a filter that is decided here, trace by trace, after a server has decided its own part.
//!
//! It must not know what was sent.

use super::eval::{Answers, Matcher};
use super::truth::Truth;
use super::typed::{Condition, Test, TextOperator};
use super::{python_regex, text};
use crate::model::field::Field;
use crate::model::{Trace, TraceId};

/// What a server cannot decide of a filter.
#[derive(Clone, Debug)]
pub struct Residual {
    condition: Condition,
    sets: Vec<String>,
    /// For each clause that the matcher asks a server about, which of the sets answers.
    set_of: Vec<Option<usize>>,
}

/// A residual ready to be asked of traces.
#[derive(Debug)]
pub struct ResidualMatcher {
    matcher: Matcher,
    set_of: Vec<Option<usize>>,
}

impl Residual {
    pub(super) fn new(condition: Condition) -> Self {
        let mut sets: Vec<String> = Vec::new();
        let matcher = Matcher::extended(&condition);
        let mut position = |text: String| {
            sets.iter().position(|known| *known == text).unwrap_or_else(|| {
                sets.push(text);
                sets.len() - 1
            })
        };
        let set_of = matcher.asked().iter().map(|clause| text::for_set(clause).map(&mut position)).collect();
        Self { condition, sets, set_of }
    }

    /// What is decided here, as a filter for people to read.
    #[must_use]
    pub fn text(&self) -> String {
        text::for_people(&self.condition)
    }

    /// Whether it asks something of spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        super::asks_spans(&self.condition)
    }

    /// Whether it holds a regular expression about spans that cannot be run here: what depends on it is never found.
    #[must_use]
    pub fn is_undecidable(&self) -> bool {
        holds_unsupported_span_test(&self.condition)
    }

    /// Filters whose matches only a server can tell: each has to be searched for once, for [`ResidualMatcher::matches`].
    #[must_use]
    pub fn server_sets(&self) -> &[String] {
        &self.sets
    }

    /// The residual ready to be asked of traces.
    #[must_use]
    pub fn matcher(&self) -> ResidualMatcher {
        ResidualMatcher { matcher: Matcher::extended(&self.condition), set_of: self.set_of.clone() }
    }
}

fn holds_unsupported_span_test(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(holds_unsupported_span_test),
        Condition::Not(part) => holds_unsupported_span_test(part),
        Condition::Span(group) => holds_unsupported_span_test(&group.condition),
        Condition::Clause(clause) => match (&clause.field, &clause.test) {
            (Field::Span(_), Test::Text(TextOperator::RLike | TextOperator::NotRLike, pattern)) => {
                python_regex::is_unsupported(pattern)
            }
            _ => false,
        },
    }
}

impl ResidualMatcher {
    /// Whether a trace matches. `sets` tells whether an id is among the matches of a filter of [`Residual::server_sets`].
    /// Without its spans, what depends on them is unknown.
    #[must_use]
    pub fn matches(&self, trace: &Trace, sets: &dyn Fn(usize, &TraceId) -> bool) -> Truth {
        let answer = |asked: usize, id: &TraceId| Some(sets((*self.set_of.get(asked)?)?, id));
        self.matcher.matches_with(trace, &Answers::Sets(&answer))
    }
}
