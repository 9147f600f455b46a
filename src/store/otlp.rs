//! Spans as OpenTelemetry's protocol sends them over HTTP: to a tracking server, and to any other receiver.
//!
//! Requests come encoded and answers go back as they came: this room knows nothing of the messages. They are compressed
//! with gzip, which every receiver has to understand and a tracking server does since 3.7: older ones get them as they are.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{HttpSettings, ServerError};
use crate::store::Listener;
use crate::store::http::{Class, Credentials, ErrorKind, Expected, Login, Method, Request, Secret, Transport};

const CONTENT_TYPE: &str = "application/x-protobuf";
const SEND: &str = "send the spans";

/// Where spans are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpSettings {
    /// Scheme, host and port, without credentials.
    pub base: String,
    /// From the first slash, empty if there is none.
    pub path: String,
    /// Headers of every request, which may hold secrets.
    pub headers: Vec<(String, Secret)>,
    /// Who asks, if the URL says it.
    pub credentials: Credentials,
}

impl OtlpSettings {
    /// The whole URL, without credentials.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.base, self.path)
    }
}

/// Anything that takes spans.
#[derive(Clone)]
pub struct OtlpReceiver {
    transport: Transport,
    settings: OtlpSettings,
}

impl OtlpReceiver {
    /// Prepares a client; nothing is sent yet. Of `http` it has patience and retries: credentials, workspace, certificates
    /// and trust belong to the tracking server.
    pub fn new(settings: OtlpSettings, http: &HttpSettings, listener: Listener) -> Result<Self, ServerError> {
        let http = HttpSettings {
            login: Login::only(settings.credentials.clone()),
            headers: Vec::new(),
            not_used: Vec::new(),
            workspace: None,
            client_certificate: None,
            accept_invalid_certificates: false,
            ..http.clone()
        };
        Ok(Self { transport: Transport::new(&settings.base, &http, listener)?, settings })
    }

    /// Sends an encoded `ExportTraceServiceRequest` and returns the encoded answer, which may be empty.
    pub async fn send(&self, body: &[u8]) -> Result<Vec<u8>, ServerError> {
        let mut request = post(&self.settings.path, Class::Telemetry, body, true)?;
        request.headers.extend(self.settings.headers.iter().map(|(name, value)| (name.as_str(), value.expose())));
        Ok(self.transport.send(request).await?.body.to_vec())
    }
}

/// Spans to be stored or passed on, compressed if the receiver understands that.
pub(super) fn post(path: &str, class: Class, body: &[u8], is_packed: bool) -> Result<Request<'static>, ServerError> {
    let packed = || gzip(body).map_err(|error| ServerError::new(SEND, ErrorKind::Setup(error.to_string())));
    let body = if is_packed { packed()? } else { body.to_vec() };
    let mut request =
        Request::with_bytes(SEND, class, Method::POST, path, CONTENT_TYPE, body).expecting(Expected::Words);
    request.headers.extend(is_packed.then_some(("Content-Encoding", "gzip")));
    Ok(request)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}
