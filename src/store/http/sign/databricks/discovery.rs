//! What a host says about itself: which workspace it is, and where tokens for it are to be had.

use serde::Deserialize;

use super::tokens::Asking;
use crate::store::http::workspace::DatabricksLogin;

/// What the host said, or nothing if it did not say.
#[derive(Debug, Default, Deserialize)]
pub struct Discovered {
    pub workspace_id: Option<String>,
    account_id: Option<String>,
    oidc_endpoint: Option<String>,
    #[serde(default)]
    token_federation_default_oidc_audiences: Vec<String>,
}

#[derive(Deserialize)]
struct Endpoints {
    token_endpoint: String,
}

/// `GET /.well-known/databricks-config`, without credentials. Older hosts do not know it.
pub async fn discovered(login: &DatabricksLogin, asking: &Asking) -> Discovered {
    let url = format!("{}/.well-known/databricks-config", login.host);
    asking.get::<Discovered>(&url).await.unwrap_or_default()
}

impl Discovered {
    /// Where tokens are to be had. A host that names no place of its own has the usual one.
    pub async fn token_endpoint(&self, login: &DatabricksLogin, asking: &Asking) -> Result<String, String> {
        let account = login.account_id.as_ref().or(self.account_id.as_ref());
        let usual = format!("{}/oidc", login.host);
        let base = self.oidc_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty()).unwrap_or(&usual);
        if base.contains("{account_id}") && account.is_none() {
            return Err("the account is not known, set DATABRICKS_ACCOUNT_ID".to_owned());
        }
        let base = base.replace("{account_id}", account.map_or("", String::as_str));
        let found = format!("{}/.well-known/oauth-authorization-server", base.trim_end_matches('/'));
        let url = login.discovery_url.as_ref().unwrap_or(&found);
        let endpoints: Endpoints = asking.get(url).await?;
        Ok(endpoints.token_endpoint)
    }

    /// For whom a token of somebody else is made out, unless it is the place itself.
    pub fn audience(&self, login: &DatabricksLogin) -> Option<String> {
        let account = login.account_id.as_ref().or(self.account_id.as_ref());
        let of_account = account.filter(|_| self.workspace_id.is_none());
        self.token_federation_default_oidc_audiences.first().or(of_account).cloned()
    }
}
