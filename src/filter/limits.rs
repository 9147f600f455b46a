//! What a checked filter may still be too much for: the sizes at which `SQLite` gives up, and times that the server computes
//! with in Python.

use std::cmp::Ordering;

use super::ast::{Expr, Literal, LiteralValue};
use super::check::EPOCH;
use super::error::{FilterError, FilterErrorKind};
use super::typed::{Clause, Number, NumberOperator, Test, TextOperator};
use crate::model::field::Field;
use crate::model::keys;

/// `SQLite` parses expressions up to a depth of 1000, and each clause adds one.
pub(super) const MAX_CLAUSES: usize = 990;
/// `SQLite` joins at most 64 tables: the traces and 63 others.
pub(super) const MAX_JOINS: usize = 63;
/// Spans may start this long before the bound on the trace's start (`_SPAN_SEARCH_TIMESTAMP_TOLERANCE_MS`).
pub(super) const SPAN_TOLERANCE_MS: i64 = 10_000;

pub(super) fn check_size(text: &str, clauses: &[&Clause]) -> Result<(), FilterError> {
    let error = |at: &Clause, message: String| {
        Err(FilterError::new(FilterErrorKind::Limit, text, at.span.clone(), message)
            .hint("split it into several searches"))
    };
    if let Some(extra) = clauses.get(MAX_CLAUSES) {
        return error(extra, format!("the filter has {} clauses; servers accept about {MAX_CLAUSES}", clauses.len()));
    }
    let mut joined = clauses.iter().filter(|clause| is_joined(clause));
    match joined.nth(MAX_JOINS) {
        Some(extra) => error(
            extra,
            format!("servers accept at most {MAX_JOINS} clauses on tags, metadata, assessments, issues and prompts"),
        ),
        None => Ok(()),
    }
}

/// Whether the server joins another table for a clause.
pub(super) fn is_joined(clause: &Clause) -> bool {
    match (&clause.field, &clause.test) {
        (Field::Feedback(_) | Field::Expectation(_), test) => *test != Test::Missing,
        (Field::Issue | Field::Prompt, _) => true,
        (Field::Metadata(key), _) if key == keys::TOKEN_USAGE || key == keys::COST => false,
        (Field::Run, Test::Text(TextOperator::Equal, _)) => false,
        (Field::Tag(_) | Field::Metadata(_) | Field::User | Field::Run, test) => {
            !matches!(test, Test::Missing | Test::Present)
        }
        _ => false,
    }
}

/// Lower bounds on the start of a trace also bound its spans; the server computes that bound in Python, which fails on
/// texts and on what leaves 64 bits in nanoseconds.
pub(super) fn check_time_bounds(text: &str, expr: &Expr, clauses: &[&Clause]) -> Result<(), FilterError> {
    use NumberOperator::{Greater, GreaterOrEqual};
    let has_spans = clauses.iter().any(|clause| matches!(clause.field, Field::Span(_)));
    let is_bound = |clause: &&&Clause| {
        clause.field == Field::RequestTime
            && matches!(
                clause.test,
                Test::Number(Greater | GreaterOrEqual, _) | Test::NumberBeforeText(Greater | GreaterOrEqual)
            )
    };
    let bounds: Vec<_> = clauses.iter().filter(is_bound).collect();
    let texts = text_values(expr);
    let is_text = |clause: &&&&Clause| texts.contains(&clause.span.start);
    let quoted = bounds.iter().find(is_text);
    if let Some(quoted) = quoted
        && (has_spans || bounds.iter().any(|bound| !is_text(&bound)))
    {
        let message = "a quoted time cannot be combined with conditions on spans or with another lower bound";
        return Err(FilterError::new(FilterErrorKind::Value, text, quoted.span.clone(), message)
            .hint("write the number of milliseconds without quotes"));
    }
    let largest = bounds.iter().filter_map(|bound| Some((bound_number(&bound.test)?, bound)));
    let largest =
        largest.reduce(|best, next| if next.0.compare(best.0) == Some(Ordering::Greater) { next } else { best });
    if let Some((Number::Integer(ms), bound)) = largest
        && has_spans
        && ms.checked_sub(SPAN_TOLERANCE_MS).and_then(|ms| ms.checked_mul(1_000_000)).is_none()
    {
        let message = "this time does not fit into 64 bits of nanoseconds, in which spans are searched";
        return Err(FilterError::new(FilterErrorKind::Value, text, bound.span.clone(), message).hint(EPOCH));
    }
    Ok(())
}

/// The bound that a test sets from below.
pub(super) fn bound_number(test: &Test) -> Option<Number> {
    match test {
        Test::Number(NumberOperator::Greater | NumberOperator::GreaterOrEqual, number) => Some(*number),
        _ => None,
    }
}

/// Where the clauses start whose value is a quoted text.
fn text_values(expr: &Expr) -> Vec<usize> {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().flat_map(text_values).collect(),
        Expr::Not(part) | Expr::Span(part) => text_values(part),
        Expr::Comparison(comparison) => match &comparison.value {
            Some(Literal { value: LiteralValue::Text(_), .. }) => vec![comparison.span.0.start],
            _ => Vec::new(),
        },
    }
}
