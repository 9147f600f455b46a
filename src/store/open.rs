//! Opening a store: the one place that knows which there are.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(feature = "aws")]
use super::SageMaker;
use super::archive::{ArchiveSource, ArchiveStore};
#[cfg(feature = "database")]
use super::database::{DatabaseStore, DatabaseUri};
use super::databricks::{DatabricksStore, Workspace};
use super::server::ServerStore;
use super::{Event, HttpSettings, Listener, Store, StoreError, addresses};

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A tracking server: scheme, host, port and path prefix, without credentials and without a trailing slash.
    Server(String),
    /// A server that Amazon `SageMaker` runs.
    #[cfg(feature = "aws")]
    SageMaker(SageMaker),
    /// A workspace of Databricks.
    Databricks(Workspace),
    /// A file or folder of exported traces.
    File(PathBuf),
    /// A database of `MLflow`.
    #[cfg(feature = "database")]
    Database(DatabaseUri),
    /// The file `mlflow.db` in the current folder, which nobody named.
    #[cfg(feature = "database")]
    UsualDatabase(DatabaseUri),
    /// The archive inside the binary.
    Demo,
}

/// Where `MLflow` keeps what it is told if nobody says where.
#[cfg(feature = "database")]
const USUAL_DATABASE: &str = "mlflow.db";

impl Address {
    /// The database that a URI names; nothing if it is no URI of a database, or why that cannot be used.
    #[must_use]
    pub fn of_database(uri: &str) -> Option<Result<Self, String>> {
        #[cfg(feature = "database")]
        return Some(DatabaseUri::parse(uri)?.map(Self::Database));
        #[cfg(not(feature = "database"))]
        {
            let scheme = uri.split_once(':')?.0.to_ascii_lowercase();
            let is_database = ["sqlite", "postgresql", "postgres", "mysql", "mariadb", "mssql"]
                .contains(&scheme.split('+').next().unwrap_or_default());
            let why = "this program was built without databases; build it with the cargo feature database";
            is_database.then(|| Err(why.to_owned()))
        }
    }

    /// The server of Amazon `SageMaker` that an ARN names, or why it cannot be used.
    pub fn of_arn(arn: &str) -> Result<Self, String> {
        #[cfg(feature = "aws")]
        return SageMaker::parse(arn).map(Self::SageMaker);
        #[cfg(not(feature = "aws"))]
        Err(format!("this program was built without AWS, which {arn} needs; build it with the cargo feature aws"))
    }

    /// What is at a path: a database by its first bytes, else exported traces.
    #[must_use]
    pub fn at_path(path: PathBuf) -> Self {
        #[cfg(feature = "database")]
        if let Some(database) = DatabaseUri::of_file(&path) {
            return Self::Database(database);
        }
        Self::File(path)
    }

    /// What is at a path that may mean something else, if it is a database.
    #[must_use]
    pub fn database_at(path: &str) -> Option<Self> {
        Some(Self::at_path(PathBuf::from(path))).filter(|address| !matches!(address, Self::File(_)))
    }

    /// The database that `MLflow` takes if nobody says which, if it is there.
    #[must_use]
    pub fn usual_database() -> Option<Self> {
        #[cfg(feature = "database")]
        return DatabaseUri::of_file(USUAL_DATABASE.as_ref()).map(Self::UsualDatabase);
        #[cfg(not(feature = "database"))]
        None
    }

    /// Opens the store; no connection is made yet. The listener hears if an export is not complete, or holds traces twice.
    pub fn open(&self, settings: &HttpSettings, listener: Listener) -> Result<Store, StoreError> {
        match self {
            Self::Server(base) => Ok(Arc::new(ServerStore::new(base, settings, listener)?)),
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => {
                Ok(Arc::new(ServerStore::new(&server.base(), settings, listener)?.named(server.to_string())))
            }
            Self::Databricks(workspace) => Ok(Arc::new(DatabricksStore::new(workspace, settings, listener)?)),
            Self::File(path) => open_archives(&[ArchiveSource::at(path)], &listener),
            #[cfg(feature = "database")]
            Self::Database(uri) => Ok(open_database(uri, settings)),
            #[cfg(feature = "database")]
            Self::UsualDatabase(uri) => {
                listener(Event::Notice(format!("no tracking URI given; using {uri} in the current folder")));
                Ok(open_database(uri, settings))
            }
            Self::Demo => Ok(Arc::new(ArchiveStore::demo())),
        }
    }

    /// Whether what is there can be changed.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        match self {
            Self::Server(_) | Self::Databricks(_) => true,
            #[cfg(feature = "aws")]
            Self::SageMaker(_) => true,
            _ => false,
        }
    }

    /// The tracking URI that leads there again.
    #[must_use]
    pub fn tracking_uri(&self) -> String {
        match self {
            Self::Databricks(workspace) => workspace.tracking_uri(),
            _ => self.to_string(),
        }
    }

    /// What two spellings of it have in common, as [`addresses`]; nothing where it is not reached over a network.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        match self {
            Self::Server(base) => addresses(base),
            Self::Databricks(workspace) => workspace.addresses(),
            // Many have one host.
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => vec![server.to_string()],
            _ => Vec::new(),
        }
    }
}

#[cfg(feature = "database")]
fn open_database(uri: &DatabaseUri, settings: &HttpSettings) -> Store {
    Arc::new(DatabaseStore::new(uri, settings.timeout, settings.workspace.clone()))
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

/// What it is, without credentials: for most the tracking URI.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(base) => formatter.write_str(base),
            Self::Databricks(workspace) => workspace.fmt(formatter),
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => server.fmt(formatter),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            #[cfg(feature = "database")]
            Self::Database(uri) | Self::UsualDatabase(uri) => uri.fmt(formatter),
            Self::Demo => formatter.write_str("demo"),
        }
    }
}
