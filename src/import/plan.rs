//! What has to be sent, and in which order.
//!
//! Spans go first and the info after them: spans make the server derive times, state and previews, and the info then puts
//! what was known in the place of what was derived. Assessments that override another one go last and one by one, because
//! only then the server marks the other one as overridden.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Existing;
use crate::model::{Assessment, AssessmentId, ExperimentId, Span, Trace, TraceInfo};

/// Tags that the server sets itself: where a trace is stored.
pub(super) const SERVER_TAGS: [&str; 4] = [
    "mlflow.artifactLocation",
    "mlflow.trace.spansLocation",
    "mlflow.trace.archiveLocation",
    "mlflow.trace.archivalFailure",
];
/// Metadata that the server sets itself: that the info of a trace was sent.
pub(super) const FINALIZED: &str = "mlflow.trace.infoFinalized";

/// Something to be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// All spans, to the database of the server.
    Spans,
    /// The info, with the assessments that it holds.
    Info(Box<TraceInfo>),
    /// All spans as a file, for traces whose ids are none that spans in the database can have.
    SpanFile,
    /// One assessment.
    Assessment(Assessment),
}

/// What has to be sent so that the server holds the trace; nothing if it does.
#[must_use]
pub fn steps(trace: &Trace, experiment: &ExperimentId, existing: Option<&Existing>) -> Vec<Step> {
    let (first, later) = assessments(&trace.info);
    let there = |assessment: &Assessment| {
        existing.is_some_and(|there| there.trace.info.assessments.iter().any(|known| known.id() == assessment.id()))
    };
    let in_database = fits_the_database(trace);
    let spans_missing = existing.is_none_or(|there| lacks_spans(trace, there)) && !trace.spans().is_empty();
    let mut steps = Vec::new();
    if spans_missing && in_database {
        steps.push(Step::Spans);
    }
    let first_missing: Vec<Assessment> = first.iter().filter(|assessment| !there(assessment)).cloned().collect();
    let mut one_by_one = Vec::new();
    match existing.filter(|there| !is_unfinished(&trace.info, &there.trace.info)) {
        None => steps.push(Step::Info(Box::new(info(&trace.info, experiment, first)))),
        Some(there) => {
            // One that overrides an assessment which is gone is only taken together with the info.
            let (dangling, plain): (Vec<_>, Vec<_>) = first_missing.into_iter().partition(|a| overridden(a).is_some());
            if (spans_missing && in_database) || !dangling.is_empty() {
                steps.push(Step::Info(Box::new(unchanged(&there.trace.info, dangling))));
            }
            one_by_one = plain;
        }
    }
    if spans_missing && !in_database {
        steps.push(Step::SpanFile);
    }
    one_by_one.extend(later.into_iter().filter(|assessment| !there(assessment)));
    steps.extend(one_by_one.into_iter().map(Step::Assessment));
    steps
}

/// Whether spans with these ids are found again under the trace's id: it is `tr-` and the spans' trace id in hex.
fn fits_the_database(trace: &Trace) -> bool {
    let hex = trace.info.trace_id.as_str().strip_prefix("tr-").unwrap_or("");
    let is_id = |id: &str, length: usize| {
        STANDARD.decode(id).is_ok_and(|bytes| bytes.len() == length && bytes.iter().any(|byte| *byte != 0))
    };
    let fits = |span: &Span| {
        is_id(&span.trace_id, 16)
            && trace_id_hex(span) == hex
            && is_id(&span.span_id, 8)
            && span.parent_span_id.as_deref().is_none_or(|parent| is_id(parent, 8))
            && span.start_time_unix_nano >= 0
    };
    trace.spans().iter().all(fits)
}

fn trace_id_hex(span: &Span) -> String {
    hex(&STANDARD.decode(&span.trace_id).unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;

    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn lacks_spans(trace: &Trace, there: &Existing) -> bool {
    let known: HashSet<&str> = there.trace.spans().iter().map(|span| span.span_id.as_str()).collect();
    // Spans that cannot be read are not known to be missing, but sending them again does no harm.
    trace.spans().iter().any(|span| !known.contains(span.span_id.as_str()))
}

/// Whether only the spans of a trace arrived: the server has not been told the info, and it lacks something of it.
fn is_unfinished(archived: &TraceInfo, there: &TraceInfo) -> bool {
    let lacks_tag = |key: &String| !SERVER_TAGS.contains(&key.as_str()) && !there.tags.contains_key(key);
    let lacks_metadata = |key: &String| key != FINALIZED && !there.metadata.contains_key(key);
    let lacks = archived.request_time_ms != there.request_time_ms
        || archived.duration_ms != there.duration_ms
        || archived.state != there.state
        || archived.client_request_id != there.client_request_id
        || archived.tags.keys().any(lacks_tag)
        || archived.metadata.keys().any(lacks_metadata);
    !there.metadata.contains_key(FINALIZED) && lacks
}

/// The info as it is sent.
fn info(archived: &TraceInfo, experiment: &ExperimentId, assessments: Vec<Assessment>) -> TraceInfo {
    let mut info =
        TraceInfo { trace_location: location(experiment), assessments, extra: Map::new(), ..archived.clone() };
    info.tags.retain(|key, _| !SERVER_TAGS.contains(&key.as_str()));
    info.metadata.remove(FINALIZED);
    info
}

fn location(experiment: &ExperimentId) -> Value {
    serde_json::json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}})
}

/// What the server knows, told again: it lets spans that arrive change times and state. Tags, metadata and previews that are
/// not told stay, and telling them would cut them to the length at which they were read.
fn unchanged(there: &TraceInfo, assessments: Vec<Assessment>) -> TraceInfo {
    TraceInfo {
        client_request_id: there.client_request_id.clone(),
        trace_location: there.trace_location.clone(),
        duration_ms: there.duration_ms,
        state: there.state.clone(),
        assessments,
        ..TraceInfo::new(there.trace_id.clone(), there.request_time_ms)
    }
}

/// Those that the info can hold, and those that override one of the trace's, each after the one it overrides.
fn assessments(info: &TraceInfo) -> (Vec<Assessment>, Vec<Assessment>) {
    let all: Vec<Assessment> = info.assessments.iter().map(|assessment| sendable(assessment, info)).collect();
    let ids: HashSet<AssessmentId> = all.iter().filter_map(Assessment::id).collect();
    let waits = |assessment: &Assessment| overridden(assessment).is_some_and(|id| ids.contains(&id));
    let (mut waiting, first): (Vec<Assessment>, Vec<Assessment>) = all.into_iter().partition(waits);
    let mut placed: HashSet<AssessmentId> = first.iter().filter_map(Assessment::id).collect();
    let mut later = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |assessment: &Assessment| overridden(assessment).is_some_and(|id| placed.contains(&id));
        let (ready, rest): (Vec<Assessment>, Vec<Assessment>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            // A circle: the server will say what it thinks of it.
            later.extend(rest);
            break;
        }
        placed.extend(ready.iter().filter_map(Assessment::id));
        later.extend(ready);
        waiting = rest;
    }
    (first, later)
}

fn overridden(assessment: &Assessment) -> Option<AssessmentId> {
    assessment.as_object().get("overrides")?.as_str().filter(|id| !id.is_empty()).map(AssessmentId::from)
}

/// An assessment without what the server decides; one without an id gets one that is always the same.
fn sendable(assessment: &Assessment, info: &TraceInfo) -> Assessment {
    let mut object = assessment.as_object().clone();
    object.remove("valid");
    object.insert("trace_id".into(), info.trace_id.as_str().into());
    if assessment.id().is_none() {
        let digest = Sha256::digest(Value::Object(object.clone()).to_string());
        object.insert("assessment_id".into(), format!("a-{}", hex(&digest[..16])).into());
    }
    Assessment::new(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "tr-000000000000000000000000000000ab";

    fn span(number: u64) -> Value {
        json!({"trace_id": &ID[3..], "span_id": format!("{number:016x}"), "name": "s", "start_time_unix_nano": 5})
    }

    fn trace_of(id: &str, spans: &[Value], assessments: &Value) -> Trace {
        let info = json!({
            "trace_id": id, "request_time": "2026-11-22T08:00:00Z", "state": "OK", "execution_duration": "1s",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}},
            "trace_metadata": {"mlflow.trace.infoFinalized": "true", "build": "7"},
            "tags": {"team": "search", "mlflow.artifactLocation": "/old", "mlflow.trace.spansLocation": "TRACKING_STORE"},
            "assessments": assessments, "novelty": 1,
        });
        Trace::from_json(json!({"info": info, "data": {"spans": spans}})).unwrap()
    }

    fn trace() -> Trace {
        trace_of(ID, &[span(1), span(2)], &json!([]))
    }

    fn there(trace: &Trace) -> Existing {
        Existing { trace: trace.clone(), unreadable: None }
    }

    fn feedback(id: &str, overrides: Option<&str>) -> Value {
        json!({"assessment_id": id, "assessment_name": "n", "feedback": {"value": 1}, "overrides": overrides, "valid": true})
    }

    /// The steps as words, with the ids of assessments.
    fn words(steps: &[Step]) -> Vec<String> {
        let ids = |list: &[Assessment]| {
            list.iter().filter_map(Assessment::id).fold(String::new(), |ids, id| ids + " " + id.as_str())
        };
        let word = |step: &Step| match step {
            Step::Spans => "spans".to_owned(),
            Step::Info(info) => format!("info{}", ids(&info.assessments)),
            Step::SpanFile => "file".to_owned(),
            Step::Assessment(assessment) => format!("assessment{}", ids(std::slice::from_ref(assessment))),
        };
        steps.iter().map(word).collect()
    }

    fn plan(trace: &Trace, existing: Option<&Existing>) -> Vec<String> {
        words(&steps(trace, &ExperimentId::new("9"), existing))
    }

    #[test]
    fn spans_go_before_the_info_which_leaves_out_what_is_the_servers() {
        let steps = steps(&trace(), &ExperimentId::new("9"), None);
        let [Step::Spans, Step::Info(info)] = steps.as_slice() else { panic!("{steps:?}") };
        assert_eq!(info.experiment_id(), Some(ExperimentId::new("9")));
        assert_eq!(info.tags.keys().collect::<Vec<_>>(), ["team"]);
        assert_eq!(info.metadata.keys().collect::<Vec<_>>(), ["build"]);
        assert!(info.extra.is_empty());
        assert_eq!((info.request_time_ms, info.duration_ms), (trace().info.request_time_ms, Some(1000)));
    }

    #[test]
    fn what_is_there_is_left_alone() {
        assert_eq!(plan(&trace(), Some(&there(&trace()))), Vec::<String>::new());
        let mut changed = trace();
        changed.info.tags.clear();
        changed.info.state = "ERROR".into();
        assert_eq!(plan(&trace(), Some(&there(&changed))), Vec::<String>::new(), "what people changed since stays");
    }

    #[test]
    fn what_an_earlier_run_left_out_is_sent() {
        let mut spans_only = trace();
        spans_only.info.metadata.clear();
        spans_only.info.tags.clear();
        assert_eq!(plan(&trace(), Some(&there(&spans_only))), ["info"]);
        let mut no_spans = trace();
        no_spans.spans = None;
        no_spans.info.tags.insert("team".into(), "changed".into());
        let repair = steps(&trace(), &ExperimentId::new("9"), Some(&there(&no_spans)));
        let [Step::Spans, Step::Info(info)] = repair.as_slice() else { panic!("{repair:?}") };
        assert!(info.tags.is_empty() && info.metadata.is_empty(), "nothing there is replaced");
        assert_eq!(info.experiment_id(), Some(ExperimentId::new("7")), "it stays where it is");
    }

    #[test]
    fn a_trace_that_came_through_opentelemetry_alone_is_whole_without_the_mark() {
        let mut plain = trace();
        plain.info.metadata.clear();
        assert_eq!(plan(&plain, Some(&there(&plain))), Vec::<String>::new());
    }

    #[test]
    fn ids_that_the_database_cannot_have_make_a_file() {
        let odd = trace_of("tr-0001", &[span(1)], &json!([]));
        assert_eq!(plan(&odd, None), ["info", "file"]);
        let other = trace_of("tr-000000000000000000000000000000AB", &[span(1)], &json!([]));
        assert_eq!(plan(&other, None), ["info", "file"], "the server writes ids in lower case");
        let mut zero = span(1);
        zero["span_id"] = "0000000000000000".into();
        assert_eq!(plan(&trace_of(ID, &[zero], &json!([])), None), ["info", "file"]);
        assert_eq!(plan(&trace_of("anything", &[], &json!([])), None), ["info"]);
    }

    #[test]
    fn assessments_follow_the_ones_they_override() {
        let list = json!([
            feedback("c", Some("b")),
            feedback("b", Some("a")),
            feedback("a", None),
            feedback("d", Some("gone"))
        ]);
        let trace = trace_of(ID, &[], &list);
        assert_eq!(plan(&trace, None), ["info a d", "assessment b", "assessment c"]);
        let bare = trace_of(ID, &[], &json!([feedback("a", None)]));
        assert_eq!(plan(&trace, Some(&there(&bare))), ["info d", "assessment b", "assessment c"]);
        let circle = trace_of(ID, &[], &json!([feedback("a", Some("b")), feedback("b", Some("a"))]));
        assert_eq!(plan(&circle, None), ["info", "assessment a", "assessment b"]);
    }

    #[test]
    fn an_assessment_without_an_id_gets_always_the_same() {
        let mut nameless = feedback("", None);
        nameless.as_object_mut().unwrap().remove("assessment_id");
        let trace = trace_of(ID, &[], &json!([nameless]));
        let sent = plan(&trace, None);
        assert!(sent[0].starts_with("info a-") && sent[0].len() == "info a-".len() + 32, "{sent:?}");
        assert_eq!(sent, plan(&trace, None));
    }
}
