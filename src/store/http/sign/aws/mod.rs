//! Signatures of Amazon's services (Signature Version 4): each request is signed with keys that may come from many places.
//!
//! Invariants: keys that end are got again before their end; a signature covers what the service goes by, which is the host, the
//! path, the query, the body, the time, the token of the keys and the header that tells servers apart.

mod messenger;
mod profile;
mod role;
mod signature;
mod sources;

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqsign_aws_core::Credential;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Request, Url};
use tokio::sync::Mutex;

use super::super::credentials::AwsLogin;
use super::Signer;
use crate::store::http::HttpSettings;
use profile::Profiles;
use sources::Sources;

/// How long before their end keys are renewed.
const BEFORE_THEIR_END: Duration = Duration::from_secs(120);

/// Signs for a service of Amazon's.
pub struct Aws {
    login: AwsLogin,
    sources: Sources,
    /// One request gets keys while the others wait for them.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    credential: Credential,
    until: Option<Timestamp>,
}

impl Aws {
    pub fn new(login: &AwsLogin, settings: &HttpSettings) -> Self {
        Self { login: login.clone(), sources: Sources::new(login, settings), kept: Mutex::new(None) }
    }

    async fn credential(&self, region: &str) -> Result<Credential, String> {
        let mut kept = self.kept.lock().await;
        let now = Timestamp::now();
        if let Some(kept) = kept.as_ref().filter(|kept| kept.until.is_none_or(|until| now < until)) {
            return Ok(kept.credential.clone());
        }
        let credential = self.sources.credential(&self.login, region).await?;
        let ends = credential.expires_in.map(|end| end.as_second() - BEFORE_THEIR_END.as_secs().cast_signed());
        let longest = self.login.role.as_ref().map(|role| now.as_second() + role.keep.as_secs().cast_signed());
        let until = ends.into_iter().chain(longest).min();
        let until = until.and_then(|second| Timestamp::from_second(second).ok());
        *kept = Some(Kept { credential: credential.clone(), until });
        Ok(credential)
    }

    fn region(&self, url: &Url) -> Result<String, String> {
        let of_profile = || Profiles::read(&self.login).current().get("region").cloned();
        let known = self.login.region.clone().or_else(|| of_gateway(url.host_str()?)).or_else(of_profile);
        known.ok_or_else(|| "requests cannot be signed for AWS, because the region is not known".to_owned())
    }
}

/// The region in the name of a gateway: `abc.execute-api.eu-west-1.amazonaws.com`.
fn of_gateway(host: &str) -> Option<String> {
    let (_, rest) = host.split_once(".execute-api.")?;
    Some(rest.split('.').next()?.to_owned())
}

#[async_trait::async_trait]
impl Signer for Aws {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        let region = self.region(request.url())?;
        let credential = self.credential(&region).await?;
        if let Some((name, value)) = &self.login.routing {
            let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        signature::add(request, &credential, (self.login.service, &region), SystemTime::now())
    }

    fn advice(&self) -> &'static str {
        "keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from the profile in AWS_PROFILE (`aws sso login` renews a session), or from the container or instance; the region from AWS_REGION"
    }
}

#[cfg(test)]
mod tests {
    use super::of_gateway;

    #[test]
    fn a_gateway_names_its_region() {
        assert_eq!(of_gateway("abc.execute-api.eu-west-1.amazonaws.com").as_deref(), Some("eu-west-1"));
        assert_eq!(of_gateway("mlflow.example.com"), None);
    }
}
