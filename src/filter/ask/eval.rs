//! Asking a trace: a checked filter, compiled once, against any number of traces.
//!
//! It answers what the tracking server with `SQLite` answers, as far as a trace can tell. What it does not tell is open: what
//! lies behind the place where a text was cut, spans that were not read, runs that a trace is linked to without having been
//! recorded in them, what a regular expression finds that cannot be run here. Linked prompts are read from the tag
//! `mlflow.linkedPrompts` as well. It must not know how filters are written, nor in which language.
//!
//! Invariant: nothing is compiled per trace.

use std::collections::{BTreeSet, HashSet};

use super::assessments::AssessmentTest;
use super::compiled::{Check, ask};
use super::doubt::Doubt;
use super::portable::Portable;
use super::python_regex;
use super::spans::SpanTest;
use super::truth::Truth;
use crate::filter::meaning::typed::{Clause, Condition, Test, TextOperator};
use crate::model::field::{Field, FieldPlace};
use crate::model::{Assessment, AssessmentKind, Trace, TraceId, TraceInfo, keys};

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
pub(in crate::filter) enum Answers<'a> {
    /// A first pass over the traces that are searched.
    Scope(&'a SessionScope),
    /// Whether a server finds the trace by a clause of [`Matcher::asked`]; nothing if it was not asked.
    Sets(&'a dyn Fn(usize, &TraceId) -> Option<bool>),
    /// The same, where a text that databases compare in different ways is open until the server has answered.
    OwnSets(&'a dyn Fn(usize, &TraceId) -> Option<bool>),
    /// A first pass over the traces that are searched, and all that they are linked to.
    Linked(&'a SessionScope, &'a dyn Fn(&Clause, &TraceId) -> bool),
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
    /// A field that is checked against a regular expression which cannot be run here, and the position of the clause in
    /// [`Matcher::asked`].
    ServerRegex(Field, usize),
    /// A text that may have been cut, and that databases may compare in different ways, with the position of the clause in
    /// [`Matcher::asked`].
    Stored(Field, Check, Portable, usize),
    Field(Field, Check),
}

impl Matcher {
    pub(in crate::filter) fn new(conjuncts: &[Condition]) -> Self {
        let mut matcher = Self { root: Node::All(Vec::new()), scoped: Vec::new(), asked: Vec::new() };
        matcher.root = Node::All(matcher.compile_each(conjuncts));
        matcher
    }

    /// The clauses that only a server can decide whole.
    pub(in crate::filter) fn asked(&self) -> &[Clause] {
        &self.asked
    }

    /// Whether databases may differ about a trace in a text that is compared.
    pub(in crate::filter) fn differs(&self, info: &TraceInfo) -> bool {
        self.asked
            .iter()
            .any(|clause| is_stored_text(&clause.field) && differs(Portable::of(&clause.test), &clause.field, info))
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

    /// Whether a trace matches where all is known that traces are linked to: `links` tells whether a link of a trace passes a
    /// clause on runs or prompts.
    #[must_use]
    pub fn matches_linked(
        &self,
        trace: &Trace,
        scope: &SessionScope,
        links: &dyn Fn(&Clause, &TraceId) -> bool,
    ) -> Truth {
        self.node(&self.root, trace, &Answers::Linked(scope, links))
    }

    /// Why it cannot be known whether a trace matches although its links are known; nothing if it can.
    #[must_use]
    pub fn doubts_linked(
        &self,
        trace: &Trace,
        scope: &SessionScope,
        links: &dyn Fn(&Clause, &TraceId) -> bool,
    ) -> BTreeSet<Doubt> {
        self.doubts_with(trace, &Answers::Linked(scope, links))
    }

    /// Whether it asks what traces are linked to.
    #[must_use]
    pub fn asks_links(&self) -> bool {
        self.asked.iter().any(|clause| matches!(clause.field, Field::Run | Field::AnyRun | Field::Prompt))
    }

    /// Why it cannot be known whether a trace matches; nothing if it can.
    #[must_use]
    pub fn doubts(&self, trace: &Trace, scope: &SessionScope) -> BTreeSet<Doubt> {
        self.doubts_with(trace, &Answers::Scope(scope))
    }

    /// Whether a trace matches, given answers of a server.
    pub(in crate::filter) fn matches_with(&self, trace: &Trace, answers: &Answers) -> Truth {
        self.node(&self.root, trace, answers)
    }

    fn node(&self, node: &Node, trace: &Trace, answers: &Answers) -> Truth {
        match node {
            Node::All(parts) => Truth::all(parts.iter().map(|part| self.node(part, trace, answers))),
            Node::Any(parts) => Truth::any(parts.iter().map(|part| self.node(part, trace, answers))),
            Node::Not(part) => !self.node(part, trace, answers),
            Node::Span(test) => test.of_trace(trace),
            node if node.lacks_assessments(trace) => Truth::OPEN,
            Node::Assessment(position, asked) => {
                let test = &self.scoped[*position];
                match answers {
                    Answers::Scope(scope) | Answers::Linked(scope, _) => {
                        test.of_trace(trace, scope.sessions.get(*position))
                    }
                    Answers::Sets(sets) | Answers::OwnSets(sets) => match sets(*asked, &trace.info.trace_id) {
                        Some(found) => test.of_answer(trace, found),
                        None => test.of_trace(trace, None),
                    },
                }
            }
            // No tag says more than the links themselves.
            Node::Link(Field::Prompt, _, asked) if matches!(answers, Answers::Linked(..)) => {
                self.link(*asked, trace, answers).map_or(Truth::OPEN, Truth::from)
            }
            Node::Link(field, check, asked) => match (self.link(*asked, trace, answers), ask(field, check, trace)) {
                (Some(true), _) | (_, Truth::TRUE) => Truth::TRUE,
                (Some(false), truth) => truth,
                (None, _) => Truth::OPEN,
            },
            Node::ServerRegex(field, asked) => match (answers.of(*asked, trace), ask(field, &Check::Present, trace)) {
                (Some(true), _) => Truth::TRUE,
                (_, Truth::FALSE) => Truth::MISSING,
                (Some(false), _) => Truth::FALSE,
                (None, _) => Truth::OPEN,
            },
            Node::Stored(field, check, portable, asked) => match ask(field, check, trace) {
                Truth::MISSING => Truth::MISSING,
                truth => match answers.of(*asked, trace) {
                    Some(found) => Truth::from(found),
                    None if matches!(answers, Answers::OwnSets(_)) && differs(*portable, field, &trace.info) => {
                        Truth::OPEN
                    }
                    None => truth,
                },
            },
            Node::Field(field, check) => ask(field, check, trace),
        }
    }

    /// Whether a link of a trace passes a clause of [`Matcher::asked`]; nothing if that is not known.
    fn link(&self, asked: usize, trace: &Trace, answers: &Answers) -> Option<bool> {
        match answers {
            Answers::Linked(_, links) => self.asked.get(asked).map(|clause| links(clause, &trace.info.trace_id)),
            _ => answers.of(asked, trace),
        }
    }

    /// Why it cannot be known whether a trace matches; nothing if it can.
    pub(in crate::filter) fn doubts_with(&self, trace: &Trace, answers: &Answers) -> BTreeSet<Doubt> {
        let mut doubts = BTreeSet::new();
        if self.node(&self.root, trace, answers).is_open() {
            self.doubts_of(&self.root, trace, answers, &mut doubts);
        }
        doubts
    }

    fn doubts_of(&self, node: &Node, trace: &Trace, answers: &Answers, doubts: &mut BTreeSet<Doubt>) {
        let parts = match node {
            Node::All(parts) | Node::Any(parts) => parts.as_slice(),
            Node::Not(part) => std::slice::from_ref(&**part),
            _ => &[],
        };
        for part in parts {
            self.doubts_of(part, trace, answers, doubts);
        }
        if !parts.is_empty() || !self.node(node, trace, answers).is_open() {
            return;
        }
        doubts.extend(match node {
            Node::All(_) | Node::Any(_) | Node::Not(_) => None,
            node if node.lacks_assessments(trace) => Some(Doubt::Assessments),
            Node::Link(..) => Some(Doubt::Links),
            Node::Stored(field, ..) | Node::Field(field, _) if field.cut(&trace.info).is_some() => {
                Some(Doubt::Cut(field.column_name().into_owned()))
            }
            Node::Stored(field, _, portable, _) if differs(*portable, field, &trace.info) => {
                Some(Doubt::Database(field.column_name().into_owned()))
            }
            Node::Span(_) | Node::Field(Field::SpanCount | Field::Error | Field::ErrorSpan, _)
                if trace.spans.is_none() =>
            {
                Some(Doubt::Spans)
            }
            Node::Span(_) | Node::Assessment(..) | Node::ServerRegex(..) | Node::Stored(..) | Node::Field(..) => {
                Some(Doubt::Regex)
            }
        });
    }

    fn compile_each(&mut self, parts: &[Condition]) -> Vec<Node> {
        parts.iter().map(|part| self.compile(part)).collect()
    }

    fn compile(&mut self, condition: &Condition) -> Node {
        match condition {
            Condition::All(parts) => Node::All(self.compile_each(parts)),
            Condition::Any(parts) => Node::Any(self.compile_each(parts)),
            Condition::Not(part) => Node::Not(Box::new(self.compile(part))),
            Condition::Span(group) => Node::Span(SpanTest::new(group)),
            Condition::Clause(clause) => match (&clause.field, &clause.test) {
                (Field::Feedback(name), _) => self.assessment(Some(AssessmentKind::Feedback), Some(name), clause),
                (Field::Expectation(name), _) => self.assessment(Some(AssessmentKind::Expectation), Some(name), clause),
                (Field::Assessed(kind), _) => self.assessment(*kind, None, clause),
                (Field::Run | Field::Prompt, Test::Text(TextOperator::Equal, _)) | (Field::AnyRun, _) => {
                    self.asked.push(clause.clone());
                    Node::Link(clause.field.clone(), Check::new(&clause.test), self.asked.len() - 1)
                }
                (field, Test::Text(operator @ (TextOperator::RLike | TextOperator::NotRLike), pattern))
                    if !matches!(field, Field::Span(_)) && python_regex::is_unsupported(pattern) =>
                {
                    let found = self.server_regex(clause, pattern);
                    if *operator == TextOperator::RLike { found } else { Node::Not(Box::new(found)) }
                }
                (
                    field,
                    test @ Test::Text(TextOperator::NotLike | TextOperator::NotILike | TextOperator::NotRLike, _),
                ) if is_stored_text(field) => {
                    Node::Not(Box::new(self.stored(Clause { test: test.negated(), ..clause.clone() })))
                }
                (field, test) if is_stored_text(field) && !matches!(test, Test::Missing | Test::Present) => {
                    self.stored(clause.clone())
                }
                (field, test) => Node::Field(field.clone(), Check::new(test)),
            },
        }
    }

    /// A text that may have been cut: a server knows the rest of it.
    fn stored(&mut self, clause: Clause) -> Node {
        let (field, check, portable) = (clause.field.clone(), Check::new(&clause.test), Portable::of(&clause.test));
        self.asked.push(clause);
        Node::Stored(field, check, portable, self.asked.len() - 1)
    }

    /// A regular expression that cannot be run here: what it finds only a server can tell.
    fn server_regex(&mut self, clause: &Clause, pattern: &str) -> Node {
        let test = Test::Text(TextOperator::RLike, pattern.to_owned());
        self.asked.push(Clause { test, ..clause.clone() });
        Node::ServerRegex(clause.field.clone(), self.asked.len() - 1)
    }

    fn assessment(&mut self, kind: Option<AssessmentKind>, name: Option<&str>, clause: &Clause) -> Node {
        self.scoped.push(AssessmentTest::new(kind, name, &clause.test));
        self.asked.push(clause.clone());
        Node::Assessment(self.scoped.len() - 1, self.asked.len() - 1)
    }
}

impl Answers<'_> {
    fn of(&self, asked: usize, trace: &Trace) -> Option<bool> {
        match self {
            Answers::Scope(_) | Answers::Linked(..) => None,
            Answers::Sets(sets) | Answers::OwnSets(sets) => sets(asked, &trace.info.trace_id),
        }
    }
}

impl Node {
    /// Whether it asks for assessments of a trace that came without them.
    fn lacks_assessments(&self, trace: &Trace) -> bool {
        trace.info.lacks_assessments
            && match self {
                Self::Assessment(..) => true,
                Self::Field(field, _) | Self::ServerRegex(field, _) => asks_assessments(field),
                _ => false,
            }
    }
}

/// Whether the answer of a field stands in assessments.
pub(in crate::filter) fn asks_assessments(field: &Field) -> bool {
    matches!(field.row().place, FieldPlace::Assessments | FieldPlace::SharedAssessments)
}

/// Texts that a server can be asked about: it holds them whole, returns the beginning, and compares them as its database does.
pub(in crate::filter) fn is_stored_text(field: &Field) -> bool {
    matches!(
        field,
        Field::Tag(_) | Field::Metadata(_) | Field::Name | Field::User | Field::Session | Field::ClientRequestId
    )
}

/// Whether the answer of a field is one that databases compare in different ways.
fn differs(portable: Portable, field: &Field, info: &TraceInfo) -> bool {
    let text = match field {
        Field::ClientRequestId => info.client_request_id.as_deref(),
        field => field.stored_text(info),
    };
    text.is_some_and(|text| !portable.holds_with(text))
}

/// What `clauses` ask of spans.
pub(in crate::filter) fn asks_spans(clause: &Clause) -> bool {
    clause.field.needs_spans() || clause.field == Field::SpanCount
}

/// Whether a clause is about assessments that a session may share.
pub(in crate::filter) fn asks_sessions(clause: &Clause) -> bool {
    clause.field.row().place == FieldPlace::SharedAssessments
}
