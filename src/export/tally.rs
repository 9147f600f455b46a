//! What a part holds, in numbers.

use indexmap::IndexMap;

use super::feed::Exported;
use super::state::Noted;
use super::{Format, Redaction};
use crate::model::{ManifestCounts, ManifestFailure, TimeWindow, Trace, TraceId};

/// Counts traces on their way into a part.
#[derive(Debug, Default)]
pub struct Tally {
    /// Of this part alone.
    pub counts: ManifestCounts,
    /// Rows, where a trace can be many.
    pub rows: u64,
    /// Start times.
    pub window: TimeWindow,
    /// The traces that start at the oldest time, or all.
    pub boundary: Vec<TraceId>,
    /// Whether all are listed there.
    pub lists_all: bool,
    /// Whether a limit cut it off, so that there are more.
    pub is_part: bool,
    /// Traces without the spans that were asked for.
    pub failed: Vec<ManifestFailure>,
    /// Traces that start at this time or later are listed in `recent`.
    pub noted_from: Option<i64>,
    /// Traces that earlier runs wrote.
    pub known: Exported,
    /// What is to be remembered of those.
    pub recent: Vec<(TraceId, Noted)>,
}

impl Tally {
    /// Counts a trace as it came, takes out what must not be written, and counts that.
    pub fn take(&mut self, trace: &mut Trace, redaction: &Redaction, format: &dyn Format) {
        count_cut(&mut self.counts, trace);
        if self.noted_from.is_some_and(|from| trace.info.request_time_ms >= from) {
            self.recent.push((trace.info.trace_id.clone(), Noted::of(&trace.info)));
        }
        self.counts.again += u64::from(self.known.contains_key(&trace.info.trace_id));
        redaction.apply(trace, &mut self.counts.replaced);
        count(&mut self.counts, trace);
        self.rows += format.rows_of(trace);
        self.move_window(trace.info.request_time_ms, &trace.info.trace_id);
    }

    /// Counts a trace whose attachments are left out, if it has any.
    pub fn leave_out_attachments(&mut self, trace: &Trace) {
        self.counts.without_attachments += u64::from(!trace.attachments().is_empty());
    }

    fn move_window(&mut self, start_ms: i64, id: &TraceId) {
        if self.window.oldest_ms.is_none_or(|oldest| start_ms < oldest) {
            self.window.oldest_ms = Some(start_ms);
            if !self.lists_all {
                self.boundary.clear();
            }
        }
        if self.lists_all || self.window.oldest_ms == Some(start_ms) {
            self.boundary.push(id.clone());
        }
        self.window.newest_ms = self.window.newest_ms.max(Some(start_ms));
    }
}

/// Counts the values of a trace that may have been cut.
pub(super) fn count_cut(counts: &mut ManifestCounts, trace: &Trace) {
    let cut = trace.info.maybe_cut();
    let is_whole = |preview: &&&str| match **preview {
        "request" => trace.whole_request().is_some(),
        _ => trace.whole_response().is_some(),
    };
    let previews = cut.previews.iter().filter(|preview| !is_whole(preview)).count();
    for (kind, count) in [("metadata", cut.metadata.len()), ("tags", cut.tags.len()), ("previews", previews)] {
        if count > 0 {
            *counts.maybe_cut.entry(kind.to_owned()).or_default() += count as u64;
        }
    }
}

/// Counts a trace.
pub(super) fn count(counts: &mut ManifestCounts, trace: &Trace) {
    counts.traces += 1;
    counts.spans += trace.spans().len() as u64;
    counts.assessments += trace.info.assessments.len() as u64;
}

/// Adds what a part holds to what all of them hold.
pub fn add(all: &mut ManifestCounts, part: &ManifestCounts) {
    all.traces += part.traces;
    all.spans += part.spans;
    all.assessments += part.assessments;
    all.bytes += part.bytes;
    all.attachments += part.attachments;
    all.again += part.again;
    all.without_attachments += part.without_attachments;
    let add = |all: &mut IndexMap<String, u64>, part: &IndexMap<String, u64>| {
        for (key, count) in part {
            *all.entry(key.clone()).or_default() += count;
        }
    };
    add(&mut all.replaced, &part.replaced);
    add(&mut all.maybe_cut, &part.maybe_cut);
}
