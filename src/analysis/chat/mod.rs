//! The conversation of a trace, as a reader wants it: who said what, which tools were called and what they answered, in the
//! order of time and each message once.
//!
//! The innermost calls of models tell it (`calls`). Each call repeats what was said before, which joins them to
//! conversations (`threads`). One of them is the main one: what the user and the application said to each other. The
//! others are what agents said among themselves.

mod answers;
mod around;
mod calls;
mod documents;
mod inputs;
mod message;
mod parts;
mod shapes;
mod sources;
mod stream;
mod talk;
mod threads;

use serde::Serialize;

pub use documents::Document;
pub use message::{Message, ToolCall, ToolResult};
pub use talk::Talk;

use crate::model::{Failure, Span, Trace, TraceId, origins};
use calls::Spans;
use threads::Thread;

/// What an agent, or a call apart, said beside the main conversation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideTalk {
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// What was said.
    pub messages: Vec<Message>,
}

/// What the reader has to know beside the messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remark {
    /// A sentence.
    pub text: String,
    /// The span it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// When, in nanoseconds since the epoch.
    #[serde(skip)]
    pub at: i64,
}

/// The conversation of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conversation {
    /// The trace.
    pub trace_id: TraceId,
    /// The main conversation.
    pub messages: Vec<Message>,
    /// What else was said, by agents among themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<SideTalk>,
    /// Documents that were retrieved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// What went wrong, and in which span.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Remark>,
    /// What is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Remark>,
    /// Whether a part of the conversation is not in the trace.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// Reads the conversation of a trace.
#[must_use]
pub fn conversation(trace: &Trace) -> Conversation {
    let spans = Spans::new(trace.spans());
    let calls = calls::calls(&spans);
    let places: Vec<usize> = calls.iter().map(|call| call.place).collect();
    let mut threads = threads::threads(calls);
    for thread in &mut threads {
        around::close(thread, &spans, &places);
        if thread.is_unsent && !thread.is_aside {
            around::fill(thread, &spans);
        }
    }
    let notes = unrecorded(&threads, &spans);
    if threads.iter().all(|thread| thread.is_aside) {
        let mut told = around::in_outputs(&spans);
        if told.is_empty() {
            told.extend(around::of_agent(&spans));
        }
        threads.extend(told);
    }
    let main = main(&mut threads, &spans);
    let truncated = trace.spans.is_none() || !notes.is_empty();
    let side = |thread: Thread| SideTalk { agent: thread.agent, messages: thread.messages };
    let messages = main.map(|place| threads.remove(place).messages).unwrap_or_default();
    let threads = threads.into_iter().map(side).collect();
    Conversation {
        trace_id: trace.info.trace_id.clone(),
        messages,
        threads,
        documents: documents::documents(&spans),
        errors: errors(trace.spans()),
        notes,
        truncated,
    }
}

fn errors(spans: &[Span]) -> Vec<Remark> {
    let note = |(span, failure): (&Span, Failure)| Remark {
        text: format!("{}: {}", span.name, failure.text()),
        span_id: Some(span.span_id_hex()),
        at: span.end_time_unix_nano.unwrap_or(span.start_time_unix_nano),
    };
    origins(spans).into_iter().map(note).collect()
}

fn unrecorded(threads: &[Thread], spans: &Spans) -> Vec<Remark> {
    let open =
        threads.iter().filter_map(|thread| thread.open.filter(|(_, is_failed)| !is_failed).map(|(place, _)| place));
    let unrecorded = threads.iter().flat_map(|thread| thread.unrecorded.iter().copied());
    let note = |place: usize| {
        let span = &spans.all[place];
        let at = span.end_time_unix_nano.unwrap_or(span.start_time_unix_nano);
        Remark { text: "the answer was not recorded".to_owned(), span_id: Some(span.span_id_hex()), at }
    };
    let earlier = spans.all.iter().find_map(|span| {
        let id = calls::text(span, "previous_response_id").filter(|id| !inputs::is_repr(id))?;
        let text = format!("earlier turns are not in this trace (previous_response_id {id})");
        Some(Remark { text, span_id: Some(span.span_id_hex()), at: span.start_time_unix_nano })
    });
    open.chain(unrecorded).map(note).chain(earlier).collect()
}

/// Which of the conversations is between the user and the application; what the root tells may be one of its own.
fn main(threads: &mut Vec<Thread>, spans: &Spans) -> Option<usize> {
    let is_open = |thread: &Thread| !thread.is_aside;
    if let Some(told) = around::root_messages(spans).filter(|told| !told.is_empty()) {
        if let Some(place) = threads.iter().rposition(|thread| is_open(thread) && thread.covers(&told)) {
            return Some(place);
        }
        let is_whole =
            told.iter().any(Message::is_assistant) || threads.iter().filter(|thread| is_open(thread)).count() != 1;
        if is_whole {
            threads.push(Thread { messages: told, ..Thread::default() });
            return Some(threads.len() - 1);
        }
    }
    let answer = spans.root().and_then(|root| spans.all[root].attribute(crate::model::keys::SPAN_OUTPUTS));
    let answer = answer.as_ref().map(sources::text_of).unwrap_or_default();
    let ends_with_it = |thread: &Thread| {
        thread.messages.last().is_some_and(|last| last.is_assistant() && last.text.trim() == answer.trim())
    };
    let by_answer = threads.iter().rposition(|thread| is_open(thread) && !answer.is_empty() && ends_with_it(thread));
    let last = || {
        let ends =
            |thread: &Thread| thread.places.iter().filter_map(|place| spans.all[*place].end_time_unix_nano).max();
        let open = threads.iter().enumerate().filter(|(_, thread)| is_open(thread));
        open.max_by_key(|(place, thread)| (ends(thread), *place)).map(|(place, _)| place)
    };
    by_answer.or_else(last)
}

#[cfg(test)]
mod tests;
