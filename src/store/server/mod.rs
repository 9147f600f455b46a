//! The REST client of an `MLflow` tracking server (2.14 and later; written against 3.17.2).
//!
//! Facts that shape it: the server keeps what it can read of a malformed body and ignores the rest, so every request is a
//! typed struct with exact JSON types; unknown experiments answer with nothing, so they are resolved first; the V3 route
//! that deletes tags is broken on 3.3 to 3.6, so tags and deletion use V2, which every server has; many permanent mistakes
//! answer 500, so 500 is not retried when it says what it is.

mod assessments;
mod attachments;
mod checkup;
mod count;
mod datasets;
mod elsewhere;
mod experiments;
mod listed;
mod local;
mod reader;
mod search;
mod searching;
mod sets;
mod spans;
mod traces;
mod walk;
mod wire;
mod writer;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::http::{ErrorKind, HttpSettings, ServerError, Transport};
use super::{Event, Listener};

use spans::Pace;
use wire::Wire;

/// A tracking server.
#[derive(Clone)]
pub struct ServerStore {
    /// What to call it, without credentials.
    name: Arc<str>,
    transport: Transport,
    /// How infos are asked for, learnt from the answers.
    wire: Wire,
    listener: Listener,
    concurrency: Option<NonZeroUsize>,
    /// Whether its database has shown that it compares texts exactly wherever it is asked.
    is_exact: Arc<AtomicBool>,
    /// How spans are asked for, learnt from the answers.
    pace: Arc<Pace>,
    /// How it is reached, for whoever looks it over.
    settings: Arc<HttpSettings>,
}

impl ServerStore {
    /// Prepares a client; nothing is sent yet. `base` has no trailing slash.
    pub fn new(base: &str, settings: &HttpSettings, listener: Listener) -> Result<Self, ServerError> {
        let transport = Transport::new(base, settings, listener.clone())?;
        let name = Arc::from(transport.base());
        let (concurrency, settings) = (settings.concurrency, Arc::new(settings.clone()));
        let wire = Wire::new(transport.clone());
        Ok(Self {
            name,
            transport,
            wire,
            listener,
            concurrency,
            is_exact: Arc::default(),
            pace: Arc::default(),
            settings,
        })
    }

    /// The same with another name than its address.
    #[cfg(feature = "aws")]
    #[must_use]
    pub fn named(self, name: String) -> Self {
        Self { name: name.into(), ..self }
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
