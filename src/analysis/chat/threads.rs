//! Calls of models as conversations: each call repeats what was said before it, which is told once.

use std::collections::HashMap;

use super::calls::{Call, Spans};
use super::message::Message;

/// What was said in one row of calls.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// All of it, the system's words included.
    pub messages: Vec<Message>,
    /// Who called.
    pub agent: Option<String>,
    /// Whether it judged others.
    pub is_aside: bool,
    /// Whether only answers were recorded, and nothing that was sent.
    pub is_unsent: bool,
    /// The spans of its calls.
    pub places: Vec<usize>,
    /// The last call, if what it answered is not known, and whether it failed.
    pub open: Option<(usize, bool)>,
    /// Calls whose answers nobody recorded.
    pub unrecorded: Vec<usize>,
    /// The words of the system now.
    pub system: Vec<String>,
}

/// The conversations of a trace, in the order in which they began.
pub(super) fn threads(calls: Vec<Call>) -> Vec<Thread> {
    let mut threads: Vec<Thread> = Vec::new();
    for call in calls {
        let best = threads.iter().enumerate().filter_map(|(place, thread)| Some((thread.fit(&call)?, place))).max();
        match best {
            Some((known, place)) => threads[place].continue_with(call, known),
            None => threads.push(Thread::begin(call)),
        }
    }
    for thread in &mut threads {
        if !thread.is_unsent {
            thread.messages = super::shapes::joined(std::mem::take(&mut thread.messages));
        }
        thread.name_results();
    }
    threads
}

fn split(sent: &[Message]) -> (&[Message], &[Message]) {
    sent.split_at(sent.iter().take_while(|message| message.is_system()).count())
}

fn texts(system: &[Message]) -> Vec<String> {
    system.iter().map(|message| message.text.trim().to_owned()).collect()
}

impl Thread {
    fn begin(call: Call) -> Self {
        let (agent, is_unsent) = (call.agent.clone(), call.sent.is_empty());
        let mut thread = Self { agent, is_aside: call.is_aside, is_unsent, ..Self::default() };
        thread.system = texts(split(&call.sent).0);
        thread.messages.clone_from(&call.sent);
        thread.end_call(call);
        thread
    }

    /// What was said without the system's words.
    fn said(&self) -> Vec<&Message> {
        self.messages.iter().filter(|message| !message.is_system()).collect()
    }

    /// How many of the sent messages this conversation holds already, if the call continues it.
    fn fit(&self, call: &Call) -> Option<usize> {
        let (system, sent) = split(&call.sent);
        let said = self.said();
        if call.sent.is_empty() && self.is_unsent && self.agent == call.agent && self.is_aside == call.is_aside {
            return Some(0);
        }
        if self.is_unsent || sent.is_empty() || said.is_empty() || self.is_aside != call.is_aside {
            return None;
        }
        let is_open_retry = self.open.is_some() && sent.len() == said.len();
        if is_open_retry && texts(system) != self.system {
            return None;
        }
        let is_same = |said: &[&Message], sent: &[Message]| {
            said.iter().zip(sent).rev().enumerate().all(|(back, (one, two))| {
                if back == 0 {
                    one.resembles(two)
                } else {
                    one.is_same(two) || (one.is_assistant() && one.resembles(two))
                }
            })
        };
        if sent.len() >= said.len() && is_same(&said, sent) {
            return Some(said.len());
        }
        if self.is_repeated(&said, call, sent, system) {
            return Some(sent.len());
        }
        // A memory that forgets the beginning.
        let longest = sent.len().min(said.len().saturating_sub(1));
        (2..=longest).rev().find(|length| is_same(&said[said.len() - length..], &sent[..*length]))
    }

    /// Whether the same call was seen before, with the same answer.
    fn is_repeated(&self, said: &[&Message], call: &Call, sent: &[Message], system: &[Message]) -> bool {
        let is_prefix = sent.len() < said.len() && sent.iter().zip(said).all(|(one, two)| one.is_same(two));
        let is_answered =
            call.answer.first().is_some_and(|answer| answer.is_same(said[sent.len().min(said.len() - 1)]));
        is_prefix && is_answered && texts(system) == self.system
    }

    fn continue_with(&mut self, call: Call, known: usize) {
        let (system, sent) = split(&call.sent);
        let said = self.said().len();
        if self.is_unsent {
            return self.end_call(call);
        }
        if known < said && known == sent.len() {
            self.places.push(call.place);
            return;
        }
        // What was not recorded when it was answered stands in what was sent next.
        let fresh = sent[known..].to_vec();
        let is_told = fresh.first().is_some_and(Message::is_assistant);
        self.unrecorded
            .extend(self.open.take().filter(|(_, is_failed)| !is_failed && !is_told).map(|(place, _)| place));
        self.messages.extend(fresh);
        if !system.is_empty() && texts(system) != self.system {
            self.system = texts(system);
            self.messages.extend(system.to_vec());
        }
        self.end_call(call);
    }

    fn end_call(&mut self, call: Call) {
        self.places.push(call.place);
        if call.answer.is_empty() {
            self.open = Some((call.place, call.is_failed));
        }
        self.messages.extend(call.answer);
    }

    /// Results name their tools by the calls they belong to.
    fn name_results(&mut self) {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut last: Vec<String> = Vec::new();
        for message in &mut self.messages {
            if !message.tool_calls.is_empty() {
                last = message.tool_calls.iter().map(|call| call.name.clone()).collect();
                names.extend(message.tool_calls.iter().filter_map(|call| Some((call.id.clone()?, call.name.clone()))));
            }
            let count = message.tool_results.len();
            for (place, result) in
                message.tool_results.iter_mut().enumerate().filter(|(_, result)| result.name.is_empty())
            {
                let by_id = result.id.as_ref().and_then(|id| names.get(id)).cloned();
                let by_place = || last.get(place).filter(|_| last.len() == count).cloned();
                result.name = by_id.or_else(by_place).unwrap_or_default();
            }
        }
    }

    /// Closes the last call with an answer that was found elsewhere.
    pub(super) fn answer_with(&mut self, mut answer: Vec<Message>, spans: &Spans) {
        let Some((place, _)) = self.open.take() else { return };
        for message in &mut answer {
            message.span_id = Some(spans.all[place].span_id_hex());
            message.at = spans.all[place].end_time_unix_nano.unwrap_or_default();
            message.agent.clone_from(&self.agent);
        }
        self.messages.extend(answer);
    }

    /// Whether everything that is said in these messages is said here, in the same order.
    pub(super) fn covers(&self, messages: &[Message]) -> bool {
        let mut said = self.messages.iter();
        let told = messages.iter().filter(|message| !message.is_system() && !message.text.trim().is_empty());
        told.clone().count() > 0
            && told.clone().all(|one| said.any(|two| one.role == two.role && one.text.trim() == two.text.trim()))
    }
}
