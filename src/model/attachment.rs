//! Attachments: what a trace refers to and does not hold.
//!
//! `MLflow`'s clients put `mlflow-attachment://ID?content_type=…&trace_id=…&size=…` in the place of images, sounds and other
//! bytes, which the server keeps apart from the spans.
//!
//! Invariant: texts of spans are untrusted. An id is a UUID as the server writes it, and a path leads nowhere but below
//! [`ATTACHMENTS`].

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{Trace, TraceId, percent_decoded};

/// The folder of an archive in which attachments are.
pub const ATTACHMENTS: &str = "attachments";

const SCHEME: &str = "mlflow-attachment://";

/// A reference to an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRef {
    /// The trace it belongs to; most often the one that refers to it.
    pub trace_id: TraceId,
    /// Its id, a UUID.
    pub id: String,
    /// Its size, if the reference states one.
    pub bytes: Option<u64>,
}

/// An attachment that is in an archive, as the list of its part describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedAttachment {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its id, a UUID.
    pub id: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

impl AttachmentRef {
    /// Where an archive has it, with `/` between folders.
    #[must_use]
    pub fn path(&self) -> String {
        path(&self.trace_id, &self.id)
    }
}

impl ArchivedAttachment {
    /// Where the archive has it; nothing if the id is none that an attachment can have.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        is_id(&self.id).then(|| path(&self.trace_id, &self.id))
    }
}

/// A trace's id is chosen by whoever wrote the span, so that every byte which could mean something in a path is escaped.
fn path(trace: &TraceId, id: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');
    let folder = utf8_percent_encode(trace.as_str(), ESCAPED);
    format!("{ATTACHMENTS}/{folder}/{id}")
}

impl Trace {
    /// The attachments that its spans refer to, each once, in the order in which they are met.
    #[must_use]
    pub fn attachments(&self) -> Vec<AttachmentRef> {
        let (mut found, mut known) = (Vec::new(), HashSet::new());
        let mut take = |text: &str| {
            for reference in references(text, &self.info.trace_id) {
                if known.insert(reference.path()) {
                    found.push(reference);
                }
            }
        };
        for span in self.spans() {
            for text in span.attributes.values() {
                take(text);
            }
            for value in span.events.iter().flat_map(|event| event.attributes.values()).chain(&span.links) {
                take(&value.to_string());
            }
        }
        found
    }
}

/// The references in a text; one that names no trace is to an attachment of this one.
fn references<'t>(text: &'t str, own: &'t TraceId) -> impl Iterator<Item = AttachmentRef> + 't {
    text.match_indices(SCHEME).filter_map(move |(at, _)| {
        let rest = &text[at + SCHEME.len()..];
        let (id, rest) = rest.split_at_checked(36)?;
        // The client reads the id as the host of a URL, which has no capital letters.
        let id = id.to_ascii_lowercase();
        let query = rest.strip_prefix('?').map_or("", up_to_its_end);
        let parameter = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| percent_decoded(&value.replace('+', " ")))
                .filter(|value| !value.is_empty())
        };
        let trace_id = parameter("trace_id").map_or_else(|| own.clone(), TraceId::new);
        let bytes = parameter("size").and_then(|size| size.parse().ok()).filter(|bytes| *bytes > 0);
        is_id(&id).then_some(AttachmentRef { trace_id, id, bytes })
    })
}

/// The query at the start of a text: whatever else a text holds behind a URL, such as a quotation mark, is not part of it.
fn up_to_its_end(text: &str) -> &str {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%&=+*".contains(&byte);
    let end = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// A UUID as the server writes it: 32 hex digits without capitals in five groups.
fn is_id(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let fits = |(at, byte): (usize, u8)| if [8, 13, 18, 23].contains(&at) { byte == b'-' } else { is_hex(byte) };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ONE: &str = "476b3bbd-54a3-4a9c-99fc-7d5c86ab390a";
    const TWO: &str = "9320f86d-6af5-47cc-8497-350f7314ecb2";

    fn trace(attributes: &Value, events: &Value) -> Trace {
        let span = json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "s",
            "start_time_unix_nano": 1, "attributes": attributes, "events": events});
        let info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
        Trace::from_json(json!({"info": info, "data": {"spans": [span]}})).unwrap()
    }

    fn found(trace: &Trace) -> Vec<(String, String, Option<u64>)> {
        let told = |one: AttachmentRef| (one.trace_id.to_string(), one.id, one.bytes);
        trace.attachments().into_iter().map(told).collect()
    }

    #[test]
    fn references_are_found_wherever_a_span_has_values_and_each_counts_once() {
        let first = format!("mlflow-attachment://{ONE}?content_type=image%2Fpng&trace_id=tr-1&size=79");
        let second = format!("mlflow-attachment://{TWO}?content_type=text%2Fplain&trace_id=trace%3A%2Fa.b%2Ftr-2");
        let inputs = json!({"image": first, "again": first}).to_string();
        let nested = json!(json!({"in": {"a": [first]}}).to_string()).to_string();
        let event = json!({"name": "chunk", "time_unix_nano": 1, "attributes": {"text": format!("![it]({second}).")}});
        let trace = trace(&json!({"mlflow.spanInputs": inputs, "mlflow.spanOutputs": nested}), &json!([event]));
        let expected = [("tr-1".into(), ONE.into(), Some(79)), ("trace:/a.b/tr-2".into(), TWO.into(), None)];
        assert_eq!(found(&trace), expected);
    }

    #[test]
    fn what_no_server_has_is_no_reference() {
        let cut = &ONE[..30];
        for text in [
            "mlflow-attachment://".to_owned(),
            format!("mlflow-attachment://{cut}"),
            format!("mlflow-attachment://../../../../../../../../etc/passwd{cut}"),
            format!("mlflow-attachment://{}", ONE.replace('-', "0")),
            "mlflow-attachment://éééééééééééééééééééééé".to_owned(),
            format!("attachment://{ONE}?trace_id=tr-1"),
        ] {
            assert_eq!(found(&trace(&json!({"a": json!(text).to_string()}), &json!([]))), [], "{text}");
        }
    }

    #[test]
    fn a_reference_without_parameters_is_to_the_trace_itself() {
        let text = json!(format!("mlflow-attachment://{} and more", ONE.to_uppercase())).to_string();
        assert_eq!(found(&trace(&json!({"a": text}), &json!([]))), [("tr-1".into(), ONE.into(), None)]);
    }

    #[test]
    fn paths_stay_below_their_folder() {
        let of = |trace: &str| AttachmentRef { trace_id: trace.into(), id: ONE.into(), bytes: None }.path();
        assert_eq!(of("tr-1"), format!("attachments/tr-1/{ONE}"));
        assert_eq!(of(".."), format!("attachments/%2E%2E/{ONE}"));
        assert_eq!(of("trace:/a/b"), format!("attachments/trace%3A%2Fa%2Fb/{ONE}"));
        let archived =
            ArchivedAttachment { trace_id: "tr-1".into(), id: "../x".into(), bytes: 0, sha256: String::new() };
        assert_eq!(archived.path(), None);
    }
}
