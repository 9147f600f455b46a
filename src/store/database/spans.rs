//! Spans: from the database itself, and where they are not there from a folder of this machine.
//!
//! The tag `mlflow.trace.spansLocation` says where they are. Without it they are in a file at the trace's artifact location,
//! which the database only names. Invariant: every trace that goes in comes out once and in order, whole or with the reason.

use std::collections::HashMap;

use super::asker::{AT_ONCE, Asker};
use super::sql::Sql;
use crate::model::{AttachmentRef, Experiment, ExperimentId, Span, Trace, TraceId, TraceInfo};
use crate::store::own_folder::Folder;
use crate::store::whole::checked;
use crate::store::{StoreError, TraceFailure};

/// Where the spans of a trace are that the database has.
const HERE: &str = "TRACKING_STORE";
type Read = Result<Trace, TraceFailure>;

/// The text of a span, with what it is sorted by: roots first, then by start.
type Stored = ((bool, i64), String);

/// Experiments that were looked up.
type Known = HashMap<ExperimentId, Option<Experiment>>;

impl Asker {
    /// Adds the spans to traces, in order; each trace fails on its own, also if it has only some of its spans. An error concerns
    /// all of them.
    pub(super) async fn whole(&mut self, traces: Vec<Trace>) -> Result<Vec<Read>, StoreError> {
        let here = traces.iter().filter(|trace| is_here(&trace.info)).map(|trace| trace.info.trace_id.clone());
        let mut stored = self.stored(&here.collect::<Vec<_>>()).await?;
        let (mut known, mut read) = (Known::new(), Vec::with_capacity(traces.len()));
        for Trace { info, .. } in traces {
            read.push(if is_here(&info) {
                let spans = stored.remove(&info.trace_id).unwrap_or_default();
                parsed(info, spans)
            } else {
                let folder = self.folder(&info, &mut known).await?;
                folder.whole(info)
            });
        }
        Ok(read)
    }

    /// The texts of the spans of these traces.
    async fn stored(&mut self, ids: &[TraceId]) -> Result<HashMap<TraceId, Vec<Stored>>, StoreError> {
        let mut stored: HashMap<TraceId, Vec<Stored>> = HashMap::new();
        if !self.schema.has_spans {
            return Ok(stored);
        }
        for part in ids.chunks(AT_ONCE) {
            let sql = Sql::new(
                "SELECT trace_id, parent_span_id, start_time_unix_nano, content FROM spans WHERE trace_id IN ",
            )
            .list(part.iter().map(TraceId::as_str));
            for mut row in self.rows(&sql).await? {
                let trace_id = TraceId::new(row.text_or_empty());
                let place = (row.text().is_some(), row.integer().unwrap_or(i64::MIN));
                stored.entry(trace_id).or_default().push((place, row.text_or_empty()));
            }
        }
        Ok(stored)
    }

    async fn folder(&mut self, info: &TraceInfo, known: &mut Known) -> Result<Folder, StoreError> {
        let Some(id) = info.experiment_id() else { return Ok(Folder::Unnamed) };
        if !known.contains_key(&id) {
            let experiment = self.experiment_by_id(&id).await?;
            known.insert(id.clone(), experiment);
        }
        Ok(Folder::of(info, known.get(&id).and_then(Option::as_ref)))
    }

    /// The content of an attachment, which is a file in the folder of its trace; or why it cannot be had.
    pub(super) async fn attachment(
        &mut self,
        reference: &AttachmentRef,
    ) -> Result<Result<Vec<u8>, String>, StoreError> {
        let Some(info) = self.infos_of(std::slice::from_ref(&reference.trace_id)).await?.pop() else {
            return Ok(Err(format!("there is no trace {}", reference.trace_id)));
        };
        Ok(self.folder(&info, &mut Known::new()).await?.attachment(reference))
    }
}

fn is_here(info: &TraceInfo) -> bool {
    info.spans_location() == Some(HERE)
}

fn parsed(info: TraceInfo, mut stored: Vec<Stored>) -> Read {
    // Stable, and on equal places as the database has them.
    stored.sort_by_key(|(place, _)| *place);
    // The text is taken away when spans are moved to the archive.
    stored.retain(|(_, text)| !text.is_empty());
    let spans: Result<Vec<Span>, String> = stored.iter().map(|(_, text)| Span::from_text(text.as_bytes())).collect();
    match spans {
        Ok(spans) => checked(info, spans, true),
        Err(reason) => {
            let trace_id = info.trace_id.clone();
            Err(TraceFailure::new(Trace::without_spans(info), StoreError::SpansUnreadable { trace_id, reason }))
        }
    }
}
