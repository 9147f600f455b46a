//! The order of results: what `MLflow` takes for `order_by`, and the same order among traces at hand.
//!
//! A clause is an identifier and, after blanks, `ASC` or `DESC`. What is missing comes last in both directions; ties are
//! broken by the start, latest first, and then by the id. Fields that a server accepts and fails on are refused.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use super::ast::{Identifier, Span};
use super::check::{keyed_field, renamed};
use super::error::{FilterError, FilterErrorKind};
use super::eval::text_of;
use super::names::{self, Entity};
use super::parse;
use crate::model::field::Field;
use crate::model::{InfoParts, Trace, keys};

/// A checked `order_by`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderBy {
    clauses: Vec<String>,
    keys: Vec<(Field, Direction)>,
}

/// Which way a clause sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `ASC`, which is also the default.
    Ascending,
    /// `DESC`.
    Descending,
}

impl OrderBy {
    /// Reads clauses such as `timestamp DESC`, most important first.
    pub fn parse(clauses: &[String]) -> Result<Self, FilterError> {
        let mut keys: Vec<(Field, Direction)> = Vec::new();
        for clause in clauses {
            let (field, direction) = parse_clause(clause)?;
            if keys.iter().any(|(known, _)| *known == field) {
                return Err(
                    error(clause, format!("{} is sorted by already", field.column_name())).hint("name each field once")
                );
            }
            keys.push((field, direction));
        }
        Ok(Self { clauses: clauses.to_vec(), keys })
    }

    /// The clauses as they were written.
    #[must_use]
    pub fn clauses(&self) -> &[String] {
        &self.clauses
    }

    /// What is sorted by, most important first, without the tie-break.
    #[must_use]
    pub fn keys(&self) -> &[(Field, Direction)] {
        &self.keys
    }

    /// Whether a trace is sorted by a value of which the server returned the beginning alone.
    #[must_use]
    pub fn is_cut(&self, trace: &Trace) -> bool {
        self.keys.iter().any(|(field, _)| field.cut(&trace.info).is_some())
    }

    /// Which of two traces comes first.
    #[must_use]
    pub fn compare(&self, a: &Trace, b: &Trace) -> Ordering {
        let tie_break = [(Field::RequestTime, Direction::Descending), (Field::TraceId, Direction::Ascending)];
        let keys = self.keys.iter().chain(&tie_break);
        keys.map(|(field, direction)| compare(field, *direction, a, b))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// What a trace is sorted by, kept without the trace: keys of one [`OrderBy`] are ordered as [`OrderBy::compare`] does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    keys: Box<[Rank]>,
    newest_first: Reverse<i64>,
    id: ShortId,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number(i64),
    NumberDown(Reverse<i64>),
    Text(Box<str>),
    TextDown(Reverse<Box<str>>),
    Missing,
}

/// A trace id in little memory: the usual ones, `tr-` and 32 lower-case hex digits, sort as their numbers do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ShortId {
    Usual([u64; 2]),
    Other(Box<str>),
}

impl ShortId {
    fn new(id: &str) -> Self {
        let digits = id.strip_prefix("tr-").unwrap_or("");
        let is_usual = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let half = |range: std::ops::Range<usize>| u64::from_str_radix(&digits[range], 16).ok();
        match is_usual.then(|| Some([half(0..16)?, half(16..32)?])).flatten() {
            Some(halves) => Self::Usual(halves),
            None => Self::Other(id.into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Usual([high, low]) => Cow::Owned(format!("tr-{high:016x}{low:016x}")),
            Self::Other(id) => Cow::Borrowed(id),
        }
    }
}

impl Ord for ShortId {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Usual(a), Self::Usual(b)) => a.cmp(b),
            (a, b) => a.text().cmp(&b.text()),
        }
    }
}

impl PartialOrd for ShortId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl SortKey {
    /// When the trace started.
    #[must_use]
    pub fn start_ms(&self) -> i64 {
        self.newest_first.0
    }
}

impl OrderBy {
    /// What a trace is sorted by; of its info only [`OrderBy::info_parts`] are looked at.
    #[must_use]
    pub fn key(&self, trace: &Trace) -> SortKey {
        let info = &trace.info;
        SortKey {
            keys: self.keys.iter().map(|(field, direction)| rank(field, *direction, trace)).collect(),
            newest_first: Reverse(info.request_time_ms),
            id: ShortId::new(info.trace_id.as_str()),
        }
    }

    /// The parts of an info that decide its place.
    #[must_use]
    pub fn info_parts(&self) -> InfoParts {
        self.keys.iter().fold(InfoParts::NONE, |parts, (field, _)| parts.and(field.info_parts()))
    }
}

fn rank(field: &Field, direction: Direction, trace: &Trace) -> Rank {
    let number = |number| match direction {
        Direction::Ascending => Rank::Number(number),
        Direction::Descending => Rank::NumberDown(Reverse(number)),
    };
    let text = |text: &str| match direction {
        Direction::Ascending => Rank::Text(text.into()),
        Direction::Descending => Rank::TextDown(Reverse(text.into())),
    };
    match field {
        Field::RequestTime => Some(number(trace.info.request_time_ms)),
        Field::Duration => trace.info.duration_ms.map(number),
        Field::Experiment => experiment(trace).map(number),
        other => text_of(other, trace).map(text),
    }
    .unwrap_or(Rank::Missing)
}

fn compare(field: &Field, direction: Direction, a: &Trace, b: &Trace) -> Ordering {
    match field {
        Field::RequestTime => direction.order(Some(a.info.request_time_ms), Some(b.info.request_time_ms)),
        Field::Duration => direction.order(a.info.duration_ms, b.info.duration_ms),
        Field::Experiment => direction.order(experiment(a), experiment(b)),
        text => direction.order(text_of(text, a), text_of(text, b)),
    }
}

/// Servers keep ids of experiments as numbers and order them so.
fn experiment(trace: &Trace) -> Option<i64> {
    trace.info.experiment_id()?.as_str().parse().ok()
}

impl Direction {
    fn order<T: Ord>(self, a: Option<T>, b: Option<T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if self == Self::Descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

fn error(clause: &str, message: impl Into<String>) -> FilterError {
    FilterError::new(FilterErrorKind::Name, clause, 0..clause.len(), message)
}

fn syntax(clause: &str, at: usize, message: &str) -> FilterError {
    FilterError::new(FilterErrorKind::Syntax, clause, at..clause.len(), message)
        .hint("a clause is a field and ASC or DESC, with nothing around them: timestamp DESC")
        .hint("several fields are several clauses, not one with commas")
}

fn parse_clause(clause: &str) -> Result<(Field, Direction), FilterError> {
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
    let identifier = Identifier { raw: raw.to_owned(), span: Span(0..raw.len()), swallowed: None };
    let (entity, key) = names::resolve(clause, &identifier, &unquoted, names::ORDER_ATTRIBUTES)?;
    let field = field(clause, entity, key)?;
    Ok((field, direction.unwrap_or(Direction::Ascending)))
}

fn field(clause: &str, entity: Entity, key: String) -> Result<Field, FilterError> {
    let refuse = |what: &str| {
        Err(error(clause, format!("traces cannot be ordered by {what}"))
            .hint("order by timestamp, execution_time, status, name, request_id, run_id, a tag or a piece of metadata"))
    };
    let (entity, key) = renamed(entity, key);
    match (entity, key.as_str()) {
        (Entity::Attribute, "timestamp_ms") => Ok(Field::RequestTime),
        (Entity::Attribute, "execution_time_ms") => Ok(Field::Duration),
        (Entity::Attribute, "status") => Ok(Field::Status),
        (Entity::Attribute, "request_id") => Ok(Field::TraceId),
        (Entity::Attribute, "experiment_id") => Ok(Field::Experiment),
        (Entity::Attribute, _) => {
            Err(error(clause, "servers fail on ordering by end_time").hint("order by timestamp or by execution_time"))
        }
        (Entity::Metadata, keys::TOKEN_USAGE | keys::COST) => refuse("token counts or costs"),
        (Entity::Tag | Entity::Metadata, key) => keyed_field(entity, key).map_or_else(|| refuse("this"), Ok),
        (Entity::Span, _) => refuse("spans"),
        (Entity::Feedback | Entity::Expectation, _) => refuse("assessments"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TraceId, TraceInfo};

    #[test]
    fn keys_sort_as_their_traces_do() {
        let ids =
            ["tr-0", "tr-000000000000000000000000000000ab", "tr-000000000000000000000000000000AB", "z", "trace:/a"];
        let mut traces = Vec::new();
        for (number, id) in ids.into_iter().chain(["tr-f00000000000000000000000000000ab"]).enumerate() {
            for time in [5, 7] {
                let mut info = TraceInfo::new(TraceId::new(id), time);
                info.duration_ms = [None, Some(3), Some(1)][number % 3];
                info.tags.extend((number % 2 == 0).then(|| ("env".to_owned(), id.to_owned())));
                info.trace_location =
                    serde_json::json!({"mlflow_experiment": {"experiment_id": (number % 4).to_string()}});
                traces.push(Trace::without_spans(info));
            }
        }
        for clauses in [
            vec![],
            vec!["timestamp ASC"],
            vec!["execution_time DESC"],
            vec!["tags.env DESC", "experiment_id"],
            vec!["status", "execution_time", "request_id DESC"],
        ] {
            let clauses: Vec<String> = clauses.into_iter().map(str::to_owned).collect();
            let order = OrderBy::parse(&clauses).unwrap();
            for a in &traces {
                for b in &traces {
                    assert_eq!(order.key(a).cmp(&order.key(b)), order.compare(a, b), "{clauses:?} {a:?} {b:?}");
                }
            }
        }
    }
}
