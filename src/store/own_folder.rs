//! Files of a trace in its folder of the artifact store, as far as that is on this machine: its spans and its attachments.
//!
//! Invariants: a file is read only in a folder that is the trace's own by its name; a file that is not there is never an empty one.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::whole::{ARCHIVE, checked};
use super::{StoreError, TraceFailure, span_file};
use crate::model::{ArtifactFolder, AttachmentRef, Experiment, Reach, Trace, TraceInfo, TraceState, keys};

/// The file of spans in a trace's folder.
const SPAN_FILE: &str = "traces.json";

type Read = Result<Trace, TraceFailure>;

/// Where the files of a trace are.
pub(super) enum Folder {
    Here(PathBuf),
    Elsewhere(String),
    Unnamed,
}

impl Folder {
    /// The folder that a trace of an experiment names.
    pub(super) fn of(info: &TraceInfo, experiment: Option<&Experiment>) -> Self {
        let Some(location) = info.tags.get(keys::ARTIFACT_LOCATION) else { return Self::Unnamed };
        let elsewhere = Self::Elsewhere(location.clone());
        match experiment.and_then(|experiment| ArtifactFolder::of(info, experiment)) {
            Some(Ok(folder)) if *folder.reach() == Reach::Store => local(location).map_or(elsewhere, Self::Here),
            _ => elsewhere,
        }
    }

    /// The trace with the spans of its file.
    pub(super) fn whole(&self, info: TraceInfo) -> Read {
        let trace_id = info.trace_id.clone();
        if info.spans_location() == Some(ARCHIVE) {
            return archived(info);
        }
        let folder = match self {
            Self::Here(folder) => folder,
            // It says that there are none, wherever they would be.
            _ if info.stated_span_count() == Some(0) => return checked(info, Vec::new(), true),
            Self::Elsewhere(location) => {
                let location = location.clone();
                return failed(info, StoreError::SpansElsewhere { trace_id, location });
            }
            Self::Unnamed => {
                let reason = "nothing says where they are".to_owned();
                return failed(info, StoreError::SpansMissing { trace_id, reason });
            }
        };
        let file = folder.join(SPAN_FILE);
        match std::fs::read(&file) {
            Ok(body) => match span_file::file(&body) {
                Ok(spans) => checked(info, spans, true),
                Err(reason) => failed(info, StoreError::SpansUnreadable { trace_id, reason }),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => missing(info, &file),
            Err(error) => {
                let reason = format!("{}: {error}", file.display());
                failed(info, StoreError::SpansMissing { trace_id, reason })
            }
        }
    }

    /// The content of an attachment, or why it cannot be had.
    pub(super) fn attachment(&self, reference: &AttachmentRef) -> Result<Vec<u8>, String> {
        match self {
            Self::Here(folder) => {
                std::fs::read(folder.join("attachments").join(&reference.id)).map_err(|error| error.to_string())
            }
            Self::Elsewhere(location) => Err(format!("it is not on this machine but at {location}")),
            Self::Unnamed => Err("nothing says where the files of its trace are".to_owned()),
        }
    }

    /// Whether there is a file of spans.
    pub(super) fn has_spans(&self) -> bool {
        matches!(self, Self::Here(folder) if folder.join(SPAN_FILE).is_file())
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

fn failed(info: TraceInfo, error: StoreError) -> Read {
    Err(TraceFailure::new(Trace::without_spans(info), error))
}

/// A trace whose spans were moved to the archive of its server.
fn archived(info: TraceInfo) -> Read {
    let trace_id = info.trace_id.clone();
    let location = info.tags.get(keys::ARCHIVE_LOCATION).map_or("a place that nothing names", String::as_str);
    let reason = format!("they are at {location}, which only the server reads");
    failed(info, StoreError::SpansArchived { trace_id, reason })
}

/// What it means that there is no file of spans.
fn missing(info: TraceInfo, file: &Path) -> Read {
    let trace_id = info.trace_id.clone();
    let error = match info.stated_span_count() {
        Some(0) => return checked(info, Vec::new(), true),
        None if info.state == TraceState::InProgress => {
            StoreError::SpansIncomplete { trace_id, in_progress: true, found: 0, stated: None }
        }
        _ => StoreError::SpansMissing { trace_id, reason: format!("there is no file {}", file.display()) },
    };
    failed(info, error)
}
