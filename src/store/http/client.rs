//! The client that sends requests: what it trusts, how long it waits, and what it never does by itself.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::proxy::Proxy;
use super::{HttpSettings, diagnosis, sign, tls};

/// Uvicorn closes idle connections after 5 s; ours must go first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A client for a server; fails with a reason.
pub fn client(base: &str, settings: &HttpSettings) -> Result<reqwest::Client, String> {
    let builder = builder(base, settings)?.default_headers(headers(settings)?);
    // Answers are unpacked where they are counted.
    built(builder.no_gzip(), settings.timeout)
}

/// A client for who helps to log in: what is said to the server is not said to them.
pub fn messenger(url: &str, settings: &HttpSettings, patience: Duration) -> Result<reqwest::Client, String> {
    let settings = HttpSettings { client_certificate: None, ..settings.clone() };
    built(builder(url, &settings)?, patience.min(settings.timeout))
}

fn built(builder: reqwest::ClientBuilder, timeout: Duration) -> Result<reqwest::Client, String> {
    let builder = builder.connect_timeout(CONNECT_TIMEOUT.min(timeout)).timeout(timeout);
    builder.build().map_err(|error| error.to_string())
}

fn builder(base: &str, settings: &HttpSettings) -> Result<reqwest::ClientBuilder, String> {
    let proxy = settings.proxies.on_the_way_to(base);
    let is_secured = base.starts_with("https://") || proxy.is_some_and(Proxy::is_secured);
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("mlflow-trace/", env!("CARGO_PKG_VERSION")))
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .tls_backend_preconfigured(tls::config(settings, is_secured)?);
    if settings.proxies.are_named() {
        builder = builder.no_proxy();
    }
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy.for_client()?);
    }
    Ok(builder)
}

/// How long a server may take to show what it speaks.
const GLANCE: Duration = Duration::from_secs(3);

/// Whether a server that did not answer speaks the other one of `http` and `https`. Nothing but an empty request is sent.
pub async fn speaks_the_other(base: &str) -> bool {
    let other = match base.split_once("://") {
        Some(("http", rest)) => format!("https://{rest}"),
        Some((_, rest)) => format!("http://{rest}"),
        None => return false,
    };
    let Ok(config) = tls::curious() else { return false };
    let builder = reqwest::Client::builder().tls_backend_preconfigured(config).timeout(GLANCE).no_proxy();
    let Ok(client) = builder.redirect(reqwest::redirect::Policy::none()).build() else { return false };
    match client.get(other).send().await {
        Ok(_) => true,
        // A server may want more than it got: it said so in TLS.
        Err(error) => diagnosis::is_said_in_tls(&error),
    }
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
