//! One client, one way to send.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::header::AUTHORIZATION;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::answer::{Answer, header};
use super::client::{client, speaks_the_other};
use super::diagnosis::Way;
use super::error::{ErrorKind, ServerError};
use super::expected::{Expected, Incoming, is_error};
use super::login::Given;
use super::request::Request;
use super::retry::{Failure, RetrySettings};
use super::sign::{Signer, signer};
use super::tls::TlsProblem;
use super::{HttpSettings, diagnosis};
use crate::store::{Event, Listener};

#[derive(Clone)]
pub(in crate::store) struct Transport {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    way: Way,
    signer: Option<Box<dyn Signer>>,
    /// Whose credentials are sent and where they come from, for who is refused.
    who: Option<String>,
    /// Whether the server has answered, as one of HTTP does.
    has_answered: AtomicBool,
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
        let given = log_in(base, settings, &listener)?;
        let inner = Inner {
            client: client(base, settings).map_err(setup)?,
            way: Way {
                base: base.to_owned(),
                timeout: settings.timeout,
                proxy: settings.proxies.on_the_way_to(base).cloned(),
                has_identity: settings.client_certificate.is_some(),
            },
            signer: signer(&given.credentials, settings),
            who: given.who(),
            has_answered: AtomicBool::new(false),
            retry: settings.retry,
            listener,
            closes_connections: base.starts_with("http://"),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub fn base(&self) -> &str {
        &self.inner.way.base
    }

    /// Sends a request, again where that is safe, and reads the answer as JSON: an object with what the type cannot do without.
    pub async fn json<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, ServerError> {
        let operation = request.operation;
        self.send(request).await?.object(operation)
    }

    /// The same for answers that leave out what there is none of: one with none of these fields is no answer, unless it has no
    /// others either.
    pub async fn listing<T: DeserializeOwned>(&self, request: Request<'_>, fields: &[&str]) -> Result<T, ServerError> {
        let operation = request.operation;
        self.send(request).await?.listed(operation, fields)
    }

    /// The same for answers that say nothing but that something was done.
    pub async fn done(&self, request: Request<'_>) -> Result<(), ServerError> {
        self.listing::<IgnoredAny>(request, &[]).await.map(|_| ())
    }

    /// The same for files that are stored, of which a server says so with nothing at all.
    pub async fn stored(&self, request: Request<'_>) -> Result<(), ServerError> {
        let operation = request.operation;
        let answer = self.send(request).await?;
        if answer.body.is_empty() { Ok(()) } else { answer.listed(operation, &[]).map(|_: IgnoredAny| ()) }
    }

    /// Sends a request, again where that is safe, and returns the answer's bytes.
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, ServerError> {
        let mut attempt = 0;
        loop {
            let failure = match self.try_signed(&request).await {
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

    /// Sends a request, and once more with other credentials if the server does not accept these and there are any.
    async fn try_signed(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let built = self.built(request).await?;
        let sent = built.headers().get(AUTHORIZATION).cloned();
        let failure = match self.try_once(request, built).await {
            Err(failure) if matches!(failure.kind, ErrorKind::Unauthenticated(_)) => failure,
            ended => return ended,
        };
        match (&self.inner.signer, sent) {
            (Some(signer), Some(sent)) if signer.renew(&sent).await => {
                let built = self.built(request).await?;
                // The same again would be refused again.
                if built.headers().get(AUTHORIZATION) == Some(&sent) {
                    return Err(failure);
                }
                self.try_once(request, built).await
            }
            _ => Err(failure),
        }
    }

    async fn try_once(&self, request: &Request<'_>, built: reqwest::Request) -> Result<Answer, Failure> {
        let inner = &self.inner;
        let (method, path) = (request.method.to_string(), request.shown_path());
        (inner.listener)(Event::Request { method, path, body: request.shown_body() });
        let started = Instant::now();
        let response = match inner.client.execute(built).await {
            Ok(response) => response,
            Err(error) => return Err(self.without_answer(&error).await),
        };
        inner.has_answered.store(true, Ordering::Relaxed);
        let status = response.status();
        let headers = response.headers().clone();
        let body = self.read_body(response, request.expected).await?;
        (inner.listener)(Event::Answer { status: status.as_u16(), bytes: body.len(), took: started.elapsed() });
        if status.is_success() && !(request.expected.is_object() && is_error(&body)) {
            return Ok(Answer::new(&headers, body, inner.signer.is_some()));
        }
        Err(diagnosis::of_answer((&inner.way, &request.path), inner.who.as_deref(), status, &headers, &body))
    }

    /// The request as it is sent, signed.
    async fn built(&self, request: &Request<'_>) -> Result<reqwest::Request, Failure> {
        let Inner { client, way, signer, closes_connections, .. } = &*self.inner;
        let built = request.built(client, &way.base, *closes_connections);
        let mut built = built.map_err(|error| self.connection_failure(&error))?;
        if let Some(signer) = signer {
            let advice = signer.advice();
            let unsigned = |reason| Failure::permanent(ErrorKind::NoCredentials { reason, advice });
            signer.sign(&mut built).await.map_err(unsigned)?;
        }
        Ok(built)
    }

    /// The whole body, in memory once: what the client collects by itself is there twice for a moment, which a trace of many
    /// thousand spans makes felt. Of a refusal only the beginning matters.
    async fn read_body(&self, mut response: reqwest::Response, expected: Expected) -> Result<bytes::Bytes, Failure> {
        let is_success = response.status().is_success();
        let encoding = header(response.headers(), "content-encoding");
        let is_packed = ["gzip", "x-gzip"].iter().any(|packed| encoding.trim().eq_ignore_ascii_case(packed));
        let expected = if is_success { expected } else { Expected::Words };
        let announced = response.content_length().filter(|_| is_success);
        let spoilt = |spoilt| diagnosis::of_body(&self.inner.way.base, spoilt, expected.most());
        let mut body = Incoming::new(is_packed, announced, expected.most()).map_err(spoilt)?;
        while let Some(piece) = response.chunk().await.map_err(|error| self.connection_failure(&error))? {
            match body.take(&piece) {
                Err(_) if !is_success => return Ok(body.so_far().into()),
                taken => taken.map_err(spoilt)?,
            }
        }
        body.whole().map(Into::into).map_err(spoilt)
    }

    fn connection_failure(&self, error: &reqwest::Error) -> Failure {
        diagnosis::of_connection(&self.inner.way, error)
    }

    /// The same for a request that got no answer. A server that never gave one may expect TLS, or may not know it.
    async fn without_answer(&self, error: &reqwest::Error) -> Failure {
        let Inner { way, has_answered, .. } = &*self.inner;
        let failure = self.connection_failure(error);
        let problem = match &failure.kind {
            ErrorKind::Broken { .. } if way.base.starts_with("http://") => TlsProblem::NotHttp,
            ErrorKind::Connect { .. } if diagnosis::was_cut(error) => TlsProblem::NoTls,
            _ => return failure,
        };
        let is_new = !has_answered.load(Ordering::Relaxed) && way.proxy.is_none();
        if is_new && speaks_the_other(&way.base).await {
            return Failure::permanent(ErrorKind::Tls { base: way.base.clone(), problem: Box::new(problem) });
        }
        failure
    }
}

/// The credentials for a server. What is not used of the settings is told.
fn log_in(base: &str, settings: &HttpSettings, listener: &Listener) -> Result<Given, ServerError> {
    let mut notices = Vec::new();
    if !settings.not_used.is_empty() {
        notices.push(format!("not used: {}", settings.not_used.join(", ")));
    }
    let given = settings.login.resolve(base, &mut notices);
    for notice in notices {
        listener(Event::Notice(notice));
    }
    given.map_err(|reason| ServerError::new("log in", ErrorKind::Setup(reason)))
}
