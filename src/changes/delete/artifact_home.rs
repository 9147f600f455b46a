//! Where the files of one trace are, and how they are counted and removed there: behind the tracking server, in an object store
//! that clients use by themselves, or in a folder of this machine.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::export::{Folder, Variables, bucket};
use crate::model::{ArtifactFolder, Reach};
use crate::store::Writer;

/// The folder of one trace, in the store that holds it.
pub enum Home<'a> {
    /// Behind the server's route for artifacts, by its path there.
    Server(&'a dyn Writer, &'a str),
    /// In an object store.
    Objects(Box<dyn Folder>),
    /// On this machine.
    Disk(PathBuf),
}

impl<'a> Home<'a> {
    /// How a folder is reached; why not, if it cannot be.
    pub fn of(folder: &'a ArtifactFolder, server: &'a dyn Writer, variables: &Variables) -> Result<Self, String> {
        if let Some(path) = server.artifact_path(folder) {
            return Ok(Self::Server(server, path));
        }
        match (folder.reach(), folder.location().split_once("://")) {
            (Reach::Server { .. }, _) => Err("another server holds them".to_owned()),
            (Reach::Store, Some(("file", path))) => Self::on_disk(Path::new(path)),
            (Reach::Store, None) => Self::on_disk(Path::new(folder.location())),
            (Reach::Store, Some((scheme, rest))) => {
                let (url, variables) = as_url(scheme, rest, variables.clone());
                bucket(&url, variables).map(Self::Objects).map_err(|error| error.to_string())
            }
        }
    }

    /// A folder of this machine, if the experiment's traces are here at all: a server elsewhere has paths of its own.
    fn on_disk(path: &Path) -> Result<Self, String> {
        let Some(traces) = path.ancestors().nth(2).filter(|traces| traces.is_dir()) else {
            return Err("they are not on this machine".to_owned());
        };
        let is_link = |folder: &Path| folder.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let is_led_away = path.ancestors().take_while(|folder| *folder != traces).any(is_link);
        if is_led_away {
            Err("their folder is a link to another one".to_owned())
        } else {
            Ok(Self::Disk(path.to_owned()))
        }
    }

    /// How many files there are; none if there is no folder.
    pub async fn count(&self) -> Result<usize, String> {
        match self {
            Self::Server(server, path) => server.artifact_count(path).await.map_err(|error| error.to_string()),
            Self::Objects(bucket) => bucket.count().map_err(|error| error.to_string()),
            Self::Disk(path) => unless_missing(fs::read_dir(path).map(Iterator::count)),
        }
    }

    /// Removes the folder with everything in it.
    pub async fn remove(&self) -> Result<(), String> {
        match self {
            Self::Server(server, path) => server.delete_artifacts(path).await.map_err(|error| error.to_string()),
            Self::Objects(bucket) => bucket.clear().map_err(|error| error.to_string()),
            Self::Disk(path) => {
                unless_missing(fs::remove_dir_all(path))?;
                // The folder around it is the trace's own, too, and stays if anything else is in it.
                let _ = path.parent().map(fs::remove_dir);
                Ok(())
            }
        }
    }
}

fn unless_missing<T: Default>(result: io::Result<T>) -> Result<T, String> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        other => other.map_err(|error| error.to_string()),
    }
}

/// A location as MLflow has it, in the words of object stores: `wasbs://CONTAINER@ACCOUNT.blob.…/PATH` is `az://CONTAINER/PATH` of
/// that account.
fn as_url(scheme: &str, rest: &str, mut variables: Variables) -> (String, Variables) {
    if let ("wasb" | "wasbs", Some((container, host))) = (scheme, rest.split_once('@')) {
        let (host, path) = host.split_once('/').unwrap_or((host, ""));
        let account = host.split('.').next().unwrap_or(host);
        if variables.iter().all(|(name, _)| name != "AZURE_STORAGE_ACCOUNT_NAME") {
            variables.push(("AZURE_STORAGE_ACCOUNT_NAME".to_owned(), account.to_owned()));
        }
        return (format!("az://{container}/{path}"), variables);
    }
    (format!("{scheme}://{rest}"), variables)
}
