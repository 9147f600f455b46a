//! `/api/3.0/mlflow/datasets`.

use serde_json::{Map, Value, json};

use super::http::{Answer, Request};
use super::state::State;
use super::{Answered, refused};

/// An evaluation dataset.
pub struct Dataset {
    pub id: String,
    pub name: String,
    pub experiments: Value,
    pub tags: Value,
    pub records: Vec<Value>,
}

impl Dataset {
    /// One without records, the only one of the server.
    pub fn empty(name: &str, experiment: &str) -> Self {
        let (id, experiments) = (format!("d-{:032x}", 1), json!([experiment]));
        Self { id, name: name.to_owned(), experiments, tags: "{}".into(), records: Vec::new() }
    }

    fn wire(&self) -> Value {
        let profile = json!({"num_records": self.records.len()}).to_string();
        json!({"dataset_id": self.id, "name": self.name, "tags": self.tags, "profile": profile,
            "experiment_ids": self.experiments, "created_time": "1764200000000"})
    }
}

pub fn search(state: &State, body: &Value) -> Answer {
    let most = usize::try_from(body["max_results"].as_u64().unwrap_or(1000)).unwrap();
    let from: usize = body["page_token"].as_str().map_or(0, |token| token.parse().unwrap());
    let asked = body["experiment_ids"].as_array().unwrap();
    let is_in = |dataset: &&Dataset| dataset.experiments.as_array().unwrap().iter().any(|id| asked.contains(id));
    let found: Vec<_> = state.datasets.iter().filter(is_in).map(Dataset::wire).collect();
    let page: Vec<_> = found.iter().skip(from).take(most).collect();
    let mut answer = json!({"datasets": page});
    if from + most < found.len() {
        answer["next_page_token"] = (from + most).to_string().into();
    }
    Answer::json(200, &answer)
}

pub fn create(state: &mut State, body: &Value) -> Answer {
    let id = format!("d-{:032x}", state.datasets.len() + 1);
    let tags = body.get("tags").cloned().unwrap_or_else(|| "{}".into());
    let name = body["name"].as_str().unwrap().to_owned();
    let dataset = Dataset { id, name, experiments: body["experiment_ids"].clone(), tags, records: Vec::new() };
    let wire = dataset.wire();
    state.datasets.push(dataset);
    Answer::json(200, &json!({"dataset": wire}))
}

pub fn records(state: &State, id: &str, request: &Request) -> Answered {
    let dataset = state.datasets.iter().find(|dataset| dataset.id == id).ok_or_else(|| unknown(id))?;
    let most: usize = request.parameter("max_results").unwrap_or("1000").parse().unwrap();
    let from: usize = request.parameter("page_token").map_or(0, |token| token.parse().unwrap());
    let page: Vec<_> = dataset.records.iter().skip(from).take(most).collect();
    let mut answer = json!({"records": json!(page).to_string()});
    if from + most < dataset.records.len() {
        answer["next_page_token"] = (from + most).to_string().into();
    }
    Ok(Answer::json(200, &answer))
}

/// Records with the same inputs are merged as `SqlEvaluationDatasetRecord.merge` does.
pub fn add(state: &mut State, id: &str, body: &Value) -> Answered {
    let dataset = state.datasets.iter_mut().find(|dataset| dataset.id == id).ok_or_else(|| unknown(id))?;
    let records: Vec<Value> = serde_json::from_str(body["records"].as_str().unwrap()).unwrap();
    let (mut inserted, mut updated) = (0, 0);
    for record in records {
        if let Some(there) = dataset.records.iter_mut().find(|there| there["inputs"] == record["inputs"]) {
            there["outputs"] = record["outputs"].clone();
            for key in ["expectations", "tags"] {
                let mut all: Map<String, Value> = there[key].as_object().cloned().unwrap_or_default();
                all.extend(record[key].as_object().cloned().unwrap_or_default());
                there[key] = Value::Object(all);
            }
            updated += 1;
        } else {
            dataset.records.push(record);
            inserted += 1;
        }
    }
    Ok(Answer::json(200, &json!({"inserted_count": inserted, "updated_count": updated})))
}

fn unknown(id: &str) -> Answer {
    refused(404, "RESOURCE_DOES_NOT_EXIST", format!("Evaluation dataset with id '{id}' not found"))
}
