//! What a checked filter may still be too much for: the sizes at which `SQLite` gives up, and times that the server computes
//! with in Python.

use std::cmp::Ordering;

use super::check::EPOCH;
use super::conjunction::lower_bound;
use super::typed::{Clause, Number, NumberOperator, Test, TextOperator};
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::{Comparison, Literal, LiteralValue};
use crate::model::field::Field;
use crate::model::keys;

/// `SQLite` parses expressions up to a depth of 1000, and each clause adds one.
pub(in crate::filter) const MAX_CLAUSES: usize = 990;
/// `SQLite` joins at most 64 tables: the traces and 63 others.
pub(in crate::filter) const MAX_JOINS: usize = 63;
/// Spans may start this long before the bound on the trace's start (`_SPAN_SEARCH_TIMESTAMP_TOLERANCE_MS`).
pub(in crate::filter) const SPAN_TOLERANCE_MS: i64 = 10_000;

pub(in crate::filter) fn check_size(text: &str, clauses: &[Clause]) -> Result<(), FilterError> {
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
pub(in crate::filter) fn is_joined(clause: &Clause) -> bool {
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
pub(in crate::filter) fn check_time_bounds(
    text: &str,
    comparisons: &[Comparison],
    clauses: &[Clause],
) -> Result<(), FilterError> {
    use NumberOperator::{Greater, GreaterOrEqual};
    let has_spans = clauses.iter().any(Clause::is_on_span);
    let is_bound = |clause: &&Clause| {
        clause.field == Field::RequestTime
            && matches!(
                clause.test,
                Test::Number(Greater | GreaterOrEqual, _) | Test::NumberBeforeText(Greater | GreaterOrEqual)
            )
    };
    let is_text =
        |comparison: &Comparison| matches!(comparison.value, Some(Literal { value: LiteralValue::Text(_), .. }));
    let bounds = || comparisons.iter().zip(clauses).filter(|(_, clause)| is_bound(clause));
    let quoted = bounds().find(|(comparison, _)| is_text(comparison));
    if let Some((_, quoted)) = quoted
        && (has_spans || bounds().any(|(comparison, _)| !is_text(comparison)))
    {
        let message = "a quoted time cannot be combined with conditions on spans or with another lower bound";
        return Err(FilterError::new(FilterErrorKind::Value, text, quoted.span.clone(), message)
            .hint("write the number of milliseconds without quotes"));
    }
    let largest = clauses.iter().filter_map(|clause| Some((lower_bound(clause)?, clause)));
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
