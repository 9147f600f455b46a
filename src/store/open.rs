//! Opening a store: the one place that knows which there are.

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "aws")]
use super::SageMaker;
use super::archive::{ArchiveSource, ArchiveStore};
#[cfg(feature = "database")]
use super::database::{DatabaseStore, DatabaseUri};
use super::databricks::{DatabricksStore, Workspace};
use super::mlruns::FileStore;
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
    /// A folder in which `MLflow` keeps its traces without a database.
    FileStore(PathBuf),
    /// The folder `mlruns` in the current folder, which nobody named.
    UsualFileStore(PathBuf),
    /// A database of `MLflow`.
    #[cfg(feature = "database")]
    Database(DatabaseUri),
    /// The same where it is allowed to change it.
    #[cfg(feature = "database")]
    WritableDatabase(DatabaseUri),
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

    /// What is at a path: a database by its first bytes, a folder of `MLflow` by its experiments, else exported traces.
    #[must_use]
    pub fn at_path(path: PathBuf) -> Self {
        if FileStore::is_at(&path) {
            return Self::FileStore(path);
        }
        #[cfg(feature = "database")]
        if let Some(database) = DatabaseUri::of_file(&path) {
            return Self::Database(database);
        }
        Self::File(path)
    }

    /// What is at a path that may mean something else, if it is a database or a folder of `MLflow`.
    #[must_use]
    pub fn store_at(path: &str) -> Option<Self> {
        Some(Self::at_path(PathBuf::from(path))).filter(|address| !matches!(address, Self::File(_)))
    }

    /// What `MLflow` takes if nobody says which, if it is there: a folder with experiments before a database.
    #[must_use]
    pub fn usual() -> Option<Self> {
        if let Some(path) = FileStore::usual() {
            return Some(Self::UsualFileStore(path));
        }
        #[cfg(feature = "database")]
        return DatabaseUri::of_file(USUAL_DATABASE.as_ref()).map(Self::UsualDatabase);
        #[cfg(not(feature = "database"))]
        None
    }

    /// The same place, which may be changed if it is a database.
    #[must_use]
    pub fn with_writes(self) -> Self {
        match self {
            #[cfg(feature = "database")]
            Self::Database(uri) | Self::UsualDatabase(uri) => Self::WritableDatabase(uri),
            other => other,
        }
    }

    /// Opens the store; no connection is made yet. The listener hears if an export is not complete, or holds traces twice.
    pub fn open(&self, settings: &HttpSettings, listener: Listener) -> Result<Store, StoreError> {
        match self {
            Self::Server(base) => Ok(ServerStore::new(base, settings, listener)?.into()),
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => {
                Ok(ServerStore::new(&server.base(), settings, listener)?.named(server.to_string()).into())
            }
            Self::Databricks(workspace) => Ok(DatabricksStore::new(workspace, settings, listener)?.into()),
            Self::File(path) => open_archives(&[ArchiveSource::at(path)], &listener),
            Self::FileStore(path) => Ok(FileStore::new(path, &settings.object_store).into()),
            Self::UsualFileStore(path) => {
                let path_shown = path.display();
                listener(Event::Notice(format!(
                    "no tracking URI given; using the folder {path_shown} in the current folder"
                )));
                Ok(FileStore::new(path, &settings.object_store).into())
            }
            #[cfg(feature = "database")]
            Self::Database(uri) => Ok(open_database(uri, settings, None)),
            #[cfg(feature = "database")]
            Self::WritableDatabase(uri) => Ok(open_database(uri, settings, Some(listener))),
            #[cfg(feature = "database")]
            Self::UsualDatabase(uri) => {
                listener(Event::Notice(format!("no tracking URI given; using {uri} in the current folder")));
                Ok(open_database(uri, settings, None))
            }
            Self::Demo => Ok(ArchiveStore::demo().into()),
        }
    }

    /// Whether a server is there.
    #[must_use]
    pub fn is_server(&self) -> bool {
        match self {
            Self::Server(_) | Self::Databricks(_) => true,
            #[cfg(feature = "aws")]
            Self::SageMaker(_) => true,
            _ => false,
        }
    }

    /// Whether it is a database of `MLflow`.
    #[must_use]
    pub fn is_database(&self) -> bool {
        match self {
            #[cfg(feature = "database")]
            Self::Database(_) | Self::WritableDatabase(_) | Self::UsualDatabase(_) => true,
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

    /// Whether what is there can be changed by some run.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !matches!(self, Self::File(_) | Self::FileStore(_) | Self::UsualFileStore(_) | Self::Demo)
    }

    /// What two spellings of it have in common; nothing where nothing is changed.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        match self {
            Self::Server(base) => addresses(base),
            Self::Databricks(workspace) => workspace.addresses(),
            // Many have one host.
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => vec![server.to_string()],
            #[cfg(feature = "database")]
            Self::Database(uri) | Self::WritableDatabase(uri) | Self::UsualDatabase(uri) => uri.addresses(),
            Self::File(_) | Self::FileStore(_) | Self::UsualFileStore(_) | Self::Demo => Vec::new(),
        }
    }

    /// What it is called wherever that is read again: as a tracking URI, without credentials, that means the same in all folders.
    #[must_use]
    pub fn lasting_name(&self) -> String {
        match self {
            #[cfg(feature = "database")]
            Self::Database(uri) | Self::WritableDatabase(uri) | Self::UsualDatabase(uri) => uri.absolute().to_string(),
            other => other.to_string(),
        }
    }
}

#[cfg(feature = "database")]
fn open_database(uri: &DatabaseUri, settings: &HttpSettings, changes: Option<Listener>) -> Store {
    let HttpSettings { timeout, workspace, object_store, .. } = settings;
    DatabaseStore::new(uri, *timeout, workspace.clone(), object_store, changes).into()
}

/// Opens files and folders of exported traces as one store. The listener hears as in [`Address::open`].
pub fn open_archives(sources: &[ArchiveSource], listener: &Listener) -> Result<Store, StoreError> {
    let archive = ArchiveStore::open_all(sources)?;
    for notice in archive.notices() {
        listener(Event::Notice(notice.clone()));
    }
    archive.tell(listener);
    Ok(archive.into())
}

/// What it is, without credentials: for most the tracking URI.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(base) => formatter.write_str(base),
            Self::Databricks(workspace) => workspace.fmt(formatter),
            #[cfg(feature = "aws")]
            Self::SageMaker(server) => server.fmt(formatter),
            Self::File(path) | Self::FileStore(path) | Self::UsualFileStore(path) => {
                write!(formatter, "file:{}", path.display())
            }
            #[cfg(feature = "database")]
            Self::Database(uri) | Self::WritableDatabase(uri) | Self::UsualDatabase(uri) => uri.fmt(formatter),
            Self::Demo => formatter.write_str("demo"),
        }
    }
}
