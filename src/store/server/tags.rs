//! Tags: one call per key and trace.

use serde::Serialize;

use super::{ServerError, ServerStore};
use crate::model::TraceId;
use crate::store::http::{Class, Method, Request, path_segment};

#[derive(Serialize)]
struct SetTag<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct DeleteTag<'a> {
    key: &'a str,
}

impl ServerStore {
    /// `PATCH /api/2.0/mlflow/traces/{id}/tags`.
    pub async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), ServerError> {
        let body = SetTag { key, value };
        let request = Request::with_body("set the tag", Class::Idempotent, Method::PATCH, tags_path(trace_id), &body);
        self.transport.done(request).await
    }

    /// `DELETE /api/2.0/mlflow/traces/{id}/tags`; false if the trace had no such tag.
    pub async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, ServerError> {
        let body = DeleteTag { key };
        let request =
            Request::with_body("delete the tag", Class::Idempotent, Method::DELETE, tags_path(trace_id), &body);
        match self.transport.done(request).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn tags_path(trace_id: &TraceId) -> String {
    format!("/api/2.0/mlflow/traces/{}/tags", path_segment(trace_id.as_str()))
}
