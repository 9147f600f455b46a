//! What it means that a request was not answered, or not with success.

use std::error::Error;
use std::io;
use std::iter;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::{header, login_page};
use super::error::{ErrorBody, ErrorKind, ProxyError, ProxyProblem};
use super::expected::Spoilt;
use super::login_page::LoginPage;
use super::proxy::Proxy;
use super::retry::{Failure, Verdict, verdict_of};
use super::tls::TlsProblem;
use crate::model::without_userinfo;

/// How a server is reached, as far as it tells what a failure means.
pub struct Way {
    pub base: String,
    /// How long an answer is waited for.
    pub timeout: Duration,
    pub proxy: Option<Proxy>,
    /// Whether the client has a certificate.
    pub has_identity: bool,
}

/// The connection was not made, or broke.
pub fn of_connection(way: &Way, error: &reqwest::Error) -> Failure {
    let base = way.base.clone();
    if error.is_timeout() && !error.is_connect() {
        return Failure::permanent(ErrorKind::Timeout { base, after: way.timeout });
    }
    let reason = innermost(error);
    if let Some(tls) = find::<rustls::Error>(error) {
        return Failure::permanent(ErrorKind::Tls { base, problem: Box::new(TlsProblem::of(tls, way.has_identity)) });
    }
    if error.is_builder() {
        return Failure::permanent(ErrorKind::Connect { base, reason });
    }
    let (kind, verdict) = match &way.proxy {
        Some(proxy) if error.is_connect() => of_proxy(base, proxy, reason),
        None if error.is_connect() => (ErrorKind::Connect { base, reason }, Verdict::NotSent),
        _ => (ErrorKind::Broken { base, reason }, Verdict::Transient),
    };
    Failure { kind, verdict, retry_after: None }
}

/// A connection over a proxy was not made. The library keeps the types of what a proxy says to itself and shows its words only.
fn of_proxy(base: String, proxy: &Proxy, reason: String) -> (ErrorKind, Verdict) {
    let problem = match reason.trim_start_matches("tunnel error: ") {
        "proxy authorization required" => ProxyProblem::Unauthenticated,
        "unsuccessful" => ProxyProblem::Refused("it refused to (CONNECT)".to_owned()),
        words if words.starts_with("failed to lookup address") && proxy.looks_names_up_here() => {
            ProxyProblem::NoAddress(reason)
        }
        "unexpected end of file" | "proxy response headers too long" => ProxyProblem::Refused(reason),
        _ => ProxyProblem::Unreachable(reason),
    };
    let verdict = match &problem {
        ProxyProblem::Unreachable(_) => Verdict::NotSent,
        _ => Verdict::Permanent,
    };
    let error = ProxyError { proxy: proxy.shown(), from: proxy.from.clone(), base, problem };
    (ErrorKind::Proxy(Box::new(error)), verdict)
}

/// Whether the other side ended a connection that was about to be made.
pub fn was_cut(error: &reqwest::Error) -> bool {
    let kinds = causes(error).filter_map(<dyn Error>::downcast_ref).map(io::Error::kind);
    let mut cuts = kinds.filter(|kind| matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset));
    cuts.next().is_some()
}

/// Whether a failure was told in TLS, so that whoever told it speaks it.
pub fn is_said_in_tls(error: &reqwest::Error) -> bool {
    find::<rustls::Error>(error).is_some_and(|tls| TlsProblem::of(tls, false) != TlsProblem::NoTls)
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
    (way, path): (&Way, &str),
    who: Option<&str>,
    status: StatusCode,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Failure {
    let body = ErrorBody::read(bytes);
    let base = &way.base;
    let kind = match status.as_u16() {
        400 if let Some(problem) = of_gate(bytes) => ErrorKind::Tls { base: base.clone(), problem: Box::new(problem) },
        407 if let Some(proxy) = &way.proxy => {
            return Failure::permanent(of_proxy(base.clone(), proxy, "proxy authorization required".to_owned()).0);
        }
        300..=399 => redirect(without_secrets(&header(headers, "location")), who.is_some()),
        401 | 403 if let Some(page) = login_page(bytes, who.is_some()) => page,
        401 => ErrorKind::Unauthenticated(who.map(str::to_owned)),
        403 if body.message.starts_with("Invalid Host header") => {
            let host = base.split("://").nth(1).unwrap_or("").split('/').next().unwrap_or("");
            ErrorKind::HostRefused { host: host.to_owned() }
        }
        403 => ErrorKind::Forbidden(body.message.clone()),
        404 if body.is_mlflow => ErrorKind::NotFound { code: body.code.clone(), message: body.message.clone() },
        404 | 405 if !body.is_mlflow => {
            ErrorKind::NoSuchRoute { base: base.clone(), path: path.to_owned(), status: status.as_u16() }
        }
        status => ErrorKind::Refused { status, code: body.code.clone(), message: body.message.clone() },
    };
    let retry_after = header(headers, "retry-after").parse().ok().map(Duration::from_secs);
    Failure { kind, verdict: verdict_of(status.as_u16(), &body), retry_after }
}

/// What servers say in a text who cannot say it in TLS: nginx, and those written in Go.
fn of_gate(body: &[u8]) -> Option<TlsProblem> {
    let says = |words: &str| memchr::memmem::find(body, words.as_bytes()).is_some();
    if says("The plain HTTP request was sent to HTTPS port") || says("Client sent an HTTP request to an HTTPS server") {
        return Some(TlsProblem::NotHttp);
    }
    if says("No required SSL certificate was sent") {
        return Some(TlsProblem::ClientCertificateMissing);
    }
    says("The SSL certificate error").then(|| TlsProblem::ClientCertificateRefused("SSL certificate error".to_owned()))
}

fn redirect(location: String, was_signed: bool) -> ErrorKind {
    match LoginPage::of_redirect(&location, was_signed) {
        Some(page) => ErrorKind::LoginPage(Box::new(page)),
        None => ErrorKind::Redirect { location },
    }
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
    use rustls::{AlertDescription, CertificateError, InvalidMessage};

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
