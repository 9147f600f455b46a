//! Asking a trace: a checked filter, compiled once, against any number of traces.
//!
//! It answers what the tracking server with `SQLite` answers, as far as an exported trace can tell. What an export does not
//! hold is unknown: runs that a trace is linked to without having been recorded in them. Linked prompts are read from the
//! tag `mlflow.linkedPrompts`, assessments and metadata as the export shows them. It must not know how filters are written.
//!
//! Invariant: nothing is compiled per trace.

use std::collections::{BTreeSet, HashSet};

use super::like::LikePattern;
use super::limits::{SPAN_TOLERANCE_MS, bound_number};
use super::python_regex::PythonRegex;
use super::truth::Truth;
use super::typed::{Clause, Condition, Number, NumberOperator, Test, TextOperator};
use crate::model::field::{Field, SpanField, linked_prompts};
use crate::model::python_json::{self, NonAscii};
use crate::model::{Assessment, AssessmentKind, Span, Trace, keys};

/// A filter ready to be asked of traces.
#[derive(Debug)]
pub struct Matcher {
    root: Node,
    /// The clauses on assessments; a [`SessionScope`] has one set of sessions for each.
    scoped: Vec<AssessmentTest>,
}

/// The sessions whose traces all share a matching assessment.
///
/// An assessment that names a session in its own metadata counts for every trace of the session that its trace belongs to.
/// That takes a first pass over all traces that are searched, whatever else the filter says.
#[derive(Clone, Debug, Default)]
pub struct SessionScope {
    sessions: Vec<HashSet<String>>,
}

#[derive(Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// All of these of one and the same span.
    OneSpan {
        tests: Vec<(SpanField, Check)>,
        earliest: Option<Number>,
    },
    /// The position of a clause in [`Matcher::scoped`].
    Assessment(usize),
    Field(Field, Check),
}

/// A compiled [`Test`].
#[derive(Debug)]
enum Check {
    Equal(String),
    NotEqual(String),
    Like(LikePattern),
    Regex(PythonRegex),
    OneOf(BTreeSet<String>),
    NoneOf(BTreeSet<String>),
    Number(NumberOperator, Number),
    NumberBeforeText(NumberOperator),
    Missing,
    Present,
}

#[derive(Debug)]
struct AssessmentTest {
    kind: AssessmentKind,
    name: String,
    check: Check,
    /// The value that `=` and `!=` compare with, as a JSON string.
    json: Option<String>,
}

impl Matcher {
    pub(super) fn new(conjuncts: &[Condition]) -> Self {
        let mut scoped = Vec::new();
        let root = compile_all(conjuncts, &mut scoped);
        Self { root, scoped }
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
        self.node(&self.root, trace, scope)
    }

    fn node(&self, node: &Node, trace: &Trace, scope: &SessionScope) -> Truth {
        match node {
            Node::All(parts) => Truth::all(parts.iter().map(|part| self.node(part, trace, scope))),
            Node::Any(parts) => Truth::any(parts.iter().map(|part| self.node(part, trace, scope))),
            Node::Not(part) => !self.node(part, trace, scope),
            Node::OneSpan { tests, earliest } => one_span(tests, *earliest, trace),
            Node::Assessment(position) => match self.scoped.get(*position) {
                Some(test) => test.of_trace(trace, scope.sessions.get(*position)),
                None => Truth::Unknown,
            },
            Node::Field(field, check) => ask(field, check, trace),
        }
    }
}

fn compile(condition: &Condition, scoped: &mut Vec<AssessmentTest>) -> Node {
    match condition {
        Condition::All(parts) => compile_all(parts, scoped),
        Condition::Any(parts) => Node::Any(parts.iter().map(|part| compile(part, scoped)).collect()),
        Condition::Not(part) => Node::Not(Box::new(compile(part, scoped))),
        Condition::Clause(_) => compile_all(std::slice::from_ref(condition), scoped),
    }
}

/// Clauses that are joined by AND are not independent: those on spans ask one span, lower bounds of the start also bound
/// that span, and of several `run_id =` only the last counts, and an empty one not at all.
fn compile_all(parts: &[Condition], scoped: &mut Vec<AssessmentTest>) -> Node {
    let mut nodes = Vec::new();
    let mut tests = Vec::new();
    let mut earliest: Option<Number> = None;
    let mut run = None;
    for part in parts {
        let Condition::Clause(clause) = part else {
            nodes.push(compile(part, scoped));
            continue;
        };
        match (&clause.field, &clause.test) {
            (Field::Span(field), test) => tests.push(span_check(field, test)),
            (Field::Run, Test::Text(TextOperator::Equal, value)) => run = Some(value),
            (Field::Feedback(name), test) => {
                nodes.push(Node::Assessment(scoped.len()));
                scoped.push(AssessmentTest::new(AssessmentKind::Feedback, name, test));
            }
            (Field::Expectation(name), test) => {
                nodes.push(Node::Assessment(scoped.len()));
                scoped.push(AssessmentTest::new(AssessmentKind::Expectation, name, test));
            }
            (field, test) => {
                if *field == Field::RequestTime {
                    earliest = later(earliest, bound_number(test));
                }
                nodes.push(Node::Field(field.clone(), Check::new(test)));
            }
        }
    }
    if let Some(run) = run.filter(|run| !run.is_empty()) {
        nodes.push(Node::Field(Field::Run, Check::Equal(run.clone())));
    }
    // The text of a span is long in the making, so what is asked of it comes last.
    tests.sort_by_key(|(field, _)| *field == SpanField::Content);
    if !tests.is_empty() {
        nodes.push(Node::OneSpan { tests, earliest: earliest.map(first_span_start) });
    }
    Node::All(nodes)
}

fn later(a: Option<Number>, b: Option<Number>) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) if b.compare(a).is_none_or(std::cmp::Ordering::is_le) => Some(a),
        (a, None) => a,
        (_, b) => b,
    }
}

/// The nanosecond from which spans count, given a lower bound of the trace's start.
fn first_span_start(bound: Number) -> Number {
    match bound {
        Number::Integer(ms) => Number::Integer(ms.saturating_sub(SPAN_TOLERANCE_MS).saturating_mul(1_000_000)),
        Number::Float(ms) => Number::Float((ms - SPAN_TOLERANCE_MS as f64) * 1e6),
    }
}

/// Attributes are searched in the text of the span, behind their quoted key, as the server does.
fn span_check(field: &SpanField, test: &Test) -> (SpanField, Check) {
    let SpanField::Attribute(key) = field else { return (field.clone(), Check::new(test)) };
    let test = match test {
        Test::Text(TextOperator::RLike, pattern) => {
            let (prefix, body) = match pattern.strip_prefix('^') {
                Some(body) => (r#""\\""#, body),
                None => (r#""\\".*"#, pattern.as_str()),
            };
            let (body, suffix) = match body.strip_suffix('$') {
                Some(body) => (body, r#"\\""#),
                None => (body, ""),
            };
            Test::Text(TextOperator::RLike, format!(r#""{key}": {prefix}{body}{suffix}"#))
        }
        Test::Text(operator, value) => Test::Text(*operator, format!(r#"%"{key}"{value}%"#)),
        other => other.clone(),
    };
    (SpanField::Content, Check::new(&test))
}

impl Check {
    fn new(test: &Test) -> Self {
        match test {
            Test::Text(TextOperator::Equal, value) => Self::Equal(value.clone()),
            Test::Text(TextOperator::NotEqual, value) => Self::NotEqual(value.clone()),
            Test::Text(TextOperator::Like, pattern) => Self::Like(LikePattern::new(pattern, false)),
            Test::Text(TextOperator::ILike, pattern) => Self::Like(LikePattern::new(pattern, true)),
            Test::Text(TextOperator::RLike, pattern) => Self::Regex(PythonRegex::new(pattern)),
            Test::OneOf(values) => Self::OneOf(values.iter().cloned().collect()),
            Test::NoneOf(values) => Self::NoneOf(values.iter().cloned().collect()),
            Test::Number(operator, number) => Self::Number(*operator, *number),
            Test::NumberBeforeText(operator) => Self::NumberBeforeText(*operator),
            Test::Missing => Self::Missing,
            Test::Present => Self::Present,
        }
    }

    fn text(&self, value: Option<&str>) -> Truth {
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
            Self::Number(..) | Self::NumberBeforeText(_) => Truth::Unknown,
            Self::Missing => Truth::False,
            Self::Present => Truth::True,
        }
    }

    fn number(&self, value: Option<Number>) -> Truth {
        let Some(value) = value else { return Truth::Unknown };
        match self {
            Self::Number(operator, number) => {
                value.compare(*number).map_or(Truth::Unknown, |ordering| Truth::from(operator.allows(ordering)))
            }
            Self::NumberBeforeText(operator) => Truth::from(operator.allows(std::cmp::Ordering::Less)),
            _ => Truth::Unknown,
        }
    }
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
        Field::Run => match check.text(info.metadata.get(keys::SOURCE_RUN).map(String::as_str)) {
            // The trace may be linked to the run, which an export does not show.
            Truth::False if matches!(check, Check::Equal(_)) => Truth::Unknown,
            truth => truth,
        },
        Field::Prompt => Truth::any(linked_prompts(trace).iter().map(|prompt| check.text(prompt.as_str()))),
        Field::Session => check.text(info.session()),
        Field::User => check.text(info.user()),
        Field::Tag(key) => check.text(info.tags.get(key).map(String::as_str)),
        Field::Metadata(key) => check.text(info.metadata.get(key).map(String::as_str)),
        Field::Issue => {
            let issues = info.assessments.iter().filter(|assessment| assessment.kind() == AssessmentKind::Issue);
            Truth::any(issues.map(|issue| check.text(Some(issue.name()))))
        }
        // Not in the language, and so in no checked filter.
        Field::Experiment
        | Field::RequestPreview
        | Field::ResponsePreview
        | Field::Tokens(_)
        | Field::Cost(_)
        | Field::SpanCount
        | Field::SizeBytes
        | Field::Feedback(_)
        | Field::Expectation(_)
        | Field::Span(_) => Truth::Unknown,
    }
}

/// Whether some span passes all tests; unknown if the spans were not fetched.
fn one_span(tests: &[(SpanField, Check)], earliest: Option<Number>, trace: &Trace) -> Truth {
    let Some(spans) = &trace.spans else { return Truth::Unknown };
    let counts = |span: &&Span| {
        let start = Number::Integer(span.start_time_unix_nano);
        earliest.is_none_or(|earliest| start.compare(earliest).is_some_and(std::cmp::Ordering::is_ge))
    };
    Truth::any(spans.iter().filter(counts).map(|span| {
        let mut content = None;
        Truth::all(tests.iter().map(|(field, check)| match field {
            SpanField::Name => check.text(Some(&span.name)),
            SpanField::Type => check.text(span.span_type().as_deref()),
            SpanField::Status => check.text(Some(span.status.code.as_str())),
            SpanField::Content | SpanField::Attribute(_) => {
                check.text(Some(content.get_or_insert_with(|| span.content()).as_str()))
            }
        }))
    }))
}

impl AssessmentTest {
    fn new(kind: AssessmentKind, name: &str, test: &Test) -> Self {
        let json = match test {
            Test::Text(TextOperator::Equal | TextOperator::NotEqual, value) => Some(json_string(value)),
            _ => None,
        };
        Self { kind, name: name.to_owned(), check: Check::new(test), json }
    }

    /// The assessments that are asked: those of the kind and name that no other one overrides.
    fn candidates<'t>(&self, trace: &'t Trace) -> impl Iterator<Item = &'t Assessment> {
        let (kind, name) = (self.kind, &self.name);
        trace
            .info
            .assessments
            .iter()
            .filter(move |assessment| assessment.kind() == kind && assessment.name() == name && assessment.is_valid())
    }

    /// Whether one assessment passes. Values are compared as JSON text; equality also takes a string without its quotes.
    fn check(&self, assessment: &Assessment) -> Truth {
        if matches!(self.check, Check::Missing | Check::Present) {
            return Truth::True;
        }
        let value = assessment.value();
        if let Check::Number(..) = self.check {
            let number = value.as_i64().map(Number::Integer).or_else(|| value.as_f64().map(Number::Float));
            return self.check.number(number);
        }
        let text = python_json::dumps(&value, NonAscii::Escaped);
        match (&self.check, &self.json) {
            (Check::Equal(expected), Some(json)) => Truth::from(text == *expected || text == *json),
            (Check::NotEqual(expected), Some(json)) => Truth::from(text != *expected && text != *json),
            _ => self.check.text(Some(&text)),
        }
    }

    fn of_trace(&self, trace: &Trace, sessions: Option<&HashSet<String>>) -> Truth {
        let in_session = || {
            let session = trace.info.session();
            session.is_some_and(|session| sessions.is_some_and(|sessions| sessions.contains(session)))
        };
        let own = Truth::any(self.candidates(trace).map(|assessment| self.check(assessment)));
        let found = own.is_true() || in_session();
        match self.check {
            Check::Missing => Truth::from(!found),
            Check::Present => Truth::from(found),
            _ if found => Truth::True,
            _ if self.candidates(trace).next().is_none() => Truth::Unknown,
            _ => own,
        }
    }
}

fn json_string(value: &str) -> String {
    let mut json = String::new();
    python_json::write_string(&mut json, value, NonAscii::Escaped);
    json
}

/// What `clauses` ask of spans.
pub(super) fn asks_spans(clause: &Clause) -> bool {
    matches!(clause.field, Field::Span(_))
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
