//! Spans: from the database itself, and where they are not there from a folder of this machine or of an object store.
//!
//! The tag `mlflow.trace.spansLocation` says where they are. Without it they are in a file at the trace's artifact location,
//! which the database only names, as it names the archive of a server. Invariant: every trace that goes in comes out once and in order, whole or with the reason.

use std::collections::HashMap;

use futures_util::StreamExt;

use super::asker::{AT_ONCE, Asker};
use super::sql::Sql;
use crate::model::{AttachmentRef, Experiment, ExperimentId, Span, Trace, TraceId, TraceInfo};
use crate::store::own_folder::Folder;
use crate::store::whole::checked;
use crate::store::{StoreError, TraceFailure};

/// Where the spans of a trace are that the database has.
const HERE: &str = "TRACKING_STORE";
/// Files of spans that are read at once: in an object store each is a request.
const FILES_AT_ONCE: usize = 16;
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
        let mut known = Known::new();
        let (mut read, mut folders) = (Vec::with_capacity(traces.len()), Vec::new());
        for Trace { info, .. } in traces {
            if is_here(&info) {
                let spans = stored.remove(&info.trace_id).unwrap_or_default();
                read.push(Some(parsed(info, spans)));
            } else {
                let experiment = self.experiment_of(&info, &mut known).await?;
                folders.push((read.len(), Folder::of_spans(&info, experiment), info));
                read.push(None);
            }
        }
        let objects = self.objects();
        let files = folders.into_iter().map(|(place, folder, info)| {
            let objects = &*objects;
            async move { (place, folder.whole(info, objects).await) }
        });
        let mut files = futures_util::stream::iter(files).buffer_unordered(FILES_AT_ONCE);
        while let Some((place, whole)) = files.next().await {
            read[place] = Some(whole);
        }
        Ok(read.into_iter().flatten().collect())
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

    async fn experiment_of<'k>(
        &mut self,
        info: &TraceInfo,
        known: &'k mut Known,
    ) -> Result<Option<&'k Experiment>, StoreError> {
        let Some(id) = info.experiment_id() else { return Ok(None) };
        if !known.contains_key(&id) {
            let experiment = self.experiment_by_id(&id).await?;
            known.insert(id.clone(), experiment);
        }
        Ok(known.get(&id).and_then(Option::as_ref))
    }

    /// The content of an attachment, which is a file in the folder of its trace; or why it cannot be had.
    pub(super) async fn attachment(
        &mut self,
        reference: &AttachmentRef,
    ) -> Result<Result<Vec<u8>, String>, StoreError> {
        let Some(info) = self.infos_of(std::slice::from_ref(&reference.trace_id)).await?.pop() else {
            return Ok(Err(format!("there is no trace {}", reference.trace_id)));
        };
        let mut known = Known::new();
        let folder = Folder::of(&info, self.experiment_of(&info, &mut known).await?);
        Ok(folder.attachment(reference, &self.objects()).await)
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
