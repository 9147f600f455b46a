//! Tree to meaning for the extended language: what `check` refuses is given the meaning that SQL suggests.
//!
//! Every clause that `check` accepts keeps the meaning that it has there. Clauses on spans that AND joins directly become one
//! group, which also learns the lower bound of the start beside it. It must not know servers.

use super::check;
use super::compare::Subject;
use super::conjunction::group;
use super::names;
use super::typed::{Clause, Condition, SpanGroup, Test};
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::{Comparison, Expr};
use crate::model::field::{Field, SpanField};
use crate::model::nearest;

/// What a filter means. Relative times count from `now`.
pub(in crate::filter) fn resolve(text: &str, expr: &Expr, now: Option<i64>) -> Result<Condition, FilterError> {
    Resolver { text, now }.condition(expr, false)
}

struct Resolver<'t> {
    text: &'t str,
    now: Option<i64>,
}

impl Resolver<'_> {
    fn condition(&self, expr: &Expr, in_span: bool) -> Result<Condition, FilterError> {
        let each = |parts: &[Expr]| parts.iter().map(|part| self.condition(part, in_span)).collect::<Result<_, _>>();
        Ok(match expr {
            Expr::And(parts) if in_span => Condition::All(each(parts)?),
            Expr::And(parts) => {
                Condition::All(group(parts.iter().map(|part| self.sibling(part)).collect::<Result<_, _>>()?))
            }
            Expr::Or(parts) => Condition::Any(each(parts)?),
            Expr::Not(part) => Condition::Not(Box::new(self.condition(part, in_span)?)),
            Expr::Span(part) => self.span(part, in_span)?,
            Expr::Comparison(comparison) if in_span => self.clause(comparison, true)?,
            Expr::Comparison(comparison) => match self.clause(comparison, false)? {
                Condition::Clause(clause) if clause.is_on_span() => Condition::All(group(vec![clause.into()])),
                other => other,
            },
        })
    }

    /// One of several that AND joins.
    fn sibling(&self, part: &Expr) -> Result<Condition, FilterError> {
        match part {
            Expr::Comparison(comparison) => self.clause(comparison, false),
            other => self.condition(other, false),
        }
    }

    fn span(&self, part: &Expr, in_span: bool) -> Result<Condition, FilterError> {
        if in_span {
            let place = part.start();
            return Err(self
                .error(FilterErrorKind::Syntax, place..place, "span(...) cannot be nested")
                .hint("everything inside of span(...) is about one span; put the other one beside it"));
        }
        let condition = Box::new(self.condition(part, true)?);
        Ok(Condition::Span(SpanGroup { condition, earliest: None, is_written: true }))
    }

    fn error(&self, kind: FilterErrorKind, span: std::ops::Range<usize>, message: impl Into<String>) -> FilterError {
        FilterError::new(kind, self.text, span, message)
    }

    fn clause(&self, comparison: &Comparison, in_span: bool) -> Result<Condition, FilterError> {
        let mut refusal = None;
        let is_subscript = names::subscript(&comparison.identifier.raw).is_some();
        if !in_span && !is_subscript && check::is_of_mlflow(comparison) {
            match check::clause(self.text, comparison) {
                Ok(Clause { test: Test::NumberBeforeText(_), .. }) => {}
                Ok(clause) => return Ok(clause.into()),
                Err(error) => refusal = check::field(self.text, comparison).is_ok().then_some(error),
            }
        }
        let field = if in_span { self.field_of_span(comparison)? } else { self.field(comparison)? };
        Subject { text: self.text, now: self.now, comparison, field, refusal }.condition()
    }

    /// The names of `MLflow` first, then those of the list of fields.
    fn field(&self, comparison: &Comparison) -> Result<Field, FilterError> {
        if let Some((entity, key)) = names::subscript(&comparison.identifier.raw) {
            return Field::with_key(entity, key).ok_or_else(|| {
                let message = format!("{entity} has no keys to ask for");
                self.error(FilterErrorKind::Name, comparison.identifier.span.0.clone(), message)
                    .hint("keys in brackets belong to tags, metadata, feedback and expectation, and inside of span(...) to attributes")
            });
        }
        check::field(self.text, comparison).or_else(|error| {
            let raw = comparison.identifier.raw.as_str();
            if let Some(name) = raw.to_lowercase().strip_prefix("span.") {
                return span_field(name).map(Field::Span).ok_or(error);
            }
            let bare = names::strip(raw, '`').or_else(|| names::strip(raw, '"'));
            let bare = bare.filter(|name| !name.contains('.')).unwrap_or(raw).to_lowercase();
            let bare = ["trace.", "attributes.", "attribute."]
                .into_iter()
                .find_map(|prefix| bare.strip_prefix(prefix))
                .unwrap_or(&bare);
            if bare == "text" {
                return Ok(Field::Span(SpanField::Content));
            }
            let segments: Vec<String> = bare.split('.').map(str::to_owned).collect();
            match Field::from_segments(&segments) {
                None
                | Some(
                    Field::Experiment | Field::Tag(_) | Field::Metadata(_) | Field::Feedback(_) | Field::Expectation(_),
                ) => Err(error),
                Some(field) => Ok(field),
            }
        })
    }

    /// Inside of span(...) names are those of the span; `span.` before them changes nothing.
    fn field_of_span(&self, comparison: &Comparison) -> Result<Field, FilterError> {
        let raw = comparison.identifier.raw.as_str();
        let bare = raw.strip_prefix("span.").unwrap_or(raw);
        if let Some(("attributes" | "attribute", key)) = names::subscript(bare) {
            return Ok(Field::Span(SpanField::Value(key.to_owned())));
        }
        let key = ["attributes.", "attribute."].into_iter().find_map(|prefix| bare.strip_prefix(prefix));
        if let Some(key) = key {
            return Ok(Field::Span(SpanField::Value(names::unquoted(key).to_owned())));
        }
        let name = names::strip(bare, '`').unwrap_or(bare).to_lowercase();
        span_field(&name).map(Field::Span).ok_or_else(|| {
            let message = format!("a span has no {bare:?} to ask");
            let error = self.error(FilterErrorKind::Name, comparison.identifier.span.0.clone(), message);
            let known = ["name", "type", "status", "duration", "content"];
            error
                .hints_from(nearest(&name, known).map(|name| format!("did you mean {name}?")))
                .hint(format!(
                    "an attribute is attributes.{bare}; what is asked of the trace stands outside of span(...)"
                ))
                .hint("inside of span(...) there are name, type, status, duration, content and attributes.KEY")
        })
    }
}

fn span_field(name: &str) -> Option<SpanField> {
    Some(match name {
        "name" => SpanField::Name,
        "type" | "span_type" => SpanField::Type,
        "status" => SpanField::Status,
        "duration" | "duration_ms" | "latency" | "execution_time_ms" => SpanField::Duration,
        "content" | "text" => SpanField::Content,
        _ => return None,
    })
}

impl From<Clause> for Condition {
    fn from(clause: Clause) -> Self {
        Self::Clause(clause)
    }
}
