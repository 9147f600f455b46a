//! What users and models said, as opposed to how long it took, what it cost and how it ended.

use serde_json::{Map, Value};

use crate::model::{Assessment, Span, Trace, keys};

/// Metadata that repeats the inputs and outputs of the root span.
const CONTENT_METADATA: &[&str] = &["mlflow.traceInputs", "mlflow.traceOutputs"];

/// Span attributes that tell of types, models, usage and cost; every other one may hold content.
const PLAIN_ATTRIBUTES: &[&str] = &[
    keys::REQUEST_ID,
    keys::SPAN_TYPE,
    keys::CHAT_TOKEN_USAGE,
    "mlflow.llm.model",
    "mlflow.llm.provider",
    "mlflow.llm.cost",
    "mlflow.message.format",
    "mlflow.spanFunctionName",
    "mlflow.spanLogLevel",
    "mlflow.experimentId",
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.system",
    "gen_ai.request.model",
    "gen_ai.response.model",
    "gen_ai.request.temperature",
    "gen_ai.request.top_p",
    "gen_ai.request.max_tokens",
    "gen_ai.response.finish_reasons",
    "openinference.span.kind",
    "llm.model_name",
    "llm.provider",
    "llm.system",
    "embedding.model_name",
    "traceloop.span.kind",
];
/// The same, for families of attributes.
const PLAIN_PREFIXES: &[&str] = &["gen_ai.usage.", "llm.token_count.", "llm.usage.", "llm.cost."];

/// Drops it all and returns how many values went.
pub fn drop_content(trace: &mut Trace) -> u64 {
    let info = &mut trace.info;
    let mut dropped = u64::from(info.request_preview.take().is_some());
    dropped += u64::from(info.response_preview.take().is_some());
    for key in CONTENT_METADATA {
        dropped += u64::from(info.metadata.remove(*key).is_some());
    }
    for assessment in &mut info.assessments {
        dropped += drop_of_assessment(assessment);
    }
    dropped + trace.spans.iter_mut().flatten().map(drop_of_span).sum::<u64>()
}

fn drop_of_span(span: &mut Span) -> u64 {
    let before = span.attributes.len();
    span.attributes.retain(|key, _| is_plain(key));
    let mut dropped = (before - span.attributes.len()) as u64;
    for event in &mut span.events {
        dropped += event.attributes.len() as u64;
        event.attributes = Map::new();
    }
    for attributes in span.links.iter_mut().filter_map(|link| link.get_mut("attributes")) {
        dropped += u64::from(!attributes.is_null());
        *attributes = Value::Null;
    }
    if !span.status.message.is_empty() {
        span.status.message.clear();
        dropped += 1;
    }
    dropped
}

fn is_plain(key: &str) -> bool {
    PLAIN_ATTRIBUTES.contains(&key) || PLAIN_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// The reasons, what was expected, and what a failed judge said; the judgement itself stays.
fn drop_of_assessment(assessment: &mut Assessment) -> u64 {
    let mut object = assessment.as_object().clone();
    let mut dropped = u64::from(object.remove("rationale").is_some());
    if let Some(expectation) = object.get_mut("expectation").and_then(Value::as_object_mut) {
        dropped += expectation.len() as u64;
        *expectation = Map::from_iter([("value".to_owned(), Value::Null)]);
    }
    if let Some(error) = object.get_mut("feedback").and_then(|feedback| feedback.get_mut("error"))
        && let Some(error) = error.as_object_mut()
    {
        dropped +=
            u64::from(error.remove("error_message").is_some()) + u64::from(error.remove("stack_trace").is_some());
    }
    if dropped > 0 {
        *assessment = Assessment::new(object);
    }
    dropped
}
