//! What older versions of `MLflow` do not have, and the routes of V2, which all of them have.

use mlflow_trace::filter::{Filter, Language};
use mlflow_trace::model::{TraceInfo, TraceState};
use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::state::State;
use super::traces::{self, INVALID, find};
use super::{Answered, refused};

fn language(state: &State) -> Language {
    state.version.and_then(Language::of_version).unwrap_or(Language::CURRENT)
}

/// Whether a route came later.
pub fn lacks(state: &State, method: &str, path: &[&str]) -> bool {
    let since = match (method, path) {
        (_, ["api", "3.0", "mlflow", "traces", "batchGetInfos"]) => 11,
        (_, ["api", "3.0", "mlflow", "traces", "metrics"]) => 9,
        (_, ["api", "3.0", "mlflow", "traces", "get"]) => 7,
        (_, ["api", "3.0", "mlflow", "traces", "batchGet"]) => 6,
        (_, ["api", "3.0", "mlflow", "datasets", ..]) => 4,
        (_, ["v1", "traces"] | ["api", "3.0", "mlflow", "traces", "calculate-filter-correlation"]) => 4,
        (_, ["api", "3.0", ..]) => 2,
        _ => 0,
    };
    language(state) < Language::since(since)
}

/// Refuses a filter of later versions.
pub fn knows(state: &State, filter: &str) -> Result<(), Answer> {
    let is_known =
        Filter::parse(filter).is_ok_and(|filter| filter.plan_for(language(state)).server_text() == filter.text());
    if is_known || language(state) == Language::CURRENT {
        return Ok(());
    }
    Err(refused(400, INVALID, format!("Invalid clause(s) in filter string: {filter}")))
}

/// `GET /api/2.0/mlflow/traces`, with the question in the address or in the body.
pub fn search(state: &State, request: &Request) -> Answered {
    let all = |key: &str| -> Vec<Value> {
        request.query.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str().into()).collect()
    };
    let one = |key: &str| all(key).first().cloned().unwrap_or(Value::Null);
    let question = if request.query.is_empty() {
        request.json()
    } else {
        json!({
            "experiment_ids": all("experiment_ids"), "filter": one("filter"), "order_by": all("order_by"),
            "max_results": one("max_results").as_str().and_then(|text| text.parse::<u64>().ok()),
            "page_token": one("page_token"),
        })
    };
    let place = |id: &Value| json!({"mlflow_experiment": {"experiment_id": id}});
    let mut body = question.clone();
    body["locations"] = question["experiment_ids"].as_array().into_iter().flatten().map(place).collect();
    let mut answer: Value =
        mlflow_trace::model::read_json(traces::search(state, &body)?.body.as_bytes()).expect("JSON");
    for info in answer.get_mut("traces").and_then(Value::as_array_mut).into_iter().flatten() {
        *info = of_v2(&serde_json::from_value(info.clone()).expect("an info"));
    }
    Ok(Answer::json(200, &answer))
}

/// `GET /api/2.0/mlflow/traces/{id}/info`.
pub fn info(state: &State, id: &str) -> Answered {
    Ok(Answer::json(200, &json!({"trace_info": of_v2(find(state, id)?.info())})))
}

/// Without previews, assessments and client request ids.
fn of_v2(info: &TraceInfo) -> Value {
    let pairs = |map: &std::collections::BTreeMap<String, String>| -> Vec<Value> {
        map.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
    };
    let status = if info.state == TraceState::Unspecified { "TRACE_STATUS_UNSPECIFIED" } else { info.state.as_str() };
    json!({
        "request_id": info.trace_id, "experiment_id": info.experiment_id(), "timestamp_ms": info.request_time_ms,
        "execution_time_ms": info.duration_ms.unwrap_or(0), "status": status,
        "request_metadata": pairs(&info.metadata), "tags": pairs(&info.tags),
    })
}
