//! Documents that were retrieved, with their sources.

use serde::Serialize;
use serde_json::{Map, Value};

use super::calls::Spans;
use super::message::{field, text_field};
use super::parts::plain;
use super::sources::unflattened;
use crate::model::{Span, keys};

/// A document that a retriever found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// Where it is from: an address, a file, a title or its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its text.
    pub text: String,
    /// How well it fits, by the retriever's measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The retriever's span.
    pub span_id: String,
    /// Its name.
    #[serde(skip)]
    pub retriever: String,
    /// When, in nanoseconds since the epoch.
    #[serde(skip)]
    pub at: i64,
}

/// All documents in the order in which they were retrieved. Retrievers within retrievers tell the same ones again.
pub(super) fn documents(spans: &Spans) -> Vec<Document> {
    let is_retriever = |place: usize| spans.type_of(place) == "RETRIEVER";
    let mut places: Vec<usize> =
        (0..spans.all.len()).filter(|place| is_retriever(*place) && !spans.above(*place).any(is_retriever)).collect();
    places.sort_by_key(|place| spans.all[*place].start_time_unix_nano);
    places.into_iter().flat_map(|place| of_span(&spans.all[place])).collect()
}

fn of_span(span: &Span) -> Vec<Document> {
    let outputs = span.attribute(keys::SPAN_OUTPUTS).unwrap_or_default();
    let within = ["documents", "results", "nodes", "source_nodes"].iter().find_map(|key| outputs.get(*key)).cloned();
    let list = within.filter(Value::is_array).unwrap_or(outputs);
    let list = if list.is_array() { list } else { unflattened(span, "retrieval.documents.").unwrap_or_default() };
    let objects = list.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_object);
    objects.filter_map(|object| document(span, object)).collect()
}

fn document(span: &Span, object: &Map<String, Value>) -> Option<Document> {
    let object = field(object, &["document", "node"]).and_then(Value::as_object).unwrap_or(object);
    let prefixed = |key: &str| field(object, &[key, &format!("document.{key}")]).cloned();
    let text = field(object, &["page_content", "content", "text", "body"]).map(plain)?;
    let metadata = prefixed("metadata");
    let metadata = metadata.as_ref().and_then(Value::as_object);
    let names = [
        "source",
        "doc_uri",
        "url",
        "uri",
        "file",
        "file_name",
        "filename",
        "file_path",
        "path",
        "title",
        "src",
        "name",
    ];
    let source = metadata.and_then(|metadata| text_field(metadata, &names)).or_else(|| text_field(object, &names));
    let id = || text_field(object, &["id", "id_", "doc_id"]);
    let score = field(object, &["score"]).or_else(|| metadata?.get("score")).and_then(Value::as_f64);
    Some(Document {
        source: source.or_else(id).map(str::to_owned),
        text,
        score,
        span_id: span.span_id_hex(),
        retriever: span.name.clone(),
        at: span.end_time_unix_nano.unwrap_or(span.start_time_unix_nano),
    })
}
