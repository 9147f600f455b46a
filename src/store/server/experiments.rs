//! Experiments: found by name or id, listed.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::walk::WalkProgress;
use super::{ServerError, ServerStore};
use crate::model::{Experiment, ExperimentId, Lifecycle};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request};

#[derive(Deserialize)]
struct ExperimentWire {
    experiment_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    lifecycle_stage: String,
    artifact_location: Option<String>,
    creation_time: Option<i64>,
    last_update_time: Option<i64>,
}

impl From<ExperimentWire> for Experiment {
    fn from(wire: ExperimentWire) -> Self {
        Self {
            id: ExperimentId::new(wire.experiment_id),
            name: wire.name,
            lifecycle: if wire.lifecycle_stage == "deleted" { Lifecycle::Deleted } else { Lifecycle::Active },
            artifact_location: wire.artifact_location,
            creation_time_ms: wire.creation_time,
            last_update_time_ms: wire.last_update_time,
        }
    }
}

#[derive(Deserialize)]
struct OneAnswer {
    experiment: ExperimentWire,
}

#[derive(Serialize)]
struct SearchRequest<'a> {
    max_results: u32,
    view_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct SearchAnswer {
    #[serde(default)]
    experiments: Vec<ExperimentWire>,
    next_page_token: Option<String>,
}

/// The server takes up to 50,000, but proxies and people have limits of their own.
const PAGE: u32 = 1000;
const LIST: &str = "list experiments";

/// Whether two ids are one to the server, which reads them as numbers.
fn is_same(id: &ExperimentId, other: &ExperimentId) -> bool {
    let number = |id: &ExperimentId| id.as_str().trim().parse::<u128>().ok();
    id == other || number(id).is_some_and(|this| number(other) == Some(this))
}

impl ServerStore {
    /// `GET experiments/get-by-name`; deleted ones are found, too.
    pub async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, ServerError> {
        let path = "/api/2.0/mlflow/experiments/get-by-name";
        self.one_experiment(Request::get("look up the experiment", path, vec![("experiment_name", name)])).await
    }

    /// `GET experiments/get`; deleted ones are found, too. Ids that are no digits are unknown.
    pub async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, ServerError> {
        let path = "/api/2.0/mlflow/experiments/get";
        let request = Request::get("look up the experiment", path, vec![("experiment_id", id.as_str())]);
        match self.one_experiment(request).await? {
            Some(other) if !is_same(&other.id, id) => {
                let what = format!("the experiment with id {}, which was not asked for", other.id);
                Err(ServerError::new("look up the experiment", ErrorKind::NotMlflow { what }))
            }
            found => Ok(found),
        }
    }

    async fn one_experiment(&self, request: Request<'_>) -> Result<Option<Experiment>, ServerError> {
        match self.transport.json::<OneAnswer>(request).await {
            Ok(answer) => Ok(Some(answer.experiment.into())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `POST experiments/search`, all pages, newest first.
    pub async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, ServerError> {
        let view_type = if with_deleted { "ALL" } else { "ACTIVE_ONLY" };
        let (mut all, mut seen, mut progress) = (Vec::new(), HashSet::new(), WalkProgress::new(1));
        let mut token: Option<String> = None;
        loop {
            let body = SearchRequest { max_results: PAGE, view_type, page_token: token.as_deref() };
            let path = "/api/2.0/mlflow/experiments/search";
            let request =
                Request::with_body(LIST, Class::Read, Method::POST, path, &body).expecting(Expected::Experiments);
            let answer: SearchAnswer = self.transport.listing(request, &["experiments", "next_page_token"]).await?;
            let before = all.len();
            // One that is created between two pages moves the others, and so one can come twice.
            let new = |experiment: &Experiment| seen.insert(experiment.id.clone());
            all.extend(answer.experiments.into_iter().map(Experiment::from).filter(new));
            token = answer.next_page_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(all);
            }
            if !progress.goes_on(all.len() > before) {
                return Err(ServerError::new(LIST, ErrorKind::NothingNew));
            }
        }
    }
}
