//! What was cut before it could be read: of long values a server returns the beginning, and clients cut previews.
//!
//! A text that is exactly as long as the longest that is returned may have been longer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field::{Field, version_key};
use super::{TraceInfo, keys};

/// Maximum characters of a metadata value that a server returns.
const METADATA_READ: usize = 250;
/// Maximum characters of a tag's value that a server returns.
const TAG_READ: usize = 4096;
/// Maximum characters of a preview: of clients and servers of `MLflow`, and of Databricks. What was cut ends in `...`.
const PREVIEW_LENGTHS: [usize; 2] = [1000, 10_000];
/// Metadata that the server puts together anew from columns, never cut.
const REBUILT: [&str; 3] = [keys::SESSION, keys::TOKEN_USAGE, keys::COST];

/// What is known about an answer of which the rest is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut<'info> {
    /// How a text begins.
    Begins(&'info str),
    /// Nothing: it was in a text that cannot be understood without its end.
    Hidden,
}

/// Keys of values that the server may have cut when they were read; full inputs and outputs are in the root span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaybeCut<'info> {
    /// Metadata of 250 characters, except what `MLflow` rebuilds when it is read and never cuts.
    pub metadata: Vec<&'info str>,
    /// Tags of 4096 characters.
    pub tags: Vec<&'info str>,
    /// Previews of 1000 characters, or of 10,000.
    pub previews: Vec<&'info str>,
}

impl TraceInfo {
    /// Which values are as long as the longest that a server returns, so that they may have been longer.
    #[must_use]
    pub fn maybe_cut(&self) -> MaybeCut<'_> {
        let previews = [("request", &self.request_preview), ("response", &self.response_preview)];
        let previews = previews.into_iter().filter(|(_, text)| preview(text.as_deref()).is_some());
        let at_limit = |values, limit| if self.is_as_stored { Vec::new() } else { at_limit(values, limit) };
        MaybeCut {
            metadata: at_limit(&self.metadata, METADATA_READ),
            tags: at_limit(&self.tags, TAG_READ),
            previews: previews.map(|(name, _)| name).collect(),
        }
    }
}

fn at_limit(values: &BTreeMap<String, String>, limit: usize) -> Vec<&str> {
    let cut = values.iter().filter(|(key, value)| is_at(value, limit) && !REBUILT.contains(&key.as_str()));
    cut.map(|(key, _)| key.as_str()).collect()
}

/// Whether a text has as many characters as a server returns.
fn is_at(value: &str, limit: usize) -> bool {
    // Characters are at most as many as bytes, which are free to count.
    value.len() >= limit && value.chars().count() == limit
}

impl Field {
    /// What is surely known about the answer of a trace, if it may have been cut; nothing if it is whole or missing.
    #[must_use]
    pub fn cut<'i>(&self, info: &'i TraceInfo) -> Option<Cut<'i>> {
        match self {
            Self::Tag(key) => tag(info, key),
            Self::Name => tag(info, keys::TRACE_NAME),
            Self::Prompt => tag(info, keys::LINKED_PROMPTS).map(|_| Cut::Hidden),
            Self::Metadata(key) => metadata(info, key),
            Self::User => metadata(info, keys::USER),
            Self::Run | Self::AnyRun => metadata(info, keys::SOURCE_RUN),
            Self::RequestPreview => preview(info.request_preview.as_deref()),
            Self::ResponsePreview => preview(info.response_preview.as_deref()),
            Self::Tokens(_) | Self::CachedTokens => broken_json(info, keys::TOKEN_USAGE),
            Self::Cost(_) => broken_json(info, keys::COST),
            Self::Version => match version_key(info)? {
                (key, true) => tag(info, key),
                (key, false) => metadata(info, key),
            },
            Self::SpanCount => info.has_unreadable_span_count().then_some(Cut::Hidden),
            _ => None,
        }
    }
}

fn tag<'i>(info: &'i TraceInfo, key: &str) -> Option<Cut<'i>> {
    info.tags.get(key).filter(|value| !info.is_as_stored && is_at(value, TAG_READ)).map(|value| Cut::Begins(value))
}

fn metadata<'i>(info: &'i TraceInfo, key: &str) -> Option<Cut<'i>> {
    let value = info.metadata.get(key).filter(|value| !info.is_as_stored && is_at(value, METADATA_READ));
    value.filter(|_| !REBUILT.contains(&key)).map(|value| Cut::Begins(value))
}

fn preview(text: Option<&str>) -> Option<Cut<'_>> {
    let text = text.filter(|text| PREVIEW_LENGTHS.iter().any(|limit| is_at(text, *limit)))?;
    Some(Cut::Begins(text.strip_suffix("...").unwrap_or(text)))
}

/// Old servers return what newer ones rebuild as the text that it is, and cut it.
fn broken_json(info: &TraceInfo, key: &str) -> Option<Cut<'static>> {
    let text = info.metadata.get(key).filter(|text| !info.is_as_stored && is_at(text, METADATA_READ))?;
    serde_json::from_str::<Value>(text).is_err().then_some(Cut::Hidden)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::TraceId;
    use crate::model::field::Share;

    fn info(fields: &Value) -> TraceInfo {
        let mut whole = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
        whole.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn values_at_the_servers_limits_may_have_been_longer() {
        let mut info = TraceInfo::new(TraceId::new("tr-1"), 0);
        assert_eq!(info.maybe_cut(), MaybeCut::default());
        for (key, length) in [("short", 249), ("full", 250), ("long", 251), (keys::TOKEN_USAGE, 250)] {
            info.metadata.insert(key.into(), "é".repeat(length));
        }
        for (key, length) in [("tag", 4095), ("full tag", 4096), ("250", 250)] {
            info.tags.insert(key.into(), "x".repeat(length));
        }
        info.request_preview = Some("x".repeat(999));
        info.response_preview = Some("x".repeat(1000));
        let cut = MaybeCut { metadata: vec!["full"], tags: vec!["full tag"], previews: vec!["response"] };
        assert_eq!(info.maybe_cut(), cut);
    }

    #[test]
    fn what_is_as_it_is_stored_was_cut_by_nobody_but_the_client() {
        let (text, preview) = ("x".repeat(250), "y".repeat(1000));
        let mut info = info(&json!({
            "trace_metadata": {"note": text, "mlflow.trace.cost": text}, "tags": {"note": "x".repeat(4096)},
            "request_preview": preview,
        }));
        info.is_as_stored = true;
        assert_eq!(info.maybe_cut(), MaybeCut { previews: vec!["request"], ..MaybeCut::default() });
        for field in [Field::Metadata("note".into()), Field::Tag("note".into()), Field::Cost(Share::Total)] {
            assert_eq!(field.cut(&info), None, "{field:?}");
        }
        assert_eq!(Field::RequestPreview.cut(&info), Some(Cut::Begins(&preview)));
    }

    #[test]
    fn of_what_was_cut_the_beginning_is_known() {
        let (full, tag, preview) = ("é".repeat(250), "x".repeat(4096), format!("{}...", "y".repeat(997)));
        let info = info(&json!({
            "trace_metadata": {"note": full, "short": "é", "mlflow.trace.session": full, "mlflow.trace.sizeStats": full},
            "tags": {"note": tag, "mlflow.traceName": full}, "request_preview": preview, "response_preview": "y",
        }));
        assert_eq!(Field::Metadata("note".into()).cut(&info), Some(Cut::Begins(&full)));
        assert_eq!(Field::Tag("note".into()).cut(&info), Some(Cut::Begins(&tag)));
        assert_eq!(Field::RequestPreview.cut(&info), Some(Cut::Begins(&preview[..997])));
        assert_eq!(Field::SpanCount.cut(&info), Some(Cut::Hidden));
        for field in [Field::Metadata("short".into()), Field::Session, Field::Name, Field::ResponsePreview] {
            assert_eq!(field.cut(&info), None, "{field:?}");
        }
    }
}
