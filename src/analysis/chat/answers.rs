//! What a model answered, read from the outputs of a call.

use serde_json::{Map, Value};

use super::inputs::{Read, attached, is_repr, json_within};
use super::message::{Message, field, text_field};
use super::parts::{add_content, is_part, plain};
use super::shapes::{is_message, joined, read_list, read_message};
use super::stream;

type Object = Map<String, Value>;

/// What the outputs of a call tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// The answer, most often one message.
    Told(Read),
    /// Nothing, or what stands for a stream.
    Unrecorded,
    /// Outputs of something that is no call of a model.
    None,
}

/// The answer in the outputs of a call.
pub(super) fn read_answer(value: &Value) -> Answer {
    match value {
        Value::Null => Answer::Unrecorded,
        Value::String(text) => read_text(text),
        Value::Array(list) => read_array(value, list),
        Value::Object(object) => read_object(object),
        other => Answer::Told(Read::guessed(vec![Message::text("assistant", other.to_string())])),
    }
}

fn read_text(text: &str) -> Answer {
    if text.is_empty() || is_repr(text) {
        return Answer::Unrecorded;
    }
    let inner = json_within(text).map(|inner| read_answer(&inner));
    match inner {
        Some(Answer::Told(read)) if read.is_certain => Answer::Told(read),
        _ => Answer::Told(Read::guessed(vec![Message::text("assistant", text)])),
    }
}

fn certain(messages: Vec<Message>) -> Answer {
    let messages: Vec<Message> = joined(messages).into_iter().filter(|message| !message.is_blank()).collect();
    if messages.is_empty() { Answer::Unrecorded } else { Answer::Told(Read::certain(messages)) }
}

fn read_array(value: &Value, list: &[Value]) -> Answer {
    if list.is_empty() || list.iter().all(|item| item.as_object().is_some_and(Object::is_empty)) {
        return Answer::Unrecorded;
    }
    if let Some(messages) = read_list(value) {
        return last_of(&messages);
    }
    if let Some(message) = stream::of_values(list) {
        return certain(vec![message]);
    }
    if list.iter().all(Value::is_string) {
        return Answer::Told(Read::guessed(vec![of_texts(list)]));
    }
    let is_told = |item: &Value| item.is_string() || is_part(item);
    if list.iter().all(is_told) {
        let mut message = Message::of("assistant");
        add_content(&mut message, value);
        return certain(vec![message]);
    }
    // The result of a call beside other things, such as a tuple of Python.
    let told = list.iter().map(read_answer).find(|answer| matches!(answer, Answer::Told(read) if read.is_certain));
    told.unwrap_or(Answer::None)
}

/// Several texts are answers to choose from.
fn of_texts(list: &[Value]) -> Message {
    let texts: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Message { alternatives: texts[1..].to_vec(), ..Message::text("assistant", texts[0].clone()) }
}

/// The answer at the end of a list of messages, of which others may be what was sent.
fn last_of(messages: &[Message]) -> Answer {
    let start = messages.iter().rposition(|message| !matches!(message.role.as_str(), "assistant" | "tool"));
    let answer = messages[start.map_or(0, |start| start + 1)..].to_vec();
    if answer.last().is_some_and(Message::is_assistant) { certain(answer) } else { Answer::None }
}

fn read_object(object: &Object) -> Answer {
    if let Some(choices) = object.get("choices").and_then(Value::as_array) {
        return certain(of_choices(choices));
    }
    if let Some(candidates) = object.get("candidates").and_then(Value::as_array) {
        return certain(of_choices(candidates));
    }
    if is_message(&Value::Object(object.clone())) {
        return certain(read_message(&Value::Object(object.clone())));
    }
    if let Some(answer) = of_known(object) {
        return answer;
    }
    if object.values().all(Value::is_null) { Answer::Unrecorded } else { of_texts_within(object) }
}

/// The first choice; the others are alternatives.
fn of_choices(choices: &[Value]) -> Vec<Message> {
    let mut messages = choices.iter().map(|choice| {
        let inner =
            ["message", "content", "delta"].iter().find_map(|key| choice.get(*key).filter(|inner| !inner.is_null()));
        let mut read = Message::of("assistant");
        match inner.unwrap_or(choice) {
            inner @ Value::Object(_) => read_as_answer(inner).into_iter().for_each(|one| read.absorb(one)),
            inner => add_content(&mut read, inner),
        }
        read
    });
    let Some(mut first) = messages.next() else { return Vec::new() };
    first.alternatives = messages.map(|other| other.text).filter(|text| !text.is_empty()).collect();
    vec![first]
}

/// An object that is an answer, whether it says its role or not.
fn read_as_answer(value: &Value) -> Vec<Message> {
    let mut object = value.as_object().cloned().unwrap_or_default();
    object.insert("role".to_owned(), "assistant".into());
    object.remove("type");
    read_message(&Value::Object(object))
}

/// Where libraries have their answers.
const PLACES: &[&str] = &[
    "output",
    "message",
    "replies",
    "messages",
    "response",
    "result",
    "body",
    "generation",
    "generations",
    "chat_message",
    "outputs",
    "llm_response",
    "results",
];

fn of_known(object: &Object) -> Option<Answer> {
    let is_answer = ["stop_reason", "finish_reason", "stopReason", "finishReason", "done_reason", "model_name"];
    let is_told = is_answer.iter().any(|key| object.contains_key(*key));
    if is_told && (object.contains_key("content") || object.contains_key("parts")) {
        return Some(certain(read_as_answer(&Value::Object(object.clone()))));
    }
    if object.contains_key("toolCalls") || is_told && object.contains_key("text") {
        return Some(certain(vec![of_vercel(object)]));
    }
    if let Some(generations) = object.get("generations").and_then(Value::as_array) {
        let first = generations.first().map(|first| first.get(0).unwrap_or(first))?;
        return Some(certain(of_choices(std::slice::from_ref(first))));
    }
    let has_calls = object.get("tool_calls").is_some_and(Value::is_array);
    let inner = match field(object, PLACES) {
        Some(inner) => inner,
        None if has_calls => return Some(certain(read_as_answer(&Value::Object(object.clone())))),
        None => return None,
    };
    match (inner, read_answer(inner)) {
        (_, Answer::Unrecorded) => Some(Answer::Unrecorded),
        (Value::String(text), Answer::Told(read)) if !read.is_certain => {
            Some(Answer::Told(Read::guessed(vec![Message::text("assistant", text.as_str())])))
        }
        (_, answer @ Answer::Told(_)) => Some(answer),
        (_, answer) if object.contains_key("messages") => Some(answer),
        _ => None,
    }
}

fn of_vercel(object: &Object) -> Message {
    // Answers in JSON may have been read as such.
    let text = field(object, &["text"]).map(|text| text.as_str().map_or_else(|| text.to_string(), str::to_owned));
    let mut message = Message::text("assistant", text.unwrap_or_default());
    field(object, &["reasoning", "reasoningText"]).map(plain).iter().for_each(|text| message.add_thinking(text));
    let calls = object.get("toolCalls").cloned().unwrap_or(Value::Null);
    let calls = calls.as_str().and_then(json_within).unwrap_or(calls);
    for call in calls.as_array().into_iter().flatten().filter_map(Value::as_object) {
        message.add_call(super::parts::call(call));
    }
    message
}

/// The only text of an object, and the attachments beside it.
fn of_texts_within(object: &Object) -> Answer {
    let known = [
        "text",
        "completion",
        "generated_text",
        "output_text",
        "outputText",
        "answer",
        "content",
        "object",
        "response_text",
    ];
    let texts: Vec<&str> = object.values().filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
    let attachments: Vec<String> = texts.iter().filter_map(|text| attached(text)).collect();
    let others: Vec<&&str> = texts.iter().filter(|text| attached(text).is_none()).collect();
    let text = text_field(object, &known).or_else(|| (others.len() == 1).then(|| *others[0]));
    match text.filter(|text| attached(text).is_none()) {
        Some(text) => {
            let message = Message { attachments, ..Message::text("assistant", text) };
            Answer::Told(Read::guessed(vec![message]))
        }
        None => Answer::None,
    }
}
