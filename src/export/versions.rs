//! Whether traces are still as they were when they were exported: a few bytes of each are remembered.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;
use serde_json::Value;
use sha2::Digest;

use crate::model::{Trace, TraceId, TraceInfo, hex};

/// Digests of traces, by digests of their ids: 24 bytes each.
#[derive(Debug, Default)]
pub struct Versions(HashMap<u64, Version>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    info: u64,
    /// Of spans that were read.
    spans: Option<u64>,
}

impl Versions {
    /// Remembers how a trace is exported. Of one that is exported twice the first time counts.
    pub fn note(&mut self, trace: &Trace) {
        self.0.entry(digest_of_id(&trace.info.trace_id)).or_insert_with(|| Version::of(trace));
    }

    /// Whether a trace was exported.
    #[must_use]
    pub fn hold(&self, id: &TraceId) -> bool {
        self.0.contains_key(&digest_of_id(id))
    }

    /// Whether a trace was exported and has other tags, metadata, assessments or states now. The order in which they are told
    /// makes no difference.
    #[must_use]
    pub fn differ_in_info(&self, info: &TraceInfo) -> bool {
        self.0.get(&digest_of_id(&info.trace_id)).is_some_and(|known| known.info != digest(info))
    }

    /// The same of a trace with its spans: whether it has others now, or other content in them.
    #[must_use]
    pub fn differ(&self, trace: &Trace) -> bool {
        self.0.get(&digest_of_id(&trace.info.trace_id)).is_some_and(|known| *known != Version::of(trace))
    }
}

impl Version {
    fn of(trace: &Trace) -> Self {
        Self { info: digest(&trace.info), spans: trace.spans.as_ref().map(digest) }
    }
}

/// What a trace looks like, for whoever remembers it beyond this run.
#[must_use]
pub fn lasting_digest(info: &TraceInfo) -> String {
    let mut assessments: Vec<String> =
        info.assessments.iter().map(|given| serde_json::to_string(given).unwrap_or_default()).collect();
    assessments.sort();
    let told = serde_json::json!([info.state.as_str(), info.tags, info.metadata, assessments]);
    let hash = sha2::Sha256::digest(told.to_string());
    hex(&hash[..8])
}

fn digest_of_id(id: &TraceId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fn digest(told: &impl Serialize) -> u64 {
    // What was read from JSON can be written as JSON.
    serde_json::to_value(told).map_or(0, |value| unordered(&value))
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

    fn span(id: &str, inputs: &str) -> Value {
        json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "name": "s", "start_time_unix_nano": 1,
            "attributes": {"mlflow.spanInputs": format!("{inputs:?}"), "other": "1"}})
    }

    fn trace(info: TraceInfo, spans: &[Value]) -> Trace {
        let spans = spans.iter().map(|span| crate::model::Span::from_json(span).unwrap()).collect();
        Trace { info, spans: Some(spans) }
    }

    #[test]
    fn what_somebody_adds_changes_or_takes_away_is_seen_and_order_is_not() {
        let given = |id: &str| json!({"assessment_id": id, "assessment_name": "good", "feedback": {"value": true}});
        let tags = json!({"a": "1", "b": "2"});
        let mut versions = Versions::default();
        versions.note(&trace(info(&tags, &json!([given("a-1"), given("a-2")])), &[]));
        versions.note(&trace(info(&json!({}), &json!([])), &[]));
        assert!(!versions.differ_in_info(&info(&tags, &json!([given("a-1"), given("a-2")]))));
        assert!(!versions.differ_in_info(&info(&json!({"b": "2", "a": "1"}), &json!([given("a-2"), given("a-1")]))));
        for other in [json!({"a": "1"}), json!({"a": "2", "b": "1"}), json!({"a": "1", "b": "2", "c": ""})] {
            assert!(versions.differ_in_info(&info(&other, &json!([given("a-1"), given("a-2")]))), "{other}");
        }
        assert!(versions.differ_in_info(&info(&tags, &json!([given("a-1")]))));
        let other = TraceInfo { trace_id: "tr-2".into(), ..info(&tags, &json!([])) };
        assert!(!versions.differ_in_info(&other) && !versions.hold(&other.trace_id), "nobody exported it");
    }

    #[test]
    fn a_span_that_came_later_or_is_another_one_is_seen_and_order_is_not() {
        let (one, two) = (span("AAAAAAAAAAE=", "a"), span("AAAAAAAAAAI=", "b"));
        let of = |spans: &[Value]| trace(info(&json!({}), &json!([])), spans);
        let mut versions = Versions::default();
        versions.note(&of(&[one.clone(), two.clone()]));
        assert!(
            !versions.differ(&of(&[one.clone(), two.clone()])) && !versions.differ(&of(&[two.clone(), one.clone()]))
        );
        let late = span("AAAAAAAAAAM=", "c");
        for spans in [vec![], vec![one.clone()], vec![one.clone(), two, late], vec![one, span("AAAAAAAAAAI=", "B")]] {
            assert!(versions.differ(&of(&spans)), "{spans:?}");
        }
        assert!(versions.differ(&Trace::without_spans(info(&json!({}), &json!([])))), "nobody looked at its spans");
    }
}
