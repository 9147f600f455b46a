//! What a server, or the way to it, can answer instead of what was asked for.

use std::time::Duration;

use thiserror::Error;

use super::login_page::LoginPage;
use super::tls::TlsProblem;
use crate::model::ExperimentId;

/// A request that failed.
#[derive(Clone, Debug, Error)]
#[error("could not {operation}: {kind}")]
pub struct ServerError {
    /// What was attempted, as a verb phrase: `search traces`.
    pub operation: &'static str,
    /// What happened.
    pub kind: ErrorKind,
    /// How often it was tried again before giving up.
    pub retries: u32,
}

/// What happened to a request.
#[derive(Clone, Debug, Error)]
pub enum ErrorKind {
    /// The client could not be set up.
    #[error("{0}")]
    Setup(String),
    /// There is nothing to log in with, although there should be.
    #[error("{reason}")]
    NoCredentials {
        /// Why.
        reason: String,
        /// Where they come from.
        advice: &'static str,
    },
    /// No connection.
    #[error("no connection to {base}: {reason}")]
    Connect {
        /// The server's address.
        base: String,
        /// The innermost cause.
        reason: String,
    },
    /// The certificate is not trusted, or TLS failed otherwise.
    #[error("no secure connection to {base}: {problem}")]
    Tls {
        /// The server's address.
        base: String,
        /// What went wrong.
        problem: Box<TlsProblem>,
    },
    /// What stands between here and the server does not let it through.
    #[error(transparent)]
    Proxy(Box<ProxyError>),
    /// The connection broke after the request was sent.
    #[error("the connection to {base} broke: {reason}")]
    Broken {
        /// The server's address.
        base: String,
        /// The innermost cause.
        reason: String,
    },
    /// No answer in time.
    #[error("no response from {base} within {}", seconds(*.after))]
    Timeout {
        /// The server's address.
        base: String,
        /// How long it waited.
        after: Duration,
    },
    /// 401, and who was refused if somebody was named.
    #[error("{}", refused(.0.as_deref()))]
    Unauthenticated(Option<String>),
    /// 403.
    #[error("permission denied (403{})", detail(.0))]
    Forbidden(String),
    /// 403 by the check against DNS rebinding, MLflow 3.5 and later.
    #[error("the server does not answer to the host name {host:?} (403, Invalid Host header)")]
    HostRefused {
        /// The host in the tracking URI.
        host: String,
    },
    /// 404 with `MLflow`'s own error body.
    #[error("{message}")]
    NotFound {
        /// `MLflow`'s error code.
        code: String,
        /// The server's message.
        message: String,
    },
    /// 404 or 405 without one: the route does not exist on this server.
    #[error("the server has no {path} ({status})")]
    NoSuchRoute {
        /// The server's address.
        base: String,
        /// The path that was asked for.
        path: String,
        /// 404 or 405.
        status: u16,
    },
    /// A page of single sign-on instead of the server.
    #[error("{0}")]
    LoginPage(Box<LoginPage>),
    /// A redirect, which would turn a POST into a GET.
    #[error("the server redirects to {location}")]
    Redirect {
        /// Target of the redirect, without credentials.
        location: String,
    },
    /// Any other refusal.
    #[error("the server refused ({status}{}): {message}", detail(.code))]
    Refused {
        /// HTTP status.
        status: u16,
        /// `MLflow`'s error code, empty if there is none.
        code: String,
        /// The server's message.
        message: String,
    },
    /// Traces of an experiment that was not asked for.
    #[error("the server answered with traces of the experiment with id {0}, which was not asked for")]
    Strangers(ExperimentId),
    /// More than an answer to this may be.
    #[error("the response from {base} is larger than the limit of {}", megabytes(*.most))]
    TooLarge {
        /// The server's address.
        base: String,
        /// The limit in bytes, compressed or not.
        most: usize,
    },
    /// Pages without end.
    #[error("the server keeps announcing more results but sends nothing new")]
    NothingNew,
    /// 200, but not what `MLflow` answers.
    #[error("expected MLflow's JSON, got {what}")]
    NotMlflow {
        /// What it looks like.
        what: String,
    },
}

/// A proxy that does not lead to the server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the proxy {proxy} of {from} {problem}")]
pub struct ProxyError {
    /// Its URL without a password.
    pub proxy: String,
    /// The variable that names it.
    pub from: String,
    /// The server's address.
    pub base: String,
    /// What went wrong.
    pub problem: ProxyProblem,
}

/// What a proxy did instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProxyProblem {
    /// No connection to it.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// 407.
    #[error("requires authentication (407)")]
    Unauthenticated,
    /// It takes addresses, not names.
    #[error("needs the address of the server: {0}")]
    NoAddress(String),
    /// It does not connect to the server.
    #[error("did not connect to the server: {0}")]
    Refused(String),
}

impl ServerError {
    pub(in crate::store) fn new(operation: &'static str, kind: ErrorKind) -> Self {
        Self { operation, kind, retries: 0 }
    }

    /// Whether the thing asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, ErrorKind::NotFound { .. })
    }

    /// Whether the server says about what was asked for, and not of something on the way to it, that it does not exist.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(&self.kind, ErrorKind::NotFound { code, .. } if code == "RESOURCE_DOES_NOT_EXIST")
            && !self.is_no_such_route()
    }

    /// Whether the server has no such route.
    #[must_use]
    pub fn is_no_such_route(&self) -> bool {
        match &self.kind {
            ErrorKind::NoSuchRoute { .. } => true,
            // Before a route existed, its last word was taken for a trace id.
            ErrorKind::NotFound { message, .. } => {
                ["'get'", "'batchGet'", "'batchGetInfos'"].iter().any(|word| message.contains(word))
            }
            ErrorKind::Refused { status: 501, .. } => true,
            _ => false,
        }
    }

    /// Whether the server does not allow it.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        matches!(self.kind, ErrorKind::Forbidden(_))
    }

    /// Whether any other request would fail alike, because the way to the server or the credentials are wrong.
    #[must_use]
    pub fn concerns_all(&self) -> bool {
        match &self.kind {
            ErrorKind::Setup(_)
            | ErrorKind::NoCredentials { .. }
            | ErrorKind::Connect { .. }
            | ErrorKind::Tls { .. }
            | ErrorKind::Proxy(_)
            | ErrorKind::Unauthenticated(_)
            | ErrorKind::HostRefused { .. }
            | ErrorKind::LoginPage(_)
            | ErrorKind::Redirect { .. } => true,
            ErrorKind::Broken { .. }
            | ErrorKind::Timeout { .. }
            | ErrorKind::Forbidden(_)
            | ErrorKind::NotFound { .. }
            | ErrorKind::NoSuchRoute { .. }
            | ErrorKind::Refused { .. }
            | ErrorKind::Strangers(_)
            | ErrorKind::TooLarge { .. }
            | ErrorKind::NothingNew
            | ErrorKind::NotMlflow { .. } => false,
        }
    }

    /// Whether no answer came although the request was sent.
    #[must_use]
    pub fn is_without_answer(&self) -> bool {
        matches!(self.kind, ErrorKind::Broken { .. } | ErrorKind::Timeout { .. })
    }

    /// Whether the request, or its address, was too long for the server or something before it.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { status: 413 | 414 | 431, .. })
    }

    /// Whether the answer was too large to be read: asking for less may help.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, ErrorKind::TooLarge { .. })
    }

    /// Whether the server said no to this request although it was reached: asking for less may help.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { .. } | ErrorKind::Forbidden(_) | ErrorKind::NotFound { .. })
    }

    /// Whether the server did not like what it was sent (400): a part of it may be fine.
    #[must_use]
    pub fn is_about_content(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { status: 400, .. })
    }

    /// Whether an assessment of another trace has the id of the one that could not be restored: an id is one of the whole
    /// server.
    pub(in crate::store) fn is_id_taken(&self) -> bool {
        matches!(&self.kind, ErrorKind::Refused { message, .. } if message.contains("constraint violation"))
    }

    /// Whether the server, or what is before it, has too much to do: asking more often makes it worse.
    #[must_use]
    pub fn is_overload(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused { status: 429 | 502..=504, .. })
    }
}

fn seconds(after: Duration) -> String {
    format!("{} s", after.as_secs_f64())
}

fn megabytes(bytes: usize) -> String {
    format!("{} MiB", bytes >> 20)
}

fn refused(who: Option<&str>) -> String {
    match who {
        Some(who) => format!("the server does not accept {who} (401)"),
        None => "authentication required (401)".to_owned(),
    }
}

fn detail(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(", {text}") }
}

/// An error body as the server wrote it: JSON object, FastAPI's `detail`, text, HTML, or nothing.
pub(super) struct ErrorBody {
    /// `error_code`, empty if there is none.
    pub code: String,
    /// The message, never empty.
    pub message: String,
    /// Whether it is `MLflow`'s own JSON.
    pub is_mlflow: bool,
}

const MESSAGE_LENGTH: usize = 500;

impl ErrorBody {
    pub fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            if let Some(code) = value.get("error_code").and_then(|code| code.as_str()) {
                let message = value.get("message").and_then(|message| message.as_str()).unwrap_or("");
                // The server's database library adds a link to its own documentation.
                let message = message.split("(Background on this error").next().unwrap_or(message).trim_end();
                let message = if message.is_empty() { code } else { message };
                return Self { code: shortened(code), message: shortened(message), is_mlflow: true };
            }
            if let Some(detail) = value.get("detail") {
                let message = detail.as_str().map_or_else(|| detail.to_string(), str::to_owned);
                return Self { code: String::new(), message: shortened(&message), is_mlflow: false };
            }
        }
        let message = if looks_like_html(&text) { html_title(&text) } else { text.trim().to_owned() };
        let message = if message.is_empty() { "no explanation".to_owned() } else { shortened(&message) };
        Self { code: String::new(), message, is_mlflow: false }
    }
}

/// What a body is that should have been JSON.
pub(super) fn describe(content_type: &str, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if looks_like_html(&text) {
        let title = html_title(&text);
        return if title.is_empty() { "an HTML page".into() } else { format!("an HTML page titled {title:?}") };
    }
    if body.is_empty() {
        return "an empty body".into();
    }
    let kind = if content_type.is_empty() { "something" } else { content_type };
    format!("{kind} starting with {:?}", text.chars().take(40).collect::<String>())
}

pub(super) fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start().get(..15).unwrap_or(text.trim_start()).to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

pub(super) fn html_title(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let inside = |open: &str, close: &str| {
        let start = lower.find(open)? + open.len();
        let end = lower[start..].find(close)? + start;
        text.get(start..end).map(|title| title.trim().to_owned())
    };
    inside("<title>", "</title>").unwrap_or_default()
}

/// On one line: what a server says must not look like what this program says.
fn shortened(message: &str) -> String {
    let message = message.trim_end().replace(['\n', '\r', '\t'], " ");
    if message.chars().count() <= MESSAGE_LENGTH {
        return message;
    }
    format!("{}…", message.chars().take(MESSAGE_LENGTH).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_body_gives_a_message() {
        let message = |body: &str| ErrorBody::read(body.as_bytes()).message;
        assert_eq!(message(r#"{"error_code":"BAD_REQUEST","message":"no"}"#), "no");
        assert_eq!(message(r#"{"error_code":"NOT_IMPLEMENTED","message":""}"#), "NOT_IMPLEMENTED");
        assert_eq!(message(r#"{"detail":"missing"}"#), "missing");
        assert_eq!(message(r#"{"detail":[{"loc":"x"}]}"#), r#"[{"loc":"x"}]"#);
        assert_eq!(message("<!doctype html><title>404 Not Found</title><p>x"), "404 Not Found");
        assert_eq!(message(" Permission denied\n"), "Permission denied");
        assert_eq!(message(""), "no explanation");
        assert_eq!(message(&"é".repeat(900)).chars().count(), 501);
        assert_eq!(message("{\"error_code\":\"X\",\"message\":\"no\\nhint: rm -rf\"}"), "no hint: rm -rf");
    }

    #[test]
    fn a_login_page_is_called_one() {
        assert_eq!(
            describe("text/html", b"<!DOCTYPE html><html><title>Sign in</title>"),
            "an HTML page titled \"Sign in\""
        );
        assert_eq!(describe("text/plain", b"OK"), "text/plain starting with \"OK\"");
        assert_eq!(describe("", b""), "an empty body");
    }
}
