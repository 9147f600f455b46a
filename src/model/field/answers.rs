//! What a trace answers to the fields whose answers are put together.

use serde_json::Value;

use crate::model::{Assessment, AssessmentKind, Failure, Span, Trace, TraceInfo, keys, origins};

/// Where applications say which version they are, the most telling first; whether as a tag.
const VERSION: [(&str, bool); 4] =
    [("app_version", true), ("app_version", false), ("mlflow.modelId", false), ("mlflow.source.git.commit", false)];

/// The key that tells the version, and whether it is that of a tag.
pub(in crate::model) fn version_key(info: &TraceInfo) -> Option<(&'static str, bool)> {
    let at = |key: &str, is_tag: bool| if is_tag { info.tags.get(key) } else { info.metadata.get(key) };
    VERSION.into_iter().find(|(key, is_tag)| at(key, *is_tag).is_some_and(|value| !value.is_empty()))
}

pub(super) fn version(info: &TraceInfo) -> Option<&str> {
    let (key, is_tag) = version_key(info)?;
    if is_tag { info.tags.get(key) } else { info.metadata.get(key) }.map(String::as_str)
}

/// The failure that ended first, which others may have followed from.
pub(super) fn first_error(trace: &Trace) -> Option<(&Span, Failure)> {
    origins(trace.spans()).into_iter().next()
}

pub(super) fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

/// The prompt versions that the tag `mlflow.linkedPrompts` names, each as `name/version`.
#[must_use]
pub fn linked_prompts(trace: &Trace) -> Vec<Value> {
    let Some(text) = trace.info.tags.get(keys::LINKED_PROMPTS) else { return Vec::new() };
    let Ok(Value::Array(prompts)) = serde_json::from_str(text) else { return Vec::new() };
    let part = |prompt: &Value, key: &str| match prompt.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    prompts.iter().map(|prompt| Value::from(format!("{}/{}", part(prompt, "name"), part(prompt, "version")))).collect()
}

/// The names of the valid assessments of a kind, or of all kinds, each once.
pub(super) fn assessment_names(assessments: &[Assessment], kind: Option<AssessmentKind>) -> Vec<Value> {
    let of_kind = |assessment: &&Assessment| assessment.is_valid() && kind.is_none_or(|kind| kind == assessment.kind());
    let mut names: Vec<&str> = assessments.iter().filter(of_kind).map(Assessment::name).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(Value::from).collect()
}

pub(super) fn assessment_values(assessments: &[Assessment], kind: AssessmentKind, name: &str) -> Vec<Value> {
    assessments
        .iter()
        .filter(|assessment| assessment.kind() == kind && assessment.name() == name && assessment.is_valid())
        .map(Assessment::value)
        .collect()
}

/// What the valid assessments say about those who made them, each answer once.
pub(super) fn sources(assessments: &[Assessment], source: fn(&Assessment) -> Option<&str>) -> Vec<Value> {
    let mut found: Vec<&str> = assessments.iter().filter(|one| one.is_valid()).filter_map(source).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Value::from).collect()
}

/// A count without a needless fraction.
#[allow(clippy::cast_possible_truncation)] // Guarded: the value is whole and far below 2^63.
pub(super) fn number(number: Option<f64>) -> Value {
    match number {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
        Some(fraction) => Value::from(fraction),
        None => Value::Null,
    }
}

pub(super) fn one_or_list(mut values: Vec<Value>) -> Value {
    match values.len() {
        0 => Value::Null,
        1 => values.remove(0),
        _ => Value::Array(values),
    }
}
