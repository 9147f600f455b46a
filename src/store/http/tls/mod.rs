//! TLS: whom to trust, who to be, and what it means when it fails.

mod certificate;
mod identity;
mod problem;
mod trust;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::HttpSettings;
pub use certificate::Certificate;
use identity::Identity;
pub use problem::TlsProblem;
use trust::Trust;

/// A file and the setting that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Where it is.
    pub path: PathBuf,
    /// The environment variable, or the key of a profile.
    pub from: String,
}

/// How connections are secured. Files are read only if `is_needed`; fails with what is wrong with one.
pub fn config(settings: &HttpSettings, is_needed: bool) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let given = settings.server_certificates.as_ref().filter(|_| is_needed).map(certificates).transpose()?;
    let trust = Trust::new(given.unwrap_or_default(), !settings.accept_invalid_certificates, provider.clone());
    with_trust(trust, settings.client_certificate.as_ref().filter(|_| is_needed), &provider)
}

/// One that accepts every certificate, for a look at whether somebody speaks TLS at all.
pub fn curious() -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    with_trust(Trust::new(Vec::new(), false, provider.clone()), None, &provider)
}

fn with_trust(
    trust: Trust,
    client: Option<&NamedFile>,
    provider: &Arc<CryptoProvider>,
) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(trust));
    Ok(match client {
        Some(file) => {
            let identity = Identity::read(&file.path, provider).map_err(|reason| format!("{}: {reason}", file.from))?;
            builder.with_client_cert_resolver(Arc::new(identity))
        }
        None => builder.with_no_client_auth(),
    })
}

/// The certificates in a file, or in all files of a folder.
fn certificates(file: &NamedFile) -> Result<Vec<CertificateDer<'static>>, String> {
    let NamedFile { path, from } = file;
    let unread = |error: std::io::Error| format!("{from}: cannot read {}: {error}", path.display());
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(unread)?;
        let files = entries.filter_map(|entry| std::fs::read(entry.ok()?.path()).ok());
        return Ok(files.flat_map(|bytes| of_pem(&bytes).unwrap_or_default()).collect());
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    match of_pem(&bytes) {
        Ok(found) if found.is_empty() => Err(format!("{from}: {} contains no certificates", path.display())),
        Ok(found) => Ok(found),
        Err(error) => Err(format!("{from}: {} is not a PEM file of certificates: {error}", path.display())),
    }
}

fn of_pem(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_slice_iter(bytes).collect()
}

/// The beginning of a sentence about a file that cannot be read.
fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}
