//! The files of traces in the artifact store, through the server's own route for them.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{ServerError, ServerStore};
use crate::model::{ArtifactFolder, ExperimentId, Reach, TraceId, keys};
use crate::store::http::{Class, Expected, Method, Request, path_segment};

const ROUTE: &str = "/api/2.0/mlflow-artifacts/artifacts";

#[derive(Deserialize)]
struct ListAnswer {
    #[serde(default)]
    files: Vec<IgnoredAny>,
}

impl ServerStore {
    /// The path of a folder below the root of this server's artifacts; nothing if it is reached in another way.
    #[must_use]
    pub fn artifact_path<'f>(&self, folder: &'f ArtifactFolder) -> Option<&'f str> {
        let base = self.base();
        let here = base.split_once("://").map_or(base, |(_, rest)| rest).split('/').next();
        match folder.reach() {
            Reach::Server { host: None, path } => Some(path),
            Reach::Server { host: Some(host), path } if here == Some(host) => Some(path),
            Reach::Server { .. } | Reach::Store => None,
        }
    }

    /// `GET /api/2.0/mlflow-artifacts/artifacts?path=…`: how many files and folders are in a folder. The server answers alike
    /// for one that is not there.
    pub async fn artifact_count(&self, path: &str) -> Result<usize, ServerError> {
        let request = Request::get("list the artifacts", ROUTE, vec![("path", path)]).expecting(Expected::Infos);
        Ok(self.transport.listing::<ListAnswer>(request, &["files"]).await?.files.len())
    }

    /// `DELETE /api/2.0/mlflow-artifacts/artifacts/…`: a folder with everything in it. The answer is the same where there is
    /// none, so that repeating it is safe; whether it is gone, only [`ServerStore::artifact_count`] tells.
    pub async fn delete_artifacts(&self, path: &str) -> Result<(), ServerError> {
        let segments: Vec<String> = path.split('/').map(path_segment).collect();
        let request = Request {
            class: Class::Idempotent,
            method: Method::DELETE,
            ..Request::get("delete the artifacts", format!("{ROUTE}/{}", segments.join("/")), Vec::new())
        };
        self.transport.done(request).await
    }

    /// The traces of the experiment, two at the most, whose tag leads into the folder of this one, however it is spelled: itself
    /// while it is there, and nobody else. The id must be one that is in the path of an [`ArtifactFolder`].
    pub async fn naming_artifacts(&self, experiment: &ExperimentId, id: &TraceId) -> Result<Vec<TraceId>, ServerError> {
        let filter = format!("tags.`{}` LIKE '%{id}%'", keys::ARTIFACT_LOCATION);
        let found = self.search_once(std::slice::from_ref(experiment), &filter, 2).await?;
        Ok(found.into_iter().map(|info| info.trace_id).collect())
    }
}
