//! The calls of models in a trace: the innermost spans that tell what was sent and answered.

use std::collections::HashMap;

use serde_json::Value;

use super::answers::Answer;
use super::inputs::Read;
use super::message::Message;
use super::sources::{answer_of, inputs_of};
use crate::model::{Span, SpanStatusCode};

/// One call of a model.
pub(super) struct Call {
    /// The place of its span.
    pub place: usize,
    /// What was sent; the system's messages first.
    pub sent: Vec<Message>,
    /// What came back; nothing where that is not recorded.
    pub answer: Vec<Message>,
    /// Who called.
    pub agent: Option<String>,
    /// Whether it judged others, and is no part of what was said to the user.
    pub is_aside: bool,
    /// Whether it failed.
    pub is_failed: bool,
}

/// Spans and whose children they are.
pub(super) struct Spans<'t> {
    pub all: &'t [Span],
    parents: Vec<Option<usize>>,
}

/// Deeper than any library nests; parents may form a circle.
const DEEPEST: usize = 1000;

impl<'t> Spans<'t> {
    pub(super) fn new(all: &'t [Span]) -> Self {
        let places: HashMap<&str, usize> =
            all.iter().enumerate().map(|(place, span)| (span.span_id.as_str(), place)).collect();
        let parent = |span: &Span| places.get(span.parent_span_id.as_deref()?).copied();
        Self { all, parents: all.iter().map(parent).collect() }
    }

    /// Its parent, the parent's parent and so on.
    pub(super) fn above(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.parents[place], |place| self.parents[*place]).take(DEEPEST)
    }

    pub(super) fn is_below(&self, place: usize, above: usize) -> bool {
        self.above(place).any(|one| one == above)
    }

    pub(super) fn type_of(&self, place: usize) -> String {
        self.all[place].span_type().unwrap_or_default()
    }

    /// The first span without a parent.
    pub(super) fn root(&self) -> Option<usize> {
        self.all.iter().position(|span| span.parent_span_id.is_none()).or((!self.all.is_empty()).then_some(0))
    }

    /// The agent that a span belongs to.
    pub(super) fn agent(&self, place: usize) -> Option<String> {
        let own = ["gen_ai.agent.name", "agent.name"].iter().find_map(|key| text(&self.all[place], key));
        let above = || self.above(place).find(|above| self.type_of(*above) == "AGENT");
        let name = || {
            above().map(|above| {
                text(&self.all[above], "gen_ai.agent.name").unwrap_or_else(|| self.all[above].name.clone())
            })
        };
        own.or_else(name).or_else(|| node(&self.all[place]))
    }
}

/// The node of a graph of `LangGraph`.
fn node(span: &Span) -> Option<String> {
    Some(span.attribute("metadata")?.get("langgraph_node")?.as_str()?.to_owned())
}

pub(super) fn text(span: &Span, key: &str) -> Option<String> {
    span.attribute(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Whether a span says that it is a call of a model.
fn is_model_call(span: &Span) -> bool {
    let word = |key: &str| text(span, key).unwrap_or_default();
    let kind = span.span_type().unwrap_or_default();
    matches!(kind.as_str(), "LLM" | "CHAT_MODEL")
        || word("openinference.span.kind") == "LLM"
        || matches!(word("gen_ai.operation.name").as_str(), "chat" | "text_completion" | "generate_content")
        || ["doGenerate", "doStream"].iter().any(|end| word("ai.operationId").ends_with(end))
        || matches!(word("llm.request.type").as_str(), "chat" | "completion")
        || span.attributes.keys().any(|key| key.ends_with(".llm.input"))
}

/// What a span that says it is a call tells.
struct Told {
    place: usize,
    sent: Option<Read>,
    answer: Answer,
}

impl Told {
    fn is_understood(&self) -> bool {
        let is_told = matches!(&self.answer, Answer::Told(read) if read.is_certain);
        let is_sent = self.sent.as_ref().is_some_and(|read| read.is_certain);
        (is_sent || is_told) && self.answer != Answer::None
    }

    fn has_answer(&self) -> bool {
        matches!(self.answer, Answer::Told(_))
    }
}

/// All calls in order of time. Texts of unknown meaning count where no call can be read for sure.
pub(super) fn calls(spans: &Spans) -> Vec<Call> {
    let places = (0..spans.all.len()).filter(|place| is_model_call(&spans.all[*place]));
    let told: Vec<Told> = places
        .map(|place| Told { place, sent: inputs_of(&spans.all[place]), answer: answer_of(&spans.all[place]) })
        .collect();
    let is_known = told.iter().any(Told::is_understood);
    let mut used: Vec<&Told> = told.iter().filter(|one| !is_known || one.is_understood()).collect();
    used.retain(|one| one.sent.is_some() || one.has_answer() || !is_known);
    let inner = |one: &&Told| !used.iter().any(|other| spans.is_below(other.place, one.place));
    let mut calls: Vec<Call> = used.iter().copied().filter(inner).map(|one| call(spans, one, &told)).collect();
    calls.sort_by_key(|call| (spans.all[call.place].start_time_unix_nano, call.place));
    calls
}

fn call(spans: &Spans, told: &Told, all: &[Told]) -> Call {
    let span = &spans.all[told.place];
    let agent = spans.agent(told.place);
    // The same call, seen by the library that made it.
    let outer =
        || spans.above(told.place).find_map(|place| all.iter().find(|one| one.place == place && one.has_answer()));
    let answer =
        if told.has_answer() { told } else { outer().filter(|outer| is_only(spans, all, outer.place)).unwrap_or(told) };
    let mut answer = match &answer.answer {
        Answer::Told(read) => read.messages.clone(),
        Answer::None => as_json(span, crate::model::keys::SPAN_OUTPUTS, "assistant"),
        Answer::Unrecorded => Vec::new(),
    };
    let mut sent = match &told.sent {
        Some(read) => read.messages.clone(),
        None if has_parameters_only(span) => Vec::new(),
        None => as_json(span, crate::model::keys::SPAN_INPUTS, "user"),
    };
    let id = span.span_id_hex();
    let end = span.end_time_unix_nano.unwrap_or(span.start_time_unix_nano);
    for (message, at) in
        sent.iter_mut().map(|one| (one, span.start_time_unix_nano)).chain(answer.iter_mut().map(|one| (one, end)))
    {
        message.span_id = Some(id.clone());
        message.at = at;
        if at == end && message.is_assistant() {
            message.agent = agent.clone().or_else(|| message.agent.take());
        }
    }
    let is_aside =
        spans.above(told.place).any(|above| matches!(spans.type_of(above).as_str(), "GUARDRAIL" | "EVALUATOR"));
    Call { place: told.place, sent, answer, agent, is_aside, is_failed: span.status.code == SpanStatusCode::Error }
}

/// Whether only one innermost call is below a span, so that both answered the same.
fn is_only(spans: &Spans, all: &[Told], above: usize) -> bool {
    let below: Vec<&Told> = all.iter().filter(|one| spans.is_below(one.place, above)).collect();
    let is_inner = |one: &&&Told| !below.iter().any(|other| spans.is_below(other.place, one.place));
    below.iter().filter(is_inner).count() <= 1
}

/// Whether the inputs are numbers and switches, such as a temperature: what was sent is not there.
fn has_parameters_only(span: &Span) -> bool {
    let inputs = span.attribute(crate::model::keys::SPAN_INPUTS).unwrap_or_default();
    let is_parameter = |value: &Value| value.is_number() || value.is_boolean() || value.is_null();
    inputs.is_null() || inputs.as_object().is_some_and(|inputs| inputs.values().all(is_parameter))
}

/// What cannot be read as messages, as its JSON.
fn as_json(span: &Span, key: &str, role: &str) -> Vec<Message> {
    let text = span.attribute_text(key).filter(|text| *text != "null");
    text.map(|text| Message::text(role, text)).into_iter().collect()
}
