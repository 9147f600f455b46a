//! How many traces one request asks for, learnt from the answers, and which ones.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::{Trace, TraceInfo};

/// Traces of the first request.
const FIRST: usize = 10;
/// Maximum traces of one request: a server (3.17.2 with `SQLite`) was seen to need a twentieth less time for each trace in
/// eighties than in twenties or forties, and more do not fit into an address.
const MOST: usize = 80;
/// Maximum length of path and query of a request; with the rest of its line, what gunicorn and some proxies take (4,094
/// bytes).
const URL_BYTES: usize = 3_900;
/// Maximum estimated bytes of one answer, unless one trace alone is larger.
pub(super) const BATCH_BYTES: u64 = 2 << 20;
/// What an answer may be for the next request to ask for more.
const QUICK: Duration = Duration::from_secs(1);
const SMALL: usize = 1 << 20;
/// What makes the next request ask for less.
const SLOW: Duration = Duration::from_secs(5);
const LARGE: usize = 4 << 20;
/// The size of a trace that tells nothing of it, before the first answer.
const UNKNOWN_BYTES: u64 = 8 << 10;

/// The pace of one server, shared by all that read from it.
pub(in crate::store::server) struct Pace(Mutex<State>);

struct State {
    traces: usize,
    most: usize,
    mean_bytes: u64,
    has_batches: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(State { traces: FIRST, most: MOST, mean_bytes: UNKNOWN_BYTES, has_batches: true }))
    }
}

impl Pace {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an answered request for this many traces.
    pub fn answered(&self, traces: usize, bytes: usize, took: Duration) {
        let mut state = self.state();
        let each = bytes as u64 / traces.max(1) as u64;
        state.mean_bytes = (state.mean_bytes * 3 + each) / 4;
        if took > SLOW || bytes > LARGE {
            state.traces = (traces / 2).clamp(1, state.traces);
        } else if took < QUICK && bytes < SMALL && traces >= state.traces {
            state.traces = state.traces.saturating_mul(2).min(state.most);
        }
    }

    /// No answer came in time: less may be answered.
    pub fn too_slow(&self, traces: usize) {
        let mut state = self.state();
        state.traces = (traces / 2).clamp(1, state.traces);
    }

    /// The request itself was too long for something on its way, which will not change.
    pub fn too_long(&self, traces: usize) {
        let mut state = self.state();
        state.most = (traces / 2).max(1).min(state.most);
        state.traces = state.traces.min(state.most);
    }

    /// Whether the server has a route for more than one trace, as far as is known.
    pub fn has_batches(&self) -> bool {
        self.state().has_batches
    }

    /// The server has no such route.
    pub fn no_batches(&self) {
        self.state().has_batches = false;
    }

    /// What an answer with this trace grows by, in bytes: the REST API needs half as much again as the client's own JSON.
    fn cost(&self, info: &TraceInfo) -> u64 {
        info.size_bytes().map_or_else(|| self.state().mean_bytes, |bytes| bytes.saturating_add(bytes / 2))
    }

    /// The next traces that go together, at least one, with their estimated size; nothing if none is waiting. `base` is the
    /// length of the path and of everything in the query but the ids.
    pub fn batch(&self, waiting: &mut VecDeque<Trace>, base: usize) -> Option<(Vec<Trace>, u64)> {
        let first = waiting.pop_front()?;
        let (mut bytes, mut url) = (self.cost(&first.info), base + parameter_length(&first.info));
        let most = self.state().traces;
        let mut batch = vec![first];
        while batch.len() < most
            && let Some(next) = waiting.front()
        {
            bytes = bytes.saturating_add(self.cost(&next.info));
            url += parameter_length(&next.info);
            if bytes > BATCH_BYTES || url > URL_BYTES {
                bytes -= self.cost(&next.info).min(bytes);
                break;
            }
            batch.extend(waiting.pop_front());
        }
        Some((batch, bytes))
    }
}

/// The length of `&trace_ids=…` for a trace.
fn parameter_length(info: &TraceInfo) -> usize {
    let escaped = |byte: u8| if byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte) { 1 } else { 3 };
    "&trace_ids=".len() + info.trace_id.as_str().bytes().map(escaped).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TraceId, keys};

    fn waiting(count: usize, bytes: Option<u64>) -> VecDeque<Trace> {
        let trace = |number: usize| {
            let mut info = TraceInfo::new(TraceId::new(format!("tr-{number:032x}")), 0);
            if let Some(bytes) = bytes {
                info.metadata.insert(keys::SIZE_BYTES.into(), bytes.to_string());
            }
            Trace::without_spans(info)
        };
        (0..count).map(trace).collect()
    }

    fn sizes(pace: &Pace, mut waiting: VecDeque<Trace>) -> Vec<usize> {
        std::iter::from_fn(|| Some(pace.batch(&mut waiting, 40)?.0.len())).collect()
    }

    #[test]
    fn requests_grow_while_answers_are_quick_and_small_up_to_what_an_address_holds() {
        let pace = Pace::default();
        assert_eq!(sizes(&pace, waiting(25, None)), [10, 10, 5]);
        for _ in 0..8 {
            pace.answered(usize::MAX, 10_000, Duration::from_millis(50));
        }
        assert_eq!(sizes(&pace, waiting(100, Some(1000))), [80, 20]);
        let (long, _) = pace.batch(&mut waiting(40, None), 2500).unwrap();
        assert_eq!(long.len(), 30, "2,500 + 30 * 46 <= 3,900 bytes");
    }

    #[test]
    fn slow_and_large_answers_make_them_smaller() {
        let pace = Pace::default();
        pace.answered(10, 10_000, Duration::from_secs(6));
        assert_eq!(sizes(&pace, waiting(10, None)), [5, 5]);
        pace.answered(5, 9 << 20, Duration::from_millis(10));
        assert_eq!(pace.state().traces, 2);
        pace.too_slow(2);
        pace.too_slow(1);
        assert_eq!(pace.state().traces, 1);
    }

    #[test]
    fn a_partly_filled_request_says_nothing_of_a_larger_one() {
        let pace = Pace::default();
        pace.answered(3, 1000, Duration::from_millis(1));
        assert_eq!(pace.state().traces, FIRST);
    }

    #[test]
    fn a_limit_of_the_way_stays() {
        let pace = Pace::default();
        pace.too_long(10);
        pace.answered(5, 1000, Duration::from_millis(1));
        assert_eq!(sizes(&pace, waiting(12, None)), [5, 5, 2]);
    }

    #[test]
    fn large_traces_go_alone() {
        let pace = Pace::default();
        assert_eq!(sizes(&pace, waiting(3, Some(BATCH_BYTES))), [1, 1, 1]);
        assert_eq!(sizes(&pace, waiting(4, Some(BATCH_BYTES / 3))), [2, 2]);
        let (batch, bytes) = pace.batch(&mut waiting(4, Some(BATCH_BYTES / 3)), 0).unwrap();
        assert_eq!((batch.len(), bytes), (2, 2 * (BATCH_BYTES / 3 + BATCH_BYTES / 6)));
    }

    #[test]
    fn sizes_that_are_not_stated_are_learnt() {
        let pace = Pace::default();
        for _ in 0..20 {
            pace.answered(1, 1 << 20, Duration::from_millis(500));
        }
        assert!(pace.cost(&waiting(1, None)[0].info) > 900_000);
        assert_eq!(sizes(&pace, waiting(5, None)), [2, 2, 1]);
    }
}
