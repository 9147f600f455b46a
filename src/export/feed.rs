//! From a walk to the traces that are written: chosen, with spans, one at a time.

use std::collections::{HashSet, VecDeque};

use super::{Sample, Source};
use crate::model::{ExperimentId, ManifestFailure, TimeWindow, Trace, TraceId};

/// Traces whose spans are in memory at once.
const SPANS_AT_ONCE: usize = 40;

/// A trace to be written, and what could not be read of it.
pub struct Item {
    /// With its spans, if they were asked for and could be read.
    pub trace: Trace,
    /// Why it has none.
    pub failure: Option<ManifestFailure>,
}

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
    page: VecDeque<Trace>,
    ready: VecDeque<Item>,
}

impl<'a, S: Source> Feed<'a, S> {
    /// Starts the walk.
    pub fn start(source: &'a S, choice: &'a Choice, stretch: &'a Stretch) -> Result<Self, S::Error> {
        let walk = source.walk(stretch.experiment.as_ref(), stretch.window)?;
        Ok(Self { source, choice, stretch, walk, page: VecDeque::new(), ready: VecDeque::new() })
    }

    /// The next trace, which stays the next one.
    pub async fn peek(&mut self) -> Result<Option<&Item>, S::Error> {
        while self.ready.is_empty() {
            while self.page.is_empty() {
                let Some(page) = self.source.next_page(&mut self.walk).await? else { return Ok(None) };
                self.page = page.into_iter().filter(|trace| self.is_chosen(trace)).collect();
            }
            let end = self.page.len().min(SPANS_AT_ONCE);
            let batch: Vec<Trace> = self.page.drain(..end).collect();
            self.ready = if self.choice.with_spans {
                let read = self.source.with_spans(batch).await;
                read.into_iter().map(|(trace, failure)| Item { trace, failure }).collect()
            } else {
                batch.into_iter().map(|trace| Item { trace, failure: None }).collect()
            };
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
