//! What the server says of itself.

use super::ServerStore;
use super::transport::Request;

/// No version of `MLflow` is longer.
const LONGEST: usize = 40;

impl ServerStore {
    /// `GET /version`: `3.17.2`. `None` where it is not told: with authentication the route is closed (401), and a proxy may
    /// answer with something else.
    pub async fn version(&self) -> Option<String> {
        let answer = self.transport.send(Request::get("get the version", "/version", Vec::new())).await.ok()?;
        let text = std::str::from_utf8(&answer.body).ok()?.trim();
        let is_version = text.starts_with(|first: char| first.is_ascii_digit())
            && text.len() <= LONGEST
            && text.chars().all(|character| character.is_ascii_alphanumeric() || ".+-_".contains(character));
        is_version.then(|| text.to_owned())
    }
}
