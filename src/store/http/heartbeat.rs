//! A dead man's switch: one GET that tells a monitor that a run succeeded. Its silence is the alarm.
//!
//! The URL is a secret, as whoever knows it can keep the alarm silent: nothing here shows more of it than scheme, host and
//! port. The client is one of its own, without anything that belongs to the tracking server.

use std::fmt;
use std::time::Duration;

use reqwest::{StatusCode, Url};
use thiserror::Error;

use super::diagnosis;

const TIMEOUT: Duration = Duration::from_secs(10);
const BEFORE_RETRY: Duration = Duration::from_millis(500);

/// A URL to ping; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Heartbeat(Url);

/// A text that is no URL to ping; it may be a secret and is not shown.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected an http:// or https:// URL with a host")]
pub struct NoHeartbeat;

/// A ping that did not succeed, twice.
#[derive(Debug, Error)]
#[error("could not send the heartbeat to {address}: {reason}")]
pub struct HeartbeatError {
    /// Scheme, host and port.
    address: String,
    /// What happened; it never holds the URL.
    reason: String,
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Heartbeat({}/[secret])", self.address())
    }
}

impl Heartbeat {
    /// Reads a URL; nothing is sent.
    pub fn new(url: &str) -> Result<Self, NoHeartbeat> {
        let url = Url::parse(url.trim()).map_err(|_| NoHeartbeat)?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if is_web { Ok(Self(url)) } else { Err(NoHeartbeat) }
    }

    /// Scheme, host and port.
    fn address(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// `GET` the URL. Redirects are not followed and no success. Tries once more unless the answer says that it would be no
    /// use; each try may take 10 seconds.
    pub async fn ping(&self) -> Result<(), HeartbeatError> {
        crate::tls::prepare();
        let client = reqwest::Client::builder()
            .user_agent(concat!("mlflow-trace/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| self.error(innermost(error)))?;
        let first = self.try_once(&client).await;
        let again = match first {
            Err((_, true)) => {
                tokio::time::sleep(BEFORE_RETRY).await;
                self.try_once(&client).await
            }
            answer => answer,
        };
        again.map_err(|(reason, _)| self.error(reason))
    }

    /// An error says whether another try may help.
    async fn try_once(&self, client: &reqwest::Client) -> Result<(), (String, bool)> {
        let answer = client.get(self.0.clone()).send().await;
        let status = answer.map_err(|error| (innermost(error), true))?.status();
        let is_passing =
            status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
        if status.is_success() { Ok(()) } else { Err((format!("it answered {}", status.as_u16()), is_passing)) }
    }

    fn error(&self, reason: String) -> HeartbeatError {
        HeartbeatError { address: self.address(), reason }
    }
}

/// The innermost cause, which does not name the URL.
fn innermost(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", TIMEOUT.as_secs());
    }
    diagnosis::innermost(&error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_can_be_pinged() {
        for url in ["https://hc-ping.com/uuid", "http://[::1]:3001/api/push/x?status=up", " http://h "] {
            assert!(Heartbeat::new(url).is_ok(), "{url}");
        }
        for url in ["", "hc-ping.com/uuid", "ftp://h/x", "file:///etc/passwd", "http://", "unix:/x", "//h/x"] {
            assert_eq!(Heartbeat::new(url), Err(NoHeartbeat), "{url}");
        }
    }

    #[test]
    fn the_secret_part_is_not_shown() {
        let heartbeat = Heartbeat::new("https://me:word@monitor.example:8443/ping/0a1b?key=2c").unwrap();
        let shown = format!("{heartbeat:?} {} {NoHeartbeat}", heartbeat.error("it answered 404".to_owned()));
        assert!(shown.contains("https://monitor.example:8443") && shown.contains("404"), "{shown}");
        for secret in ["word", "0a1b", "2c", "me:"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
