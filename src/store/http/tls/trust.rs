//! Which servers are trusted: those with a certificate of an authority that the system or a given file trusts, and those
//! whose certificate is itself in that file.
//!
//! What `openssl req -x509` makes by default says about itself that it is an authority, and is refused as a server's
//! certificate by every strict reader, although the person who gave the file meant just that server.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::problem::NoRoots;

/// Decides over certificates of servers. Those of the system are read when the first one is looked at.
#[derive(Debug)]
pub struct Trust {
    given: Vec<CertificateDer<'static>>,
    /// If not, any certificate will do.
    checks: bool,
    provider: Arc<CryptoProvider>,
    system: OnceLock<Result<Verifier, Error>>,
}

impl Trust {
    pub fn new(given: Vec<CertificateDer<'static>>, checks: bool, provider: Arc<CryptoProvider>) -> Self {
        Self { given, checks, provider, system: OnceLock::new() }
    }

    fn system(&self) -> Result<&Verifier, Error> {
        let loaded = self.system.get_or_init(|| {
            // One certificate in a bundle that cannot be used does not spoil the others.
            let usable = |certificate: &&CertificateDer<'_>| RootCertStore::empty().add((*certificate).clone()).is_ok();
            let given = self.given.iter().filter(usable).chain(crate::tls::own_roots()).cloned();
            Verifier::new_with_extra_roots(given.collect::<Vec<_>>(), self.provider.clone())
        });
        loaded.as_ref().map_err(|error| match error {
            // The only words that it has on machines where certificates are files.
            Error::General(_) => Error::Other(OtherError(Arc::new(NoRoots))),
            other => other.clone(),
        })
    }

    /// A certificate that was given as it is may be one that no authority issued; who it is for and until when counts as
    /// ever.
    fn accepts(&self, certificate: &CertificateDer<'_>, name: &ServerName<'_>, error: Error) -> Result<(), Error> {
        let is_about_issuer =
            matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_)));
        if !is_about_issuer || !self.given.iter().any(|given| given == certificate) {
            return Err(error);
        }
        verify_server_name(&ParsedCertificate::try_from(certificate)?, name)
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.checks {
            let verified = self.system()?.verify_server_cert(certificate, intermediates, name, ocsp, now);
            verified.map(|_| ()).or_else(|error| self.accepts(certificate, name, error))?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if !self.checks {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if !self.checks {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Display for NoRoots {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("there are no root certificates on this machine")
    }
}
