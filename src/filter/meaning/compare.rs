//! Operators and values of the extended language, checked against what a field answers.
//!
//! It must not know how fields are named.

use super::operators::{number_operator, text_operator};
use super::typed::{Clause, Condition, Number, NumberOperator, Range, Test, TextOperator, sqlite_number};
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::{Comparison, Literal, LiteralValue, OperatorKind};
use crate::filter::syntax::values;
use crate::model::field::{Field, Kind, SpanField};
use crate::model::python_json;

/// One comparison whose field is known.
pub(in crate::filter) struct Subject<'a> {
    pub text: &'a str,
    /// From where relative times count.
    pub now: Option<i64>,
    pub comparison: &'a Comparison,
    pub field: Field,
    /// Why `check` would not have it.
    pub refusal: Option<FilterError>,
}

impl Subject<'_> {
    fn operator(&self) -> OperatorKind {
        self.comparison.operator.kind
    }

    fn wrong_value(&self, literal: &Literal, message: impl Into<String>) -> FilterError {
        FilterError::new(FilterErrorKind::Value, self.text, literal.span.0.clone(), message)
    }

    /// An operator or a sort of value that the field does not have.
    fn refused(&self) -> FilterError {
        self.refusal.clone().unwrap_or_else(|| self.generally_refused())
    }

    fn generally_refused(&self) -> FilterError {
        let (name, symbol) = (&self.comparison.identifier.raw, self.operator().as_str());
        let operators = match self.field.row().kind {
            Kind::Text => "text supports = != LIKE ILIKE RLIKE IN, each also with NOT, or IS NULL, with a quoted text",
            Kind::Content => "long text supports LIKE ILIKE RLIKE, each also with NOT, with a quoted text",
            Kind::Number => "numbers support = != < <= > >= BETWEEN IS NULL, without quotes",
            Kind::Duration => "durations support = != < <= > >= BETWEEN IS NULL, with milliseconds or 5s, 1h30m",
            Kind::Time => {
                "times support = != < <= > >= BETWEEN, with a date such as '2026-01-31', -24h or milliseconds"
            }
            Kind::Assessment => {
                "use = != IN LIKE ILIKE RLIKE with a quoted text, = != < <= > >= BETWEEN with a number, = with true or false"
            }
            Kind::Links => "use = != IN, or IS NULL",
            Kind::Presence => {
                "use IS NULL or IS NOT NULL; what one says is asked by its name, as in feedback.correctness = 'yes'"
            }
            Kind::Value => "compare texts in quotes, numbers without, true or false; or use IS NULL",
        };
        let (place, value) = match &self.comparison.value {
            Some(literal) => (self.comparison.operator.span.0.start..literal.span.0.end, literal.raw.as_str()),
            None => (self.comparison.operator.span.0.clone(), ""),
        };
        let message = format!("{name} cannot be compared with {symbol} {value}");
        FilterError::new(FilterErrorKind::Operator, self.text, place, message.trim_end()).hint(operators)
    }

    fn clause(&self, test: Test) -> Condition {
        Clause { field: self.field.clone(), test, span: self.comparison.span.0.clone() }.into()
    }

    /// What the comparison means.
    pub(in crate::filter) fn condition(&self) -> Result<Condition, FilterError> {
        let Some(literal) = &self.comparison.value else {
            let is_null = self.operator() == OperatorKind::IsNull;
            if matches!(self.field, Field::Span(SpanField::Content | SpanField::Attribute(_))) {
                return Err(self.attribute_hint(self.refused()));
            }
            return Ok(self.clause(if is_null { Test::Missing } else { Test::Present }));
        };
        match self.field.row().kind {
            Kind::Presence => Err(self.refused()),
            Kind::Text => self.of_text(literal),
            Kind::Content => match text_operator(self.operator()) {
                Some(operator) if is_pattern(operator) => Ok(self.clause(Test::Text(operator, self.text_of(literal)?))),
                _ => Err(self.attribute_hint(self.refused())),
            },
            Kind::Number | Kind::Duration | Kind::Time => self.of_number(literal).map(|test| self.clause(test)),
            Kind::Assessment => self.of_assessment(literal),
            Kind::Links => self.of_links(literal),
            Kind::Value => self.of_value(literal).map(|test| self.clause(test)),
        }
    }

    fn attribute_hint(&self, error: FilterError) -> FilterError {
        match &self.field {
            Field::Span(SpanField::Attribute(key)) => {
                let raw = self.comparison.value.as_ref().map_or("", |literal| literal.raw.as_str());
                let symbol = self.operator().as_str();
                error.hint(format!(
                    "for values of attributes write {}",
                    format!("span(attributes.{key} {symbol} {raw}").trim_end().to_owned() + ")"
                ))
            }
            _ => error,
        }
    }

    fn text_of(&self, literal: &Literal) -> Result<String, FilterError> {
        match &literal.value {
            LiteralValue::Text(text) => Ok(text.clone()),
            _ => Err(self.refused()),
        }
    }

    fn of_text(&self, literal: &Literal) -> Result<Condition, FilterError> {
        if let Some(operator) = text_operator(self.operator()) {
            return Ok(self.clause(Test::Text(operator, self.text_of(literal)?)));
        }
        let LiteralValue::List(values) = &literal.value else { return Err(self.refused()) };
        Ok(match (&self.field, self.operator()) {
            // Each may be a link that only a server knows.
            (Field::Run, OperatorKind::In) => self.any_equal(values),
            (_, OperatorKind::In) => self.clause(Test::OneOf(values.clone())),
            (_, OperatorKind::NotIn) => self.clause(Test::NoneOf(values.clone())),
            _ => return Err(self.refused()),
        })
    }

    fn any_equal(&self, values: &[String]) -> Condition {
        Condition::Any(values.iter().map(|value| self.clause(Test::Text(TextOperator::Equal, value.clone()))).collect())
    }

    fn of_number(&self, literal: &Literal) -> Result<Test, FilterError> {
        let operator = self.operator();
        if let (OperatorKind::Between | OperatorKind::NotBetween, LiteralValue::Range(ends)) =
            (operator, &literal.value)
        {
            let (low, high) = (self.number(&ends.0)?.0, self.number(&ends.1)?.0);
            let is_outside = operator == OperatorKind::NotBetween;
            return Ok(Test::Range(Range { low, high, includes_high: true, is_outside }));
        }
        let Some(operator) = number_operator(operator) else { return Err(self.refused()) };
        match (self.number(literal)?, operator) {
            ((low, Some(high)), NumberOperator::Equal | NumberOperator::NotEqual) => {
                let is_outside = operator == NumberOperator::NotEqual;
                Ok(Test::Range(Range { low, high, includes_high: false, is_outside }))
            }
            ((number, _), operator) => Ok(Test::Number(operator, number)),
        }
    }

    /// The number that a literal means, and the first number behind it if it means several.
    fn number(&self, literal: &Literal) -> Result<(Number, Option<Number>), FilterError> {
        let one = |number| Ok((number, None));
        let kind = self.field.row().kind;
        match &literal.value {
            LiteralValue::Integer(number) => one(Number::Integer(*number)),
            LiteralValue::Float(number) => one(Number::Float(*number)),
            LiteralValue::Duration(ms) if kind == Kind::Duration && *ms >= 0 => one(Number::Integer(*ms)),
            LiteralValue::Duration(_) if kind == Kind::Duration => {
                Err(self.wrong_value(literal, "durations cannot be negative").hint("remove the -"))
            }
            LiteralValue::Duration(ms) if kind == Kind::Time && literal.raw.starts_with('-') => match self.now {
                Some(now) => one(Number::Integer(now.saturating_add(*ms))),
                None => Err(self
                    .wrong_value(literal, "times that count from now cannot be used here")
                    .hint("write a date, such as '2026-01-31'")),
            },
            LiteralValue::Duration(_) if kind == Kind::Time => Err(self
                .wrong_value(literal, format!("{} is a duration, not a time", literal.raw))
                .hint(format!("for {} ago write -{}", literal.raw, literal.raw))),
            LiteralValue::Text(text) if kind != Kind::Number => {
                if let Some(number) = sqlite_number(text) {
                    return one(number);
                }
                match values::instants(text).filter(|_| kind == Kind::Time) {
                    Some(instants) if instants.is_empty() => one(Number::Integer(instants.start)),
                    Some(day) => Ok((Number::Integer(day.start), Some(Number::Integer(day.end)))),
                    None if kind == Kind::Time => Err(self
                        .wrong_value(literal, format!("{} is not a time", literal.raw))
                        .hint("write '2026-01-31', '2026-01-31T08:00Z', -24h, or epoch milliseconds")),
                    None => Err(self
                        .wrong_value(literal, format!("{} is not a duration", literal.raw))
                        .hint("write milliseconds or a duration such as 250ms, 5s, 1h30m, without quotes")),
                }
            }
            _ => Err(self.refused()),
        }
    }

    /// As on a server, each comparison is satisfied by any assessment of the name.
    fn of_assessment(&self, literal: &Literal) -> Result<Condition, FilterError> {
        let operator = self.operator();
        let compare = |operator, value: &str| self.clause(Test::Text(operator, value.to_owned()));
        let order = |operator, number: &Literal| match number.value {
            LiteralValue::Integer(number) => Ok(self.clause(Test::Number(operator, Number::Integer(number)))),
            LiteralValue::Float(number) => Ok(self.clause(Test::Number(operator, Number::Float(number)))),
            _ => Err(self.refused()),
        };
        match (&literal.value, operator) {
            (LiteralValue::List(values), OperatorKind::In) => Ok(self.any_equal(values)),
            (LiteralValue::List(values), OperatorKind::NotIn) => {
                Ok(Condition::All(values.iter().map(|value| compare(TextOperator::NotEqual, value)).collect()))
            }
            (LiteralValue::Range(ends), OperatorKind::Between) => Ok(Condition::All(vec![
                order(NumberOperator::GreaterOrEqual, &ends.0)?,
                order(NumberOperator::LessOrEqual, &ends.1)?,
            ])),
            (LiteralValue::Range(ends), OperatorKind::NotBetween) => Ok(Condition::Any(vec![
                order(NumberOperator::Less, &ends.0)?,
                order(NumberOperator::Greater, &ends.1)?,
            ])),
            (LiteralValue::Text(text), _) => match text_operator(operator) {
                Some(operator @ (TextOperator::NotLike | TextOperator::NotILike | TextOperator::NotRLike)) => {
                    Ok(Condition::Not(Box::new(compare(operator.negated(), text))))
                }
                Some(operator) => Ok(compare(operator, text)),
                None => Err(self.refused()),
            },
            (value, OperatorKind::Equal | OperatorKind::NotEqual) => {
                let text = json_text(value).ok_or_else(|| self.refused())?;
                let operator =
                    if operator == OperatorKind::Equal { TextOperator::Equal } else { TextOperator::NotEqual };
                Ok(compare(operator, &text))
            }
            _ => match number_operator(operator) {
                Some(operator) => order(operator, literal),
                None => Err(self.refused()),
            },
        }
    }

    fn of_links(&self, literal: &Literal) -> Result<Condition, FilterError> {
        let values = match &literal.value {
            LiteralValue::Text(text) => std::slice::from_ref(text),
            LiteralValue::List(values) => values.as_slice(),
            _ => return Err(self.refused()),
        };
        let operator = self.operator();
        let is_listed = matches!(operator, OperatorKind::In | OperatorKind::NotIn);
        if matches!(literal.value, LiteralValue::List(_)) != is_listed
            || text_operator(operator).is_some_and(is_pattern)
        {
            return Err(self.generally_refused());
        }
        if self.field == Field::Prompt && values.iter().any(|value| value.matches('/').count() != 1) {
            return Err(self
                .wrong_value(literal, "a prompt is a name, a slash and a version")
                .hint("write prompt = 'qa-prompt/4'"));
        }
        let any = if values.len() == 1 {
            self.clause(Test::Text(TextOperator::Equal, values[0].clone()))
        } else {
            self.any_equal(values)
        };
        match self.operator() {
            OperatorKind::Equal | OperatorKind::In => Ok(any),
            OperatorKind::NotEqual | OperatorKind::NotIn => Ok(Condition::Not(Box::new(any))),
            _ => Err(self.refused()),
        }
    }

    fn of_value(&self, literal: &Literal) -> Result<Test, FilterError> {
        let operator = self.operator();
        let order = number_operator(operator);
        match &literal.value {
            LiteralValue::Text(text) => match text_operator(operator) {
                Some(operator) => Ok(Test::Text(operator, text.clone())),
                None => Err(self.refused()),
            },
            LiteralValue::List(values) if operator == OperatorKind::In => Ok(Test::OneOf(values.clone())),
            LiteralValue::List(values) if operator == OperatorKind::NotIn => Ok(Test::NoneOf(values.clone())),
            LiteralValue::Boolean(value) if matches!(operator, OperatorKind::Equal | OperatorKind::NotEqual) => {
                Ok(Test::Boolean(operator == OperatorKind::Equal, *value))
            }
            LiteralValue::Integer(_) | LiteralValue::Float(_) if order.is_some() => self.of_number(literal),
            LiteralValue::Range(ends)
                if [&ends.0, &ends.1]
                    .iter()
                    .all(|end| matches!(end.value, LiteralValue::Integer(_) | LiteralValue::Float(_))) =>
            {
                self.of_number(literal)
            }
            _ => Err(self.refused()),
        }
    }
}

/// How the tracking server stores a number or a boolean that came over REST, which turns all numbers into floats.
fn json_text(value: &LiteralValue) -> Option<String> {
    let float = match value {
        LiteralValue::Boolean(value) => return Some(value.to_string()),
        LiteralValue::Integer(number) => *number as f64,
        LiteralValue::Float(number) => *number,
        _ => return None,
    };
    let mut text = String::new();
    python_json::write_float(&mut text, float);
    Some(text)
}

fn is_pattern(operator: TextOperator) -> bool {
    !matches!(operator, TextOperator::Equal | TextOperator::NotEqual)
}
