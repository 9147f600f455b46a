//! THE list of what a trace can be asked.
//!
//! Filters, `--order-by`, `--fields`, tables and the reference page all go through [`Field`]; a question that is not
//! here can be asked nowhere.

use std::borrow::Cow;

use serde_json::Value;

use self::answers::{
    assessment_names, assessment_values, first_error, first_line, number, one_or_list, sources, version,
};
use super::{Assessment, AssessmentKind, InfoParts, Trace, TraceInfo, rfc3339_utc};

mod answers;
mod rows;

pub use answers::linked_prompts;
pub(super) use answers::version_key;
pub use rows::{Answers, FieldPlace, FieldRow, Kind};

/// One thing that can be asked of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Its id (`request_id` in filters).
    TraceId,
    /// The id the application gave the request.
    ClientRequestId,
    /// `OK`, `ERROR`, `IN_PROGRESS`.
    Status,
    /// Start (`timestamp_ms` in filters).
    RequestTime,
    /// Duration in milliseconds (`execution_time_ms` in filters).
    Duration,
    /// Start plus duration.
    EndTime,
    /// The trace's name: the tag `mlflow.traceName`.
    Name,
    /// The experiment it lives in.
    Experiment,
    /// The run it was recorded in or linked to: the metadata `mlflow.sourceRun`.
    Run,
    /// Every run it was recorded in or linked to, where doubt keeps; it has no name of its own.
    AnyRun,
    /// A linked prompt version, `name/version`.
    Prompt,
    /// The session: the metadata `mlflow.trace.session`.
    Session,
    /// The application's user: the metadata `mlflow.trace.user`.
    User,
    /// First characters of the request.
    RequestPreview,
    /// First characters of the response.
    ResponsePreview,
    /// Token counts: `input`, `output` or `total`.
    Tokens(Share),
    /// Tokens that went in and came from a cache.
    CachedTokens,
    /// Cost in US dollars: `input`, `output` or `total`.
    Cost(Share),
    /// How many spans it has.
    SpanCount,
    /// Its size in bytes as the writing client measured it.
    SizeBytes,
    /// The version of the application: the tag or the metadata `app_version`, else its logged model, else its Git commit.
    Version,
    /// Why it failed: type and first line of the failure that ended first.
    Error,
    /// The name of the span in which that failure began.
    ErrorSpan,
    /// A tag.
    Tag(String),
    /// A piece of metadata.
    Metadata(String),
    /// The values of the valid feedback of a name.
    Feedback(String),
    /// The values of the valid expectations of a name.
    Expectation(String),
    /// The names of its valid assessments, of one kind or of all.
    Assessed(Option<AssessmentKind>),
    /// The ids of its issues.
    Issue,
    /// Who made its valid assessments: `HUMAN`, `LLM_JUDGE`, `CODE`.
    AssessmentSourceType,
    /// The names of those who made its valid assessments.
    AssessmentSourceId,
    /// Something of one of its spans.
    Span(SpanField),
}

/// Which part of a sum: what went in, what came out, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Share {
    /// What went into the model.
    Input,
    /// What came out of it.
    Output,
    /// Both.
    Total,
}

impl Share {
    fn token_key(self) -> &'static str {
        match self {
            Self::Input => "input_tokens",
            Self::Output => "output_tokens",
            Self::Total => "total_tokens",
        }
    }

    fn cost_key(self) -> &'static str {
        match self {
            Self::Input => "input_cost",
            Self::Output => "output_cost",
            Self::Total => "total_cost",
        }
    }
}

/// Something that can be asked of a span.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SpanField {
    /// Its name.
    Name,
    /// `LLM`, `CHAIN`, `TOOL` and so on.
    Type,
    /// `OK`, `ERROR`, `UNSET`.
    Status,
    /// Its whole stored JSON text (`trace.text` in filters).
    Content,
    /// How long it took, in milliseconds.
    Duration,
    /// An attribute, searched for in the JSON text as the tracking server does (`span.attributes.KEY` in filters).
    Attribute(String),
    /// An attribute's value (`attributes.KEY` inside `span(...)` in filters).
    Value(String),
}

/// The entities that take a key after a dot, with what makes a field of a key.
const KEYED: [fn(String) -> Field; 4] = [Field::Tag, Field::Metadata, Field::Feedback, Field::Expectation];

impl Field {
    /// The rows of the fields that have a name of their own.
    pub fn named() -> impl Iterator<Item = FieldRow<'static>> {
        rows::NAMED.iter().map(Self::row)
    }

    /// Every name of the fields that have one of their own.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::named().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
    }

    /// The entities that take a key, with other names accepted and what they are: `tags`, `metadata`, `feedback`,
    /// `expectation`.
    pub fn keyed() -> impl Iterator<Item = (&'static str, &'static [&'static str], &'static str)> {
        KEYED.iter().map(|field| {
            let field = field(String::new());
            let row = field.row();
            (row.name, row.aliases, row.about)
        })
    }

    /// The field that has this name of its own, or this alias.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let is_named = |field: &&Self| field.row().name == name || field.row().aliases.contains(&name);
        rows::NAMED.iter().find(is_named).cloned()
    }

    /// The field that `MLflow` calls this in filters.
    #[must_use]
    pub fn by_wire(name: &str) -> Option<Self> {
        let is_named = |field: &&Self| field.row().wire == Some(name) || field.row().wire_aliases.contains(&name);
        rows::NAMED.iter().find(is_named).cloned()
    }

    /// The field whose texts, or ids, are those in a tag or a piece of metadata; the key itself where no other field is.
    #[must_use]
    pub fn at(place: FieldPlace) -> Option<Self> {
        let is_whole = |row: FieldRow| {
            let is_entry = matches!(place, FieldPlace::Tag(_) | FieldPlace::Metadata(_));
            is_entry && row.place == place && matches!(row.kind, Kind::Text | Kind::Links)
        };
        rows::NAMED.iter().find(|field| is_whole(field.row())).cloned().or_else(|| match place {
            FieldPlace::Tag(key) => Some(Self::Tag(key.to_owned())),
            FieldPlace::Metadata(key) => Some(Self::Metadata(key.to_owned())),
            _ => None,
        })
    }

    /// The field that a column name means: a plain name or alias, or `tags.KEY` and its like.
    ///
    /// `segments` are the parts of a dotted path, quotes already removed; a key may itself hold dots.
    #[must_use]
    pub fn from_segments(segments: &[String]) -> Option<Self> {
        if let Some(field) = Self::by_name(&segments.join(".")) {
            return Some(field);
        }
        let (entity, key) = segments.split_first()?;
        (!key.is_empty()).then(|| Self::with_key(entity, &key.join(".")))?
    }

    /// The field of an entity that takes a key, such as `tags`.
    #[must_use]
    pub fn with_key(entity: &str, key: &str) -> Option<Self> {
        let fields = KEYED.iter().map(|field| field(key.to_owned()));
        fields.into_iter().find(|field| field.row().name == entity || field.row().aliases.contains(&entity))
    }

    /// The key, where the field is one of many of an entity.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Tag(key)
            | Self::Metadata(key)
            | Self::Feedback(key)
            | Self::Expectation(key)
            | Self::Span(SpanField::Attribute(key) | SpanField::Value(key)) => Some(key),
            _ => None,
        }
    }

    /// The text in the tag or the piece of metadata where its answer stands.
    #[must_use]
    pub fn stored_text<'t>(&self, info: &'t TraceInfo) -> Option<&'t str> {
        match self.row().place {
            FieldPlace::Tag(key) => info.tags.get(key).map(String::as_str),
            FieldPlace::Metadata(key) => info.metadata.get(key).map(String::as_str),
            _ => None,
        }
    }

    /// The name that tables and `--fields` use.
    #[must_use]
    pub fn column_name(&self) -> Cow<'static, str> {
        let name = self.row().name;
        self.key().map_or(Cow::Borrowed(name), |key| Cow::Owned(format!("{name}.{key}")))
    }

    /// The parts of an info that the answer is taken from; for assessments also the session that may share them.
    #[must_use]
    pub fn info_parts(&self) -> InfoParts {
        self.row().place.info_parts()
    }

    /// Whether only the spans answer.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        matches!(self, Self::Span(_) | Self::Error | Self::ErrorSpan)
    }

    /// Whether the trace has an answer.
    #[must_use]
    pub fn is_known(&self, trace: &Trace) -> bool {
        match self {
            Self::Tag(key) => trace.info.tags.contains_key(key),
            Self::Metadata(key) => trace.info.metadata.contains_key(key),
            other => !other.value(trace).is_null(),
        }
    }

    /// What the trace answers; `Null` when it does not know.
    ///
    /// Times are RFC 3339 in UTC, durations milliseconds, cost US dollars. A field that can have several values (feedback,
    /// expectations, issues, spans) answers a list when there is more than one.
    #[must_use]
    pub fn value(&self, trace: &Trace) -> Value {
        let info = &trace.info;
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        match self {
            Self::TraceId => Value::from(info.trace_id.as_str()),
            Self::ClientRequestId => text(info.client_request_id.as_deref()),
            Self::Status => Value::from(info.state.as_str()),
            Self::RequestTime => Value::from(rfc3339_utc(info.request_time_ms)),
            Self::Duration => info.duration_ms.map_or(Value::Null, Value::from),
            Self::EndTime => {
                info.duration_ms.map_or(Value::Null, |ms| Value::from(rfc3339_utc(info.request_time_ms + ms)))
            }
            Self::Name => text(info.name()),
            Self::Experiment => info.experiment_id().map_or(Value::Null, |id| Value::from(id.as_str())),
            Self::Run | Self::AnyRun | Self::Tag(_) | Self::Metadata(_) => text(self.stored_text(info)),
            Self::Prompt => one_or_list(linked_prompts(trace)),
            Self::Session => text(info.session()),
            Self::User => text(info.user()),
            Self::RequestPreview => text(info.request_preview.as_deref()),
            Self::ResponsePreview => text(info.response_preview.as_deref()),
            Self::Tokens(share) => number(info.tokens(share.token_key())),
            Self::CachedTokens => number(info.tokens("cache_read_input_tokens")),
            Self::Version => text(version(info)),
            Self::Error => {
                first_error(trace).map_or(Value::Null, |(_, failure)| Value::from(first_line(&failure.text())))
            }
            Self::ErrorSpan => first_error(trace).map_or(Value::Null, |(span, _)| Value::from(span.name.as_str())),
            Self::Cost(share) => info.cost(share.cost_key()).map_or(Value::Null, Value::from),
            Self::SpanCount => {
                let counted = trace.spans.as_ref().map(|spans| spans.len() as u64);
                counted.or_else(|| info.stated_span_count()).map_or(Value::Null, Value::from)
            }
            Self::SizeBytes => info.size_bytes().map_or(Value::Null, Value::from),
            Self::Feedback(name) => one_or_list(assessment_values(&info.assessments, AssessmentKind::Feedback, name)),
            Self::Expectation(name) => {
                one_or_list(assessment_values(&info.assessments, AssessmentKind::Expectation, name))
            }
            Self::Assessed(kind) => one_or_list(assessment_names(&info.assessments, *kind)),
            Self::Issue => {
                let issues = info.assessments.iter().filter(|assessment| assessment.kind() == AssessmentKind::Issue);
                one_or_list(issues.map(|issue| Value::from(issue.name())).collect())
            }
            Self::AssessmentSourceType => one_or_list(sources(&info.assessments, Assessment::source_type)),
            Self::AssessmentSourceId => one_or_list(sources(&info.assessments, Assessment::source_id)),
            Self::Span(field) => one_or_list(trace.spans().iter().map(|span| field.value(span)).collect()),
        }
    }
}

impl SpanField {
    /// What the span answers; `Null` when it does not know.
    #[must_use]
    pub fn value(&self, span: &super::Span) -> Value {
        match self {
            Self::Name => Value::from(span.name.as_str()),
            Self::Type => span.span_type().map_or(Value::Null, Value::from),
            Self::Status => Value::from(span.status.code.as_str()),
            Self::Content => Value::from(span.content()),
            Self::Duration => span.duration_ms().map_or(Value::Null, Value::from),
            Self::Attribute(key) | Self::Value(key) => span.attribute(key).unwrap_or(Value::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn segments(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn every_named_field_is_found_by_all_of_its_names() {
        let mut seen = std::collections::HashSet::new();
        for field in rows::NAMED {
            let FieldRow { name, aliases, about, .. } = field.row();
            assert!(!about.is_empty());
            for name in std::iter::once(&name).chain(aliases) {
                assert!(seen.insert(*name), "{name} names two fields");
                assert_eq!(Field::from_segments(&segments(name)).as_ref(), Some(field));
            }
            assert_eq!(field.column_name(), name);
        }
    }

    #[test]
    fn what_mlflow_calls_a_field_is_a_name_of_it() {
        for field in rows::NAMED {
            let FieldRow { wire, wire_aliases, .. } = field.row();
            for name in wire.iter().chain(wire_aliases) {
                assert_eq!(Field::by_wire(name).as_ref(), Some(field), "{name}");
                assert_eq!(Field::by_name(name).as_ref(), Some(field), "{name}");
            }
        }
    }

    #[test]
    fn a_key_with_a_field_of_its_own_is_that_field() {
        assert_eq!(Field::at(FieldPlace::Tag("mlflow.traceName")), Some(Field::Name));
        assert_eq!(Field::at(FieldPlace::Metadata("mlflow.trace.session")), Some(Field::Session));
        assert_eq!(Field::at(FieldPlace::Metadata("mlflow.sourceRun")), Some(Field::Run));
        let counts = "mlflow.trace.tokenUsage";
        assert_eq!(Field::at(FieldPlace::Metadata(counts)), Some(Field::Metadata(counts.into())));
        assert_eq!(Field::at(FieldPlace::Spans), None);
    }

    #[test]
    fn keys_may_hold_dots() {
        assert_eq!(Field::from_segments(&segments("tag.a.b")), Some(Field::Tag("a.b".into())));
        assert_eq!(
            Field::from_segments(&["metadata".into(), "mlflow.trace.user".into()]),
            Some(Field::Metadata("mlflow.trace.user".into()))
        );
        assert_eq!(Field::from_segments(&segments("tags")), None);
        assert_eq!(Field::from_segments(&segments("nope.x")), None);
    }

    #[test]
    fn a_trace_answers() {
        let trace = Trace::from_json(json!({"info": {
            "trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "execution_duration_ms": 1500, "state": "OK",
            "trace_metadata": {"mlflow.trace.tokenUsage": "{\"total_tokens\": 46}", "mlflow.trace.user": "jane"},
            "tags": {"mlflow.linkedPrompts": "[{\"name\": \"greet\", \"version\": \"2\"}]"},
            "assessments": [
                {"assessment_name": "score", "feedback": {"value": 1.0}}, {"assessment_name": "score", "feedback": {"value": 2.0}},
                {"assessment_name": "score", "feedback": {"value": 3.0}, "valid": false}]}, "data": {}}))
        .unwrap();
        for (path, expected) in [
            ("duration", json!(1500)),
            ("end_time", json!("2026-11-22T08:11:42.500Z")),
            ("tokens.total", json!(46)),
            ("tokens.input", Value::Null),
            ("user", json!("jane")),
            ("prompt", json!("greet/2")),
            ("feedback.score", json!([1.0, 2.0])),
            ("feedback.nope", Value::Null),
        ] {
            assert_eq!(Field::from_segments(&segments(path)).unwrap().value(&trace), expected, "{path}");
        }
    }
}
