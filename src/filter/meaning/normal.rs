//! Meaning in normal form: NOT stands directly before a clause or a group of spans, and only where no operator says the same.
//!
//! In three-valued logic De Morgan's laws hold, so a condition and its normal form give the same answer. It must not know
//! servers.

use super::typed::{Clause, Condition, SpanGroup, Test, TextOperator};
use crate::model::field::{Answers, Field};

/// The parts that all must hold.
pub(in crate::filter) fn conjuncts(conditions: &[Condition]) -> Vec<Condition> {
    parts(conditions, false, true)
}

/// What `condition` says, or with `negated` its negation.
pub(in crate::filter) fn normal(condition: &Condition, negated: bool) -> Condition {
    match condition {
        Condition::All(conditions) if negated => any(parts(conditions, true, false)),
        Condition::All(conditions) => all(parts(conditions, false, true)),
        Condition::Any(conditions) if negated => all(parts(conditions, true, true)),
        Condition::Any(conditions) => any(parts(conditions, false, false)),
        Condition::Not(part) => normal(part, !negated),
        Condition::Clause(clause) if negated && is_negatable(clause) => {
            Condition::Clause(Clause { test: clause.test.negated(), ..clause.clone() })
        }
        Condition::Span(group) => {
            let condition = Box::new(normal(&group.condition, false));
            not_if(negated, Condition::Span(SpanGroup { condition, ..group.clone() }))
        }
        Condition::Clause(_) => not_if(negated, condition.clone()),
    }
}

fn not_if(negated: bool, condition: Condition) -> Condition {
    if negated { Condition::Not(Box::new(condition)) } else { condition }
}

/// The normal parts of a conjunction or a disjunction; nested ones of the same sort are taken apart.
fn parts(conditions: &[Condition], negated: bool, of_all: bool) -> Vec<Condition> {
    let mut found = Vec::new();
    for condition in conditions {
        match normal(condition, negated) {
            Condition::All(inner) if of_all => found.extend(inner),
            Condition::Any(inner) if !of_all => found.extend(inner),
            other => found.push(other),
        }
    }
    found
}

fn all(mut parts: Vec<Condition>) -> Condition {
    if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) }
}

/// `a = 1 OR a = 2` is `a IN (1, 2)`, which servers can be told for some fields.
fn any(parts: Vec<Condition>) -> Condition {
    let mut merged: Vec<Condition> = Vec::new();
    for part in parts {
        if let Condition::Clause(clause) = &part
            && let Some(values) = alternatives(clause)
            && let Some(Condition::Clause(earlier)) = merged.iter_mut().find(
                |other| matches!(other, Condition::Clause(other) if other.field == clause.field && alternatives(other).is_some()),
            )
        {
            let mut together = alternatives(earlier).unwrap_or_default();
            together.extend(values.into_iter().filter(|value| !matches!(&earlier.test, Test::OneOf(known) if known.contains(value))));
            earlier.test = Test::OneOf(together);
            continue;
        }
        merged.push(part);
    }
    if merged.len() == 1 { merged.remove(0) } else { Condition::Any(merged) }
}

/// The texts of `=` and `IN` on a field that has one answer.
pub(in crate::filter) fn alternatives(clause: &Clause) -> Option<Vec<String>> {
    if clause.field.row().answers == Answers::Several || clause.field == Field::Run {
        return None;
    }
    match &clause.test {
        Test::Text(TextOperator::Equal, value) => Some(vec![value.clone()]),
        Test::OneOf(values) => Some(values.clone()),
        _ => None,
    }
}

/// Whether the negated operator says the same as NOT. It does not where any of several answers may pass, and `run_id !=` is
/// not about the same as `run_id =`.
fn is_negatable(clause: &Clause) -> bool {
    match (&clause.field, &clause.test) {
        (_, Test::Missing | Test::Present) => true,
        (Field::Run, Test::Text(TextOperator::Equal | TextOperator::NotEqual, _)) => false,
        (Field::Span(_), _) => true,
        (field, _) => field.row().answers == Answers::One,
    }
}
