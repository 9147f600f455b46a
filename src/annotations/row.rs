//! One row: what it says, checked, and the assessment that comes of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::cells::{Cell, kind_of};
use super::content;
use super::dialect::Decimal;
use super::fields::RowField;
use super::planned::Creation;
use super::reading::{RowReading, ValueKind};
use crate::cli::ValueType;
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, parse_rfc3339_ms, span_id_in_hex};
use crate::settings::read_value;

/// Which trace a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowPlace {
    /// By its id.
    Trace(TraceId),
    /// By the id that the application gave the request.
    Request(String),
}

/// A row that can be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Counted from 1, without the header and without empty lines.
    pub number: u64,
    /// The line of the file, as a spreadsheet or an editor numbers it.
    pub line: u64,
    /// Trace, by id or by client request id.
    pub place: RowPlace,
    /// The id that the assessment is to have; none if it follows from the row.
    pub id: Option<AssessmentId>,
    /// The assessment that it overrides.
    pub overrides: Option<AssessmentId>,
    /// Feedback or expectation.
    pub kind: AssessmentKind,
    /// 1 to 250 characters.
    pub name: String,
    /// Numbers are at most 2^53.
    pub value: Value,
    /// `HUMAN`, `LLM_JUDGE`, `CODE` or `SOURCE_TYPE_UNSPECIFIED`.
    pub source_type: &'static str,
    /// Not empty.
    pub source_id: String,
    /// Of feedback only.
    pub rationale: Option<String>,
    /// Further information.
    pub metadata: BTreeMap<String, String>,
    /// 16 hex digits.
    pub span_id: Option<String>,
    /// RFC 3339.
    pub create_time: Option<String>,
    /// What a plan says that is created for it; anything else is not done. None if there is no plan.
    pub planned: Option<Creation>,
}

impl Row {
    /// What somebody says about a trace that is still to be named.
    #[must_use]
    pub fn unplaced(
        kind: AssessmentKind,
        name: String,
        value: Value,
        (source_type, source_id): (&'static str, String),
    ) -> Self {
        Self {
            number: 1,
            line: 1,
            place: RowPlace::Request(String::new()),
            id: None,
            overrides: None,
            kind,
            name,
            value,
            source_type,
            source_id,
            rationale: None,
            metadata: BTreeMap::new(),
            span_id: None,
            create_time: None,
            planned: None,
        }
    }
}

/// `MLflow`'s word for who makes assessments, in any case of letters; `None` if it is none.
#[must_use]
pub fn source_type_word(text: &str) -> Option<&'static str> {
    let words = ["HUMAN", "LLM_JUDGE", "CODE", "SOURCE_TYPE_UNSPECIFIED"];
    words.into_iter().find(|word| word.eq_ignore_ascii_case(text))
}

/// Columns of the database are as wide as this, and not every database says so.
const NAME_LENGTH: usize = 250;
const ID_LENGTH: usize = 50;

impl Row {
    /// The id of the assessment on this trace.
    #[must_use]
    pub fn id_on(&self, trace: &TraceId) -> AssessmentId {
        self.id.clone().unwrap_or_else(|| content::derived_id(self, trace))
    }

    /// 16 hex digits that tell whether a row is the one that it was in another run.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        content::fingerprint(self)
    }

    /// Lists and objects of expectations are sent as the text that `MLflow`'s client makes of them: the server would make
    /// floats of their numbers.
    fn value_as_sent(&self) -> Value {
        if self.kind == AssessmentKind::Expectation && (self.value.is_array() || self.value.is_object()) {
            let text = dumps(&self.value, NonAscii::Escaped);
            return json!({"serialized_value": {"serialization_format": "JSON_FORMAT", "value": text}});
        }
        json!({"value": self.value})
    }

    /// As `MLflow`'s JSON; `now` is RFC 3339, for rows without a time.
    #[must_use]
    pub fn assessment(&self, id: &AssessmentId, overrides: Option<&AssessmentId>, now: &str) -> Assessment {
        // What somebody edited is said now, whenever that was said which it overrides.
        let is_edited = self.id.as_ref().is_some_and(|own| own != id);
        let time = self.create_time.as_deref().filter(|_| !is_edited).unwrap_or(now);
        let mut object = Map::new();
        object.insert("assessment_id".into(), id.as_str().into());
        object.insert("assessment_name".into(), self.name.as_str().into());
        object.insert("source".into(), json!({"source_type": self.source_type, "source_id": self.source_id}));
        object.insert(self.kind.as_str().into(), self.value_as_sent());
        let texts = [
            ("rationale", self.rationale.as_deref()),
            ("span_id", self.span_id.as_deref()),
            ("overrides", overrides.map(AssessmentId::as_str)),
            ("create_time", Some(time)),
            ("last_update_time", Some(time)),
        ];
        for (key, text) in texts {
            object.extend(text.map(|text| (key.to_owned(), Value::from(text))));
        }
        if !self.metadata.is_empty() {
            object.insert("metadata".into(), json!(self.metadata));
        }
        Assessment::new(object)
    }
}

/// What the cells of a row said so far.
#[derive(Default)]
struct Draft {
    texts: Vec<(RowField, String)>,
    value: Option<Cell>,
    metadata: BTreeMap<String, String>,
}

impl Draft {
    fn take(&mut self, field: RowField, cell: Cell) -> Result<(), String> {
        match field {
            RowField::Value => self.value = Some(cell),
            RowField::Metadata => self.take_metadata(cell)?,
            RowField::MetadataOf(key) => {
                let text = cell.text().map_err(|kind| format!("metadata.{key} is {kind}, not text"))?;
                self.metadata.extend(text.map(|text| (key, text)));
            }
            field => {
                let text = cell.text().map_err(|kind| format!("{field} is {kind}, not text"))?;
                // Blanks around ids and words come from editors; a rationale may have them.
                let trimmed = |text: String| if field == RowField::Rationale { text } else { text.trim().to_owned() };
                let text = text.map(trimmed).filter(|text| !text.is_empty());
                self.texts.extend(text.map(|text| (field.clone(), text)));
            }
        }
        Ok(())
    }

    fn take_metadata(&mut self, cell: Cell) -> Result<(), String> {
        let value = match cell {
            Cell::Text(text) if text.trim().is_empty() => Value::Null,
            Cell::Text(text) => {
                serde_json::from_str(&text).map_err(|error| format!("metadata is not a JSON object: {error}"))?
            }
            Cell::Json(value) => value,
        };
        let entries = match value {
            Value::Null => return Ok(()),
            Value::Object(entries) => entries,
            other => return Err(format!("metadata is {}, not an object", kind_of(&other))),
        };
        for (key, value) in entries {
            let Value::String(text) = value else {
                return Err(format!("metadata.{key} is {}, not text", kind_of(&value)));
            };
            self.metadata.insert(key, text);
        }
        Ok(())
    }

    fn text(&mut self, field: &RowField) -> Option<String> {
        let position = self.texts.iter().position(|(known, _)| known == field)?;
        Some(self.texts.swap_remove(position).1)
    }

    fn id(&mut self, field: &RowField) -> Result<Option<AssessmentId>, String> {
        let Some(id) = self.text(field) else { return Ok(None) };
        let fits =
            id.len() <= ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if fits { Ok(Some(AssessmentId::new(id))) } else { Err(format!("{field} {id:?} is not an assessment id")) }
    }

    fn place(&mut self) -> Result<RowPlace, String> {
        if let Some(id) = self.text(&RowField::TraceId) {
            return Ok(RowPlace::Trace(TraceId::new(id)));
        }
        let request = self.text(&RowField::ClientRequestId).ok_or("neither a trace_id nor a client_request_id")?;
        if request.contains('\'') && request.contains('"') {
            return Err(format!("the server cannot search for the client_request_id {request:?}; give the trace id"));
        }
        Ok(RowPlace::Request(request))
    }

    fn source(&mut self, reading: &RowReading) -> Result<(&'static str, String), String> {
        let source_type = match self.text(&RowField::SourceType) {
            Some(word) => source_type_word(&word)
                .ok_or_else(|| format!("source_type is {word:?}; expected HUMAN, LLM_JUDGE or CODE"))?,
            None => reading.source_type.ok_or("there is no source_type")?,
        };
        let source_id = self.text(&RowField::SourceId).or_else(|| reading.source_id.clone());
        Ok((source_type, within("source_id", source_id.ok_or("there is no source_id")?)?))
    }

    fn value(&mut self, name: &str, reading: &RowReading) -> Result<Value, String> {
        let kind = match self.text(&RowField::ValueType) {
            Some(word) => Some(word.parse()?),
            None => reading.kind_of(name),
        };
        let value = match self.value.take().ok_or("there is no value")? {
            Cell::Text(text) => value_of_text(&text, kind.ok_or("there is no value_type")?, reading.decimal)?,
            Cell::Json(value) => value_of_json(value, kind)?,
        };
        if value.is_null() && reading.kind == AssessmentKind::Expectation {
            return Err("an expectation cannot be null".to_owned());
        }
        Ok(value)
    }
}

fn value_of_text(text: &str, kind: ValueKind, decimal: Decimal) -> Result<Value, String> {
    let number;
    let (text, value_type) = match kind {
        ValueKind::Number => {
            number = decimal.plain(text.trim()).map_err(|error| format!("value: {error}"))?;
            (number.as_str(), ValueType::Number)
        }
        ValueKind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" => ("true", ValueType::Bool),
            "false" => ("false", ValueType::Bool),
            _ => (text, ValueType::Bool),
        },
        ValueKind::Text => (text, ValueType::String),
        ValueKind::Json => (text, ValueType::Json),
    };
    read_value(text, value_type).map_err(|error| format!("value: {error}"))
}

fn value_of_json(value: Value, kind: Option<ValueKind>) -> Result<Value, String> {
    let fits = match kind {
        None | Some(ValueKind::Json) => true,
        Some(ValueKind::Number) => value.is_number(),
        Some(ValueKind::Boolean) => value.is_boolean(),
        Some(ValueKind::Text) => value.is_string(),
    };
    if !fits {
        return Err(format!("the value is {}, not {}", kind_of(&value), kind.map_or("", ValueKind::as_str)));
    }
    if let Value::Number(number) = &value {
        read_value(&number.to_string(), ValueType::Number).map_err(|error| format!("value: {error}"))?;
    }
    Ok(value)
}

fn within(what: &str, text: String) -> Result<String, String> {
    match text.chars().count() {
        0..=NAME_LENGTH => Ok(text),
        length => Err(format!("{what} has {length} characters; the limit is {NAME_LENGTH}")),
    }
}

/// Reads a row of cells; fails with the first mistake in it.
pub(super) fn read(
    (number, line): (u64, u64),
    cells: impl IntoIterator<Item = (RowField, Cell)>,
    reading: &RowReading,
) -> Result<Row, String> {
    let mut draft = Draft::default();
    for (field, cell) in cells.into_iter().chain(reading.constants()) {
        draft.take(field, cell)?;
    }
    let place = draft.place()?;
    let name = within("the name", draft.text(&RowField::Name).ok_or("there is no name")?)?;
    let value = draft.value(&name, reading)?;
    let (source_type, source_id) = draft.source(reading)?;
    let rationale = draft.text(&RowField::Rationale);
    if rationale.is_some() && reading.kind == AssessmentKind::Expectation {
        return Err("an expectation has no rationale".to_owned());
    }
    let span_id = draft.text(&RowField::SpanId);
    let span_id =
        span_id.map(|id| span_id_in_hex(&id).ok_or_else(|| format!("{id:?} is not a span id"))).transpose()?;
    let create_time = draft.text(&RowField::CreateTime);
    if let Some(time) = create_time.as_ref().filter(|time| parse_rfc3339_ms(time).is_err()) {
        return Err(format!("create_time {time:?} is not a time such as 2026-11-22T08:00:00Z"));
    }
    let (id, overrides) = (draft.id(&RowField::AssessmentId)?, draft.id(&RowField::Overrides)?);
    let (kind, metadata) = (reading.kind, draft.metadata);
    Ok(Row {
        number,
        line,
        place,
        id,
        overrides,
        kind,
        name,
        value,
        source_type,
        source_id,
        rationale,
        metadata,
        span_id,
        create_time,
        planned: None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A feedback `correct` of jane's on `tr-1`.
    pub fn row(value: Value) -> Row {
        let cells = [("trace_id", "tr-1"), ("name", "correct"), ("source_type", "human"), ("source_id", "jane")];
        let cells = cells.map(|(name, text)| (RowField::named(name).unwrap(), Cell::Text(text.into())));
        read((1, 2), cells.into_iter().chain([(RowField::Value, Cell::Json(value))]), &reading()).unwrap()
    }

    pub fn reading() -> RowReading {
        RowReading {
            kind: AssessmentKind::Feedback,
            maps: vec![],
            labels: vec![],
            value_kind: None,
            value_kinds: vec![],
            delimiter: None,
            decimal: Decimal::Point,
            source_type: None,
            source_id: None,
            ignore_unknown: false,
        }
    }

    /// Reads a row of text over the usual one; an empty text takes a cell away.
    fn with(changes: &[(&str, &str)], reading: &RowReading) -> Result<Row, String> {
        let usual = [
            ("trace_id", "tr-1"),
            ("name", "correct"),
            ("value", "0.5"),
            ("value_type", "number"),
            ("source_type", "CODE"),
            ("source_id", "check.py"),
        ];
        let kept = usual.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let cells =
            kept.chain(changes).map(|(name, text)| (RowField::named(name).unwrap(), Cell::Text((*text).into())));
        read((7, 9), cells, reading)
    }

    #[test]
    fn everything_in_a_row_is_read() {
        let more = [
            ("rationale", " because "),
            ("span_id", "47699324C8521BC4"),
            ("assessment_id", "a-1"),
            ("overrides", "a-0"),
            ("create_time", "2026-11-22T08:00:00Z"),
            ("metadata", "{\"a\": \"b\"}"),
            ("metadata.k", "v"),
            ("metadata.none", ""),
        ];
        let row = with(&more, &reading()).unwrap();
        let assessment = row.assessment(&row.id_on(&TraceId::new("tr-1")), row.overrides.as_ref(), "now");
        assert_eq!(
            serde_json::to_value(assessment).unwrap(),
            json!({
                "assessment_id": "a-1", "assessment_name": "correct",
                "source": {"source_type": "CODE", "source_id": "check.py"},
                "feedback": {"value": 0.5}, "rationale": " because ", "span_id": "47699324c8521bc4", "overrides": "a-0",
                "create_time": "2026-11-22T08:00:00Z", "last_update_time": "2026-11-22T08:00:00Z",
                "metadata": {"a": "b", "k": "v"},
            })
        );
        assert_eq!(row.number, 7);
    }

    #[test]
    fn values_are_what_their_type_says() {
        let value =
            |text: &str, kind: &str| with(&[("value", text), ("value_type", kind)], &reading()).map(|row| row.value);
        assert_eq!(value("4", "number"), Ok(json!(4)));
        assert_eq!(value(" 4 ", "number"), Ok(json!(4)));
        assert_eq!(value("TRUE", "bool"), Ok(json!(true)));
        assert_eq!(value("true", "text"), Ok(json!("true")));
        assert_eq!(value("", "string"), Ok(json!("")));
        assert_eq!(value("[1, null]", "json"), Ok(json!([1, null])));
        for (text, kind) in [
            ("four", "number"),
            ("NaN", "number"),
            ("yes", "boolean"),
            ("{", "json"),
            ("", "number"),
            ("9007199254740993", "number"),
            ("x", "color"),
        ] {
            assert!(value(text, kind).is_err(), "{text} {kind}");
        }
    }

    #[test]
    fn json_values_have_their_own_type_and_must_be_of_the_one_told() {
        let told = |value: Value, kind| value_of_json(value, kind);
        assert_eq!(told(json!("4"), None), Ok(json!("4")));
        assert_eq!(told(json!({"a": 1}), Some(ValueKind::Json)), Ok(json!({"a": 1})));
        assert_eq!(told(json!("4"), Some(ValueKind::Number)), Err("the value is text, not number".into()));
        assert!(told(json!(true), Some(ValueKind::Text)).is_err());
        assert!(told(json!(9_007_199_254_740_993_u64), None).is_err());
    }

    #[test]
    fn what_a_row_lacks_or_has_wrong_is_said() {
        let long = "n".repeat(251);
        for (change, told) in [
            (("trace_id", ""), "neither a trace_id nor a client_request_id"),
            (("name", ""), "there is no name"),
            (("name", long.as_str()), "251 characters"),
            (("source_type", "MODEL"), "HUMAN, LLM_JUDGE or CODE"),
            (("source_type", ""), "there is no source_type"),
            (("source_id", " "), "there is no source_id"),
            (("span_id", "12"), "not a span id"),
            (("create_time", "yesterday"), "not a time such as"),
            (("assessment_id", "a 1"), "not an assessment id"),
            (("metadata", "[1]"), "metadata is a list"),
            (("metadata", "{\"a\": 1}"), "metadata.a is a number, not text"),
            (("value_type", ""), "there is no value_type"),
        ] {
            let mistake = with(&[change], &reading()).unwrap_err();
            assert!(mistake.contains(told), "{change:?}: {mistake}");
        }
        let quotes = [("trace_id", ""), ("client_request_id", "'\"")];
        assert!(with(&quotes, &reading()).unwrap_err().contains("cannot search"));
    }

    #[test]
    fn flags_say_what_rows_do_not() {
        let flags = RowReading {
            value_kind: Some(ValueKind::Text),
            source_type: Some("HUMAN"),
            source_id: Some("jane".into()),
            maps: vec!["metadata.batch=@7".parse().unwrap()],
            ..reading()
        };
        let row = with(&[("value_type", ""), ("source_type", ""), ("source_id", "")], &flags).unwrap();
        assert_eq!((row.value, row.source_type, row.source_id.as_str()), (json!("0.5"), "HUMAN", "jane"));
        assert_eq!(row.metadata["batch"], "7");
        assert_eq!(with(&[], &flags).unwrap().source_id, "check.py");
    }

    #[test]
    fn expectations_are_something_and_have_no_rationale() {
        let expectations = RowReading { kind: AssessmentKind::Expectation, ..reading() };
        assert!(with(&[("value", "null"), ("value_type", "json")], &expectations).unwrap_err().contains("null"));
        assert!(with(&[("rationale", "x")], &expectations).unwrap_err().contains("no rationale"));
        assert_eq!(with(&[], &expectations).unwrap().kind, AssessmentKind::Expectation);
        let list = with(&[("value", "[\"é\", {\"n\": 2}]"), ("value_type", "json")], &expectations).unwrap();
        let sent = list.assessment(&AssessmentId::new("a-1"), None, "now");
        let text = r#"["\u00e9", {"n": 2}]"#;
        assert_eq!(sent.as_object()["expectation"]["serialized_value"]["value"], text);
        assert_eq!(sent.value(), json!(["é", {"n": 2}]));
    }
}
