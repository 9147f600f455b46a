//! `/api/3.0/mlflow/traces` and what deletes and tags in `/api/2.0`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlflow_trace::filter::{Filter, OrderBy, SessionScope, Truth};
use mlflow_trace::model::Trace;
use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::state::{Equality, State, Stored};
use super::{Answered, older, refused};

pub const INVALID: &str = "INVALID_PARAMETER_VALUE";
const UNKNOWN: &str = "RESOURCE_DOES_NOT_EXIST";

pub fn search(state: &State, body: &Value) -> Answered {
    let Some(locations) = body["locations"].as_array() else {
        return Err(refused(400, INVALID, "Missing value for required parameter 'locations'."));
    };
    let experiments: Vec<String> = locations.iter().filter_map(experiment_of).collect();
    let most = body.get("max_results").map_or(Some(100), Value::as_u64).filter(|most| (1..=500).contains(most));
    let Some(most) = most.and_then(|most| usize::try_from(most).ok()) else {
        return Err(refused(
            400,
            INVALID,
            format!("Invalid value {} for parameter 'max_results'", body["max_results"]),
        ));
    };
    let filter = body["filter"].as_str().unwrap_or("");
    let order_by: Vec<String> = serde_json::from_value(body["order_by"].clone()).unwrap_or_default();
    let found = matching(state, &experiments, filter, &order_by)?;
    let offset = offset_of(body["page_token"].as_str().unwrap_or(""))?;
    let page: Vec<Value> = found.iter().skip(offset).take(most).map(|trace| state.shown(&trace.info)).collect();
    let mut answer = json!({});
    if page.len() == most {
        answer["next_page_token"] = STANDARD.encode(json!({"offset": offset + most}).to_string()).into();
    }
    if !page.is_empty() {
        answer["traces"] = page.into();
    }
    Ok(Answer::json(200, &answer))
}

fn experiment_of(location: &Value) -> Option<String> {
    location["mlflow_experiment"]["experiment_id"].as_str().map(str::to_owned)
}

fn offset_of(token: &str) -> Result<usize, Answer> {
    if token.is_empty() {
        return Ok(0);
    }
    let text = STANDARD.decode(token).ok();
    let token: Option<Value> = text.and_then(|text| serde_json::from_slice(&text).ok());
    let offset = token.and_then(|token| token["offset"].as_u64()).and_then(|offset| usize::try_from(offset).ok());
    offset.filter(|offset| *offset > 0).ok_or_else(|| refused(400, INVALID, "Invalid page token"))
}

fn matching<'a>(
    state: &'a State,
    experiments: &[String],
    filter: &str,
    order_by: &[String],
) -> Result<Vec<&'a Trace>, Answer> {
    let invalid = |error: &dyn std::fmt::Display| refused(400, INVALID, format!("Invalid filter: {error}"));
    let filter = if state.ignores_filters { "" } else { filter };
    older::knows(state, filter)?;
    let filter = Filter::parse(filter).map_err(|error| invalid(&error.render()))?;
    let order_by = OrderBy::parse(order_by).map_err(|error| invalid(&error.render()))?;
    let matcher = filter.matcher();
    let here: Vec<&Trace> = state
        .traces
        .iter()
        .filter(|stored| state.ignores_experiments || experiments.contains(&stored.experiment()))
        .filter(|stored| !state.hidden.contains(stored.id()))
        .map(|stored| &stored.trace)
        .collect();
    let mut scope = SessionScope::default();
    for trace in &here {
        matcher.observe(&mut scope, trace);
    }
    let mut found: Vec<&Trace> =
        here.into_iter().filter(|trace| matcher.matches(trace, &scope) == Truth::TRUE).collect();
    found.sort_by(|left, right| order_by.compare(left, right));
    Ok(found)
}

/// `trace_count`, with the small language of its filters.
pub fn metrics(state: &State, body: &Value) -> Answered {
    if body["metric_name"] != "trace_count" {
        return Err(refused(400, INVALID, format!("Invalid metric {}", body["metric_name"])));
    }
    let experiments: Vec<String> = serde_json::from_value(body["experiment_ids"].clone()).unwrap_or_default();
    let filters: Vec<String> = serde_json::from_value(body["filters"].clone()).unwrap_or_default();
    let mut clauses = Vec::new();
    for filter in filters {
        let rest = filter.strip_prefix("trace.").ok_or_else(|| refused(400, INVALID, "Invalid filter entity"))?;
        clauses.push(match rest.strip_prefix("tag.") {
            // Without wildcards, `ILIKE` is what such a database takes for equal.
            Some(tag) if state.equality == Equality::Loose => {
                format!("tags.{}", tag.replacen('=', "ILIKE", 1).replace(" '", "'").replace("ILIKE'", "ILIKE '"))
            }
            Some(tag) => format!("tags.{tag}"),
            None => rest.to_owned(),
        });
    }
    clauses.extend(body["start_time_ms"].as_i64().map(|time| format!("timestamp_ms >= {time}")));
    clauses.extend(body["end_time_ms"].as_i64().map(|time| format!("timestamp_ms <= {time}")));
    let count = matching(state, &experiments, &clauses.join(" AND "), &[])?.len();
    let count = f64::from(u32::try_from(count).expect("a small number"));
    Ok(Answer::json(200, &json!({"data_points": [{"metric_name": "trace_count", "values": {"COUNT": count}}]})))
}

/// How often two filters are found together; only the counts.
pub fn correlation(state: &State, body: &Value) -> Answered {
    let experiments: Vec<String> = serde_json::from_value(body["experiment_ids"].clone()).unwrap_or_default();
    let found = |name: &str| matching(state, &experiments, body[name].as_str().unwrap_or(""), &[]);
    let (first, second) = (found("filter_string1")?, found("filter_string2")?);
    let joint = first.iter().filter(|trace| second.iter().any(|other| other.info.trace_id == trace.info.trace_id));
    let answer = json!({
        "filter1_count": first.len(),
        "filter2_count": second.len(),
        "joint_count": joint.count(),
        "total_count": matching(state, &experiments, "", &[])?.len(),
    });
    Ok(Answer::json(200, &answer))
}

pub fn find<'a>(state: &'a State, id: &str) -> Result<&'a Stored, Answer> {
    state.find(id).ok_or_else(|| refused(404, UNKNOWN, format!("Trace with ID '{id}' not found.")))
}

pub fn info(state: &State, id: &str) -> Answered {
    if !state.hidden.is_empty() && state.visible(id).is_none() {
        return Err(Answer::new(403, "text/html", "Permission denied"));
    }
    Ok(Answer::json(200, &json!({"trace": {"trace_info": state.shown(find(state, id)?.info())}})))
}

pub fn infos(state: &State, body: &Value) -> Answered {
    let ids: Vec<String> = serde_json::from_value(body["trace_ids"].clone())
        .map_err(|_| refused(400, INVALID, "Missing value for required parameter 'trace_ids'."))?;
    let infos: Vec<Value> =
        ids.iter().filter_map(|id| state.visible(id)).map(|stored| state.shown(stored.info())).collect();
    Ok(Answer::json(200, &if infos.is_empty() { json!({}) } else { json!({"trace_infos": infos}) }))
}

fn with_spans(stored: &Stored) -> Answered {
    if stored.in_artifact() {
        return Err(refused(500, "INTERNAL_ERROR", "Trace data not stored in tracking store"));
    }
    let trace = json!({"trace_info": stored.info().to_rest(), "spans": stored.spans});
    Ok(Answer::json(200, &json!({"trace": trace})))
}

pub fn get(state: &State, request: &Request) -> Answered {
    let stored = find(state, request.parameter("trace_id").unwrap_or(""))?;
    if is_short(stored) && request.parameter("allow_partial") != Some("true") {
        return Err(refused(404, UNKNOWN, format!("Trace with ID {} is not fully exported yet.", stored.id())));
    }
    with_spans(stored)
}

/// Whether fewer spans are stored than the trace says it has, or none of one that is not archived.
fn is_short(stored: &Stored) -> bool {
    let is_archived = stored.info().spans_location() == Some("ARCHIVE_REPO");
    stored.info().stated_span_count().is_some_and(|stated| stated > stored.spans.len() as u64)
        || (stored.spans.is_empty() && !is_archived && !stored.in_artifact())
}

pub fn batch_get(state: &State, request: &Request) -> Answered {
    let ids = request.query.iter().filter(|(key, _)| key == "trace_ids").map(|(_, id)| id.as_str());
    let mut traces = Vec::new();
    for stored in ids.filter_map(|id| state.find(id)).filter(|stored| !is_short(stored)) {
        let answer: Value = serde_json::from_str(&with_spans(stored)?.body).expect("our own JSON");
        traces.push(answer["trace"].clone());
    }
    Ok(Answer::json(200, &if traces.is_empty() { json!({}) } else { json!({"traces": traces}) }))
}

pub fn span_file(state: &State, request: &Request) -> Answered {
    if let Some(path) = request.parameter("path") {
        return attachment(state, request.parameter("request_id").unwrap_or(""), path);
    }
    span_file_of(state, request.parameter("request_id").unwrap_or(""))
}

fn attachment(state: &State, trace: &str, id: &str) -> Answered {
    if state.find(trace).is_none() {
        return Err(refused(404, UNKNOWN, format!("Trace with ID '{trace}' not found.")));
    }
    let content = state.attachments.get(&(trace.to_owned(), id.to_owned()));
    let content = content.ok_or_else(|| refused(404, UNKNOWN, format!("No such artifact: 'attachments/{id}'")))?;
    let answer = Answer::new(200, "application/octet-stream", content.as_str());
    Ok(answer.header("content-disposition", &format!("attachment; filename={id}")))
}

/// The file by its own address.
pub fn artifact(state: &State, id: &str) -> Answered {
    if state.artifacts_down {
        return Err(Answer::new(500, "text/plain; charset=utf-8", "Internal Server Error"));
    }
    span_file_of(state, id)
}

fn span_file_of(state: &State, id: &str) -> Answered {
    let stored = state.find(id).ok_or_else(|| refused(404, UNKNOWN, format!("Trace with ID {id} is not found.")))?;
    if stored.lost || (stored.in_artifact() && state.artifacts_down) {
        return Err(refused(404, "NOT_FOUND", "Trace data not found for path=traces.json"));
    }
    let file = json!({"spans": stored.trace.spans()});
    Ok(Answer::new(200, "text/plain", file.to_string()))
}

pub fn set_tag(state: &mut State, id: &str, body: &Value) -> Answered {
    let Some(key) = body["key"].as_str() else {
        return Err(refused(400, INVALID, "Missing value for required parameter 'key'."));
    };
    let value = match &body["value"] {
        Value::Null => "",
        Value::String(value) => value,
        _ => return Err(refused(400, INVALID, "Invalid value for parameter 'value'")),
    };
    if state.find(id).is_none() {
        return Err(refused(400, "BAD_REQUEST", "(sqlite3.IntegrityError) FOREIGN KEY constraint failed"));
    }
    state.set_tag(id, key, value);
    Ok(Answer::json(200, &json!({})))
}

pub fn delete_tag(state: &mut State, id: &str, body: &Value) -> Answered {
    let Some(key) = body["key"].as_str() else {
        return Err(refused(400, INVALID, "Missing value for required parameter 'key'."));
    };
    let tags = state.find_mut(id).map(|stored| &mut stored.trace.info.tags);
    match tags.and_then(|tags| tags.remove(key)) {
        Some(_) => Ok(Answer::json(200, &json!({}))),
        None => Err(refused(404, UNKNOWN, format!("No trace tag with key '{key}' for trace with ID '{id}'"))),
    }
}

/// By explicit ids only: the other mode of this route is one that the program must never use.
pub fn delete(state: &mut State, body: &Value) -> Answered {
    let ids: Option<Vec<String>> = serde_json::from_value(body["request_ids"].clone()).ok();
    let keys: Vec<&String> = body.as_object().map(|object| object.keys().collect()).unwrap_or_default();
    let (Some(experiment), Some(ids)) = (body["experiment_id"].as_str(), ids) else {
        return Err(refused(400, INVALID, "Either `max_timestamp_millis` or `trace_ids` must be specified."));
    };
    if keys.len() != 2 || ids.is_empty() {
        return Err(refused(400, INVALID, "Only one of `max_timestamp_millis` and `trace_ids` may be specified."));
    }
    let before = state.traces.len();
    state.traces.retain(|stored| stored.experiment() != experiment || !ids.iter().any(|id| id == stored.id()));
    Ok(Answer::json(200, &json!({"traces_deleted": before - state.traces.len()})))
}
