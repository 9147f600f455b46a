//! What has to be sent, and in which order.
//!
//! Spans go first and the info after them: spans make the server derive times, state and previews, and the info then puts
//! what was known in the place of what was derived. Assessments go last and one by one: only then the server marks the one
//! that another overrides, and only then it moves none from another trace.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::Existing;
use super::assessments::{in_order, overridden, stored_as};
use crate::model::{Assessment, AssessmentId, ExperimentId, Span, Trace, TraceInfo, hex};

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
pub enum ImportStep {
    /// The spans that are missing, to the database of the server.
    Spans,
    /// The info, without assessments.
    Info(Box<TraceInfo>),
    /// All spans as a file, for traces whose ids are none that spans in the database can have.
    SpanFile,
    /// One assessment.
    Assessment(Assessment),
    /// One that overrides an assessment which is gone.
    Dangling(Assessment),
}

/// What has to be sent so that the server holds the trace; nothing if it does. What is there must be the same trace. Without a
/// database that keeps spans, all of them go to files.
#[must_use]
pub fn steps(
    trace: &Trace,
    experiment: &ExperimentId,
    existing: Option<&Existing>,
    keeps_spans: bool,
) -> Vec<ImportStep> {
    let in_database = keeps_spans && fits_the_database(trace);
    let spans_missing = !missing_spans(trace, existing).is_empty();
    let mut steps = Vec::new();
    if spans_missing && in_database {
        steps.push(ImportStep::Spans);
    }
    match existing {
        None => steps.push(ImportStep::Info(Box::new(info(&trace.info, experiment, None)))),
        Some(there) if is_unfinished(&trace.info, &there.trace.info) => {
            steps.push(ImportStep::Info(Box::new(info(&trace.info, experiment, Some(&there.trace.info)))));
        }
        Some(there) if spans_missing && in_database => {
            steps.push(ImportStep::Info(Box::new(unchanged(&there.trace.info, vec![]))));
        }
        Some(_) => {}
    }
    if spans_missing && !in_database {
        steps.push(ImportStep::SpanFile);
    }
    steps.extend(missing_assessments(&trace.info, existing));
    steps
}

/// The spans that are not there. Those that cannot be read are not known to be missing.
pub(super) fn missing_spans(trace: &Trace, existing: Option<&Existing>) -> Vec<Span> {
    let Some(there) = existing else { return trace.spans().to_vec() };
    if there.unreadable.is_some() {
        return Vec::new();
    }
    let known: HashSet<&str> = there.trace.spans().iter().map(|span| span.span_id.as_str()).collect();
    trace.spans().iter().filter(|span| !known.contains(span.span_id.as_str())).cloned().collect()
}

fn missing_assessments(info: &TraceInfo, existing: Option<&Existing>) -> Vec<ImportStep> {
    let there = existing.map_or(&[][..], |existing| &existing.trace.info.assessments);
    let ordered = in_order(info);
    let all: HashSet<AssessmentId> = ordered.iter().chain(there).filter_map(Assessment::id).collect();
    let step = |assessment: Assessment| {
        let known = stored_as(&info.trace_id, &assessment.id()?, there);
        match overridden(&assessment) {
            // A run that ended on the way left it without what it overrides.
            Some(old) if !all.contains(&old) => {
                let is_whole = known.is_some_and(|known| overridden(known).is_some() || !known.is_valid());
                (!is_whole).then_some(ImportStep::Dangling(assessment))
            }
            _ => known.is_none().then_some(ImportStep::Assessment(assessment)),
        }
    };
    ordered.into_iter().filter_map(step).collect()
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

/// Whether only the spans of a trace arrived: the server has not been told the info, and it lacks something of it.
pub(super) fn is_unfinished(archived: &TraceInfo, there: &TraceInfo) -> bool {
    let lacks_tag = |key: &String| !SERVER_TAGS.contains(&key.as_str()) && !there.tags.contains_key(key);
    let lacks_metadata = |key: &String| key != FINALIZED && !there.metadata.contains_key(key);
    let lacks_text = |archived: &Option<String>, there: &Option<String>| archived.is_some() && archived != there;
    let lacks = archived.request_time_ms != there.request_time_ms
        || archived.duration_ms != there.duration_ms
        || archived.state != there.state
        || archived.client_request_id != there.client_request_id
        || lacks_text(&archived.request_preview, &there.request_preview)
        || lacks_text(&archived.response_preview, &there.response_preview)
        || archived.tags.keys().any(lacks_tag)
        || archived.metadata.keys().any(lacks_metadata);
    !there.metadata.contains_key(FINALIZED) && lacks
}

/// The info as it is sent. Tags that are there stay as they are.
fn info(archived: &TraceInfo, experiment: &ExperimentId, there: Option<&TraceInfo>) -> TraceInfo {
    let mut info = TraceInfo {
        trace_location: location(experiment),
        assessments: Vec::new(),
        extra: Map::new(),
        ..archived.clone()
    };
    let is_there = |key: &String| there.is_some_and(|there| there.tags.contains_key(key));
    info.tags.retain(|key, _| !SERVER_TAGS.contains(&key.as_str()) && !is_there(key));
    info.metadata.remove(FINALIZED);
    info
}

pub(super) fn location(experiment: &ExperimentId) -> Value {
    serde_json::json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}})
}

/// What the server knows, told again: it lets spans that arrive change times and state. Tags, metadata and previews that are
/// not told stay, and telling them would cut them to the length at which they were read.
pub(super) fn unchanged(there: &TraceInfo, assessments: Vec<Assessment>) -> TraceInfo {
    TraceInfo {
        client_request_id: there.client_request_id.clone(),
        trace_location: there.trace_location.clone(),
        duration_ms: there.duration_ms,
        state: there.state.clone(),
        assessments,
        ..TraceInfo::new(there.trace_id.clone(), there.request_time_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::import::assessments::other_id;
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
    fn words(steps: &[ImportStep]) -> Vec<String> {
        let ids = |list: &[Assessment]| {
            list.iter().filter_map(Assessment::id).fold(String::new(), |ids, id| ids + " " + id.as_str())
        };
        let word = |step: &ImportStep| match step {
            ImportStep::Dangling(assessment) => format!("dangling{}", ids(std::slice::from_ref(assessment))),
            ImportStep::Spans => "spans".to_owned(),
            ImportStep::Info(info) => format!("info{}", ids(&info.assessments)),
            ImportStep::SpanFile => "file".to_owned(),
            ImportStep::Assessment(assessment) => format!("assessment{}", ids(std::slice::from_ref(assessment))),
        };
        steps.iter().map(word).collect()
    }

    fn plan(trace: &Trace, existing: Option<&Existing>) -> Vec<String> {
        words(&steps(trace, &ExperimentId::new("9"), existing, true))
    }

    #[test]
    fn spans_go_before_the_info_which_leaves_out_what_is_the_servers() {
        let steps = steps(&trace(), &ExperimentId::new("9"), None, true);
        let [ImportStep::Spans, ImportStep::Info(info)] = steps.as_slice() else { panic!("{steps:?}") };
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
        assert_eq!(plan(&trace(), Some(&there(&changed))), Vec::<String>::new(), "what people changed since stays");
    }

    #[test]
    fn what_an_earlier_run_left_out_is_sent() {
        let mut spans_only = trace();
        spans_only.info.metadata.clear();
        spans_only.info.tags.clear();
        assert_eq!(plan(&trace(), Some(&there(&spans_only))), ["info"]);
        spans_only.info.tags.insert("team".into(), "set since".into());
        let repair = steps(&trace(), &ExperimentId::new("9"), Some(&there(&spans_only)), true);
        let [ImportStep::Info(info)] = repair.as_slice() else { panic!("{repair:?}") };
        assert!(info.tags.is_empty(), "what was set since stays");
        let mut no_spans = trace();
        no_spans.spans = None;
        no_spans.info.tags.insert("team".into(), "changed".into());
        let repair = steps(&trace(), &ExperimentId::new("9"), Some(&there(&no_spans)), true);
        let [ImportStep::Spans, ImportStep::Info(info)] = repair.as_slice() else { panic!("{repair:?}") };
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
    fn previews_that_the_server_made_itself_are_replaced() {
        let mut plain = trace();
        plain.info.metadata.clear();
        let mut archived = plain.clone();
        archived.info.response_preview = Some("fine".into());
        plain.info.response_preview = Some("\"fine\"".into());
        assert_eq!(plan(&archived, Some(&there(&plain))), ["info"]);
        plain.info.metadata.insert(FINALIZED.into(), "true".into());
        assert_eq!(plan(&archived, Some(&there(&plain))), Vec::<String>::new());
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
        assert_eq!(plan(&trace, None), ["info", "assessment a", "dangling d", "assessment b", "assessment c"]);
        let bare = trace_of(ID, &[], &json!([feedback("a", None)]));
        assert_eq!(plan(&trace, Some(&there(&bare))), ["dangling d", "assessment b", "assessment c"]);
        let circle = trace_of(ID, &[], &json!([feedback("a", Some("b")), feedback("b", Some("a"))]));
        assert_eq!(plan(&circle, None), ["info", "assessment a", "assessment b"]);
    }

    #[test]
    fn one_that_a_run_left_without_what_it_overrides_is_finished() {
        let trace = trace_of(ID, &[], &json!([feedback("d", Some("gone"))]));
        let begun = trace_of(ID, &[], &json!([feedback("d", None)]));
        assert_eq!(plan(&trace, Some(&there(&begun))), ["dangling d"]);
        assert_eq!(plan(&trace, Some(&there(&trace))), Vec::<String>::new());
    }

    #[test]
    fn an_assessment_that_got_another_id_is_there() {
        let trace = trace_of(ID, &[], &json!([feedback("a", None)]));
        let other = other_id(&trace.info.trace_id, &"a".into());
        let renamed = trace_of(ID, &[], &json!([feedback(other.as_str(), None)]));
        assert_eq!(plan(&trace, Some(&there(&renamed))), Vec::<String>::new());
    }

    #[test]
    fn an_assessment_without_an_id_gets_always_the_same() {
        let mut nameless = feedback("", None);
        nameless.as_object_mut().unwrap().remove("assessment_id");
        let trace = trace_of(ID, &[], &json!([nameless]));
        let sent = plan(&trace, None);
        assert!(sent[1].starts_with("assessment a-") && sent[1].len() == "assessment a-".len() + 32, "{sent:?}");
        assert_eq!(sent, plan(&trace, None));
    }
}
