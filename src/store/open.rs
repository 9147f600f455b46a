//! Opening a store: the one place that knows which there are.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::archive::{ArchiveSource, ArchiveStore};
use super::server::ServerStore;
use super::{Event, HttpSettings, Listener, Store, StoreError, addresses};

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A tracking server: scheme, host, port and path prefix, without credentials and without a trailing slash.
    Server(String),
    /// A file or folder of exported traces.
    File(PathBuf),
    /// The archive inside the binary.
    Demo,
}

impl Address {
    /// Opens the store; no connection is made yet. The listener hears if an export is not complete, or holds traces twice.
    pub fn open(&self, settings: &HttpSettings, listener: Listener) -> Result<Store, StoreError> {
        match self {
            Self::Server(base) => Ok(Arc::new(ServerStore::new(base, settings, listener)?)),
            Self::File(path) => open_archives(&[ArchiveSource::at(path)], &listener),
            Self::Demo => Ok(Arc::new(ArchiveStore::demo())),
        }
    }

    /// Whether what is there can be changed.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// What two spellings of it have in common, as [`addresses`]; nothing where it is not reached over a network.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        match self {
            Self::Server(base) => addresses(base),
            Self::File(_) | Self::Demo => Vec::new(),
        }
    }
}

/// Opens files and folders of exported traces as one store. The listener hears as in [`Address::open`].
pub fn open_archives(sources: &[ArchiveSource], listener: &Listener) -> Result<Store, StoreError> {
    let archive = ArchiveStore::open_all(sources)?;
    for notice in archive.notices() {
        listener(Event::Notice(notice.clone()));
    }
    archive.tell(listener);
    Ok(Arc::new(archive))
}

/// As a tracking URI, without credentials.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(base) => formatter.write_str(base),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Demo => formatter.write_str("demo"),
        }
    }
}
