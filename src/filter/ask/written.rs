//! Conditions as text that is read back as them, in the plainest quotes that can hold it: what flags and policies add to a
//! filter.
//!
//! Invariant: a name that is written was read back, beside clauses with other quotes, as the field it was written for.

use thiserror::Error;

use crate::filter::Filter;
use crate::filter::meaning::typed::{Clause, Condition, Number, Test, TextOperator};
use crate::model::field::{Field, FieldPlace, SpanField};
use crate::model::python_json;

/// A condition that the language cannot say.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Unwritable {
    /// A key that no quotes make a key.
    #[error("a filter cannot contain the key {0:?}: it cannot be quoted")]
    Key(String),
    /// Something that nobody writes.
    #[error("no filter can ask this of {0}")]
    Test(String),
}

impl Filter {
    /// The text of a filter that says all of these, and what this one says, as it was written.
    pub fn text_with(&self, conditions: &[Condition]) -> Result<String, Unwritable> {
        let clauses = conditions.iter().map(|condition| written(condition, false)).collect::<Result<Vec<_>, _>>()?;
        let asks_run = conditions.iter().flat_map(Condition::clauses).any(|clause| clause.field == Field::Run);
        Ok(self.text_behind(clauses, asks_run))
    }

    /// The text of a filter that finds of what this one finds what started by then.
    #[must_use]
    pub fn text_until(&self, newest_ms: Option<i64>) -> String {
        self.text_behind(newest_ms.map(|ms| format!("timestamp_ms <= {ms}")).into_iter().collect(), false)
    }

    fn text_behind(&self, mut clauses: Vec<String>, asks_run: bool) -> String {
        if clauses.is_empty() {
            return self.text().to_owned();
        }
        if !self.is_empty() {
            // On a server only the last of several runs counts, and an OR binds weaker than the AND that joins.
            let stands_alone = self.is_extended() || (asks_run && self.asks_run());
            // Last, because a text that ends in a backslash ends at its quote only if no other quote follows.
            clauses.push(if stands_alone { format!("({})", self.text()) } else { self.text().to_owned() });
        }
        clauses.join(" AND ")
    }
}

fn written(condition: &Condition, in_span: bool) -> Result<String, Unwritable> {
    let joined = |parts: &[Condition], word: &str| {
        let parts = parts.iter().map(|part| written(part, in_span)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({})", parts.join(word)))
    };
    match condition {
        Condition::All(parts) => joined(parts, " AND "),
        Condition::Any(parts) => joined(parts, " OR "),
        Condition::Not(part) => Ok(format!("NOT {}", written(part, in_span)?)),
        Condition::Span(group) if group.is_written => Ok(format!("span({})", written(&group.condition, true)?)),
        Condition::Span(group) => written(&group.condition, false),
        Condition::Clause(clause) => written_clause(clause, in_span),
    }
}

fn written_clause(clause: &Clause, in_span: bool) -> Result<String, Unwritable> {
    let unwritable = || Unwritable::Test(clause.field.column_name().into_owned());
    let name = name(&clause.field, in_span)?;
    Ok(match &clause.test {
        Test::Text(TextOperator::Equal, value) if matches!(clause.field, Field::Feedback(_)) => {
            format!("{name} = {}", number_in(value).map_or_else(|| quoted(value), str::to_owned))
        }
        Test::Text(operator, value) => format!("{name} {} {}", operator.as_str(), quoted(value)),
        Test::Number(operator, Number::Integer(number)) => format!("{name} {} {number}", operator.as_str()),
        Test::Missing => format!("{name} IS NULL"),
        Test::Present => format!("{name} IS NOT NULL"),
        _ => return Err(unwritable()),
    })
}

/// The number that a text is as a server stores it, as people write it.
fn number_in(value: &str) -> Option<&str> {
    let mut stored = String::new();
    python_json::write_float(&mut stored, value.parse().ok().filter(|number: &f64| number.is_finite())?);
    (stored == value && !value.contains('e')).then(|| value.strip_suffix(".0").unwrap_or(value))
}

fn name(field: &Field, in_span: bool) -> Result<String, Unwritable> {
    let row = field.row();
    if let Field::Span(of_span) = field {
        return match of_span {
            SpanField::Value(key) if in_span && !key.contains('`') => Ok(format!("attributes.`{key}`")),
            SpanField::Content if !in_span => Ok("trace.text".to_owned()),
            _ if in_span && field.key().is_none() => Ok(row.name.trim_start_matches("span.").to_owned()),
            _ => Err(Unwritable::Test(field.column_name().into_owned())),
        };
    }
    if let Some(name) = row.wire {
        return Ok(name.to_owned());
    }
    match (field, row.place) {
        (Field::Feedback(key) | Field::Expectation(key), _) => member(row.name, key, field),
        (_, FieldPlace::Tag(key)) => member("tags", key, &field_at(row.place, field)),
        (_, FieldPlace::Metadata(key)) => member("metadata", key, &field_at(row.place, field)),
        _ => Ok(row.name.to_owned()),
    }
}

/// A key that has a field of its own is read as that one.
fn field_at(place: FieldPlace, field: &Field) -> Field {
    Field::at(place).unwrap_or_else(|| field.clone())
}

/// `tags.team`, with as many quotes as the key needs. In brackets a key is what it says, also where `MLflow` would give the name
/// a meaning of its own; and quotes inside of quotes do not always mean themselves: `MLflow` takes two pairs away, and some end
/// too early or not at all before another quote.
fn member(entity: &str, key: &str, field: &Field) -> Result<String, Unwritable> {
    let mut characters = key.chars();
    let starts_plainly = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let is_plain = starts_plainly && characters.all(|character| character.is_ascii_alphanumeric() || character == '_');
    let plain = is_plain.then(|| format!("{entity}.{key}"));
    let in_quotes = ['`', '"', '\''].map(|quote| format!("{entity}.{quote}{key}{quote}"));
    let in_brackets = ['\'', '"'].map(|quote| format!("{entity}[{quote}{key}{quote}]"));
    let mut names = plain.into_iter().chain(in_quotes).chain(in_brackets);
    names.find(|name| is_read_as(name, field)).ok_or_else(|| Unwritable::Key(key.to_owned()))
}

fn is_read_as(name: &str, field: &Field) -> bool {
    let read = Filter::parse(&format!("{name} = 'x' AND tags.y = \"z\" AND tags.`y` = 'z'"));
    let conjuncts = read.as_ref().map(Filter::conjuncts);
    matches!(conjuncts, Ok([Condition::Clause(clause), _, _]) if clause.field == *field)
}

/// A text in quotes: plain ones if nothing in it could end them early, else an escape string.
fn quoted(value: &str) -> String {
    let is_plain = |quote: char| !value.contains(quote) && !value.ends_with('\\');
    if is_plain('\'') {
        format!("'{value}'")
    } else if is_plain('"') {
        format!("\"{value}\"")
    } else {
        format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_is_quoted_right() {
        for (value, expected) in [
            ("plain", "'plain'"),
            ("O'Brien", "\"O'Brien\""),
            ("say \"hi\"", "'say \"hi\"'"),
            ("it's \"both\"", "E'it\\'s \"both\"'"),
            ("C:\\", "E'C:\\\\'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(value), expected);
        }
    }

    #[test]
    fn keys_get_the_quotes_they_need() {
        let tag = |key: &str| name(&Field::Tag(key.to_owned()), false);
        assert_eq!(tag("team"), Ok("tags.team".into()));
        assert_eq!(tag("mlflow.x"), Ok("tags.`mlflow.x`".into()));
        assert_eq!(tag("in"), Ok("tags.`in`".into()));
        assert_eq!(tag("a`b"), Ok("tags.\"a`b\"".into()));
        assert_eq!(tag("a\\"), Ok("tags.`a\\`".into()));
        assert_eq!(tag("Name"), Ok("tags['Name']".into()));
        assert_eq!(tag("`x`"), Ok("tags['`x`']".into()), "MLflow would take both pairs of quotes away");
        assert!(tag("'x'").is_ok());
        assert_eq!(tag("mlflow.traceName"), Ok("tags.`mlflow.traceName`".into()));
        assert_eq!(tag("a`b\"c'd"), Err(Unwritable::Key("a`b\"c'd".into())));
    }

    #[test]
    fn a_key_is_named_as_it_is_or_not_at_all() {
        let parts = ["`", "\"", "'", "\\", "a", ".", " ", "``", "\"\"", "*", "[", "1", "é", "-"];
        for one in parts {
            for two in parts {
                for three in parts {
                    let field = Field::Tag(format!("{one}{two}{three}"));
                    let tag = |field: &Field, value: &str| {
                        let test = Test::Text(TextOperator::Equal, value.to_owned());
                        Condition::Clause(Clause { field: field.clone(), test, span: 0..0 })
                    };
                    let conditions = [tag(&field, "v"), tag(&Field::Tag("z".into()), "w")];
                    let Ok(text) = Filter::parse("status = 'OK'").unwrap().text_with(&conditions) else { continue };
                    let joined = Filter::parse(&text).unwrap();
                    let [Condition::Clause(clause), _, _] = joined.conjuncts() else { panic!("{text}") };
                    assert_eq!(clause.field, field, "{text}");
                }
            }
        }
    }
}
