//! Service principals of Microsoft's directory, for workspaces in Azure.

use reqwest::header::{HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Request};

use super::tokens::{Asking, Token, parsed};
use crate::store::http::workspace::{AzurePrincipal, AzureProof};

/// Databricks, as Microsoft's directory knows it.
const DATABRICKS: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
/// For whom a token of GitHub or Azure DevOps is made out.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// The token, and what is sent beside it.
pub async fn token(
    asking: &Asking,
    principal: &AzurePrincipal,
    host: &str,
) -> Result<(Token, Vec<(HeaderName, HeaderValue)>), String> {
    let tenant = match &principal.tenant {
        Some(tenant) => tenant.clone(),
        None => tenant(asking, host).await?,
    };
    let endpoint = format!("{}{tenant}/oauth2/token", principal.authority);
    let token = for_resource(asking, principal, &endpoint, DATABRICKS).await?;
    let mut headers = Vec::new();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
    if let Some(id) = &principal.resource_id {
        let management = for_resource(asking, principal, &endpoint, principal.management).await?;
        let mut secret = value(management.text.expose())?;
        secret.set_sensitive(true);
        headers.push((HeaderName::from_static("x-databricks-azure-sp-management-token"), secret));
        headers.push((HeaderName::from_static("x-databricks-azure-workspace-resource-id"), value(id)?));
    }
    Ok((token, headers))
}

async fn for_resource(
    asking: &Asking,
    principal: &AzurePrincipal,
    endpoint: &str,
    resource: &str,
) -> Result<Token, String> {
    let mut form =
        vec![("grant_type", "client_credentials"), ("client_id", &*principal.client_id), ("resource", resource)];
    let assertion = match &principal.proof {
        AzureProof::Secret(secret) => {
            form.push(("client_secret", secret.expose()));
            return asking.granted(endpoint, &form, None).await;
        }
        AzureProof::Assertion(token) => asking.id_token(token, AUDIENCE).await?,
    };
    form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    form.push(("client_assertion", assertion.expose()));
    asking.granted(endpoint, &form, None).await
}

/// The directory that a workspace belongs to, which its log-in page names: `https://login…/TENANT/oauth2/authorize`.
async fn tenant(asking: &Asking, host: &str) -> Result<String, String> {
    let unknown = || format!("the directory of {host} is not known, set ARM_TENANT_ID");
    let request = Request::new(Method::GET, parsed(&format!("{host}/aad/auth"))?);
    let response = asking.answer(request).await?;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(unknown)?;
    let url = parsed(location)?;
    let first = url.path_segments().and_then(|mut segments| segments.next()).filter(|first| !first.is_empty());
    first.map(str::to_owned).ok_or_else(unknown)
}
