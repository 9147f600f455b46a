//! What stands around the calls of models: what was asked and answered at the root, agents without recorded calls, and
//! answers that only the caller recorded.

use serde_json::{Map, Value};

use super::answers::{Answer, read_answer};
use super::calls::{Spans, text};
use super::inputs::{attached, is_repr, read_inputs};
use super::message::{Message, ToolCall, ToolResult, field, text_field};
use super::parts::value_of_result;
use super::threads::Thread;
use crate::model::{Span, SpanStatusCode, keys};

/// What was asked and answered at the root, if that is written as messages.
pub(super) fn root_messages(spans: &Spans) -> Option<Vec<Message>> {
    let span = &spans.all[spans.root()?];
    let outputs = span.attribute(keys::SPAN_OUTPUTS).unwrap_or_default();
    if let Some(told) = trajectory(span, &outputs) {
        return Some(seen_in(span, told));
    }
    let list = |value: &Value| read_inputs(value).filter(|read| read.is_certain).map(|read| read.messages);
    let sent = list(&span.attribute(keys::SPAN_INPUTS)?);
    let whole = outputs.get("messages").and_then(list);
    let messages = match (sent, whole) {
        (Some(sent), Some(whole)) if (Thread { messages: whole.clone(), ..Thread::default() }).covers(&sent) => whole,
        (Some(sent), _) => sent.into_iter().chain(answer(&outputs)).collect(),
        (None, Some(whole)) => whole,
        (None, None) => return None,
    };
    Some(seen_in(span, messages))
}

fn answer(outputs: &Value) -> Vec<Message> {
    match read_answer(outputs) {
        Answer::Told(read) if read.is_certain || outputs.is_string() => read.messages,
        _ => Vec::new(),
    }
}

fn seen_in(span: &Span, mut messages: Vec<Message>) -> Vec<Message> {
    for message in &mut messages {
        message.span_id.get_or_insert_with(|| span.span_id_hex());
        let end = span.end_time_unix_nano.filter(|_| message.is_assistant());
        message.at = end.unwrap_or(span.start_time_unix_nano);
    }
    messages
}

/// An agent of `DSPy` tells its thoughts, calls and observations in one object.
fn trajectory(span: &Span, outputs: &Value) -> Option<Vec<Message>> {
    let steps = outputs.get("trajectory")?.as_object()?;
    let asked = asked(&span.attribute(keys::SPAN_INPUTS)?)?;
    let mut messages = vec![asked];
    for step in 0.. {
        let of = |name: &str| steps.get(&format!("{name}_{step}"));
        let Some(name) = of("tool_name").and_then(Value::as_str) else { break };
        if name == "finish" {
            break;
        }
        let call =
            ToolCall { id: None, name: name.to_owned(), arguments: of("tool_args").cloned().unwrap_or_default() };
        let thought = of("thought").and_then(Value::as_str).unwrap_or_default();
        messages.push(Message { tool_calls: vec![call], ..Message::text("assistant", thought) });
        let result =
            ToolResult { id: None, name: name.to_owned(), result: of("observation").cloned().unwrap_or_default() };
        messages.push(Message { tool_results: vec![result], ..Message::of("tool") });
    }
    let rest: Map<String, Value> =
        outputs.as_object()?.clone().into_iter().filter(|(key, _)| key != "trajectory" && key != "reasoning").collect();
    messages.extend(answered(&Value::Object(rest)));
    Some(messages)
}

/// What was asked of an agent, in whatever its inputs call it.
fn asked(inputs: &Value) -> Option<Message> {
    let keys = [
        "task",
        "input",
        "message",
        "user_msg",
        "user_prompt",
        "question",
        "query",
        "prompt",
        "q",
        "text",
        "request",
        "content",
        "goal",
    ];
    text_in(inputs, &keys).map(|text| Message::text("user", text))
}

fn answered(outputs: &Value) -> Option<Message> {
    let keys = ["output", "response", "result", "answer", "final_output", "content", "text", "raw", "reply", "data"];
    text_in(outputs, &keys).map(|text| Message::text("assistant", text))
}

fn text_in(value: &Value, keys: &[&str]) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty() && !is_repr(text)),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Object(object) => {
            let texts: Vec<&str> = object.values().filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
            let inner = || {
                field(object, keys)
                    .and_then(|inner| text_field(inner.as_object()?, &["description", "content", "text", "raw"]))
            };
            let lone = || (texts.len() == 1).then(|| texts[0]);
            text_field(object, keys)
                .or_else(inner)
                .or_else(lone)
                .filter(|text| !is_repr(text) && attached(text).is_none())
                .map(str::to_owned)
        }
        _ => None,
    }
}

/// Answers without what was sent: what the root was asked comes first, and what the tools said in between.
pub(super) fn fill(thread: &mut Thread, spans: &Spans) {
    let Some(root) = spans.root() else { return };
    let asked: Vec<Message> = match root_messages(spans) {
        Some(told) => told.into_iter().take_while(|message| !message.is_assistant()).collect(),
        None => spans.all[root].attribute(keys::SPAN_INPUTS).as_ref().and_then(asked).into_iter().collect(),
    };
    let mut messages = seen_in(&spans.all[root], asked);
    let mut answers = std::mem::take(&mut thread.messages).into_iter().peekable();
    for tool in tools_below(spans, root) {
        let span = &spans.all[tool];
        while let Some(answer) = answers.next_if(|answer| answer.at <= span.start_time_unix_nano) {
            messages.push(answer);
        }
        let mut told = of_tool(span);
        let is_asked = |message: &&Message| {
            message.tool_calls.iter().any(|call| told.first().is_some_and(|own| own.tool_calls[0].name == call.name))
        };
        if messages.iter().rev().take(2).any(|message| is_asked(&message)) {
            told.remove(0);
        }
        messages.extend(told);
    }
    messages.extend(answers);
    thread.messages = super::shapes::joined(messages);
}

/// Agents whose calls of models nobody recorded: what was asked, which tools they used, what they answered.
pub(super) fn of_agent(spans: &Spans) -> Option<Thread> {
    let mut agents = (0..spans.all.len()).filter(|place| spans.type_of(*place) == "AGENT");
    let (place, question) =
        agents.find_map(|place| Some((place, asked(&spans.all[place].attribute(keys::SPAN_INPUTS)?)?)))?;
    let span = &spans.all[place];
    let mut messages = vec![question];
    for tool in tools_below(spans, place) {
        messages.extend(of_tool(&spans.all[tool]));
    }
    messages.extend(span.attribute(keys::SPAN_OUTPUTS).as_ref().and_then(answered));
    let mut thread = Thread { agent: Some(span.name.clone()), places: vec![place], ..Thread::default() };
    thread.messages = seen_in(span, messages);
    Some(thread)
}

fn tools_below(spans: &Spans, place: usize) -> Vec<usize> {
    let is_aside =
        |tool: usize| spans.above(tool).any(|above| matches!(spans.type_of(above).as_str(), "GUARDRAIL" | "TOOL"));
    let mut tools: Vec<usize> = (0..spans.all.len())
        .filter(|tool| spans.type_of(*tool) == "TOOL" && spans.is_below(*tool, place) && !is_aside(*tool))
        .collect();
    tools.sort_by_key(|tool| spans.all[*tool].start_time_unix_nano);
    tools
}

fn of_tool(span: &Span) -> Vec<Message> {
    let stated = ["gen_ai.tool.name", "tool.name", "haystack.tool.name", "name"].iter().find_map(|key| text(span, key));
    let name = stated.unwrap_or_else(|| span.name.trim_start_matches("Tool.").trim_end_matches(".__call__").to_owned());
    let arguments = span.attribute(keys::SPAN_INPUTS).unwrap_or_default();
    // How agents hand in what they answer.
    if matches!(name.as_str(), "final_answer" | "FinalAnswerTool") {
        return Vec::new();
    }
    let call = ToolCall { id: None, name: name.clone(), arguments };
    let asked = Message { tool_calls: vec![call], at: span.start_time_unix_nano, ..Message::of("assistant") };
    let result = span.attribute(keys::SPAN_OUTPUTS).filter(|_| span.status.code != SpanStatusCode::Error);
    let result = result.map(|result| ToolResult { id: None, name, result: value_of_result(&result) });
    let told = result.map(|result| Message { tool_results: vec![result], ..Message::of("tool") });
    let id = Some(span.span_id_hex());
    std::iter::once(asked).chain(told).map(|message| Message { span_id: id.clone(), ..message }).collect()
}

/// Conversations that stand whole in the outputs of a span, as those of tasks do.
pub(super) fn in_outputs(spans: &Spans) -> Vec<Thread> {
    let mut threads = Vec::new();
    let mut places: Vec<usize> = (0..spans.all.len()).filter(|place| Some(*place) != spans.root()).collect();
    places.sort_by_key(|place| spans.all[*place].start_time_unix_nano);
    for place in places {
        let span = &spans.all[place];
        let Some(Value::Object(outputs)) = span.attribute(keys::SPAN_OUTPUTS) else { continue };
        let list = outputs.get("messages").and_then(super::shapes::read_list);
        let Some(mut messages) = list.filter(|list| !list.is_empty()) else { continue };
        if !messages.last().is_some_and(Message::is_assistant) {
            messages.extend(
                text_field(&outputs, &["raw", "output", "result"]).map(|text| Message::text("assistant", text)),
            );
        }
        let agent = text_field(&outputs, &["agent"]).map(str::to_owned);
        threads.push(Thread { messages: seen_in(span, messages), agent, places: vec![place], ..Thread::default() });
    }
    threads
}

/// Answers that only a caller recorded: the nearest span around a call that tells what it answered.
pub(super) fn close(thread: &mut Thread, spans: &Spans, others: &[usize]) {
    let Some((place, false)) = thread.open else { return };
    for above in spans.above(place) {
        let is_last = |other: &usize| spans.all[*other].start_time_unix_nano <= spans.all[place].start_time_unix_nano;
        if !others.iter().filter(|other| spans.is_below(**other, above)).all(is_last) {
            return;
        }
        let Some(outputs) = spans.all[above].attribute(keys::SPAN_OUTPUTS) else { continue };
        let is_speaker = matches!(spans.type_of(above).as_str(), "AGENT" | "LLM" | "CHAT_MODEL");
        if let Answer::Told(read) = read_answer(&outputs) {
            let is_told = read.is_certain || is_speaker && outputs.is_string();
            if is_told && read.messages.last().is_some_and(Message::is_assistant) {
                let last = read.messages[read.messages.len() - 1..].to_vec();
                return thread.answer_with(last, spans);
            }
        }
    }
}
