//! Where an export goes.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Folder, NewFile};
use crate::model::{COMPRESSIONS, ExportFormat};

/// Where an export goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Output,
    /// One file.
    File(PathBuf),
    /// A directory of parts.
    Directory(PathBuf),
    /// One object of an object store.
    Object(String),
    /// A place in an object store, for parts.
    Bucket(String),
}

/// The schemes of object stores.
const SCHEMES: &[&str] = &["s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss"];

impl Target {
    /// What was typed: `-`, a URL, a directory that exists, ends with a slash or is to hold `parts`, else a file.
    pub fn of(typed: &Path, parts: bool) -> Result<Self, TargetError> {
        let text = typed.to_str().unwrap_or_default();
        if text == "-" {
            return Ok(Self::Output);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return Self::of_url(text, scheme, rest);
        }
        let name = typed.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let holds_parts = parts && !is_file_name(name) && !typed.exists();
        let is_directory = typed.is_dir() || text.ends_with(std::path::is_separator) || holds_parts;
        Ok(if is_directory { Self::Directory(typed.to_owned()) } else { Self::File(typed.to_owned()) })
    }

    fn of_url(url: &str, scheme: &str, rest: &str) -> Result<Self, TargetError> {
        if !SCHEMES.contains(&scheme) {
            return Err(TargetError::Scheme(scheme.to_owned()));
        }
        if !cfg!(feature = "object-store") {
            return Err(TargetError::NoObjectStores);
        }
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(TargetError::NoBucket { url: url.to_owned(), scheme: scheme.to_owned() });
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        Ok(if is_file_name(name) { Self::Object(url.to_owned()) } else { Self::Bucket(url.to_owned()) })
    }

    /// The name of the one file, which tells format and compression.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        match self {
            Self::File(path) => path.file_name()?.to_str(),
            Self::Object(url) => url.rsplit('/').next(),
            Self::Output | Self::Directory(_) | Self::Bucket(_) => None,
        }
    }

    /// Whether it is made of parts.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        matches!(self, Self::Directory(_) | Self::Bucket(_))
    }
}

/// Whether a name ends as one file does.
fn is_file_name(name: &str) -> bool {
    let is_packed = |(_, ending): (&str, &str)| COMPRESSIONS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    matches!(ExportFormat::of_name(name), Ok(Some(_))) || name.rsplit_once('.').is_some_and(is_packed)
}

/// A target that cannot be used.
#[derive(Debug, Error)]
pub enum TargetError {
    /// No URL of an object store.
    #[error("cannot export to a {0}:// URL")]
    Scheme(String),
    /// This build has none.
    #[error("this build of mlflow-trace has no object stores")]
    NoObjectStores,
    /// A URL without a bucket.
    #[error("{url} names no bucket")]
    NoBucket {
        /// The URL.
        url: String,
        /// Its beginning.
        scheme: String,
    },
    /// The object store cannot be opened.
    #[error("cannot use {url}: {reason}")]
    Unusable {
        /// The URL.
        url: String,
        /// Why.
        reason: String,
    },
    /// The object store does not say what is there.
    #[error("cannot look at {url}: {error}")]
    Unseen {
        /// The URL.
        url: String,
        /// Why.
        error: io::Error,
    },
}

/// Names and values that object stores read.
pub type Variables = Vec<(String, String)>;

/// A place in an object store.
#[cfg(feature = "object-store")]
pub fn bucket(url: &str, variables: Variables) -> Result<Box<dyn Folder>, TargetError> {
    Ok(Box::new(open(url, variables)?))
}

/// One object.
#[cfg(feature = "object-store")]
pub fn object(url: &str, variables: Variables) -> Result<Box<dyn NewFile>, TargetError> {
    Ok(open(url, variables)?.begin_itself())
}

/// Whether there is such an object.
#[cfg(feature = "object-store")]
pub fn is_there(url: &str, variables: Variables) -> Result<bool, TargetError> {
    let there = open(url, variables)?.stat("").map_err(|error| TargetError::Unseen { url: url.to_owned(), error })?;
    Ok(there.is_some())
}

#[cfg(feature = "object-store")]
fn open(url: &str, variables: Variables) -> Result<super::Bucket, TargetError> {
    super::Bucket::open(url, variables).map_err(|error| unusable(url, &error.to_string()))
}

fn unusable(url: &str, reason: &str) -> TargetError {
    TargetError::Unusable { url: url.to_owned(), reason: reason.to_owned() }
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn is_there(url: &str, _: Variables) -> Result<bool, TargetError> {
    Err(unusable(url, "this build has no object stores"))
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn bucket(url: &str, _: Variables) -> Result<Box<dyn Folder>, TargetError> {
    Err(unusable(url, "this build has no object stores"))
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn object(url: &str, _: Variables) -> Result<Box<dyn NewFile>, TargetError> {
    Err(unusable(url, "this build has no object stores"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::of(Path::new(text), false).unwrap()
    }

    #[test]
    fn what_is_typed_tells_what_it_is() {
        assert_eq!(target("-"), Target::Output);
        assert_eq!(target("a.jsonl"), Target::File("a.jsonl".into()));
        assert_eq!(target("no-such-folder"), Target::File("no-such-folder".into()));
        assert_eq!(target("no-such-folder/"), Target::Directory("no-such-folder/".into()));
        assert_eq!(target("."), Target::Directory(".".into()));
        let split = |text: &str| Target::of(Path::new(text), true).unwrap();
        assert_eq!(split("no-such-folder"), Target::Directory("no-such-folder".into()));
        assert_eq!(
            (split("a.jsonl"), split("Cargo.toml")),
            (Target::File("a.jsonl".into()), Target::File("Cargo.toml".into()))
        );
        assert_eq!(split("-"), Target::Output);
    }

    #[cfg(feature = "object-store")]
    #[test]
    fn urls_are_places_or_objects() {
        for place in ["s3://b", "s3://b/", "s3://b/a/c", "gs://b/2026.11/", "az://c/x.y"] {
            assert_eq!(target(place), Target::Bucket(place.into()));
        }
        for object in ["s3://b/a.jsonl", "s3://b/x/a.csv.gz", "gs://b/a.PARQUET"] {
            assert_eq!(target(object), Target::Object(object.into()));
        }
        assert!(Target::of(Path::new("s3:///x"), false).is_err());
    }

    #[test]
    fn other_urls_are_refused() {
        for url in ["http://h/x", "file:///x", "ftp://h"] {
            assert!(Target::of(Path::new(url), false).is_err(), "{url}");
        }
    }
}
