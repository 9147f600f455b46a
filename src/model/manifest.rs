//! What an archive says about itself: `manifest.json` beside its parts.
//!
//! The exporter writes it anew after every part that is whole, so it never promises more than there is; the archive reader
//! takes the list of parts and the names of experiments from it. A part that it does not name is not part of the archive.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ExperimentId, ExportFormat, TimeWindow, TraceId};

/// The file's name in the archive's directory.
pub const MANIFEST_FILE: &str = "manifest.json";

/// The layout that this version writes.
pub const MANIFEST_VERSION: u32 = 1;

/// The contents of `manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`]; a reader refuses what is newer.
    pub manifest_version: u32,
    /// The program and its version.
    pub created_by: String,
    /// Where the traces come from.
    pub source: ManifestSource,
    /// What was asked for; the same command resumes, another one is refused.
    pub query: ManifestQuery,
    /// The closed interval of start times that is exported; `None` ends where the traces end.
    pub window: TimeWindow,
    /// Whether everything asked for is in the parts.
    pub complete: bool,
    /// When the first part was begun and the last one finished, RFC 3339 in UTC.
    pub started: String,
    /// `None` while it is not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Over all parts.
    pub counts: ManifestCounts,
    /// The parts that are whole, in the order they were written.
    pub parts: Vec<ManifestPart>,
    /// Traces that could not be read whole, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<ManifestFailure>,
    /// The server's own count of the same window against what was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Value>,
}

impl Manifest {
    /// How many traces there are, each counted once.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.counts.traces.saturating_sub(self.counts.again)
    }

    /// How many traces have no place in its format, and what they lack.
    #[must_use]
    pub fn left_out(&self) -> Option<(u64, &'static str)> {
        let format: ExportFormat = self.query.format.parse().ok()?;
        format.left_out(self.counts.traces, self.parts.iter().map(|part| part.rows).sum())
    }

    /// Whether what it says about its parts fits together; what does not otherwise. A part that is named twice, or not at
    /// all, makes every answer wrong.
    pub fn check(&self) -> Result<(), String> {
        let (mut paths, mut contents) = (HashSet::new(), HashMap::new());
        for part in &self.parts {
            if !paths.insert(Path::new(&part.path)) {
                return Err(format!("it names {:?} twice", part.path));
            }
            let has_content = part.traces > 0 && !part.sha256.is_empty();
            if let Some(other) = has_content.then(|| contents.insert(&part.sha256, &part.path)).flatten() {
                return Err(format!("it says that {other:?} and {:?} are the same", part.path));
            }
        }
        let (named, stated) = (self.parts.iter().map(|part| part.traces), self.counts.traces);
        match named.fold(0, u64::saturating_add) {
            named if named == stated => Ok(()),
            named => Err(format!("its parts hold {named} traces, and it says that there are {stated}")),
        }
    }
}

/// Where an archive comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestSource {
    /// The tracking URI, without credentials.
    pub tracking_uri: String,
    /// The server's version, if it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mlflow_version: Option<String>,
    /// Names by id of the experiments that were exported.
    pub experiments: IndexMap<ExperimentId, String>,
}

/// What was asked for. Two exports with equal queries write the same parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestQuery {
    /// The filter in canonical form, flags that select included.
    pub filter: String,
    /// `jsonl`, `csv`, `parquet` or `otlp-json`.
    pub format: String,
    /// Whether spans were fetched.
    pub spans: bool,
    /// Every other option that changes what is written, by the name of its flag.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub options: IndexMap<String, Value>,
}

/// Numbers of things.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestCounts {
    /// Traces written.
    pub traces: u64,
    /// Spans written.
    pub spans: u64,
    /// Assessments written.
    pub assessments: u64,
    /// Uncompressed bytes.
    pub bytes: u64,
    /// Attachments written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attachments: u64,
    /// Of those, how many were written before and have changed since: the one that comes later counts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub again: u64,
    /// Traces that refer to attachments which were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub without_attachments: u64,
    /// What was replaced, by rule (`redact`, `hash`, `no-content`).
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub replaced: IndexMap<String, u64>,
    /// Values as long as the longest that a server returns, which may have been longer: `metadata` at 250 characters,
    /// `tags` at 4096, `previews` at 1000 or 10,000 where the spans that hold the whole text are not there.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub maybe_cut: IndexMap<String, u64>,
    /// Traces of which it cannot be known whether they match, by what is not known; they were not written. One that was met
    /// before and after an interruption counts twice.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub undecided: IndexMap<String, u64>,
}

impl ManifestCounts {
    /// Counts traces that may match, by what is not known about each.
    pub fn add_undecided(&mut self, reasons: impl Iterator<Item = String>) {
        for reason in reasons {
            *self.undecided.entry(reason).or_default() += 1;
        }
    }
}

/// One file of an archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestPart {
    /// Relative to the manifest, with `/` between folders.
    pub path: String,
    /// SHA-256 of the file as it is stored, in hex.
    pub sha256: String,
    /// Size of the file as it is stored.
    pub bytes: u64,
    /// Traces in it.
    pub traces: u64,
    /// Lines or rows in it, where one trace can be many.
    pub rows: u64,
    /// The experiment, where a part holds traces of one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment_id: Option<ExperimentId>,
    /// Start times of its newest and oldest trace.
    pub window: TimeWindow,
    /// Whether it holds traces that came or changed while parts with their start times were written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// The attachments of its traces, if they have any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<ManifestAttachments>,
    /// The traces that start at `window.oldest_ms`, of a late part all: a resumed export begins there and leaves these out.
    pub boundary: Vec<TraceId>,
}

/// The file that lists the attachments of a part, one a line as [`ArchivedAttachment`](super::ArchivedAttachment).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestAttachments {
    /// Relative to the manifest, with `/` between folders.
    pub path: String,
    /// SHA-256 of the list, in hex.
    pub sha256: String,
    /// Size of the list.
    pub bytes: u64,
    /// Attachments in it.
    pub files: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives references.
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A trace that could not be read whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestFailure {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// One of `in-progress`, `spans-missing`, `archived`, `forbidden`, `unreadable`, `gone`, `unavailable`,
    /// `attachment-missing`.
    pub kind: String,
    /// The error in words.
    pub reason: String,
}
