//! Whether what a server holds under the id of an archived trace is that trace, or a part of it that an earlier import
//! left, or another trace.
//!
//! It is the archived trace only if nothing there contradicts the archive: every span there is one of the archive's, and
//! times, state and client request id are the archive's, or, where the server was sent spans alone, what it derives from
//! them. A span that both have settles which trace it is; tags and assessments, which people change, then tell nothing.
//! Without such a span these count too, and where spans or an info would be written, nothing may be there that the archive
//! does not know.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::Existing;
use super::assessments::{in_order, other_id};
use super::compare::{differing_content, differing_part, named, same_attribute, same_text};
use super::plan::{FINALIZED, SERVER_TAGS, is_unfinished, missing_spans};
use crate::model::{Assessment, Span, ToldBySpans, Trace, TraceInfo, keys, read_json};

/// Metadata that the server derives from spans, each version in its own way.
const DERIVED: [&str; 3] = [keys::TOKEN_USAGE, keys::COST, FINALIZED];
/// Attributes of spans that the server adds begin so.
const SERVER_ATTRIBUTES: &str = "mlflow.";
/// What OpenTelemetry's exporters, ours among them, add to the root span.
const EXPORTED_ATTRIBUTES: [&str; 2] = ["session.id", "user.id"];
/// A value of fewer characters was not cut by a server.
const SHORTEST_CUT: usize = 250;

/// What is there that contradicts the archive, in words; nothing if it is the archived trace, whole or in part.
#[must_use]
pub fn differences(archived: &Trace, there: &Existing) -> Vec<String> {
    let mut differences = Vec::new();
    // An archive without spans says nothing about them.
    if !archived.spans().is_empty() && there.unreadable.is_none() {
        of_spans(archived.spans(), there.trace.spans(), &mut differences);
    }
    let is_told = there.trace.info.metadata.contains_key(FINALIZED);
    if is_told || there.unreadable.is_none() {
        of_times(&archived.info, &there.trace, &mut differences);
    }
    if !shares_a_span(archived, there) {
        of_details(archived, there, &mut differences);
    }
    named(differences)
}

fn shares_a_span(archived: &Trace, there: &Existing) -> bool {
    let known: HashSet<&str> = there.trace.spans().iter().map(|span| span.span_id.as_str()).collect();
    archived.spans().iter().any(|span| known.contains(span.span_id.as_str()))
}

fn of_spans(archived: &[Span], there: &[Span], differences: &mut Vec<String>) {
    let known: HashMap<&str, &Span> = archived.iter().map(|span| (span.span_id.as_str(), span)).collect();
    let mut strange = 0;
    for stored in there {
        let Some(span) = known.get(stored.span_id.as_str()) else {
            strange += 1;
            continue;
        };
        let part = differing_part(span, stored, is_kept).or_else(|| added_attribute(span, stored));
        differences.extend(part.map(|part| format!("span {}: {part} differs", span.span_id_hex())));
    }
    if strange > 0 {
        differences.push(format!("{strange} of the {} spans on the server are not in the archive", there.len()));
    }
}

/// Whether an attribute is the archived one as far as a server can keep it: half a surrogate pair comes back as something
/// else, and an integer beyond 64 bits as the text of its digits.
fn is_kept(archived: &str, stored: &str) -> bool {
    let as_python = || read_json::<Value>(archived.as_bytes()).map(|value| value.to_string().to_lowercase());
    let has_half_a_pair =
        || serde_json::from_str::<Value>(archived).is_err() && as_python().is_ok_and(|text| text.contains(r"\\ud"));
    same_attribute(archived, stored)
        || serde_json::from_str::<String>(stored).is_ok_and(|text| text == archived)
        || has_half_a_pair()
}

fn added_attribute(archived: &Span, stored: &Span) -> Option<String> {
    let is_expected = |key: &str| key.starts_with(SERVER_ATTRIBUTES) || EXPORTED_ATTRIBUTES.contains(&key);
    let is_added = |key: &&String| !is_expected(key) && !archived.attributes.contains_key(*key);
    stored.attributes.keys().find(is_added).map(|key| format!("the attribute {key:?}"))
}

fn of_times(archived: &TraceInfo, there: &Trace, differences: &mut Vec<String>) {
    let info = &there.info;
    let is_derived = !there.spans().is_empty() && !info.metadata.contains_key(FINALIZED);
    let derived = ToldBySpans::of(there.spans());
    let mut differs = |what: &str, is_archived: bool, is_from_spans: bool| {
        if !(is_archived || is_derived && is_from_spans) {
            differences.push(format!("the {what} differs"));
        }
    };
    let (start, duration) = (info.request_time_ms, info.duration_ms);
    differs("start time", start == archived.request_time_ms, Some(start) == derived.start_ms);
    differs("duration", duration == archived.duration_ms, duration == derived.duration_ms);
    differs("state", info.state == archived.state, info.state == derived.state);
    let client = &info.client_request_id;
    differs("client request id", *client == archived.client_request_id, client.is_none());
}

/// What tells traces apart that have no span in common.
fn of_details(archived: &Trace, there: &Existing, differences: &mut Vec<String>) {
    let (info, found) = (&archived.info, &there.trace.info);
    let differs = |known: &Option<String>, other: &Option<String>| known.is_some() && other.is_some() && known != other;
    for (what, known, other) in [
        ("request", &info.request_preview, &found.request_preview),
        ("response", &info.response_preview, &found.response_preview),
    ] {
        differences.extend(differs(known, other).then(|| format!("the {what} preview differs")));
    }
    let is_written = !missing_spans(archived, Some(there)).is_empty() || is_unfinished(info, found);
    of_map("metadata", (&info.metadata, &found.metadata), &DERIVED, is_written, differences);
    of_map("tag", (&info.tags, &found.tags), &SERVER_TAGS, is_written, differences);
    of_assessments(info, &found.assessments, is_written, differences);
}

fn of_assessments(archived: &TraceInfo, there: &[Assessment], is_written: bool, differences: &mut Vec<String>) {
    let trace = &archived.trace_id;
    let known = in_order(archived);
    for stored in there {
        let is_it = |known: &&Assessment| {
            known.id().is_some_and(|id| stored.id() == Some(other_id(trace, &id)) || stored.id() == Some(id))
        };
        let id = stored.id().map(|id| id.to_string()).unwrap_or_default();
        let difference = match known.iter().find(is_it) {
            Some(known) => {
                differing_content(known, stored).map(|field| format!("the {field} of assessment {id} differs"))
            }
            None => is_written.then(|| format!("assessment {id} is not in the archive")),
        };
        differences.extend(difference);
    }
}

fn of_map(
    what: &str,
    (archived, there): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    left_out: &[&str],
    is_written: bool,
    differences: &mut Vec<String>,
) {
    for (key, stored) in there.iter().filter(|(key, _)| !left_out.contains(&key.as_str())) {
        match archived.get(key) {
            Some(value) if same_text(value, stored) || is_cut(value, stored) => {}
            Some(_) => differences.push(format!("{what} {key:?} differs")),
            None if is_written => differences.push(format!("{what} {key:?} is not in the archive")),
            None => {}
        }
    }
}

fn is_cut(value: &str, stored: &str) -> bool {
    value.starts_with(stored) && stored.chars().count() >= SHORTEST_CUT
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A trace as a server has it that was told its info.
    fn document() -> Value {
        let span = |number: u8, parent: Option<&str>| {
            json!({
                "trace_id": "000000000000000000000000000000ab", "span_id": format!("{number:016x}"), "name": "chat",
                "parent_span_id": parent, "start_time_unix_nano": 1_795_334_400_000_000_000_i64 + i64::from(number),
                "end_time_unix_nano": 1_795_334_400_250_000_000_i64, "status": {"code": "STATUS_CODE_OK"},
                "attributes": {"q": "\"why\""},
            })
        };
        let feedback = json!({
            "assessment_id": "a-1", "assessment_name": "score", "feedback": {"value": 4.0},
            "source": {"source_type": "HUMAN", "source_id": "jane"}, "create_time": "2026-11-22T08:00:00Z",
        });
        json!({
            "info": {
                "trace_id": "tr-000000000000000000000000000000ab", "request_time": "2026-11-22T08:00:01Z",
                "execution_duration_ms": 1000, "state": "ERROR", "client_request_id": "r-1", "tags": {"team": "search"},
                "trace_metadata": {"build": "7", "mlflow.trace.infoFinalized": "true"}, "assessments": [feedback],
            },
            "data": {"spans": [span(1, None), span(2, Some("0000000000000001"))]},
        })
    }

    /// The same after an import that sent spans alone.
    fn spans_alone(spans: usize) -> Value {
        let mut document = document();
        document["info"] = json!({
            "trace_id": document["info"]["trace_id"], "request_time": "2026-11-22T08:00:00Z",
            "execution_duration_ms": 250, "state": "OK", "tags": {"mlflow.trace.spansLocation": "TRACKING_STORE"},
        });
        document["data"]["spans"].as_array_mut().unwrap().truncate(spans);
        document
    }

    fn existing(document: Value) -> Existing {
        Existing { trace: Trace::from_json(document).unwrap(), unreadable: None }
    }

    fn found(there: Value) -> String {
        differences(&Trace::from_json(document()).unwrap(), &existing(there)).join("; ")
    }

    fn found_if(change: impl FnOnce(&mut Value)) -> String {
        let mut there = document();
        change(&mut there);
        found(there)
    }

    #[test]
    fn what_an_import_left_is_the_archived_trace() {
        assert_eq!(found(document()), "");
        assert_eq!(found(spans_alone(2)), "");
        assert_eq!(found(spans_alone(1)), "");
        assert_eq!(found_if(|there| there["data"]["spans"] = json!([])), "", "an info and no spans");
        assert_eq!(found_if(|there| there["info"]["assessments"] = json!([])), "");
    }

    #[test]
    fn what_people_added_or_changed_since_makes_no_other_trace() {
        let changed = found_if(|there| {
            there["info"]["tags"] = json!({"team": "sales", "seen": "yes"});
            there["info"]["assessments"][0]["feedback"]["value"] = 1.0.into();
            there["info"]["assessments"]
                .as_array_mut()
                .unwrap()
                .push(json!({"assessment_id": "a-2", "feedback": {"value": null}}));
            there["data"]["spans"][0]["attributes"]["mlflow.traceRequestId"] = "\"tr-1\"".into();
        });
        assert_eq!(changed, "");
    }

    #[test]
    fn a_trace_with_other_spans_times_or_state_is_another_one() {
        let one = |path: &str, value: Value| found_if(|there| *there.pointer_mut(path).expect(path) = value);
        assert_eq!(one("/info/request_time", json!("2026-11-22T08:00:00Z")), "the start time differs");
        assert_eq!(one("/info/execution_duration_ms", json!(250)), "the duration differs");
        assert_eq!(one("/info/state", json!("OK")), "the state differs");
        assert_eq!(one("/info/client_request_id", json!("r-2")), "the client request id differs");
        let span = "span 0000000000000001: ";
        assert_eq!(one("/data/spans/0/name", json!("x")), format!("{span}its name differs"));
        assert_eq!(one("/data/spans/0/attributes/q", json!("1")), format!("{span}the attribute \"q\" differs"));
        let added = found_if(|there| there["data"]["spans"][0]["attributes"]["more"] = "1".into());
        assert_eq!(added, format!("{span}the attribute \"more\" differs"));
        let strange = "1 of the 2 spans on the server are not in the archive";
        assert_eq!(one("/data/spans/1/span_id", json!("00000000000000ff")), strange);
    }

    #[test]
    fn what_a_server_derives_from_spans_counts_only_where_it_was_told_nothing_else() {
        let mut told = spans_alone(2);
        told["info"]["trace_metadata"] = json!({"mlflow.trace.infoFinalized": "true"});
        let all = "the start time differs; the duration differs; the state differs; the client request id differs";
        assert_eq!(found(told), all);
        let mut other = spans_alone(2);
        other["info"]["state"] = "IN_PROGRESS".into();
        other["info"]["execution_duration_ms"] = 77.into();
        assert_eq!(found(other), "the duration differs; the state differs");
    }

    #[test]
    fn without_a_span_in_common_everything_there_must_be_the_archives() {
        let bare = |change: &dyn Fn(&mut Value)| {
            found_if(|there| {
                there["data"]["spans"] = json!([]);
                change(&mut there["info"]);
            })
        };
        assert_eq!(bare(&|info| info["tags"]["team"] = "sales".into()), "tag \"team\" differs");
        assert_eq!(bare(&|info| info["tags"]["seen"] = "yes".into()), "tag \"seen\" is not in the archive");
        assert_eq!(bare(&|info| info["tags"]["mlflow.artifactLocation"] = "x".into()), "");
        assert_eq!(bare(&|info| info["trace_metadata"]["build"] = "8".into()), "metadata \"build\" differs");
        assert_eq!(bare(&|info| info["trace_metadata"]["mlflow.trace.cost"] = "{}".into()), "");
        let value = bare(&|info| info["assessments"][0]["feedback"]["value"] = 1.0.into());
        assert_eq!(value, "the value of assessment a-1 differs");
        let more = bare(&|info| info["assessments"][0]["assessment_id"] = "a-9".into());
        assert_eq!(more, "assessment a-9 is not in the archive");
    }

    #[test]
    fn an_archive_without_spans_says_nothing_of_them() {
        let mut archived = document();
        archived["data"]["spans"] = json!([]);
        let archived = Trace::from_json(archived).unwrap();
        assert_eq!(differences(&archived, &existing(document())), Vec::<String>::new());
        let mut annotated = document();
        annotated["info"]["tags"]["seen"] = "yes".into();
        assert_eq!(differences(&archived, &existing(annotated)), Vec::<String>::new());
    }

    #[test]
    fn what_no_server_can_keep_makes_no_difference() {
        for (text, kept) in [("[\"\\ud800\"]", "[\"?\"]"), ("123456789012345678901234", "\"123456789012345678901234\"")]
        {
            let (mut archived, mut stored) = (document(), document());
            archived["data"]["spans"][0]["attributes"]["q"] = text.into();
            stored["data"]["spans"][0]["attributes"]["q"] = kept.into();
            let archived = Trace::from_json(archived).unwrap();
            assert_eq!(differences(&archived, &existing(stored)), Vec::<String>::new());
        }
    }
}
