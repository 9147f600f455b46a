//! What a trace is: the types that every other room speaks in.
//!
//! Shapes follow `MLflow`'s own V3 trace JSON (`mlflow.entities.Trace`, 3.17.2). This module knows nothing of servers,
//! files, filters or terminals, and uses nothing else in the crate.
//!
//! Invariants: times are milliseconds since the Unix epoch in UTC, durations are milliseconds; every map that `MLflow`
//! leaves unordered is kept sorted by key, so that the same trace always prints the same; fields this version does not
//! know are kept and written back.

mod accepted;
mod any_value;
mod artifacts;
mod assessment;
mod attachment;
mod cut;
mod dataset;
pub mod document;
mod experiment;
mod failure;
pub mod field;
mod format;
mod ids;
mod info;
mod info_json;
mod info_listed;
mod ini;
mod label_schema;
mod lenient;
mod manifest;
mod masked;
mod otlp_json;
mod percent;
pub mod python_json;
mod shapes;
mod span;
mod span_json;
mod strict_json;
mod text;
mod time;
mod trace;
mod trace_text;

pub use artifacts::{ArtifactFolder, OddLocation, Reach};
pub use assessment::{Assessment, AssessmentKind};
pub use attachment::{ATTACHMENTS, ArchivedAttachment, AttachmentRef};
pub use cut::{Cut, MaybeCut};
pub use dataset::Dataset;
pub use experiment::{Experiment, Lifecycle};
pub use failure::{Failure, failure, origins};
pub use format::{COMPRESSIONS, ExportFormat, FORMATS, FormatRow};
pub use ids::{AssessmentId, ExperimentId, TraceId};
pub use info::{TraceInfo, TraceState, keys};
pub use info_json::InfoParts;
pub use info_listed::ListedInfo;
pub use ini::{Section as IniSection, sections as ini_sections};
pub use label_schema::{LabelInput, LabelSchema};
pub use manifest::{
    MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestAttachments, ManifestCounts, ManifestFailure, ManifestPart,
    ManifestQuery, ManifestSource,
};
pub use masked::{MASK, masked, without_userinfo};
pub use otlp_json::{OtlpTraces, ToldBySpans};
pub use percent::percent_decoded;
pub use span::{Span, SpanError, SpanEvent, SpanKind, SpanStatus, SpanStatusCode, span_id_in_hex};
pub use strict_json::{read_json, strict_json};
pub use text::{hex, nearest, one_of, similar};
pub use time::{
    DAY_MS, HOUR_MS, TimeError, TimeWindow, duration_to_wire, parse_duration_seconds, parse_rfc3339_ms, rfc3339_utc,
};
pub use trace::{Trace, TraceError};
