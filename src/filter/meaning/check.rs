//! Tree to meaning: names become fields, operators and values are checked against their types.
//!
//! The rules are those of `SearchTraceUtils` and `_get_filter_clauses_for_search_traces` in `MLflow` 3.17, in their order:
//! first the value against the name as written, then the rename table, then the operator against what the name has become.
//! What a server accepts but breaks on is refused. It must not know traces.

use std::ops::Range;

use super::limits;
use super::names::{self, Entity, Purpose, renamed, trace_field};
use super::operators::{number_operator, text_operator};
use super::typed::{Clause, Number, Test, TextOperator, sqlite_number};
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::{Comparison, Literal, LiteralValue, OperatorKind};
use crate::model::field::{Field, SpanField};
use crate::model::{keys, nearest};

/// `SQLite` refuses longer LIKE patterns.
const MAX_PATTERN: usize = 50_000;

const NUMERIC: &[&str] =
    &["timestamp", "timestamp_ms", "execution_time", "execution_time_ms", "end_time", "end_time_ms"];
const TAKES_LIST: &[&str] = &["name", "status", "request_id", "run_id", "client_request_id"];

/// What the comparisons of a filter ask, one clause each.
pub(in crate::filter) fn clauses(text: &str, comparisons: &[Comparison]) -> Result<Vec<Clause>, FilterError> {
    let clauses = comparisons.iter().map(|comparison| clause(text, comparison)).collect::<Result<Vec<Clause>, _>>()?;
    limits::check_size(text, &clauses)?;
    limits::check_time_bounds(text, comparisons, &clauses)?;
    Ok(clauses)
}

/// One comparison under examination.
struct Subject<'a> {
    text: &'a str,
    comparison: &'a Comparison,
    entity: Entity,
    key: String,
}

/// Whether operator and value are in `MLflow`'s own language.
pub(in crate::filter) fn is_of_mlflow(comparison: &Comparison) -> bool {
    use OperatorKind::{Between, NotBetween, NotILike, NotLike, NotRLike};
    let value = comparison.value.as_ref().map(|literal| &literal.value);
    !matches!(comparison.operator.kind, Between | NotBetween | NotILike | NotLike | NotRLike)
        && !matches!(value, Some(LiteralValue::Boolean(_) | LiteralValue::Duration(_) | LiteralValue::Range(_)))
}

/// The field that an identifier names.
pub(in crate::filter) fn field(text: &str, comparison: &Comparison) -> Result<Field, FilterError> {
    let identifier = &comparison.identifier;
    let (entity, key) = names::resolve(text, identifier, &identifier.raw, Purpose::Filter)?;
    let (entity, key) = renamed(entity, key);
    Subject { text, comparison, entity, key }.field()
}

pub(in crate::filter) fn clause(text: &str, comparison: &Comparison) -> Result<Clause, FilterError> {
    let identifier = &comparison.identifier;
    let (entity, key) = names::resolve(text, identifier, &identifier.raw, Purpose::Filter)?;
    let mut subject = Subject { text, comparison, entity, key };
    subject.check_bare_word()?;
    if entity == Entity::Span {
        subject.span_field()?;
    }
    if let Some(literal) = &comparison.value {
        subject.check_value(literal)?;
        subject.check_spelling()?;
    }
    (subject.entity, subject.key) = renamed(subject.entity, std::mem::take(&mut subject.key));
    let field = subject.field()?;
    let wanted = subject.test(&field)?;
    Ok(Clause { field, test: wanted, span: comparison.span.0.clone() })
}

impl Subject<'_> {
    fn operator(&self) -> OperatorKind {
        self.comparison.operator.kind
    }

    fn symbol(&self) -> &'static str {
        self.operator().as_str()
    }

    fn raw(&self) -> &str {
        &self.comparison.identifier.raw
    }

    fn wrong_operator(&self, message: impl Into<String>) -> FilterError {
        FilterError::new(FilterErrorKind::Operator, self.text, self.comparison.operator.span.0.clone(), message)
    }

    fn wrong_value(&self, span: Range<usize>, message: impl Into<String>) -> FilterError {
        FilterError::new(FilterErrorKind::Value, self.text, span, message)
    }

    fn value_span(&self) -> Range<usize> {
        self.comparison.value.as_ref().map_or(0..0, |literal| literal.span.0.clone())
    }

    /// `timestamp` and `text` are names of SQL types, which the server's tokenizer treats in its own way.
    fn check_bare_word(&self) -> Result<(), FilterError> {
        let raw = self.raw();
        if raw == "text" {
            let span = self.comparison.identifier.span.0.clone();
            return Err(FilterError::new(FilterErrorKind::Name, self.text, span, "text needs a prefix")
                .hint(format!("write trace.text {} …", self.symbol())));
        }
        if raw != "timestamp" {
            return Ok(());
        }
        if number_operator(self.operator()).is_none() {
            return Err(self
                .wrong_operator(format!("timestamp cannot be compared with {}", self.symbol()))
                .hint("timestamp is a time: use = != < <= > >= BETWEEN, with a date such as '2026-01-31', -24h or milliseconds"));
        }
        match &self.comparison.value {
            Some(Literal { value: LiteralValue::Integer(_), .. }) | None => Ok(()),
            Some(Literal { value: LiteralValue::Float(_), .. }) => Err(self
                .wrong_value(self.value_span(), "timestamp takes whole milliseconds")
                .hint("leave the fraction out, or write timestamp_ms")),
            Some(_) => {
                Err(self.wrong_value(self.value_span(), "timestamp takes a whole number without quotes").hint(EPOCH))
            }
        }
    }

    /// The value against the name as it was written.
    fn check_value(&self, literal: &Literal) -> Result<(), FilterError> {
        let is_number = matches!(literal.value, LiteralValue::Integer(_) | LiteralValue::Float(_));
        let is_list = matches!(literal.value, LiteralValue::List(_));
        let span = literal.span.0.clone();
        let orders = self.operator().is_order();
        match self.entity {
            Entity::Feedback | Entity::Expectation => {
                if is_list || matches!(self.operator(), OperatorKind::In | OperatorKind::NotIn) {
                    return Err(self.no_list());
                }
                if is_number && !orders {
                    return Err(self
                        .wrong_value(span, format!("{} {} takes a quoted value", self.raw(), self.symbol()))
                        .hint(format!("write {} {} '{}'", self.raw(), self.symbol(), literal.raw))
                        .hint("numbers that came over REST are floats: 5 is stored as 5.0"));
                }
                if !is_number && orders {
                    return Err(self
                        .wrong_value(span, format!("{} {} takes a number without quotes", self.raw(), self.symbol()))
                        .hint(format!(
                            "write {} {} {}",
                            self.raw(),
                            self.symbol(),
                            literal.raw.trim_matches(['\'', '"'])
                        )));
                }
            }
            Entity::Attribute => {
                if is_number && !NUMERIC.contains(&self.key.as_str()) {
                    return Err(self.needs_quotes(literal));
                }
                if is_list && !TAKES_LIST.contains(&self.key.as_str()) {
                    return Err(self.no_list());
                }
            }
            _ if is_number => return Err(self.needs_quotes(literal)),
            Entity::Metadata | Entity::Issue if is_list => return Err(self.no_list()),
            _ => {}
        }
        Ok(())
    }

    fn needs_quotes(&self, literal: &Literal) -> FilterError {
        let error =
            self.wrong_value(literal.span.0.clone(), format!("{} is text, so its value needs quotes", self.raw()));
        if self.operator().is_order() {
            let takes_pattern = self.entity != Entity::Span && !matches!(self.key.as_str(), "prompt" | "id" | "text");
            return if takes_pattern { without_order(error, self.raw()) } else { error };
        }
        error.hint(format!("write {} {} '{}'", self.raw(), self.symbol(), literal.raw))
    }

    fn no_list(&self) -> FilterError {
        let error = self.wrong_operator(format!("{} cannot be compared with a list", self.raw()));
        if self.entity == Entity::Attribute && NUMERIC.contains(&self.key.as_str()) {
            return error.hint("use BETWEEN, or >= and <=, for a range");
        }
        error.hint("lists are for text: tags.env IN ('prod', 'dev')")
    }

    /// Operators on spans must be in upper case; NOT IN is put into it on the way.
    fn check_spelling(&self) -> Result<(), FilterError> {
        let operator = &self.comparison.operator;
        if self.entity == Entity::Span && !operator.upper_case && operator.kind != OperatorKind::NotIn {
            return Err(self.wrong_operator("operators on spans must be in upper case").hint(format!(
                "write {} {} …",
                self.raw(),
                self.symbol()
            )));
        }
        Ok(())
    }

    fn field(&self) -> Result<Field, FilterError> {
        Ok(match self.entity {
            Entity::Attribute | Entity::Tag | Entity::Metadata => {
                return trace_field(self.entity, &self.key).ok_or_else(|| {
                    let identifier = &self.comparison.identifier;
                    names::unknown_attribute(self.text, identifier, &self.key, Purpose::Filter)
                });
            }
            Entity::Span => Field::Span(self.span_field()?),
            Entity::Feedback | Entity::Expectation if self.key.is_empty() => {
                let span = self.comparison.identifier.span.0.clone();
                return Err(FilterError::new(
                    FilterErrorKind::Name,
                    self.text,
                    span,
                    "the name is missing after the dot",
                )
                .hint(format!("write {}name = 'yes'", self.raw().trim_end()))
                .hint(EATEN));
            }
            Entity::Feedback => Field::Feedback(self.key.clone()),
            Entity::Expectation => Field::Expectation(self.key.clone()),
            Entity::Issue if self.key == "id" => Field::Issue,
            Entity::Issue => {
                let span = self.comparison.identifier.span.0.clone();
                let message = format!("issues have no {:?}", self.key);
                return Err(FilterError::new(FilterErrorKind::Name, self.text, span, message)
                    .hint("write issue.id = 'the id of the issue'"));
            }
        })
    }

    fn span_field(&self) -> Result<SpanField, FilterError> {
        Ok(match self.key.as_str() {
            "name" => SpanField::Name,
            "type" => SpanField::Type,
            "status" => SpanField::Status,
            "content" => SpanField::Content,
            key => match key.strip_prefix("attributes.") {
                Some(name) if !name.is_empty() => {
                    let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or(name);
                    SpanField::Attribute(bare.to_owned())
                }
                _ => return Err(self.unknown_span_key()),
            },
        })
    }

    fn unknown_span_key(&self) -> FilterError {
        let span = self.comparison.identifier.span.0.clone();
        let key = &self.key;
        let error = FilterError::new(FilterErrorKind::Name, self.text, span, format!("spans have no {key:?}"));
        let lower = key.to_lowercase();
        let known = ["name", "type", "status", "content"];
        let error = match lower.as_str() {
            _ if known.contains(&lower.as_str()) => error.hint(format!("names are lower case: span.{lower}")),
            "span_type" | "kind" => error.hint("use span.type"),
            "state" | "status_code" => error.hint("use span.status: OK, ERROR or UNSET"),
            "text" | "inputs" | "outputs" | "input" | "output" => error.hint("write span.content LIKE '%text%'"),
            _ => error.hints_from(nearest(&lower, known).map(|name| format!("did you mean span.{name}?"))),
        };
        error
            .hint(format!("an attribute is span.attributes.{}", key.trim_start_matches("attributes.")))
            .hint("spans have span.name, span.type, span.status, span.duration, span.content and span.attributes.KEY")
    }

    /// The operator against what the name has become.
    fn test(&self, field: &Field) -> Result<Test, FilterError> {
        use OperatorKind::{Equal, IsNotNull, IsNull, NotEqual};
        let operator = self.operator();
        let allowed = match field {
            Field::RequestTime | Field::Duration | Field::EndTime => number_operator(operator).is_some(),
            Field::TraceId | Field::ClientRequestId | Field::Status => operator.is_text() || operator.is_list(),
            Field::Issue | Field::Prompt => operator == Equal,
            Field::Metadata(key) if key == keys::TOKEN_USAGE || key == keys::COST => {
                matches!(operator, Equal | NotEqual | IsNull | IsNotNull)
            }
            Field::Feedback(_) | Field::Expectation(_) => {
                operator.is_text() || operator.is_order() || operator.is_null()
            }
            Field::Span(SpanField::Name | SpanField::Type | SpanField::Status) => {
                operator.is_text() || operator.is_list()
            }
            Field::Span(SpanField::Content) => matches!(operator, OperatorKind::Like | OperatorKind::ILike),
            Field::Span(SpanField::Attribute(_)) => operator.is_text(),
            _ => operator.is_text() || operator.is_null(),
        };
        if !allowed {
            return Err(self.operator_not_allowed(field));
        }
        self.test_of_value(field)
    }

    fn operator_not_allowed(&self, field: &Field) -> FilterError {
        use OperatorKind::{IsNotNull, IsNull};
        if self.operator().is_list() {
            return self.no_list();
        }
        let name = self.raw();
        let error = self.wrong_operator(format!("{name} cannot be compared with {}", self.symbol()));
        match (field, self.operator()) {
            (Field::Prompt, _) => error.hint("write prompt = 'name/version'"),
            (Field::Issue, _) => error.hint("write issue.id = 'the id of the issue'"),
            (Field::Span(SpanField::Content), _) => error.hint(format!("write {name} LIKE '%text%'")),
            (Field::RequestTime | Field::Duration | Field::EndTime, _) => {
                error.hint("numbers support = != < <= > >= BETWEEN")
            }
            (Field::Span(SpanField::Attribute(_)), IsNull | IsNotNull) => error,
            _ => without_order(error, name),
        }
    }

    fn test_of_value(&self, field: &Field) -> Result<Test, FilterError> {
        let operator = self.operator();
        let Some(literal) = &self.comparison.value else {
            return Ok(if operator == OperatorKind::IsNull { Test::Missing } else { Test::Present });
        };
        match &literal.value {
            LiteralValue::List(values) => match operator {
                OperatorKind::In => Ok(Test::OneOf(values.clone())),
                OperatorKind::NotIn => Ok(Test::NoneOf(values.clone())),
                _ => Err(self
                    .wrong_operator(format!("{} cannot be followed by a list", self.symbol()))
                    .hint("for a list write IN, for one text leave the parentheses out")),
            },
            LiteralValue::Integer(number) => self.number_test(field, Number::Integer(*number)),
            LiteralValue::Float(number) => self.number_test(field, Number::Float(*number)),
            LiteralValue::Text(text) => self.text_test(field, text),
            LiteralValue::Boolean(_) | LiteralValue::Duration(_) | LiteralValue::Range(_) => {
                Err(self.operator_not_allowed(field))
            }
        }
    }

    fn number_test(&self, field: &Field, number: Number) -> Result<Test, FilterError> {
        let operator = number_operator(self.operator()).ok_or_else(|| self.operator_not_allowed(field))?;
        Ok(Test::Number(operator, number))
    }

    fn text_test(&self, field: &Field, value: &str) -> Result<Test, FilterError> {
        if let (Field::RequestTime | Field::Duration | Field::EndTime, Some(operator)) =
            (field, number_operator(self.operator()))
        {
            // End time is an expression, and SQLite converts texts only for columns.
            let number = if *field == Field::EndTime { None } else { sqlite_number(value) };
            return Ok(number.map_or(Test::NumberBeforeText(operator), |number| Test::Number(operator, number)));
        }
        if *field == Field::Prompt && value.matches('/').count() != 1 {
            return Err(self
                .wrong_value(self.value_span(), "a prompt is a name, a slash and a version")
                .hint("write prompt = 'qa-prompt/4'"));
        }
        let operator = text_operator(self.operator()).ok_or_else(|| self.operator_not_allowed(field))?;
        if matches!(operator, TextOperator::Like | TextOperator::ILike) && value.len() > MAX_PATTERN {
            return Err(FilterError::new(
                FilterErrorKind::Limit,
                self.text,
                self.value_span(),
                format!("servers accept patterns of at most {MAX_PATTERN} bytes"),
            )
            .hint("shorten the pattern"));
        }
        Ok(Test::Text(operator, value.to_owned()))
    }
}

/// What to ask of a text instead of its order.
fn without_order(error: FilterError, name: &str) -> FilterError {
    error
        .hint("text has no order: use = != IN LIKE ILIKE RLIKE")
        .hint(format!("for a range of digits write {name} RLIKE '^[3-9]$'"))
}

pub(in crate::filter) const EPOCH: &str =
    "times are dates such as '2026-01-31', or -24h for a day ago, or epoch milliseconds";
pub(in crate::filter) const EATEN: &str =
    "if the key was in backticks, the shell ran it as a command: put single quotes around the filter";
