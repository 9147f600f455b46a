//! `/api/3.0/mlflow/label-schemas`.

use serde_json::json;

use super::http::{Answer, Request};
use super::state::State;
use super::{Answered, refused};

pub fn get_by_name(state: &State, request: &Request) -> Answered {
    let (experiment, name) =
        (request.parameter("experiment_id").unwrap_or(""), request.parameter("name").unwrap_or(""));
    if !state.experiments.iter().any(|known| known.id == experiment) {
        let message = format!("No Experiment with id={experiment} exists");
        return Err(refused(404, "RESOURCE_DOES_NOT_EXIST", message));
    }
    let schemas = &state.label_schemas;
    let found = schemas.iter().find(|schema| schema["experiment_id"] == experiment && schema["name"] == name);
    let message = format!("Label schema with name '{name}' not found for experiment '{experiment}'.");
    let schema = found.ok_or_else(|| refused(404, "RESOURCE_DOES_NOT_EXIST", message))?;
    Ok(Answer::json(200, &json!({"label_schema": schema})))
}
