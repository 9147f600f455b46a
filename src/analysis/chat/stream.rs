//! Answers of streams, put together from their pieces: chunks of `OpenAI`, events of Anthropic and Bedrock, pieces of Gemini.

use serde_json::{Map, Value};

use super::answers::{Answer, read_answer};
use super::message::{Message, ToolCall, text_field};
use super::shapes::{is_message, joined, read_message};
use crate::model::{SpanEvent, read_json};

/// A call whose arguments arrive in pieces.
#[derive(Default)]
struct Pending {
    id: Option<String>,
    name: String,
    arguments: String,
}

#[derive(Default)]
struct Builder {
    text: String,
    thinking: String,
    calls: Vec<(u64, Pending)>,
    items: Vec<Message>,
    whole: Option<Message>,
    pieces: usize,
}

/// The answer in the events of a span; none if they are no pieces of one.
pub(super) fn of_events(events: &[SpanEvent]) -> Option<Message> {
    let mut builder = Builder::default();
    for event in events {
        let piece = ["mlflow.chunk.value", "json"].iter().find_map(|key| event.attributes.get(*key));
        let Some(piece) = piece.and_then(Value::as_str).and_then(|text| read_json::<Value>(text.as_bytes()).ok())
        else {
            continue;
        };
        match &piece {
            Value::Object(piece) => builder.add(&event.name, piece),
            // Functions that yield texts.
            Value::String(text) => builder.add_text(text),
            _ => {}
        }
    }
    builder.message()
}

/// The answer in a list of chunks.
pub(super) fn of_values(list: &[Value]) -> Option<Message> {
    let mut builder = Builder::default();
    for piece in list {
        builder.add("", piece.as_object()?);
    }
    builder.message()
}

impl Builder {
    fn add_text(&mut self, text: &str) {
        self.text.push_str(text);
        self.pieces += 1;
    }

    fn add(&mut self, event: &str, piece: &Map<String, Value>) {
        let kind = text_field(piece, &["type"]).unwrap_or(event);
        let object = |key: &str| piece.get(key).and_then(Value::as_object);
        let place = ["index", "contentBlockIndex", "output_index"]
            .iter()
            .find_map(|key| piece.get(*key)?.as_u64())
            .unwrap_or(0);
        if let Some(delta) = piece.get("choices").and_then(|choices| choices.get(0)?.get("delta")?.as_object()) {
            return self.add_delta(delta);
        }
        match kind {
            "content_block_start" | "contentBlockStart" => {
                let start = object("content_block").or_else(|| object("start")?.get("toolUse")?.as_object());
                if let Some(start) = start {
                    self.start(place, start);
                }
            }
            "content_block_delta" | "contentBlockDelta" => {
                if let Some(delta) = object("delta") {
                    self.add_block_delta(place, delta);
                }
            }
            "response.output_text.delta" => self.add_text(text_field(piece, &["delta"]).unwrap_or("")),
            "response.output_item.done" => self
                .items
                .extend(piece.get("item").filter(|item| is_message(item)).map(read_message).into_iter().flatten()),
            "response.completed" => self.whole = whole(piece.get("response")),
            _ if piece.contains_key("candidates") => {
                if let Some(message) = whole(Some(&Value::Object(piece.clone()))) {
                    self.add_text(&message.text);
                }
            }
            _ => self.add_named(piece),
        }
    }

    /// Pieces without a type, as models of Amazon and Meta send them.
    fn add_named(&mut self, piece: &Map<String, Value>) {
        for name in ["contentBlockStart", "contentBlockDelta"] {
            piece.get(name).and_then(Value::as_object).into_iter().for_each(|inner| self.add(name, inner));
        }
        for key in ["generation", "outputText"] {
            if let Some(text) = text_field(piece, &[key]) {
                self.add_text(text);
            }
        }
    }

    fn add_delta(&mut self, delta: &Map<String, Value>) {
        self.add_text(text_field(delta, &["content"]).unwrap_or(""));
        self.thinking.push_str(text_field(delta, &["reasoning_content", "reasoning"]).unwrap_or(""));
        for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            let pending = self.at(call.get("index").and_then(Value::as_u64).unwrap_or(0));
            pending.id = pending.id.take().or_else(|| call.get("id")?.as_str().map(str::to_owned));
            let Some(function) = call.get("function").and_then(Value::as_object) else { continue };
            pending.name.push_str(text_field(function, &["name"]).unwrap_or(""));
            pending.arguments.push_str(text_field(function, &["arguments"]).unwrap_or(""));
        }
    }

    /// Anthropic and Bedrock number the blocks of an answer.
    fn start(&mut self, place: u64, block: &Map<String, Value>) {
        self.pieces += 1;
        if let Some(name) = text_field(block, &["name"]) {
            let id = text_field(block, &["id", "toolUseId"]).map(str::to_owned);
            self.calls.push((place, Pending { id, name: name.to_owned(), arguments: String::new() }));
        } else {
            self.separate(text_field(block, &["type"]).unwrap_or("text"));
            self.text.push_str(text_field(block, &["text"]).unwrap_or(""));
        }
    }

    fn separate(&mut self, kind: &str) {
        let whole = if kind == "thinking" { &mut self.thinking } else { &mut self.text };
        if !whole.is_empty() {
            whole.push('\n');
        }
    }

    fn add_block_delta(&mut self, place: u64, delta: &Map<String, Value>) {
        self.add_text(text_field(delta, &["text"]).unwrap_or(""));
        self.thinking.push_str(text_field(delta, &["thinking"]).unwrap_or(""));
        let inner =
            |key: &str, field: &str| delta.get(key).and_then(|inner| inner.get(field)?.as_str().map(str::to_owned));
        self.thinking.push_str(&inner("reasoningContent", "text").unwrap_or_default());
        let arguments = inner("toolUse", "input").or_else(|| text_field(delta, &["partial_json"]).map(str::to_owned));
        if let Some(piece) = arguments {
            self.at(place).arguments.push_str(&piece);
        }
    }

    fn at(&mut self, place: u64) -> &mut Pending {
        self.pieces += 1;
        let index = self.calls.iter().position(|(known, _)| *known == place).unwrap_or(self.calls.len());
        if index == self.calls.len() {
            self.calls.push((place, Pending::default()));
        }
        &mut self.calls[index].1
    }

    fn message(self) -> Option<Message> {
        if self.whole.is_some() {
            return self.whole;
        }
        if !self.items.is_empty() {
            return joined(self.items).into_iter().reduce(|mut whole, next| {
                whole.absorb(next);
                whole
            });
        }
        let mut message = Message::text("assistant", self.text);
        message.add_thinking(&self.thinking);
        for (_, pending) in self.calls {
            let empty = || Value::Object(Map::new());
            let text = pending.arguments;
            let read = |text: String| read_json(text.as_bytes()).unwrap_or(Value::String(text));
            let arguments = if text.is_empty() { empty() } else { read(text) };
            message.add_call(ToolCall { id: pending.id, name: pending.name, arguments });
        }
        (self.pieces > 0 && !message.is_blank()).then_some(message)
    }
}

fn whole(response: Option<&Value>) -> Option<Message> {
    match read_answer(response?) {
        Answer::Told(read) => read.messages.into_iter().next_back(),
        _ => None,
    }
}
