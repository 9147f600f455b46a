//! Signers: how a request says who sends it. Each is a file of its own.

#[cfg(feature = "aws")]
mod aws;
mod basic;
mod bearer;
mod command;
mod databricks;
mod header;
mod kubernetes;
mod token;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::{Credentials, HttpSettings};
#[cfg(feature = "aws")]
use aws::Aws;
use basic::Basic;
use bearer::Bearer;
use databricks::Databricks;
use header::Verbatim;
pub use kubernetes::namespace;
use token::{Renewed, Source};

/// Adds to a request whatever proves who sends it.
///
/// It sees the request with its method, URL, headers and body, anew for each try: a signature may cover all of them and the time,
/// and a token may have been replaced since the last try. Only what belongs to the client, and not to a request, is added later.
#[async_trait::async_trait]
pub trait Signer: Send + Sync {
    /// Signs; fails with a reason, and then nothing is sent.
    async fn sign(&self, request: &mut Request) -> Result<(), String>;

    /// Where what it signs with comes from, for who has none.
    fn advice(&self) -> &'static str {
        "credentials come from --token-command, --token-file, MLFLOW_TRACKING_AUTH or MLFLOW_TRACKING_USERNAME"
    }

    /// Hears that a server refused what was sent, and says whether something else may be sent next time.
    async fn renew(&self, _refused: &HeaderValue) -> bool {
        false
    }
}

/// The signer that credentials ask for; nothing if they ask for none.
pub fn signer(credentials: &Credentials, settings: &HttpSettings) -> Option<Box<dyn Signer>> {
    match credentials {
        Credentials::None => None,
        Credentials::Basic { username, password } => Some(Box::new(Basic::new(username, password))),
        Credentials::Bearer(token) => Some(Box::new(Bearer(token.clone()))),
        Credentials::Header(value) => Some(Box::new(Verbatim(value.clone()))),
        Credentials::Databricks(login) => Some(Box::new(Databricks::new(login, settings))),
        #[cfg(feature = "aws")]
        Credentials::Aws(login) => Some(Box::new(Aws::new(login, settings))),
        Credentials::TokenFile(path) => Some(Box::new(Renewed::new(Source::File(path.clone())))),
        Credentials::TokenCommand(line) => Some(Box::new(Renewed::new(Source::Command(line.clone())))),
        Credentials::Kubernetes(cluster) => Some(Box::new(Renewed::new(Source::Kubernetes(cluster.clone())))),
    }
}

/// Sets the header that says it, which is never shown.
fn authorize(request: &mut Request, text: &str) -> Result<(), String> {
    let mut value = HeaderValue::from_str(text).map_err(|error| error.to_string())?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Login, Proxies, RetrySettings, Secret};
    use super::*;

    async fn signed(credentials: &Credentials) -> Result<Option<HeaderValue>, String> {
        let mut request = Request::new(reqwest::Method::GET, "http://localhost/".parse().unwrap());
        let settings = HttpSettings {
            login: Login::default(),
            headers: Vec::new(),
            timeout: Duration::from_secs(1),
            retry: RetrySettings::default(),
            accept_invalid_certificates: false,
            server_certificates: None,
            client_certificate: None,
            proxies: Proxies::default(),
            workspace: None,
            concurrency: None,
            object_store: Vec::new(),
            not_used: Vec::new(),
        };
        if let Some(signer) = signer(credentials, &settings) {
            signer.sign(&mut request).await?;
        }
        Ok(request.headers().get(AUTHORIZATION).cloned())
    }

    #[tokio::test]
    async fn credentials_become_a_header_that_is_not_shown() {
        let basic = Credentials::Basic { username: "Aladdin".into(), password: Secret::new("open sesame") };
        let bearer = Credentials::Bearer(Secret::new("ab.c-d"));
        for (credentials, expected) in [(basic, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), (bearer, "Bearer ab.c-d")] {
            let value = signed(&credentials).await.unwrap().unwrap();
            assert_eq!(value.to_str().unwrap(), expected);
            assert!(value.is_sensitive());
        }
        assert_eq!(signed(&Credentials::None).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_token_that_is_no_header_is_refused_without_showing_it() {
        let reason = signed(&Credentials::Bearer(Secret::new("a\nb"))).await.unwrap_err();
        assert_eq!(reason, "failed to parse header value");
    }
}
