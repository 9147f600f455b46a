//! The header as somebody typed it.

use reqwest::Request;

use super::super::Secret;
use super::{Signer, authorize};

/// The whole value.
pub struct Verbatim(pub Secret);

#[async_trait::async_trait]
impl Signer for Verbatim {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        authorize(request, self.0.expose())
    }
}
