//! A bearer token that does not change.

use reqwest::Request;

use super::super::Secret;
use super::{Signer, authorize};

/// A token.
pub struct Bearer(pub Secret);

#[async_trait::async_trait]
impl Signer for Bearer {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        authorize(request, &format!("Bearer {}", self.0.expose()))
    }
}
