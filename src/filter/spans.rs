//! Asking the spans of a trace: some span must pass a compiled condition.
//!
//! It must not know anything of a trace but its spans.

use super::eval::Check;
use super::limits::SPAN_TOLERANCE_MS;
use super::truth::Truth;
use super::typed::{Condition, Number, SpanGroup, Test, TextOperator};
use crate::model::field::{Field, SpanField};
use crate::model::{Span, Trace};

/// A condition on one and the same span, and when that may have started.
#[derive(Debug)]
pub(super) struct SpanTest {
    pub node: SpanNode,
    /// In nanoseconds.
    pub earliest: Option<Number>,
}

#[derive(Debug)]
pub(super) enum SpanNode {
    All(Vec<SpanNode>),
    Any(Vec<SpanNode>),
    Not(Box<SpanNode>),
    Test(SpanField, Check),
}

/// The nanosecond from which spans count, given a lower bound of the trace's start.
pub(super) fn first_span_start(bound: Number) -> Number {
    match bound {
        Number::Integer(ms) => Number::Integer(ms.saturating_sub(SPAN_TOLERANCE_MS).saturating_mul(1_000_000)),
        Number::Float(ms) => Number::Float((ms - SPAN_TOLERANCE_MS as f64) * 1e6),
    }
}

impl SpanTest {
    pub(super) fn new(group: &SpanGroup) -> Self {
        Self { node: SpanNode::new(&group.condition), earliest: group.earliest.map(first_span_start) }
    }

    /// Whether some span passes; unknown if the spans were not fetched.
    pub(super) fn of_trace(&self, trace: &Trace) -> Truth {
        let Some(spans) = &trace.spans else { return Truth::Unknown };
        let counts = |span: &&Span| {
            let start = Number::Integer(span.start_time_unix_nano);
            self.earliest.is_none_or(|earliest| start.compare(earliest).is_some_and(std::cmp::Ordering::is_ge))
        };
        Truth::any(spans.iter().filter(counts).map(|span| self.node.of_span(span, &mut None)))
    }
}

impl SpanNode {
    fn new(condition: &Condition) -> Self {
        let all = |parts: &[Condition]| parts.iter().map(Self::new).collect();
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

    /// Attributes are searched in the text of the span, behind their quoted key, as the server does.
    pub(super) fn test(field: &SpanField, test: &Test) -> Self {
        let SpanField::Attribute(key) = field else { return Self::Test(field.clone(), Check::new(test)) };
        let test = match test {
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
        };
        Self::Test(SpanField::Content, Check::new(&test))
    }

    /// `content` is the text of the span, once it was needed.
    fn of_span(&self, span: &Span, content: &mut Option<String>) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.of_span(span, content))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.of_span(span, content))),
            Self::Not(part) => !part.of_span(span, content),
            Self::Test(field, check) => match field {
                SpanField::Name => check.text(Some(&span.name)),
                SpanField::Type => check.text(span.span_type().as_deref()),
                SpanField::Status => check.text(Some(span.status.code.as_str())),
                SpanField::Duration => check.number(span.duration_ms().map(Number::Float)),
                SpanField::Value(key) => check.json(span.attribute(key).as_ref()),
                SpanField::Content | SpanField::Attribute(_) => {
                    check.text(Some(content.get_or_insert_with(|| span.content()).as_str()))
                }
            },
        }
    }
}
