//! Which requests go wrong, and how.

use std::sync::Arc;

use fastrand::Rng;

use super::State;
use super::http::{Answer, Request};

/// Which requests: those whose `METHOD /path` holds a text, some of them or all.
#[derive(Clone, Debug)]
pub struct Rule {
    text: String,
    skip: usize,
    times: usize,
    value: Option<String>,
    longer_than: usize,
}

impl Rule {
    /// Every request whose `METHOD /path` holds this text.
    pub fn every(text: &str) -> Self {
        Self { text: text.to_owned(), skip: 0, times: usize::MAX, value: None, longer_than: 0 }
    }

    /// The first such request.
    pub fn first(text: &str) -> Self {
        Self { times: 1, ..Self::every(text) }
    }

    /// The n-th such request, counted from 1; the n-th of all if the text is empty.
    pub fn nth(n: usize, text: &str) -> Self {
        Self { skip: n - 1, times: 1, ..Self::every(text) }
    }

    /// The n-th and all later ones.
    pub fn from(n: usize, text: &str) -> Self {
        Self { skip: n - 1, ..Self::every(text) }
    }

    /// So many in a row.
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Only those with this value in their query.
    pub fn about(self, value: &str) -> Self {
        Self { value: Some(value.to_owned()), ..self }
    }

    /// Only those whose address is longer than so many bytes.
    pub fn longer_than(self, bytes: usize) -> Self {
        Self { longer_than: bytes, ..self }
    }

    fn concerns(&self, request: &Request) -> bool {
        let query: usize = request.query.iter().map(|(key, value)| key.len() + value.len() + 2).sum();
        request.line().contains(&self.text)
            && self.value.as_ref().is_none_or(|wanted| request.query.iter().any(|(_, value)| value == wanted))
            && (self.longer_than == 0 || request.path.len() + query > self.longer_than)
    }
}

/// How a request goes wrong.
#[derive(Clone, Debug)]
pub enum Failure {
    /// It is answered like this and has no effect.
    Answer(Answer),
    /// The connection closes before anything is done.
    Close,
    /// It is done, but the connection closes before the answer.
    LoseAnswer,
    /// It is done, but answered like this.
    AnswerAfterAll(Answer),
    /// No answer ever comes.
    Stall,
}

impl Failure {
    /// A status with a line of text.
    pub fn status(status: u16, text: &str) -> Self {
        Self::Answer(Answer::new(status, "text/plain", text))
    }
}

pub type Hook = Arc<dyn Fn(&mut State) + Send + Sync>;

#[derive(Clone)]
pub enum Planned {
    Failure(Failure),
    Hook(Hook),
}

/// What is to happen.
#[derive(Default)]
pub struct Plan {
    rules: Vec<(Rule, Planned)>,
    chance: Option<(Rng, u32)>,
}

impl Plan {
    pub fn add(&mut self, rule: Rule, planned: Planned) {
        self.rules.push((rule, planned));
    }

    /// What is to happen with this request; counts it.
    pub fn for_request(&mut self, request: &Request) -> Vec<Planned> {
        let mut due = Vec::new();
        for (rule, planned) in self.rules.iter_mut().filter(|(rule, _)| rule.concerns(request)) {
            if rule.skip > 0 {
                rule.skip -= 1;
            } else if rule.times > 0 {
                rule.times -= 1;
                due.push(planned.clone());
            }
        }
        due.extend(self.by_chance().map(Planned::Failure));
        due
    }

    /// From now on one request in so many goes wrong in some way; the same seed goes wrong in the same way. `None` ends it.
    pub fn leave_to_chance(&mut self, chance: Option<(u64, u32)>) {
        self.chance = chance.map(|(seed, one_in)| (Rng::with_seed(seed), one_in));
    }

    fn by_chance(&mut self) -> Option<Failure> {
        let (rng, one_in) = self.chance.as_mut()?;
        if rng.u32(..*one_in) > 0 {
            return None;
        }
        Some(match rng.u32(..12) {
            0..3 => Failure::Close,
            3..6 => Failure::LoseAnswer,
            6 | 7 => Failure::status(500, "Internal Server Error"),
            8 | 9 => Failure::AnswerAfterAll(Answer::new(500, "text/html", "<h1>Internal Server Error</h1>")),
            10 => Failure::status(429, "Too many requests"),
            _ => Failure::Stall,
        })
    }
}
