//! Where an export goes.

use std::io;
use std::path::{Path, PathBuf};

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{Folder, NewFile};

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
/// How the name of one file ends.
const ENDINGS: &[&str] = &["jsonl", "ndjson", "json", "csv", "parquet", "zst", "gz"];

impl Target {
    /// What was typed: `-`, a URL, a directory that exists, ends with a slash or is to hold `parts`, else a file.
    pub fn of(typed: &Path, parts: bool) -> Result<Self, CliError> {
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

    fn of_url(url: &str, scheme: &str, rest: &str) -> Result<Self, CliError> {
        if !SCHEMES.contains(&scheme) {
            return Err(CliError::usage(format!("cannot export to a {scheme}:// URL"))
                .hint("give a file, a directory, or an s3://, gs:// or az:// URL"));
        }
        if !cfg!(feature = "object-store") {
            return Err(CliError::usage("this build of mlflow-trace has no object stores")
                .hint("export to a directory and copy that, or build with --features object-store"));
        }
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(
                CliError::usage(format!("{url} names no bucket")).hint(format!("write {scheme}://BUCKET/PREFIX"))
            );
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        Ok(if is_file_name(name) { Self::Object(url.to_owned()) } else { Self::Bucket(url.to_owned()) })
    }

    /// The name of the one file, which tells format and compression.
    pub fn file_name(&self) -> Option<&str> {
        match self {
            Self::File(path) => path.file_name()?.to_str(),
            Self::Object(url) => url.rsplit('/').next(),
            Self::Output | Self::Directory(_) | Self::Bucket(_) => None,
        }
    }

    /// Whether it is made of parts.
    pub fn has_parts(&self) -> bool {
        matches!(self, Self::Directory(_) | Self::Bucket(_))
    }
}

/// Whether a name ends as one file does.
fn is_file_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// A place in an object store.
#[cfg(feature = "object-store")]
pub fn bucket(context: &Context<'_>, url: &str) -> Result<Box<dyn Folder>, CliError> {
    Ok(Box::new(open(context, url)?))
}

/// One object.
#[cfg(feature = "object-store")]
pub fn object(context: &Context<'_>, url: &str) -> Result<Box<dyn NewFile>, CliError> {
    Ok(open(context, url)?.begin_itself())
}

/// Whether there is such an object.
#[cfg(feature = "object-store")]
pub fn is_there(context: &Context<'_>, url: &str) -> Result<bool, CliError> {
    let there = open(context, url)?
        .stat("")
        .map_err(|error| CliError::new(Exit::Unexpected, format!("cannot look at {url}: {error}")))?;
    Ok(there.is_some())
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn is_there(_: &Context<'_>, url: &str) -> Result<bool, CliError> {
    Err(CliError::usage(format!("cannot use {url}: this build has no object stores")))
}

#[cfg(feature = "object-store")]
fn open(context: &Context<'_>, url: &str) -> Result<crate::export::Bucket, CliError> {
    let variables = context.settings.object_store.iter();
    let variables = variables.map(|(name, value)| (name.clone(), value.expose().to_owned()));
    crate::export::Bucket::open(url, variables).map_err(|error| CliError::usage(format!("cannot use {url}: {error}")))
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn bucket(_: &Context<'_>, url: &str) -> Result<Box<dyn Folder>, CliError> {
    Err(CliError::usage(format!("cannot use {url}: this build has no object stores")))
}

/// Never reached: such a target is refused when it is read.
#[cfg(not(feature = "object-store"))]
pub fn object(_: &Context<'_>, url: &str) -> Result<Box<dyn NewFile>, CliError> {
    Err(CliError::usage(format!("cannot use {url}: this build has no object stores")))
}

/// A target that cannot be written.
pub fn unwritable(name: &str, error: &io::Error) -> CliError {
    let closed = error.kind() == io::ErrorKind::BrokenPipe;
    CliError { is_closed_output: closed, ..CliError::new(Exit::Unexpected, format!("cannot write {name}: {error}")) }
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
