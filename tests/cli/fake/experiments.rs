//! `/api/2.0/mlflow/experiments`.

use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::state::{Experiment, State};
use super::{Answered, refused};

fn wire(experiment: &Experiment) -> Value {
    json!({
        "experiment_id": experiment.id,
        "name": experiment.name,
        "artifact_location": format!("/srv/mlflow/art/{}", experiment.id),
        "lifecycle_stage": if experiment.deleted { "deleted" } else { "active" },
        "last_update_time": experiment.created_ms,
        "creation_time": experiment.created_ms,
    })
}

fn one(found: Option<&Experiment>, message: String) -> Answered {
    let experiment = found.ok_or_else(|| refused(404, "RESOURCE_DOES_NOT_EXIST", message))?;
    Ok(Answer::json(200, &json!({"experiment": wire(experiment)})))
}

pub fn get(state: &State, request: &Request) -> Answered {
    let id = request.parameter("experiment_id").unwrap_or("");
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refused(400, "INVALID_PARAMETER_VALUE", format!("Invalid experiment ID: '{id}'")));
    }
    one(state.experiments.iter().find(|known| known.id == id), format!("No Experiment with id={id} exists"))
}

pub fn get_by_name(state: &State, request: &Request) -> Answered {
    let name = request.parameter("experiment_name").unwrap_or("");
    one(
        state.experiments.iter().find(|known| known.name == name),
        format!("Could not find experiment with name '{name}'"),
    )
}

pub fn create(state: &mut State, body: &Value) -> Answered {
    let Some(name) = body["name"].as_str().filter(|name| !name.is_empty()) else {
        return Err(refused(400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'."));
    };
    if state.experiments.iter().any(|known| known.name == name) {
        let message = format!("Experiment '{name}' already exists.");
        return Err(refused(400, "RESOURCE_ALREADY_EXISTS", message));
    }
    let id = (state.experiments.len() + 1).to_string();
    state.add_experiment(&id, name);
    Ok(Answer::json(200, &json!({"experiment_id": id})))
}

pub fn search(state: &State, body: &Value) -> Answered {
    let Some(most) = body["max_results"].as_u64().filter(|most| (1..=50_000).contains(most)) else {
        return Err(refused(400, "INVALID_PARAMETER_VALUE", "Invalid value for parameter 'max_results'"));
    };
    let view = body["view_type"].as_str().unwrap_or("ACTIVE_ONLY");
    let wanted = |experiment: &&Experiment| match view {
        "ALL" => true,
        "DELETED_ONLY" => experiment.deleted,
        _ => !experiment.deleted,
    };
    let most = usize::try_from(most).expect("a small number");
    // The newest first, and ids count up.
    let found: Vec<Value> = state.experiments.iter().rev().filter(wanted).take(most).map(wire).collect();
    Ok(Answer::json(200, &json!({"experiments": found})))
}
