//! Secrets of profiles in files that only their owner reads.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::CliError;
use crate::exit::Exit;
use crate::files;
use crate::store::Secret;

/// The folder beside the file of profiles.
const FOLDER: &str = "secrets";

/// Writes a secret of a profile into a file of its own; returns its path as the profile names it.
pub fn write(config: &Path, profile: &str, secret: &Secret) -> Result<String, CliError> {
    let relative = format!("{FOLDER}/{profile}");
    let path = config.parent().unwrap_or(Path::new("")).join(&relative);
    written(&path, secret)
        .map_err(|error| CliError::new(Exit::Unexpected, format!("cannot write {}: {error}", path.display())))?;
    Ok(relative)
}

/// What was there of a profile that is no more may have been readable by others: the file is made anew.
fn written(path: &PathBuf, secret: &Secret) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make_own(folder)?;
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = files::create_new(path)?;
    file.write_all(format!("{}\n", secret.expose()).as_bytes())?;
    file.sync_all()
}

/// Makes a folder that only its owner enters, unless it is there.
fn make_own(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
