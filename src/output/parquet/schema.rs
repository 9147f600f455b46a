//! The columns: names and what each asks.
//!
//! Filters as SQL are written over these names, so a change here is a change of `filter/sql`, too.

use std::borrow::Cow;

use serde_json::Value;

use super::Table;
use super::columns::{Ask, Column, Entries, ListOf};
use crate::model::field::{Field, Share, linked_prompts};
use crate::model::python_json::{self, NonAscii};
use crate::model::{Assessment, Span, Trace, keys, span_id_in_hex};

/// The attribute with a model's name; applications that do not use `MLflow`'s own follow OpenTelemetry or call it `model`.
const MODEL_KEYS: &[&str] = &["mlflow.llm.model", "gen_ai.response.model", "gen_ai.request.model", "model"];

/// Columns that are only ever read whole, in either layout.
pub(super) const LONG_TEXTS: &[&str] = &[
    "trace_json",
    "spans.list.element.inputs",
    "spans.list.element.outputs",
    "spans.list.element.content",
    "span_inputs",
    "span_outputs",
    "span_content",
];

const EXPERIMENT: Ask<Trace> = Ask::Text(|trace| trace.info.experiment_id().map(|id| Cow::Owned(id.to_string())));

const TRACE: &[(&str, Ask<Trace>)] = &[
    ("trace_id", Ask::Text(|trace| borrowed(Some(trace.info.trace_id.as_str())))),
    ("client_request_id", Ask::Text(|trace| borrowed(trace.info.client_request_id.as_deref()))),
    ("request_time", Ask::Milliseconds(|trace| Some(trace.info.request_time_ms))),
    ("execution_duration_ms", Ask::Integer(|trace| trace.info.duration_ms)),
    ("state", Ask::Text(|trace| borrowed(Some(trace.info.state.as_str())))),
    ("name", Ask::Text(|trace| borrowed(trace.info.name()))),
    ("session_id", Ask::Text(|trace| borrowed(trace.info.session()))),
    ("user_id", Ask::Text(|trace| borrowed(trace.info.user()))),
    ("request_preview", Ask::Text(|trace| borrowed(trace.info.request_preview.as_deref()))),
    ("response_preview", Ask::Text(|trace| borrowed(trace.info.response_preview.as_deref()))),
    ("input_tokens", Ask::Integer(|trace| Field::Tokens(Share::Input).value(trace).as_i64())),
    ("output_tokens", Ask::Integer(|trace| Field::Tokens(Share::Output).value(trace).as_i64())),
    ("total_tokens", Ask::Integer(|trace| Field::Tokens(Share::Total).value(trace).as_i64())),
    ("input_cost", Ask::Float(|trace| Field::Cost(Share::Input).value(trace).as_f64())),
    ("output_cost", Ask::Float(|trace| Field::Cost(Share::Output).value(trace).as_f64())),
    ("total_cost", Ask::Float(|trace| Field::Cost(Share::Total).value(trace).as_f64())),
    ("span_count", Ask::Integer(|trace| Field::SpanCount.value(trace).as_i64())),
    ("size_bytes", Ask::Integer(|trace| Field::SizeBytes.value(trace).as_i64())),
    (
        "prompts",
        Ask::Texts(|trace| linked_prompts(trace).iter().filter_map(Value::as_str).map(str::to_owned).collect()),
    ),
    ("tags", Ask::Map(|trace| text_map(trace.info.tags.iter()))),
    ("metadata", Ask::Map(|trace| text_map(trace.info.metadata.iter()))),
];

const ASSESSMENT: &[(&str, Ask<Assessment>)] = &[
    ("assessment_id", Ask::Text(|one| one.id().map(|id| Cow::Owned(id.to_string())))),
    ("name", Ask::Text(|one| borrowed(Some(one.name())))),
    ("kind", Ask::Text(|one| borrowed(Some(one.kind().as_str())))),
    // As the tracking server stores and compares it.
    ("value", Ask::Text(|one| Some(Cow::Owned(python_json::dumps(&one.value(), NonAscii::Escaped))))),
    ("value_number", Ask::Float(|one| one.value().as_f64())),
    ("value_text", Ask::Text(|one| one.value().as_str().map(|text| Cow::Owned(text.to_owned())))),
    ("source_type", Ask::Text(|one| borrowed(one.source_type()))),
    ("source_id", Ask::Text(|one| borrowed(one.source_id()))),
    ("rationale", Ask::Text(|one| borrowed(one.rationale()))),
    ("span_id", Ask::Text(|one| borrowed(one.span_id()))),
    // An assessment with a session counts for all traces of that session.
    ("session_id", Ask::Text(|one| borrowed(one.metadata(keys::SESSION)))),
    ("valid", Ask::Boolean(|one| Some(one.is_valid()))),
    ("error_code", Ask::Text(|one| borrowed(one.error().map(|(code, _)| code)))),
    ("error_message", Ask::Text(|one| borrowed(one.error().map(|(_, message)| message)))),
    ("create_time", Ask::Milliseconds(Assessment::create_time_ms)),
    ("last_update_time", Ask::Milliseconds(Assessment::last_update_time_ms)),
];

const SPAN: &[(&str, Ask<Span>)] = &[
    ("span_id", Ask::Text(|span| Some(Cow::Owned(span.span_id_hex())))),
    ("parent_span_id", Ask::Text(parent)),
    ("name", Ask::Text(|span| borrowed(Some(&span.name)))),
    ("type", Ask::Text(|span| span.span_type().map(Cow::Owned))),
    ("kind", Ask::Text(|span| borrowed(Some(span.kind().as_str())))),
    ("status", Ask::Text(|span| borrowed(Some(span.status.code.as_str())))),
    ("status_message", Ask::Text(|span| borrowed(Some(&span.status.message)))),
    ("start_time", Ask::Microseconds(|span| Some(span.start_time_unix_nano.div_euclid(1000)))),
    ("start_time_unix_nano", Ask::Integer(|span| Some(span.start_time_unix_nano))),
    ("end_time_unix_nano", Ask::Integer(|span| span.end_time_unix_nano)),
    ("duration_ms", Ask::Float(Span::duration_ms)),
    ("model", Ask::Text(model)),
    ("input_tokens", Ask::Integer(|span| tokens(span, "input_tokens"))),
    ("output_tokens", Ask::Integer(|span| tokens(span, "output_tokens"))),
    ("total_tokens", Ask::Integer(|span| tokens(span, "total_tokens"))),
    ("inputs", Ask::Text(|span| json_of(span, keys::SPAN_INPUTS))),
    ("outputs", Ask::Text(|span| json_of(span, keys::SPAN_OUTPUTS))),
    ("attributes", Ask::Map(attributes)),
    ("events", Ask::Text(|span| json(&span.events))),
    ("links", Ask::Text(|span| json(&span.links))),
    // What `trace.text`, `span.content` and `span.attributes.*` search in.
    ("content", Ask::Text(|span| Some(Cow::Owned(span.content())))),
];

#[allow(clippy::unnecessary_wraps)] // It stands where most answers may be missing.
fn borrowed(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(Cow::Borrowed)
}

fn text_map<'t>(entries: impl Iterator<Item = (&'t String, &'t String)>) -> Entries<'t> {
    entries.map(|(key, value)| (key.as_str(), Cow::Borrowed(value.as_str()))).collect()
}

fn parent(span: &Span) -> Option<Cow<'_, str>> {
    let parent = span.parent_span_id.as_deref()?;
    Some(span_id_in_hex(parent).map_or(Cow::Borrowed(parent), Cow::Owned))
}

fn model(span: &Span) -> Option<Cow<'_, str>> {
    MODEL_KEYS.iter().find_map(|key| match span.attribute(key)? {
        Value::String(name) => Some(Cow::Owned(name)),
        _ => None,
    })
}

fn tokens(span: &Span, key: &str) -> Option<i64> {
    span.attribute(keys::CHAT_TOKEN_USAGE)?.get(key)?.as_i64()
}

/// JSON text of one spelling: equal values are equal texts, and text that is no JSON is a string.
fn json_of<'t>(span: &'t Span, key: &str) -> Option<Cow<'t, str>> {
    Some(Cow::Owned(python_json::dumps(&span.attribute(key)?, NonAscii::Verbatim)))
}

/// All attributes but inputs and outputs, which have columns of their own.
fn attributes(span: &Span) -> Entries<'_> {
    let others = span.attributes.keys().filter(|key| ![keys::SPAN_INPUTS, keys::SPAN_OUTPUTS].contains(&key.as_str()));
    others.filter_map(|key| Some((key.as_str(), json_of(span, key)?))).collect()
}

/// A list as JSON; none if it is empty.
fn json<T: serde::Serialize>(list: &[T]) -> Option<Cow<'static, str>> {
    if list.is_empty() {
        return None;
    }
    serde_json::to_string(list).ok().map(Cow::Owned)
}

fn trace_table(is_partitioned: bool) -> Table<Trace> {
    let experiment = (!is_partitioned).then(|| ("experiment_id".to_owned(), &EXPERIMENT));
    let others = TRACE.iter().map(|(name, ask)| ((*name).to_owned(), ask));
    Table::new(experiment.into_iter().chain(others))
}

/// One row per trace.
pub(super) struct TraceRows {
    trace: Table<Trace>,
    assessments: ListOf<Assessment>,
    spans: ListOf<Span>,
    json: Table<String>,
}

impl TraceRows {
    pub(super) fn new(is_partitioned: bool) -> Self {
        const JSON: &Ask<String> = &Ask::Text(|json| Some(Cow::Borrowed(json)));
        Self {
            trace: trace_table(is_partitioned),
            assessments: ListOf::new("assessments", ASSESSMENT),
            spans: ListOf::new("spans", SPAN),
            json: Table::new([("trace_json".to_owned(), JSON)]),
        }
    }

    /// Adds a trace and its JSON; how many bytes it took, roughly.
    pub(super) fn append(&mut self, trace: &Trace, json: &String) -> usize {
        self.trace.append(trace)
            + self.assessments.append(Some(&trace.info.assessments))
            + self.spans.append(trace.spans.as_deref())
            + self.json.append(json)
    }

    /// The columns, which are empty afterwards.
    pub(super) fn take(&mut self) -> Vec<Column> {
        let mut columns = self.trace.take();
        columns.extend([self.assessments.take(), self.spans.take()]);
        columns.extend(self.json.take());
        columns
    }
}

/// One row per span.
pub(super) struct SpanRows {
    trace: Table<Trace>,
    span: Table<Span>,
}

impl SpanRows {
    pub(super) fn new(is_partitioned: bool) -> Self {
        let name = |name: &str| match name {
            "span_id" | "parent_span_id" => name.to_owned(),
            other => format!("span_{other}"),
        };
        let span = Table::new(SPAN.iter().map(|(column, ask)| (name(column), ask)));
        Self { trace: trace_table(is_partitioned), span }
    }

    /// Adds the spans of a trace; how many bytes they took, roughly.
    pub(super) fn append(&mut self, trace: &Trace) -> usize {
        trace.spans().iter().map(|span| self.trace.append(trace) + self.span.append(span)).sum()
    }

    /// The columns, which are empty afterwards.
    pub(super) fn take(&mut self) -> Vec<Column> {
        let mut columns = self.trace.take();
        columns.extend(self.span.take());
        columns
    }
}
