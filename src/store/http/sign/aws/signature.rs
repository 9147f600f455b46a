//! The signature itself: the one that `botocore`, on which MLflow's plugin is built, makes of the same request.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use reqsign_aws_core::Credential;
use reqwest::Request;
use reqwest::header::{ACCEPT_ENCODING, CONNECTION, HeaderName, HeaderValue};

/// What is between here and the service may change them.
const UNSIGNED: &[HeaderName] = &[ACCEPT_ENCODING, CONNECTION];

/// Signs a request for a service in a region.
pub fn add(request: &mut Request, credential: &Credential, scope: (&str, &str), now: SystemTime) -> Result<(), String> {
    if let Some(query) = request.url().query().map(strict) {
        request.url_mut().set_query(Some(&query));
    }
    let signed = signed(request, credential, scope, now)?;
    for (name, value) in signed {
        let mut value = HeaderValue::from_str(&value).map_err(|error| error.to_string())?;
        value.set_sensitive(true);
        request.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Ok(())
}

/// A query without what services spell in two ways: they sign the one of RFC 3986.
fn strict(query: &str) -> String {
    query.replace('+', "%20").replace('*', "%2A").replace("%7E", "~")
}

/// The headers that make it signed.
fn signed(
    request: &Request,
    credential: &Credential,
    (service, region): (&str, &str),
    now: SystemTime,
) -> Result<Vec<(&'static str, String)>, String> {
    let token = credential.session_token.clone();
    let identity =
        Credentials::new(&*credential.access_key_id, &*credential.secret_access_key, token, None, "mlflow-trace")
            .into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let params = SigningParams::builder().identity(&identity).region(region).name(service).time(now);
    let params = params.settings(settings).build().map_err(|error| error.to_string())?.into();
    let body = request.body().map_or(Some(&[][..]), reqwest::Body::as_bytes);
    let body = body.ok_or("a body that is not in memory cannot be signed")?;
    let headers = request.headers().iter().filter(|(name, _)| !UNSIGNED.contains(name));
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let url = request.url().as_str();
    let signable = SignableRequest::new(request.method().as_str(), url, headers, SignableBody::Bytes(body));
    let output = sign(signable.map_err(|error| error.to_string())?, &params).map_err(|error| error.to_string())?;
    let (headers, _) = output.into_parts().0.into_parts();
    Ok(headers.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    /// What the plugin `sagemaker-mlflow` 0.5.0 signed.
    #[derive(Deserialize)]
    struct Vector {
        service: String,
        region: String,
        method: String,
        url: String,
        body: Option<String>,
        token: Option<String>,
        time: String,
        headers: BTreeMap<String, String>,
        access_key: String,
        secret_key: String,
    }

    /// What the signature adds.
    const ADDED: &[&str] = &["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../../../../tests/data/aws/sigv4.json");
        serde_json::from_str(text).unwrap()
    }

    fn unsigned(vector: &Vector) -> Request {
        let mut request = Request::new(vector.method.parse().unwrap(), vector.url.parse().unwrap());
        for (name, value) in vector.headers.iter().filter(|(name, _)| !ADDED.contains(&name.as_str())) {
            request.headers_mut().insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        *request.body_mut() = vector.body.clone().map(Into::into);
        request
    }

    fn sign_as(vector: &Vector, request: &mut Request) {
        let credential = Credential {
            access_key_id: vector.access_key.clone(),
            secret_access_key: vector.secret_key.clone(),
            session_token: vector.token.clone(),
            expires_in: None,
        };
        let seconds = vector.time.parse::<jiff::Timestamp>().unwrap().as_second().cast_unsigned();
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        add(request, &credential, (&vector.service, &vector.region), now).unwrap();
    }

    #[test]
    fn signatures_are_those_of_the_plugin() {
        for vector in vectors() {
            let mut request = unsigned(&vector);
            sign_as(&vector, &mut request);
            assert_eq!(request.url().as_str(), vector.url);
            for name in ADDED {
                let is = request.headers().get(*name).map(|value| value.to_str().unwrap());
                assert_eq!(
                    is,
                    vector.headers.get(*name).map(String::as_str),
                    "{name} of {} {}",
                    vector.method,
                    vector.url
                );
            }
        }
    }

    #[test]
    fn a_query_is_sent_as_it_is_signed() {
        for vector in vectors().iter().filter(|vector| vector.url.contains("%20x")) {
            let mut request = unsigned(vector);
            *request.url_mut() = vector.url.replace("%20", "+").parse().unwrap();
            sign_as(vector, &mut request);
            assert_eq!(request.url().as_str(), vector.url);
            assert_eq!(request.headers()["authorization"], vector.headers["authorization"]);
        }
        assert_eq!(strict("a=b+c%2Bd&e=*%7E"), "a=b%20c%2Bd&e=%2A~");
    }

    #[test]
    fn what_may_change_on_the_way_is_not_signed() {
        let mut request = unsigned(&vectors()[0]);
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        sign_as(&vectors()[0], &mut request);
        assert_eq!(request.headers()["authorization"], vectors()[0].headers["authorization"]);
    }
}
