//! Evaluation datasets: `/api/3.0/mlflow/datasets` of `MLflow` 3.4 and later.

use std::collections::HashSet;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::walk::WalkProgress;
use super::{ServerError, ServerStore};
use crate::model::{Dataset, ExperimentId};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, path_segment};
use crate::store::{Datasets, StoreError};

const LIST: &str = "list evaluation datasets";
const CREATE: &str = "create the evaluation dataset";
const READ: &str = "read the records of the evaluation dataset";
const ADD: &str = "add records to the evaluation dataset";
const PAGE: u32 = 200;
/// The same as a parameter.
const PAGE_TEXT: &str = "200";

#[derive(Deserialize)]
struct SearchAnswer {
    #[serde(default)]
    datasets: Vec<Value>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct CreateAnswer {
    dataset: Value,
}

/// A page of records, which are JSON inside a text.
#[derive(Deserialize)]
struct RecordsAnswer {
    #[serde(default)]
    records: String,
    next_page_token: Option<String>,
}

#[async_trait]
impl Datasets for ServerStore {
    /// `POST datasets/search`, all pages.
    async fn list(&self, experiments: &[ExperimentId]) -> Result<Vec<Dataset>, StoreError> {
        let (mut all, mut seen, mut progress) = (Vec::new(), HashSet::new(), WalkProgress::new(1));
        let mut body = json!({"experiment_ids": experiments, "max_results": PAGE, "order_by": ["created_time DESC"]});
        loop {
            let request = Request::with_body(LIST, Class::Read, Method::POST, path("search"), &body);
            let fields = &["datasets", "next_page_token"];
            let answer: Result<SearchAnswer, _> =
                self.transport.listing(request.expecting(Expected::Infos), fields).await;
            let answer = answer.map_err(too_old)?;
            let before = all.len();
            let datasets = answer.datasets.iter().map(|wire| read(LIST, wire)).collect::<Result<Vec<_>, _>>()?;
            // One that is created between two pages moves the others, and so one can come twice.
            all.extend(datasets.into_iter().filter(|dataset| seen.insert(dataset.id.clone())));
            let Some(token) = answer.next_page_token.filter(|token| !token.is_empty()) else { return Ok(all) };
            if !progress.goes_on(all.len() > before) {
                return Err(ServerError::new(LIST, ErrorKind::NothingNew).into());
            }
            body["page_token"] = token.into();
        }
    }

    /// `POST datasets/create`, once: who repeats it makes two.
    async fn create(
        &self,
        name: &str,
        tags: &[(String, String)],
        experiments: &[ExperimentId],
    ) -> Result<Dataset, StoreError> {
        let mut body = json!({"name": name, "experiment_ids": experiments});
        if !tags.is_empty() {
            let tags: Map<String, Value> =
                tags.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
            body["tags"] = Value::Object(tags).to_string().into();
        }
        let request = Request::with_body(CREATE, Class::Once, Method::POST, path("create"), &body);
        let answer: CreateAnswer = self.transport.json(request).await.map_err(too_old)?;
        Ok(read(CREATE, &answer.dataset)?)
    }

    /// `GET datasets/{id}/records`, all pages.
    async fn records(&self, dataset_id: &str, take: &mut (dyn FnMut(Value) + Send)) -> Result<(), StoreError> {
        let path = path(&format!("{}/records", path_segment(dataset_id)));
        let (mut token, mut last) = (String::new(), None);
        loop {
            let mut query = vec![("max_results", PAGE_TEXT)];
            query.extend((!token.is_empty()).then_some(("page_token", token.as_str())));
            let request = Request::get(READ, path.as_str(), query).expecting(Expected::Spans);
            let fields = &["records", "next_page_token"];
            let answer: RecordsAnswer = self.transport.listing(request, fields).await.map_err(too_old)?;
            let records: Vec<Value> = match answer.records.as_str() {
                "" => Vec::new(),
                text => serde_json::from_str(text).map_err(|_| wrong(READ, "records that are no JSON"))?,
            };
            records.into_iter().for_each(&mut *take);
            let next = answer.next_page_token.filter(|token| !token.is_empty());
            if next.is_some() && next == last {
                return Err(ServerError::new(READ, ErrorKind::NothingNew).into());
            }
            let Some(next) = next else { return Ok(()) };
            last = Some(std::mem::replace(&mut token, next));
        }
    }

    /// `POST datasets/{id}/records`.
    async fn add(&self, dataset_id: &str, records: &[&Value]) -> Result<(), StoreError> {
        let path = path(&format!("{}/records", path_segment(dataset_id)));
        let body = json!({"records": json!(records).to_string()});
        let request = Request::with_body(ADD, Class::Idempotent, Method::POST, path, &body);
        let fields = &["inserted_count", "updated_count"];
        self.transport.listing::<serde::de::IgnoredAny>(request, fields).await.map_err(too_old)?;
        Ok(())
    }
}

fn path(rest: &str) -> String {
    format!("/api/3.0/mlflow/datasets/{rest}")
}

fn wrong(operation: &'static str, what: &str) -> ServerError {
    ServerError::new(operation, ErrorKind::NotMlflow { what: what.to_owned() })
}

fn read(operation: &'static str, wire: &Value) -> Result<Dataset, ServerError> {
    Dataset::from_json(wire).ok_or_else(|| wrong(operation, "a dataset without an id"))
}

/// Servers without datasets have no such address.
fn too_old(error: ServerError) -> StoreError {
    if error.is_no_such_route() {
        return StoreError::TooOld { what: "use evaluation datasets", since: "3.4" };
    }
    error.into()
}
