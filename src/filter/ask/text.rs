//! Meaning to text: clauses as a server reads them, and conditions as people do.
//!
//! Invariant: what is written for a server was read back by the grammar of `MLflow` and means the clause that it was
//! written for.

use std::fmt::Write;

use super::language::Language;
use super::python_regex;
use crate::filter::meaning::check;
use crate::filter::meaning::names::{Entity, renamed};
use crate::filter::meaning::typed::{Clause, Condition, Number, Test, TextOperator};
use crate::filter::syntax::parse;
use crate::model::field::{Field, FieldPlace, Kind, SpanField};

/// A clause in the language of a server, if that can say it.
pub(in crate::filter) fn for_server(clause: &Clause, language: Language) -> Option<String> {
    let text = server_clause(clause).filter(|_| language.knows(clause))?;
    let read = check::clauses(&text, &parse::parse(&text).ok()?).ok()?;
    let is_same = |read: &Clause| read.field == clause.field && read.test == clause.test;
    matches!(read.as_slice(), [read] if is_same(read)).then_some(text)
}

fn server_clause(clause: &Clause) -> Option<String> {
    let name = server_name(&clause.field, &clause.test)?;
    Some(match &clause.test {
        Test::Text(operator, value) => format!("{name} {} {}", operator.as_str(), quoted(value)?),
        Test::OneOf(values) => format!("{name} IN ({})", list(values)?),
        Test::NoneOf(values) => format!("{name} NOT IN ({})", list(values)?),
        Test::Number(operator, number) => format!("{name} {} {}", operator.as_str(), number_text(*number)),
        Test::Missing => format!("{name} IS NULL"),
        Test::Present => format!("{name} IS NOT NULL"),
        Test::Range(_) | Test::Boolean(..) | Test::NumberBeforeText(_) => return None,
    })
}

pub(in crate::filter) fn server_name(field: &Field, test: &Test) -> Option<String> {
    let row = field.row();
    if *field == Field::RequestTime && matches!(test, Test::Number(_, Number::Integer(_))) {
        return Some("timestamp".to_owned());
    }
    if let Some(name) = row.wire {
        return Some(name.to_owned());
    }
    match (field, row.place) {
        (Field::AnyRun, _) => None,
        (Field::Feedback(key) | Field::Expectation(key) | Field::Span(SpanField::Attribute(key)), _) => {
            Some(keyed(row.name, key))
        }
        (_, FieldPlace::Tag(key)) if row.kind == Kind::Text => Some(keyed("tags", key)),
        (_, FieldPlace::Metadata(key)) if row.kind == Kind::Text => Some(keyed("metadata", key)),
        _ => None,
    }
}

fn keyed(entity: &str, key: &str) -> String {
    let is_word = |segment: &str| {
        segment.starts_with(|c: char| c.is_ascii_alphabetic())
            && segment.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !["case", "in", "values", "using", "from", "as"].contains(&segment.to_ascii_lowercase().as_str())
    };
    match key {
        _ if key.split('.').all(is_word) => format!("{entity}.{key}"),
        _ if key.contains('`') => format!("{entity}.\"{key}\""),
        _ => format!("{entity}.`{key}`"),
    }
}

/// A text in quotes. None if it holds both sorts, if it ends in a backslash, before which no quote ends a literal that others
/// follow, or if it holds a NUL, which not every database takes.
fn quoted(value: &str) -> Option<String> {
    if value.ends_with('\\') || value.contains('\0') {
        return None;
    }
    let quote = if value.contains('\'') { '"' } else { '\'' };
    (!value.contains(quote)).then(|| format!("{quote}{value}{quote}"))
}

/// The strings of a list, in which Python's escapes count.
fn list(values: &[String]) -> Option<String> {
    let mut out = String::new();
    for (position, value) in values.iter().enumerate() {
        out.push_str(if position > 0 { ", '" } else { "'" });
        for character in value.chars() {
            match character {
                '\0' => return None,
                '\'' | '\\' | '\u{1}'..='\u{1f}' => {
                    let _ = write!(out, "\\x{:02x}", u32::from(character));
                }
                other => out.push(other),
            }
        }
        out.push('\'');
    }
    Some(out)
}

fn number_text(number: Number) -> String {
    match number {
        Number::Integer(number) => number.to_string(),
        Number::Float(number) => format!("{number:?}"),
    }
}

/// A filter whose matches are those of one clause, also where quotes make the clause itself impossible: a pattern can write
/// them as `\x27`.
pub(in crate::filter) fn for_set(clause: &Clause, language: Language) -> Option<String> {
    // A server ignores an empty run.
    if clause.field == Field::Run && clause.test == Test::Text(TextOperator::Equal, String::new()) {
        return None;
    }
    if let Some(text) = for_server(clause, language) {
        return Some(text);
    }
    let Test::Text(operator, value) = &clause.test else { return None };
    let json = super::assessments::json_string(value);
    let pattern = match operator {
        TextOperator::Equal => format!("^(?:{}|{})\\Z", literal_pattern(value), literal_pattern(&json)),
        TextOperator::NotEqual => format!("^(?!(?:{}|{})\\Z)", literal_pattern(value), literal_pattern(&json)),
        TextOperator::Like => like_pattern(value, false),
        TextOperator::ILike => like_pattern(value, true),
        TextOperator::RLike if python_regex::problem(value).is_none() => value.replace('\'', "\\x27"),
        _ => return None,
    };
    // A quote behind a backslash is not worth the trouble of reading patterns.
    if matches!(operator, TextOperator::RLike) && value.contains("\\'") {
        return None;
    }
    let is_assessment = matches!(clause.field, Field::Feedback(_) | Field::Expectation(_));
    let clause = Clause { test: Test::Text(TextOperator::RLike, pattern), ..clause.clone() };
    if is_assessment { for_server(&clause, language) } else { None }
}

fn literal_pattern(text: &str) -> String {
    text.chars().map(|character| character_pattern(character, false)).collect()
}

fn character_pattern(character: char, ignore_case: bool) -> String {
    match character {
        letter if letter.is_ascii_alphabetic() && ignore_case => {
            format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase())
        }
        plain if plain.is_ascii_alphanumeric() || !plain.is_ascii() => plain.to_string(),
        other => format!("\\x{:02x}", u32::from(other)),
    }
}

fn like_pattern(pattern: &str, ignore_case: bool) -> String {
    let mut out = String::from("^");
    for character in pattern.chars() {
        match character {
            '%' => out.push_str("[\\s\\S]*"),
            '_' => out.push_str("[\\s\\S]"),
            other => out.push_str(&character_pattern(other, ignore_case)),
        }
    }
    out.push_str("\\Z");
    out
}

/// A condition in the extended language, for people.
pub(in crate::filter) fn for_people(condition: &Condition) -> String {
    shown(condition, false)
}

fn shown(condition: &Condition, in_span: bool) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let operand = |part: &Condition| match part {
            Condition::All(_) | Condition::Any(_) => format!("({})", shown(part, in_span)),
            _ => shown(part, in_span),
        };
        parts.iter().map(operand).collect::<Vec<_>>().join(word)
    };
    match condition {
        Condition::All(parts) => joined(parts, " AND "),
        Condition::Any(parts) => joined(parts, " OR "),
        Condition::Not(part) if matches!(**part, Condition::All(_) | Condition::Any(_)) => {
            format!("NOT ({})", shown(part, in_span))
        }
        Condition::Not(part) => format!("NOT {}", shown(part, in_span)),
        Condition::Span(group) if group.is_written => format!("span({})", shown(&group.condition, true)),
        Condition::Span(group) => shown(&group.condition, false),
        Condition::Clause(clause) => shown_clause(clause, in_span),
    }
}

/// Whether a key after a dot would be taken for another one.
fn is_renamed(key: &str) -> bool {
    renamed(Entity::Tag, key.to_owned()).1 != key
}

fn shown_clause(clause: &Clause, in_span: bool) -> String {
    let name = match &clause.field {
        Field::Session => "session".to_owned(),
        Field::User => "user".to_owned(),
        Field::Span(SpanField::Value(key)) => keyed("attributes", key),
        Field::Tag(key) if is_renamed(key) => format!("tags['{key}']"),
        Field::Metadata(key) if is_renamed(key) => format!("metadata['{key}']"),
        Field::Feedback(key) if is_renamed(key) => format!("feedback['{key}']"),
        Field::Expectation(key) if is_renamed(key) => format!("expectation['{key}']"),
        field => server_name(field, &clause.test).unwrap_or_else(|| field.column_name().into_owned()),
    };
    let name = if in_span { name.trim_start_matches("span.") } else { name.as_str() };
    let listed = |values: &[String]| list(values).unwrap_or_else(|| format!("{values:?}"));
    match &clause.test {
        Test::Text(operator, value) => {
            let value = quoted(value).unwrap_or_else(|| format!("E'{}'", escaped(value)));
            format!("{name} {} {value}", operator.as_str())
        }
        Test::OneOf(values) => format!("{name} IN ({})", listed(values)),
        Test::NoneOf(values) => format!("{name} NOT IN ({})", listed(values)),
        Test::Number(operator, number) => format!("{name} {} {}", operator.as_str(), number_text(*number)),
        Test::Range(range) if range.includes_high => {
            let not = if range.is_outside { "NOT " } else { "" };
            format!("{name} {not}BETWEEN {} AND {}", number_text(range.low), number_text(range.high))
        }
        Test::Range(range) => {
            let (low, high) = (number_text(range.low), number_text(range.high));
            if range.is_outside {
                format!("({name} < {low} OR {name} >= {high})")
            } else {
                format!("({name} >= {low} AND {name} < {high})")
            }
        }
        Test::Boolean(equal, value) => format!("{name} {} {value}", if *equal { "=" } else { "!=" }),
        Test::NumberBeforeText(operator) => format!("{name} {} 'a text'", operator.as_str()),
        Test::Missing => format!("{name} IS NULL"),
        Test::Present => format!("{name} IS NOT NULL"),
    }
}

/// What stands between the quotes of `E'…'`.
pub(in crate::filter) fn escaped(value: &str) -> String {
    let mut out = String::new();
    for character in value.chars() {
        match character {
            '\'' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: Field, test: Test) -> Option<String> {
        for_server(&Clause { field, test, span: 0..0 }, Language::CURRENT)
    }

    #[test]
    fn what_mlflow_cannot_say_is_not_written() {
        let equal = |value: &str| Test::Text(TextOperator::Equal, value.to_owned());
        let tag = |key: &str| Field::Tag(key.to_owned());
        assert_eq!(written(tag("a"), equal("it's")).as_deref(), Some("tags.a = \"it's\""));
        assert_eq!(written(tag("a b"), equal("x")).as_deref(), Some("tags.`a b` = 'x'"));
        assert_eq!(written(tag("a`b"), equal("x")).as_deref(), Some("tags.\"a`b\" = 'x'"));
        assert_eq!(written(tag("in"), equal("x")).as_deref(), Some("tags.`in` = 'x'"));
        assert_eq!(written(Field::Session, equal("s")).as_deref(), Some("metadata.mlflow.trace.session = 's'"));
        let values = |values: &[&str]| Test::OneOf(values.iter().map(|value| (*value).to_owned()).collect());
        assert_eq!(written(Field::Status, values(&["a'\\", "b"])).as_deref(), Some("status IN ('a\\x27\\x5c', 'b')"));
        for impossible in [equal("it's \"both\""), equal("a\\"), equal("\0"), values(&["a"])] {
            assert_eq!(written(tag("a"), impossible), None);
        }
        assert_eq!(written(tag("name"), equal("x")), None);
        assert_eq!(written(Field::Run, equal("r")).as_deref(), Some("run_id = 'r'"));
        let number = Test::Number(crate::filter::meaning::typed::NumberOperator::Greater, Number::Float(f64::INFINITY));
        assert_eq!(written(Field::Duration, number), None);
    }
}
