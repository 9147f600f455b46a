//! The client that sends requests: what it trusts, how long it waits, and what it never does by itself.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::{HttpSettings, sign};

/// Uvicorn closes idle connections after 5 s; ours must go first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A client; fails with a reason.
pub fn client(settings: &HttpSettings) -> Result<reqwest::Client, String> {
    crate::tls::prepare();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("mlflow-trace/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(settings)?)
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
        .timeout(settings.timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        // Answers are unpacked where they are counted.
        .no_gzip()
        .danger_accept_invalid_certs(settings.accept_invalid_certificates);
    if let Some(path) = &settings.server_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(&read(path)?);
        for certificate in
            certificates.map_err(|error| format!("{} contains no certificates: {error}", path.display()))?
        {
            builder = builder.add_root_certificate(certificate);
        }
    }
    if let Some(path) = &settings.client_certificate {
        let identity = reqwest::Identity::from_pem(&read(path)?);
        builder = builder.identity(
            identity.map_err(|error| format!("{} does not contain a certificate and key: {error}", path.display()))?,
        );
    }
    builder.build().map_err(|error| error.to_string())
}

fn headers(settings: &HttpSettings) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is no name of a header"))?;
        let value = HeaderValue::from_str(value.expose());
        let mut value = value.map_err(|_| format!("the value of the header {name} has control characters"))?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    let missed = settings.login.cluster.as_ref().filter(|_| settings.login.is_namespaced());
    if let Some(cluster) = missed.filter(|_| settings.workspace.is_none()) {
        sign::namespace(cluster)?;
    }
    if let Some(workspace) = &settings.workspace {
        let value = HeaderValue::from_str(workspace).map_err(|_| format!("{workspace:?} is not a workspace name"))?;
        headers.insert("X-MLFLOW-WORKSPACE", value);
    }
    Ok(headers)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
