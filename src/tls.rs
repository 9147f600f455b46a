//! Which cryptography secures connections: ring's, whoever opens them.

use std::sync::Once;

/// To be called before a client of HTTP is built. Further calls do nothing.
pub(crate) fn prepare() {
    static ONCE: Once = Once::new();
    // Fails only if one was chosen already.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
