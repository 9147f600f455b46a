//! Evaluation datasets of a tracking server.

use serde_json::{Map, Value};

use super::ExperimentId;

/// A dataset as `datasets/search` of MLflow 3.4 and later describes it, without its records.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its id: `d-` and 32 hex digits.
    pub id: String,
    /// Its name, which others may have, too.
    pub name: String,
    /// How many records it has, if the server says.
    pub records: Option<u64>,
    /// Its tags.
    pub tags: Map<String, Value>,
    /// The experiments that it belongs to, if the server says.
    pub experiments: Vec<ExperimentId>,
    /// When it was created, in epoch milliseconds.
    pub created_ms: Option<i64>,
    /// When it last changed, in epoch milliseconds.
    pub last_update_ms: Option<i64>,
}

impl Dataset {
    /// Of `MLflow`'s JSON, in which tags and profile are JSON inside texts; nothing without an id.
    #[must_use]
    pub fn from_json(wire: &Value) -> Option<Self> {
        let text = |key: &str| wire[key].as_str().map(str::to_owned);
        let inner = |key: &str| wire[key].as_str().and_then(|text| serde_json::from_str::<Map<_, _>>(text).ok());
        let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let experiments = wire["experiment_ids"].as_array().into_iter().flatten();
        Some(Self {
            id: text("dataset_id").filter(|id| !id.is_empty())?,
            name: text("name").unwrap_or_default(),
            records: inner("profile").and_then(|profile| profile.get("num_records")?.as_u64()),
            tags: inner("tags").unwrap_or_default(),
            experiments: experiments.filter_map(Value::as_str).map(ExperimentId::from).collect(),
            created_ms: number(&wire["created_time"]),
            last_update_ms: number(&wire["last_update_time"]),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dataset_is_read_with_the_json_inside_its_texts() {
        let wire = json!({"dataset_id": "d-1", "name": "answers", "tags": "{\"team\": \"search\"}",
            "profile": "{\"num_records\": 12}", "created_time": "1764200000000", "last_update_time": 1_764_200_000_001_i64,
            "experiment_ids": ["1"]});
        let dataset = Dataset::from_json(&wire).unwrap();
        assert_eq!((dataset.records, dataset.created_ms), (Some(12), Some(1_764_200_000_000)));
        assert_eq!(dataset.tags, json!({"team": "search"}).as_object().unwrap().clone());
        assert_eq!(Dataset::from_json(&json!({"name": "answers"})), None);
        let bare = Dataset::from_json(&json!({"dataset_id": "d-2", "tags": "no JSON"})).unwrap();
        assert_eq!((bare.records, bare.tags.len()), (None, 0));
    }
}
