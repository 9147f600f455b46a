//! Deleting traces: by explicit ids only, and never believed without looking.

use serde::{Deserialize, Serialize};

use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, TraceId};
use crate::store::http::{Class, Method, Request};

/// The cut-off mode of this route (`max_timestamp_millis`, `max_traces`) is deliberately not expressible here: it cannot
/// keep anything, it takes what arrived since, and with a number of the wrong type it deletes everything.
#[derive(Serialize)]
struct DeleteRequest<'a> {
    experiment_id: &'a str,
    request_ids: &'a [TraceId],
}

#[derive(Deserialize)]
struct DeleteAnswer {
    #[serde(default)]
    traces_deleted: u64,
}

impl ServerStore {
    /// `POST /api/2.0/mlflow/traces/delete-traces` with ids (100 at the most on Databricks). Returns how many the server
    /// says it deleted; ids of other experiments and unknown ones are ignored by the server. Repeating it is safe.
    pub async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, ServerError> {
        let body = DeleteRequest { experiment_id: experiment.as_str(), request_ids: ids };
        let path = "/api/2.0/mlflow/traces/delete-traces";
        let request = Request::with_body("delete the traces", Class::Idempotent, Method::POST, path, &body);
        Ok(self.transport.listing::<DeleteAnswer>(request, &["traces_deleted"]).await?.traces_deleted)
    }
}
