//! What an archive has to say to whoever reads it, each thing once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::store::{Event, Listener};

/// Notes that were made and whoever hears them.
#[derive(Default)]
pub(super) struct Notes {
    listener: OnceLock<Listener>,
    said: Mutex<HashSet<String>>,
}

impl Notes {
    /// Whoever is to be told.
    pub(super) fn tell(&self, listener: &Listener) {
        // Whoever came first goes on hearing.
        let _ = self.listener.set(Arc::clone(listener));
    }

    /// Says something, unless it was said.
    pub(super) fn say(&self, text: String) {
        let is_new = self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone());
        if let Some(listener) = self.listener.get().filter(|_| is_new) {
            listener(Event::Notice(text));
        }
    }
}
