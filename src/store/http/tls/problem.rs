//! What went wrong with TLS, by the types that the library gives it.

use std::error::Error;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, InvalidMessage, OtherError, PeerIncompatible};
use thiserror::Error;

/// No certificate of any authority was found on this machine.
#[derive(Clone, Copy, Debug)]
pub struct NoRoots;

impl Error for NoRoots {}

/// Why a connection could not be secured.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TlsProblem {
    /// Nobody who is trusted signed it.
    #[error("its certificate is not signed by an authority that this machine trusts")]
    UnknownIssuer,
    /// It ended.
    #[error("its certificate expired on {0}")]
    Expired(String),
    /// It begins later.
    #[error("its certificate is not valid before {0}")]
    NotYetValid(String),
    /// It is for others.
    #[error("its certificate is for {} and not for {host}", one_of(names))]
    WrongName {
        /// Who was asked.
        host: String,
        /// Whom it is for.
        names: Vec<String>,
    },
    /// Nobody to trust.
    #[error("there are no root certificates on this machine")]
    NoRoots,
    /// The other side does not speak TLS.
    #[error("it does not speak TLS")]
    NoTls,
    /// It speaks TLS, and was spoken to without.
    #[error("it expects TLS (https)")]
    NotHttp,
    /// No version in common.
    #[error("it speaks no version of TLS from 1.2 on")]
    Outdated,
    /// The server wants to see a certificate.
    #[error("it asks for a client certificate")]
    ClientCertificateMissing,
    /// The server does not accept the one it saw.
    #[error("it does not accept the client certificate ({0})")]
    ClientCertificateRefused(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

fn one_of(names: &[String]) -> String {
    if names.is_empty() { "no host name".to_owned() } else { names.join(", ") }
}

impl TlsProblem {
    /// `sends_certificate` is whether there is a client certificate to be refused.
    #[must_use]
    pub fn of(error: &rustls::Error, sends_certificate: bool) -> Self {
        match error {
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NoTls,
            rustls::Error::Other(OtherError(inner)) if inner.is::<NoRoots>() => Self::NoRoots,
            rustls::Error::InvalidCertificate(error) => Self::of_certificate(error),
            rustls::Error::AlertReceived(alert) => Self::of_alert(*alert, sends_certificate),
            rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => Self::Outdated,
            other => Self::Other(other.to_string()),
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            // An authority that presents itself as a server, which is what people make at home.
            CertificateError::Other(_) => Self::UnknownIssuer,
            CertificateError::ExpiredContext { not_after, .. } => Self::Expired(day(*not_after)),
            CertificateError::NotValidYetContext { not_before, .. } => Self::NotYetValid(day(*not_before)),
            CertificateError::NotValidForNameContext { expected, presented } => Self::WrongName {
                host: expected.to_str().into_owned(),
                names: presented.iter().map(|name| plain(name)).collect(),
            },
            other => Self::Other(rustls::Error::InvalidCertificate(other.clone()).to_string()),
        }
    }

    fn of_alert(alert: AlertDescription, sends_certificate: bool) -> Self {
        match alert {
            AlertDescription::CertificateRequired => Self::ClientCertificateMissing,
            AlertDescription::ProtocolVersion => Self::Outdated,
            // What servers that speak TLS 1.2 say where later ones have a word for it.
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
                if sends_certificate =>
            {
                Self::ClientCertificateRefused(format!("{alert:?}"))
            }
            other => Self::Other(rustls::Error::AlertReceived(other).to_string()),
        }
    }
}

/// `DnsName("a.example")` as it is written elsewhere.
fn plain(name: &str) -> String {
    name.split('"')
        .nth(1)
        .map_or_else(|| name.trim_start_matches("IpAddress(").trim_end_matches(')').to_owned(), str::to_owned)
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds)
        .map_or_else(|_| "an unknown day".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_about_certificates_are_about_ours_if_there_is_one() {
        let of = |alert, sends| TlsProblem::of(&rustls::Error::AlertReceived(alert), sends);
        assert_eq!(of(AlertDescription::CertificateRequired, false), TlsProblem::ClientCertificateMissing);
        assert_eq!(of(AlertDescription::UnknownCA, true), TlsProblem::ClientCertificateRefused("UnknownCA".into()));
        assert!(matches!(of(AlertDescription::UnknownCA, false), TlsProblem::Other(_)));
        assert_eq!(of(AlertDescription::ProtocolVersion, false), TlsProblem::Outdated);
    }

    #[test]
    fn names_are_shown_as_they_are_typed() {
        assert_eq!(
            (plain("DnsName(\"a.example\")"), plain("IpAddress(10.0.0.1)")),
            ("a.example".into(), "10.0.0.1".into())
        );
    }
}
