//! Feedback and expectations: created once, changed, read, deleted.
//!
//! The client chooses the id of a new assessment, which the server honours: when an answer is lost, the id tells whether
//! the assessment is there, so nothing is ever logged twice.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::wire::no_assessments;
use super::{ServerError, ServerStore};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, path_segment};
use crate::store::{AssessmentUpdate, StoreError};

#[derive(Serialize)]
struct ValueWire<'a> {
    value: &'a Value,
}

#[derive(Serialize)]
struct SourceWire<'a> {
    source_type: &'a str,
    source_id: &'a str,
}

#[derive(Serialize, Default)]
struct AssessmentWire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<ValueWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectation: Option<ValueWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rationale: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_update_time: Option<&'a str>,
}

impl<'a> AssessmentWire<'a> {
    fn with_value(mut self, kind: AssessmentKind, value: &'a Value) -> Self {
        match kind {
            AssessmentKind::Expectation => self.expectation = Some(ValueWire { value }),
            AssessmentKind::Feedback | AssessmentKind::Issue => self.feedback = Some(ValueWire { value }),
        }
        self
    }
}

#[derive(Serialize)]
struct UpdateRequest<'a> {
    assessment: AssessmentWire<'a>,
    /// One comma-separated string in lowerCamelCase; any other form is ignored by the server with a 200.
    update_mask: String,
}

#[derive(Deserialize)]
struct AssessmentAnswer {
    assessment: Assessment,
}

#[derive(Deserialize)]
struct Restored {
    #[serde(rename = "assessment")]
    _assessment: Assessment,
}

const CREATE: &str = "log the assessment";
/// How often a create whose answer was lost is looked up and sent again.
const CREATE_TRIES: u32 = 3;

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/{id}/assessments` with an assessment in `MLflow`'s JSON, which must have an id. Returns what is
    /// stored under the id, which need not be what was sent if the id was taken: compare.
    ///
    /// When the answer is lost, looks whether the assessment is there before it sends it again.
    pub async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, ServerError> {
        let id = new.id().unwrap_or_else(|| AssessmentId::new(""));
        self.create(trace_id, &id, &serde_json::json!({"assessment": new})).await
    }

    async fn create(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        body: &impl Serialize,
    ) -> Result<Assessment, ServerError> {
        let path = format!("/api/3.0/mlflow/traces/{}/assessments", path_segment(trace_id.as_str()));
        let mut tries = 0;
        loop {
            let request = Request::with_body(CREATE, Class::Once, Method::POST, path.clone(), body);
            let error = match self.transport.json::<AssessmentAnswer>(request).await {
                Ok(answer) => return Ok(answer.assessment),
                Err(error) => error,
            };
            tries += 1;
            if !may_have_been_created(&error.kind) {
                return Err(error);
            }
            if let Some(found) = self.assessment(trace_id, id).await? {
                return Ok(found);
            }
            if tries >= CREATE_TRIES {
                return Err(error);
            }
            self.transport.pause(tries).await;
        }
    }

    /// `POST /api/3.0/mlflow/traces/{id}/assessments` with an assessment as it was, which must have an id. One that is there
    /// already is no failure; whether a failure means that its id is another trace's, tells [`ServerError::is_id_taken`].
    pub async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), ServerError> {
        let path = format!("/api/3.0/mlflow/traces/{}/assessments", path_segment(trace_id.as_str()));
        let body = json!({"assessment": assessment});
        let request = Request::with_body("restore the assessment", Class::Idempotent, Method::POST, path, &body);
        let Err(error) = self.transport.json::<Restored>(request).await else { return Ok(()) };
        // The id is a key of the database: a second try that meets the first one's row is a 500.
        let is_refused = matches!(error.kind, ErrorKind::Refused { .. });
        match assessment.id() {
            Some(id) if is_refused && self.assessment(trace_id, &id).await?.is_some() => Ok(()),
            _ => Err(error),
        }
    }

    /// `GET /api/3.0/mlflow/traces/{id}/assessments/{id}`.
    pub async fn assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, ServerError> {
        let request = Request::get("get the assessment", assessment_path(trace_id, id), vec![]);
        match self.transport.json::<AssessmentAnswer>(request).await {
            Ok(answer) => Ok(Some(answer.assessment)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `PATCH /api/3.0/mlflow/traces/{id}/assessments/{id}` with a mask of what changes. `kind` must be the kind that the
    /// assessment has: the server refuses to change it.
    pub async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, ServerError> {
        let mut mask = Vec::new();
        let mut wire = AssessmentWire {
            assessment_name: update.name.as_deref(),
            rationale: update.rationale.as_deref(),
            metadata: update.metadata.clone(),
            ..AssessmentWire::default()
        };
        if let Some(value) = &update.value {
            mask.push(kind.as_str());
            wire = wire.with_value(kind, value);
        }
        let further = [
            (update.name.is_some(), "assessmentName"),
            (update.rationale.is_some(), "rationale"),
            (!update.metadata.is_empty(), "metadata"),
        ];
        mask.extend(further.into_iter().filter_map(|(changes, name)| changes.then_some(name)));
        let body = UpdateRequest { assessment: wire, update_mask: mask.join(",") };
        let path = assessment_path(trace_id, id);
        let request = Request::with_body("update the assessment", Class::Idempotent, Method::PATCH, path, &body);
        Ok(self.transport.json::<AssessmentAnswer>(request).await?.assessment)
    }

    /// `DELETE /api/3.0/mlflow/traces/{id}/assessments/{id}`; the server says yes even to unknown ids, so look before and
    /// after.
    pub async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), ServerError> {
        let request = Request {
            operation: "delete the assessment",
            class: Class::Idempotent,
            method: Method::DELETE,
            path: assessment_path(trace_id, id),
            query: vec![],
            body: None,
            headers: vec![],
            expected: Expected::One,
        };
        self.transport.done(request).await
    }
}

/// What it means that something about an assessment failed.
pub(super) fn failed(error: ServerError) -> StoreError {
    match error.kind {
        ErrorKind::NoSuchRoute { .. } => no_assessments("read or change assessments"),
        _ => error.into(),
    }
}

fn assessment_path(trace_id: &TraceId, id: &AssessmentId) -> String {
    format!("/api/3.0/mlflow/traces/{}/assessments/{}", path_segment(trace_id.as_str()), path_segment(id.as_str()))
}

/// Whether a failed create may have reached the database: the connection broke or the server failed. A second try that meets
/// the first one's row is a 500 with a constraint violation.
fn may_have_been_created(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::Broken { .. } | ErrorKind::Timeout { .. } | ErrorKind::NotMlflow { .. } => true,
        ErrorKind::Refused { status, .. } => *status >= 500 || *status == 408 || *status == 429,
        _ => false,
    }
}
