//! The names of the language: entities, attributes, what other products call them, and what resembles what.
//!
//! It resolves what an identifier spells. It must not know operators or values.

use super::order_by;
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::syntax::ast::Identifier;
use crate::model::field::{Field, FieldPlace};
use crate::model::{keys, nearest};

/// What stands before the first dot, or nothing for an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::filter) enum Entity {
    Attribute,
    Tag,
    Metadata,
    Span,
    Feedback,
    Expectation,
    Issue,
}

const ENTITIES: &[(&str, Entity)] = &[
    ("tags", Entity::Tag),
    ("tag", Entity::Tag),
    ("metadata", Entity::Metadata),
    ("request_metadata", Entity::Metadata),
    ("trace", Entity::Attribute),
    ("attributes", Entity::Attribute),
    ("attribute", Entity::Attribute),
    ("span", Entity::Span),
    ("feedback", Entity::Feedback),
    ("expectation", Entity::Expectation),
    ("issue", Entity::Issue),
];

/// What an attribute is named for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::filter) enum Purpose {
    /// To be asked in a filter.
    Filter,
    /// To order traces by.
    Order,
}

impl Purpose {
    /// Whether `MLflow` has an attribute of this name.
    fn knows(self, name: &str) -> bool {
        let field = Field::by_wire(name).filter(|_| !name.contains('.'));
        match self {
            Self::Filter => field.is_some() || name == "text",
            // Servers fail on the end before 3.18.
            Self::Order => {
                name == "experiment_id"
                    || field.is_some_and(|field| !matches!(field, Field::ClientRequestId | Field::Prompt))
            }
        }
    }
}

/// The fields that people are told of.
const FIELDS: &str = "status, name, timestamp, latency, end_time, trace_id, client_request_id, session, user, run_id, \
                      prompt, tokens.total, cost.total, spans.count";

/// What is asked for under another name.
const OTHER_NAMES: &[(&[&str], &str)] = &[
    (&["trace_id", "id", "traceid", "requestid"], "request_id"),
    (&["state", "trace_status", "status_code"], "status"),
    (
        &[
            "latency",
            "latency_ms",
            "duration",
            "duration_ms",
            "execution_duration",
            "execution_duration_ms",
            "elapsed",
            "response_time",
        ],
        "execution_time_ms",
    ),
    (&["request_time", "start_time", "start_time_ms", "created_at", "creation_time", "time", "date"], "timestamp_ms"),
    (&["trace_name", "tracename"], "name"),
    (&["run", "source_run", "mlflow_run_id"], "run_id"),
    (&["session", "session_id", "conversation_id", "thread_id"], "metadata.`mlflow.trace.session`"),
    (&["user", "user_id", "username"], "metadata.`mlflow.trace.user`"),
    (
        &[
            "content",
            "request",
            "response",
            "inputs",
            "outputs",
            "input",
            "output",
            "request_preview",
            "response_preview",
        ],
        "trace.text",
    ),
    (&["span_name"], "span.name"),
    (&["span_type"], "span.type"),
    (&["span_status"], "span.status"),
    (&["model_id"], "metadata.`mlflow.modelId`"),
    (&["env", "environment"], "tags.env"),
    (&["prompts", "linked_prompts"], "prompt"),
];

const OTHER_ENTITIES: &[(&[&str], &str)] = &[
    (&["spans"], "span"),
    (&["issues"], "issue"),
    (&["expectations", "expected"], "expectation"),
    (&["feedbacks", "assessment", "assessments", "score", "scores"], "feedback"),
    (&["trace_metadata", "meta", "params", "param"], "metadata"),
    (&["labels", "label"], "tags"),
];

/// What other places put around a name: paths into the JSON of a trace, and entities of other products.
const WRAPPERS: &[&str] = &["info", "trace_info", "traces", "trace", "data", "attributes", "attribute", "attr"];

/// What an identifier spells: its entity and its key with one pair of quotes removed.
pub(in crate::filter) fn resolve(
    text: &str,
    identifier: &Identifier,
    raw: &str,
    purpose: Purpose,
) -> Result<(Entity, String), FilterError> {
    let (entity, key) = match raw.split_once('.') {
        None => (Entity::Attribute, raw),
        Some((entity, key)) => {
            let bare = strip(entity, '`').unwrap_or(entity);
            let found = ENTITIES.iter().find(|(name, _)| *name == bare);
            (found.ok_or_else(|| unknown_entity(text, identifier, bare, key))?.1, key)
        }
    };
    let key = unquoted(key);
    if entity == Entity::Attribute && !purpose.knows(key) {
        return Err(unknown_attribute(text, identifier, key, purpose));
    }
    Ok((entity, key.to_owned()))
}

/// What `tags['name']` spells: what stands before the bracket, and the key as it is.
pub(in crate::filter) fn subscript(raw: &str) -> Option<(&str, &str)> {
    let (entity, key) = raw.strip_suffix(']')?.split_once('[')?;
    Some((entity, strip(key, '\'').or_else(|| strip(key, '"'))?))
}

pub(in crate::filter) fn strip(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

/// One pair of single or double quotes around the whole key is removed, then one pair of backticks.
pub(in crate::filter) fn unquoted(key: &str) -> &str {
    let key = strip(key, '\'').or_else(|| strip(key, '"')).unwrap_or(key);
    strip(key, '`').unwrap_or(key)
}

fn unknown_entity(text: &str, identifier: &Identifier, entity: &str, key: &str) -> FilterError {
    let known = || ENTITIES.iter().map(|(name, _)| *name);
    let lower = entity.to_lowercase();
    if let Some(swallowed) = &identifier.swallowed {
        let end = swallowed.0.end;
        return FilterError::new(FilterErrorKind::Syntax, text, end..end, "AND is missing between two clauses")
            .hint("join clauses with AND");
    }
    let start = identifier.span.0.start;
    let error =
        FilterError::new(FilterErrorKind::Name, text, start..start + entity.len(), format!("unknown entity {entity}"));
    let lowered = format!("{lower}.{key}");
    if known().any(|name| name == lower) && is_askable(&lowered) {
        return error.hint(format!("names are lower case: {lowered}"));
    }
    if let Some(name) = known_as(&format!("{entity}.{key}")) {
        return error.hint(format!("use {name}"));
    }
    if lower == "spans" {
        return error.hint(format!("an attribute of a span is span.attributes.{key}"));
    }
    let near = nearest(&lower, known()).map(|name| format!("{name}.{key}")).filter(|name| is_askable(name));
    let error = error.hints_from(near.map(|name| format!("did you mean {name}?")));
    error.hint("keys are available for tags, metadata, span.attributes, feedback and expectation")
}

/// The name of this language for one that is spelled as elsewhere: in other letters, with another entity, or as a path into
/// the JSON of a trace. Only a name that can be asked is given.
fn known_as(raw: &str) -> Option<String> {
    let Some((entity, key)) = raw.split_once('.') else {
        let lower = raw.to_lowercase();
        let other = OTHER_NAMES.iter().find(|(others, _)| others.contains(&lower.as_str()));
        return other.map(|(_, name)| (*name).to_owned()).or_else(|| Some(lower).filter(|name| is_askable(name)));
    };
    let lower = entity.to_lowercase();
    if WRAPPERS.contains(&lower.as_str()) {
        return if is_askable(key) { Some(key.to_owned()) } else { known_as(key) };
    }
    let entity = OTHER_ENTITIES.iter().find(|(others, _)| others.contains(&lower.as_str())).map(|(_, name)| *name);
    if let Some(name) = entity.map(|entity| format!("{entity}.{key}")).filter(|name| is_askable(name)) {
        return Some(name);
    }
    let lower = format!("{lower}.{key}");
    let other = OTHER_NAMES.iter().find(|(others, _)| others.contains(&lower.split('.').next().unwrap_or_default()));
    let is_wordy = key.is_empty() || key.contains('.');
    other
        .filter(|_| !is_wordy)
        .map(|(_, name)| (*name).to_owned())
        .or_else(|| Some(lower).filter(|name| is_askable(name)))
}

/// Whether a filter can ask for what is called this.
pub(in crate::filter) fn is_askable(name: &str) -> bool {
    let Some((entity, key)) = name.split_once('.') else {
        return Field::by_name(name).is_some_and(|field| field != Field::Experiment);
    };
    match ENTITIES.iter().find(|(known, _)| *known == entity).map(|(_, entity)| *entity) {
        Some(Entity::Tag | Entity::Metadata | Entity::Feedback | Entity::Expectation) => !key.is_empty(),
        Some(Entity::Attribute) => Purpose::Filter.knows(key),
        Some(Entity::Issue) => key == "id",
        Some(Entity::Span) => {
            matches!(key, "name" | "type" | "status" | "duration" | "content")
                || key.strip_prefix("attributes.").is_some_and(|key| !key.is_empty())
        }
        None => Field::by_name(name).is_some(),
    }
}

pub(in crate::filter) fn unknown_attribute(
    text: &str,
    identifier: &Identifier,
    name: &str,
    purpose: Purpose,
) -> FilterError {
    let lower = name.to_lowercase();
    let error =
        FilterError::new(FilterErrorKind::Name, text, identifier.span.0.clone(), format!("unknown field {name:?}"));
    if purpose.knows(&lower) {
        return error.hint(format!("names are lower case: {lower}"));
    }
    if purpose == Purpose::Order {
        return for_order(error, &lower);
    }
    match lower.as_str() {
        "experiment_id" | "experiment" => {
            return error.hint("a search says in which experiments to look, with -x; the filter cannot");
        }
        "token_usage" => return error.hint("use tokens.total"),
        "model" | "model_name" => return error.hint("write span(attributes.`mlflow.llm.model` = 'gpt-4o')"),
        "error" | "errors" | "failed" => return error.hint("traces with an error: status = 'ERROR'"),
        "not" | "or" | "exists" => return error.hint("join clauses with AND, OR, NOT and parentheses"),
        "tags" | "tag" | "metadata" | "feedback" | "expectation" => {
            return error.hint(format!("say which one: {lower}.key"));
        }
        "span" => return error.hint("say which one: span.name"),
        _ => {}
    }
    if let Some(known) = known_as(name) {
        return error.hint(format!("use {known}"));
    }
    let known = Field::names().filter(|name| is_askable(name));
    let error = error.hints_from(nearest(&lower, known).map(|known| format!("did you mean {known}?")));
    let is_plain = name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '.'));
    let tag = if is_plain { format!("tags.{name}") } else { format!("tags.`{name}`") };
    error.hint(format!("fields are {FIELDS}; `mlflow-trace filter fields` lists all; a tag is {tag}"))
}

/// An order is by a field with one value per trace.
fn for_order(error: FilterError, name: &str) -> FilterError {
    let sortable = |name: &&str| order_by::by_name(name).is_some();
    let known = OTHER_NAMES.iter().find(|(others, _)| others.contains(&name)).map(|(_, known)| *known);
    if let Some(known) = known.filter(sortable) {
        return error.hint(format!("use {known}"));
    }
    let near = nearest(name, Field::names().filter(|column| *column != name).filter(sortable));
    let error = error.hints_from(near.map(|known| format!("did you mean {known}?")));
    error.hint("`mlflow-trace filter fields` lists the fields; those with one value per trace can be ordered by")
}

/// The rename table of `SearchTraceUtils`: it applies to every entity but spans, whatever the case of the key.
pub(in crate::filter) fn renamed(entity: Entity, key: String) -> (Entity, String) {
    if entity == Entity::Span {
        return (entity, key);
    }
    let lower = key.to_lowercase();
    match lower.as_str() {
        "name" => (Entity::Tag, keys::TRACE_NAME.to_owned()),
        "prompt" => (Entity::Tag, keys::LINKED_PROMPTS.to_owned()),
        "run_id" => (Entity::Metadata, keys::SOURCE_RUN.to_owned()),
        "text" => (Entity::Span, "content".to_owned()),
        "timestamp" | "execution_time" | "end_time" => (entity, format!("{lower}_ms")),
        _ => (entity, key),
    }
}

/// The field of an attribute, a tag or a piece of metadata; some keys have a field of their own. Other entities have fields that
/// are not of a trace.
pub(in crate::filter) fn trace_field(entity: Entity, key: &str) -> Option<Field> {
    match entity {
        Entity::Attribute => Field::by_wire(key),
        Entity::Tag => Field::at(FieldPlace::Tag(key)),
        Entity::Metadata => Field::at(FieldPlace::Metadata(key)),
        Entity::Span | Entity::Feedback | Entity::Expectation | Entity::Issue => None,
    }
}
