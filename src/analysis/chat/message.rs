//! What was said, whatever library said it.

use serde::Serialize;
use serde_json::{Map, Value};

/// A call of a tool that a model asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ToolCall {
    /// By which its result refers to it.
    #[serde(skip)]
    pub id: Option<String>,
    /// The tool.
    pub name: String,
    /// Its arguments; text that is no JSON stays text.
    pub arguments: Value,
}

/// What a tool answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ToolResult {
    /// The call it belongs to.
    #[serde(skip)]
    pub id: Option<String>,
    /// The tool, as far as that is known.
    pub name: String,
    /// What it answered: a text wherever it is one.
    pub result: Value,
}

/// One message of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message {
    /// `system`, `user`, `assistant`, `tool`, or a word of the library's own.
    pub role: String,
    /// Its text.
    pub text: String,
    /// Calls of tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// Results of tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_results: Vec<ToolResult>,
    /// What a model thought before it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinking: Option<String>,
    /// Media types, or addresses, of images and files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// Texts of further answers to the same question.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Who said it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The span it was first seen in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// When, in nanoseconds since the epoch.
    #[serde(skip)]
    pub at: i64,
}

impl Message {
    /// An empty one of a role.
    #[must_use]
    pub fn of(role: &str) -> Self {
        Self { role: role.to_owned(), ..Self::default() }
    }

    /// One with a text.
    #[must_use]
    pub fn text(role: &str, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::of(role) }
    }

    /// Whether it is the model's.
    #[must_use]
    pub fn is_assistant(&self) -> bool {
        self.role == "assistant"
    }

    pub(super) fn is_system(&self) -> bool {
        self.role == "system"
    }

    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
            && self.thinking.is_none()
            && self.tool_calls.is_empty()
            && self.tool_results.is_empty()
            && self.attachments.is_empty()
    }

    pub(super) fn add_text(&mut self, text: &str) {
        add(&mut self.text, text);
    }

    pub(super) fn add_thinking(&mut self, text: &str) {
        if !text.is_empty() {
            add(self.thinking.get_or_insert_default(), text);
        }
    }

    /// Adds a call, unless it is there: some libraries write each twice.
    pub(super) fn add_call(&mut self, call: ToolCall) {
        let is_there = |known: &ToolCall| known.id.is_some() && known.id == call.id;
        let is_empty = call.name.is_empty() && call.arguments.is_null();
        if !is_empty && !self.tool_calls.iter().any(is_there) {
            self.tool_calls.push(call);
        }
    }

    /// Adds what another message of the same role says.
    pub(super) fn absorb(&mut self, other: Self) {
        self.add_text(&other.text);
        other.thinking.iter().for_each(|text| self.add_thinking(text));
        other.tool_calls.into_iter().for_each(|call| self.add_call(call));
        self.tool_results.extend(other.tool_results);
        self.attachments.extend(other.attachments);
        self.alternatives.extend(other.alternatives);
    }

    /// Whether both say the same. What a model thought is rarely sent back to it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let results = |message: &Self| message.tool_results.iter().map(|one| one.result.clone()).collect::<Vec<_>>();
        self.role == other.role
            && self.text.trim() == other.text.trim()
            && self.has_same_calls(other)
            && results(self) == results(other)
            && self.attachments.len() == other.attachments.len()
    }

    fn has_same_calls(&self, other: &Self) -> bool {
        let told = |message: &Self| -> Vec<_> {
            message.tool_calls.iter().map(|call| (call.name.clone(), call.arguments.clone())).collect()
        };
        told(self) == told(other)
    }

    /// Whether one may be the other as a library sent it back: shortened, or without its calls.
    pub(super) fn resembles(&self, other: &Self) -> bool {
        if self.is_same(other) {
            return true;
        }
        let (one, two) = (self.text.trim(), other.text.trim());
        let has_calls = !self.tool_calls.is_empty() && self.has_same_calls(other);
        let is_within = !one.is_empty() && !two.is_empty() && (one.contains(two) || two.contains(one));
        self.is_assistant() && other.is_assistant() && (has_calls || is_within)
    }
}

fn add(whole: &mut String, text: &str) {
    if !whole.is_empty() && !text.is_empty() {
        whole.push('\n');
    }
    whole.push_str(text);
}

/// The first of these fields that holds something.
pub(super) fn field<'v>(object: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| object.get(*key).filter(|value| !value.is_null()))
}

/// The first of these fields that holds a text.
pub(super) fn text_field<'v>(object: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| object.get(*key)?.as_str().filter(|text| !text.is_empty()))
}

/// The role that a word stands for, in any library's language.
pub(super) fn role(word: &str) -> Option<&'static str> {
    let word = word.rsplit('.').next().unwrap_or(word).to_ascii_lowercase();
    Some(match word.trim_end_matches("chunk").trim_end_matches("message") {
        "system" | "developer" => "system",
        "user" | "human" => "user",
        "assistant" | "ai" | "model" | "chatbot" | "bot" | "tool-call" => "assistant",
        "tool" | "function" | "tool-response" | "tool_response" | "functionexecutionresult" | "ipython" => "tool",
        _ => return None,
    })
}
