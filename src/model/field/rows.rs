//! The list itself: one row a field, with all that depends on which field it is.
//!
//! [`Field::row`] knows every field, so one that has no row does not compile.

use super::super::{AssessmentKind, InfoParts, keys};
use super::{Field, Share, SpanField};

/// What a field answers, as far as operators and values depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Texts that are too long to be compared whole.
    Content,
    /// A number.
    Number,
    /// A number of milliseconds.
    Duration,
    /// A moment.
    Time,
    /// The values of assessments, as JSON.
    Assessment,
    /// Ids of which a trace has any number.
    Links,
    /// Only whether there is any.
    Presence,
    /// A JSON value.
    Value,
}

/// Where in a trace the answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPlace<'f> {
    /// In what every info has.
    Info,
    /// In the location.
    Location,
    /// In a preview.
    Preview,
    /// In the tag with this key.
    Tag(&'f str),
    /// In the metadata with this key.
    Metadata(&'f str),
    /// In its tags, or else in its metadata.
    TagOrMetadata,
    /// In its assessments.
    Assessments,
    /// In its assessments, or in those that its session shares.
    SharedAssessments,
    /// In its spans.
    Spans,
}

impl FieldPlace<'_> {
    /// The parts of an info that the answer is taken from; for assessments also the session that may share them.
    #[must_use]
    pub fn info_parts(self) -> InfoParts {
        match self {
            Self::Info | Self::Spans => InfoParts::NONE,
            Self::Location => InfoParts::LOCATION,
            Self::Preview => InfoParts::PREVIEWS,
            Self::Tag(_) => InfoParts::TAGS,
            Self::Metadata(_) => InfoParts::METADATA,
            Self::TagOrMetadata => InfoParts::TAGS.and(InfoParts::METADATA),
            Self::Assessments => InfoParts::ASSESSMENTS,
            Self::SharedAssessments => InfoParts::ASSESSMENTS.and(InfoParts::METADATA),
        }
    }
}

/// The most answers that a trace, or a span, has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// One.
    One,
    /// Any number.
    Several,
}

/// What there is to know about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRow<'f> {
    /// What tables and `--fields` call it; what stands before the key if it has one.
    pub name: &'static str,
    /// Other names that are accepted.
    pub aliases: &'static [&'static str],
    /// What it is, for people.
    pub about: &'static str,
    /// What operators and values it takes.
    pub kind: Kind,
    /// How many answers it has.
    pub answers: Answers,
    /// Where its answer stands.
    pub place: FieldPlace<'f>,
    /// What `MLflow` calls it in filters, unless that is made from its place, or `MLflow` does not know it.
    pub wire: Option<&'static str>,
    /// What else `MLflow` calls it in filters.
    pub wire_aliases: &'static [&'static str],
}

const fn row<'f>(
    name: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
    kind: Kind,
    answers: Answers,
    place: FieldPlace<'f>,
) -> FieldRow<'f> {
    FieldRow { name, aliases, about, kind, answers, place, wire: None, wire_aliases: &[] }
}

impl FieldRow<'_> {
    const fn wire(self, wire: &'static str, wire_aliases: &'static [&'static str]) -> Self {
        Self { wire: Some(wire), wire_aliases, ..self }
    }
}

/// Makes of the rows both the list of the fields that have a name of their own and the row of every field.
macro_rules! rows {
    ({ $([$($named:tt)+] $row:expr;)+ } { $($other:pat => $other_row:expr,)+ }) => {
        /// The fields that have a name of their own.
        pub(super) const NAMED: &[Field] = &[$($($named)+),+];

        impl Field {
            /// What there is to know about it.
            #[must_use]
            pub fn row(&self) -> FieldRow<'_> {
                use Answers::{One, Several};
                use Kind::{Assessment, Content, Duration, Links, Number, Presence, Text, Time, Value};
                use FieldPlace::{
                    Assessments, Info, Location, Metadata, Preview, SharedAssessments, Spans, Tag, TagOrMetadata,
                };
                match self {
                    $($($named)+ => $row,)+
                    $($other => $other_row,)+
                }
            }
        }
    };
}

rows! {{
    [Field::TraceId] row("trace_id", &["request_id"], "trace id", Text, One, Info).wire("request_id", &[]);
    [Field::ClientRequestId] row("client_request_id", &[], "request id set by the application", Text, One, Info)
        .wire("client_request_id", &[]);
    [Field::Status] row("status", &["state"], "OK, ERROR or IN_PROGRESS", Text, One, Info).wire("status", &[]);
    [Field::RequestTime] row("timestamp", &["request_time", "timestamp_ms", "time"], "start time", Time, One, Info)
        .wire("timestamp_ms", &["timestamp"]);
    [Field::Duration] row(
        "duration_ms",
        &["duration", "execution_time_ms", "execution_time", "execution_duration", "execution_duration_ms", "latency"],
        "duration in milliseconds", Duration, One, Info,
    ).wire("execution_time_ms", &["execution_time"]);
    [Field::EndTime] row("end_time", &["end_time_ms"], "end time", Time, One, Info).wire("end_time_ms", &["end_time"]);
    [Field::Name] row("name", &["trace_name"], "trace name", Text, One, Tag(keys::TRACE_NAME)).wire("name", &[]);
    [Field::Experiment] row("experiment_id", &["experiment"], "experiment id", Text, One, Location);
    [Field::Run] row("run_id", &["run"], "MLflow run", Text, One, Metadata(keys::SOURCE_RUN)).wire("run_id", &[]);
    [Field::Prompt] row("prompt", &[], "linked prompt versions", Links, Several, Tag(keys::LINKED_PROMPTS)).wire("prompt", &[]);
    [Field::Session] row("session", &["session_id"], "session id", Text, One, Metadata(keys::SESSION));
    [Field::User] row("user", &["user_id"], "application user", Text, One, Metadata(keys::USER));
    [Field::RequestPreview] row("request", &["request_preview"], "request preview", Text, One, Preview);
    [Field::ResponsePreview] row("response", &["response_preview"], "response preview", Text, One, Preview);
    [Field::Tokens(Share::Input)]
        row("tokens.input", &["input_tokens"], "input tokens", Number, One, Metadata(keys::TOKEN_USAGE));
    [Field::Tokens(Share::Output)]
        row("tokens.output", &["output_tokens"], "output tokens", Number, One, Metadata(keys::TOKEN_USAGE));
    [Field::Tokens(Share::Total)]
        row("tokens.total", &["tokens", "total_tokens"], "total tokens", Number, One, Metadata(keys::TOKEN_USAGE));
    [Field::CachedTokens]
        row("tokens.cached", &["cached_tokens", "cache_read_input_tokens"], "input tokens from a cache", Number, One, Metadata(keys::TOKEN_USAGE));
    [Field::Cost(Share::Input)]
        row("cost.input", &["input_cost"], "input cost in US dollars", Number, One, Metadata(keys::COST));
    [Field::Cost(Share::Output)]
        row("cost.output", &["output_cost"], "output cost in US dollars", Number, One, Metadata(keys::COST));
    [Field::Cost(Share::Total)]
        row("cost.total", &["cost", "total_cost"], "total cost in US dollars", Number, One, Metadata(keys::COST));
    [Field::SpanCount]
        row("spans.count", &["span_count", "num_spans"], "number of spans", Number, One, Metadata(keys::SIZE_STATS));
    [Field::SizeBytes] row("size_bytes", &["size"], "size in bytes", Number, One, Metadata(keys::SIZE_BYTES));
    [Field::Version]
        row("version", &["app_version"], "version of the application", Text, One, TagOrMetadata);
    [Field::Error] row("error", &[], "type and first line of the first failure", Text, One, Spans);
    [Field::ErrorSpan] row("error.span", &[], "name of the span in which it began", Text, One, Spans);
    [Field::Assessed(None)]
        row("assessment", &["assessments"], "names of assessments", Presence, Several, SharedAssessments);
    [Field::Assessed(Some(AssessmentKind::Feedback))]
        row("feedback", &[], "names of feedback", Presence, Several, SharedAssessments);
    [Field::Assessed(Some(AssessmentKind::Expectation))]
        row("expectation", &["expectations"], "names of expectations", Presence, Several, SharedAssessments);
    [Field::Issue] row("issue.id", &[], "ids of issues", Links, Several, Assessments).wire("issue.id", &[]);
    [Field::AssessmentSourceType]
        row("assessment.source_type", &[], "source types of assessments: HUMAN, LLM_JUDGE or CODE", Text, Several, Assessments);
    [Field::AssessmentSourceId] row("assessment.source_id", &[], "source ids of assessments", Text, Several, Assessments);
} {
    Self::AnyRun => row("run_id", &[], "every run it is linked to", Text, Several, Metadata(keys::SOURCE_RUN)),
    Self::Assessed(Some(AssessmentKind::Issue)) =>
        row("issue", &[], "ids of issues", Presence, Several, SharedAssessments),
    Self::Tag(key) => row("tags", &["tag"], "tag value", Text, One, Tag(key)),
    Self::Metadata(key) =>
        row("metadata", &["trace_metadata", "request_metadata"], "metadata value", Text, One, Metadata(key)),
    Self::Feedback(_) => row("feedback", &[], "feedback values", Assessment, Several, SharedAssessments),
    Self::Expectation(_) =>
        row("expectation", &["expectations"], "expectation values", Assessment, Several, SharedAssessments),
    Self::Span(SpanField::Name) => row("span.name", &[], "name of one of its spans", Text, One, Spans).wire("span.name", &[]),
    Self::Span(SpanField::Type) =>
        row("span.type", &[], "type of a span: LLM, TOOL, RETRIEVER and so on", Text, One, Spans).wire("span.type", &[]),
    Self::Span(SpanField::Status) => row("span.status", &[], "OK, ERROR or UNSET", Text, One, Spans).wire("span.status", &[]),
    Self::Span(SpanField::Content) =>
        row("span.content", &["trace.text"], "the whole JSON text of a span", Content, One, Spans).wire("span.content", &[]),
    Self::Span(SpanField::Duration) => row("span.duration", &[], "how long a span took", Duration, One, Spans),
    // A search in the text of the span, where equality means something else.
    Self::Span(SpanField::Attribute(_)) =>
        row("span.attributes", &[], "an attribute of a span, searched as text", Content, Several, Spans),
    Self::Span(SpanField::Value(_)) => row("span.attributes", &[], "the value of an attribute of a span", Value, One, Spans),
}}
