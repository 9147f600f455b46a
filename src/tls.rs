//! Which cryptography secures connections, ring's, and whom to trust where the machine names nobody.

use std::sync::{Arc, Once, OnceLock};

use rustls::Error;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

/// Variables that name the authorities of a machine, as OpenSSL reads them.
const NAMED: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// To be called before a client of HTTP is built. Further calls do nothing.
pub(crate) fn prepare() {
    static ONCE: Once = Once::new();
    // Fails only if one was chosen already.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// Authorities to trust beside those of the machine: Mozilla's where it has none, as in an empty container, else nobody. Who
/// names a file of authorities trusts nobody else, also if that file cannot be read.
pub(crate) fn own_roots() -> &'static [CertificateDer<'static>] {
    static HAS_NONE: OnceLock<bool> = OnceLock::new();
    let has_none = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // The only words that the verifier has for that.
        NAMED.iter().all(|name| std::env::var_os(name).is_none())
            && matches!(Verifier::new(provider), Err(Error::General(_)))
    };
    if *HAS_NONE.get_or_init(has_none) { webpki_root_certs::TLS_SERVER_ROOT_CERTS } else { &[] }
}
