//! What `MLflow`'s own reader (`Trace.from_dict`) takes in an info, beyond the types of its fields.
//!
//! Servers are believed; archives are checked against this, so that no value is read as something that `MLflow` does not see
//! in it. What is absent stays absent.

use serde_json::{Map, Value};

use super::trace::TraceError;
use super::{Assessment, AssessmentKind, TraceInfo, TraceState, parse_rfc3339_ms};

/// The places where traces may be, as `type` and as the field that says more.
const LOCATIONS: [(&str, &str, &[&str]); 5] = [
    ("TRACE_LOCATION_TYPE_UNSPECIFIED", "", &[]),
    ("MLFLOW_EXPERIMENT", "mlflow_experiment", &["experiment_id"]),
    ("INFERENCE_TABLE", "inference_table", &["full_table_name"]),
    ("UC_SCHEMA", "uc_schema", &["catalog_name", "schema_name"]),
    ("UC_TABLE_PREFIX", "uc_table_prefix", &["catalog_name", "schema_name"]),
];
const SOURCE_TYPES: [&str; 4] = ["SOURCE_TYPE_UNSPECIFIED", "LLM_JUDGE", "HUMAN", "CODE"];

impl TraceInfo {
    /// Itself, with the names of sources as `MLflow` spells them; an error if `MLflow` refuses it.
    pub(super) fn accepted(mut self) -> Result<Self, TraceError> {
        if let TraceState::Other(word) = &self.state {
            let known = "OK, ERROR, IN_PROGRESS and STATE_UNSPECIFIED (TRACE_STATUS_UNSPECIFIED in MLflow 2)";
            return Err(refused(format!("unknown state {word:?}; MLflow has {known}")));
        }
        location(&self.trace_location).map_err(refused)?;
        for given in &mut self.assessments {
            let fields = std::mem::take(given).into_object();
            *given = assessment(fields).map_err(refused)?;
        }
        Ok(self)
    }
}

fn refused(reason: String) -> TraceError {
    TraceError::Refused(reason)
}

fn location(location: &Value) -> Result<(), String> {
    let Value::Object(object) = location else {
        return if location.is_null() { Ok(()) } else { Err("its trace_location is no object".to_owned()) };
    };
    if object.is_empty() {
        return Ok(());
    }
    let kind = object.get("type").map(|kind| kind.as_str().unwrap_or_default());
    if let Some(kind) = kind.filter(|kind| !LOCATIONS.iter().any(|(known, ..)| known == kind)) {
        return Err(format!("the type {kind:?} of its trace_location is none"));
    }
    for (known, field, keys) in &LOCATIONS[1..] {
        match object.get(*field) {
            None | Some(Value::Null) => {}
            Some(Value::Object(place)) if place.is_empty() => {}
            Some(Value::Object(place)) if keys.iter().all(|key| place.get(*key).is_some_and(Value::is_string)) => {
                if let Some(kind) = kind.filter(|kind| kind != known) {
                    return Err(format!("its trace_location has the type {kind} and {field}"));
                }
            }
            Some(_) => return Err(format!("the {field} of its trace_location lacks {}", keys.join(" and "))),
        }
    }
    Ok(())
}

/// An assessment with the name of its source as `MLflow` spells it.
fn assessment(mut fields: Map<String, Value>) -> Result<Assessment, String> {
    let name = match fields.get("assessment_name") {
        None => String::new(),
        Some(Value::String(name)) => name.clone(),
        Some(_) => return Err("the name of an assessment is no text".to_owned()),
    };
    let wrong = |what: &str| format!("the {what} of the assessment {name:?} is none that MLflow takes");
    source(&mut fields).ok_or_else(|| wrong("source"))?;
    for time in ["create_time", "last_update_time"] {
        let is_time = |value: &Value| value.as_str().is_some_and(|text| parse_rfc3339_ms(text).is_ok());
        fields.get(time).is_none_or(is_time).then_some(()).ok_or_else(|| wrong(time))?;
    }
    for text in ["assessment_id", "trace_id", "span_id", "rationale", "overrides"] {
        let is_text = fields.get(text).is_none_or(|value| value.is_string() || value.is_null());
        is_text.then_some(()).ok_or_else(|| wrong(text))?;
    }
    for (key, fits) in [("valid", Value::is_boolean as fn(&Value) -> bool), ("metadata", Value::is_object)] {
        let is_fine = fields.get(key).is_none_or(|value| value.is_null() || fits(value));
        is_fine.then_some(()).ok_or_else(|| wrong(key))?;
    }
    let assessment = Assessment::new(fields);
    has_value(&assessment).then_some(()).ok_or_else(|| wrong("value"))?;
    Ok(assessment)
}

/// Spells the type of the source; nothing if it is none.
fn source(fields: &mut Map<String, Value>) -> Option<()> {
    let Some(source) = fields.get_mut("source") else { return Some(()) };
    let source = source.as_object_mut()?;
    if source.get("source_id").is_some_and(|id| !id.is_string() && !id.is_null()) {
        return None;
    }
    let Some(word) = source.get_mut("source_type") else { return Some(()) };
    let spelled = match word.as_str()?.to_uppercase() {
        old if old == "AI_JUDGE" => "LLM_JUDGE".to_owned(),
        spelled => spelled,
    };
    // Another word, such as one that was redacted, stays what it is, and nothing takes it for one of these.
    if SOURCE_TYPES.contains(&spelled.as_str()) {
        *word = spelled.into();
    }
    Some(())
}

fn has_value(assessment: &Assessment) -> bool {
    let body = assessment.as_object().get(assessment.kind().as_str()).and_then(Value::as_object);
    let Some(body) = body else { return false };
    match assessment.kind() {
        AssessmentKind::Feedback => body.get("error").is_none_or(is_error) && !body.is_empty(),
        AssessmentKind::Expectation => assessment.has_readable_value() && !assessment.value().is_null(),
        AssessmentKind::Issue => body.get("issue_name").is_some_and(Value::is_string),
    }
}

fn is_error(error: &Value) -> bool {
    let known = ["error_code", "error_message", "stack_trace"];
    let Value::Object(error) = error else { return error.is_null() };
    error.iter().all(|(key, value)| known.contains(&key.as_str()) && (value.is_string() || value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(fields: &Value) -> Result<TraceInfo, String> {
        let mut info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
        info.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
        let info: TraceInfo = serde_json::from_value(info).unwrap();
        info.accepted().map_err(|error| error.to_string())
    }

    fn judged(fields: &Value) -> Result<Assessment, String> {
        let mut given = json!({"assessment_name": "n", "source": {"source_type": "HUMAN"}, "feedback": {"value": 1}});
        given.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
        read(&json!({"assessments": [given]})).map(|mut info| info.assessments.remove(0))
    }

    #[test]
    fn states_and_places_are_ones_that_mlflow_knows() {
        for (fields, part) in [
            (json!({"state": "ok"}), "state \"ok\""),
            (json!({"state": ""}), "state \"\""),
            (json!({"trace_location": {"type": "MOON"}}), "type \"MOON\""),
            (
                json!({"trace_location": {"type": "UC_SCHEMA", "mlflow_experiment": {"experiment_id": "1"}}}),
                "has the type UC_SCHEMA",
            ),
            (
                json!({"trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": 1}}}),
                "lacks experiment_id",
            ),
            (json!({"trace_location": "1"}), "no object"),
        ] {
            assert!(read(&fields).unwrap_err().contains(part), "{fields}");
        }
        assert!(read(&json!({"trace_location": null})).is_ok());
    }

    #[test]
    fn assessments_are_ones_that_mlflow_takes() {
        for (fields, part) in [
            (json!({"source": {"source_type": 5}}), "source"),
            (json!({"create_time": "yesterday"}), "create_time"),
            (json!({"valid": "false"}), "valid"),
            (json!({"feedback": {}}), "value"),
            (json!({"feedback": null}), "value"),
            (json!({"expectation": {"serialized_value": {"value": "{"}}}), "value"),
            (json!({"expectation": {"value": null}}), "value"),
        ] {
            assert!(judged(&fields).unwrap_err().contains(part), "{fields}");
        }
        let spelled = judged(&json!({"source": {"source_type": "ai_judge"}})).unwrap();
        assert_eq!(spelled.source_type(), Some("LLM_JUDGE"));
        let redacted = judged(&json!({"source": {"source_type": "[redacted]"}})).unwrap();
        assert_eq!(redacted.source_type(), Some("[redacted]"));
        let both = judged(&json!({"expectation": null})).unwrap();
        assert_eq!((both.kind(), both.value()), (AssessmentKind::Feedback, json!(1)));
        let expected = json!({"expectation": {"value": 2, "serialized_value": {"value": "3"}}});
        assert_eq!(judged(&expected).unwrap().value(), json!(2));
    }
}
