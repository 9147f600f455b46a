//! HTTP: one client, one way to send, one place where answers become errors.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::HttpSettings;
use super::auth::Credentials;
use super::error::{ErrorBody, ErrorKind, ServerError, describe};
use super::expected::{Expected, Incoming, Spoilt, has_one_of, is_error, is_object};
use super::retry::{Class, Failure, RetrySettings, Verdict, verdict_of};
use crate::model::{read_json, without_userinfo};
use crate::store::{Event, Listener};

/// Uvicorn closes idle connections after 5 s; ours must go first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A request, described once and sent as often as needed.
pub(super) struct Request<'a> {
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
pub(super) enum Body {
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
pub(super) fn path_segment(id: &str) -> String {
    use std::fmt::Write;

    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => {
                segment.push(char::from(byte));
            }
            _ => {
                let _ = write!(segment, "%{byte:02X}");
            }
        }
    }
    segment
}

#[derive(Clone)]
pub(super) struct Transport {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    base: String,
    credentials: Credentials,
    /// Whose they are and where they come from, for who is refused.
    who: Option<String>,
    timeout: Duration,
    retry: RetrySettings,
    listener: Listener,
    /// Whether each request gets a connection of its own. `mlflow server` 3 (uvicorn with workers) answers small things in two
    /// pieces, of which the second waits for the first one's acknowledgement, which the kernel puts off by 40 ms on a
    /// connection that was used before: four times as long as the rest of the work. Its workers share one socket, too, and
    /// whichever is awake takes all connections that are opened together, to keep them while the others have nothing to do.
    /// Behind TLS there is a proxy, as a rule, that has neither habit, and a connection costs more.
    closes_connections: bool,
}

impl Transport {
    pub fn new(base: &str, settings: &HttpSettings, listener: Listener) -> Result<Self, ServerError> {
        let setup = |reason: String| ServerError::new("set up the HTTP client", ErrorKind::Setup(reason));
        let client = client(settings).map_err(setup)?;
        let (credentials, timeout) = (settings.credentials.clone(), settings.timeout);
        let inner = Inner {
            client,
            base: base.to_owned(),
            credentials,
            who: settings.who(),
            timeout,
            retry: settings.retry,
            listener,
            closes_connections: base.starts_with("http://"),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub fn base(&self) -> &str {
        &self.inner.base
    }

    /// Sends a request, again where that is safe, and reads the answer as JSON: an object with what the type cannot do without.
    pub async fn json<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, ServerError> {
        let operation = request.operation;
        read_object(operation, &self.send(request).await?)
    }

    /// The same for answers that leave out what there is none of: one with none of these fields is no answer, unless it has no
    /// others either.
    pub async fn listing<T: DeserializeOwned>(&self, request: Request<'_>, fields: &[&str]) -> Result<T, ServerError> {
        let operation = request.operation;
        listed(operation, &self.send(request).await?, fields)
    }

    /// The same for answers that say nothing but that something was done.
    pub async fn done(&self, request: Request<'_>) -> Result<(), ServerError> {
        self.listing::<IgnoredAny>(request, &[]).await.map(|_| ())
    }

    /// The same for files that are stored, of which a server says so with nothing at all.
    pub async fn stored(&self, request: Request<'_>) -> Result<(), ServerError> {
        let operation = request.operation;
        let answer = self.send(request).await?;
        if answer.body.is_empty() { Ok(()) } else { listed(operation, &answer, &[]).map(|_: IgnoredAny| ()) }
    }

    /// Sends a request, again where that is safe, and returns the answer's bytes.
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, ServerError> {
        let mut attempt = 0;
        loop {
            let failure = match self.try_once(&request).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            attempt += 1;
            let Some(wait) = self.inner.retry.wait(request.class, &failure, attempt, fastrand::f64()) else {
                return Err(ServerError { operation: request.operation, kind: failure.kind, retries: attempt - 1 });
            };
            (self.inner.listener)(Event::Retry {
                operation: request.operation,
                reason: failure.kind.to_string(),
                wait,
                attempt,
                of: self.inner.retry.most_retries(request.class, &failure),
            });
            tokio::time::sleep(wait).await;
        }
    }

    /// Waits as before retry number `attempt`, for operations that look before they repeat.
    pub async fn pause(&self, attempt: u32) {
        tokio::time::sleep(self.inner.retry.backoff(attempt, fastrand::f64())).await;
    }

    async fn try_once(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let inner = &self.inner;
        let url = format!("{}{}", inner.base, request.path);
        let mut builder = inner.client.request(request.method.clone(), &url).query(&request.query);
        builder = match &inner.credentials {
            Credentials::None => builder,
            Credentials::Basic { username, password } => builder.basic_auth(username, Some(password.expose())),
            Credentials::Bearer(token) => builder.bearer_auth(token.expose()),
        };
        builder = match &request.body {
            None => builder,
            Some(Body::Json(text)) => builder.header("Content-Type", "application/json").body(text.clone()),
            Some(Body::Binary { content_type, bytes }) => {
                builder.header("Content-Type", *content_type).body(bytes.clone())
            }
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, *value);
        }
        builder = builder.header("Accept-Encoding", "gzip");
        if inner.closes_connections {
            builder = builder.header("Connection", "close");
        }
        self.announce(request);
        let started = Instant::now();
        let response = builder.send().await.map_err(|error| self.connection_failure(&error))?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = self.read_body(response, request.expected).await?;
        (inner.listener)(Event::Answer { status: status.as_u16(), bytes: body.len(), took: started.elapsed() });
        if status.is_success() && !(request.expected.is_object() && is_error(&body)) {
            let content_type = header(&headers, "content-type");
            let date_ms = date_ms(&header(&headers, "date"));
            let file_name = header(&headers, "content-disposition");
            return Ok(Answer { content_type, date_ms, file_name, body });
        }
        Err(self.answer_failure(request, status, &headers, &body))
    }

    /// The whole body, in memory once: what the client collects by itself is there twice for a moment, which a trace of many
    /// thousand spans makes felt. Of a refusal only the beginning matters.
    async fn read_body(&self, mut response: reqwest::Response, expected: Expected) -> Result<bytes::Bytes, Failure> {
        let is_success = response.status().is_success();
        let encoding = header(response.headers(), "content-encoding");
        let is_packed = ["gzip", "x-gzip"].iter().any(|packed| encoding.trim().eq_ignore_ascii_case(packed));
        let expected = if is_success { expected } else { Expected::Words };
        let announced = response.content_length().filter(|_| is_success);
        let spoilt = |spoilt| self.spoilt(spoilt, expected.most());
        let mut body = Incoming::new(is_packed, announced, expected.most()).map_err(spoilt)?;
        while let Some(piece) = response.chunk().await.map_err(|error| self.connection_failure(&error))? {
            match body.take(&piece) {
                Err(_) if !is_success => return Ok(body.so_far().into()),
                taken => taken.map_err(spoilt)?,
            }
        }
        body.whole().map(Into::into).map_err(spoilt)
    }

    fn spoilt(&self, spoilt: Spoilt, most: usize) -> Failure {
        let base = self.inner.base.clone();
        match spoilt {
            Spoilt::TooLarge => Failure::permanent(ErrorKind::TooLarge { base, most }),
            Spoilt::Damaged(reason) => {
                Failure { kind: ErrorKind::Broken { base, reason }, verdict: Verdict::Transient, retry_after: None }
            }
        }
    }

    fn announce(&self, request: &Request<'_>) {
        let query = request.query.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
        let path = if query.is_empty() { request.path.clone() } else { format!("{}?{query}", request.path) };
        let body = match &request.body {
            Some(Body::Json(text)) => Some(text.clone()),
            _ => None,
        };
        (self.inner.listener)(Event::Request { method: request.method.to_string(), path, body });
    }

    fn connection_failure(&self, error: &reqwest::Error) -> Failure {
        let base = self.inner.base.clone();
        let mut reason = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            reason = inner.to_string();
            source = inner.source();
        }
        if error.is_timeout() && !error.is_connect() {
            return Failure::permanent(ErrorKind::Timeout { base, after: self.inner.timeout });
        }
        if reason.contains("certificate")
            || reason.contains("tls")
            || reason.contains("TLS")
            || reason.contains("InvalidContentType")
        {
            return Failure::permanent(ErrorKind::Tls { base, reason });
        }
        if error.is_builder() {
            return Failure::permanent(ErrorKind::Connect { base, reason });
        }
        let (kind, verdict) = if error.is_connect() {
            (ErrorKind::Connect { base, reason }, Verdict::NotSent)
        } else {
            (ErrorKind::Broken { base, reason }, Verdict::Transient)
        };
        Failure { kind, verdict, retry_after: None }
    }

    fn answer_failure(&self, request: &Request<'_>, status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> Failure {
        let body = ErrorBody::read(bytes);
        let kind = match status.as_u16() {
            300..=399 => ErrorKind::Redirect { location: without_secrets(&header(headers, "location")) },
            401 => ErrorKind::Unauthenticated(self.inner.who.clone()),
            403 if body.message.starts_with("Invalid Host header") => {
                let host = self.inner.base.split("://").nth(1).unwrap_or("").split('/').next().unwrap_or("");
                ErrorKind::HostRefused { host: host.to_owned() }
            }
            403 => ErrorKind::Forbidden(body.message.clone()),
            404 if body.is_mlflow => ErrorKind::NotFound { code: body.code.clone(), message: body.message.clone() },
            404 | 405 if !body.is_mlflow => ErrorKind::NoSuchRoute {
                base: self.inner.base.clone(),
                path: request.path.clone(),
                status: status.as_u16(),
            },
            status => ErrorKind::Refused { status, code: body.code.clone(), message: body.message.clone() },
        };
        let retry_after = header(headers, "retry-after").parse().ok().map(Duration::from_secs);
        Failure { kind, verdict: verdict_of(status.as_u16(), &body), retry_after }
    }
}

fn read_object<T: DeserializeOwned>(operation: &'static str, answer: &Answer) -> Result<T, ServerError> {
    match read_json(&answer.body) {
        Ok(read) if is_object(&answer.body) => Ok(read),
        Err(error) if answer.content_type.contains("json") && !error.is_eof() => {
            let what = format!("JSON of another shape ({error})");
            Err(ServerError::new(operation, ErrorKind::NotMlflow { what }))
        }
        _ => Err(other_json(operation, answer)),
    }
}

/// An answer that is not the one that was asked for.
fn other_json(operation: &'static str, answer: &Answer) -> ServerError {
    let what = describe(&answer.content_type, &answer.body);
    ServerError::new(operation, ErrorKind::NotMlflow { what })
}

/// A successful answer.
pub(super) struct Answer {
    pub content_type: String,
    /// When the server sent it, in epoch milliseconds, if it says so.
    pub date_ms: Option<i64>,
    /// Of the file that it is, as the server tells it: the header `Content-Disposition`.
    pub file_name: String,
    pub body: bytes::Bytes,
}

/// `Sun, 22 Nov 2026 08:00:00 GMT`.
fn date_ms(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond())
}

/// Where a redirect leads: what follows a question mark is between the server and a log-in, and may be a secret.
fn without_secrets(location: &str) -> String {
    without_userinfo(location.split(['?', '#']).next().unwrap_or_default())
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

fn client(settings: &HttpSettings) -> Result<reqwest::Client, String> {
    crate::tls::prepare();
    let mut headers = HeaderMap::new();
    if let Some(workspace) = &settings.workspace {
        let value = HeaderValue::from_str(workspace).map_err(|_| format!("{workspace:?} is no workspace name"))?;
        headers.insert("X-MLFLOW-WORKSPACE", value);
    }
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("mlflow-trace/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
        .timeout(settings.timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        // Answers are unpacked where they are counted.
        .no_gzip()
        .danger_accept_invalid_certs(settings.accept_invalid_certificates);
    let read = |path: &std::path::Path| {
        std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    if let Some(path) = &settings.server_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(&read(path)?);
        for certificate in certificates.map_err(|error| format!("{} holds no certificates: {error}", path.display()))? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    if let Some(path) = &settings.client_certificate {
        let identity = reqwest::Identity::from_pem(&read(path)?);
        builder = builder
            .identity(identity.map_err(|error| format!("{} holds no certificate and key: {error}", path.display()))?);
    }
    builder.build().map_err(|error| error.to_string())
}

/// An answer that has one of these fields, or none at all.
fn listed<T: DeserializeOwned>(operation: &'static str, answer: &Answer, fields: &[&str]) -> Result<T, ServerError> {
    let read = read_object(operation, answer)?;
    if has_one_of(&answer.body, fields) { Ok(read) } else { Err(other_json(operation, answer)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_answers_are_read() {
        assert_eq!(date_ms("Sun, 22 Nov 2026 08:00:00 GMT"), Some(1_795_334_400_000));
        assert_eq!((date_ms(""), date_ms("yesterday")), (None, None));
    }

    #[test]
    fn ids_are_one_segment() {
        assert_eq!(path_segment("tr-0a"), "tr-0a");
        assert_eq!(path_segment("trace:/a.b/c d"), "trace:%2Fa.b%2Fc%20d");
        assert_eq!(path_segment("é"), "%C3%A9");
    }
}
