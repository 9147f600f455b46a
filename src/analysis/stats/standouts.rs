//! The traces to look at first: the slowest, and the last that failed.

use std::cmp::Reverse;

use crate::model::{ExperimentId, Trace, TraceId, TraceState};

/// How many of each are kept.
const MOST: usize = 10;

/// What is shown of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Standout {
    /// Which trace.
    pub trace_id: TraceId,
    /// Where it is.
    pub experiment: Option<ExperimentId>,
    /// When it began, in epoch milliseconds.
    pub start_ms: i64,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// The beginning of what was asked.
    pub request: Option<String>,
    /// What the list is sorted by.
    rank: i64,
}

/// Traces that stand out, at most ten of each kind.
#[derive(Clone, Debug, Default)]
pub struct Standouts {
    /// The slowest, slowest first.
    pub slowest: Vec<Standout>,
    /// Those that failed, the last first.
    pub failed: Vec<Standout>,
}

impl Standouts {
    pub(super) fn add(&mut self, trace: &Trace) {
        if let Some(duration_ms) = trace.info.duration_ms {
            enter(&mut self.slowest, trace, duration_ms);
        }
        if trace.info.state == TraceState::Error {
            enter(&mut self.failed, trace, trace.info.request_time_ms);
        }
    }
}

/// Inserts a trace by its rank, the highest first, if it is among the first ten; the smaller id wins a tie.
fn enter(list: &mut Vec<Standout>, trace: &Trace, rank: i64) {
    let info = &trace.info;
    let place = list.partition_point(|one| (Reverse(one.rank), &one.trace_id) < (Reverse(rank), &info.trace_id));
    if place >= MOST {
        return;
    }
    list.insert(
        place,
        Standout {
            trace_id: info.trace_id.clone(),
            experiment: info.experiment_id(),
            start_ms: info.request_time_ms,
            duration_ms: info.duration_ms,
            name: info.name().map(str::to_owned),
            request: info.request_preview.clone(),
            rank,
        },
    );
    list.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TraceInfo;

    #[test]
    fn the_slowest_and_the_last_that_failed_are_kept_in_any_order_of_reading() {
        let trace = |number: i64| {
            let mut info = TraceInfo::new(TraceId::new(format!("tr-{number:03}")), number);
            info.duration_ms = Some(number * 7 % 101);
            info.state = if number % 3 == 0 { TraceState::Error } else { TraceState::Ok };
            Trace::without_spans(info)
        };
        let kept = |numbers: &mut dyn Iterator<Item = i64>| {
            let mut standouts = Standouts::default();
            numbers.for_each(|number| standouts.add(&trace(number)));
            standouts
        };
        let (one, other) = (kept(&mut (0..200)), kept(&mut (0..200).rev()));
        assert_eq!((&one.slowest, &one.failed), (&other.slowest, &other.failed));
        let durations: Vec<Option<i64>> = one.slowest.iter().map(|one| one.duration_ms).collect();
        assert_eq!(durations, [100, 100, 99, 99, 98, 98, 97, 97, 96, 96].map(Some));
        assert_eq!(
            one.failed.iter().map(|one| one.start_ms).collect::<Vec<_>>(),
            (0..10).map(|n| 198 - 3 * n).collect::<Vec<_>>()
        );
    }
}
