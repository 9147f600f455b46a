//! What was sent to a model, read from the inputs of a call.

use serde_json::{Map, Value};

use super::message::{Message, field, text_field};
use super::parts::{add_content, is_part};
use super::shapes::{is_message, joined, read_list};
use crate::model::read_json;

type Object = Map<String, Value>;

/// Messages, and whether they were written as messages: a lone text may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Read {
    pub messages: Vec<Message>,
    pub is_certain: bool,
}

impl Read {
    pub(super) fn certain(messages: Vec<Message>) -> Self {
        Self { messages, is_certain: true }
    }

    pub(super) fn guessed(messages: Vec<Message>) -> Self {
        Self { messages, is_certain: false }
    }
}

/// Where calls have their messages, the surest first.
const LISTS: &[&str] = &["messages", "input", "contents", "chat_history", "input_messages", "request", "llm_request"];
/// Where calls have a lone text.
const TEXTS: &[&str] = &[
    "prompt",
    "message",
    "inputText",
    "input",
    "text",
    "query",
    "question",
    "task",
    "user_prompt",
    "formatted_prompt",
];

/// The messages in the inputs of a call.
pub(super) fn read_inputs(value: &Value) -> Option<Read> {
    match value {
        Value::String(text) => read_text(text),
        Value::Array(list) => read_list(value).map(Read::certain).or_else(|| read_parts(list)),
        Value::Object(object) => read_object(object),
        _ => None,
    }
}

/// JSON in a text: bodies of requests are sent that way.
pub(super) fn json_within(text: &str) -> Option<Value> {
    // Bytes, as Python shows them.
    let text = text.strip_prefix("b'").and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    let is_json = text.trim_start().starts_with(['{', '[']);
    read_json::<Value>(text.as_bytes()).ok().filter(|_| is_json)
}

fn read_text(text: &str) -> Option<Read> {
    let inner = json_within(text).and_then(|inner| read_inputs(&inner)).filter(|read| read.is_certain);
    let said = (!text.is_empty()).then(|| Read::guessed(vec![Message::text("user", text)]));
    inner.or(said)
}

/// Parts without messages around them are the user's.
fn read_parts(list: &[Value]) -> Option<Read> {
    let is_fit = |part: &Value| part.is_string() || is_part(part);
    if list.is_empty() || !list.iter().all(is_fit) {
        return None;
    }
    let mut message = Message::of("user");
    for part in list {
        add_content(&mut message, part);
    }
    Some(Read { messages: vec![message], is_certain: list.iter().any(Value::is_object) })
}

fn read_object(object: &Object) -> Option<Read> {
    if let Some(body) = field(object, &["body"]) {
        return read_inputs(&body.as_str().and_then(json_within).unwrap_or_else(|| body.clone()));
    }
    if is_message(&Value::Object(object.clone())) {
        return read_list(&Value::Array(vec![Value::Object(object.clone())])).map(Read::certain);
    }
    let lists = LISTS.iter().filter_map(|key| object.get(*key));
    let list =
        lists.filter(|value| !value.is_string()).find_map(|value| read_inputs(value).filter(|read| read.is_certain));
    let mut read = list.or_else(|| read_prompt(object))?;
    if !read.messages.iter().any(Message::is_system) {
        let system = system(object);
        read.is_certain |= system.is_some();
        read.messages.splice(0..0, system);
    }
    if let Some(text) = text_field(object, &["user_msg"]) {
        read.messages.push(Message::text("user", text));
    }
    Some(read)
}

fn read_prompt(object: &Object) -> Option<Read> {
    let inner = field(object, &["prompt", "contents", "input", "kwargs"]).filter(|inner| !inner.is_string());
    if let Some(read) = inner.and_then(read_inputs) {
        return Some(read);
    }
    let is_certain =
        object.contains_key("contents") || object.contains_key("instructions") || object.contains_key("model");
    let text = text_field(object, &["contents"]).or_else(|| text_field(object, TEXTS))?;
    let mut message = Message::text("user", text);
    // What else is attached to a prompt.
    let others = object.values().filter_map(Value::as_str).filter(|other| *other != text);
    message.attachments.extend(others.filter_map(attached));
    Some(Read { messages: vec![message], is_certain })
}

/// The media type of a text that is nothing but an attachment.
pub(super) fn attached(text: &str) -> Option<String> {
    let is_one = text.starts_with("mlflow-attachment://") || text.starts_with("data:");
    super::parts::type_in_address(text).filter(|_| is_one)
}

/// What the model was told beforehand, where it is not among the messages.
fn system(object: &Object) -> Option<Message> {
    let keys =
        ["system", "instructions", "system_instruction", "systemInstruction", "system_prompt", "system_instructions"];
    let config = object.get("config").and_then(Value::as_object);
    let told = field(object, &keys).or_else(|| field(config?, &keys))?;
    system_of(told)
}

/// A system's message with this content.
pub(super) fn system_of(content: &Value) -> Option<Message> {
    let content = match content {
        Value::String(text) if is_repr(text) => return None,
        Value::String(text) => json_within(text).filter(Value::is_array).unwrap_or_else(|| content.clone()),
        Value::Object(object) => field(object, &["parts", "content"]).unwrap_or(content).clone(),
        other => other.clone(),
    };
    let mut message = Message::of("system");
    add_content(&mut message, &content);
    (!message.text.is_empty()).then_some(message)
}

/// Whether a text is what Python shows of an object, in the place of its data.
pub(super) fn is_repr(text: &str) -> bool {
    let is_shown = text.starts_with('<') && text.ends_with('>') && !text.contains('\n');
    is_shown
        && (text.contains(" object ")
            || text.contains(" at 0x")
            || text.contains("[200 OK]")
            || text.contains("Response"))
        || text == "EventStream"
}

/// The pieces of one conversation, joined.
pub(super) fn read_all(pieces: Vec<Message>) -> Option<Read> {
    (!pieces.is_empty()).then(|| Read::certain(joined(pieces)))
}
