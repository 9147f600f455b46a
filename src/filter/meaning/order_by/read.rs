//! Reading a clause of `order_by`: as `MLflow` does, or by the name that tables have for a field.

use super::Direction;
use crate::filter::ask::text::server_name;
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::meaning::names::{self, Entity, Purpose, renamed, trace_field};
use crate::filter::meaning::typed::Test;
use crate::filter::syntax::ast::{Identifier, TextSpan};
use crate::filter::syntax::parse;
use crate::model::field::Field;
use crate::model::keys;

pub(super) fn error(clause: &str, message: impl Into<String>) -> FilterError {
    FilterError::new(FilterErrorKind::Name, clause, 0..clause.len(), message)
}

fn syntax(clause: &str, at: usize, message: &str) -> FilterError {
    FilterError::new(FilterErrorKind::Syntax, clause, at..clause.len(), message)
        .hint("a clause is a field and ASC or DESC, with nothing around them: timestamp DESC")
        .hint("several fields are several clauses, not one with commas")
}

pub(super) fn parse_clause(clause: &str) -> Result<(Field, Direction), FilterError> {
    of_mlflow(clause).or_else(|refusal| match named(clause) {
        Some((field, direction)) if is_sortable(&field) => Ok((field, direction)),
        Some((field, _)) if field.needs_spans() => {
            let name = field.column_name();
            Err(error(clause, format!("traces cannot be ordered by {name}, which is read from their spans"))
                .hint(format!("group by it instead: `mlflow-trace count --by {name}`")))
        }
        _ => Err(refusal),
    })
}

/// A field by the name that tables have for it, in any case: `duration`, `-cost`, `tokens.total DESC`.
pub(in crate::filter) fn by_name(clause: &str) -> Option<(Field, Direction)> {
    named(clause).filter(|(field, _)| is_sortable(field))
}

fn named(clause: &str) -> Option<(Field, Direction)> {
    let (text, is_reversed) = match clause.trim().strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (clause.trim(), false),
    };
    let (name, direction) = match text.rsplit_once(parse::is_blank) {
        Some((name, word)) if word.eq_ignore_ascii_case("desc") => (name, Direction::Descending),
        Some((name, word)) if word.eq_ignore_ascii_case("asc") => (name, Direction::Ascending),
        _ => (text, Direction::Ascending),
    };
    let name = name.trim_end_matches(parse::is_blank);
    let keyed = name.split_once('.').and_then(|(entity, key)| {
        let quoted = key.strip_prefix('`').and_then(|key| key.strip_suffix('`'));
        let key = quoted.or_else(|| (!key.contains(parse::is_blank)).then_some(key))?;
        Some([entity.to_ascii_lowercase(), key.to_owned()])
    });
    let field = Field::from_segments(&[name.to_ascii_lowercase()]).or_else(|| Field::from_segments(&keyed?))?;
    Some((field, if is_reversed { direction.reversed() } else { direction }))
}

/// Whether a trace has one answer that can be put in order.
fn is_sortable(field: &Field) -> bool {
    let is_json = matches!(field, Field::Metadata(key) if [keys::TOKEN_USAGE, keys::COST].contains(&key.as_str()));
    !is_json
        && !matches!(
            field,
            Field::Prompt
                | Field::Assessed(_)
                | Field::Issue
                | Field::AssessmentSourceType
                | Field::AssessmentSourceId
                | Field::Error
                | Field::ErrorSpan
                | Field::Span(_)
        )
}

/// A clause that a server sorts by, if it can: the one that was written, or the same in its language.
pub(super) fn server_clause(clause: &str, field: &Field, direction: Direction) -> Option<String> {
    if of_mlflow(clause).is_ok() {
        return (*field != Field::EndTime).then(|| clause.to_owned());
    }
    let name = match field {
        Field::Experiment => "experiment_id".to_owned(),
        Field::EndTime | Field::ClientRequestId | Field::Feedback(_) | Field::Expectation(_) => return None,
        other => server_name(other, &Test::Present)?,
    };
    let clause = format!("{name} {}", direction.as_str());
    matches!(of_mlflow(&clause), Ok(read) if read == (field.clone(), direction)).then_some(clause)
}

/// A clause as `MLflow` reads it.
pub(super) fn of_mlflow(clause: &str) -> Result<(Field, Direction), FilterError> {
    let (raw, rest) = parse::identifier(clause).ok_or_else(|| syntax(clause, 0, "there is no field at the start"))?;
    let word = rest.trim_start_matches(parse::is_blank);
    let direction = match word.to_ascii_uppercase().as_str() {
        "" if rest.is_empty() => None,
        "ASC" if word.len() < rest.len() => Some(Direction::Ascending),
        "DESC" if word.len() < rest.len() => Some(Direction::Descending),
        _ => return Err(syntax(clause, raw.len(), "only ASC or DESC can follow the field")),
    };
    // Only with ASC or DESC does the server put the identifier through a shell's rules.
    let unquoted = match direction {
        Some(_) => shell_word(&raw.replace('`', "\"")).ok_or_else(|| syntax(clause, 0, "the quotes do not fit"))?,
        None => raw.to_owned(),
    };
    let identifier = Identifier { raw: raw.to_owned(), span: TextSpan(0..raw.len()), swallowed: None };
    let (entity, key) = names::resolve(clause, &identifier, &unquoted, Purpose::Order)?;
    let field = field(clause, entity, key)?;
    Ok((field, direction.unwrap_or(Direction::Ascending)))
}

fn field(clause: &str, entity: Entity, key: String) -> Result<Field, FilterError> {
    let refuse = |what: &str| {
        Err(error(clause, format!("traces cannot be ordered by {what}"))
            .hint("`mlflow-trace filter fields` lists the fields; those with one value per trace can be ordered by"))
    };
    let (entity, key) = renamed(entity, key);
    match (entity, key.as_str()) {
        // No filter asks for it.
        (Entity::Attribute, "experiment_id") => Ok(Field::Experiment),
        (Entity::Metadata, keys::TOKEN_USAGE | keys::COST) => refuse("the JSON of token counts or costs"),
        (Entity::Attribute | Entity::Tag | Entity::Metadata, key) => {
            trace_field(entity, key).map_or_else(|| refuse("this"), Ok)
        }
        (Entity::Span, _) => refuse("spans"),
        (Entity::Feedback | Entity::Expectation, _) => refuse("this"),
        (Entity::Issue, _) => refuse("issues"),
    }
}

/// One word after a POSIX shell's rules for quotes and backslashes (Python's `shlex.split`).
fn shell_word(text: &str) -> Option<String> {
    let mut word = String::new();
    let mut characters = text.chars();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                quoted = true;
                loop {
                    match characters.next()? {
                        '\'' => break,
                        inside => word.push(inside),
                    }
                }
            }
            '"' => {
                quoted = true;
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        inside => word.push(inside),
                    }
                }
            }
            '\\' => word.push(characters.next()?),
            ' ' | '\t' | '\r' | '\n' => return None,
            other => word.push(other),
        }
    }
    (quoted || !word.is_empty()).then_some(word)
}
