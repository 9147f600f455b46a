//! Clauses of `MLflow`'s own language that a condition implies: where it is true, all of them are.
//!
//! Conditions come in normal form. Clauses on spans are found by [`of_span`] alone, because together they mean one span.

use std::cmp::Ordering;

use super::language::Language;
use super::text;
use crate::filter::meaning::normal::alternatives;
use crate::filter::meaning::typed::{Clause, Condition, Number, NumberOperator, Test, TextOperator};
use crate::model::field::{Field, FieldPlace, Kind, SpanField};
use crate::model::keys;

/// What a condition implies.
#[derive(Default)]
pub(in crate::filter) struct Implied {
    pub clauses: Vec<Clause>,
    /// Whether the clauses imply the condition, too.
    pub is_exact: bool,
}

/// Patterns and lists that grow out of alternatives stay below this, and so does the work of looking for them.
const MOST_ALTERNATIVES: usize = 100;
/// How many clauses of an alternative are looked for in the others.
const MOST_SHARED: usize = 16;

pub(in crate::filter) fn of(condition: &Condition, language: Language) -> Implied {
    match condition {
        Condition::All(parts) => together(parts.iter().map(|part| of(part, language))),
        Condition::Any(parts) => of_any(parts, language),
        Condition::Clause(clause) => of_clause(clause, language),
        Condition::Not(_) | Condition::Span(_) => Implied::default(),
    }
}

/// What a condition on one span implies.
pub(in crate::filter) fn of_span(condition: &Condition, language: Language) -> Implied {
    match condition {
        Condition::All(parts) => together(parts.iter().map(|part| of_span(part, language))),
        Condition::Clause(clause) => of_span_clause(clause, language),
        Condition::Any(_) | Condition::Not(_) | Condition::Span(_) => Implied::default(),
    }
}

fn together(parts: impl Iterator<Item = Implied>) -> Implied {
    let mut whole = Implied { clauses: Vec::new(), is_exact: true };
    for part in parts {
        whole.clauses.extend(part.clauses);
        whole.is_exact &= part.is_exact;
    }
    whole
}

fn with_test(clause: &Clause, test: Test) -> Clause {
    Clause { test, ..clause.clone() }
}

fn is_sayable(clause: &Clause, language: Language) -> bool {
    text::for_server(clause, language).is_some()
}

fn exactly(clauses: Vec<Clause>, language: Language) -> Option<Implied> {
    clauses.iter().all(|clause| is_sayable(clause, language)).then_some(Implied { clauses, is_exact: true })
}

fn at_least(clause: Clause, language: Language) -> Implied {
    let clauses = Some(clause).into_iter().filter(|clause| is_sayable(clause, language)).collect();
    Implied { clauses, is_exact: false }
}

fn of_clause(clause: &Clause, language: Language) -> Implied {
    let text = |operator, value: &str| with_test(clause, Test::Text(operator, value.to_owned()));
    match &clause.test {
        // A server ignores it.
        Test::Text(TextOperator::Equal, value) if clause.field == Field::Run && value.is_empty() => Implied::default(),
        _ if is_sayable(clause, language) => Implied { clauses: vec![clause.clone()], is_exact: true },
        Test::Text(TextOperator::Equal, value) if !value.is_empty() && is_stored_text(&clause.field) => {
            at_least(text(TextOperator::Like, &with_wildcards(value)), language)
        }
        Test::Range(range) if !range.is_outside => {
            let bounds = vec![
                with_test(clause, Test::Number(NumberOperator::GreaterOrEqual, range.low)),
                with_test(clause, Test::Number(range.high_operator(), range.high)),
            ];
            exactly(bounds, language).unwrap_or_default()
        }
        Test::OneOf(values) if values.len() == 1 => of_clause(&text(TextOperator::Equal, &values[0]), language),
        Test::OneOf(values) if values.len() <= MOST_ALTERNATIVES && values.iter().all(|value| is_plain(value)) => {
            at_least(text(TextOperator::RLike, &format!("^({})$", values.join("|"))), language)
        }
        Test::NoneOf(values) => {
            let each = values.iter().map(|value| text(TextOperator::NotEqual, value)).collect();
            exactly(each, language).unwrap_or_else(|| presence(clause, language))
        }
        _ => presence(clause, language),
    }
}

/// A clause that can only be true where the field has an answer.
fn presence(clause: &Clause, language: Language) -> Implied {
    if clause.test == Test::Missing {
        return Implied::default();
    }
    let field = match &clause.field {
        Field::Tokens(_) | Field::CachedTokens => Field::Metadata(keys::TOKEN_USAGE.to_owned()),
        Field::Cost(_) => Field::Metadata(keys::COST.to_owned()),
        field if is_stored_text(field) => field.clone(),
        _ => return Implied::default(),
    };
    at_least(Clause { field, test: Test::Present, span: clause.span.clone() }, language)
}

/// Texts that a database has in a column of their own.
fn is_stored_text(field: &Field) -> bool {
    let row = field.row();
    row.kind == Kind::Text && matches!(row.place, FieldPlace::Tag(_) | FieldPlace::Metadata(_))
}

/// A value that means only itself in a regular expression and, but for `_`, in a pattern, and that is stored as it is
/// inside of JSON.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' '))
}

/// A pattern that a text matches: what cannot stand in quotes, and what escapes elsewhere, is any character.
fn with_wildcards(value: &str) -> String {
    value.chars().map(|c| if matches!(c, '\'' | '\\' | '\0') { '_' } else { c }).collect()
}

fn of_span_clause(clause: &Clause, language: Language) -> Implied {
    if clause.field == Field::Span(SpanField::Type) {
        // Spans that came over OTLP have their type in the attribute alone, and not where a server looks for types.
        let field = Field::Span(SpanField::Value(keys::SPAN_TYPE.to_owned()));
        return Implied { is_exact: false, ..of_span_clause(&Clause { field, ..clause.clone() }, language) };
    }
    if is_sayable(clause, language) {
        return Implied { clauses: vec![clause.clone()], is_exact: true };
    }
    let Field::Span(SpanField::Value(key)) = &clause.field else {
        return match &clause.test {
            Test::OneOf(values) if values.len() == 1 => {
                of_span_clause(&with_test(clause, Test::Text(TextOperator::Equal, values[0].clone())), language)
            }
            _ => Implied::default(),
        };
    };
    if clause.test == Test::Missing || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        return Implied::default();
    }
    // A span with the attribute has its key in the stored text, and behind it the value.
    let pattern = match &clause.test {
        Test::Text(TextOperator::Equal, value) if is_plain(value) => format!("%{value}%"),
        _ => "%".to_owned(),
    };
    let field = Field::Span(SpanField::Attribute(key.clone()));
    at_least(Clause { field, test: Test::Text(TextOperator::Like, pattern), span: clause.span.clone() }, language)
}

/// What all alternatives imply: clauses that they share, one of several values, and the widest bounds.
fn of_any(parts: &[Condition], language: Language) -> Implied {
    let branches: Vec<Vec<Clause>> = parts.iter().map(|part| of(part, language).clauses).collect();
    let mut clauses = Vec::new();
    let Some((first, others)) = branches.split_first() else { return Implied::default() };
    for clause in first.iter().take(MOST_SHARED) {
        let is_same = |other: &Clause| other.field == clause.field && other.test == clause.test;
        if others.iter().all(|branch| branch.iter().take(MOST_SHARED).any(is_same)) {
            clauses.push(clause.clone());
        } else if let Some(values) = values_of(&clause.field, &branches) {
            clauses.extend(of_clause(&with_test(clause, Test::OneOf(values)), language).clauses);
        } else if let Some(bound) = widest_bound(clause, &branches, language) {
            clauses.push(bound);
        }
    }
    Implied { clauses, is_exact: false }
}

/// The values that a field has in one alternative or another, if each names some.
fn values_of(field: &Field, branches: &[Vec<Clause>]) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    for branch in branches {
        let found = branch.iter().take(MOST_SHARED).filter(|clause| clause.field == *field).find_map(alternatives)?;
        for value in found {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len() > MOST_ALTERNATIVES {
            return None;
        }
    }
    Some(values)
}

/// A bound from the side of `clause` that holds in every alternative.
fn widest_bound(clause: &Clause, branches: &[Vec<Clause>], language: Language) -> Option<Clause> {
    use NumberOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let is_lower = match clause.test {
        Test::Number(Greater | GreaterOrEqual, _) => true,
        Test::Number(Less | LessOrEqual, _) => false,
        _ => return None,
    };
    let of_side = |other: &Clause| match other.test {
        Test::Number(NumberOperator::Equal, number) => Some(number),
        Test::Number(Greater | GreaterOrEqual, number) if is_lower => Some(number),
        Test::Number(Less | LessOrEqual, number) if !is_lower => Some(number),
        _ => None,
    };
    let wider = |a: Number, b: Number| {
        let wanted = if is_lower { Ordering::Less } else { Ordering::Greater };
        if b.compare(a) == Some(wanted) { b } else { a }
    };
    let mut widest: Option<Number> = None;
    for branch in branches {
        let mut bounds =
            branch.iter().take(MOST_SHARED).filter(|other| other.field == clause.field).filter_map(of_side);
        let bound = bounds.next()?;
        widest = Some(widest.map_or(bound, |widest| wider(widest, bound)));
    }
    let operator = if is_lower { GreaterOrEqual } else { LessOrEqual };
    let bound = with_test(clause, Test::Number(operator, widest?));
    let is_one_answer = matches!(clause.field, Field::RequestTime | Field::Duration | Field::EndTime);
    (is_one_answer && is_sayable(&bound, language)).then_some(bound)
}
