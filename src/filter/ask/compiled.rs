//! A compiled test, and the fields of a trace that it is asked of.
//!
//! Of an answer that was cut only the beginning is known; what lies behind it leaves a test open. It must not know how tests
//! are joined.

use std::collections::BTreeSet;

use serde_json::Value;

use super::like::LikePattern;
use super::python_regex::PythonRegex;
use super::truth::Truth;
use crate::filter::meaning::typed::{self, Number, NumberOperator, Test, TextOperator};
use crate::model::field::{Field, linked_prompts};
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, AssessmentKind, Cut, Trace};

/// A compiled [`Test`].
#[derive(Debug)]
pub(in crate::filter) enum Check {
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

impl Check {
    pub(in crate::filter) fn new(test: &Test) -> Self {
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

    pub(in crate::filter) fn text(&self, value: Option<&str>) -> Truth {
        let Some(value) = value else {
            return match self {
                Self::Missing => Truth::TRUE,
                Self::Present => Truth::FALSE,
                _ => Truth::MISSING,
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
            Self::Number(..) | Self::Range(_) | Self::Boolean(..) | Self::NumberBeforeText(_) => Truth::MISSING,
            Self::Missing => Truth::FALSE,
            Self::Present => Truth::TRUE,
        }
    }

    /// A text of which not all is known.
    fn cut(&self, cut: Cut) -> Truth {
        let Cut::Begins(text) = cut else { return Truth::OPEN };
        let may_be = |value: &String| if value.starts_with(text) { Truth::OPEN } else { Truth::FALSE };
        match self {
            Self::Equal(expected) => may_be(expected),
            Self::NotEqual(expected) => !may_be(expected),
            Self::OneOf(values) => Truth::any(values.iter().map(may_be)),
            Self::NoneOf(values) => !Truth::any(values.iter().map(may_be)),
            Self::Like(pattern) => pattern.matches_beginning(text),
            Self::Not(check) => !check.cut(cut),
            Self::Regex(_) => Truth::OPEN,
            Self::Number(..) | Self::Range(_) | Self::Boolean(..) | Self::NumberBeforeText(_) => Truth::MISSING,
            Self::Missing => Truth::FALSE,
            Self::Present => Truth::TRUE,
        }
    }

    /// Whether one of several answers passes; missing if there is none.
    fn any_text<'v>(&self, values: impl Iterator<Item = &'v str>) -> Truth {
        let mut values = values.peekable();
        match self {
            Self::Missing => Truth::from(values.peek().is_none()),
            Self::Present => Truth::from(values.peek().is_some()),
            _ => Truth::any(values.map(|value| self.text(Some(value)))),
        }
    }

    pub(in crate::filter) fn number(&self, value: Option<Number>) -> Truth {
        let Some(value) = value else { return self.text(None) };
        match self {
            Self::Number(operator, number) => {
                value.compare(*number).map_or(Truth::MISSING, |ordering| Truth::from(operator.allows(ordering)))
            }
            Self::Range(range) => range.holds(value).map_or(Truth::MISSING, Truth::from),
            Self::NumberBeforeText(operator) => Truth::from(operator.allows(std::cmp::Ordering::Less)),
            Self::Missing => Truth::FALSE,
            Self::Present => Truth::TRUE,
            _ => Truth::MISSING,
        }
    }

    /// A JSON value of an attribute: texts, numbers and booleans are equal only to their own kind. A list or an object is asked its
    /// JSON text, as `MLflow` writes it.
    pub(in crate::filter) fn json(&self, value: Option<&Value>) -> Truth {
        match (self, value) {
            (_, None | Some(Value::Null)) => self.text(None),
            (Self::Missing, _) => Truth::FALSE,
            (Self::Present, _) => Truth::TRUE,
            (Self::Boolean(equal, expected), Some(value)) => {
                Truth::from((value.as_bool() == Some(*expected)) == *equal)
            }
            (Self::Number(..) | Self::Range(_), Some(Value::Number(number))) => self.number(json_number(number)),
            (Self::Number(NumberOperator::NotEqual, _), Some(_)) => Truth::TRUE,
            (Self::Number(NumberOperator::Equal, _), Some(_)) => Truth::FALSE,
            (_, Some(Value::String(text))) => self.text(Some(text)),
            (_, Some(value @ (Value::Array(_) | Value::Object(_)))) => {
                self.text(Some(&dumps(value, NonAscii::Verbatim)))
            }
            (Self::Equal(_) | Self::OneOf(_), Some(_)) => Truth::FALSE,
            (Self::NotEqual(_) | Self::NoneOf(_), Some(_)) => Truth::TRUE,
            (_, Some(_)) => Truth::MISSING,
        }
    }
}

fn json_number(number: &serde_json::Number) -> Option<Number> {
    number.as_i64().map(Number::Integer).or_else(|| number.as_f64().map(Number::Float))
}

pub(in crate::filter) fn ask(field: &Field, check: &Check, trace: &Trace) -> Truth {
    let info = &trace.info;
    let integer = |ms: i64| Some(Number::Integer(ms));
    let is_counted = *field == Field::SpanCount && trace.spans.is_some();
    if let Some(cut) = field.cut(info).filter(|_| !is_counted) {
        return check.cut(cut);
    }
    match field {
        Field::TraceId => check.text(Some(info.trace_id.as_str())),
        Field::ClientRequestId => check.text(info.client_request_id.as_deref()),
        Field::Status => check.text(Some(info.state.as_str())),
        Field::RequestTime => check.number(integer(info.request_time_ms)),
        Field::Duration => check.number(info.duration_ms.map(Number::Integer)),
        Field::EndTime => check.number(integer(info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0)))),
        Field::Name => check.text(info.name()),
        Field::Prompt => check.any_text(linked_prompts(trace).iter().filter_map(Value::as_str)),
        Field::Session => check.text(info.session()),
        Field::User => check.text(info.user()),
        Field::Run | Field::AnyRun | Field::Tag(_) | Field::Metadata(_) => check.text(field.stored_text(info)),
        Field::Issue => {
            let issues = info.assessments.iter().filter(|assessment| assessment.kind() == AssessmentKind::Issue);
            check.any_text(issues.map(Assessment::name))
        }
        Field::Experiment => check.text(info.experiment_id().as_ref().map(crate::model::ExperimentId::as_str)),
        Field::RequestPreview => check.text(info.request_preview.as_deref()),
        Field::ResponsePreview => check.text(info.response_preview.as_deref()),
        Field::SpanCount if trace.spans.is_none() && info.stated_span_count().is_none() => Truth::OPEN,
        Field::Error | Field::ErrorSpan if trace.spans.is_none() => Truth::OPEN,
        Field::Version | Field::Error | Field::ErrorSpan => check.text(field.value(trace).as_str()),
        Field::Tokens(_) | Field::CachedTokens | Field::Cost(_) | Field::SpanCount | Field::SizeBytes => {
            check.number(field.value(trace).as_number().and_then(json_number))
        }
        Field::AssessmentSourceType => check.any_text(valid_assessments(trace).filter_map(Assessment::source_type)),
        Field::AssessmentSourceId => check.any_text(valid_assessments(trace).filter_map(Assessment::source_id)),
        // Compiled to nodes of their own.
        Field::Feedback(_) | Field::Expectation(_) | Field::Assessed(_) | Field::Span(_) => Truth::MISSING,
    }
}

fn valid_assessments(trace: &Trace) -> impl Iterator<Item = &Assessment> {
    trace.info.assessments.iter().filter(|assessment| assessment.is_valid())
}
