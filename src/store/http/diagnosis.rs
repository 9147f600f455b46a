//! What it means that a request was not answered, or not with success.

use std::error::Error;
use std::io;
use std::iter;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use rustls::InvalidMessage;

use super::answer::header;
use super::error::{ErrorBody, ErrorKind};
use super::expected::Spoilt;
use super::retry::{Failure, Verdict, verdict_of};
use crate::model::without_userinfo;

/// The connection was not made, or broke. `timeout` is how long an answer was waited for.
pub fn of_connection(base: &str, timeout: Duration, error: &reqwest::Error) -> Failure {
    let base = base.to_owned();
    if error.is_timeout() && !error.is_connect() {
        return Failure::permanent(ErrorKind::Timeout { base, after: timeout });
    }
    let reason = innermost(error);
    if let Some(tls) = find::<rustls::Error>(error) {
        let speaks_tls = !matches!(tls, rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType));
        return Failure::permanent(ErrorKind::Tls { base, reason, speaks_tls });
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

/// The body of an answer cannot be had.
pub fn of_body(base: &str, spoilt: Spoilt, most: usize) -> Failure {
    let base = base.to_owned();
    match spoilt {
        Spoilt::TooLarge => Failure::permanent(ErrorKind::TooLarge { base, most }),
        Spoilt::Damaged(reason) => {
            Failure { kind: ErrorKind::Broken { base, reason }, verdict: Verdict::Transient, retry_after: None }
        }
    }
}

/// The server answered with something else than success. `who` is who was refused, if somebody was named.
pub fn of_answer(
    (base, path): (&str, &str),
    who: Option<&str>,
    status: StatusCode,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Failure {
    let body = ErrorBody::read(bytes);
    let kind = match status.as_u16() {
        300..=399 => ErrorKind::Redirect { location: without_secrets(&header(headers, "location")) },
        401 => ErrorKind::Unauthenticated(who.map(str::to_owned)),
        403 if body.message.starts_with("Invalid Host header") => {
            let host = base.split("://").nth(1).unwrap_or("").split('/').next().unwrap_or("");
            ErrorKind::HostRefused { host: host.to_owned() }
        }
        403 => ErrorKind::Forbidden(body.message.clone()),
        404 if body.is_mlflow => ErrorKind::NotFound { code: body.code.clone(), message: body.message.clone() },
        404 | 405 if !body.is_mlflow => {
            ErrorKind::NoSuchRoute { base: base.to_owned(), path: path.to_owned(), status: status.as_u16() }
        }
        status => ErrorKind::Refused { status, code: body.code.clone(), message: body.message.clone() },
    };
    let retry_after = header(headers, "retry-after").parse().ok().map(Duration::from_secs);
    Failure { kind, verdict: verdict_of(status.as_u16(), &body), retry_after }
}

/// Where a redirect leads: what follows a question mark is between the server and a log-in, and may be a secret.
fn without_secrets(location: &str) -> String {
    without_userinfo(location.split(['?', '#']).next().unwrap_or_default())
}

/// The words of the innermost cause, which tell most and never name the URL.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// The first cause of a type.
fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// An error and what it was caused by, one after the other. An error of the operating system's kind passes over the one that it
/// wraps when it is asked for its source.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error), |&error: &&'e (dyn Error + 'static)| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &'e (dyn Error + 'static)).or_else(|| error.source())
    })
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError};

    use super::*;

    #[test]
    fn tls_is_found_by_its_type_however_deeply_it_is_wrapped() {
        for tls in [
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer),
            rustls::Error::AlertReceived(AlertDescription::HandshakeFailure),
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType),
        ] {
            let words = tls.to_string();
            let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls.clone()));
            assert_eq!(find::<rustls::Error>(&wrapped), Some(&tls));
            assert_eq!(innermost(&wrapped), words);
        }
    }

    #[test]
    fn what_only_speaks_of_tls_is_none() {
        let unknown_host = io::Error::other("failed to look up tls.example: no certificate of TLS");
        assert_eq!(find::<rustls::Error>(&io::Error::other(unknown_host)), None);
    }
}
