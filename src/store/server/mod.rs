//! The REST client of an `MLflow` tracking server (3.2 and later; written against 3.17.2).
//!
//! Facts that shape it: the server keeps what it can read of a malformed body and ignores the rest, so every request is a
//! typed struct with exact JSON types; unknown experiments answer with nothing, so they are resolved first; the V3 route
//! that deletes tags is broken on 3.3 to 3.6, so tags and deletion use V2, which every server has; many permanent mistakes
//! answer 500, so 500 is not retried when it says what it is.

mod address;
mod artifacts;
mod assessments;
mod attachments;
mod auth;
mod count;
mod delete;
mod elsewhere;
mod error;
mod expected;
mod experiments;
mod heartbeat;
mod import;
mod label_schemas;
mod listed;
mod local;
mod otlp;
mod retry;
mod search;
mod sets;
mod spans;
mod tags;
mod traces;
mod transport;
mod version;
mod walk;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Event, Listener};

pub use address::addresses;
pub use assessments::AssessmentUpdate;
pub use auth::{Credentials, Secret};
pub use error::{ErrorKind, ServerError};
pub use heartbeat::{Heartbeat, HeartbeatError, NoHeartbeat};
pub use import::is_id_taken;
pub use listed::Listed;
pub use local::Decided;
pub use otlp::{OtlpReceiver, OtlpSettings};
pub use retry::RetrySettings;
pub use search::Search;
pub(super) use spans::Ahead;
use spans::Pace;
pub use tags::{TagError, check_tag_key, check_tag_value};
use transport::Transport;

/// How to talk to a server.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Who asks.
    pub credentials: Credentials,
    /// Where that was said: `MLFLOW_TRACKING_USERNAME`, `the tracking URI`.
    pub credentials_from: &'static str,
    /// How long one try may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How failures are retried.
    pub retry: RetrySettings,
    /// Whether any certificate will do.
    pub accept_invalid_certificates: bool,
    /// PEM file of further certificates to trust.
    pub server_certificates: Option<PathBuf>,
    /// PEM file of the client's certificate and key.
    pub client_certificate: Option<PathBuf>,
    /// Workspace to work in, on servers that have them.
    pub workspace: Option<String>,
    /// Pages that are read at once; `None` to find out from the server's answers what does good.
    pub concurrency: Option<NonZeroUsize>,
}

impl HttpSettings {
    /// Whose credentials are sent, and where they come from.
    fn who(&self) -> Option<String> {
        match &self.credentials {
            Credentials::None => None,
            Credentials::Basic { username, .. } => {
                Some(format!("the user {username:?} of {} with this password", self.credentials_from))
            }
            Credentials::Bearer(_) => Some(format!("the token of {}", self.credentials_from)),
        }
    }
}

/// A tracking server.
#[derive(Clone)]
pub struct ServerStore {
    transport: Transport,
    listener: Listener,
    concurrency: Option<NonZeroUsize>,
    /// How spans are asked for, learnt from the answers.
    pace: Arc<Pace>,
}

impl ServerStore {
    /// Prepares a client; nothing is sent yet. `base` has no trailing slash.
    pub fn new(base: &str, settings: &HttpSettings, listener: Listener) -> Result<Self, ServerError> {
        let transport = Transport::new(base, settings, listener.clone())?;
        Ok(Self { transport, listener, concurrency: settings.concurrency, pace: Arc::default() })
    }

    /// Tells the listener.
    fn tell(&self, event: Event) {
        (self.listener)(event);
    }

    /// The address, without credentials.
    #[must_use]
    pub fn base(&self) -> &str {
        self.transport.base()
    }
}
