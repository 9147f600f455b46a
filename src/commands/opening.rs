//! Opening stores: what is odd about the profile is told first, and what it protects cannot be written.

use super::{Context, limits};
use crate::error::CliError;
use crate::exit::Exit;
use crate::store::{Address, Store};

/// Holds every file of a store against its manifest; false if the store is of a kind that has none.
pub async fn is_as_promised(store: &Store) -> Result<bool, CliError> {
    match store.verify().await? {
        None => Ok(false),
        Some(0) => Ok(true),
        Some(_) => {
            let message = format!("{} has no manifest; nothing was verified", store.name());
            Err(CliError::new(Exit::Refused, message)
                .hint("omit --verify; only an export to a directory writes a manifest"))
        }
    }
}

impl Context<'_> {
    /// Opens the store that the tracking URI names; for a server no connection is made yet.
    pub fn store(&self) -> Result<Store, CliError> {
        let address = self.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
        limits::tell(self);
        self.open(address)
    }

    /// Opens a store, which refuses to be written where a profile says so.
    pub fn open(&self, address: &Address) -> Result<Store, CliError> {
        let store = address.open(&self.settings.http, self.ui.listener())?;
        Ok(store.protected(address, &self.settings.protections()))
    }

    /// Opens the store for a command that only reads. With `--verify` every file of an archive is first checked against the
    /// SHA-256 in its manifest.
    pub async fn verified_store(&self, verify: bool) -> Result<Store, CliError> {
        let store = self.store()?;
        if verify && !is_as_promised(&store).await? {
            return Err(CliError::usage("--verify requires an archive; a server has no manifest")
                .hint("to verify an export from a server, use `export --verify`"));
        }
        Ok(store)
    }
}
