//! Requests: described once, and built anew for each try.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde::Serialize;

use super::expected::Expected;
use super::retry::Class;

/// A request, described once and sent as often as needed.
pub(in crate::store) struct Request<'a> {
    pub operation: &'static str,
    pub class: Class,
    pub method: Method,
    /// From the first slash after the server's address.
    pub path: String,
    pub query: Vec<(&'a str, &'a str)>,
    pub body: Option<Body>,
    /// Beside those that every request has.
    pub headers: Vec<(&'a str, &'a str)>,
    pub expected: Expected,
}

/// What a request carries.
pub(in crate::store) enum Body {
    /// JSON, which `--verbose` shows.
    Json(String),
    /// Anything else.
    Binary { content_type: &'static str, bytes: bytes::Bytes },
}

impl<'a> Request<'a> {
    pub fn get(operation: &'static str, path: impl Into<String>, query: Vec<(&'a str, &'a str)>) -> Self {
        Self {
            operation,
            class: Class::Read,
            method: Method::GET,
            path: path.into(),
            query,
            body: None,
            headers: vec![],
            expected: Expected::One,
        }
    }

    /// With an answer of this kind.
    pub fn expecting(self, expected: Expected) -> Self {
        Self { expected, ..self }
    }

    pub fn with_body(
        operation: &'static str,
        class: Class,
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Self {
        // Only maps with keys that are no strings can fail to serialize, and no request has any.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self {
            operation,
            class,
            method,
            path: path.into(),
            query: vec![],
            body: Some(Body::Json(body)),
            headers: vec![],
            expected: Expected::One,
        }
    }

    /// Bytes, which are never shown.
    pub fn with_bytes(
        operation: &'static str,
        class: Class,
        method: Method,
        path: impl Into<String>,
        content_type: &'static str,
        bytes: impl Into<bytes::Bytes>,
    ) -> Self {
        let body = Some(Body::Binary { content_type, bytes: bytes.into() });
        let (path, expected) = (path.into(), Expected::One);
        Self { operation, class, method, path, query: vec![], body, headers: vec![], expected }
    }
}

/// A trace, assessment or other id as one segment of a path.
pub(in crate::store) fn path_segment(id: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');
    utf8_percent_encode(id, ESCAPED).to_string()
}

impl Request<'_> {
    /// As one that can be sent.
    pub(super) fn built(
        &self,
        client: &reqwest::Client,
        base: &str,
        closes_connection: bool,
    ) -> reqwest::Result<reqwest::Request> {
        let mut builder = client.request(self.method.clone(), format!("{base}{}", self.path)).query(&self.query);
        builder = match &self.body {
            None => builder,
            Some(Body::Json(text)) => builder.header("Content-Type", "application/json").body(text.clone()),
            Some(Body::Binary { content_type, bytes }) => {
                builder.header("Content-Type", *content_type).body(bytes.clone())
            }
        };
        for (name, value) in &self.headers {
            builder = builder.header(*name, *value);
        }
        builder = builder.header("Accept-Encoding", "gzip");
        if closes_connection {
            builder = builder.header("Connection", "close");
        }
        builder.build()
    }

    /// Path and query, never credentials.
    pub(super) fn shown_path(&self) -> String {
        let query = self.query.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The body that is shown, if there is one.
    pub(super) fn shown_body(&self) -> Option<String> {
        match &self.body {
            Some(Body::Json(text)) => Some(text.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_one_segment() {
        assert_eq!(path_segment("tr-0a"), "tr-0a");
        assert_eq!(path_segment("trace:/a.b/c d"), "trace:%2Fa.b%2Fc%20d");
        assert_eq!(path_segment("é"), "%C3%A9");
    }
}
