//! Feedback, expectations and issues attached to a trace.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AssessmentId, TraceId, parse_rfc3339_ms};

/// Which of the three kinds an assessment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssessmentKind {
    /// A judgement of what the application did.
    Feedback,
    /// What the application should have done.
    Expectation,
    /// A reference to an issue.
    Issue,
}

impl AssessmentKind {
    /// The key that holds the value in `MLflow`'s JSON: `feedback`, `expectation`, `issue`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::Expectation => "expectation",
            Self::Issue => "issue",
        }
    }
}

/// Metadata of an issue: how it shows in this trace. `MLflow` 3.18.
const ISSUE_EVIDENCE: &str = "mlflow.issue.evidence";

/// An assessment in `MLflow`'s JSON shape, kept whole; the methods read what is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Assessment(Map<String, Value>);

impl Assessment {
    /// Wraps the JSON object as it came.
    #[must_use]
    pub fn new(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// The JSON object.
    #[must_use]
    pub fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The JSON object, to be changed.
    #[must_use]
    pub(super) fn into_object(self) -> Map<String, Value> {
        self.0
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Option<AssessmentId> {
        self.text("assessment_id").map(AssessmentId::from)
    }

    /// The trace it belongs to.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.text("trace_id").map(TraceId::from)
    }

    /// Its name; the id of the issue for an issue. Absent names are the empty string, as the server stores them.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.get("assessment_name").and_then(Value::as_str).unwrap_or("")
    }

    /// Expectation, feedback or issue, the first of which it holds something; feedback when that is none of the three.
    #[must_use]
    pub fn kind(&self) -> AssessmentKind {
        let kinds = [AssessmentKind::Expectation, AssessmentKind::Feedback, AssessmentKind::Issue];
        let is_filled = |kind: &AssessmentKind| match self.0.get(kind.as_str()) {
            None | Some(Value::Null) => false,
            Some(body) => body.as_object().is_none_or(|body| !body.is_empty()),
        };
        kinds.into_iter().find(is_filled).unwrap_or(AssessmentKind::Feedback)
    }

    fn body(&self, field: &str) -> Option<&Value> {
        self.0.get(self.kind().as_str())?.get(field)
    }

    /// The JSON text of an expectation that is neither a text nor a number nor a truth value.
    fn serialized(&self) -> Option<&str> {
        let serialized = self.body("serialized_value").filter(|_| self.body("value").is_none())?;
        Some(serialized.get("value").and_then(Value::as_str).unwrap_or("null"))
    }

    /// Whether there is a value and, if it is serialized, its JSON can be read.
    pub(super) fn has_readable_value(&self) -> bool {
        self.body("value").is_some()
            || self.serialized().is_some_and(|text| super::read_json::<Value>(text.as_bytes()).is_ok())
    }

    /// The value: of an expectation with serialized JSON the decoded value, of an issue its name, `null` when absent.
    #[must_use]
    pub fn value(&self) -> Value {
        if let Some(text) = self.serialized() {
            return super::read_json(text.as_bytes()).unwrap_or_else(|_| Value::String(text.to_owned()));
        }
        self.body("value").or_else(|| self.body("issue_name")).cloned().unwrap_or(Value::Null)
    }

    /// The error of a feedback whose judge failed, as `error_code` and `error_message`.
    #[must_use]
    pub fn error(&self) -> Option<(&str, &str)> {
        let error = self.0.get("feedback")?.get("error")?;
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or("");
        Some((text("error_code"), text("error_message")))
    }

    /// `HUMAN`, `LLM_JUDGE`, `CODE` or `SOURCE_TYPE_UNSPECIFIED`.
    #[must_use]
    pub fn source_type(&self) -> Option<&str> {
        self.0.get("source")?.get("source_type")?.as_str()
    }

    /// Who or what made it.
    #[must_use]
    pub fn source_id(&self) -> Option<&str> {
        self.0.get("source")?.get("source_id")?.as_str()
    }

    /// Reason that the source gives.
    #[must_use]
    pub fn rationale(&self) -> Option<&str> {
        self.text("rationale")
    }

    /// The span it judges, if it is not about the whole trace.
    #[must_use]
    pub fn span_id(&self) -> Option<&str> {
        self.text("span_id")
    }

    /// A value of its metadata.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.0.get("metadata")?.get(key)?.as_str()
    }

    /// The steps by which `MLflow` 3.18 explains an issue, each with the id of the span it cites (16 hex digits); none where
    /// there are none or they cannot be read, as its own reader has it.
    #[must_use]
    pub fn evidence(&self) -> Vec<(String, String)> {
        #[derive(Deserialize)]
        struct Step {
            span_id: String,
            text: String,
        }
        #[derive(Deserialize)]
        struct Evidence {
            schema_version: u64,
            steps: Vec<Step>,
        }
        let evidence = self.metadata(ISSUE_EVIDENCE).and_then(|text| serde_json::from_str::<Evidence>(text).ok());
        let steps = evidence.filter(|evidence| evidence.schema_version == 1).map_or_else(Vec::new, |found| found.steps);
        steps.into_iter().map(|step| (step.span_id, step.text)).collect()
    }

    /// Whether it counts; false once another assessment overrides it.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.0.get("valid").and_then(Value::as_bool).unwrap_or(true)
    }

    /// When it was made, in epoch milliseconds.
    #[must_use]
    pub fn create_time_ms(&self) -> Option<i64> {
        parse_rfc3339_ms(self.text("create_time")?).ok()
    }

    /// Whether it was changed after it was made, as far as it tells.
    #[must_use]
    pub fn was_updated(&self) -> bool {
        matches!((self.create_time_ms(), self.last_update_time_ms()), (Some(made), Some(changed)) if changed != made)
    }

    /// When it last changed, in epoch milliseconds.
    #[must_use]
    pub fn last_update_time_ms(&self) -> Option<i64> {
        parse_rfc3339_ms(self.text("last_update_time")?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assessment(value: Value) -> Assessment {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn values_are_found_in_every_shape() {
        assert_eq!(assessment(json!({"feedback": {"value": 4.0}})).value(), json!(4.0));
        assert_eq!(assessment(json!({"feedback": {}})).value(), Value::Null);
        assert_eq!(assessment(json!({"issue": {"issue_name": "slow"}})).value(), json!("slow"));
        let serialized =
            json!({"expectation": {"serialized_value": {"serialization_format": "JSON_FORMAT", "value": "[1, 2]"}}});
        assert_eq!(assessment(serialized).value(), json!([1, 2]));
    }

    #[test]
    fn an_assessment_counts_unless_it_says_otherwise() {
        assert!(assessment(json!({"feedback": {"value": true}})).is_valid());
        assert!(!assessment(json!({"feedback": {"value": true}, "valid": false})).is_valid());
    }

    #[test]
    fn an_error_feedback_tells_its_error() {
        let failed = assessment(json!({"feedback": {"error": {"error_code": "TIMEOUT", "error_message": "too slow"}}}));
        assert_eq!(failed.error(), Some(("TIMEOUT", "too slow")));
    }
}
