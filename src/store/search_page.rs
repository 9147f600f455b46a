//! One page of a search as servers and workspaces are asked for it, and the check that it holds traces of no other place.

use serde::Serialize;
use serde_json::{Value, json};

use super::http::{ErrorKind, ServerError};
use crate::model::{ExperimentId, TraceInfo};

pub const SEARCH: &str = "search traces";
/// `POST`, since MLflow 3.2 and on Databricks.
pub const SEARCH_PATH: &str = "/api/3.0/mlflow/traces/search";
/// What the answer has.
pub const SEARCH_FIELDS: &[&str] = &["traces", "next_page_token"];

/// Which page of which search.
#[derive(Clone, Copy)]
pub struct SearchPage<'a> {
    pub experiments: &'a [ExperimentId],
    /// Empty for everything.
    pub filter: &'a str,
    pub order_by: &'a [String],
    pub page_token: Option<&'a str>,
    pub max_results: u64,
}

/// The body of the request.
#[derive(Serialize)]
pub struct SearchBody<'a> {
    locations: Vec<Value>,
    #[serde(skip_serializing_if = "str::is_empty")]
    filter: &'a str,
    max_results: u64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    order_by: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<&'a str>,
    /// Databricks alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    sql_warehouse_id: Option<&'a str>,
}

impl<'a> SearchPage<'a> {
    /// The body, with experiments as `location` writes them.
    pub fn body(&self, location: impl Fn(&ExperimentId) -> Value, sql_warehouse_id: Option<&'a str>) -> SearchBody<'a> {
        let Self { experiments, filter, order_by, page_token, max_results } = *self;
        let locations = experiments.iter().map(location).collect();
        SearchBody { locations, filter, max_results, order_by, page_token, sql_warehouse_id }
    }

    /// Whoever takes a trace of another place for one of this one deletes what nobody named.
    pub fn check<'i>(&self, mut infos: impl Iterator<Item = &'i TraceInfo>) -> Result<(), ServerError> {
        match infos.find_map(|info| info.experiment_id().filter(|place| !self.experiments.contains(place))) {
            Some(stranger) => Err(ServerError::new(SEARCH, ErrorKind::Strangers(stranger))),
            None => Ok(()),
        }
    }
}

/// An experiment as a location.
pub fn experiment_location(experiment: &ExperimentId) -> Value {
    json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}})
}
