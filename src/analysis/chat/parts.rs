//! The parts that contents are made of: texts, thoughts, calls, results, images, in the shapes of the providers.

use serde_json::{Map, Value};

use super::message::{Message, ToolCall, ToolResult, field, text_field};
use crate::model::{python_json, read_json};

type Object = Map<String, Value>;

/// Adds a content to a message: a text, a part or a list of parts.
pub(super) fn add_content(message: &mut Message, content: &Value) {
    match content {
        Value::Null => {}
        Value::String(text) => message.add_text(text),
        Value::Array(parts) => parts.iter().for_each(|part| add_content(message, part)),
        Value::Object(part) => add_part(message, part),
        other => message.add_text(&other.to_string()),
    }
}

/// Whether an object is a part of a content.
pub(super) fn is_part(value: &Value) -> bool {
    let Some(part) = value.as_object() else { return false };
    let mut probe = Message::default();
    add_typed(&mut probe, part) || add_untyped(&mut probe, part)
}

fn add_part(message: &mut Message, part: &Object) {
    if !add_typed(message, part) && !add_untyped(message, part) && part.values().any(|value| !value.is_null()) {
        message.add_text(&Value::Object(part.clone()).to_string());
    }
}

fn kind(part: &Object) -> &str {
    text_field(part, &["type", "block_type", "part_kind", "content_type"]).unwrap_or("")
}

/// Parts that say what they are. `false` if this one does not.
fn add_typed(message: &mut Message, part: &Object) -> bool {
    match kind(part) {
        "text" | "input_text" | "output_text" | "summary_text" | "refusal" => {
            let text = text_field(part, &["text", "content", "refusal", "value"]).unwrap_or("");
            if part.get("thought") == Some(&Value::Bool(true)) {
                message.add_thinking(text);
            } else {
                message.add_text(text);
            }
        }
        "thinking" | "reasoning" | "thought" | "reasoning_text" => message.add_thinking(&thinking(part)),
        "redacted_thinking" | "redacted_reasoning" | "step-start" | "cachePoint" => {}
        "tool_use" | "tool_call" | "tool-call" | "function_call" | "server_tool_use" | "custom_tool_call"
        | "function" | "builtin-tool-call" | "mcp_call" => add_call_and_result(message, part),
        "tool_result"
        | "tool-result"
        | "tool_call_response"
        | "tool-return"
        | "function_call_output"
        | "function_result"
        | "custom_tool_call_output"
        | "builtin-tool-return"
        | "web_search_tool_result" => {
            message.tool_results.push(result(part));
        }
        "image" | "image_url" | "input_image" | "image-url" | "audio" | "input_audio" | "audio-url" | "file"
        | "input_file" | "document" | "document-url" | "video" | "video_url" | "media" | "blob" | "uri" | "binary" => {
            message.attachments.push(attachment(part));
        }
        _ => return false,
    }
    true
}

/// Parts that are known by what they hold. `false` if this one is not.
fn add_untyped(message: &mut Message, part: &Object) -> bool {
    let inner = |keys: &[&str]| field(part, keys).and_then(Value::as_object);
    if let Some(wrapped) = inner(&["message_content"]) {
        add_part(message, wrapped);
    } else if let Some(call) = inner(&["toolUse", "tool_call", "function_call", "functionCall"]) {
        message.add_call(self::call(call));
    } else if let Some(answer) = inner(&["toolResult", "tool_call_result", "function_response", "functionResponse"]) {
        message.tool_results.push(result(answer));
    } else if let Some(reasoning) = inner(&["reasoningContent", "reasoning"]) {
        let text = field(reasoning, &["reasoningText", "reasoning_text", "text"]).unwrap_or(&Value::Null);
        message.add_thinking(&plain(text));
    } else if let Some(media) =
        inner(&["inline_data", "inlineData", "file_data", "fileData", "image", "document", "video", "audio"])
    {
        message.attachments.push(attachment(media));
    } else if let Some(text) = part.get("text").and_then(Value::as_str) {
        if part.get("thought") == Some(&Value::Bool(true)) {
            message.add_thinking(text);
        } else {
            message.add_text(text);
        }
    } else if part.contains_key("call_id") && part.contains_key("content") {
        message.tool_results.push(result(part));
    } else if part.contains_key("name") && (part.contains_key("arguments") || part.contains_key("args")) {
        message.add_call(call(part));
    } else if let Some(code) = inner(&["executable_code", "code_execution_result"]) {
        message.add_text(&plain(field(code, &["code", "output"]).unwrap_or(&Value::Null)));
    } else if let Some(parts) = part.get("parts").filter(|parts| parts.is_array()) {
        add_content(message, parts);
    } else {
        return part.contains_key("cachePoint");
    }
    true
}

/// What calls of the provider's own tools answered is in the same part.
fn add_call_and_result(message: &mut Message, part: &Object) {
    let call = call(part);
    if let Some(output) = part.get("output").filter(|output| !output.is_null()) {
        let (id, name) = (call.id.clone(), call.name.clone());
        message.tool_results.push(ToolResult { id, name, result: value_of_result(output) });
    }
    message.add_call(call);
}

fn id(part: &Object) -> Option<String> {
    let keys = ["tool_call_id", "toolCallId", "call_id", "callId", "tool_use_id", "toolUseId", "tool_id", "id"];
    text_field(part, &keys).map(str::to_owned)
}

const NAMES: &[&str] = &["name", "tool_name", "toolName", "function_name"];

/// A call of a tool in any provider's shape.
pub(super) fn call(part: &Object) -> ToolCall {
    let id = id(part);
    let part = field(part, &["function", "tool_call"]).and_then(Value::as_object).unwrap_or(part);
    let keys = ["input", "arguments", "args", "tool_kwargs", "kwargs", "parameters"];
    let arguments = field(part, &keys).map_or_else(empty, data);
    let name = text_field(part, NAMES).unwrap_or("").to_owned();
    ToolCall { id: id.or_else(|| self::id(part)), name, arguments }
}

fn empty() -> Value {
    Value::Object(Object::new())
}

/// Data that may be written as its JSON text; no text is no data.
fn data(value: &Value) -> Value {
    let Value::String(text) = value else { return value.clone() };
    if text.trim().is_empty() {
        return empty();
    }
    read_json::<Value>(text.as_bytes())
        .ok()
        .filter(|read| read.is_object() || read.is_array())
        .unwrap_or_else(|| value.clone())
}

/// A result of a tool in any provider's shape.
pub(super) fn result(part: &Object) -> ToolResult {
    let origin = part.get("origin").and_then(Value::as_object);
    let keys = ["content", "result", "response", "output", "tool_output"];
    let result = field(part, &keys).map_or_else(|| Value::String(String::new()), value_of_result);
    let name = text_field(part, NAMES).or_else(|| text_field(origin?, NAMES)).unwrap_or("").to_owned();
    ToolResult { id: id(part).or_else(|| id(origin?)), name, result }
}

/// Texts in parts are one text; other data stays data.
pub(super) fn value_of_result(value: &Value) -> Value {
    match value {
        Value::Array(parts) if !parts.is_empty() && parts.iter().all(|part| part.is_string() || is_part(part)) => {
            let mut read = Message::default();
            add_content(&mut read, value);
            let named = read.attachments.iter().map(|one| format!("[{one}]"));
            let texts = (!read.text.is_empty()).then(|| read.text.clone()).into_iter().chain(named);
            Value::String(texts.collect::<Vec<_>>().join("\n"))
        }
        Value::Array(parts) if parts.len() == 1 && parts[0].get("json").is_some() => parts[0]["json"].clone(),
        // As the SDK of Vercel tells a result.
        Value::Object(part) if part.len() == 2 && part.contains_key("type") && part.contains_key("value") => {
            part["value"].clone()
        }
        Value::Object(part) if kind(part) == "text" => Value::String(plain(value)),
        other => other.clone(),
    }
}

fn thinking(part: &Object) -> String {
    let keys = ["thinking", "text", "content", "reasoning", "summary"];
    let is_told = |value: &&Value| !plain(value).is_empty();
    keys.iter().find_map(|key| part.get(*key).filter(is_told)).map(plain).unwrap_or_default()
}

/// The texts within a value, a line each.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(plain).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
        Value::Object(part) => field(part, &["text", "content", "value"]).map(plain).unwrap_or_default(),
        _ => String::new(),
    }
}

/// What people call an image or a file: its media type, or its address where it is elsewhere.
fn attachment(part: &Object) -> String {
    let whole = python_json::dumps(&Value::Object(part.clone()), python_json::NonAscii::Verbatim);
    stated_type(part, 0)
        .or_else(|| type_in_address(&whole))
        .or_else(|| address(&Value::Object(part.clone())))
        .or_else(|| text_field(part, &["filename", "file_name", "name", "file_id"]).map(str::to_owned))
        .unwrap_or_else(|| if kind(part).is_empty() { "file".to_owned() } else { kind(part).to_owned() })
}

fn stated_type(part: &Object, depth: usize) -> Option<String> {
    let is_type = |text: &&str| text.contains('/') && !text.contains(':');
    let keys = ["media_type", "mime_type", "mimeType", "mediaType", "content_type", "image_mimetype"];
    if let Some(media) = text_field(part, &keys).filter(is_type) {
        return Some(media.to_owned());
    }
    if let Some(format) = text_field(part, &["format"]).filter(|format| format.len() < 8) {
        return Some(if format.contains('/') { format.to_owned() } else { type_of(format) });
    }
    let inner = part.values().filter_map(Value::as_object);
    inner.filter(|_| depth < 3).find_map(|inner| stated_type(inner, depth + 1))
}

fn type_of(format: &str) -> String {
    match format {
        "png" | "jpeg" | "gif" | "webp" => format!("image/{format}"),
        "jpg" => "image/jpeg".to_owned(),
        "wav" | "mp3" => format!("audio/{format}"),
        "mp4" | "mov" | "webm" => format!("video/{format}"),
        "txt" => "text/plain".to_owned(),
        "pdf" => "application/pdf".to_owned(),
        other => other.to_owned(),
    }
}

/// The media type in an address of data, or in a reference to an attachment.
pub(super) fn type_in_address(text: &str) -> Option<String> {
    if let Some((_, rest)) = text.split_once("mlflow-attachment://") {
        let (_, media) = rest.split_once("content_type=")?;
        return Some(media.split(['&', '"', ' ']).next()?.replace("%2F", "/").replace("%2f", "/"));
    }
    let (_, rest) = text.split_once("data:")?;
    let (media, _) = rest.split_once(';')?;
    (media.contains('/') && media.len() < 80).then(|| media.to_owned())
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains("://").then(|| text.clone()),
        Value::Object(part) => part.values().find_map(address),
        _ => None,
    }
}
