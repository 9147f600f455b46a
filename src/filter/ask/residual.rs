//! The part of a filter that is decided here, trace by trace, after a server has decided its own part.
//!
//! It must not know what was sent.

use std::collections::BTreeSet;
use std::fmt;

use super::doubt::Doubt;
use super::eval::{Answers, Matcher, is_stored_text};
use super::language::Language;
use super::portable::Portable;
use super::python_regex;
use super::text;
use super::truth::Truth;
use crate::filter::meaning::typed::{Clause, Condition, Test, TextOperator};
use crate::model::field::Field;
use crate::model::{AssessmentKind, Trace, TraceId, TraceInfo};

/// What a server cannot decide of a filter.
#[derive(Clone, Debug)]
pub struct Residual {
    condition: Condition,
    sets: Vec<ServerSet>,
    lookups: Vec<String>,
    /// For each clause that a trace may leave open, who answers.
    asked: Vec<Option<Asked>>,
}

/// A residual ready to be asked of traces.
#[derive(Debug)]
pub struct ResidualMatcher {
    matcher: Matcher,
    asked: Vec<Option<Asked>>,
}

/// Who answers a clause that a trace alone leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One of [`Residual::server_sets`].
    Set(usize),
    /// One of [`Residual::lookups`].
    Lookup(usize),
}

/// Traces that only a server can name.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerSet {
    /// Those that a filter in the server's own language finds.
    Found(String),
    /// Those that are linked to a run whose id passes.
    LinkedTo(Test),
    /// Those in whose session one has an assessment of a kind, or of any, that was made for the session.
    SharesAssessment(Option<AssessmentKind>),
    /// Those of which a clause holds that the server does not understand: what their sessions share has to be read.
    Decided(Box<Clause>),
}

impl ServerSet {
    fn of(clause: &Clause, language: Language) -> Option<Self> {
        match (&clause.field, &clause.test) {
            (Field::Assessed(kind), _) => Some(Self::SharesAssessment(*kind)),
            (Field::AnyRun, test) => Some(Self::LinkedTo(test.clone())),
            _ => text::for_set(clause, language).map(Self::Found).or_else(|| Self::decided(clause, language)),
        }
    }

    /// What is asked of assessments, where the server returns them and cannot be asked.
    fn decided(clause: &Clause, language: Language) -> Option<Self> {
        let is_shared = matches!(clause.field, Field::Feedback(_) | Field::Expectation(_));
        let is_decided = is_shared && language < Language::CURRENT && language.has_assessments();
        is_decided.then(|| Self::Decided(Box::new(clause.clone())))
    }
}

/// What it asks for, for people.
impl fmt::Display for ServerSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(filter) => write!(formatter, "{filter}"),
            Self::LinkedTo(_) => write!(formatter, "run_id = each run"),
            Self::SharesAssessment(_) | Self::Decided(_) => write!(formatter, "assessments of the whole session"),
        }
    }
}

impl Residual {
    pub(in crate::filter) fn new(condition: Condition, language: Language) -> Self {
        let (mut sets, mut lookups) = (Vec::new(), Vec::new());
        let matcher = Matcher::new(std::slice::from_ref(&condition));
        let mut answered = |clause: &Clause| {
            if is_stored_text(&clause.field) && !is_unsupported(&clause.test) {
                return text::for_server(clause, language).map(|text| Asked::Lookup(position(&mut lookups, text)));
            }
            ServerSet::of(clause, language).map(|set| Asked::Set(position(&mut sets, set)))
        };
        let asked = matcher.asked().iter().map(&mut answered).collect();
        Self { condition, sets, lookups, asked }
    }

    /// What is decided here, as a filter for people to read.
    #[must_use]
    pub fn text(&self) -> String {
        text::for_people(&self.condition)
    }

    /// Whether it asks something of spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        crate::filter::asks_spans(&self.condition)
    }

    /// Whether it holds a regular expression about spans that cannot be run here: what depends on it is never found.
    #[must_use]
    pub fn is_undecidable(&self) -> bool {
        holds_unsupported_span_test(&self.condition)
    }

    /// Traces that only a server can name: each set has to be searched for once, for [`ResidualMatcher::matches`].
    #[must_use]
    pub fn server_sets(&self) -> &[ServerSet] {
        &self.sets
    }

    /// Filters that decide where a text was cut, or where databases differ: to be asked of those traces alone about which
    /// [`ResidualMatcher::is_for_lookup`].
    #[must_use]
    pub fn lookups(&self) -> &[String] {
        &self.lookups
    }

    /// Of the [`Residual::lookups`] those that are asked because databases compare some texts in different ways.
    #[must_use]
    pub fn clauses_that_differ(&self) -> Vec<&str> {
        let matcher = Matcher::new(std::slice::from_ref(&self.condition));
        let is_own = |clause: &&Clause| Portable::of(&clause.test) != Portable::Always;
        let positions = matcher.asked().iter().zip(&self.asked).filter(|(clause, _)| is_own(clause));
        let lookups = positions.filter_map(|(_, asked)| match asked {
            Some(Asked::Lookup(position)) => self.lookups.get(*position),
            _ => None,
        });
        lookups.map(String::as_str).collect()
    }

    /// The residual ready to be asked of traces.
    #[must_use]
    pub fn matcher(&self) -> ResidualMatcher {
        ResidualMatcher { matcher: Matcher::new(std::slice::from_ref(&self.condition)), asked: self.asked.clone() }
    }
}

fn position<T: PartialEq>(known: &mut Vec<T>, wanted: T) -> usize {
    known.iter().position(|one| *one == wanted).unwrap_or_else(|| {
        known.push(wanted);
        known.len() - 1
    })
}

/// Whether it is a regular expression that only a server can run, of every trace.
fn is_unsupported(test: &Test) -> bool {
    matches!(test, Test::Text(TextOperator::RLike, pattern) if python_regex::is_unsupported(pattern))
}

fn holds_unsupported_span_test(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(holds_unsupported_span_test),
        Condition::Not(part) => holds_unsupported_span_test(part),
        Condition::Span(group) => holds_unsupported_span_test(&group.condition),
        Condition::Clause(clause) => match (&clause.field, &clause.test) {
            (
                Field::Span(_) | Field::Error | Field::ErrorSpan,
                Test::Text(TextOperator::RLike | TextOperator::NotRLike, pattern),
            ) => python_regex::is_unsupported(pattern),
            _ => false,
        },
    }
}

impl ResidualMatcher {
    /// Whether a trace matches. `answers` tells whether a server names an id, or finds it; nothing if it was not asked. What
    /// depends on spans that the trace does not have is open.
    #[must_use]
    pub fn matches(&self, trace: &Trace, answers: &dyn Fn(Asked, &TraceId) -> Option<bool>) -> Truth {
        self.matcher.matches_with(trace, &Answers::Sets(&|asked, id| answers((*self.asked.get(asked)?)?, id)))
    }

    /// Whether the answer for a trace is one that the server has to be asked about: what matters of a text was cut, or databases
    /// compare it in different ways.
    #[must_use]
    pub fn is_for_lookup(&self, info: &TraceInfo, answers: &dyn Fn(Asked, &TraceId) -> Option<bool>) -> bool {
        // Most of the infos are whole and plain: they are not copied to be asked.
        let cut = info.maybe_cut();
        if cut.tags.is_empty() && cut.metadata.is_empty() && !self.matcher.differs(info) {
            return false;
        }
        let answers = |asked: usize, id: &TraceId| answers((*self.asked.get(asked)?)?, id);
        let doubts = self.matcher.doubts_with(&Trace::without_spans(info.clone()), &Answers::OwnSets(&answers));
        doubts.iter().any(|doubt| matches!(doubt, Doubt::Cut(_) | Doubt::Database(_)))
    }

    /// Why it cannot be known whether a trace matches; nothing if it can.
    #[must_use]
    pub fn doubts(&self, trace: &Trace, answers: &dyn Fn(Asked, &TraceId) -> Option<bool>) -> BTreeSet<Doubt> {
        self.matcher.doubts_with(trace, &Answers::Sets(&|asked, id| answers((*self.asked.get(asked)?)?, id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    fn is_for_lookup(filter: &str, word: Option<&str>) -> bool {
        let plan = Filter::parse(filter).unwrap().plan();
        let mut info = TraceInfo::new(TraceId::new("tr-1"), 0);
        info.tags.extend(word.map(|word| ("w".to_owned(), word.to_owned())));
        plan.residual().unwrap().matcher().is_for_lookup(&info, &|_, _| None)
    }

    #[test]
    fn a_server_is_asked_where_databases_differ_and_nowhere_else() {
        let filter = "tags.w ILIKE 'c%' OR trace_id = 'tr-2'";
        assert!(is_for_lookup(filter, Some("Caf\u{e9}")));
        assert!(!is_for_lookup(filter, Some("Cafe")) && !is_for_lookup(filter, None));
        assert!(is_for_lookup("NOT tags.w LIKE '100\\%'", Some("100%")));
        assert!(!is_for_lookup("NOT tags.w LIKE '100%'", Some("100%")));
        assert!(is_for_lookup("NOT tags.w RLIKE '[[:alpha:]]'", Some("a")));
        assert!(!is_for_lookup("NOT tags.w RLIKE '^a$'", Some("a")));
        // What it finds changes nothing.
        assert!(!is_for_lookup("tags.w ILIKE 'c%' OR trace_id = 'tr-1'", Some("Caf\u{e9}")));
    }

    #[test]
    fn the_answer_of_the_server_is_the_answer() {
        let plan = Filter::parse("NOT tags.w ILIKE 'caf_'").unwrap().plan();
        let matcher = plan.residual().unwrap().matcher();
        let mut info = TraceInfo::new(TraceId::new("tr-1"), 0);
        info.tags.insert("w".to_owned(), "Caf\u{e9}".to_owned());
        let trace = Trace::without_spans(info);
        for found in [true, false] {
            assert_eq!(matcher.matches(&trace, &|_, _| Some(found)), Truth::from(!found));
        }
    }
}
