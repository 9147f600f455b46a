//! The assessments of an archived trace: the order in which they are restored, and the ids that they get.
//!
//! The id of an assessment is one of the whole server. A server that is told the info of a trace moves an assessment of
//! that id to it from whichever trace had it, so that each is created by itself, which does not. One whose id is another
//! trace's gets an id that follows from both and is always the same.

use std::collections::HashSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::{Assessment, AssessmentId, TraceId, TraceInfo, hex};

/// What a trace's assessment is called where its id is another trace's.
pub(super) fn other_id(trace: &TraceId, id: &AssessmentId) -> AssessmentId {
    hashed(format!("{trace}\n{id}").as_bytes())
}

/// The one of these that an assessment of the archive is, under its own id or the other one.
pub(super) fn stored_as<'a>(trace: &TraceId, id: &AssessmentId, there: &'a [Assessment]) -> Option<&'a Assessment> {
    let find = |id: AssessmentId| there.iter().find(|known| known.id().as_ref() == Some(&id));
    find(id.clone()).or_else(|| find(other_id(trace, id)))
}

/// The assessment that one overrides.
pub(super) fn overridden(assessment: &Assessment) -> Option<AssessmentId> {
    assessment.as_object().get("overrides")?.as_str().filter(|id| !id.is_empty()).map(AssessmentId::from)
}

/// An assessment that overrides another one, or none.
pub(super) fn overriding(assessment: &Assessment, old: Option<&AssessmentId>) -> Assessment {
    let mut object = assessment.as_object().clone();
    match old {
        Some(old) => drop(object.insert("overrides".into(), old.as_str().into())),
        None => drop(object.shift_remove("overrides")),
    }
    Assessment::new(object)
}

/// An assessment under another id.
pub(super) fn called(assessment: &Assessment, id: &AssessmentId) -> Assessment {
    let mut object = assessment.as_object().clone();
    object.insert("assessment_id".into(), id.as_str().into());
    Assessment::new(object)
}

/// All of a trace as they are sent, each after the one that it overrides.
pub(super) fn in_order(info: &TraceInfo) -> Vec<Assessment> {
    let mut waiting: Vec<Assessment> = info.assessments.iter().map(|assessment| sendable(assessment, info)).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ids: HashSet<AssessmentId> = waiting.iter().filter_map(Assessment::id).collect();
        let waits = |assessment: &Assessment| overridden(assessment).is_some_and(|id| ids.contains(&id));
        let (rest, ready): (Vec<Assessment>, Vec<Assessment>) = waiting.into_iter().partition(waits);
        if ready.is_empty() {
            // A circle: the server will say what it thinks of it.
            ordered.extend(rest);
            break;
        }
        ordered.extend(ready);
        waiting = rest;
    }
    ordered
}

/// An assessment without what the server decides; one without an id gets one that is always the same.
fn sendable(assessment: &Assessment, info: &TraceInfo) -> Assessment {
    let mut object = assessment.as_object().clone();
    object.remove("valid");
    object.insert("trace_id".into(), info.trace_id.as_str().into());
    if assessment.id().is_none() {
        let id = hashed(Value::Object(object.clone()).to_string().as_bytes());
        object.insert("assessment_id".into(), id.as_str().into());
    }
    Assessment::new(object)
}

fn hashed(bytes: &[u8]) -> AssessmentId {
    AssessmentId::new(format!("a-{}", hex(&Sha256::digest(bytes)[..16])))
}
