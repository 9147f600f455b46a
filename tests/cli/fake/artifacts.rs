//! `/api/2.0/mlflow-artifacts/artifacts`: listing and deleting, as on a server with a folder on disk.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Answered;
use super::http::{Answer, Request};
use super::state::State;

fn check(state: &State) -> Result<(), Answer> {
    if state.artifacts_down {
        return Err(Answer::new(500, "text/plain; charset=utf-8", "Internal Server Error"));
    }
    Ok(())
}

/// What is in a folder; nothing, too, if there is no such folder.
pub fn list(state: &State, request: &Request) -> Answered {
    check(state)?;
    let folder = format!("{}/", request.parameter("path").unwrap_or(""));
    let mut names = BTreeMap::new();
    for file in state.files.iter().filter_map(|file| file.strip_prefix(&folder)) {
        let (name, rest) = file.split_once('/').unwrap_or((file, ""));
        names.insert(name, !rest.is_empty());
    }
    let files: Vec<Value> = names.into_iter().map(|(path, is_dir)| json!({"path": path, "is_dir": is_dir})).collect();
    Ok(Answer::json(200, &if files.is_empty() { json!({}) } else { json!({"files": files}) }))
}

/// A file, or a folder with everything in it; whether there is one makes no difference.
pub fn delete(state: &mut State, location: &[&str]) -> Answered {
    check(state)?;
    let path = location.join("/");
    state.files.retain(|file| *file != path && !file.starts_with(&format!("{path}/")));
    Ok(Answer::json(200, &json!({})))
}
