//! THE list of what a trace can be asked.
//!
//! Filters, `--order-by`, `--fields`, tables and the reference page all go through [`Field`]; a question that is not
//! here can be asked nowhere.

use std::borrow::Cow;

use serde_json::Value;

use super::{Assessment, AssessmentKind, InfoParts, Trace, rfc3339_utc};

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
    /// Cost in US dollars: `input`, `output` or `total`.
    Cost(Share),
    /// How many spans it has.
    SpanCount,
    /// Its size in bytes as the writing client measured it.
    SizeBytes,
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

    fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Total => "total",
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

/// The fields that have a plain name, with the name that tables and `--fields` use, other names accepted, and what it is.
const NAMED: &[(Field, &str, &[&str], &str)] = &[
    (Field::TraceId, "trace_id", &["request_id"], "trace id"),
    (Field::ClientRequestId, "client_request_id", &[], "request id set by the application"),
    (Field::Status, "status", &["state"], "OK, ERROR or IN_PROGRESS"),
    (Field::RequestTime, "timestamp", &["request_time", "timestamp_ms", "time"], "start time"),
    (
        Field::Duration,
        "duration_ms",
        &["duration", "execution_time_ms", "execution_time", "execution_duration", "execution_duration_ms", "latency"],
        "duration in milliseconds",
    ),
    (Field::EndTime, "end_time", &["end_time_ms"], "end time"),
    (Field::Name, "name", &["trace_name"], "trace name"),
    (Field::Experiment, "experiment_id", &["experiment"], "experiment id"),
    (Field::Run, "run_id", &["run"], "MLflow run"),
    (Field::Prompt, "prompt", &[], "linked prompt versions"),
    (Field::Session, "session", &["session_id"], "session id"),
    (Field::User, "user", &["user_id"], "application user"),
    (Field::RequestPreview, "request", &["request_preview"], "request preview"),
    (Field::ResponsePreview, "response", &["response_preview"], "response preview"),
    (Field::Tokens(Share::Input), "tokens.input", &["input_tokens"], "input tokens"),
    (Field::Tokens(Share::Output), "tokens.output", &["output_tokens"], "output tokens"),
    (Field::Tokens(Share::Total), "tokens.total", &["tokens", "total_tokens"], "total tokens"),
    (Field::Cost(Share::Input), "cost.input", &["input_cost"], "input cost in US dollars"),
    (Field::Cost(Share::Output), "cost.output", &["output_cost"], "output cost in US dollars"),
    (Field::Cost(Share::Total), "cost.total", &["cost", "total_cost"], "total cost in US dollars"),
    (Field::SpanCount, "spans.count", &["span_count", "num_spans"], "number of spans"),
    (Field::SizeBytes, "size_bytes", &["size"], "size in bytes"),
    (Field::Assessed(None), "assessment", &["assessments"], "names of assessments"),
    (Field::Assessed(Some(AssessmentKind::Feedback)), "feedback", &[], "names of feedback"),
    (Field::Assessed(Some(AssessmentKind::Expectation)), "expectation", &["expectations"], "names of expectations"),
    (Field::Issue, "issue.id", &[], "ids of issues"),
    (
        Field::AssessmentSourceType,
        "assessment.source_type",
        &[],
        "source types of assessments: HUMAN, LLM_JUDGE or CODE",
    ),
    (Field::AssessmentSourceId, "assessment.source_id", &[], "source ids of assessments"),
];

/// The entities that take a key after a dot, with other names accepted.
const KEYED: &[(&str, &[&str], &str)] = &[
    ("tags", &["tag"], "tag value"),
    ("metadata", &["trace_metadata", "request_metadata"], "metadata value"),
    ("feedback", &[], "feedback values"),
    ("expectation", &["expectations"], "expectation values"),
];

impl Field {
    /// The fields that have a plain name: name, other names, description.
    pub fn named() -> impl Iterator<Item = (&'static str, &'static [&'static str], &'static str)> {
        NAMED.iter().map(|(_, name, aliases, about)| (*name, *aliases, *about))
    }

    /// The entities that take a key: `tags`, `metadata`, `feedback`, `expectation`.
    pub fn keyed() -> impl Iterator<Item = (&'static str, &'static [&'static str], &'static str)> {
        KEYED.iter().copied()
    }

    /// The field that a column name means: a plain name or alias, or `tags.KEY` and its like.
    ///
    /// `segments` are the parts of a dotted path, quotes already removed; a key may itself hold dots.
    #[must_use]
    pub fn from_segments(segments: &[String]) -> Option<Self> {
        let dotted = segments.join(".");
        let is = |name: &str, aliases: &[&str]| dotted == name || aliases.contains(&dotted.as_str());
        if let Some((field, ..)) = NAMED.iter().find(|(_, name, aliases, _)| is(name, aliases)) {
            return Some(field.clone());
        }
        let (entity, key) = segments.split_first()?;
        if key.is_empty() {
            return None;
        }
        let key = key.join(".");
        let (entity, ..) =
            KEYED.iter().find(|(name, aliases, _)| entity == name || aliases.contains(&entity.as_str()))?;
        Some(match *entity {
            "tags" => Self::Tag(key),
            "metadata" => Self::Metadata(key),
            "feedback" => Self::Feedback(key),
            _ => Self::Expectation(key),
        })
    }

    /// The name that tables and `--fields` use.
    #[must_use]
    pub fn column_name(&self) -> Cow<'static, str> {
        if let Some((_, name, ..)) = NAMED.iter().find(|(field, ..)| field == self) {
            return Cow::Borrowed(name);
        }
        Cow::Owned(match self {
            Self::Tag(key) => format!("tags.{key}"),
            Self::Metadata(key) => format!("metadata.{key}"),
            Self::Feedback(name) => format!("feedback.{name}"),
            Self::Expectation(name) => format!("expectation.{name}"),
            Self::Tokens(share) => format!("tokens.{}", share.as_str()),
            Self::Cost(share) => format!("cost.{}", share.as_str()),
            Self::Span(SpanField::Name) => "span.name".into(),
            Self::Span(SpanField::Type) => "span.type".into(),
            Self::Span(SpanField::Status) => "span.status".into(),
            Self::Span(SpanField::Content) => "span.content".into(),
            Self::Span(SpanField::Duration) => "span.duration".into(),
            Self::Span(SpanField::Attribute(key) | SpanField::Value(key)) => format!("span.attributes.{key}"),
            named => format!("{named:?}"),
        })
    }

    /// The parts of an info that the answer is taken from; for assessments also the session that may share them.
    #[must_use]
    pub fn info_parts(&self) -> InfoParts {
        match self {
            Self::TraceId
            | Self::ClientRequestId
            | Self::Status
            | Self::RequestTime
            | Self::Duration
            | Self::EndTime
            | Self::Span(_) => InfoParts::NONE,
            Self::Name | Self::Prompt | Self::Tag(_) => InfoParts::TAGS,
            Self::Experiment => InfoParts::LOCATION,
            Self::RequestPreview | Self::ResponsePreview => InfoParts::PREVIEWS,
            Self::Run
            | Self::AnyRun
            | Self::Session
            | Self::User
            | Self::Metadata(_)
            | Self::Tokens(_)
            | Self::Cost(_)
            | Self::SpanCount
            | Self::SizeBytes => InfoParts::METADATA,
            Self::Feedback(_) | Self::Expectation(_) | Self::Assessed(_) => {
                InfoParts::ASSESSMENTS.and(InfoParts::METADATA)
            }
            Self::Issue | Self::AssessmentSourceType | Self::AssessmentSourceId => InfoParts::ASSESSMENTS,
        }
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
            Self::Run | Self::AnyRun => text(info.metadata.get(super::keys::SOURCE_RUN).map(String::as_str)),
            Self::Prompt => one_or_list(linked_prompts(trace)),
            Self::Session => text(info.session()),
            Self::User => text(info.user()),
            Self::RequestPreview => text(info.request_preview.as_deref()),
            Self::ResponsePreview => text(info.response_preview.as_deref()),
            Self::Tokens(share) => number(info.tokens(share.token_key())),
            Self::Cost(share) => info.cost(share.cost_key()).map_or(Value::Null, Value::from),
            Self::SpanCount => {
                let counted = trace.spans.as_ref().map(|spans| spans.len() as u64);
                counted.or_else(|| info.stated_span_count()).map_or(Value::Null, Value::from)
            }
            Self::SizeBytes => info.size_bytes().map_or(Value::Null, Value::from),
            Self::Tag(key) => text(info.tags.get(key).map(String::as_str)),
            Self::Metadata(key) => text(info.metadata.get(key).map(String::as_str)),
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

/// The prompt versions that the tag `mlflow.linkedPrompts` names, each as `name/version`.
#[must_use]
pub fn linked_prompts(trace: &Trace) -> Vec<Value> {
    let Some(text) = trace.info.tags.get(super::keys::LINKED_PROMPTS) else { return Vec::new() };
    let Ok(Value::Array(prompts)) = serde_json::from_str(text) else { return Vec::new() };
    let part = |prompt: &Value, key: &str| match prompt.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    prompts.iter().map(|prompt| Value::from(format!("{}/{}", part(prompt, "name"), part(prompt, "version")))).collect()
}

/// The names of the valid assessments of a kind, or of all kinds, each once.
fn assessment_names(assessments: &[Assessment], kind: Option<AssessmentKind>) -> Vec<Value> {
    let of_kind = |assessment: &&Assessment| assessment.is_valid() && kind.is_none_or(|kind| kind == assessment.kind());
    let mut names: Vec<&str> = assessments.iter().filter(of_kind).map(Assessment::name).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(Value::from).collect()
}

fn assessment_values(assessments: &[Assessment], kind: AssessmentKind, name: &str) -> Vec<Value> {
    assessments
        .iter()
        .filter(|assessment| assessment.kind() == kind && assessment.name() == name && assessment.is_valid())
        .map(Assessment::value)
        .collect()
}

/// What the valid assessments say of those who made them, each answer once.
fn sources(assessments: &[Assessment], source: fn(&Assessment) -> Option<&str>) -> Vec<Value> {
    let mut found: Vec<&str> = assessments.iter().filter(|one| one.is_valid()).filter_map(source).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Value::from).collect()
}

/// A count without a needless fraction.
#[allow(clippy::cast_possible_truncation)] // Guarded: the value is whole and far below 2^63.
fn number(number: Option<f64>) -> Value {
    match number {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
        Some(fraction) => Value::from(fraction),
        None => Value::Null,
    }
}

fn one_or_list(mut values: Vec<Value>) -> Value {
    match values.len() {
        0 => Value::Null,
        1 => values.remove(0),
        _ => Value::Array(values),
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
        for (field, name, aliases, about) in NAMED {
            assert!(!about.is_empty());
            for name in std::iter::once(name).chain(*aliases) {
                assert!(seen.insert(*name), "{name} names two fields");
                assert_eq!(Field::from_segments(&segments(name)).as_ref(), Some(field));
            }
            assert_eq!(field.column_name(), *name);
        }
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
