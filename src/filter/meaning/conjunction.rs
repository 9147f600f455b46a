//! What AND means: clauses that it joins directly are not independent of each other.
//!
//! Those on spans ask one span, and lower bounds of the start beside them bound that span as well. In `MLflow`'s own language
//! only the last of several `run_id =` counts, and an empty one not at all. Whatever comes after `check` and `resolve` finds
//! all of this in the tree and needs no rule of its own.

use super::typed::{Clause, Condition, Number, NumberOperator, SpanGroup, Test};
use crate::model::field::Field;

/// Clauses of `MLflow`'s own language that AND joins: what they mean together, and those that it leaves out.
pub(in crate::filter) fn of_mlflow(clauses: Vec<Clause>) -> (Vec<Condition>, Vec<Clause>) {
    let last = clauses.iter().filter(|clause| clause.run().is_some()).map(|clause| clause.span.start).max();
    let is_ignored =
        |clause: &Clause| clause.run().is_some_and(|run| run.is_empty() || Some(clause.span.start) != last);
    let (ignored, regarded): (Vec<_>, Vec<_>) = clauses.into_iter().partition(is_ignored);
    // Spans are long in the asking, so what is asked of them comes last.
    let (on_spans, others): (Vec<_>, Vec<_>) = regarded.into_iter().partition(Clause::is_on_span);
    (group(others.into_iter().chain(on_spans).map(Condition::Clause).collect()), ignored)
}

/// Puts clauses on spans that stand side by side into one group.
pub(in crate::filter) fn group(parts: Vec<Condition>) -> Vec<Condition> {
    let clauses =
        parts.iter().filter_map(|part| if let Condition::Clause(clause) = part { Some(clause) } else { None });
    let earliest = clauses.fold(None, |earliest, clause| later(earliest, lower_bound(clause)));
    let (mut grouped, mut bare, mut place) = (Vec::new(), Vec::new(), 0);
    for part in parts {
        match part {
            Condition::Clause(clause) if clause.is_on_span() => {
                if bare.is_empty() {
                    place = grouped.len();
                }
                bare.push(Condition::Clause(clause));
            }
            Condition::Span(span) => grouped.push(Condition::Span(SpanGroup { earliest, ..span })),
            other => grouped.push(other),
        }
    }
    if !bare.is_empty() {
        let condition = Box::new(if bare.len() == 1 { bare.remove(0) } else { Condition::All(bare) });
        grouped.insert(place, Condition::Span(SpanGroup { condition, earliest, is_written: false }));
    }
    grouped
}

/// The lower bound that a clause on the start sets.
pub(in crate::filter) fn lower_bound(clause: &Clause) -> Option<Number> {
    match (&clause.field, &clause.test) {
        (Field::RequestTime, Test::Number(NumberOperator::Greater | NumberOperator::GreaterOrEqual, number)) => {
            Some(*number)
        }
        (Field::RequestTime, Test::Range(range)) if !range.is_outside => Some(range.low),
        _ => None,
    }
}

/// The later of two bounds.
pub(in crate::filter) fn later(a: Option<Number>, b: Option<Number>) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) if b.compare(a).is_none_or(std::cmp::Ordering::is_le) => Some(a),
        (a, None) => a,
        (_, b) => b,
    }
}
