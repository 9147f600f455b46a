//! `/api/3.0/mlflow/traces/{id}/assessments`.

use serde_json::{Map, Value, json};

use super::http::Answer;
use super::state::State;
use super::{Answered, refused};

const KINDS: [&str; 3] = ["feedback", "expectation", "issue"];

pub fn create(state: &mut State, trace: &str, body: &Value) -> Answered {
    let Some(Value::Object(mut assessment)) = body.get("assessment").cloned() else {
        return Err(refused(400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'assessment'."));
    };
    if state.find(trace).is_none() {
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", format!("Trace with ID '{trace}' not found.")));
    }
    if !KINDS.iter().any(|kind| assessment.contains_key(*kind)) {
        return Err(refused(400, "INVALID_PARAMETER_VALUE", "Unknown assessment type: None"));
    }
    let id = assessment.get("assessment_id").and_then(Value::as_str).map_or_else(|| "a-server".into(), str::to_owned);
    let is_known = state
        .traces
        .iter()
        .flat_map(|stored| &stored.info().assessments)
        .any(|known| known.id().is_some_and(|known| known.as_str() == id));
    if is_known {
        let message = format!("Failed to create assessment for trace '{trace}' due to a constraint violation.");
        return Err(refused(500, "INTERNAL_ERROR", message));
    }
    if let Some(overridden) = assessment.get("overrides").and_then(Value::as_str) {
        let mut old = find(state, trace, overridden)?;
        old.insert("valid".into(), false.into());
        state.put_assessment(trace, old);
    }
    assessment.insert("assessment_id".into(), id.into());
    assessment.insert("trace_id".into(), trace.into());
    assessment.insert("valid".into(), true.into());
    store_value(&mut assessment);
    state.put_assessment(trace, assessment.clone());
    Ok(Answer::json(200, &json!({"assessment": assessment})))
}

/// Numbers become floats, and what is no scalar becomes text in expectations.
fn store_value(assessment: &mut Map<String, Value>) {
    for kind in ["feedback", "expectation"] {
        let Some(value) = assessment.get(kind).and_then(|held| held.get("value")).cloned() else { continue };
        let stored = match value.as_f64() {
            Some(number) => json!({"value": number}),
            None if kind == "expectation" && (value.is_array() || value.is_object()) => {
                json!({"serialized_value": {"serialization_format": "JSON_FORMAT", "value": value.to_string()}})
            }
            None => json!({"value": value}),
        };
        assessment.insert(kind.into(), stored);
    }
}

fn find(state: &State, trace: &str, id: &str) -> Result<Map<String, Value>, Answer> {
    let found = state.assessments(trace).into_iter().find(|known| known["assessment_id"] == id);
    let message = format!("Assessment with ID '{id}' not found for trace '{trace}'");
    found.ok_or_else(|| refused(404, "RESOURCE_DOES_NOT_EXIST", message))
}

pub fn get(state: &State, trace: &str, id: &str) -> Answered {
    Ok(Answer::json(200, &json!({"assessment": find(state, trace, id)?})))
}

pub fn update(state: &mut State, trace: &str, id: &str, body: &Value) -> Answered {
    let mut assessment = find(state, trace, id)?;
    // A mask of any other form counts as one that names nothing.
    let mask = body["update_mask"].as_str().unwrap_or("");
    for field in mask.split(',') {
        let new = &body["assessment"];
        match field {
            "feedback" | "expectation" if !assessment.contains_key(field) => {
                let message = format!("Cannot update {field} value on another kind of assessment.");
                return Err(refused(400, "INVALID_PARAMETER_VALUE", message));
            }
            "feedback" | "expectation" | "rationale" => {
                assessment.insert(field.into(), new[field].clone());
            }
            "assessmentName" => {
                assessment.insert("assessment_name".into(), new["assessment_name"].clone());
            }
            "metadata" => {
                let metadata = assessment.entry("metadata").or_insert_with(|| json!({}));
                for (key, value) in new["metadata"].as_object().into_iter().flatten() {
                    metadata[key] = value.clone();
                }
            }
            _ => {}
        }
    }
    store_value(&mut assessment);
    assessment.insert("last_update_time".into(), "2026-11-22T09:00:00Z".into());
    state.put_assessment(trace, assessment.clone());
    Ok(Answer::json(200, &json!({"assessment": assessment})))
}

/// Says yes to everything; what the deleted one overrode is valid again.
pub fn delete(state: &mut State, trace: &str, id: &str) -> Answer {
    let overridden = find(state, trace, id).ok().and_then(|gone| gone.get("overrides")?.as_str().map(str::to_owned));
    if let Some(mut old) = overridden.and_then(|old| find(state, trace, &old).ok()) {
        old.insert("valid".into(), true.into());
        state.put_assessment(trace, old);
    }
    if let Some(stored) = state.find_mut(trace) {
        stored.trace.info.assessments.retain(|known| known.id().is_none_or(|known| known.as_str() != id));
    }
    Answer::json(200, &json!({}))
}
