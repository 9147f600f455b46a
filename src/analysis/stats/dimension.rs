//! What traces and spans are grouped by.

use serde_json::Value;

use super::facts::{Facts, SpanFacts, is_call};
use crate::model::field::{Field, Kind, SpanField};
use crate::model::{DAY_MS, HOUR_MS, similar};

/// What is grouped by.
#[derive(Clone, Debug, PartialEq)]
pub enum Dimension {
    /// A field of the trace.
    Field(Field),
    /// The hour of the day in which it started, in UTC.
    Hour,
    /// The day of the week on which it started, in UTC.
    Weekday,
    /// The model that a span called.
    Model,
    /// The type of a span.
    SpanType,
    /// The name of a span.
    SpanName,
}

/// What cannot be grouped by, or measured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DimensionError {
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub hint: String,
}

impl DimensionError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Names of what is no field of a trace.
const OTHERS: [(&str, Dimension); 5] = [
    ("hour", Dimension::Hour),
    ("weekday", Dimension::Weekday),
    ("model", Dimension::Model),
    ("span.type", Dimension::SpanType),
    ("span.name", Dimension::SpanName),
];

impl Dimension {
    /// Reads names separated by commas; a key may stand in backticks.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, DimensionError> {
        split(text, ',').ok_or_else(|| unclosed(text))?.iter().map(|name| Self::parse(name)).collect()
    }

    /// Reads a name.
    fn parse(text: &str) -> Result<Self, DimensionError> {
        let name = text.trim();
        if let Some((_, dimension)) = OTHERS.iter().find(|(known, _)| *known == name) {
            return Ok(dimension.clone());
        }
        let field = field(name)?;
        match field.row().kind {
            Kind::Time => Err(DimensionError::new(
                format!("{name} cannot be grouped by: it hardly ever repeats"),
                "use --every 1h, or --by hour or --by weekday",
            )),
            _ => Ok(Self::Field(field)),
        }
    }

    /// What tables and objects call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Field(field) => field.column_name().into_owned(),
            other => OTHERS.iter().find(|(_, known)| known == other).map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// Whether it asks for the spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        match self {
            Self::Field(field) => field.needs_spans(),
            Self::Hour | Self::Weekday => false,
            Self::Model | Self::SpanType | Self::SpanName => true,
        }
    }

    /// Whether each span answers for itself.
    #[must_use]
    pub fn is_of_spans(&self) -> bool {
        matches!(self, Self::Model | Self::SpanType | Self::SpanName)
    }

    /// Whether its answers have an order of their own, which a table keeps.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Hour | Self::Weekday)
    }

    /// Where an answer stands in that order.
    #[must_use]
    pub fn rank(&self, value: &Value) -> u64 {
        match self {
            Self::Weekday => WEEKDAYS.iter().position(|day| value == day).map_or(7, |at| at as u64),
            _ => value.as_u64().unwrap_or(u64::MAX),
        }
    }

    /// What a trace answers, which may be several things; nothing is an answer, too.
    pub(in crate::analysis) fn of_trace(&self, facts: &Facts) -> Vec<Value> {
        let start_ms = facts.trace.info.request_time_ms;
        let value = match self {
            Self::Hour => Value::from(start_ms.div_euclid(HOUR_MS).rem_euclid(24)),
            // The first day of 1970 was a Thursday.
            Self::Weekday => {
                let day = usize::try_from((start_ms.div_euclid(DAY_MS) + 3).rem_euclid(7)).unwrap_or(0);
                Value::from(WEEKDAYS[day])
            }
            Self::Field(field) => field.value(facts.trace),
            Self::Model | Self::SpanType | Self::SpanName => Value::Null,
        };
        match value {
            Value::Array(values) => unique(values),
            other => vec![other],
        }
    }

    /// What a span answers; nothing if it is not asked at all.
    pub(super) fn of_span(&self, span: &SpanFacts) -> Option<Value> {
        let text = |text: Option<&String>| text.map_or(Value::Null, |text| Value::from(text.as_str()));
        match self {
            Self::Model => is_call(span).then(|| text(span.model.as_ref())),
            Self::SpanType => Some(text(span.kind.as_ref())),
            Self::SpanName => Some(text(Some(&span.name))),
            _ => Some(Value::Null),
        }
    }
}

/// Each value once.
fn unique(values: Vec<Value>) -> Vec<Value> {
    let mut unique: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    unique
}

/// The field that a name means; spans are not asked here.
pub(super) fn field(name: &str) -> Result<Field, DimensionError> {
    let segments = split(name, '.').ok_or_else(|| unclosed(name))?;
    let segments: Vec<String> = segments.iter().map(|part| part.replace('`', "")).collect();
    if name.is_empty() || segments.iter().any(String::is_empty) {
        return Err(DimensionError::new(
            format!("{name:?} is no field"),
            "`mlflow-trace filter fields` lists the fields",
        ));
    }
    let found = Field::from_segments(&segments).filter(|field| !matches!(field, Field::Span(SpanField::Content)));
    found.ok_or_else(|| {
        let known = Field::names().chain(OTHERS.iter().map(|(name, _)| *name));
        let near = similar(name, known).first().map(|near| format!("did you mean {near}? "));
        let hint =
            format!("{}`mlflow-trace filter fields` lists the fields; a tag is tags.KEY", near.unwrap_or_default());
        DimensionError::new(format!("unknown field {name:?}"), hint)
    })
}

fn unclosed(text: &str) -> DimensionError {
    DimensionError::new(
        format!("a backtick is not closed in {text:?}"),
        "write a key with dots or commas as tags.`a.b`",
    )
}

/// Splits outside of backticks, which stay; nothing if one has no partner.
fn split(text: &str, at: char) -> Option<Vec<String>> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for character in text.chars() {
        quoted ^= character == '`';
        if character == at && !quoted {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(character);
        }
    }
    (!quoted).then_some(parts)
}
