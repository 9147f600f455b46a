//! A conversation over several traces: what each turn adds to what was said before.
//!
//! Many applications send the whole history with each turn, some only the end of it, some nothing but the new question.

use super::{Conversation, Message};

/// What was said in the turns so far.
#[derive(Debug, Default)]
pub struct Talk {
    said: Vec<Message>,
}

impl Talk {
    /// The same turn without what was said before; turns come in the order of time.
    #[must_use]
    pub fn turn(&mut self, mut told: Conversation) -> Conversation {
        told.messages
            .retain(|message| message.role != "system" || !self.said.iter().any(|said| is_same(said, message)));
        let repeated = self.repeated(&told.messages);
        let mut place = 0;
        told.messages.retain(|message| {
            let is_conversation = message.role != "system";
            place += usize::from(is_conversation);
            !is_conversation || place > repeated
        });
        self.said.extend(told.messages.iter().cloned());
        told
    }

    /// How many messages from the beginning on were said before, in this order. The last question is of this turn, also where
    /// the same was asked before.
    fn repeated(&self, messages: &[Message]) -> usize {
        let messages: Vec<&Message> = messages.iter().filter(|message| message.role != "system").collect();
        let question = messages.iter().rposition(|message| message.role == "user").unwrap_or(0);
        let mut said = self.said.iter();
        messages[..question].iter().take_while(|message| said.any(|said| is_same(said, message))).count()
    }
}

/// Whether two messages say the same, wherever they were recorded.
fn is_same(one: &Message, other: &Message) -> bool {
    let results =
        |message: &Message| message.tool_results.iter().map(|result| result.result.clone()).collect::<Vec<_>>();
    let calls = |message: &Message| {
        message.tool_calls.iter().map(|call| (call.name.clone(), call.arguments.clone())).collect::<Vec<_>>()
    };
    one.role == other.role
        && one.text.trim() == other.text.trim()
        && calls(one) == calls(other)
        && results(one) == results(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Trace, TraceInfo};

    fn told(messages: &[(&str, &str)]) -> Conversation {
        let empty = super::super::conversation(&Trace::without_spans(TraceInfo::new("tr-1".into(), 0)));
        let messages = messages.iter().map(|(role, text)| Message::text(role, *text)).collect();
        Conversation { messages, ..empty }
    }

    fn texts(told: &Conversation) -> Vec<&str> {
        told.messages.iter().map(|message| message.text.as_str()).collect()
    }

    #[test]
    fn each_turn_adds_what_is_new() {
        let mut talk = Talk::default();
        let first = talk.turn(told(&[("system", "be brief"), ("user", "hello"), ("assistant", "hi")]));
        assert_eq!(texts(&first), ["be brief", "hello", "hi"]);
        let whole =
            [("system", "be brief"), ("user", "hello"), ("assistant", "hi "), ("user", "more"), ("assistant", "yes")];
        assert_eq!(texts(&talk.turn(told(&whole))), ["more", "yes"], "the whole history was sent");
        let end = [("assistant", "yes"), ("user", "and?"), ("assistant", "no")];
        assert_eq!(texts(&talk.turn(told(&end))), ["and?", "no"], "the end of the history was sent");
        let new = [("system", "be kind"), ("user", "more"), ("assistant", "yes")];
        assert_eq!(texts(&talk.turn(told(&new))), ["be kind", "more", "yes"], "the same question again is a new one");
        assert_eq!(texts(&talk.turn(told(&[("assistant", "bye")]))), ["bye"]);
    }
}
