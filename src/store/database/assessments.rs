//! Rows of assessments, as the JSON that `MLflow` makes of them.
//!
//! Invariant: numbers and texts are as they are stored. A server makes fractions of whole numbers and cuts long stack traces.

use serde_json::{Map, Value, json};

use super::sql::Row;
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, read_json, rfc3339_utc};

/// The assessment of a row, and the id of its trace; or what of it cannot be read.
pub(super) fn read(mut row: Row) -> (String, Result<Assessment, String>) {
    let id = row.text_or_empty();
    let trace_id = row.text_or_empty();
    let assessment = assessment(&id, &trace_id, row).map_err(|why| format!("assessment {id}: {why}"));
    (trace_id, assessment)
}

fn assessment(id: &str, trace_id: &str, mut row: Row) -> Result<Assessment, String> {
    let (name, kind) = (row.text_or_empty(), row.text_or_empty());
    let value = stored_json(row.text(), "value")?.unwrap_or(Value::Null);
    let error = stored_json(row.text(), "error")?;
    let (created, updated) = (row.integer(), row.integer());
    let (source_type, source_id) = (row.text_or_empty(), row.text());
    let (_run_id, span_id, rationale, overrides) = (row.text(), row.text(), row.text(), row.text());
    let valid = row.integer();
    let metadata = stored_json(row.text(), "assessment_metadata")?;
    let mut object = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(key.to_owned(), value);
        }
    };
    set("assessment_id", Some(id.into()));
    set("assessment_name", Some(name.into()));
    set("trace_id", Some(trace_id.into()));
    set("span_id", span_id.map(Value::from));
    set("source", Some(source(&source_type, source_id)));
    set("create_time", created.map(|ms| rfc3339_utc(ms).into()));
    set("last_update_time", updated.map(|ms| rfc3339_utc(ms).into()));
    let body = match kind.as_str() {
        "feedback" => feedback(value, error),
        "expectation" => expectation(&value),
        "issue" => json!({"issue_name": value.get("issue_name").cloned().unwrap_or_default()}),
        other => return Err(format!("its type is {other:?}")),
    };
    if kind != "issue" {
        set(&kind, Some(body.clone()));
    }
    set("rationale", rationale.map(Value::from));
    set("metadata", metadata.and_then(texts));
    set("overrides", overrides.filter(|id| !id.is_empty()).map(Value::from));
    set("valid", valid.map(|valid| Value::from(valid != 0)));
    if kind == "issue" {
        set(&kind, Some(body));
    }
    Ok(Assessment::new(object))
}

/// As Python writes JSON.
fn stored_json(text: Option<String>, column: &str) -> Result<Option<Value>, String> {
    let read = |text: String| read_json(text.as_bytes()).map_err(|error| format!("its {column} is no JSON: {error}"));
    Ok(text.map(read).transpose()?.filter(|value: &Value| column == "value" || !value.is_null()))
}

fn source(source_type: &str, source_id: Option<String>) -> Value {
    let mut source = Map::new();
    source.insert("source_type".to_owned(), source_type.into());
    source.extend(source_id.map(|id| ("source_id".to_owned(), id.into())));
    Value::Object(source)
}

/// Without an error there is none, also not one that is empty.
fn feedback(value: Value, error: Option<Value>) -> Value {
    let mut body = Map::new();
    body.insert("value".to_owned(), value);
    if let Some(Value::Object(mut error)) = error {
        error.retain(|key, value| key == "error_code" || value.as_str() != Some("") && !value.is_null());
        body.insert("error".to_owned(), Value::Object(error));
    }
    Value::Object(body)
}

/// Lists and objects are written as JSON text.
fn expectation(value: &Value) -> Value {
    if value.is_array() || value.is_object() {
        let text = dumps(value, NonAscii::Escaped);
        return json!({"serialized_value": {"serialization_format": "JSON_FORMAT", "value": text}});
    }
    json!({"value": value})
}

/// Metadata are texts; of anything else Python's way to write it.
fn texts(metadata: Value) -> Option<Value> {
    let Value::Object(mut metadata) = metadata else { return None };
    for value in metadata.values_mut() {
        let text = match &*value {
            Value::String(_) => continue,
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Null => "None".to_owned(),
            other => dumps(other, NonAscii::Verbatim),
        };
        *value = text.into();
    }
    (!metadata.is_empty()).then_some(Value::Object(metadata))
}
