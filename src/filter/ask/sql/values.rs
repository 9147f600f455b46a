//! What a clause asks, as an expression with a type, and its tests.

use super::dialect::{Dialect, List};
use super::{Sql, Writer, Written};
use crate::filter::ask::python_regex::is_refused;
use crate::filter::error::FilterError;
use crate::filter::meaning::typed::{Clause, Number, NumberOperator, Range, Test, TextOperator};
use crate::model::field::{Field, Share, SpanField};
use crate::model::keys;
use crate::model::python_json::{self, NonAscii};

/// Times that every engine reads as a literal: the years 1600 to 9999.
const LITERAL_TIMES: std::ops::Range<i64> = -11_676_096_000_000..253_402_300_800_000;

/// An expression of SQL that answers a clause.
pub(super) enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(String),
    /// A double.
    Float(String),
    /// A timestamp, asked in milliseconds.
    Time(String),
    /// A JSON value as text of one spelling.
    Json(String),
}

/// What comparing a whole number with any number comes to.
enum Bound {
    Compare(NumberOperator, i64),
    Always,
    Never,
}

/// A comparison of a whole number with a fraction, as one with a whole number.
#[allow(clippy::cast_possible_truncation)] // The limits are checked first.
fn bound(operator: NumberOperator, number: Number) -> Bound {
    use NumberOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let float = match number {
        Number::Integer(integer) => return Bound::Compare(operator, integer),
        Number::Float(float) => float,
    };
    let constant = |holds| if holds { Bound::Always } else { Bound::Never };
    if float.is_nan() {
        return Bound::Never;
    }
    if !(-LIMIT..LIMIT).contains(&float) {
        let order = if float > 0.0 { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
        return constant(operator.allows(order));
    }
    match operator {
        Equal | NotEqual if float.fract() != 0.0 => constant(operator == NotEqual),
        Less | GreaterOrEqual => Bound::Compare(operator, float.ceil() as i64),
        Equal | NotEqual | LessOrEqual | Greater => Bound::Compare(operator, float.floor() as i64),
    }
}

/// `value >= number` for a whole number.
pub(super) fn at_least(value: &Value, number: Number) -> Sql {
    let (Value::Text(text) | Value::Integer(text) | Value::Float(text) | Value::Time(text) | Value::Json(text)) = value;
    compare_integer(text, NumberOperator::GreaterOrEqual, number)
}

fn symbol(operator: NumberOperator) -> &'static str {
    match operator {
        NumberOperator::NotEqual => "<>",
        other => other.as_str(),
    }
}

fn compare_integer(text: &str, operator: NumberOperator, number: Number) -> Sql {
    match bound(operator, number) {
        Bound::Compare(operator, integer) => Sql::clause(format!("{text} {} {integer}", symbol(operator))),
        Bound::Always => Sql::clause(format!("{text} IS NOT NULL")),
        Bound::Never => Sql::constant(false),
    }
}

impl Value {
    /// The expression, whatever its type.
    pub(super) fn into_text(self) -> String {
        let (Self::Text(text) | Self::Integer(text) | Self::Float(text) | Self::Time(text) | Self::Json(text)) = self;
        text
    }
}

/// The column of a field that has one answer; nothing if none holds it.
pub(super) fn column(dialect: Dialect, field: &Field) -> Option<Value> {
    let text = |column: &str| Some(Value::Text(column.to_owned()));
    let integer = |column: &str| Some(Value::Integer(column.to_owned()));
    let float = |column: &str| Some(Value::Float(column.to_owned()));
    let entry = |map: &str, key: &str| Some(Value::Text(dialect.entry(map, &dialect.string(key)?)));
    match field {
        Field::TraceId => text("trace_id"),
        Field::ClientRequestId => text("client_request_id"),
        Field::Status => text("state"),
        Field::RequestTime => Some(Value::Time("request_time".to_owned())),
        Field::Duration => integer("execution_duration_ms"),
        Field::EndTime => {
            let start = dialect.milliseconds("request_time");
            Some(Value::Integer(format!("{start} + coalesce(execution_duration_ms, 0)")))
        }
        Field::Name => text("name"),
        Field::Experiment => text("experiment_id"),
        Field::Run | Field::AnyRun => entry("metadata", keys::SOURCE_RUN),
        Field::Session => text("session_id"),
        Field::User => text("user_id"),
        Field::RequestPreview => text("request_preview"),
        Field::ResponsePreview => text("response_preview"),
        Field::Tokens(share) => integer(of_share(*share, ["input_tokens", "output_tokens", "total_tokens"])),
        Field::Cost(share) => float(of_share(*share, ["input_cost", "output_cost", "total_cost"])),
        Field::SpanCount => integer("span_count"),
        Field::SizeBytes => integer("size_bytes"),
        Field::Tag(key) => entry("tags", key),
        Field::Metadata(key) => entry("metadata", key),
        // No column has them.
        Field::CachedTokens | Field::Version | Field::Error | Field::ErrorSpan => None,
        // Lists.
        Field::Prompt
        | Field::Issue
        | Field::Assessed(_)
        | Field::Feedback(_)
        | Field::Expectation(_)
        | Field::AssessmentSourceType
        | Field::AssessmentSourceId
        | Field::Span(_) => None,
    }
}

impl Writer<'_> {
    pub(super) fn span_value(&self, field: &SpanField, clause: &Clause) -> Result<Value, FilterError> {
        let span = List::Spans.item();
        let member = |name| self.dialect.member(span, name);
        Ok(match field {
            SpanField::Name => Value::Text(member("name")),
            SpanField::Type => Value::Text(member("type")),
            SpanField::Status => Value::Text(member("status")),
            SpanField::Content | SpanField::Attribute(_) => Value::Text(member("content")),
            SpanField::Duration => Value::Float(self.dialect.member_float(span, "duration_ms")),
            SpanField::Value(key) if key == keys::SPAN_INPUTS => Value::Json(member("inputs")),
            SpanField::Value(key) if key == keys::SPAN_OUTPUTS => Value::Json(member("outputs")),
            SpanField::Value(key) => {
                let key = self.literal(key, clause)?;
                Value::Json(self.dialect.entry(&self.dialect.member_map(span, "attributes"), &key))
            }
        })
    }

    pub(super) fn literal(&self, text: &str, clause: &Clause) -> Result<String, FilterError> {
        self.dialect.string(text).ok_or_else(|| self.refused(clause, "the text holds a NUL"))
    }

    pub(super) fn literals<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        clause: &Clause,
    ) -> Result<String, FilterError> {
        texts.map(|text| self.literal(text, clause)).collect::<Result<Vec<_>, _>>().map(|texts| texts.join(", "))
    }

    /// True exactly if the test is.
    pub(super) fn test(&self, value: &Value, test: &Test, clause: &Clause) -> Written {
        match value {
            Value::Text(column) => self.test_text(column, test, clause),
            Value::Json(json) => self.test_json(json, test, clause),
            Value::Integer(column) | Value::Float(column) | Value::Time(column) => match test {
                Test::Number(operator, number) => self.compare(value, *operator, *number, clause),
                Test::Range(range) => self.test_range(value, range, clause),
                // A number sorts before every text.
                Test::NumberBeforeText(operator) if operator.allows(std::cmp::Ordering::Less) => {
                    Ok(Sql::clause(format!("{column} IS NOT NULL")))
                }
                Test::NumberBeforeText(_) => Ok(Sql::constant(false)),
                Test::Missing => Ok(Sql::clause(format!("{column} IS NULL"))),
                Test::Present => Ok(Sql::clause(format!("{column} IS NOT NULL"))),
                _ => Err(self.refused(clause, "a number is compared with a text")),
            },
        }
    }

    fn test_range(&self, value: &Value, range: &Range, clause: &Clause) -> Written {
        let low = NumberOperator::GreaterOrEqual;
        let high = range.high_operator();
        if range.is_outside {
            let below = self.compare(value, low.negated(), range.low, clause)?;
            return Ok(Sql::any(vec![below, self.compare(value, high.negated(), range.high, clause)?]));
        }
        Ok(Sql::all(vec![self.compare(value, low, range.low, clause)?, self.compare(value, high, range.high, clause)?]))
    }

    fn compare(&self, value: &Value, operator: NumberOperator, number: Number, clause: &Clause) -> Written {
        match value {
            Value::Time(time) => Ok(self.compare_time(time, operator, number)),
            Value::Float(text) => {
                let number = match number {
                    Number::Integer(integer) => integer.to_string(),
                    Number::Float(float) if float.is_finite() => self.dialect.float(float),
                    Number::Float(_) => return Err(self.refused(clause, "the number is too large")),
                };
                Ok(Sql::clause(format!("{text} {} {number}", symbol(operator))))
            }
            Value::Integer(text) | Value::Text(text) | Value::Json(text) => Ok(compare_integer(text, operator, number)),
        }
    }

    /// As timestamps where engines have a literal for them, so that files and row groups can be skipped.
    fn compare_time(&self, time: &str, operator: NumberOperator, number: Number) -> Sql {
        if let Bound::Compare(operator, ms) = bound(operator, number)
            && LITERAL_TIMES.contains(&ms)
            && let Ok(instant) = jiff::Timestamp::from_millisecond(ms)
        {
            let instant = self.dialect.instant(&instant.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string());
            return Sql::clause(format!("{time} {} {instant}", symbol(operator)));
        }
        compare_integer(&self.dialect.milliseconds(time), operator, number)
    }

    pub(super) fn test_text(&self, column: &str, test: &Test, clause: &Clause) -> Written {
        let nul = || self.refused(clause, "the text holds a NUL");
        Ok(Sql::clause(match test {
            Test::Text(TextOperator::RLike, pattern) if is_refused(pattern) => return Ok(Sql::constant(false)),
            Test::Text(TextOperator::NotRLike, pattern) if is_refused(pattern) => format!("{column} IS NOT NULL"),
            Test::Text(operator, value) => match operator {
                TextOperator::Equal => format!("{column} = {}", self.literal(value, clause)?),
                TextOperator::NotEqual => format!("{column} <> {}", self.literal(value, clause)?),
                TextOperator::Like => self.dialect.like(column, false, value).ok_or_else(nul)?,
                TextOperator::NotLike => self.dialect.like(column, true, value).ok_or_else(nul)?,
                TextOperator::ILike => self.dialect.ilike(column, false, value).ok_or_else(nul)?,
                TextOperator::NotILike => self.dialect.ilike(column, true, value).ok_or_else(nul)?,
                TextOperator::RLike => {
                    self.dialect.regex(column, false, value).map_err(|why| self.refused(clause, why))?
                }
                TextOperator::NotRLike => {
                    self.dialect.regex(column, true, value).map_err(|why| self.refused(clause, why))?
                }
            },
            Test::OneOf(values) if values.is_empty() => return Ok(Sql::constant(false)),
            Test::NoneOf(values) if values.is_empty() => format!("{column} IS NOT NULL"),
            Test::OneOf(values) => {
                format!("{column} IN ({})", self.literals(values.iter().map(String::as_str), clause)?)
            }
            Test::NoneOf(values) => {
                format!("{column} NOT IN ({})", self.literals(values.iter().map(String::as_str), clause)?)
            }
            Test::Missing => format!("{column} IS NULL"),
            Test::Present => format!("{column} IS NOT NULL"),
            _ => return Err(self.refused(clause, "a text is compared with a number")),
        }))
    }

    /// Texts, numbers and booleans are equal only to their own kind; null is missing.
    fn test_json(&self, json: &str, test: &Test, clause: &Clause) -> Written {
        let present = || format!("nullif({json}, 'null')");
        let spelled = |value: &String| {
            let mut spelling = String::new();
            python_json::write_string(&mut spelling, value, NonAscii::Verbatim);
            spelling
        };
        let number = || Value::Float(self.dialect.json_number(json));
        match test {
            Test::Text(TextOperator::Equal, value) if !is_json(value) => {
                Ok(Sql::clause(format!("{json} = {}", self.literal(&spelled(value), clause)?)))
            }
            Test::Text(TextOperator::NotEqual, value) if !is_json(value) => {
                Ok(Sql::clause(format!("{} <> {}", present(), self.literal(&spelled(value), clause)?)))
            }
            Test::Text(TextOperator::Equal, value) => {
                self.test_text(json, &Test::OneOf(spellings(std::slice::from_ref(value), spelled)), clause)
            }
            Test::Text(TextOperator::NotEqual, value) => {
                self.test_text(&present(), &Test::NoneOf(spellings(std::slice::from_ref(value), spelled)), clause)
            }
            Test::OneOf(values) => self.test_text(json, &Test::OneOf(spellings(values, spelled)), clause),
            Test::NoneOf(values) => self.test_text(&present(), &Test::NoneOf(spellings(values, spelled)), clause),
            Test::Text(..) => self.test_text(&format!("({})", self.dialect.json_string(json)), test, clause),
            Test::Boolean(true, value) => Ok(Sql::clause(format!("{json} = '{value}'"))),
            Test::Boolean(false, value) => Ok(Sql::clause(format!("{} <> '{value}'", present()))),
            Test::Missing => Ok(Sql::clause(format!("{} IS NULL", present()))),
            Test::Present => Ok(Sql::clause(format!("{} IS NOT NULL", present()))),
            Test::Number(NumberOperator::NotEqual, _) => {
                let differs = self.test(&number(), test, clause)?.text;
                Ok(Sql::all(vec![
                    Sql::clause(format!("{} IS NOT NULL", present())),
                    Sql::clause(format!("coalesce({differs}, TRUE)")),
                ]))
            }
            Test::Number(..) | Test::Range(_) | Test::NumberBeforeText(_) => self.test(&number(), test, clause),
        }
    }
}

/// Whether a text may be that of a list or an object.
fn is_json(text: &str) -> bool {
    text.starts_with(['[', '{'])
}

/// How values stand in a column of JSON: as strings and, if they may be lists or objects, as they are.
fn spellings(values: &[String], spelled: impl Fn(&String) -> String) -> Vec<String> {
    let as_is = values.iter().filter(|value| is_json(value)).cloned();
    values.iter().map(spelled).chain(as_is).collect()
}

fn of_share(share: Share, names: [&'static str; 3]) -> &'static str {
    match share {
        Share::Input => names[0],
        Share::Output => names[1],
        Share::Total => names[2],
    }
}
