//! Which columns a table, a CSV file or projected JSON has.

use std::borrow::Cow;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::model::field::Field;
use crate::model::{Trace, TraceInfo, similar};

/// A list of fields that cannot be understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FieldsError {
    /// Nothing between two commas, or nothing at all.
    #[error("an empty name in the list of fields {0:?}")]
    Empty(String),
    /// A backtick without its partner.
    #[error("a backtick is not closed in the list of fields {0:?}")]
    Backtick(String),
    /// No such field.
    #[error("unknown field {name:?}{}", nearest(.suggestions))]
    Unknown {
        /// As typed.
        name: String,
        /// The nearest names.
        suggestions: Vec<String>,
    },
}

fn nearest(suggestions: &[String]) -> String {
    if suggestions.is_empty() { String::new() } else { format!("; did you mean {}?", suggestions.join(" or ")) }
}

/// One column: what it is called and where its value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    name: String,
    source: Source,
}

#[derive(Clone, Debug, PartialEq)]
enum Source {
    Field(Field),
    /// A path into the trace's JSON, beginning with `info` or `data`.
    Path(Vec<String>),
}

/// Keys of `info` in `MLflow`'s trace JSON; the last one is the name older versions used.
const INFO_KEYS: &[&str] = &[
    "trace_id",
    "client_request_id",
    "trace_location",
    "request_time",
    "execution_duration_ms",
    "state",
    "request_preview",
    "response_preview",
    "trace_metadata",
    "tags",
    "assessments",
    "execution_duration",
];
/// Keys of a span in `MLflow`'s trace JSON.
const SPAN_KEYS: &[&str] = &[
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "events",
    "status",
    "attributes",
    "links",
];

impl Column {
    /// A column for a field, under its own name.
    #[must_use]
    pub fn of(field: Field) -> Self {
        Self { name: field.column_name().into_owned(), source: Source::Field(field) }
    }

    /// What it is called: as typed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field it shows, unless it is a path.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        match &self.source {
            Source::Field(field) => Some(field),
            Source::Path(_) => None,
        }
    }

    /// The trace's value; `Null` where it has none. `request` and `response` are whole where the spans are at hand, first
    /// characters otherwise.
    #[must_use]
    pub fn value(&self, trace: &Trace) -> Value {
        match &self.source {
            Source::Field(Field::RequestPreview) if self.name != "request_preview" => {
                trace.whole_request().map_or_else(|| Field::RequestPreview.value(trace), Value::from)
            }
            Source::Field(Field::ResponsePreview) if self.name != "response_preview" => {
                trace.whole_response().map_or_else(|| Field::ResponsePreview.value(trace), Value::from)
            }
            Source::Field(field) => field.value(trace),
            Source::Path(path) => match path[0].as_str() {
                "info" => serde_json::to_value(&trace.info).map_or(Value::Null, |info| walk(&info, &path[1..])),
                _ => serde_json::to_value(trace).map_or(Value::Null, |trace| walk(&trace, path)),
            },
        }
    }

    pub(super) fn needs_spans(&self) -> bool {
        match &self.source {
            Source::Field(field) => field.needs_spans(),
            Source::Path(path) => path[0] == "data",
        }
    }

    pub(super) fn parse(text: &str, list: &str) -> Result<Self, FieldsError> {
        let segments = split(text, '.', list)?;
        if segments.iter().any(String::is_empty) {
            return Err(FieldsError::Empty(list.to_owned()));
        }
        let name = text.trim().to_owned();
        if matches!(segments[0].as_str(), "info" | "trace_info" | "data") && segments.len() > 1 {
            return Ok(Self { source: Source::Path(path(&segments, &name)?), name });
        }
        match Field::from_segments(&segments) {
            Some(field) => Ok(Self { name, source: Source::Field(field) }),
            None => Err(FieldsError::Unknown { suggestions: suggestions(&segments), name }),
        }
    }
}

/// Checks a path and spells its first parts as trace JSON does.
fn path(segments: &[String], name: &str) -> Result<Vec<String>, FieldsError> {
    let mut path = segments.to_vec();
    let unknown = |key: &str, known: &[&str], prefix: &str| FieldsError::Unknown {
        name: name.to_owned(),
        suggestions: similar(key, known.iter().copied())
            .into_iter()
            .take(2)
            .map(|key| format!("{prefix}{key}"))
            .collect(),
    };
    if path[0] == "data" {
        let known_start = path[1] == "spans";
        if !known_start {
            return Err(FieldsError::Unknown { name: name.to_owned(), suggestions: vec!["data.spans.*.name".into()] });
        }
        match path.get(3) {
            Some(key) if !SPAN_KEYS.contains(&key.as_str()) => return Err(unknown(key, SPAN_KEYS, "data.spans.*.")),
            _ => return Ok(path),
        }
    }
    path[0] = "info".into();
    if !INFO_KEYS.contains(&path[1].as_str()) {
        return Err(unknown(&path[1], INFO_KEYS, "info."));
    }
    if path[1] == "execution_duration" {
        path[1] = "execution_duration_ms".into();
    }
    Ok(path)
}

/// Follows a path: `*` goes into every element, and a key may be spread over several segments because keys hold dots.
fn walk(value: &Value, path: &[String]) -> Value {
    let Some((first, rest)) = path.split_first() else { return value.clone() };
    match value {
        Value::Array(items) if first == "*" => items.iter().map(|item| walk(item, rest)).collect(),
        Value::Object(object) if first == "*" => object.values().map(|item| walk(item, rest)).collect(),
        Value::Array(items) => {
            first.parse::<usize>().ok().and_then(|at| items.get(at)).map_or(Value::Null, |item| walk(item, rest))
        }
        Value::Object(object) => (1..=path.len())
            .rev()
            .find_map(|end| Some(walk(object.get(&path[..end].join("."))?, &path[end..])))
            .unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

fn suggestions(segments: &[String]) -> Vec<String> {
    let dotted = segments.join(".");
    if INFO_KEYS.contains(&dotted.as_str()) {
        return vec![format!("info.{dotted}")];
    }
    let mut found: Vec<String> = similar(&dotted, Field::names()).into_iter().take(2).map(str::to_owned).collect();
    if segments.len() > 1 {
        let key = segments[1..].join(".");
        let entities = Field::keyed().map(|(entity, ..)| entity).chain(["info"]);
        found.extend(similar(&segments[0], entities).into_iter().take(2).map(|entity| format!("{entity}.{key}")));
    }
    found.truncate(3);
    found
}

/// Splits at a character outside backticks and takes the backticks away when splitting a path.
fn split(text: &str, at: char, list: &str) -> Result<Vec<String>, FieldsError> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        if character == '`' {
            quoted = !quoted;
        }
        if character == at && !quoted {
            parts.push(String::new());
        } else if character != '`' || at == ',' {
            parts.last_mut().unwrap_or(&mut String::new()).push(character);
        }
    }
    if quoted {
        Err(FieldsError::Backtick(list.to_owned()))
    } else {
        Ok(parts.into_iter().map(|part| part.trim().to_owned()).collect())
    }
}

/// The columns of an output, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns(Vec<Column>);

impl Columns {
    /// Reads a list such as ``trace_id,tags.`a.b`,info.request_time``.
    pub fn parse(list: &str) -> Result<Self, FieldsError> {
        split(list, ',', list)?.iter().map(|name| Column::parse(name, list)).collect::<Result<_, _>>().map(Self)
    }

    /// The names of a list, as typed.
    pub(super) fn names(list: &str) -> Result<Vec<String>, FieldsError> {
        split(list, ',', list)
    }

    /// What a CSV file has when nobody said otherwise: everything that is one value, and the three maps as JSON.
    #[must_use]
    pub fn for_csv() -> Self {
        let names = "trace_id,timestamp,duration_ms,status,name,session,user,tokens.input,tokens.output,tokens.total,cost.total,\
                     client_request_id,experiment_id,run_id,request,response,info.tags,info.trace_metadata,info.assessments";
        // The list is a constant, and a test reads it.
        Self::parse(names).unwrap_or(Self(Vec::new()))
    }

    /// The columns.
    pub fn iter(&self) -> std::slice::Iter<'_, Column> {
        self.0.iter()
    }

    /// Whether a column can only be filled when spans were fetched.
    #[must_use]
    pub fn need_spans(&self) -> bool {
        self.0.iter().any(Column::needs_spans)
    }

    /// The columns of a trace as a JSON object, named as typed.
    #[must_use]
    pub fn project(&self, trace: &Trace) -> Value {
        Value::Object(self.0.iter().map(|column| (column.name.clone(), column.value(trace))).collect::<Map<_, _>>())
    }
}

impl FromIterator<Column> for Columns {
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Self {
        Self(columns.into_iter().collect())
    }
}

/// A value as one cell: text as it is, nothing for null, JSON for what is nested.
#[must_use]
pub(super) fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

// `TraceInfo` is named so that a change of its keys meets the list above.
const _: fn(&TraceInfo) = |_| ();

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trace() -> Trace {
        Trace::from_json(json!({
            "info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "execution_duration_ms": 5, "state": "OK",
                     "tags": {"mlflow.traceName": "agent", "a,b": "c"}, "trace_metadata": {"k": "v"}},
            "data": {"spans": [
                {"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "root", "start_time_unix_nano": 1},
                {"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAI=", "name": "leaf", "start_time_unix_nano": 2}]}}))
        .unwrap()
    }

    fn project(fields: &str) -> Value {
        Columns::parse(fields).unwrap().project(&trace())
    }

    #[test]
    fn names_and_paths_find_values() {
        assert_eq!(
            project(
                "trace_id, state,info.execution_duration,info.tags.mlflow.traceName,tags.`a,b`,info.trace_metadata.`k`"
            ),
            json!({"trace_id": "tr-1", "state": "OK", "info.execution_duration": 5, "info.tags.mlflow.traceName": "agent",
                   "tags.`a,b`": "c", "info.trace_metadata.`k`": "v"})
        );
    }

    #[test]
    fn stars_go_into_every_span() {
        assert_eq!(project("data.spans.*.name"), json!({"data.spans.*.name": ["root", "leaf"]}));
        assert_eq!(project("data.spans.1.name"), json!({"data.spans.1.name": "leaf"}));
        assert!(Columns::parse("data.spans.*.name").unwrap().need_spans());
        assert!(!Columns::for_csv().need_spans());
    }

    #[test]
    fn mistakes_are_named_with_what_was_meant() {
        let error = |fields: &str| Columns::parse(fields).unwrap_err().to_string();
        assert_eq!(error("statsu"), "unknown field \"statsu\"; did you mean status or state?");
        assert_eq!(error("info.stat"), "unknown field \"info.stat\"; did you mean info.state?");
        assert_eq!(error("tgas.team"), "unknown field \"tgas.team\"; did you mean tags.team?");
        assert_eq!(error("data.spans.*.nam"), "unknown field \"data.spans.*.nam\"; did you mean data.spans.*.name?");
        assert_eq!(error("trace_id,,name"), "an empty name in the list of fields \"trace_id,,name\"");
        assert_eq!(error("tags.`a"), "a backtick is not closed in the list of fields \"tags.`a\"");
        assert_eq!(error("trace_metadata"), "unknown field \"trace_metadata\"; did you mean info.trace_metadata?");
    }

    #[test]
    fn the_columns_of_csv_files_exist() {
        assert_eq!(Columns::for_csv().iter().count(), 19);
    }
}
