//! One value of a trace, named as filters and `--fields` name it, and what is done to it.

use serde_json::Value;

use super::{MARKER, RedactError};
use crate::model::field::Field;
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, AssessmentKind, Trace, keys};

/// A place, and the way to a value inside of the JSON that stands there.
#[derive(Debug, PartialEq)]
pub struct Target {
    place: Place,
    /// Behind `$`: keys, positions, `*` for all.
    inside: Vec<String>,
}

#[derive(Debug, PartialEq)]
enum Place {
    ClientRequestId,
    /// With the metadata `mlflow.traceInputs`, which repeats it.
    Request,
    /// With the metadata `mlflow.traceOutputs`.
    Response,
    Metadata(String),
    Tag(String),
    /// The values of the assessments of a kind and name.
    Assessment(AssessmentKind, String),
    Rationale,
    SourceId,
    SpanName,
    SpanAttribute(String),
    SpanEvents,
}

/// What becomes of a text.
type Change<'a> = &'a dyn Fn(&str) -> String;

impl Target {
    /// Reads `metadata.KEY`, `tags.KEY`, `request`, `span.inputs.$.a.b` and their like; keys may stand in backticks.
    pub fn parse(text: &str) -> Result<Self, RedactError> {
        let segments = segments(text).ok_or_else(|| RedactError::Unknown(text.to_owned()))?;
        let end = segments.iter().position(|segment| segment == "$").unwrap_or(segments.len());
        let inside = segments.get(end + 1..).unwrap_or_default().to_vec();
        if inside.is_empty() && end < segments.len() {
            return Err(RedactError::Unknown(text.to_owned()));
        }
        Ok(Self { place: Place::parse(&segments[..end], text)?, inside })
    }

    /// Changes every value it names and returns how many there were.
    pub fn replace(&self, trace: &mut Trace, change: Change) -> u64 {
        let mut count = 0;
        let mut in_text = |text: &mut String| count += self.in_text(text, change);
        let info = &mut trace.info;
        match &self.place {
            Place::ClientRequestId => info.client_request_id.iter_mut().for_each(in_text),
            Place::Request => {
                info.request_preview.iter_mut().for_each(&mut in_text);
                info.metadata.get_mut("mlflow.traceInputs").into_iter().for_each(in_text);
            }
            Place::Response => {
                info.response_preview.iter_mut().for_each(&mut in_text);
                info.metadata.get_mut("mlflow.traceOutputs").into_iter().for_each(in_text);
            }
            Place::Metadata(key) => info.metadata.get_mut(key).into_iter().for_each(in_text),
            Place::Tag(key) => info.tags.get_mut(key).into_iter().for_each(in_text),
            Place::Assessment(..) | Place::Rationale | Place::SourceId => {
                count = info.assessments.iter_mut().map(|assessment| self.in_assessment(assessment, change)).sum();
            }
            Place::SpanName => trace.spans.iter_mut().flatten().for_each(|span| in_text(&mut span.name)),
            Place::SpanAttribute(key) => {
                for text in trace.spans.iter_mut().flatten().filter_map(|span| span.attributes.get_mut(key)) {
                    count += self.in_json_text(text, change);
                }
            }
            Place::SpanEvents => {
                let events = trace.spans.iter_mut().flatten().flat_map(|span| &mut span.events);
                for value in events.flat_map(|event| event.attributes.values_mut()) {
                    count += self.in_value(value, change);
                }
            }
        }
        count
    }

    fn in_assessment(&self, assessment: &mut Assessment, change: Change) -> u64 {
        let mut object = assessment.as_object().clone();
        let mut count = 0;
        match &self.place {
            Place::Rationale => {
                count += object.get_mut("rationale").map_or(0, |value| self.in_value(value, change));
            }
            Place::SourceId => {
                let source = object.get_mut("source").and_then(|source| source.get_mut("source_id"));
                count += source.map_or(0, |value| self.in_value(value, change));
            }
            Place::Assessment(kind, name) if assessment.kind() == *kind && assessment.name() == name => {
                if let Some(body) = object.get_mut(kind.as_str()) {
                    count += body.get_mut("value").map_or(0, |value| self.in_value(value, change));
                    let serialized = body.get_mut("serialized_value").and_then(|body| body.get_mut("value"));
                    if let Some(Value::String(text)) = serialized {
                        count += self.in_json_text(text, change);
                    }
                }
                // The reason for a judgement tells the judgement.
                count += object.get_mut("rationale").map_or(0, |value| whole(value, change));
            }
            _ => {}
        }
        if count > 0 {
            *assessment = Assessment::new(object);
        }
        count
    }

    /// A text that may be JSON.
    fn in_text(&self, text: &mut String, change: Change) -> u64 {
        if self.inside.is_empty() {
            *text = change(text);
            return 1;
        }
        inside_text(text, &self.inside, change)
    }

    /// A text that is the JSON of a value.
    fn in_json_text(&self, text: &mut String, change: Change) -> u64 {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else {
            *text = Value::from(change(text)).to_string();
            return 1;
        };
        let count = self.in_value(&mut value, change);
        if count > 0 {
            *text = dumps(&value, NonAscii::Verbatim);
        }
        count
    }

    fn in_value(&self, value: &mut Value, change: Change) -> u64 {
        if self.inside.is_empty() { whole(value, change) } else { inside_value(value, &self.inside, change) }
    }
}

/// A whole value, a text as it is and anything else as JSON.
fn whole(value: &mut Value, change: Change) -> u64 {
    *value = match &*value {
        Value::Null => return 0,
        Value::String(text) => change(text).into(),
        other => change(&other.to_string()).into(),
    };
    1
}

fn inside_value(value: &mut Value, path: &[String], change: Change) -> u64 {
    let Some((first, rest)) = path.split_first() else { return whole(value, change) };
    match value {
        Value::Array(items) if first == "*" => items.iter_mut().map(|item| inside_value(item, rest, change)).sum(),
        Value::Object(object) if first == "*" => object.values_mut().map(|item| inside_value(item, rest, change)).sum(),
        Value::Array(items) => {
            let item = first.parse::<usize>().ok().and_then(|position| items.get_mut(position));
            item.map_or(0, |item| inside_value(item, rest, change))
        }
        Value::Object(object) => object.get_mut(first).map_or(0, |item| inside_value(item, rest, change)),
        Value::String(text) if is_container(text) => inside_text(text, path, change),
        _ => 0,
    }
}

/// JSON inside of a text. One that was cut cannot be looked into and is blanked whole.
fn inside_text(text: &mut String, path: &[String], change: Change) -> u64 {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else {
        MARKER.clone_into(text);
        return 1;
    };
    let count = inside_value(&mut value, path, change);
    if count > 0 {
        *text = dumps(&value, non_ascii_of(text));
    }
    count
}

/// Whether a text looks like a JSON object or list, whole or cut.
pub(super) fn is_container(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// How a JSON text writes what is not ASCII.
pub(super) fn non_ascii_of(text: &str) -> NonAscii {
    if text.is_ascii() { NonAscii::Escaped } else { NonAscii::Verbatim }
}

impl Place {
    fn parse(segments: &[String], text: &str) -> Result<Self, RedactError> {
        let unknown = || RedactError::Unknown(text.to_owned());
        let (first, rest) = segments.split_first().ok_or_else(unknown)?;
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        match (first.as_str(), rest.as_slice()) {
            ("span" | "spans", ["inputs"]) => Ok(Self::SpanAttribute(keys::SPAN_INPUTS.to_owned())),
            ("span" | "spans", ["outputs"]) => Ok(Self::SpanAttribute(keys::SPAN_OUTPUTS.to_owned())),
            ("span" | "spans", ["name"]) => Ok(Self::SpanName),
            ("span" | "spans", ["events"]) => Ok(Self::SpanEvents),
            ("span" | "spans", ["attributes", key @ ..]) if !key.is_empty() => Ok(Self::SpanAttribute(key.join("."))),
            ("assessment", ["rationale"]) => Ok(Self::Rationale),
            _ => Self::of_field(&Field::from_segments(segments).ok_or_else(unknown)?)
                .ok_or_else(|| RedactError::Structural(text.to_owned())),
        }
    }

    /// `None` for what makes a trace a trace, and for what is computed from other values.
    fn of_field(field: &Field) -> Option<Self> {
        Some(match field {
            Field::ClientRequestId => Self::ClientRequestId,
            Field::Name => Self::Tag(keys::TRACE_NAME.to_owned()),
            Field::Run => Self::Metadata(keys::SOURCE_RUN.to_owned()),
            Field::Prompt => Self::Tag(keys::LINKED_PROMPTS.to_owned()),
            Field::Session => Self::Metadata(keys::SESSION.to_owned()),
            Field::User => Self::Metadata(keys::USER.to_owned()),
            Field::RequestPreview => Self::Request,
            Field::ResponsePreview => Self::Response,
            Field::Tag(key) => Self::Tag(key.clone()),
            Field::Metadata(key) => Self::Metadata(key.clone()),
            Field::Feedback(name) => Self::Assessment(AssessmentKind::Feedback, name.clone()),
            Field::Expectation(name) => Self::Assessment(AssessmentKind::Expectation, name.clone()),
            Field::AssessmentSourceId => Self::SourceId,
            Field::TraceId
            | Field::Status
            | Field::RequestTime
            | Field::Duration
            | Field::EndTime
            | Field::Experiment
            | Field::Tokens(_)
            | Field::CachedTokens
            | Field::Cost(_)
            | Field::Version
            | Field::Error
            | Field::ErrorSpan
            | Field::SpanCount
            | Field::SizeBytes
            | Field::AnyRun
            | Field::Assessed(_)
            | Field::Issue
            | Field::AssessmentSourceType
            | Field::Span(_) => return None,
        })
    }
}

/// Splits at dots outside of backticks; `None` if a part is empty or a backtick has no partner.
fn segments(text: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '`' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => parts.last_mut()?.push(character),
        }
    }
    (!quoted && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}
