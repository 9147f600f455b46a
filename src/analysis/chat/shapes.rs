//! Messages in the shapes of libraries and providers: `OpenAI` (chat and responses), Anthropic, Gemini, Bedrock,
//! `LangChain`, `LlamaIndex`, `AutoGen`, Haystack, `PydanticAI`, Vercel, OpenTelemetry and `OpenInference`.

use serde_json::{Map, Value};

use super::message::{Message, field, role, text_field};
use super::parts::{add_content, call, plain, result};

type Object = Map<String, Value>;

/// Items of `OpenAI`'s responses that have no role.
const ITEMS: &[&str] =
    &["reasoning", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "mcp_call"];

/// Events of `AutoGen` that stand among its messages.
const EVENTS: &[&str] = &["ToolCallRequestEvent", "ToolCallExecutionEvent", "ThoughtEvent", "TextMessage"];

/// Whether a value is one message.
pub(super) fn is_message(value: &Value) -> bool {
    match value {
        Value::Array(pair) => pair.len() == 2 && pair[1].is_string() && pair[0].as_str().and_then(role).is_some(),
        Value::Object(object) => object.get("content").is_some_and(|_| role_of(object).is_some()) || is_other(object),
        _ => false,
    }
}

/// Messages without `content`.
fn is_other(object: &Object) -> bool {
    let kind = text_field(object, &["type"]).unwrap_or("");
    let holds = |keys: &[&str]| keys.iter().any(|key| object.contains_key(*key));
    ITEMS.contains(&kind)
        || is_pydantic(object)
        || object.get("message").and_then(Value::as_object).is_some_and(|inner| inner.contains_key("role"))
        || serialized(object).is_some()
        || role_of(object).is_some()
            && holds(&[
                "parts",
                "blocks",
                "text",
                "tool_calls",
                "_content",
                "tool_call_id",
                "contents",
                "items",
                "message",
            ])
        || object.contains_key("role") && object.len() == 1
}

fn is_pydantic(object: &Object) -> bool {
    object.get("parts").is_some_and(Value::is_array)
        && matches!(text_field(object, &["kind"]), Some("request" | "response"))
}

/// As `LangChain` dumps its objects.
fn serialized(object: &Object) -> Option<(&str, &Object)> {
    if let Some(inner) = object.get("kwargs").and_then(Value::as_object).filter(|_| object.contains_key("lc")) {
        return Some((object.get("id")?.as_array()?.last()?.as_str()?, inner));
    }
    let inner = object.get("data").and_then(Value::as_object)?;
    Some((text_field(object, &["type"]).filter(|word| role(word).is_some())?, inner))
}

fn role_of(object: &Object) -> Option<String> {
    let stated = object.get("role").or_else(|| object.get("_role"));
    let word = stated.and_then(|word| word.as_str().or_else(|| word.get("value")?.as_str()));
    if let Some(word) = word.filter(|word| !word.is_empty()) {
        return Some(role(word).map_or_else(|| word.to_owned(), str::to_owned));
    }
    let kind = text_field(object, &["type"])?;
    if EVENTS.contains(&kind) {
        return Some(role_of_event(kind, object).to_owned());
    }
    role(kind).map(str::to_owned)
}

fn role_of_event(kind: &str, object: &Object) -> &'static str {
    match kind {
        "ToolCallExecutionEvent" => "tool",
        "TextMessage" if text_field(object, &["source"]) == Some("user") => "user",
        _ => "assistant",
    }
}

/// A list of messages, if all of it is one.
pub(super) fn read_list(value: &Value) -> Option<Vec<Message>> {
    let list = value.as_array().filter(|list| !list.is_empty())?;
    if list.iter().all(|inner| inner.as_array().is_some_and(|inner| !inner.is_empty() && inner.iter().all(is_message)))
        && !list.iter().all(is_message)
    {
        return read_list(&list[0]);
    }
    list.iter().all(is_message).then(|| joined(list.iter().flat_map(read_message).collect()))
}

/// One message, which may be several: results of tools are messages of their own.
pub(super) fn read_message(value: &Value) -> Vec<Message> {
    let Some(object) = value.as_object() else {
        let word = value[0].as_str().unwrap_or("user");
        return vec![Message::text(role(word).unwrap_or("user"), plain(&value[1]))];
    };
    if is_pydantic(object) {
        return read_pydantic(object);
    }
    if let Some((word, inner)) = serialized(object) {
        return read_plain(role(word).unwrap_or("assistant"), inner);
    }
    if let Some(inner) = object.get("message").filter(|inner| inner.get("role").is_some()) {
        return read_message(inner);
    }
    match text_field(object, &["type"]).filter(|kind| ITEMS.contains(kind)) {
        Some(kind) => vec![read_item(kind, object)],
        None => read_plain(&role_of(object).unwrap_or_else(|| "assistant".to_owned()), object),
    }
}

fn read_item(kind: &str, object: &Object) -> Message {
    let mut message = Message::of(if kind.ends_with("_output") { "tool" } else { "assistant" });
    add_content(&mut message, &Value::Object(object.clone()));
    message
}

fn read_plain(role: &str, object: &Object) -> Vec<Message> {
    let mut message = Message::of(role);
    let kwargs = object.get("additional_kwargs").and_then(Value::as_object);
    let keys = ["content", "parts", "blocks", "_content", "contents", "items", "text", "message"];
    let content = field(object, &keys).unwrap_or(&Value::Null);
    if role == "tool" && !holds_results(content) {
        message.tool_results.push(result_of(object, kwargs, content));
    } else {
        add_content(&mut message, content);
    }
    for holder in [Some(object), kwargs].into_iter().flatten() {
        add_calls(&mut message, holder);
    }
    add_rest(&mut message, object, kwargs);
    with_results_apart(message)
}

fn holds_results(content: &Value) -> bool {
    let mut probe = Message::default();
    if content.is_array() {
        add_content(&mut probe, content);
    }
    !probe.tool_results.is_empty()
}

fn result_of(object: &Object, kwargs: Option<&Object>, content: &Value) -> super::message::ToolResult {
    let mut whole = object.clone();
    // The id of the message itself is not that of the call.
    whole.remove("id");
    if let Some(id) = kwargs.and_then(|kwargs| kwargs.get("tool_call_id")) {
        whole.insert("tool_call_id".to_owned(), id.clone());
    }
    if !content.is_null() {
        whole.insert("content".to_owned(), content.clone());
    }
    result(&whole)
}

fn add_calls(message: &mut Message, object: &Object) {
    let list = field(object, &["tool_calls", "toolCalls", "_tool_calls"]).and_then(Value::as_array);
    for one in list.into_iter().flatten().filter_map(Value::as_object) {
        message.add_call(call(one));
    }
    let legacy = object.get("function_call").and_then(Value::as_object);
    legacy.filter(|call| call.contains_key("name")).into_iter().for_each(|one| message.add_call(call(one)));
}

fn add_rest(message: &mut Message, object: &Object, kwargs: Option<&Object>) {
    let keys = ["reasoning_content", "reasoning", "thinking"];
    let thought = field(object, &keys).or_else(|| field(kwargs?, &keys));
    if message.thinking.is_none() {
        thought.map(plain).iter().for_each(|text| message.add_thinking(text));
    }
    if message.text.is_empty() && message.tool_results.is_empty() {
        let other = text_field(object, &["thought", "refusal"]);
        other
            .or_else(|| object.get("audio")?.get("transcript")?.as_str())
            .into_iter()
            .for_each(|text| message.add_text(text));
    }
    for image in object.get("images").and_then(Value::as_array).into_iter().flatten() {
        message
            .attachments
            .push(image.as_str().and_then(super::parts::type_in_address).unwrap_or_else(|| "image".into()));
    }
    let source = text_field(object, &["source"]).filter(|_| message.is_assistant());
    message.agent = source.map(str::to_owned);
}

/// Results that stand in a message of the user or the model are the tool's.
fn with_results_apart(mut message: Message) -> Vec<Message> {
    if message.tool_results.is_empty() || message.role == "tool" {
        return vec![message];
    }
    let results = std::mem::take(&mut message.tool_results);
    let tool = Message { tool_results: results, ..Message::of("tool") };
    let is_first = !message.is_assistant();
    let rest = (!message.is_blank()).then_some(message);
    if is_first { std::iter::once(tool).chain(rest).collect() } else { rest.into_iter().chain([tool]).collect() }
}

/// `PydanticAI` has the system's, the user's and the tools' parts in one request.
fn read_pydantic(object: &Object) -> Vec<Message> {
    let mut messages = Vec::new();
    messages.extend(text_field(object, &["instructions"]).map(|text| Message::text("system", text)));
    for part in object.get("parts").and_then(Value::as_array).into_iter().flatten() {
        let Some(part) = part.as_object() else { continue };
        let content = part.get("content").unwrap_or(&Value::Null);
        let said = |role: &str| {
            let mut message = Message::of(role);
            add_content(&mut message, content);
            message
        };
        messages.push(match text_field(part, &["part_kind"]).unwrap_or("") {
            "system-prompt" => said("system"),
            "user-prompt" => said("user"),
            "tool-return" => Message { tool_results: vec![result(part)], ..Message::of("tool") },
            "retry-prompt" if part.get("tool_name").is_some_and(Value::is_string) => {
                Message { tool_results: vec![result(part)], ..Message::of("tool") }
            }
            "retry-prompt" => said("user"),
            _ => {
                let mut message = Message::of("assistant");
                add_content(&mut message, &Value::Object(part.clone()));
                message
            }
        });
    }
    joined(messages)
}

/// Results of tools that follow one another are one message, and so are the pieces of one answer.
pub(super) fn joined(messages: Vec<Message>) -> Vec<Message> {
    let mut list: Vec<Message> = Vec::with_capacity(messages.len());
    for message in messages {
        match list.last_mut() {
            Some(before) if is_continued(before, &message) => before.absorb(message),
            _ => list.push(message),
        }
    }
    list
}

fn is_continued(last: &Message, next: &Message) -> bool {
    if last.role != next.role {
        return false;
    }
    let is_opening = last.text.is_empty() && last.tool_calls.is_empty() && last.thinking.is_some();
    match next.role.as_str() {
        "tool" => true,
        "assistant" => next.text.is_empty() || is_opening || (last.text.is_empty() && last.tool_calls.is_empty()),
        _ => false,
    }
}
