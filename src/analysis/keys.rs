//! Which keys there are in many traces, how often, and with which values: all of them, and exactly.
//!
//! Of a value that was seen once only a hash is kept, so that keys with a value of its own in every trace cost little; the
//! text of one that comes again is kept from then on.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::stats::model;
use crate::model::field::{Field, FieldPlace, SpanField, linked_prompts};
use crate::model::{Span, Trace, keys};

/// What is known about a key.
#[derive(Clone, Debug, Default)]
pub struct KeyUse {
    /// How many traces have it.
    pub traces: u64,
    /// How often it occurs: in several spans of a trace, or in several assessments.
    pub times: u64,
    /// The first value.
    pub example: String,
    seen: HashMap<u64, u64>,
    texts: HashMap<u64, String>,
}

/// Keys, while traces are read.
#[derive(Clone, Debug, Default)]
pub struct KeyCatalog {
    keys: BTreeMap<(usize, String), KeyUse>,
    /// Traces that were read.
    pub traces: u64,
}

/// Characters of a value that are kept.
const KEPT: usize = 200;

/// Kinds of keys in the order in which they are listed.
const TAGS: usize = 0;
const METADATA: usize = 1;
const ASSESSMENTS: usize = 2;
const SPANS: usize = 3;
const ATTRIBUTES: usize = 4;

impl KeyUse {
    fn add(&mut self, value: &str) {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let hash = hasher.finish();
        let kept = || value.chars().take(KEPT).collect::<String>();
        if self.times == 0 {
            self.example = kept();
        }
        self.times += 1;
        let times = self.seen.entry(hash).or_default();
        *times += 1;
        if *times == 2 {
            self.texts.insert(hash, kept());
        }
    }

    /// How many different values.
    #[must_use]
    pub fn values(&self) -> u64 {
        self.seen.len() as u64
    }

    /// The values that come most often, at least twice, with how often.
    #[must_use]
    pub fn commonest(&self, most: usize) -> Vec<(&str, u64)> {
        let times = |hash: &u64| self.seen.get(hash).copied().unwrap_or(0);
        let mut all: Vec<(&str, u64)> = self.texts.iter().map(|(hash, text)| (text.as_str(), times(hash))).collect();
        all.sort_by(|(one, times), (other, of_other)| of_other.cmp(times).then_with(|| one.cmp(other)));
        all.truncate(most);
        all
    }
}

impl KeyCatalog {
    /// One more trace; of its spans, what is at hand.
    pub fn add(&mut self, trace: &Trace) {
        self.traces += 1;
        for (key, values) in keys_of(trace) {
            let known = self.keys.entry(key).or_default();
            known.traces += 1;
            for value in &values {
                known.add(value);
            }
        }
    }

    /// The keys in order, each with what is known about it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &KeyUse)> {
        self.keys.iter().map(|((_, name), key)| (name.as_str(), key))
    }
}

/// The keys of a trace, each with its values, by kind and name; of its spans, what is at hand.
pub(super) fn keys_of(trace: &Trace) -> BTreeMap<(usize, String), Vec<String>> {
    let mut of_trace: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    let mut note = |kind: usize, field: &Field, value: String| {
        of_trace.entry((kind, field.column_name().into_owned())).or_default().push(value);
    };
    for prompt in linked_prompts(trace) {
        note(TAGS, &Field::Prompt, text(prompt));
    }
    for (key, value) in trace.info.tags.iter().filter(|(key, _)| *key != keys::LINKED_PROMPTS) {
        note(TAGS, &Field::at(FieldPlace::Tag(key)).unwrap_or_else(|| Field::Tag(key.clone())), value.clone());
    }
    for (key, value) in &trace.info.metadata {
        let field = Field::at(FieldPlace::Metadata(key)).unwrap_or_else(|| Field::Metadata(key.clone()));
        note(METADATA, &field, value.clone());
    }
    for assessment in trace.info.assessments.iter().filter(|one| one.is_valid()) {
        let field = match assessment.kind() {
            crate::model::AssessmentKind::Feedback => Field::Feedback(assessment.name().to_owned()),
            crate::model::AssessmentKind::Expectation => Field::Expectation(assessment.name().to_owned()),
            crate::model::AssessmentKind::Issue => Field::Issue,
        };
        let value = if field == Field::Issue { Value::from(assessment.name()) } else { assessment.value() };
        note(ASSESSMENTS, &field, text(value));
    }
    for span in trace.spans() {
        note_span(span, &mut of_trace);
    }
    of_trace
}

fn note_span(span: &Span, noted: &mut BTreeMap<(usize, String), Vec<String>>) {
    let mut note = |kind: usize, name: String, value: String| noted.entry((kind, name)).or_default().push(value);
    note(SPANS, "span.name".into(), span.name.clone());
    if let Some(kind) = span.span_type() {
        note(SPANS, "span.type".into(), kind);
    }
    if let Some(model) = model(span) {
        note(SPANS, "model".into(), model);
    }
    for key in span.attributes.keys() {
        let value = span.attribute(key).map(text).unwrap_or_default();
        note(ATTRIBUTES, Field::Span(SpanField::Value(key.clone())).column_name().into_owned(), value);
    }
}

/// A text as it is, other values as JSON.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_key_is_counted_with_its_values() {
        let mut catalog = KeyCatalog::default();
        for number in 0..300 {
            let trace = json!({"info": {"trace_id": format!("tr-{number}"), "request_time": "2026-11-22T08:00:00Z", "state": "OK",
                "tags": {"mlflow.traceName": "agent", "id": number.to_string(), "team": if number % 3 == 0 { "a" } else { "b" }},
                "assessments": [{"assessment_name": "ok", "feedback": {"value": true}},
                                {"assessment_name": "ok", "feedback": {"value": true}, "valid": false}]}, "data": {}});
            catalog.add(&Trace::from_json(trace).unwrap());
        }
        let told: BTreeMap<&str, &KeyUse> = catalog.iter().collect();
        let names: Vec<&str> = told.keys().copied().collect();
        assert_eq!(names, ["feedback.ok", "name", "tags.id", "tags.team"]);
        assert_eq!((told["tags.id"].values(), told["tags.id"].commonest(3)), (300, vec![]));
        assert_eq!(
            (told["tags.id"].example.as_str(), told["tags.id"].texts.len()),
            ("0", 0),
            "what is unique is not kept"
        );
        assert_eq!(told["tags.team"].commonest(1), [("b", 200)]);
        assert_eq!((told["feedback.ok"].times, told["feedback.ok"].commonest(3)), (300, vec![("true", 300)]));
    }
}
