//! HTTP basic authentication.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Request;

use super::super::Secret;
use super::{Signer, authorize};

/// A user name and a password, as the header carries them.
pub struct Basic(Secret);

impl Basic {
    pub fn new(username: &str, password: &Secret) -> Self {
        Self(Secret::new(STANDARD.encode(format!("{username}:{}", password.expose()))))
    }
}

#[async_trait::async_trait]
impl Signer for Basic {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        authorize(request, &format!("Basic {}", self.0.expose()))
    }
}
