//! The order in which a review goes through its traces, and the filter that leaves some out.

use super::session::Session;
use crate::filter::{Filter, SessionScope};
use crate::model::Trace;

impl Session {
    /// Goes on with the traces that match a filter; all of them without one.
    pub(super) fn narrow(&mut self, text: &str) -> Result<(), String> {
        let filter = Filter::parse(text).map_err(|error| error.message().to_owned())?;
        if filter.needs_spans() || filter.needs_session_scope() {
            return Err("this filter needs spans or sessions; pass it to `mlflow-trace review` instead".to_owned());
        }
        let before = self.filter.replace(filter);
        let Some(first) = (0..self.traces.len()).find(|index| self.is_open(*index) && self.is_wanted(*index)) else {
            self.filter = before;
            return Err("no remaining trace matches".to_owned());
        };
        self.filter = self.filter.take().filter(|filter| !filter.is_empty());
        self.go(first);
        Ok(())
    }

    pub(super) fn is_open(&self, index: usize) -> bool {
        !self.judged.contains_key(&index) && !self.skipped.contains(&index)
    }

    /// Whether a trace is one of those that are gone through.
    pub(super) fn is_wanted(&self, index: usize) -> bool {
        let matches = |filter: &Filter| {
            let trace = Trace::without_spans(self.traces[index].clone());
            filter.matcher().matches(&trace, &SessionScope::default()).is_true()
        };
        self.filter.as_ref().is_none_or(matches)
    }

    /// To the next trace; after the last that matches, to those that are left.
    pub(super) fn go_on(&mut self) {
        let number = self.traces.len();
        let mut next = (self.at + 1..number).find(|index| self.is_wanted(*index));
        if next.is_none() && self.filter.take().is_some() {
            next = (0..number).find(|index| self.is_open(*index));
            "no more traces match; filter cleared".clone_into(&mut self.message);
        }
        self.go(next.unwrap_or(number));
    }

    pub(super) fn go(&mut self, to: usize) {
        (self.at, self.top, self.note) = (to, 0, None);
    }
}
