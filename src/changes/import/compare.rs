//! What of an archived trace is not there.
//!
//! What the server adds or says about itself is no loss: where a trace is stored, and what it derives from spans where the
//! archive says nothing. Links are not compared where the server returns none, because its own route for spans leaves them
//! out. Reasons name things and never show their contents.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::Existing;
use super::assessments::{other_id, overridden, stored_as};
use super::plan::{FINALIZED, SERVER_TAGS};
use crate::model::{Assessment, Span, Trace, TraceId, TraceInfo, TraceState, keys, python_json};

/// Span attributes that the server sets itself.
const SERVER_ATTRIBUTES: [&str; 1] = [keys::REQUEST_ID];
/// Reasons that are named one by one.
const NAMED: usize = 8;

/// Everything of the archived trace that the server does not return as it was, in words.
#[must_use]
pub fn losses(archived: &Trace, there: &Existing) -> Vec<String> {
    let mut losses = Vec::new();
    of_info(&archived.info, &there.trace.info, &mut losses);
    of_assessments(&archived.info, &there.trace.info, &mut losses);
    if archived.info.has_odd_numbers {
        losses.push(
            "numbers outside of attributes that JSON cannot represent (NaN, Infinity) were stored as text".to_owned(),
        );
    }
    match &there.unreadable {
        Some(reason) if !archived.spans().is_empty() => losses.push(format!("its spans cannot be read back: {reason}")),
        _ => of_spans(archived.spans(), there.trace.spans(), &mut losses),
    }
    of_ends(archived, there, &mut losses);
    named(losses)
}

/// The first ones, and how many more there are.
pub(super) fn named(mut reasons: Vec<String>) -> Vec<String> {
    let more = reasons.len().saturating_sub(NAMED);
    if more > 0 {
        reasons.truncate(NAMED);
        reasons.push(format!("and {more} more"));
    }
    reasons
}

fn of_info(archived: &TraceInfo, there: &TraceInfo, losses: &mut Vec<String>) {
    let mut differs = |what: &str, differs: bool| {
        if differs {
            losses.push(format!("{what} changed during import"));
        }
    };
    let lost = |archived: &Option<String>, there: &Option<String>| archived.is_some() && archived != there;
    differs("the start time", archived.request_time_ms != there.request_time_ms);
    differs("the duration", archived.duration_ms != there.duration_ms);
    differs("the state", archived.state != there.state);
    differs("the client request id", lost(&archived.client_request_id, &there.client_request_id));
    differs("the request preview", lost(&archived.request_preview, &there.request_preview));
    differs("the response preview", lost(&archived.response_preview, &there.response_preview));
    of_map("metadata", &archived.metadata, &there.metadata, &[FINALIZED], losses);
    of_map("tag", &archived.tags, &there.tags, &SERVER_TAGS, losses);
}

fn of_map(
    what: &str,
    archived: &BTreeMap<String, String>,
    there: &BTreeMap<String, String>,
    left_out: &[&str],
    losses: &mut Vec<String>,
) {
    for (key, value) in archived.iter().filter(|(key, _)| !left_out.contains(&key.as_str())) {
        match there.get(key) {
            Some(stored) if same_text(value, stored) => {}
            Some(stored) if value.starts_with(stored.as_str()) => {
                let length = stored.chars().count();
                losses.push(format!("{what} {key:?}: the server returns its first {length} characters only"));
            }
            Some(_) => losses.push(format!("{what} {key:?} changed during import")),
            None => losses.push(format!("{what} {key:?} is missing")),
        }
    }
}

/// Texts that are equal, or that are equal JSON: the server writes token counts and costs anew.
pub(super) fn same_text(left: &str, right: &str) -> bool {
    let json =
        |text: &str| serde_json::from_str::<Value>(text).ok().filter(|value| value.is_object() || value.is_array());
    left == right || json(left).is_some_and(|left| json(right).is_some_and(|right| same_value(&left, &right)))
}

/// Equal JSON, where `4` is `4.0` and objects have no order.
fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(key, value)| right.get(key).is_some_and(|right| same_value(value, right));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

fn of_assessments(archived: &TraceInfo, there: &TraceInfo, losses: &mut Vec<String>) {
    // One without an id got one that only its contents tell.
    for (assessment, id) in archived.assessments.iter().filter_map(|assessment| Some((assessment, assessment.id()?))) {
        let Some(stored) = stored_as(&archived.trace_id, &id, &there.assessments) else {
            losses.push(format!("assessment {id} is missing"));
            continue;
        };
        let stored_id = stored.id().filter(|stored| *stored != id);
        losses
            .extend(stored_id.map(|other| {
                format!("the id of assessment {id} belongs to another trace; it was imported as {other}")
            }));
        let field = differing_field(&archived.trace_id, assessment, stored);
        losses.extend(field.map(|field| format!("the {field} of assessment {id} changed during import")));
    }
}

/// The first field of an assessment of a trace that is not as in the archive.
fn differing_field(trace: &TraceId, archived: &Assessment, stored: &Assessment) -> Option<&'static str> {
    let is_same_override = match (overridden(archived), overridden(stored)) {
        (Some(old), Some(stored)) => old == stored || other_id(trace, &old) == stored,
        (old, stored) => old == stored,
    };
    let state = [
        ("validity", archived.is_valid() == stored.is_valid()),
        ("overridden assessment", is_same_override),
        ("time of change", archived.last_update_time_ms() == stored.last_update_time_ms()),
    ];
    differing_content(archived, stored).or_else(|| state.into_iter().find_map(|(field, same)| (!same).then_some(field)))
}

/// The first field that differs of what an assessment says.
pub(super) fn differing_content(archived: &Assessment, stored: &Assessment) -> Option<&'static str> {
    let metadata = |of: &Assessment| of.as_object().get("metadata").cloned().unwrap_or(Value::Null);
    let (known, found) = (metadata(archived), metadata(stored));
    let is_empty = known.as_object().is_some_and(serde_json::Map::is_empty);
    let fields = [
        ("name", archived.name() == stored.name()),
        ("kind", archived.kind() == stored.kind()),
        ("value", same_value(&archived.value(), &stored.value())),
        ("error", archived.error() == stored.error()),
        ("source", archived.source_type() == stored.source_type() && archived.source_id() == stored.source_id()),
        ("rationale", archived.rationale() == stored.rationale()),
        ("span", archived.span_id() == stored.span_id()),
        ("metadata", is_empty || same_value(&known, &found)),
        ("creation time", archived.create_time_ms() == stored.create_time_ms()),
    ];
    fields.into_iter().find_map(|(field, same)| (!same).then_some(field))
}

fn of_spans(archived: &[Span], there: &[Span], losses: &mut Vec<String>) {
    let known: HashMap<&str, &Span> = there.iter().map(|span| (span.span_id.as_str(), span)).collect();
    let missing = archived.iter().filter(|span| !known.contains_key(span.span_id.as_str())).count();
    if missing > 0 {
        losses.push(format!("{missing} of {} spans are missing", archived.len()));
    }
    for span in archived {
        if let Some(stored) = known.get(span.span_id.as_str()) {
            let part = differing_part(span, stored, same_attribute);
            losses.extend(part.map(|part| format!("span {}: {part} changed during import", span.span_id_hex())));
            if stored.kind.is_none() && span.kind() != stored.kind() {
                let (id, kind) = (span.span_id_hex(), span.kind().as_str());
                losses.push(format!("span {id}: this server does not keep its kind, {kind}"));
            }
        }
    }
}

/// Spans that never ended in traces that did: the database of a server keeps 0 as their end.
fn of_ends(archived: &Trace, there: &Existing, losses: &mut Vec<String>) {
    let has_ended = matches!(archived.info.state, TraceState::Ok | TraceState::Error);
    if has_ended && there.trace.info.spans_location() == Some("TRACKING_STORE") {
        let open = archived.spans().iter().filter(|span| span.end_time_unix_nano.is_none());
        losses.extend(
            open.map(|span| format!("span {}: it never ended; its end is 0 on the server", span.span_id_hex())),
        );
    }
}

/// The first part of a span that differs, given when attributes are the same.
pub(super) fn differing_part(archived: &Span, stored: &Span, is_same: fn(&str, &str) -> bool) -> Option<String> {
    let fields = [
        ("its trace id", archived.trace_id == stored.trace_id),
        ("its parent", archived.parent_span_id == stored.parent_span_id),
        ("its name", archived.name == stored.name),
        // Servers before 3.18 keep none.
        ("its kind", stored.kind.is_none() || archived.kind() == stored.kind()),
        ("its start time", archived.start_time_unix_nano == stored.start_time_unix_nano),
        ("its end time", archived.end_time_unix_nano == stored.end_time_unix_nano),
        ("its status", archived.status == stored.status),
        ("its events", archived.events == stored.events),
        ("its links", stored.links.is_empty() || archived.links == stored.links),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, same)| !same) {
        return Some(field.to_owned());
    }
    let attributes = archived.attributes.iter().filter(|(key, _)| !SERVER_ATTRIBUTES.contains(&key.as_str()));
    let is_kept = |key: &String, text: &str| stored.attributes.get(key).is_some_and(|stored| is_same(text, stored));
    let (key, _) = attributes.into_iter().find(|(key, text)| !is_kept(key, text))?;
    Some(format!("the attribute {key:?}"))
}

/// The same to `MLflow`, which decodes the JSON text of an attribute and takes what is no JSON as it is.
pub(super) fn same_attribute(left: &str, right: &str) -> bool {
    left == right || same_value(&decoded(left), &decoded(right))
}

/// What the text of an attribute stands for. `NaN` and its like are marked, so that they are no texts.
fn decoded(text: &str) -> Value {
    let value = serde_json::from_str(text).ok().or_else(|| {
        let (strict, _) = python_json::made_strict(text.as_bytes())?;
        serde_json::from_slice(&strict).ok()
    });
    value.unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SpanKind;
    use serde_json::json;

    #[test]
    fn attributes_are_the_same_where_mlflow_decodes_them_to_the_same() {
        for (left, right) in [
            ("no JSON", "\"no JSON\""),
            ("1.50", "1.5"),
            ("{\"a\": [NaN, 1.0]}", "{\"a\":[NaN,1]}"),
            ("\"\\u00e9\"", "\"é\""),
            ("", "\"\""),
        ] {
            assert!(same_attribute(left, right) && same_attribute(right, left), "{left} {right}");
        }
        for (left, right) in
            [("NaN", "\"NaN\""), ("5", "\"5\""), ("[NaN]", "[\"NaN\"]"), ("null", "\"null\""), ("a", "b")]
        {
            assert!(!same_attribute(left, right), "{left} {right}");
        }
    }

    #[test]
    fn what_a_server_cannot_keep_of_numbers_and_ends_is_told() {
        let mut odd = document();
        odd["data"]["spans"][0].as_object_mut().unwrap().shift_remove("end_time_unix_nano");
        odd["info"]["tags"]["mlflow.trace.spansLocation"] = "TRACKING_STORE".into();
        let there = Existing { trace: Trace::from_json(odd.clone()).unwrap(), unreadable: None };
        let mut archived = there.trace.clone();
        archived.info.has_odd_numbers = true;
        let told = losses(&archived, &there).join("; ");
        assert!(told.contains("that JSON cannot represent") && told.contains("it never ended"), "{told}");
    }

    fn document() -> Value {
        let span = json!({
            "trace_id": "AAAAAAAAAAAAAAAAAAAAAQ==", "span_id": "AAAAAAAAAAE=", "name": "chat", "start_time_unix_nano": 5,
            "attributes": {"a": "NaN", "b": "{\"x\": 1}", "plain": "hello", "number": "5"}, "events": [{"name": "e", "time_unix_nano": 1, "attributes": {}}],
            "links": [{"trace_id": "tr-1", "span_id": "1", "attributes": null}],
        });
        let feedback = json!({
            "assessment_id": "a-1", "assessment_name": "score", "feedback": {"value": 4}, "valid": false,
            "source": {"source_type": "HUMAN", "source_id": "jane"}, "create_time": "2026-11-22T08:00:00Z",
        });
        let info = json!({
            "trace_id": "tr-1", "request_time": "2026-11-22T08:00:00Z", "state": "OK", "request_preview": "why",
            "trace_metadata": {"mlflow.trace.infoFinalized": "true", "mlflow.trace.tokenUsage": "{\"input_tokens\":1,\"output_tokens\":2}"},
            "tags": {"team": "search", "mlflow.artifactLocation": "/old"}, "assessments": [feedback],
        });
        json!({"info": info, "data": {"spans": [span]}})
    }

    fn losses_when(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let archived = Trace::from_json(document()).unwrap();
        let mut there = document();
        change(&mut there);
        losses(&archived, &Existing { trace: Trace::from_json(there).unwrap(), unreadable: None })
    }

    #[test]
    fn what_the_server_writes_its_own_way_is_no_loss() {
        let none: Vec<String> = Vec::new();
        assert_eq!(losses_when(|_| {}), none);
        let changed = losses_when(|there| {
            there["info"]["trace_metadata"] =
                json!({"mlflow.trace.tokenUsage": "{\"output_tokens\": 2, \"input_tokens\": 1}", "derived": "x"});
            there["info"]["tags"] = json!({"team": "search", "mlflow.artifactLocation": "/new", "added": "x"});
            there["info"]["assessments"][0]["feedback"]["value"] = json!(4.0);
            there["info"]["response_preview"] = "derived".into();
            there["data"]["spans"][0]["links"] = json!([]);
            there["data"]["spans"][0]["attributes"]["mlflow.traceRequestId"] = "\"tr-1\"".into();
        });
        assert_eq!(changed, none);
    }

    #[test]
    fn every_loss_is_named() {
        let one = |path: &str, value: Value| {
            losses_when(|there| *there.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value).join("; ")
        };
        assert_eq!(one("/info/request_time", json!("2026-11-22T08:00:01Z")), "the start time changed during import");
        assert_eq!(one("/info/state", json!("ERROR")), "the state changed during import");
        assert_eq!(one("/info/request_preview", Value::Null), "the request preview changed during import");
        assert_eq!(
            one("/info/tags/team", json!("sea")),
            "tag \"team\": the server returns its first 3 characters only"
        );
        assert_eq!(one("/info/tags", json!({})), "tag \"team\" is missing");
        assert_eq!(one("/info/assessments", json!([])), "assessment a-1 is missing");
        assert_eq!(
            one("/info/assessments/0/valid", json!(true)),
            "the validity of assessment a-1 changed during import"
        );
        let source = one("/info/assessments/0/source/source_id", json!("joe"));
        assert_eq!(source, "the source of assessment a-1 changed during import");
        assert_eq!(one("/data/spans", json!([])), "1 of 1 spans are missing");
        let span = "span 0000000000000001: ";
        assert_eq!(one("/data/spans/0/name", json!("x")), format!("{span}its name changed during import"));
        assert_eq!(one("/data/spans/0/attributes/plain", json!("\"hello\"")), "", "the same to MLflow");
        let attribute = one("/data/spans/0/attributes/plain", json!("hello you"));
        assert_eq!(attribute, format!("{span}the attribute \"plain\" changed during import"));
        let attribute = one("/data/spans/0/attributes/number", json!("\"5\""));
        assert_eq!(attribute, format!("{span}the attribute \"number\" changed during import"), "a number is no text");
        let attribute = one("/data/spans/0/attributes/a", json!("null"));
        assert_eq!(attribute, format!("{span}the attribute \"a\" changed during import"));
    }

    #[test]
    fn a_kind_that_the_server_does_not_keep_is_a_loss_and_no_other_span() {
        let mut archived = Trace::from_json(document()).unwrap();
        let losses_with = |archived: &Trace, kind: Value| {
            let mut there = document();
            there["data"]["spans"][0]["kind"] = kind;
            losses(archived, &Existing { trace: Trace::from_json(there).unwrap(), unreadable: None }).join("; ")
        };
        assert_eq!(losses_with(&archived, json!("SPAN_KIND_INTERNAL")), "", "what is not stated is internal");
        archived.spans.as_mut().unwrap()[0].kind = Some(SpanKind::Client);
        assert_eq!(losses_with(&archived, json!("SPAN_KIND_CLIENT")), "");
        let span = "span 0000000000000001: its kind";
        assert_eq!(
            losses_with(&archived, Value::Null),
            "span 0000000000000001: this server does not keep its kind, CLIENT"
        );
        assert_eq!(losses_with(&archived, json!("SPAN_KIND_SERVER")), format!("{span} changed during import"));
    }

    #[test]
    fn many_losses_are_counted() {
        let archived = losses_when(|there| {
            there["info"] =
                json!({"trace_id": "tr-1", "request_time": "1970-01-01T00:00:00Z", "execution_duration": "5s"});
            there["data"]["spans"] = json!([]);
        });
        assert!(archived.len() <= NAMED + 1, "{archived:?}");
        let unread = Existing { trace: Trace::from_json(document()).unwrap(), unreadable: Some("no file".into()) };
        let losses = losses(&Trace::from_json(document()).unwrap(), &unread);
        assert_eq!(losses, ["its spans cannot be read back: no file"]);
    }
}
