//! Records of evaluation datasets: what a trace becomes in one, and which records a dataset lacks.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::model::{AssessmentKind, Trace, keys};

/// The record that `EvaluationDataset.merge_records` (MLflow 3.17) makes of a trace: inputs and outputs of the root span, valid
/// expectations, and where it comes from; and the tags that people gave it. Inputs that are no object, which MLflow refuses, stand
/// under the name `input`. Nothing of a trace whose root span has no inputs.
#[must_use]
pub fn eval_record(trace: &Trace) -> Option<Value> {
    let root = trace.spans().iter().find(|span| span.parent_span_id.is_none())?;
    let inputs = match root.attribute(keys::SPAN_INPUTS)? {
        Value::Null => return None,
        inputs @ Value::Object(_) => inputs,
        other => json!({"input": other}),
    };
    let info = &trace.info;
    let expected = info.assessments.iter().filter(|one| one.is_valid() && one.kind() == AssessmentKind::Expectation);
    let expectations: Map<String, Value> = expected.map(|one| (one.name().to_owned(), one.value())).collect();
    let mut source = json!({"trace_id": info.trace_id});
    if let Some(session) = info.metadata.get(keys::SESSION) {
        source["session_id"] = session.as_str().into();
    }
    let mut record = json!({
        "inputs": inputs,
        "outputs": root.attribute(keys::SPAN_OUTPUTS),
        "expectations": expectations,
        "source": {"source_type": "TRACE", "source_data": source},
    });
    let tags = info.tags.iter().filter(|(key, _)| !key.starts_with("mlflow."));
    let tags: Map<String, Value> = tags.map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    if !tags.is_empty() {
        record["tags"] = Value::Object(tags);
    }
    Some(record)
}

/// Records to add, one for each inputs: of several traces with the same, the newest gives the outputs, and expectations and
/// tags of all are joined, those of newer traces first.
#[derive(Default)]
pub struct Records {
    dated: Vec<(i64, Value)>,
    places: HashMap<String, usize>,
    /// Traces that became records.
    pub traces: u64,
    /// Traces that have no inputs.
    pub without_inputs: u64,
}

/// Records of a dataset, held against those that were to be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// How many have the inputs of one of them.
    pub there: u64,
    /// How many of these also have its outputs, expectations and tags.
    pub equal: u64,
}

impl Records {
    /// Takes a trace with its spans.
    pub fn add(&mut self, trace: &Trace) {
        let Some(record) = eval_record(trace) else {
            self.without_inputs += 1;
            return;
        };
        self.traces += 1;
        let time_ms = trace.info.request_time_ms;
        let at = *self.places.entry(sorted(&record["inputs"])).or_insert(self.dated.len());
        let Some((there_ms, there)) = self.dated.get_mut(at) else {
            self.dated.push((time_ms, record));
            return;
        };
        let (newer, older) = if time_ms > *there_ms { (record, there.take()) } else { (there.take(), record) };
        *there_ms = time_ms.max(*there_ms);
        *there = joined(newer, older);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dated.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dated.is_empty()
    }

    /// The records, in the order in which they came.
    pub fn all(&self) -> impl Iterator<Item = &Value> {
        self.dated.iter().map(|(_, record)| record)
    }

    /// Counts a record of a dataset.
    pub fn compare(&self, present: &mut Present, stored: &Value) {
        let Some((_, wanted)) = self.places.get(&sorted(&stored["inputs"])).and_then(|at| self.dated.get(*at)) else {
            return;
        };
        present.there += 1;
        let has = |key: &str| {
            let wanted = wanted[key].as_object().into_iter().flatten();
            wanted.into_iter().all(|(name, value)| stored[key].get(name).is_some_and(|stored| stored == value))
        };
        present.equal += u64::from(stored["outputs"] == wanted["outputs"] && has("expectations") && has("tags"));
    }
}

/// One record of two with the same inputs.
fn joined(mut newer: Value, mut older: Value) -> Value {
    for key in ["expectations", "tags"] {
        let Some(Value::Object(older)) = older.get_mut(key).map(Value::take) else { continue };
        match newer[key].as_object_mut() {
            Some(newer) => older.into_iter().for_each(|(name, value)| {
                newer.entry(name).or_insert(value);
            }),
            None => newer[key] = Value::Object(older),
        }
    }
    newer
}

/// JSON that is the same text for the same value.
fn sorted(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(inputs: &Value, outputs: &str, expectations: &Value) -> Value {
        json!({"inputs": inputs, "outputs": outputs, "expectations": expectations})
    }

    #[test]
    fn records_are_found_again_whatever_the_order_of_their_inputs() {
        let mut records = Records::default();
        records.dated.push((1, record(&json!({"a": 1, "b": {"c": 2, "d": 3}}), "x", &json!({"e": "f"}))));
        records.places.insert(sorted(&json!({"a": 1, "b": {"c": 2, "d": 3}})), 0);
        let mut present = Present::default();
        records
            .compare(&mut present, &record(&json!({"b": {"d": 3, "c": 2}, "a": 1}), "x", &json!({"e": "f", "g": 1})));
        assert_eq!(present, Present { there: 1, equal: 1 });
        records.compare(&mut present, &record(&json!({"b": {"d": 3, "c": 2}, "a": 1}), "x", &json!({"g": 1})));
        records.compare(&mut present, &record(&json!({"a": 1}), "x", &json!({"e": "f"})));
        assert_eq!(present, Present { there: 2, equal: 1 });
    }

    #[test]
    fn of_two_records_with_the_same_inputs_the_newer_one_is_added_to() {
        let newer = record(&json!({}), "new", &json!({"e": "new"}));
        let older = json!({"inputs": {}, "outputs": "old", "expectations": {"e": "old", "f": 1}, "tags": {"t": "u"}});
        let both = joined(newer, older);
        assert_eq!(both["outputs"], "new");
        assert_eq!((&both["expectations"], &both["tags"]), (&json!({"e": "new", "f": 1}), &json!({"t": "u"})));
    }
}
