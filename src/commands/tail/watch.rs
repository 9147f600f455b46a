//! Which traces have ended since they were last looked at.
//!
//! Start times lie in the past and states change, so that a trace is known by its id, and is new once it has ended.

use std::collections::HashMap;

use crate::model::{Trace, TraceId, TraceState};

/// Traces that were found ended, with their start times.
#[derive(Default)]
pub struct Watch(HashMap<TraceId, i64>);

impl Watch {
    /// Those of the traces that have ended and were not found so before, in the order of their ends.
    pub fn ended(&mut self, traces: Vec<Trace>) -> Vec<Trace> {
        let mut ended: Vec<Trace> = traces
            .into_iter()
            .filter(has_ended)
            .filter(|trace| self.0.insert(trace.info.trace_id.clone(), trace.info.request_time_ms).is_none())
            .collect();
        ended.sort_by_cached_key(|trace| (end_ms(trace), trace.info.trace_id.clone()));
        ended
    }

    /// Forgets traces that are not looked at any more.
    pub fn forget(&mut self, oldest_ms: i64) {
        self.0.retain(|_, start_ms| *start_ms >= oldest_ms);
    }
}

/// Whether nothing more is to come of a trace.
pub fn has_ended(trace: &Trace) -> bool {
    trace.info.state != TraceState::InProgress
}

fn end_ms(trace: &Trace) -> i64 {
    trace.info.request_time_ms.saturating_add(trace.info.duration_ms.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TraceInfo;

    fn trace(id: &str, start_ms: i64, duration_ms: Option<i64>) -> Trace {
        let mut info = TraceInfo::new(TraceId::new(id), start_ms);
        info.state = if duration_ms.is_some() { TraceState::Ok } else { TraceState::InProgress };
        info.duration_ms = duration_ms;
        Trace::without_spans(info)
    }

    fn ids(traces: &[Trace]) -> Vec<&str> {
        traces.iter().map(|trace| trace.info.trace_id.as_str()).collect()
    }

    #[test]
    fn each_trace_is_new_once_and_when_it_has_ended() {
        let mut watch = Watch::default();
        let first = watch.ended(vec![trace("slow", 10, None), trace("b", 30, Some(5)), trace("a", 20, Some(5))]);
        assert_eq!(ids(&first), ["a", "b"]);
        let second = watch.ended(vec![trace("slow", 10, Some(90)), trace("b", 30, Some(5)), trace("late", 5, Some(1))]);
        assert_eq!(ids(&second), ["late", "slow"], "in the order of their ends");
        watch.forget(20);
        assert_eq!(ids(&watch.ended(vec![trace("b", 30, Some(5))])), Vec::<&str>::new());
    }
}
