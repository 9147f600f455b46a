//! Completion inside a filter: fields, keys, and values in quotes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::known::{KnownValues, is_harmless};
use crate::model::Trace;
use crate::model::field::{Field, Kind};

/// Filters that go on where this one ends.
pub fn candidates(typed: &str, known: &KnownValues) -> Vec<String> {
    let cursor = Cursor::at_the_end(typed);
    let head = &typed[..cursor.start];
    let words = match cursor.quote {
        Some(quote) => {
            let Some(field) = asked(head) else { return Vec::new() };
            values(&field, known).into_iter().map(|value| format!("{quote}{value}{quote}")).collect()
        }
        None => match typed[cursor.start..].split_once(['.', '[']) {
            Some((entity, _)) => keys(entity, known).iter().map(|key| with_key(entity, key)).collect(),
            None => names(&typed[cursor.start..]),
        },
    };
    words.into_iter().map(|word| format!("{head}{word}")).collect()
}

/// Where the last word of a filter begins.
struct Cursor {
    start: usize,
    /// The quotation mark, if it is a text that is not closed.
    quote: Option<char>,
}

impl Cursor {
    fn at_the_end(typed: &str) -> Self {
        let mut cursor = Self { start: 0, quote: None };
        let mut in_key = false;
        for (at, one) in typed.char_indices() {
            match (cursor.quote, one) {
                (Some(quote), _) if quote == one => cursor = Self { start: at + 1, quote: None },
                (Some(_), _) => {}
                (None, '`' | '[' | ']') => in_key = if one == '`' { !in_key } else { one == '[' },
                (None, '\'' | '"') if !in_key => cursor = Self { start: at, quote: Some(one) },
                (None, ' ' | '(' | ',' | '=' | '<' | '>' | '!') if !in_key => cursor.start = at + one.len_utf8(),
                _ => {}
            }
        }
        cursor
    }
}

/// The field whose value comes next.
fn asked(head: &str) -> Option<Field> {
    let words: Vec<&str> = head.split([' ', '(', ',', '=', '<', '>', '!']).filter(|word| !word.is_empty()).collect();
    let is_operator = |word: &&&str| {
        let word = word.to_ascii_uppercase();
        matches!(word.as_str(), "LIKE" | "ILIKE" | "RLIKE" | "IN" | "NOT") || word.starts_with(['\'', '"'])
    };
    let word = words.iter().rev().find(|word| !is_operator(word))?;
    let segments = word.split_once('.').map_or_else(
        || vec![(*word).to_owned()],
        |(entity, key)| vec![entity.to_owned(), key.trim_matches('`').to_owned()],
    );
    let by_key = word.split_once("[\"").and_then(|(entity, key)| Field::with_key(entity, key.trim_end_matches("\"]")));
    by_key.or_else(|| Field::from_segments(&segments))
}

/// What the newest traces have there, as far as it can be written in quotes.
fn values(field: &Field, known: &KnownValues) -> BTreeSet<String> {
    if field.needs_spans() {
        return BTreeSet::new();
    }
    let value = |info| match field.value(&Trace::without_spans(info)) {
        Value::String(text) => Some(text),
        _ => None,
    };
    known.infos().into_iter().filter_map(value).filter(|text| is_harmless(text)).collect()
}

/// The fields, and what takes a key. The only one that is left comes with operators: a shell closes its quotation marks behind
/// a word that is complete.
fn names(typed: &str) -> Vec<String> {
    let keyed = Field::keyed().map(|(entity, ..)| format!("{entity}."));
    let names: Vec<String> = Field::named().map(|row| row.name.to_owned()).chain(keyed).collect();
    let mut left = names.iter().filter(|name| name.starts_with(typed));
    match (left.next().and_then(|name| Some((name, Field::by_name(name)?))), left.next()) {
        (Some((name, field)), None) => operators(&field).iter().map(|operator| format!("{name} {operator}")).collect(),
        _ => names,
    }
}

fn operators(field: &Field) -> &'static [&'static str] {
    match field.row().kind {
        Kind::Presence => &["IS NULL", "IS NOT NULL"],
        Kind::Number | Kind::Duration | Kind::Time => &["= ", "!= ", "< ", "> "],
        _ => &["= ", "!= ", "LIKE ", "IN ("],
    }
}

fn keys(entity: &str, known: &KnownValues) -> Vec<String> {
    match Field::with_key(entity, "key") {
        Some(Field::Tag(_)) => known.keys(false),
        Some(Field::Metadata(_)) => known.keys(true),
        Some(Field::Feedback(_) | Field::Expectation(_)) => known.assessments(""),
        _ => Vec::new(),
    }
}

fn with_key(entity: &str, key: &str) -> String {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || one == '_' || one == '.';
    if key.chars().all(is_plain) { format!("{entity}.{key}") } else { format!("{entity}[\"{key}\"]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_at_the_end_of_a_filter_is_found() {
        let at = |typed: &str| (Cursor::at_the_end(typed).start, Cursor::at_the_end(typed).quote);
        assert_eq!(at("sta"), (0, None));
        assert_eq!(at("status = 'OK' AND us"), (18, None));
        assert_eq!(at("status = 'O"), (9, Some('\'')));
        assert_eq!(at("tags.`a b"), (0, None));
        assert_eq!(at("(user='it"), (6, Some('\'')));
    }

    #[test]
    fn the_field_of_a_value_is_found() {
        for (head, field) in [
            ("status = ", "status"),
            ("name IN ('a', ", "name"),
            ("user NOT LIKE ", "user"),
            ("tags.`mlflow.user` != ", "tags.mlflow.user"),
            ("status = 'OK' AND metadata.team=", "metadata.team"),
        ] {
            assert_eq!(asked(head).unwrap().column_name(), field, "{head}");
        }
        assert_eq!(asked("nonsense = "), None);
    }
}
