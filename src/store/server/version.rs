//! What the server says of itself, and what time it is there.

use serde::Serialize;

use super::{ServerError, ServerStore};
use crate::store::http::{Class, Expected, Method, Request};

/// No version of `MLflow` is longer.
const LONGEST: usize = 40;

#[derive(Serialize)]
struct OneExperiment {
    max_results: u32,
}

impl ServerStore {
    /// What time it is at the server, in epoch milliseconds, to the second: the `Date` of an answer. `None` if it has none.
    pub async fn clock_ms(&self) -> Result<Option<i64>, ServerError> {
        let (path, body) = ("/api/2.0/mlflow/experiments/search", OneExperiment { max_results: 1 });
        let request = Request::with_body("ask for the time", Class::Read, Method::POST, path, &body)
            .expecting(Expected::Experiments);
        Ok(self.transport.send(request).await?.date_ms)
    }

    /// `GET /version`: `3.17.2`. `None` where it is not told: with authentication the route is closed (401), and a proxy may
    /// answer with something else.
    pub async fn version(&self) -> Option<String> {
        let answer = self
            .transport
            .send(Request::get("get the version", "/version", Vec::new()).expecting(Expected::Words))
            .await
            .ok()?;
        let text = std::str::from_utf8(&answer.body).ok()?.trim();
        let is_version = text.starts_with(|first: char| first.is_ascii_digit())
            && text.len() <= LONGEST
            && text.chars().all(|character| character.is_ascii_alphanumeric() || ".+-_".contains(character));
        is_version.then(|| text.to_owned())
    }
}
