//! Experiments of a workspace, and places in Unity Catalog, which are named as experiments are.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;

use super::DatabricksStore;
use super::routes::is_location;
use crate::model::{Experiment, ExperimentId, Lifecycle};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, ServerError};

const LOOK_UP: &str = "look up the experiment";
const LIST: &str = "list experiments";
const PAGE: u32 = 1000;

#[derive(Deserialize)]
struct Wire {
    experiment_id: ExperimentId,
    #[serde(default)]
    name: String,
    #[serde(default)]
    lifecycle_stage: String,
    artifact_location: Option<String>,
    creation_time: Option<i64>,
    last_update_time: Option<i64>,
}

#[derive(Deserialize)]
struct One {
    experiment: Wire,
}

#[derive(Deserialize)]
struct Many {
    #[serde(default)]
    experiments: Vec<Wire>,
    next_page_token: Option<String>,
}

impl From<Wire> for Experiment {
    fn from(wire: Wire) -> Self {
        Self {
            id: wire.experiment_id,
            name: wire.name,
            lifecycle: if wire.lifecycle_stage == "deleted" { Lifecycle::Deleted } else { Lifecycle::Active },
            artifact_location: wire.artifact_location,
            creation_time_ms: wire.creation_time,
            last_update_time_ms: wire.last_update_time,
        }
    }
}

/// A place in Unity Catalog. Whether it is there, a search tells.
fn in_catalog(location: &str) -> Experiment {
    Experiment {
        id: ExperimentId::new(location),
        name: location.to_owned(),
        lifecycle: Lifecycle::Active,
        artifact_location: None,
        creation_time_ms: None,
        last_update_time_ms: None,
    }
}

impl DatabricksStore {
    /// `GET experiments/get-by-name`.
    pub(super) async fn by_name(&self, name: &str) -> Result<Option<Experiment>, ServerError> {
        if is_location(name) {
            return Ok(Some(in_catalog(name)));
        }
        let path = "/api/2.0/mlflow/experiments/get-by-name";
        self.one_experiment(Request::get(LOOK_UP, path, vec![("experiment_name", name)])).await
    }

    /// `GET experiments/get`. What is no number is no id.
    pub(super) async fn by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, ServerError> {
        if is_location(id.as_str()) {
            return Ok(Some(in_catalog(id.as_str())));
        }
        if id.as_str().is_empty() || !id.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        let path = "/api/2.0/mlflow/experiments/get";
        match self.one_experiment(Request::get(LOOK_UP, path, vec![("experiment_id", id.as_str())])).await? {
            Some(other) if other.id != *id => {
                let what = format!("the experiment with id {}, which was not asked for", other.id);
                Err(ServerError::new(LOOK_UP, ErrorKind::NotMlflow { what }))
            }
            found => Ok(found),
        }
    }

    async fn one_experiment(&self, request: Request<'_>) -> Result<Option<Experiment>, ServerError> {
        match self.json::<One>(request).await {
            Ok(answer) => Ok(Some(answer.experiment.into())),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `POST experiments/search`, all pages.
    pub(super) async fn all_experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, ServerError> {
        let view_type = if with_deleted { "ALL" } else { "ACTIVE_ONLY" };
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let mut token: Option<String> = None;
        loop {
            let mut body = json!({"max_results": PAGE, "view_type": view_type});
            if let Some(token) = &token {
                body["page_token"] = token.as_str().into();
            }
            let path = "/api/2.0/mlflow/experiments/search";
            let request = Request::with_body(LIST, Class::Read, Method::POST, path, &body);
            let request = request.expecting(Expected::Experiments);
            let answer: Many = self.listing(request, &["experiments", "next_page_token"]).await?;
            let new = answer.experiments.into_iter().map(Experiment::from);
            all.extend(new.filter(|experiment| seen.insert(experiment.id.clone())));
            let next = answer.next_page_token.filter(|next| !next.is_empty());
            if next.is_some() && next == token {
                return Err(ServerError::new(LIST, ErrorKind::NothingNew));
            }
            token = next;
            if token.is_none() {
                return Ok(all);
            }
        }
    }
}
