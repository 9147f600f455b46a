//! Files from somewhere else than the server, to which it has signed a way: they are got without credentials.

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};

use super::HttpSettings;
use super::client::messenger;
use super::diagnosis::innermost;
use super::expected::{Expected, Incoming};

/// The file at a URL, which holds a secret and is never shown; fails with a reason.
pub(in crate::store) async fn fetched(
    settings: &HttpSettings,
    url: &str,
    headers: impl Iterator<Item = (String, String)>,
    expected: Expected,
) -> Result<Vec<u8>, String> {
    let url = Url::parse(url).map_err(|_| "the server signed a way to what is no URL".to_owned())?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let client = messenger(url.as_str(), settings, settings.timeout)?;
    let mut request = Request::new(Method::GET, url);
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
        request.headers_mut().insert(name, HeaderValue::try_from(value).map_err(|error| error.to_string())?);
    }
    let failed = |error: reqwest::Error| format!("{host} does not hand it out: {}", innermost(&error));
    let mut response = client.execute(request).await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!("{host} does not hand it out ({})", response.status()));
    }
    let spoilt = |_| format!("the file at {host} is too large");
    let mut body = Incoming::new(false, response.content_length(), expected.most()).map_err(spoilt)?;
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        body.take(&piece).map_err(spoilt)?;
    }
    body.whole().map_err(spoilt)
}
