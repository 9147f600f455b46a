//! Where a span has what was sent and answered: the attributes and events of `MLflow`, OpenTelemetry, `OpenInference`,
//! Traceloop, Vercel and others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answers::{Answer, read_answer};
use super::inputs::{Read, read_all, read_inputs, system_of};
use super::message::{Message, field};
use super::parts::add_content;
use super::shapes::{joined, read_list, read_message};
use super::stream;
use crate::model::{Span, SpanEvent, keys, read_json};

/// Attributes with whole inputs, by whose convention: MLflow's first.
const INPUTS: &[&str] = &[
    keys::SPAN_INPUTS,
    "gen_ai.input.messages",
    "ai.prompt.messages",
    "ai.prompt",
    "input.value",
    "traceloop.entity.input",
    "gcp.vertex.agent.llm_request",
    "langfuse.observation.input",
    "llm.messages",
    "agent.messages",
    "gen_ai.prompt",
];
const OUTPUTS: &[&str] = &[
    keys::SPAN_OUTPUTS,
    "gen_ai.output.messages",
    "output.value",
    "traceloop.entity.output",
    "gcp.vertex.agent.llm_response",
    "langfuse.observation.output",
    "gen_ai.completion",
];
/// Lists whose items have an attribute each.
const FLAT_INPUTS: &[&str] = &["llm.input_messages.", "gen_ai.prompt."];
const FLAT_OUTPUTS: &[&str] = &["llm.output_messages.", "gen_ai.completion."];

/// What was sent: of the places that tell it, the one that tells most.
pub(super) fn inputs_of(span: &Span) -> Option<Read> {
    let whole = INPUTS.iter().filter_map(|key| read_inputs(&span.attribute(key)?));
    let own = own_keys(span, ".llm.input").filter_map(|value| read_inputs(&value));
    let flat = FLAT_INPUTS.iter().filter_map(|prefix| read_all(read_list(&unflattened(span, prefix)?)?));
    let told = events_as_messages(&span.events).and_then(|(sent, _)| read_all(sent));
    let mut best: Option<Read> = None;
    for read in whole.chain(own).chain(flat).chain(told) {
        let weight = |read: &Read| (read.is_certain, read.messages.len());
        if best.as_ref().is_none_or(|best| weight(&read) > weight(best)) {
            best = Some(read);
        }
    }
    best.map(|read| with_system(span, read))
}

fn with_system(span: &Span, mut read: Read) -> Read {
    let told = ["gen_ai.system_instructions", "instructions"].iter().find_map(|key| span.attribute(key));
    if let Some(system) = told.as_ref().and_then(system_of).filter(|_| !read.messages.iter().any(Message::is_system)) {
        read.messages.insert(0, system);
    }
    read
}

/// Values of attributes whose names end like this: components within agents of Haystack.
fn own_keys<'s>(span: &'s Span, end: &'static str) -> impl Iterator<Item = Value> + 's {
    span.attributes.keys().filter(move |key| key.ends_with(end)).filter_map(|key| span.attribute(key))
}

/// What was answered: the first place that tells messages, else the first that tells anything.
pub(super) fn answer_of(span: &Span) -> Answer {
    let recorded = recorded(span);
    let rebuilt = stream::of_events(&span.events);
    match (recorded, rebuilt) {
        (Answer::Told(read), Some(rebuilt)) if is_fuller(&rebuilt, &read.messages) => {
            Answer::Told(Read::certain(vec![rebuilt]))
        }
        (Answer::Told(read), _) => Answer::Told(read),
        (_, Some(rebuilt)) => Answer::Told(Read::certain(vec![rebuilt])),
        (other, None) => other,
    }
}

/// Whether the pieces tell what the whole has lost: calls, thoughts.
fn is_fuller(rebuilt: &Message, recorded: &[Message]) -> bool {
    let calls: usize = recorded.iter().map(|message| message.tool_calls.len()).sum();
    let has_thoughts = recorded.iter().any(|message| message.thinking.is_some());
    rebuilt.tool_calls.len() > calls || rebuilt.thinking.is_some() && !has_thoughts
}

fn recorded(span: &Span) -> Answer {
    let whole = OUTPUTS.iter().filter_map(|key| span.attribute(key)).map(|value| read_answer(&value));
    let own = own_keys(span, ".llm.output").map(|value| read_answer(&value));
    let flat = FLAT_OUTPUTS.iter().filter_map(|prefix| Some(read_answer(&unflattened(span, prefix)?)));
    let vercel = vercel(span).into_iter();
    let told = events_as_messages(&span.events).into_iter().filter(|(_, answer)| !answer.is_empty());
    let told = told.map(|(_, answer)| Answer::Told(Read::certain(joined(answer))));
    let all: Vec<Answer> = whole.chain(own).chain(flat).chain(vercel).chain(told).collect();
    let certain = all.iter().find(|answer| matches!(answer, Answer::Told(read) if read.is_certain));
    let any = || all.iter().find(|answer| matches!(answer, Answer::Told(_)));
    let last = || all.iter().find(|answer| matches!(answer, Answer::None));
    certain.or_else(any).or_else(last).cloned().unwrap_or(Answer::Unrecorded)
}

/// Vercel has an attribute for each piece of an answer.
fn vercel(span: &Span) -> Option<Answer> {
    let mut object = Map::new();
    for key in ["text", "toolCalls", "reasoning", "finishReason", "object"] {
        object.extend(span.attribute(&format!("ai.response.{key}")).map(|value| (key.to_owned(), value)));
    }
    (!object.is_empty()).then(|| read_answer(&Value::Object(object)))
}

/// Messages that are events of a span, as OpenTelemetry had them at first: what was sent, what was answered.
fn events_as_messages(events: &[SpanEvent]) -> Option<(Vec<Message>, Vec<Message>)> {
    let (mut sent, mut answered) = (Vec::new(), Vec::new());
    for event in events {
        match event.name.as_str() {
            "gen_ai.choice" => answered.extend(of_event("assistant", &event.attributes)),
            "gen_ai.content.prompt" | "gen_ai.client.inference.operation.details" => {
                let told = field(&event.attributes, &["gen_ai.prompt", "gen_ai.input.messages"]);
                sent.extend(told.and_then(read_inputs).map(|read| read.messages).unwrap_or_default());
                let told = field(&event.attributes, &["gen_ai.output.messages"]).map(read_answer);
                if let Some(Answer::Told(read)) = told {
                    answered.extend(read.messages);
                }
            }
            name => {
                let role = name.strip_prefix("gen_ai.").and_then(|name| name.strip_suffix(".message"));
                sent.extend(role.into_iter().flat_map(|role| of_event(role, &event.attributes)));
            }
        }
    }
    (!sent.is_empty() || !answered.is_empty()).then_some((sent, answered))
}

fn of_event(role: &str, attributes: &Map<String, Value>) -> Vec<Message> {
    let data = |value: &Value| {
        let text = value.as_str().filter(|text| text.starts_with(['[', '{']));
        text.and_then(|text| read_json(text.as_bytes()).ok()).unwrap_or_else(|| value.clone())
    };
    let content = field(attributes, &["content", "message", "gen_ai.event.content"]).map(data).unwrap_or_default();
    if content.get("role").is_some() {
        return read_message(&content);
    }
    let mut object: Map<String, Value> = attributes.iter().map(|(key, value)| (key.clone(), data(value))).collect();
    object.insert("role".to_owned(), role.into());
    match content {
        Value::Object(inner) if inner.contains_key("content") || inner.contains_key("tool_calls") => {
            object.extend(inner);
        }
        content => {
            object.insert("content".to_owned(), content);
        }
    }
    // What the tools answered afterwards is not the model's.
    object.remove("tool.result");
    object.insert("role".to_owned(), role.into());
    read_message(&Value::Object(object))
}

/// A list that was taken apart: `llm.input_messages.0.message.role` and so on.
pub(super) fn unflattened(span: &Span, prefix: &str) -> Option<Value> {
    let mut root = Node::default();
    for key in span.attributes.keys() {
        let Some(path) = key.strip_prefix(prefix).filter(|path| path.starts_with(|first: char| first.is_ascii_digit()))
        else {
            continue;
        };
        let mut node = &mut root;
        for step in path.split('.').take(12) {
            node = node.inner.entry(step.to_owned()).or_default();
        }
        node.value = span.attribute(key);
    }
    (!root.inner.is_empty()).then(|| root.into_value())
}

#[derive(Default)]
struct Node {
    inner: BTreeMap<String, Node>,
    value: Option<Value>,
}

impl Node {
    fn into_value(self) -> Value {
        if self.inner.is_empty() {
            return self.value.unwrap_or_default();
        }
        let number = |key: &String| key.parse::<usize>().ok();
        if self.inner.keys().all(|key| number(key).is_some()) {
            let mut items: Vec<(usize, Node)> =
                self.inner.into_iter().filter_map(|(key, node)| Some((key.parse().ok()?, node))).collect();
            items.sort_by_key(|(place, _)| *place);
            return Value::Array(items.into_iter().map(|(_, node)| node.into_value()).map(unwrapped).collect());
        }
        Value::Object(self.inner.into_iter().map(|(key, node)| (key, node.into_value())).collect())
    }
}

/// `OpenInference` wraps each item into an object with the name of its kind.
fn unwrapped(mut item: Value) -> Value {
    if let Some(object) = item.as_object_mut().filter(|object| object.len() == 1) {
        for key in ["message", "tool_call", "message_content"] {
            if let Some(inner) = object.remove(key) {
                return inner;
            }
        }
    }
    item
}

/// The text of a value that is a message's content.
pub(super) fn text_of(value: &Value) -> String {
    let mut message = Message::default();
    add_content(&mut message, value);
    message.text
}
