//! Feedback and expectations: by version 3 for traces of experiments, by version 4 for those of Unity Catalog.
//!
//! Version 4 takes and gives a bare assessment, which says where its trace is, and of the id of the trace its second part.

use serde_json::{Map, Value, json};

use super::DatabricksStore;
use super::routes::{self, InCatalog, location_of_trace};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, ServerError, path_segment};
use crate::store::{AssessmentUpdate, StoreError};

const CREATE: &str = "log the assessment";

impl DatabricksStore {
    /// The parameter that the routes of Unity Catalog want.
    async fn with_warehouse(&self, trace_id: &TraceId) -> Result<Vec<(&str, &str)>, StoreError> {
        match InCatalog::of(trace_id) {
            Some(_) => Ok(vec![("sql_warehouse_id", self.warehouse().await?)]),
            None => Ok(Vec::new()),
        }
    }

    /// Logs an assessment once; when the answer is lost, looks whether it is there.
    pub(super) async fn log_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        let query = self.with_warehouse(trace_id).await?;
        let path = routes::assessments(trace_id);
        let request = Request::with_body(CREATE, Class::Once, Method::POST, path, &body_of(trace_id, new));
        let error = match self.assessment_of(trace_id, Request { query, ..request }).await {
            Ok(stored) => return Ok(stored),
            Err(error) => error,
        };
        let may_be_there = matches!(error.kind, ErrorKind::Broken { .. } | ErrorKind::Timeout { .. });
        match new.id().filter(|_| may_be_there) {
            Some(id) => self.find_assessment(trace_id, &id).await?.ok_or_else(|| error.into()),
            None => Err(error.into()),
        }
    }

    /// An assessment; `None` if there is none of this id.
    pub(super) async fn find_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
    ) -> Result<Option<Assessment>, StoreError> {
        let query = self.with_warehouse(trace_id).await?;
        match self.assessment_of(trace_id, Request::get("get the assessment", one(trace_id, id), query)).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes an assessment; what changes is said in the body, and in version 4 as a parameter.
    pub(super) async fn change_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        let (fields, mask) = changes(kind, update);
        let operation = "update the assessment";
        let mut query = self.with_warehouse(trace_id).await?;
        let in_catalog = InCatalog::of(trace_id);
        let mask = mask.iter().map(|[version_3, version_4]| if in_catalog.is_some() { *version_4 } else { *version_3 });
        let mask = mask.collect::<Vec<_>>().join(",");
        let body = match in_catalog {
            Some(there) => {
                query.push(("update_mask", &mask));
                let mut body = placed(there, fields);
                body.insert("assessment_id".to_owned(), id.as_str().into());
                Value::Object(body)
            }
            None => json!({"assessment": fields, "update_mask": mask}),
        };
        let request = Request::with_body(operation, Class::Idempotent, Method::PATCH, one(trace_id, id), &body);
        Ok(self.assessment_of(trace_id, Request { query, ..request }).await?)
    }

    /// Deletes an assessment.
    pub(super) async fn remove_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError> {
        let query = self.with_warehouse(trace_id).await?;
        let request = Request::get("delete the assessment", one(trace_id, id), query);
        Ok(self.done(Request { class: Class::Idempotent, method: Method::DELETE, ..request }).await?)
    }

    /// The assessment that an answer is, or holds, with the whole id of its trace.
    async fn assessment_of(&self, trace_id: &TraceId, request: Request<'_>) -> Result<Assessment, ServerError> {
        let operation = request.operation;
        let mut answer: Map<String, Value> = self.json(request.expecting(Expected::One)).await?;
        let inner = match answer.remove("assessment") {
            Some(Value::Object(inner)) => inner,
            None if answer.contains_key("assessment_id") || answer.contains_key("assessment_name") => answer,
            _ => {
                let what = "an answer without an assessment".to_owned();
                return Err(ServerError::new(operation, ErrorKind::NotMlflow { what }));
            }
        };
        let mut inner = inner;
        inner.insert("trace_id".to_owned(), trace_id.as_str().into());
        Ok(Assessment::new(inner))
    }
}

fn one(trace_id: &TraceId, id: &AssessmentId) -> String {
    format!("{}/{}", routes::assessments(trace_id), path_segment(id.as_str()))
}

/// What is sent of an assessment.
fn body_of(trace_id: &TraceId, new: &Assessment) -> Value {
    match InCatalog::of(trace_id) {
        Some(there) => Value::Object(placed(there, new.as_object().clone())),
        None => json!({"assessment": new}),
    }
}

/// With the place of its trace.
fn placed(there: InCatalog<'_>, mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.insert("trace_id".to_owned(), there.id.into());
    fields.insert("trace_location".to_owned(), location_of_trace(there.location));
    fields
}

/// The fields that change, and their names in the masks of both versions.
fn changes(kind: AssessmentKind, update: &AssessmentUpdate) -> (Map<String, Value>, Vec<[&'static str; 2]>) {
    let (mut fields, mut mask) = (Map::new(), Vec::new());
    let mut change = |key: &str, names: [&'static str; 2], value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
            mask.push(names);
        }
    };
    let metadata = (!update.metadata.is_empty()).then(|| Value::Object(update.metadata.clone()));
    change(kind.as_str(), [kind.as_str(); 2], update.value.as_ref().map(|value| json!({"value": value})));
    change("assessment_name", ["assessmentName", "assessment_name"], update.name.as_ref().map(|name| json!(name)));
    change("rationale", ["rationale"; 2], update.rationale.as_ref().map(|text| json!(text)));
    change("metadata", ["metadata"; 2], metadata);
    (fields, mask)
}
