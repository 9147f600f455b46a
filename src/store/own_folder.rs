//! Files of a trace in its folder of the artifact store: its spans and its attachments; and the file of spans that a server has
//! moved to its archive. They are read on this machine and in object stores.
//!
//! Invariants: a file is read only in a folder that is the trace's own by its name; a file that is not there is never an empty one.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::objects::{Objects, is_object};
#[cfg(feature = "otlp")]
use super::traces_pb::file as archive_file;
use super::whole::{ARCHIVE, checked};
use super::{StoreError, TraceFailure, span_file};
use crate::model::{ArtifactFolder, AttachmentRef, Experiment, Reach, Trace, TraceInfo, TraceState, keys};

/// The file of spans in a trace's folder, and in the folder of its archive.
const SPAN_FILE: &str = "traces.json";
const ARCHIVE_FILE: &str = "traces.pb";

type Read = Result<Trace, TraceFailure>;

/// Where the files of a trace are.
pub(super) enum Folder {
    Here(PathBuf),
    /// In an object store.
    There(String),
    Elsewhere(String),
    Unnamed,
}

impl Folder {
    /// The folder of artifacts that a trace of an experiment names.
    pub(super) fn of(info: &TraceInfo, experiment: Option<&Experiment>) -> Self {
        Self::named(keys::ARTIFACT_LOCATION, info, experiment)
    }

    /// The folder in which the spans of a trace are.
    #[cfg(feature = "database")]
    pub(super) fn of_spans(info: &TraceInfo, experiment: Option<&Experiment>) -> Self {
        let tag = if is_archived(info) { keys::ARCHIVE_LOCATION } else { keys::ARTIFACT_LOCATION };
        Self::named(tag, info, experiment)
    }

    fn named(tag: &str, info: &TraceInfo, experiment: Option<&Experiment>) -> Self {
        let Some(location) = info.tags.get(tag) else { return Self::Unnamed };
        let folder = experiment.map(|experiment| ArtifactFolder::parse(location, &info.trace_id, experiment));
        match folder {
            Some(Ok(folder)) if *folder.reach() == Reach::Store && is_object(location) => Self::There(location.clone()),
            Some(Ok(folder)) if *folder.reach() == Reach::Store => {
                local(location).map_or_else(|| Self::Elsewhere(location.clone()), Self::Here)
            }
            _ => Self::Elsewhere(location.clone()),
        }
    }

    /// The trace with the spans of its file.
    pub(super) async fn whole(&self, info: TraceInfo, objects: &Objects) -> Read {
        let trace_id = info.trace_id.clone();
        let is_archived = is_archived(&info);
        let name = if is_archived { ARCHIVE_FILE } else { SPAN_FILE };
        let body = match self {
            Self::Here(_) | Self::There(_) => self.file(name, objects).await,
            // It says that there are none, wherever they would be.
            _ if info.stated_span_count() == Some(0) => return checked(info, Vec::new(), true),
            Self::Elsewhere(location) if is_archived => {
                let reason = format!("they are at {location}, which only the server reads");
                return failed(info, StoreError::SpansArchived { trace_id, reason });
            }
            Self::Elsewhere(location) => {
                let location = location.clone();
                return failed(info, StoreError::SpansElsewhere { trace_id, location });
            }
            Self::Unnamed => return missing(info, "nothing says where they are"),
        };
        let read = if is_archived { archive_file } else { span_file::file };
        match body {
            Ok(Some(body)) => match read(&body) {
                Ok(spans) => checked(info, spans, true),
                Err(reason) => failed(info, StoreError::SpansUnreadable { trace_id, reason }),
            },
            Ok(None) => missing(info, &format!("there is no file {}", self.path(name))),
            Err(reason) => failed(info, StoreError::SpansUnreachable { trace_id, reason }),
        }
    }

    /// The content of a file, `None` if there is none, or why it cannot be read.
    async fn file(&self, name: &str, objects: &Objects) -> Result<Option<Vec<u8>>, String> {
        let told = |reason: String| format!("{}: {reason}", self.path(name));
        match self {
            Self::Here(folder) => match std::fs::read(folder.join(name)) {
                Ok(body) => Ok(Some(body)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(told(error.to_string())),
            },
            Self::There(_) => objects.get(&self.path(name)).await.map_err(told),
            Self::Elsewhere(location) => Err(format!("it is not on this machine but at {location}")),
            Self::Unnamed => Err("nothing says where the files of its trace are".to_owned()),
        }
    }

    fn path(&self, name: &str) -> String {
        match self {
            Self::Here(folder) => folder.join(name).display().to_string(),
            Self::There(location) | Self::Elsewhere(location) => format!("{location}/{name}"),
            Self::Unnamed => name.to_owned(),
        }
    }

    /// The content of an attachment, or why it cannot be had.
    pub(super) async fn attachment(&self, reference: &AttachmentRef, objects: &Objects) -> Result<Vec<u8>, String> {
        let name = format!("attachments/{}", reference.id);
        let content = self.file(&name, objects).await?;
        content.ok_or_else(|| format!("there is no file {}", self.path(&name)))
    }

    /// Whether there is a file of spans on this machine, or a place for one that is not.
    pub(super) fn may_have_spans(&self) -> bool {
        match self {
            Self::Here(folder) => folder.join(SPAN_FILE).is_file(),
            Self::There(_) => true,
            Self::Elsewhere(location) => is_remote(location),
            Self::Unnamed => false,
        }
    }
}

#[cfg(not(feature = "otlp"))]
fn archive_file(_: &[u8]) -> span_file::Read {
    Err("this program was built without OpenTelemetry's protocol; build it with the cargo feature otlp".to_owned())
}

fn is_archived(info: &TraceInfo) -> bool {
    info.spans_location() == Some(ARCHIVE)
}

fn is_remote(location: &str) -> bool {
    location.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && scheme != "file")
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

/// What it means that there is no file of spans.
fn missing(info: TraceInfo, reason: &str) -> Read {
    let (trace_id, reason) = (info.trace_id.clone(), reason.to_owned());
    let error = match info.stated_span_count() {
        Some(0) => return checked(info, Vec::new(), true),
        _ if is_archived(&info) => StoreError::SpansArchived { trace_id, reason },
        None if info.state == TraceState::InProgress => {
            StoreError::SpansIncomplete { trace_id, in_progress: true, found: 0, stated: None }
        }
        _ => StoreError::SpansMissing { trace_id, reason },
    };
    failed(info, error)
}
