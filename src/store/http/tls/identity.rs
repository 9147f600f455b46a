//! The client's certificate and its key, in one PEM file as MLflow's client has it.

use std::path::Path;
use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, SignatureScheme};

use super::{cannot_read, of_pem};

/// A certificate with its key.
#[derive(Debug)]
pub struct Identity(Arc<CertifiedKey>);

/// How keys begin that only a password opens.
const ENCRYPTED: &[&[u8]] = &[b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"Proc-Type: 4,ENCRYPTED"];

impl Identity {
    /// Reads a file; fails with what is wrong with it and what to do.
    pub fn read(path: &Path, provider: &CryptoProvider) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
        let shown = path.display();
        let chain = of_pem(&bytes).map_err(|error| format!("{shown} is not a PEM file: {error}"))?;
        if chain.is_empty() {
            return Err(format!("{shown} contains no certificate; it must hold the certificate and its key"));
        }
        if ENCRYPTED.iter().any(|mark| memchr::memmem::find(&bytes, mark).is_some()) {
            return Err(format!("the key in {shown} is encrypted; decrypt it with `openssl pkey -in {shown}`"));
        }
        let key = PrivateKeyDer::from_pem_slice(&bytes)
            .map_err(|_| format!("{shown} contains no private key; append it with `cat CERTIFICATE KEY`"))?;
        let key = provider.key_provider.load_private_key(key);
        let key = key.map_err(|error| format!("the key in {shown} cannot be used: {error}"))?;
        let certified = CertifiedKey::new(chain, key);
        // Certificates of the first version have nothing to compare the key with. Some servers take them.
        match certified.keys_match() {
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                Err(format!("the key in {shown} does not belong to its first certificate"))
            }
            _ => Ok(Self(Arc::new(certified))),
        }
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.key.choose_scheme(schemes).map(|_| self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Identity, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Identity::read(file.path(), &rustls::crypto::ring::default_provider())
    }

    fn pair() -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["client".to_owned()]).unwrap().self_signed(&key).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    #[test]
    fn certificate_and_key_come_in_any_order_with_text_around_them() {
        let (certificate, key) = pair();
        assert!(read(&format!("{certificate}{key}")).is_ok());
        assert!(read(&format!("Bag Attributes\n{key}\nsubject=CN = client\n{certificate}")).is_ok());
    }

    #[test]
    fn a_certificate_of_the_first_version_is_taken() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls/version-1.pem");
        Identity::read(&path, &rustls::crypto::ring::default_provider()).unwrap();
    }

    #[test]
    fn each_mistake_has_its_message() {
        let (certificate, key) = pair();
        let reason = |text: &str| read(text).unwrap_err();
        assert!(reason("").contains("contains no certificate"));
        assert!(reason(&key).contains("contains no certificate"));
        assert!(reason(&certificate).contains("contains no private key"));
        assert!(reason(&format!("{certificate}{}", pair().1)).contains("does not belong"));
        let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert!(reason(&format!("{certificate}{encrypted}")).contains("is encrypted"));
        let path = Path::new("/nowhere/client.pem");
        let missing = Identity::read(path, &rustls::crypto::ring::default_provider()).unwrap_err();
        assert!(missing.starts_with("cannot read /nowhere/client.pem: "), "{missing}");
    }
}
