//! What is known about a trace without its spans.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Assessment, AssessmentKind, ExperimentId, TraceId, duration_to_wire, rfc3339_utc};

/// Keys of metadata and tags that `MLflow` gives a meaning of its own.
pub mod keys {
    /// Metadata: the session (conversation) that a trace belongs to.
    pub const SESSION: &str = "mlflow.trace.session";
    /// Metadata: the end user of the application.
    pub const USER: &str = "mlflow.trace.user";
    /// Metadata: token counts as JSON text.
    pub const TOKEN_USAGE: &str = "mlflow.trace.tokenUsage";
    /// Metadata: cost in US dollars as JSON text.
    pub const COST: &str = "mlflow.trace.cost";
    /// Metadata: sizes and the number of spans as JSON text.
    pub const SIZE_STATS: &str = "mlflow.trace.sizeStats";
    /// Metadata: the version of the shape of spans.
    pub const SCHEMA_VERSION: &str = "mlflow.trace_schema.version";
    /// Metadata of `MLflow` 2: the inputs of the root span, cut.
    pub const INPUTS_2: &str = "mlflow.traceInputs";
    /// Metadata of `MLflow` 2: the outputs of the root span, cut.
    pub const OUTPUTS_2: &str = "mlflow.traceOutputs";
    /// Metadata: size of the trace in bytes.
    pub const SIZE_BYTES: &str = "mlflow.trace.sizeBytes";
    /// Metadata: the run that a trace was recorded in.
    pub const SOURCE_RUN: &str = "mlflow.sourceRun";
    /// Tag: the trace's name.
    pub const TRACE_NAME: &str = "mlflow.traceName";
    /// Tag: where the spans are stored.
    pub const SPANS_LOCATION: &str = "mlflow.trace.spansLocation";
    /// Tag: where artifacts of the trace are, its span file among them if it has one.
    pub const ARTIFACT_LOCATION: &str = "mlflow.artifactLocation";
    /// Tag: where the archive of the spans is, if they were moved there.
    pub const ARCHIVE_LOCATION: &str = "mlflow.trace.archiveLocation";
    /// Tag: why the trace could not be moved to the archive.
    pub const ARCHIVAL_FAILURE: &str = "mlflow.trace.archivalFailure";
    /// Tag: prompt versions as JSON text.
    pub const LINKED_PROMPTS: &str = "mlflow.linkedPrompts";
    /// Span attribute: the trace's id.
    pub const REQUEST_ID: &str = "mlflow.traceRequestId";
    /// Span attribute: LLM, CHAIN, TOOL and so on.
    pub const SPAN_TYPE: &str = "mlflow.spanType";
    /// Span attribute: inputs.
    pub const SPAN_INPUTS: &str = "mlflow.spanInputs";
    /// Span attribute: outputs.
    pub const SPAN_OUTPUTS: &str = "mlflow.spanOutputs";
    /// Span attribute: token counts of one model call.
    pub const CHAT_TOKEN_USAGE: &str = "mlflow.chat.tokenUsage";
}

/// The state of a trace (`state` in JSON, `status` in filters).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceState {
    /// Finished without an error in the root span.
    Ok,
    /// The root span failed.
    Error,
    /// The root span has not arrived yet.
    InProgress,
    /// Not stated.
    Unspecified,
    /// A word this version does not know; kept as it is.
    Other(String),
}

impl TraceState {
    /// The server's word: `OK`, `ERROR`, `IN_PROGRESS`, `STATE_UNSPECIFIED`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ok => "OK",
            Self::Error => "ERROR",
            Self::InProgress => "IN_PROGRESS",
            Self::Unspecified => "STATE_UNSPECIFIED",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for TraceState {
    fn from(word: &str) -> Self {
        match word {
            "OK" => Self::Ok,
            "ERROR" => Self::Error,
            "IN_PROGRESS" => Self::InProgress,
            "STATE_UNSPECIFIED" => Self::Unspecified,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl TraceState {
    /// From the status of a trace of `MLflow` 2, which has another word for a state that is not stated.
    pub(super) fn from_status(word: &str) -> Self {
        match word {
            "TRACE_STATUS_UNSPECIFIED" => Self::Unspecified,
            "STATE_UNSPECIFIED" => Self::Other(word.to_owned()),
            other => Self::from(other),
        }
    }
}

/// A trace without its spans: `TraceInfoV3` of `MLflow` 3.2 and later.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceInfo {
    /// Its id.
    pub trace_id: TraceId,
    /// The id the application gave the request, if any.
    pub client_request_id: Option<String>,
    /// Where it is stored, as the server says it; see [`TraceInfo::experiment_id`].
    pub trace_location: Value,
    /// Start, in epoch milliseconds.
    pub request_time_ms: i64,
    /// Duration in milliseconds; unknown while a trace is in progress.
    pub duration_ms: Option<i64>,
    /// How it ended.
    pub state: TraceState,
    /// First characters of the request.
    pub request_preview: Option<String>,
    /// First characters of the response.
    pub response_preview: Option<String>,
    /// Immutable metadata; the server cuts values at 250 characters when they are read.
    pub metadata: BTreeMap<String, String>,
    /// Tags; the server cuts values at 4096 characters when they are read.
    pub tags: BTreeMap<String, String>,
    /// Feedback, expectations and issues.
    pub assessments: Vec<Assessment>,
    /// Fields this version does not know.
    pub extra: Map<String, Value>,
    /// What cannot be read of it, if it was one of a [list](super::ListedInfo): nothing can be known about such a trace but
    /// its id.
    pub unread: Vec<String>,
    /// Whether numbers that JSON does not have, such as `NaN`, were read as texts, elsewhere than in attributes of spans.
    pub has_odd_numbers: bool,
    /// Whether tags and metadata are as they are stored, so that nothing was cut when they were read.
    pub is_as_stored: bool,
    /// Whether it came from a server that does not return assessments: that there are none says nothing.
    pub lacks_assessments: bool,
}

impl TraceInfo {
    /// A trace of which nothing is known but its id and start.
    #[must_use]
    pub fn new(trace_id: TraceId, request_time_ms: i64) -> Self {
        Self {
            trace_id,
            client_request_id: None,
            trace_location: Value::Null,
            request_time_ms,
            duration_ms: None,
            state: TraceState::Unspecified,
            request_preview: None,
            response_preview: None,
            metadata: BTreeMap::new(),
            tags: BTreeMap::new(),
            assessments: Vec::new(),
            extra: Map::new(),
            unread: Vec::new(),
            has_odd_numbers: false,
            is_as_stored: false,
            lacks_assessments: false,
        }
    }

    /// What cannot be read of it; `None` if everything can be.
    #[must_use]
    pub fn unreadable(&self) -> Option<String> {
        (!self.unread.is_empty()).then(|| format!("it cannot be read: {}", self.unread.join(", ")))
    }

    /// Whether it is of `MLflow` 2, which has inputs and outputs in the metadata and no previews.
    pub(super) fn lacks_previews(&self) -> bool {
        let is_of_2 = || {
            self.metadata.contains_key(keys::INPUTS_2)
                || self.metadata.contains_key(keys::OUTPUTS_2)
                || self.metadata.get(keys::SCHEMA_VERSION).is_some_and(|version| version == "2")
        };
        self.request_preview.is_none() && self.response_preview.is_none() && is_of_2()
    }

    /// With what `MLflow` 2 has of inputs and outputs in the place of previews.
    pub(crate) fn with_previews_of_2(mut self) -> Self {
        if self.lacks_previews() {
            let cut = |key: &str| self.metadata.get(key).cloned();
            (self.request_preview, self.response_preview) = (cut(keys::INPUTS_2), cut(keys::OUTPUTS_2));
        }
        self
    }

    /// The experiment it lives in, or its place in Databricks Unity Catalog: `catalog.schema`, with a third name where tables
    /// have a prefix. Absent for inference tables.
    #[must_use]
    pub fn experiment_id(&self) -> Option<ExperimentId> {
        let name = |place: &str, key: &str| self.trace_location.get(place)?.get(key)?.as_str();
        if let Some(id) = name("mlflow_experiment", "experiment_id") {
            return Some(ExperimentId::from(id));
        }
        let schema = |place| Some(format!("{}.{}", name(place, "catalog_name")?, name(place, "schema_name")?));
        let prefixed = || Some(format!("{}.{}", schema("uc_table_prefix")?, name("uc_table_prefix", "table_prefix")?));
        schema("uc_schema").or_else(prefixed).map(ExperimentId::new)
    }

    /// Its name: the tag `mlflow.traceName`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.tags.get(keys::TRACE_NAME).map(String::as_str)
    }

    /// Its session: the metadata `mlflow.trace.session`.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.metadata.get(keys::SESSION).map(String::as_str)
    }

    /// The application's user: the metadata `mlflow.trace.user`.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.metadata.get(keys::USER).map(String::as_str)
    }

    /// A number inside the JSON text of `mlflow.trace.tokenUsage` (`input_tokens`, `output_tokens`, `total_tokens`).
    #[must_use]
    pub fn tokens(&self, key: &str) -> Option<f64> {
        self.number_in(keys::TOKEN_USAGE, key)
    }

    /// A number inside the JSON text of `mlflow.trace.cost` (`input_cost`, `output_cost`, `total_cost`), in US dollars.
    #[must_use]
    pub fn cost(&self, key: &str) -> Option<f64> {
        self.number_in(keys::COST, key)
    }

    /// How many spans the client that wrote the trace says there are (`mlflow.trace.sizeStats`); `None` if it says nothing,
    /// or nothing that can be read.
    #[must_use]
    pub fn stated_span_count(&self) -> Option<u64> {
        self.span_count_statement()?.ok()
    }

    /// Whether it says how many spans there are, but that cannot be read: what a server returns of metadata is cut.
    #[must_use]
    pub fn has_unreadable_span_count(&self) -> bool {
        matches!(self.span_count_statement(), Some(Err(())))
    }

    fn span_count_statement(&self) -> Option<Result<u64, ()>> {
        let text = self.metadata.get(keys::SIZE_STATS)?;
        match serde_json::from_str::<Value>(text) {
            Ok(stats) => stats.get("num_spans").map(|count| count.as_u64().ok_or(())),
            Err(_) => Some(span_count_of_cut(text).ok_or(())),
        }
    }

    /// Where the server keeps the spans: `TRACKING_STORE`, `ARCHIVE_REPO`, or absent for an artifact file.
    #[must_use]
    pub fn spans_location(&self) -> Option<&str> {
        self.tags.get(keys::SPANS_LOCATION).map(String::as_str)
    }

    /// Whether the spans are in a file of the artifact store, which deleting the trace leaves there.
    #[must_use]
    pub fn has_span_file(&self) -> bool {
        !matches!(self.spans_location(), Some("TRACKING_STORE" | "ARCHIVE_REPO"))
    }

    /// Size in bytes as the writing client measured it.
    #[must_use]
    pub fn size_bytes(&self) -> Option<u64> {
        self.metadata.get(keys::SIZE_BYTES)?.parse().ok()
    }

    /// Its session, if it carries a valid assessment that was made for the whole of it, of a kind or of any.
    #[must_use]
    pub fn session_it_speaks_of(&self, kind: Option<AssessmentKind>) -> Option<&str> {
        let speaks = |assessment: &&Assessment| {
            let is_of_kind = kind.is_none_or(|kind| kind == assessment.kind());
            is_of_kind && assessment.is_valid() && assessment.metadata(keys::SESSION).is_some()
        };
        self.session().filter(|_| self.assessments.iter().any(|assessment| speaks(&assessment)))
    }

    fn number_in(&self, metadata_key: &str, key: &str) -> Option<f64> {
        let object: Value = serde_json::from_str(self.metadata.get(metadata_key)?).ok()?;
        object.get(key)?.as_f64()
    }

    /// `TraceInfo` as the REST API writes it (`execution_duration: "0.108s"`), for servers and fakes.
    #[must_use]
    pub fn to_rest(&self) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or(Value::Null);
        if let (Some(object), Some(ms)) = (value.as_object_mut(), self.duration_ms) {
            object.remove("execution_duration_ms");
            object.insert("execution_duration".into(), Value::String(duration_to_wire(ms)));
        }
        value
    }
}

/// The number of spans in JSON text that was cut behind it.
fn span_count_of_cut(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("\"num_spans\":")?;
    let (number, _) = rest.split_once([',', '}'])?;
    number.trim().parse().ok()
}

/// Writes the shape of `mlflow.entities.TraceInfo.to_dict`: REST's, with `execution_duration_ms` as an integer.
impl Serialize for TraceInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("trace_id", &self.trace_id)?;
        if let Some(id) = &self.client_request_id {
            map.serialize_entry("client_request_id", id)?;
        }
        if !self.trace_location.is_null() {
            map.serialize_entry("trace_location", &self.trace_location)?;
        }
        map.serialize_entry("request_time", &rfc3339_utc(self.request_time_ms))?;
        if let Some(ms) = self.duration_ms {
            map.serialize_entry("execution_duration_ms", &ms)?;
        }
        map.serialize_entry("state", self.state.as_str())?;
        if let Some(preview) = &self.request_preview {
            map.serialize_entry("request_preview", preview)?;
        }
        if let Some(preview) = &self.response_preview {
            map.serialize_entry("response_preview", preview)?;
        }
        if !self.metadata.is_empty() {
            map.serialize_entry("trace_metadata", &self.metadata)?;
        }
        if !self.tags.is_empty() {
            map.serialize_entry("tags", &self.tags)?;
        }
        if !self.assessments.is_empty() {
            map.serialize_entry("assessments", &self.assessments)?;
        }
        for (key, value) in &self.extra {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn a_span_count_that_cannot_be_read_is_not_one_that_is_not_stated() {
        let read = |stats: Option<&str>| {
            let mut info = TraceInfo::new(TraceId::new("tr-1"), 0);
            info.metadata.extend(stats.map(|stats| (keys::SIZE_STATS.to_owned(), stats.to_owned())));
            (info.stated_span_count(), info.has_unreadable_span_count())
        };
        assert_eq!([read(None), read(Some("{}")), read(Some(r#"{"max": 1}"#))], [(None, false); 3]);
        assert_eq!(read(Some(r#"{"num_spans": 3, "max": 9}"#)), (Some(3), false));
        assert_eq!(read(Some(r#"{"num_spans": 0}"#)), (Some(0), false));
        let cut = r#"{"total_size_bytes": 3422, "num_spans": 12, "max": 91"#;
        assert_eq!(read(Some(cut)), (Some(12), false), "it stands before the cut");
        for unreadable in [&cut[..41], &cut[..30], "", r#"{"num_spans": "3"}"#, r#"{"num_spans": -1}"#] {
            assert_eq!(read(Some(unreadable)), (None, true), "{unreadable}");
        }
    }

    const REST: &str = r#"{"trace_id":"tr-1","client_request_id":"req-1","trace_location":{"type":"MLFLOW_EXPERIMENT",
        "mlflow_experiment":{"experiment_id":"1"}},"request_time":"2026-11-22T08:11:41.465Z","execution_duration":"0.108s",
        "state":"OK","trace_metadata":{"mlflow.trace.session":"s","mlflow.trace.tokenUsage":"{\"total_tokens\": 46}"},
        "tags":{"mlflow.traceName":"agent"},"novelty":[1]}"#;

    #[test]
    fn rest_shape_is_read_and_the_sdk_shape_is_written() {
        let info: TraceInfo = serde_json::from_str(REST).unwrap();
        assert_eq!(info.experiment_id(), Some(ExperimentId::from("1")));
        assert_eq!((info.request_time_ms, info.duration_ms), (1_795_335_101_465, Some(108)));
        assert_eq!((info.name(), info.session(), info.tokens("total_tokens")), (Some("agent"), Some("s"), Some(46.0)));
        let written = serde_json::to_value(&info).unwrap();
        assert_eq!(written["execution_duration_ms"], 108);
        assert_eq!(written["request_time"], "2026-11-22T08:11:41.465Z");
        assert_eq!(written["novelty"], serde_json::json!([1]), "unknown fields are kept");
        assert_eq!(serde_json::from_value::<TraceInfo>(written).unwrap(), info);
    }

    #[test]
    fn rest_shape_is_written_back() {
        let info: TraceInfo = serde_json::from_str(REST).unwrap();
        assert_eq!(info.to_rest(), serde_json::from_str::<Value>(REST).unwrap());
    }
}
