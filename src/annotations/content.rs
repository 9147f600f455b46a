//! What makes two assessments the same: what they say, and on what. From it follow their ids.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::row::{Row, RowPlace};
use crate::model::{Assessment, AssessmentId, TraceId, hex};

/// The value as the server keeps it: every number a float.
fn stored(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        Value::Array(items) => items.iter().map(stored).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), stored(value))).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// The same text for the same JSON: keys sorted, numbers as floats.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let mut entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        scalar => stored(scalar).to_string(),
    }
}

/// SHA-256 over parts that cannot run into each other.
struct Hash(Sha256);

impl Hash {
    fn new(purpose: &str) -> Self {
        Self(Sha256::new()).part(purpose)
    }

    fn part(mut self, part: &str) -> Self {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
        self
    }

    fn parts<'a>(self, parts: impl IntoIterator<Item = &'a str>) -> Self {
        parts.into_iter().fold(self, Self::part)
    }

    /// How many hex digits of it are used.
    fn hex(self, digits: usize) -> String {
        let mut text = hex(&self.0.finalize());
        text.truncate(digits);
        text
    }
}

/// What a row says about its trace.
fn said(hash: Hash, row: &Row) -> Hash {
    let hash = hash.parts([row.kind.as_str(), &row.name, row.source_type, &row.source_id]);
    let hash = hash.parts([row.span_id.as_deref().unwrap_or(""), &canonical(&row.value)]);
    let hash = hash.part(row.rationale.as_deref().unwrap_or(""));
    row.metadata.iter().fold(hash, |hash, (key, value)| hash.parts([key.as_str(), value.as_str()]))
}

/// The id of what a row says about a trace: `a-` and 32 hex digits.
pub(super) fn derived_id(row: &Row, trace: &TraceId) -> AssessmentId {
    let hash = said(Hash::new("assessment of a row").part(trace.as_str()), row);
    AssessmentId::new(format!("a-{}", hash.hex(32)))
}

/// The id of what a row says in the place of an assessment that it was exported from.
pub(super) fn edited_id(row: &Row, trace: &TraceId, old: &AssessmentId) -> AssessmentId {
    let hash = said(Hash::new("edited row").parts([trace.as_str(), old.as_str()]), row);
    AssessmentId::new(format!("a-{}", hash.hex(32)))
}

/// 16 hex digits that tell whether a row is the one that it was in another run.
pub(super) fn fingerprint(row: &Row) -> String {
    let place = match &row.place {
        RowPlace::Trace(id) => ["trace", id.as_str()],
        RowPlace::Request(id) => ["request", id.as_str()],
    };
    let ids = [&row.id, &row.overrides].map(|id| id.as_ref().map_or("", AssessmentId::as_str));
    said(Hash::new("row").parts(place).parts(ids), row).hex(16)
}

/// Whether an assessment of the row's trace says what the row says, by the same source and on the same span.
pub(super) fn says_the_same(row: &Row, there: &Assessment) -> bool {
    is_rival(row, there)
        && there.error().is_none()
        && stored(&there.value()) == stored(&row.value)
        && there.rationale().unwrap_or("") == row.rationale.as_deref().unwrap_or("")
        && row.metadata.iter().all(|(key, value)| there.metadata(key) == Some(value))
}

/// Whether an assessment has the name, source and span of the row: the two speak about the same.
pub(super) fn is_rival(row: &Row, there: &Assessment) -> bool {
    there.kind() == row.kind
        && there.name() == row.name
        && there.source_type().unwrap_or("SOURCE_TYPE_UNSPECIFIED") == row.source_type
        && there.source_id().unwrap_or("") == row.source_id
        && there.span_id() == row.span_id.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::row;
    use serde_json::json;

    #[test]
    fn the_id_follows_from_what_is_said() {
        let trace = TraceId::new("tr-1");
        let id = |row: &Row| derived_id(row, &trace).to_string();
        let first = id(&row(json!(4)));
        assert!(first.len() == 34 && first.starts_with("a-"), "{first}");
        assert_eq!(first, id(&row(json!(4.0))), "the server keeps both as one number");
        assert_eq!(id(&row(json!({"a": 1, "b": [2]}))), id(&row(json!({"b": [2.0], "a": 1.0}))));
        let mut others = [row(json!(5)), row(json!("4")), row(json!(4)), row(json!(4)), row(json!(4)), row(json!(4))];
        others[2].rationale = Some("why".into());
        others[3].source_id = "bob".into();
        others[4].span_id = Some("47699324c8521bc4".into());
        others[5].metadata.insert("k".into(), "v".into());
        let mut ids: Vec<String> = others.iter().map(id).collect();
        ids.push(first.clone());
        ids.push(derived_id(&row(json!(4)), &TraceId::new("tr-2")).to_string());
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 8);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let hex = |parts: [&str; 2]| Hash::new("").parts(parts).hex(64);
        assert_ne!(hex(["ab", "c"]), hex(["a", "bc"]));
        assert_eq!(hex(["a", "b"]).len(), 64);
    }

    #[test]
    fn the_server_s_floats_are_the_same_values() {
        let there = row(json!({"n": [1, 2]})).assessment(&AssessmentId::new("a-1"), None, "2026-11-22T08:00:00Z");
        assert!(says_the_same(&row(json!({"n": [1.0, 2.0]})), &there));
        assert!(!says_the_same(&row(json!({"n": [1.0, 3.0]})), &there));
        let mut other = row(json!({"n": [1, 2]}));
        other.rationale = Some("x".into());
        assert!(!says_the_same(&other, &there) && is_rival(&other, &there));
    }
}
