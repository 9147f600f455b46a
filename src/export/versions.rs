//! Whether traces are still as they were when they were exported: a few bytes of each are remembered.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::model::{TraceId, TraceInfo};

/// Digests of the infos of traces, by digests of their ids.
#[derive(Debug, Default)]
pub struct Versions(HashMap<u64, u64>);

impl Versions {
    /// Remembers how a trace is exported. Of one that is exported twice the first time counts.
    pub fn note(&mut self, info: &TraceInfo) {
        self.0.entry(digest_of_id(&info.trace_id)).or_insert_with(|| digest(info));
    }

    /// Whether a trace was exported and has other tags, metadata, assessments or states now. The order in which they are told
    /// makes no difference.
    #[must_use]
    pub fn differ(&self, info: &TraceInfo) -> bool {
        self.0.get(&digest_of_id(&info.trace_id)).is_some_and(|known| *known != digest(info))
    }
}

fn digest_of_id(id: &TraceId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fn digest(info: &TraceInfo) -> u64 {
    // What was read from JSON can be written as JSON.
    serde_json::to_value(info).map_or(0, |value| unordered(&value))
}

/// The digest of a value in which objects and lists have no order.
fn unordered(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let mut hasher = DefaultHasher::new();
                (key, unordered(value)).hash(&mut hasher);
                hasher.finish()
            };
            (0, members.iter().map(member).fold(0, u64::wrapping_add)).hash(&mut hasher);
        }
        Value::Array(items) => (1, items.iter().map(unordered).fold(0, u64::wrapping_add)).hash(&mut hasher),
        other => (2, other.to_string()).hash(&mut hasher),
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn info(tags: &Value, assessments: &Value) -> TraceInfo {
        let info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK", "tags": tags, "assessments": assessments});
        serde_json::from_value(info).unwrap()
    }

    #[test]
    fn what_somebody_adds_changes_or_takes_away_is_seen_and_order_is_not() {
        let given = |id: &str| json!({"assessment_id": id, "assessment_name": "good", "feedback": {"value": true}});
        let tags = json!({"a": "1", "b": "2"});
        let mut versions = Versions::default();
        versions.note(&info(&tags, &json!([given("a-1"), given("a-2")])));
        versions.note(&info(&json!({}), &json!([])));
        assert!(!versions.differ(&info(&tags, &json!([given("a-1"), given("a-2")]))));
        assert!(!versions.differ(&info(&json!({"b": "2", "a": "1"}), &json!([given("a-2"), given("a-1")]))));
        for other in [json!({"a": "1"}), json!({"a": "2", "b": "1"}), json!({"a": "1", "b": "2", "c": ""})] {
            assert!(versions.differ(&info(&other, &json!([given("a-1"), given("a-2")]))), "{other}");
        }
        assert!(versions.differ(&info(&tags, &json!([given("a-1")]))));
        let other = TraceInfo { trace_id: "tr-2".into(), ..info(&tags, &json!([])) };
        assert!(!versions.differ(&other), "nobody exported it");
    }
}
