//! From a walk to the traces that are written: chosen, with spans, one at a time.

use std::collections::{HashSet, VecDeque};

use super::source::Item;
use super::{Sample, Source};
use crate::model::{ExperimentId, TimeWindow, Trace, TraceId};

/// Which of the traces of a walk are written.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Whether spans are fetched.
    pub with_spans: bool,
    /// A part of all traces.
    pub sample: Option<Sample>,
}

/// One stretch of an export: an experiment, or everything where experiments are not told apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch {
    /// The experiment; `None` for traces that are in none.
    pub experiment: Option<ExperimentId>,
    /// Start times.
    pub window: TimeWindow,
    /// Traces in it that are written already.
    pub done: HashSet<TraceId>,
}

/// The traces of a stretch.
pub struct Feed<'a, S: Source> {
    source: &'a S,
    choice: &'a Choice,
    stretch: &'a Stretch,
    walk: S::Walk,
    ready: VecDeque<Item>,
}

impl<'a, S: Source> Feed<'a, S> {
    /// Starts the walk.
    pub fn start(source: &'a S, choice: &'a Choice, stretch: &'a Stretch) -> Result<Self, S::Error> {
        let walk = source.walk(stretch.experiment.as_ref(), stretch.window, choice.with_spans)?;
        Ok(Self { source, choice, stretch, walk, ready: VecDeque::new() })
    }

    /// The next trace, which stays the next one.
    pub async fn peek(&mut self) -> Result<Option<&Item>, S::Error> {
        while self.ready.is_empty() {
            let Some(page) = self.source.next_page(&mut self.walk).await? else { return Ok(None) };
            self.ready = page.into_iter().filter(|item| self.is_chosen(&item.trace)).collect();
        }
        Ok(self.ready.front())
    }

    /// Takes the trace that [`Feed::peek`] showed.
    pub fn take(&mut self) -> Option<Item> {
        self.ready.pop_front()
    }

    fn is_chosen(&self, trace: &Trace) -> bool {
        let info = &trace.info;
        self.stretch.window.contains(info.request_time_ms)
            && !self.stretch.done.contains(&info.trace_id)
            && self.choice.sample.is_none_or(|sample| sample.holds(&info.trace_id))
    }
}
