//! Asking the spans of a trace: some span must pass a compiled condition.
//!
//! It must not know anything of a trace but its spans.

use super::compiled::Check;
use super::truth::Truth;
use crate::filter::meaning::limits::SPAN_TOLERANCE_MS;
use crate::filter::meaning::typed::{Condition, Number, SpanGroup, Test, TextOperator};
use crate::model::field::{Field, SpanField};
use crate::model::{Span, Trace};

/// A condition on one and the same span, and when that may have started.
#[derive(Debug)]
pub(in crate::filter) struct SpanTest {
    node: SpanNode,
    /// In nanoseconds.
    earliest: Option<Number>,
}

#[derive(Debug)]
enum SpanNode {
    All(Vec<SpanNode>),
    Any(Vec<SpanNode>),
    Not(Box<SpanNode>),
    Test(SpanField, Check),
}

impl SpanNode {
    /// Whether it needs the whole text of a span.
    fn asks_content(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_content),
            Self::Not(part) => part.asks_content(),
            Self::Test(field, _) => matches!(field, SpanField::Content | SpanField::Attribute(_)),
        }
    }
}

/// The nanosecond from which spans count, given a lower bound of the trace's start.
#[must_use]
pub fn first_span_start(bound: Number) -> Number {
    match bound {
        Number::Integer(ms) => Number::Integer(ms.saturating_sub(SPAN_TOLERANCE_MS).saturating_mul(1_000_000)),
        Number::Float(ms) => Number::Float((ms - SPAN_TOLERANCE_MS as f64) * 1e6),
    }
}

impl SpanTest {
    pub(in crate::filter) fn new(group: &SpanGroup) -> Self {
        Self { node: SpanNode::new(&group.condition), earliest: group.earliest.map(first_span_start) }
    }

    /// Whether some span passes; open if the spans were not fetched. As with EXISTS in SQL, a span that lacks what is asked
    /// does not.
    pub(in crate::filter) fn of_trace(&self, trace: &Trace) -> Truth {
        let Some(spans) = &trace.spans else { return Truth::OPEN };
        let counts = |span: &&Span| {
            let start = Number::Integer(span.start_time_unix_nano);
            self.earliest.is_none_or(|earliest| start.compare(earliest).is_some_and(std::cmp::Ordering::is_ge))
        };
        let found = spans.iter().filter(counts).map(|span| self.node.of_span(&mut Look { span, content: None }));
        Truth::any(found.map(Truth::or_false))
    }
}

/// A span under examination.
struct Look<'s> {
    span: &'s Span,
    /// Its text, once it was needed.
    content: Option<String>,
}

impl SpanNode {
    fn new(condition: &Condition) -> Self {
        let all = |parts: &[Condition]| {
            let mut nodes: Vec<Self> = parts.iter().map(Self::new).collect();
            // The text of a span is long in the making, so what is asked of it comes last.
            nodes.sort_by_key(Self::asks_content);
            nodes
        };
        match condition {
            Condition::All(parts) => Self::All(all(parts)),
            Condition::Any(parts) => Self::Any(all(parts)),
            Condition::Not(part) => Self::Not(Box::new(Self::new(part))),
            Condition::Span(group) => Self::new(&group.condition),
            Condition::Clause(clause) => match &clause.field {
                Field::Span(field) => Self::test(field, &clause.test),
                // Only spans are asked inside of a group.
                _ => Self::Any(Vec::new()),
            },
        }
    }

    fn test(field: &SpanField, test: &Test) -> Self {
        match field {
            SpanField::Attribute(key) => Self::Test(SpanField::Content, Check::new(&test_of_content(key, test))),
            other => Self::Test(other.clone(), Check::new(test)),
        }
    }

    fn of_span(&self, look: &mut Look) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.of_span(look))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.of_span(look))),
            Self::Not(part) => !part.of_span(look),
            Self::Test(field, check) => look.ask(field, check),
        }
    }
}

/// What a test of an attribute asks of the text of the span, which is searched behind the quoted key, as the server does.
pub(in crate::filter) fn test_of_content(key: &str, test: &Test) -> Test {
    match test {
        Test::Text(operator @ (TextOperator::RLike | TextOperator::NotRLike), pattern) => {
            let (prefix, body) = match pattern.strip_prefix('^') {
                Some(body) => (r#""\\""#, body),
                None => (r#""\\".*"#, pattern.as_str()),
            };
            let (body, suffix) = match body.strip_suffix('$') {
                Some(body) => (body, r#"\\""#),
                None => (body, ""),
            };
            Test::Text(*operator, format!(r#""{key}": {prefix}{body}{suffix}"#))
        }
        Test::Text(operator, value) => Test::Text(*operator, format!(r#"%"{key}"{value}%"#)),
        other => other.clone(),
    }
}

impl Look<'_> {
    fn ask(&mut self, field: &SpanField, check: &Check) -> Truth {
        let span = self.span;
        match field {
            SpanField::Name => check.text(Some(&span.name)),
            SpanField::Type => check.text(span.span_type().as_deref()),
            SpanField::Status => check.text(Some(span.status.code.as_str())),
            SpanField::Duration => check.number(span.duration_ms().map(Number::Float)),
            SpanField::Value(key) => check.json(span.attribute(key).as_ref()),
            SpanField::Content | SpanField::Attribute(_) => {
                check.text(Some(self.content.get_or_insert_with(|| span.content()).as_str()))
            }
        }
    }
}
