//! From a walk to the traces that are written: chosen, with spans, one at a time.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;

use super::state::Noted;
use super::{Sample, TraceSource};
use crate::model::{ExperimentId, ManifestFailure, TimeWindow, Trace, TraceId};

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
    /// At most this many of those in one file.
    pub limit: Option<u64>,
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
    /// Traces that earlier runs wrote: written again only if they have changed.
    pub known: Exported,
}

/// What earlier runs wrote.
pub type Exported = Arc<IndexMap<TraceId, Noted>>;

/// Which traces of a stretch are written, by their infos.
#[derive(Clone, Debug)]
pub struct Chosen {
    window: TimeWindow,
    done: HashSet<TraceId>,
    known: Exported,
    sample: Option<Sample>,
}

impl Chosen {
    /// Those of a stretch.
    #[must_use]
    pub fn of(stretch: &Stretch, choice: &Choice) -> Self {
        let (done, known) = (stretch.done.clone(), Arc::clone(&stretch.known));
        Self { window: stretch.window, done, known, sample: choice.sample }
    }

    /// Whether a trace is one of them.
    #[must_use]
    pub fn holds(&self, trace: &Trace) -> bool {
        let info = &trace.info;
        self.window.contains(info.request_time_ms)
            && !self.done.contains(&info.trace_id)
            && self.known.get(&info.trace_id).is_none_or(|noted| noted.has_changed(info))
            && self.sample.is_none_or(|sample| sample.holds(&info.trace_id))
    }
}

/// The traces of a stretch, those that came late last.
pub struct Feed<'a, S: TraceSource> {
    source: &'a S,
    walk: Option<S::Walk>,
    late: VecDeque<Item>,
    next: Option<Item>,
    known: Exported,
}

impl<'a, S: TraceSource> Feed<'a, S> {
    /// Starts the walk.
    pub fn start(source: &'a S, choice: &Choice, stretch: &Stretch) -> Result<Self, S::Error> {
        let walk = source.walk(stretch, choice)?;
        let known = Arc::clone(&stretch.known);
        Ok(Self { source, walk: Some(walk), late: VecDeque::new(), next: None, known })
    }

    /// The next trace, which stays the next one.
    pub async fn peek(&mut self) -> Result<Option<&Item>, S::Error> {
        if self.next.is_none() {
            if let Some(walk) = &mut self.walk {
                self.next = self.source.next(walk).await?;
            }
            if self.next.is_none() {
                if let Some(walk) = self.walk.take() {
                    self.late = self.source.late(walk).await?.into();
                }
                self.next = self.late.pop_front();
            }
        }
        Ok(self.next.as_ref())
    }

    /// Takes the trace that [`Feed::peek`] showed.
    pub fn take(&mut self) -> Option<Item> {
        self.next.take()
    }

    /// What earlier runs wrote.
    #[must_use]
    pub fn known(&self) -> Exported {
        Arc::clone(&self.known)
    }

    /// Whether the trace that [`Feed::peek`] showed came late.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.walk.is_none()
    }
}
