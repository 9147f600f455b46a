//! Asking a trace: a checked filter, compiled once, against any number of traces.
//!
//! It answers what the tracking server with `SQLite` answers, as far as an exported trace can tell. What an export does not
//! hold is unknown: runs that a trace is linked to without having been recorded in them. Linked prompts are read from the
//! tag `mlflow.linkedPrompts`, assessments and metadata as the export shows them. It must not know how filters are written.
//!
//! Invariant: nothing is compiled per trace.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::assessments::AssessmentTest;
use super::like::LikePattern;
use super::limits::bound_number;
use super::python_regex::{self, PythonRegex};
use super::spans::{SpanNode, SpanTest};
use super::truth::Truth;
use super::typed::{self, Clause, Condition, Number, NumberOperator, Test, TextOperator};
use crate::model::field::{Field, linked_prompts};
use crate::model::{Assessment, AssessmentKind, Trace, TraceId, keys};

/// A filter ready to be asked of traces.
#[derive(Debug)]
pub struct Matcher {
    root: Node,
    /// The clauses on assessments; a [`SessionScope`] has one set of sessions for each.
    scoped: Vec<AssessmentTest>,
    /// The clauses that [`Answers::Sets`] decides, by position.
    asked: Vec<Clause>,
}

/// Where the answers come from that a trace alone cannot give.
pub(super) enum Answers<'a> {
    /// A first pass over the traces that are searched.
    Scope(&'a SessionScope),
    /// Whether a server finds the trace by a clause of [`Matcher::asked`]; nothing if it was not asked.
    Sets(&'a dyn Fn(usize, &TraceId) -> Option<bool>),
}

/// The sessions whose traces all share a matching assessment.
///
/// An assessment that names a session in its own metadata counts for every trace of the session that its trace belongs to.
/// That takes a first pass over all traces that are searched, whatever else the filter says.
#[derive(Clone, Debug, Default)]
pub struct SessionScope {
    sessions: Vec<HashSet<String>>,
}

impl SessionScope {
    /// Takes in what another pass over other traces has found, of the same filter.
    pub fn merge(&mut self, other: Self) {
        self.sessions.resize_with(self.sessions.len().max(other.sessions.len()), HashSet::new);
        for (mine, theirs) in self.sessions.iter_mut().zip(other.sessions) {
            mine.extend(theirs);
        }
    }
}

#[derive(Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Span(SpanTest),
    /// The positions of a clause in [`Matcher::scoped`] and [`Matcher::asked`].
    Assessment(usize, usize),
    /// A link that the export may not show, and the position of the clause in [`Matcher::asked`].
    Link(Field, Check, usize),
    /// A field that is held against a regular expression which cannot be run here, and the position of the clause in
    /// [`Matcher::asked`].
    ServerRegex(Field, usize),
    /// `run_id =` of a filter of `MLflow`: a trace may be linked to a run without showing it.
    UnshownRun(Check),
    Field(Field, Check),
}

/// A compiled [`Test`].
#[derive(Debug)]
pub(super) enum Check {
    Equal(String),
    NotEqual(String),
    Like(LikePattern),
    Regex(PythonRegex),
    OneOf(BTreeSet<String>),
    NoneOf(BTreeSet<String>),
    Number(NumberOperator, Number),
    Range(typed::Range),
    Boolean(bool, bool),
    NumberBeforeText(NumberOperator),
    Not(Box<Check>),
    Missing,
    Present,
}

impl Matcher {
    /// For a filter of `MLflow`, where clauses side by side are not independent.
    pub(super) fn new(conjuncts: &[Condition]) -> Self {
        let mut matcher = Self::empty();
        matcher.root = matcher.compile_all(conjuncts);
        matcher
    }

    /// For an extended filter, where what belongs together is grouped.
    pub(super) fn extended(condition: &Condition) -> Self {
        let mut matcher = Self::empty();
        matcher.root = matcher.compile(condition);
        matcher
    }

    fn empty() -> Self {
        Self { root: Node::All(Vec::new()), scoped: Vec::new(), asked: Vec::new() }
    }

    /// The clauses that only a server can decide whole.
    pub(super) fn asked(&self) -> &[Clause] {
        &self.asked
    }

    /// The first pass over all traces that are searched.
    pub fn scope<'a>(&self, traces: impl Iterator<Item = &'a Trace>) -> SessionScope {
        let mut scope = SessionScope::default();
        for trace in traces {
            self.observe(&mut scope, trace);
        }
        scope
    }

    /// Takes one trace into the first pass.
    pub fn observe(&self, scope: &mut SessionScope, trace: &Trace) {
        scope.sessions.resize_with(self.scoped.len(), HashSet::new);
        let Some(session) = trace.info.session() else { return };
        for (test, sessions) in self.scoped.iter().zip(&mut scope.sessions) {
            let is_scoped = |assessment: &&Assessment| assessment.metadata(keys::SESSION).is_some();
            if test.candidates(trace).filter(is_scoped).any(|assessment| test.check(assessment).is_true()) {
                sessions.insert(session.to_owned());
            }
        }
    }

    /// Whether a trace matches. With an empty scope, only its own assessments count.
    #[must_use]
    pub fn matches(&self, trace: &Trace, scope: &SessionScope) -> Truth {
        self.node(&self.root, trace, &Answers::Scope(scope))
    }

    /// Whether a trace matches, given answers of a server.
    pub(super) fn matches_with(&self, trace: &Trace, answers: &Answers) -> Truth {
        self.node(&self.root, trace, answers)
    }

    fn node(&self, node: &Node, trace: &Trace, answers: &Answers) -> Truth {
        match node {
            Node::All(parts) => Truth::all(parts.iter().map(|part| self.node(part, trace, answers))),
            Node::Any(parts) => Truth::any(parts.iter().map(|part| self.node(part, trace, answers))),
            Node::Not(part) => !self.node(part, trace, answers),
            Node::Span(test) => test.of_trace(trace),
            Node::Assessment(position, asked) => {
                let test = &self.scoped[*position];
                match answers {
                    Answers::Scope(scope) => test.of_trace(trace, scope.sessions.get(*position)),
                    Answers::Sets(sets) => match sets(*asked, &trace.info.trace_id) {
                        Some(found) => test.of_answer(trace, found),
                        None => test.of_trace(trace, None),
                    },
                }
            }
            Node::Link(field, check, asked) => match answers {
                Answers::Sets(sets) if sets(*asked, &trace.info.trace_id) == Some(true) => Truth::True,
                _ => ask(field, check, trace),
            },
            Node::ServerRegex(field, asked) => match answers {
                Answers::Sets(sets) => match (sets(*asked, &trace.info.trace_id), ask(field, &Check::Present, trace)) {
                    (Some(true), _) => Truth::True,
                    (Some(false), Truth::True) => Truth::False,
                    _ => Truth::Unknown,
                },
                Answers::Scope(_) => Truth::Unknown,
            },
            Node::UnshownRun(check) => match ask(&Field::Run, check, trace) {
                Truth::False => Truth::Unknown,
                truth => truth,
            },
            Node::Field(field, check) => ask(field, check, trace),
        }
    }

    fn compile(&mut self, condition: &Condition) -> Node {
        match condition {
            Condition::All(parts) => Node::All(parts.iter().map(|part| self.compile(part)).collect()),
            Condition::Any(parts) => Node::Any(parts.iter().map(|part| self.compile(part)).collect()),
            Condition::Not(part) => Node::Not(Box::new(self.compile(part))),
            Condition::Span(group) => Node::Span(SpanTest::new(group)),
            Condition::Clause(clause) => match (&clause.field, &clause.test) {
                (Field::Feedback(name), _) => self.assessment(AssessmentKind::Feedback, name, clause),
                (Field::Expectation(name), _) => self.assessment(AssessmentKind::Expectation, name, clause),
                (Field::Run | Field::Prompt, test @ Test::Text(TextOperator::Equal, _)) => {
                    self.asked.push(clause.clone());
                    Node::Link(clause.field.clone(), Check::new(test), self.asked.len() - 1)
                }
                (field, Test::Text(operator @ (TextOperator::RLike | TextOperator::NotRLike), pattern))
                    if !matches!(field, Field::Span(_)) && python_regex::is_unsupported(pattern) =>
                {
                    let found = self.server_regex(clause, pattern);
                    if *operator == TextOperator::RLike { found } else { Node::Not(Box::new(found)) }
                }
                (field, test) => Node::Field(field.clone(), Check::new(test)),
            },
        }
    }

    /// A regular expression that cannot be run here: what it finds only a server can tell.
    fn server_regex(&mut self, clause: &Clause, pattern: &str) -> Node {
        let test = Test::Text(TextOperator::RLike, pattern.to_owned());
        self.asked.push(Clause { test, ..clause.clone() });
        Node::ServerRegex(clause.field.clone(), self.asked.len() - 1)
    }

    fn assessment(&mut self, kind: AssessmentKind, name: &str, clause: &Clause) -> Node {
        self.scoped.push(AssessmentTest::new(kind, name, &clause.test));
        self.asked.push(clause.clone());
        Node::Assessment(self.scoped.len() - 1, self.asked.len() - 1)
    }

    /// Clauses that are joined by AND are not independent: those on spans ask one span, lower bounds of the start also
    /// bound that span, and of several `run_id =` only the last counts, and an empty one not at all.
    fn compile_all(&mut self, parts: &[Condition]) -> Node {
        let mut nodes = Vec::new();
        let mut tests = Vec::new();
        let mut earliest: Option<Number> = None;
        let mut run = None;
        for part in parts {
            let Condition::Clause(clause) = part else {
                nodes.push(self.compile(part));
                continue;
            };
            match (&clause.field, &clause.test) {
                (Field::Span(field), test) => tests.push(SpanNode::test(field, test)),
                (Field::Run, test @ Test::Text(TextOperator::Equal, value)) => run = Some((value, test)),
                (field, test) => {
                    if *field == Field::RequestTime {
                        earliest = later(earliest, bound_number(test));
                    }
                    nodes.push(self.compile(part));
                }
            }
        }
        if let Some((_, test)) = run.filter(|(value, _)| !value.is_empty()) {
            nodes.push(Node::UnshownRun(Check::new(test)));
        }
        // The text of a span is long in the making, so what is asked of it comes last.
        tests.sort_by_key(SpanNode::asks_content);
        if !tests.is_empty() {
            nodes.push(Node::Span(SpanTest::one_of(SpanNode::All(tests), earliest)));
        }
        Node::All(nodes)
    }
}

pub(super) fn later(a: Option<Number>, b: Option<Number>) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) if b.compare(a).is_none_or(std::cmp::Ordering::is_le) => Some(a),
        (a, None) => a,
        (_, b) => b,
    }
}

impl Check {
    pub(super) fn new(test: &Test) -> Self {
        match test {
            Test::Text(TextOperator::Equal, value) => Self::Equal(value.clone()),
            Test::Text(TextOperator::NotEqual, value) => Self::NotEqual(value.clone()),
            Test::Text(TextOperator::Like, pattern) => Self::Like(LikePattern::new(pattern, false)),
            Test::Text(TextOperator::ILike, pattern) => Self::Like(LikePattern::new(pattern, true)),
            Test::Text(TextOperator::RLike, pattern) => Self::Regex(PythonRegex::new(pattern)),
            Test::Text(operator, value) => {
                Self::Not(Box::new(Self::new(&Test::Text(operator.negated(), value.clone()))))
            }
            Test::OneOf(values) => Self::OneOf(values.iter().cloned().collect()),
            Test::NoneOf(values) => Self::NoneOf(values.iter().cloned().collect()),
            Test::Number(operator, number) => Self::Number(*operator, *number),
            Test::Range(range) => Self::Range(*range),
            Test::Boolean(equal, value) => Self::Boolean(*equal, *value),
            Test::NumberBeforeText(operator) => Self::NumberBeforeText(*operator),
            Test::Missing => Self::Missing,
            Test::Present => Self::Present,
        }
    }

    pub(super) fn is_regex(&self) -> bool {
        match self {
            Self::Regex(_) => true,
            Self::Not(check) => check.is_regex(),
            _ => false,
        }
    }

    pub(super) fn text(&self, value: Option<&str>) -> Truth {
        let Some(value) = value else {
            return match self {
                Self::Missing => Truth::True,
                Self::Present => Truth::False,
                _ => Truth::Unknown,
            };
        };
        match self {
            Self::Equal(expected) => Truth::from(value == expected),
            Self::NotEqual(expected) => Truth::from(value != expected),
            Self::Like(pattern) => Truth::from(pattern.matches(value)),
            Self::Regex(regex) => regex.is_found_in(value),
            Self::OneOf(values) => Truth::from(values.contains(value)),
            Self::NoneOf(values) => Truth::from(!values.contains(value)),
            Self::Not(check) => !check.text(Some(value)),
            Self::Number(..) | Self::Range(_) | Self::Boolean(..) | Self::NumberBeforeText(_) => Truth::Unknown,
            Self::Missing => Truth::False,
            Self::Present => Truth::True,
        }
    }

    /// Whether one of several answers passes; unknown if there is none.
    fn any_text<'v>(&self, values: impl Iterator<Item = &'v str>) -> Truth {
        let mut values = values.peekable();
        match self {
            Self::Missing => Truth::from(values.peek().is_none()),
            Self::Present => Truth::from(values.peek().is_some()),
            _ => Truth::any(values.map(|value| self.text(Some(value)))),
        }
    }

    pub(super) fn number(&self, value: Option<Number>) -> Truth {
        let Some(value) = value else { return self.text(None) };
        match self {
            Self::Number(operator, number) => {
                value.compare(*number).map_or(Truth::Unknown, |ordering| Truth::from(operator.allows(ordering)))
            }
            Self::Range(range) => range.holds(value).map_or(Truth::Unknown, Truth::from),
            Self::NumberBeforeText(operator) => Truth::from(operator.allows(std::cmp::Ordering::Less)),
            Self::Missing => Truth::False,
            Self::Present => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// A JSON value of an attribute: texts, numbers and booleans are equal only to their own kind.
    pub(super) fn json(&self, value: Option<&Value>) -> Truth {
        match (self, value) {
            (_, None | Some(Value::Null)) => self.text(None),
            (Self::Missing, _) => Truth::False,
            (Self::Present, _) => Truth::True,
            (Self::Boolean(equal, expected), Some(value)) => {
                Truth::from((value.as_bool() == Some(*expected)) == *equal)
            }
            (Self::Number(..) | Self::Range(_), Some(Value::Number(number))) => self.number(json_number(number)),
            (Self::Number(NumberOperator::NotEqual, _), Some(_)) => Truth::True,
            (Self::Number(NumberOperator::Equal, _), Some(_)) => Truth::False,
            (_, Some(Value::String(text))) => self.text(Some(text)),
            (Self::Equal(_) | Self::OneOf(_), Some(_)) => Truth::False,
            (Self::NotEqual(_) | Self::NoneOf(_), Some(_)) => Truth::True,
            (_, Some(_)) => Truth::Unknown,
        }
    }
}

fn json_number(number: &serde_json::Number) -> Option<Number> {
    number.as_i64().map(Number::Integer).or_else(|| number.as_f64().map(Number::Float))
}

fn ask(field: &Field, check: &Check, trace: &Trace) -> Truth {
    let info = &trace.info;
    let integer = |ms: i64| Some(Number::Integer(ms));
    match field {
        Field::TraceId => check.text(Some(info.trace_id.as_str())),
        Field::ClientRequestId => check.text(info.client_request_id.as_deref()),
        Field::Status => check.text(Some(info.state.as_str())),
        Field::RequestTime => check.number(integer(info.request_time_ms)),
        Field::Duration => check.number(info.duration_ms.map(Number::Integer)),
        Field::EndTime => check.number(integer(info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0)))),
        Field::Name => check.text(info.name()),
        Field::Run => check.text(info.metadata.get(keys::SOURCE_RUN).map(String::as_str)),
        Field::Prompt => check.any_text(linked_prompts(trace).iter().filter_map(Value::as_str)),
        Field::Session => check.text(info.session()),
        Field::User => check.text(info.user()),
        Field::Tag(key) => check.text(info.tags.get(key).map(String::as_str)),
        Field::Metadata(key) => check.text(info.metadata.get(key).map(String::as_str)),
        Field::Issue => {
            let issues = info.assessments.iter().filter(|assessment| assessment.kind() == AssessmentKind::Issue);
            check.any_text(issues.map(Assessment::name))
        }
        Field::Experiment => check.text(info.experiment_id().as_ref().map(crate::model::ExperimentId::as_str)),
        Field::RequestPreview => check.text(info.request_preview.as_deref()),
        Field::ResponsePreview => check.text(info.response_preview.as_deref()),
        Field::SpanCount if trace.spans.is_none() && info.stated_span_count().is_none() => Truth::Unknown,
        Field::Tokens(_) | Field::Cost(_) | Field::SpanCount | Field::SizeBytes => {
            check.number(field.value(trace).as_number().and_then(json_number))
        }
        Field::AssessmentSourceType => check.any_text(valid_assessments(trace).filter_map(Assessment::source_type)),
        Field::AssessmentSourceId => check.any_text(valid_assessments(trace).filter_map(Assessment::source_id)),
        // Compiled to nodes of their own.
        Field::Feedback(_) | Field::Expectation(_) | Field::Span(_) => Truth::Unknown,
    }
}

fn valid_assessments(trace: &Trace) -> impl Iterator<Item = &Assessment> {
    trace.info.assessments.iter().filter(|assessment| assessment.is_valid())
}

/// What `clauses` ask of spans.
pub(super) fn asks_spans(clause: &Clause) -> bool {
    matches!(clause.field, Field::Span(_) | Field::SpanCount)
}

/// Whether a clause is about assessments that a session may share.
pub(super) fn asks_sessions(clause: &Clause) -> bool {
    matches!(clause.field, Field::Feedback(_) | Field::Expectation(_))
}

/// The text that a sort compares; none sorts last.
pub(super) fn text_of<'t>(field: &Field, trace: &'t Trace) -> Option<&'t str> {
    let info = &trace.info;
    match field {
        Field::TraceId => Some(info.trace_id.as_str()),
        Field::Status => Some(info.state.as_str()),
        Field::Name => info.name(),
        Field::Session => info.session(),
        Field::User => info.user(),
        Field::Run => info.metadata.get(keys::SOURCE_RUN).map(String::as_str),
        Field::Prompt => info.tags.get(keys::LINKED_PROMPTS).map(String::as_str),
        Field::Tag(key) => info.tags.get(key).map(String::as_str),
        Field::Metadata(key) => info.metadata.get(key).map(String::as_str),
        _ => None,
    }
}
