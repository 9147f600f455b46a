//! Which version is the newest, as a page of releases says: asked only when somebody wants to know.

use reqwest::header::ACCEPT;
use serde_json::Value;
use thiserror::Error;

use super::{HttpSettings, client, diagnosis};

/// Where releases are published: the JSON of the package on `PyPI`.
pub const RELEASES: &str = "https://pypi.org/pypi/mlflow-trace/json";

const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);
/// More is no list of releases.
const MOST_BYTES: usize = 16 << 20;

/// The newest version is not known.
#[derive(Debug, Error)]
#[error("cannot tell the newest version: {url} {reason}")]
pub struct ReleaseError {
    url: String,
    reason: String,
}

/// `GET` a page of releases; the version that it names: `info.version` (`PyPI`), `tag_name` (GitHub, GitLab), `version`, or a line of
/// text. Nothing that belongs to the tracking server is sent; proxies and certificates to trust are those of all requests.
pub async fn newest_version(url: &str, settings: &HttpSettings) -> Result<String, ReleaseError> {
    let failed = |reason: String| ReleaseError { url: url.to_owned(), reason };
    crate::tls::prepare();
    let client =
        client::messenger(url, settings, TIMEOUT).map_err(|reason| failed(format!("cannot be asked: {reason}")))?;
    let unreachable =
        |error: reqwest::Error| failed(format!("does not answer: {}", diagnosis::innermost(&error.without_url())));
    let mut answer = client.get(url).header(ACCEPT, "application/json").send().await.map_err(unreachable)?;
    if !answer.status().is_success() {
        return Err(failed(format!("answered {}", answer.status().as_u16())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            return Err(failed("answered more than a list of releases".to_owned()));
        }
    }
    named(&body).ok_or_else(|| failed("names no version".to_owned()))
}

fn named(body: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(Value::String(text)) => text,
        Ok(page) => {
            let places = [page.pointer("/info/version"), page.get("tag_name"), page.get("version")];
            places.into_iter().flatten().find_map(Value::as_str)?.to_owned()
        }
        Err(_) => std::str::from_utf8(body).ok()?.trim().to_owned(),
    };
    let version = text.strip_prefix('v').unwrap_or(&text);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.len() <= 40
        && version.chars().all(|one| one.is_ascii_alphanumeric() || ".-+".contains(one));
    is_version.then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_where_registries_have_them() {
        for (body, version) in [
            (r#"{"info": {"version": "0.2.0"}, "releases": {}}"#, Some("0.2.0")),
            (r#"{"tag_name": "v1.0.0-rc.1"}"#, Some("1.0.0-rc.1")),
            (r#"{"version": "2.0.0"}"#, Some("2.0.0")),
            ("0.3.1\n", Some("0.3.1")),
            ("\"v0.3.1\"", Some("0.3.1")),
            ("<html>", None),
            ("{}", None),
            ("", None),
            ("1.0\u{1b}[31m", None),
        ] {
            assert_eq!(named(body.as_bytes()).as_deref(), version, "{body}");
        }
    }
}
