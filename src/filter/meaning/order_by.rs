//! The order of results: what `MLflow` takes for `order_by`, any other field with one answer per trace, and the same order
//! among traces at hand.
//!
//! A clause is an identifier and, after blanks, `ASC` or `DESC`; or the name of a field as tables have it, in any case, with
//! a minus in front for the other direction. What is missing comes last in both directions; ties are broken by the start,
//! latest first, and then by the id. What servers do not sort by, or fail on, is sorted here.

mod read;

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use serde_json::Value;

pub(in crate::filter) use self::read::by_name;
use self::read::{error, of_mlflow, parse_clause, server_clause};
use crate::filter::error::FilterError;
use crate::model::field::{Field, FieldRow, Kind};
use crate::model::{InfoParts, Trace};

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Assessment, TraceId, TraceInfo, keys};

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
