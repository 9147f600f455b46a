//! Label schemas of experiments, which `MLflow` has since 3.14.

use serde::Deserialize;
use serde_json::Value;

use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, LabelSchema};
use crate::store::http::Request;

#[derive(Deserialize)]
struct SchemaAnswer {
    label_schema: Value,
}

impl ServerStore {
    /// `GET /api/3.0/mlflow/label-schemas/get-by-name`: what an experiment declares for a name; `None` if it declares nothing,
    /// or the server knows of no label schemas.
    ///
    /// The route that lists them is not asked: it creates one.
    pub async fn label_schema(
        &self,
        experiment: &ExperimentId,
        name: &str,
    ) -> Result<Option<LabelSchema>, ServerError> {
        let query = vec![("experiment_id", experiment.as_str()), ("name", name)];
        let request = Request::get("get the label schema", "/api/3.0/mlflow/label-schemas/get-by-name", query);
        match self.transport.json::<SchemaAnswer>(request).await {
            Ok(answer) => Ok(Some(LabelSchema::from_json(&answer.label_schema))),
            Err(error) if error.is_not_found() || error.is_no_such_route() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
