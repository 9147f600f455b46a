//! The order of results: what `MLflow` takes for `order_by`, any other field with one answer per trace, and the same order
//! among traces at hand.
//!
//! A clause is an identifier and, after blanks, `ASC` or `DESC`; or the name of a field as tables have it, in any case, with
//! a minus in front for the other direction. What is missing comes last in both directions; ties are broken by the start,
//! latest first, and then by the id. What servers do not sort by, or fail on, is sorted here.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use serde_json::Value;

use super::check::{renamed, trace_field};
use super::names::{self, Entity, Purpose};
use super::typed::Test;
use crate::filter::ask::text::server_name;
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::{Identifier, Span};
use crate::filter::syntax::parse;
use crate::model::field::{Field, FieldRow, Kind};
use crate::model::{InfoParts, Trace, keys};

/// A checked `order_by`.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderBy {
    /// As a server reads them; nothing if it cannot sort like this.
    clauses: Option<Vec<String>>,
    keys: Vec<(Field, Direction)>,
    is_extended: bool,
}

/// Which way a clause sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `ASC`, which is also the default.
    Ascending,
    /// `DESC`.
    Descending,
}

impl Default for OrderBy {
    fn default() -> Self {
        Self { clauses: Some(Vec::new()), keys: Vec::new(), is_extended: false }
    }
}

impl OrderBy {
    /// Reads clauses such as `timestamp DESC`, most important first.
    pub fn parse(clauses: &[String]) -> Result<Self, FilterError> {
        let mut keys: Vec<(Field, Direction)> = Vec::new();
        let mut for_server = Some(Vec::new());
        for clause in clauses {
            let (field, direction) = parse_clause(clause)?;
            if keys.iter().any(|(known, _)| *known == field) {
                return Err(
                    error(clause, format!("{} is sorted by already", field.column_name())).hint("name each field once")
                );
            }
            for_server = for_server.zip(server_clause(clause, &field, direction)).map(|(mut all, one)| {
                all.push(one);
                all
            });
            keys.push((field, direction));
        }
        let is_mlflow = |(clause, (field, _)): (&String, &(Field, Direction))| {
            *field != Field::EndTime && of_mlflow(clause).is_ok()
        };
        let is_extended = !clauses.iter().zip(&keys).all(is_mlflow);
        Ok(Self { clauses: for_server, keys, is_extended })
    }

    /// Whether a clause is one that the tracking server 3.17 refuses or fails on.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.is_extended
    }

    /// The clauses in the language of servers; nothing if a server cannot sort by one of them.
    #[must_use]
    pub fn for_server(&self) -> Option<&[String]> {
        self.clauses.as_deref()
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
    Text(Box<str>),
    TextDown(Reverse<Box<str>>),
    NumberDown(Reverse<i64>),
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

/// What a trace answers to the field it is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Answer<'t> {
    Number(i64),
    Text(Cow<'t, str>),
}

fn answer<'t>(field: &Field, trace: &'t Trace) -> Option<Answer<'t>> {
    let info = &trace.info;
    match field {
        Field::RequestTime => Some(Answer::Number(info.request_time_ms)),
        Field::Duration => info.duration_ms.map(Answer::Number),
        Field::EndTime => Some(Answer::Number(info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0)))),
        Field::Experiment => experiment(trace).map(Answer::Number),
        Field::Version => first(&field.value(trace)),
        other => match other.row() {
            FieldRow { kind: Kind::Number | Kind::Assessment, .. } => first(&field.value(trace)),
            _ => text(other, trace).map(|text| Answer::Text(Cow::Borrowed(text))),
        },
    }
}

fn text<'t>(field: &Field, trace: &'t Trace) -> Option<&'t str> {
    let info = &trace.info;
    match field {
        Field::TraceId => Some(info.trace_id.as_str()),
        Field::Status => Some(info.state.as_str()),
        Field::Name => info.name(),
        Field::Session => info.session(),
        Field::User => info.user(),
        other => other.stored_text(info),
    }
}

/// The first of several answers; numbers come before texts.
fn first(value: &Value) -> Option<Answer<'static>> {
    match value {
        Value::Null => None,
        Value::Array(values) => values.first().and_then(first),
        Value::Bool(value) => Some(Answer::Number(in_order(f64::from(u8::from(*value))))),
        Value::Number(number) => number.as_f64().map(|number| Answer::Number(in_order(number))),
        Value::String(text) => Some(Answer::Text(Cow::Owned(text.clone()))),
        Value::Object(_) => Some(Answer::Text(Cow::Owned(value.to_string()))),
    }
}

/// A number that is as large among its like as a float is.
fn in_order(number: f64) -> i64 {
    let bits = (number + 0.0).to_bits().cast_signed();
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn rank(field: &Field, direction: Direction, trace: &Trace) -> Rank {
    match (answer(field, trace), direction) {
        (None, _) => Rank::Missing,
        (Some(Answer::Number(number)), Direction::Ascending) => Rank::Number(number),
        (Some(Answer::Number(number)), Direction::Descending) => Rank::NumberDown(Reverse(number)),
        (Some(Answer::Text(text)), Direction::Ascending) => Rank::Text(text.into()),
        (Some(Answer::Text(text)), Direction::Descending) => Rank::TextDown(Reverse(text.into())),
    }
}

fn compare(field: &Field, direction: Direction, a: &Trace, b: &Trace) -> Ordering {
    direction.order(answer(field, a), answer(field, b))
}

/// Servers keep ids of experiments as numbers and order them so.
fn experiment(trace: &Trace) -> Option<i64> {
    trace.info.experiment_id()?.as_str().parse().ok()
}

impl Direction {
    fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }

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
    of_mlflow(clause).or_else(|error| by_name(clause).ok_or(error))
}

/// A field by the name that tables have for it, in any case: `duration`, `-cost`, `tokens.total DESC`.
pub(in crate::filter) fn by_name(clause: &str) -> Option<(Field, Direction)> {
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
    let field = Field::from_segments(&[name.to_ascii_lowercase()])
        .or_else(|| Field::from_segments(&keyed?))
        .filter(is_sortable)?;
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
fn server_clause(clause: &str, field: &Field, direction: Direction) -> Option<String> {
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
fn of_mlflow(clause: &str) -> Result<(Field, Direction), FilterError> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Assessment, TraceId, TraceInfo};

    #[test]
    fn floats_are_in_order() {
        let numbers = [f64::NEG_INFINITY, -1e300, -2.5, -1.0, -1e-300, 0.0, 1e-300, 0.5, 3.0, 1e300, f64::INFINITY];
        assert!(numbers.is_sorted_by_key(|number| in_order(*number)));
        assert!(numbers.windows(2).all(|two| in_order(two[0]) < in_order(two[1])));
        assert_eq!(in_order(-0.0), in_order(0.0));
    }

    #[test]
    fn a_field_is_named_as_mlflow_or_as_tables_do() {
        let read = |clause: &str| {
            let order = OrderBy::parse(&[clause.to_owned()]).unwrap();
            let (field, direction) = order.keys()[0].clone();
            let server = order.for_server().map(|clauses| clauses[0].clone());
            (field.column_name().into_owned(), direction.as_str(), server)
        };
        let here = |name: &str, direction| (name.to_owned(), direction, None);
        let there = |name: &str, direction, clause: &str| (name.to_owned(), direction, Some(clause.to_owned()));
        assert_eq!(read("timestamp DESC"), there("timestamp", "DESC", "timestamp DESC"));
        assert_eq!(read("-duration"), there("duration_ms", "DESC", "execution_time_ms DESC"));
        assert_eq!(read("Latency asc"), there("duration_ms", "ASC", "execution_time_ms ASC"));
        assert_eq!(read("-session"), there("session", "DESC", "metadata.mlflow.trace.session DESC"));
        assert_eq!(read("-tags.`a b`"), there("tags.a b", "DESC", "tags.`a b` DESC"));
        assert_eq!(read("end_time"), here("end_time", "ASC"));
        assert_eq!(read("tokens"), here("tokens.total", "ASC"));
        assert_eq!(read("-COST desc"), here("cost.total", "ASC"));
        assert_eq!(read("feedback.Score desc"), here("feedback.Score", "DESC"));
        for refused in ["span.name", "issue.id", "assessment", "nonsense", "-", "tokens sideways"] {
            assert!(OrderBy::parse(&[refused.to_owned()]).is_err(), "{refused}");
        }
    }

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
                let value = [json!(2.5), json!(-1), json!("good"), json!(true), json!(null)][number % 5].clone();
                let said = json!({"assessment_name": "score", "feedback": {"value": value}});
                info.assessments.push(Assessment::new(said.as_object().unwrap().clone()));
                let tokens = json!({"total_tokens": number * 7 % 4}).to_string();
                info.metadata.insert(keys::TOKEN_USAGE.to_owned(), tokens);
                info.trace_location = json!({"mlflow_experiment": {"experiment_id": (number % 4).to_string()}});
                traces.push(Trace::without_spans(info));
            }
        }
        for clauses in [
            vec![],
            vec!["timestamp ASC"],
            vec!["execution_time DESC"],
            vec!["tags.env DESC", "experiment_id"],
            vec!["status", "execution_time", "request_id DESC"],
            vec!["-tokens.total", "end_time DESC"],
            vec!["feedback.score DESC"],
            vec!["feedback.score", "-Cost"],
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
