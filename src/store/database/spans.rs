//! Spans: from the database itself, and where they are not there from a folder of this machine.
//!
//! The tag `mlflow.trace.spansLocation` says where they are. Without it they are in a file at the trace's artifact location,
//! which the database only names. Invariants: every trace that goes in comes out once and in order, whole or with the reason;
//! a file is read only in a folder that is the trace's own by its name.

use std::collections::HashMap;
use std::path::PathBuf;

use super::asker::{AT_ONCE, Asker};
use super::sql::Sql;
use crate::model::{
    ArtifactFolder, AttachmentRef, Experiment, ExperimentId, Reach, Span, Trace, TraceId, TraceInfo, TraceState, keys,
};
use crate::store::whole::{ARCHIVE, checked};
use crate::store::{StoreError, TraceFailure, span_file};

/// Where the spans of a trace are that the database has.
const HERE: &str = "TRACKING_STORE";
/// The file of spans in a trace's folder.
const SPAN_FILE: &str = "traces.json";

type Read = Result<Trace, TraceFailure>;

/// The text of a span, with what it is sorted by: roots first, then by start.
type Stored = ((bool, i64), String);

/// Experiments that were looked up.
type Known = HashMap<ExperimentId, Option<Experiment>>;

/// Where the files of a trace are.
enum Folder {
    Here(PathBuf),
    Elsewhere(String),
    Unnamed,
}

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
                from_folder(info, &folder)
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
        let Some(location) = info.tags.get(keys::ARTIFACT_LOCATION) else { return Ok(Folder::Unnamed) };
        let Some(id) = info.experiment_id() else { return Ok(Folder::Unnamed) };
        if !known.contains_key(&id) {
            let experiment = self.experiment_by_id(&id).await?;
            known.insert(id.clone(), experiment);
        }
        let elsewhere = Folder::Elsewhere(location.clone());
        let Some(Some(experiment)) = known.get(&id) else { return Ok(elsewhere) };
        Ok(match ArtifactFolder::of(info, experiment) {
            Some(Ok(folder)) if *folder.reach() == Reach::Store => local(location).map_or(elsewhere, Folder::Here),
            _ => elsewhere,
        })
    }

    /// The content of an attachment, which is a file in the folder of its trace; or why it cannot be had.
    pub(super) async fn attachment(
        &mut self,
        reference: &AttachmentRef,
    ) -> Result<Result<Vec<u8>, String>, StoreError> {
        let Some(info) = self.infos_of(std::slice::from_ref(&reference.trace_id)).await?.pop() else {
            return Ok(Err(format!("there is no trace {}", reference.trace_id)));
        };
        Ok(match self.folder(&info, &mut Known::new()).await? {
            Folder::Here(folder) => {
                std::fs::read(folder.join("attachments").join(&reference.id)).map_err(|error| error.to_string())
            }
            Folder::Elsewhere(location) => Err(format!("it is not on this machine but at {location}")),
            Folder::Unnamed => Err("nothing says where the files of its trace are".to_owned()),
        })
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

/// The folder of a location on this machine.
fn local(location: &str) -> Option<PathBuf> {
    match location.split_once("://") {
        Some(("file", path)) => path.starts_with('/').then(|| PathBuf::from(path)),
        Some(_) => None,
        None => location.starts_with('/').then(|| PathBuf::from(location)),
    }
}

fn from_folder(info: TraceInfo, folder: &Folder) -> Read {
    let trace_id = info.trace_id.clone();
    let failed = |info, error| Err(TraceFailure::new(Trace::without_spans(info), error));
    if info.spans_location() == Some(ARCHIVE) {
        let location = info.tags.get(keys::ARCHIVE_LOCATION).map_or("a place that nothing names", String::as_str);
        let reason = format!("they are at {location}, which only the server reads");
        return failed(info, StoreError::SpansArchived { trace_id, reason });
    }
    let folder = match folder {
        Folder::Here(folder) => folder,
        // It says that there are none, wherever they would be.
        _ if info.stated_span_count() == Some(0) => return checked(info, Vec::new(), true),
        Folder::Elsewhere(location) => {
            let location = location.clone();
            return failed(info, StoreError::SpansElsewhere { trace_id, location });
        }
        Folder::Unnamed => {
            let reason = "nothing says where they are".to_owned();
            return failed(info, StoreError::SpansMissing { trace_id, reason });
        }
    };
    match std::fs::read(folder.join(SPAN_FILE)) {
        Ok(body) => match span_file::file(&body) {
            Ok(spans) => checked(info, spans, true),
            Err(reason) => failed(info, StoreError::SpansUnreadable { trace_id, reason }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing(info, &folder.join(SPAN_FILE)),
        Err(error) => {
            let reason = format!("{}: {error}", folder.join(SPAN_FILE).display());
            failed(info, StoreError::SpansMissing { trace_id, reason })
        }
    }
}

/// What it means that there is no file of spans.
fn missing(info: TraceInfo, file: &std::path::Path) -> Read {
    let trace_id = info.trace_id.clone();
    let error = match info.stated_span_count() {
        Some(0) => return checked(info, Vec::new(), true),
        None if info.state == TraceState::InProgress => {
            StoreError::SpansIncomplete { trace_id, in_progress: true, found: 0, stated: None }
        }
        _ => StoreError::SpansMissing { trace_id, reason: format!("there is no file {}", file.display()) },
    };
    Err(TraceFailure::new(Trace::without_spans(info), error))
}
