//! The attachments that lie beside the parts of an archive.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use crate::model::{ArchivedAttachment, AttachmentRef, ManifestAttachments, hex};
use crate::store::StoreError;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// The list of the attachments of a part.
pub(super) struct AttachmentList {
    /// That of the manifest.
    folder: PathBuf,
    listed: ManifestAttachments,
}

impl AttachmentList {
    /// As a manifest in this folder names it.
    pub(super) fn new(folder: &Path, listed: &ManifestAttachments) -> Result<Self, StoreError> {
        let stays = Path::new(&listed.path).components().all(|component| matches!(component, Component::Normal(_)));
        if stays {
            return Ok(Self { folder: folder.to_owned(), listed: listed.clone() });
        }
        Err(failure(&folder.join(&listed.path), "it leads out of the archive".to_owned()))
    }

    /// Holds the list against the manifest and every attachment against the list.
    pub(super) fn verify(&self, stop: &AtomicBool) -> Result<(), StoreError> {
        let path = self.folder.join(&self.listed.path);
        let digest = digest(&path, stop).map_err(|error| failure(&path, error.to_string()))?;
        if digest != (self.listed.bytes, self.listed.sha256.to_ascii_lowercase()) {
            return Err(failure(&path, "it is not as the manifest says".to_owned()));
        }
        let lines = File::open(&path).map(BufReader::new).map_err(|error| failure(&path, error.to_string()))?;
        for line in lines.lines() {
            let line = line.map_err(|error| failure(&path, error.to_string()))?;
            let one: ArchivedAttachment =
                serde_json::from_str(&line).map_err(|error| failure(&path, error.to_string()))?;
            self.verify_one(&one, stop)?;
        }
        Ok(())
    }

    fn verify_one(&self, one: &ArchivedAttachment, stop: &AtomicBool) -> Result<(), StoreError> {
        let Some(path) = one.path().map(|path| self.folder.join(path)) else {
            return Err(failure(&self.folder.join(&self.listed.path), format!("{:?} is no attachment", one.id)));
        };
        match digest(&path, stop) {
            Ok(found) if found == (one.bytes, one.sha256.to_ascii_lowercase()) => Ok(()),
            Ok(_) => Err(failure(&path, "its SHA-256 is not that of its list, so it has changed".to_owned())),
            Err(error) => Err(failure(&path, error.to_string())),
        }
    }
}

/// The content of an attachment; nothing if no list names a folder that has it.
pub(super) fn read(lists: &[AttachmentList], reference: &AttachmentRef) -> io::Result<Option<Vec<u8>>> {
    let mut folders: Vec<&Path> = lists.iter().map(|list| list.folder.as_path()).collect();
    folders.dedup();
    for folder in folders {
        match fs::read(folder.join(reference.path())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            read => return read.map(Some),
        }
    }
    Ok(None)
}

/// The size and the SHA-256 of a file.
fn digest(path: &Path, stop: &AtomicBool) -> io::Result<(u64, String)> {
    let (mut file, mut piece) = (File::open(path)?, vec![0; PIECE]);
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((bytes, hex(&digest.finalize())));
        }
        if stop.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        digest.update(piece.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
}

fn failure(path: &Path, reason: String) -> StoreError {
    StoreError::Archive { path: path.display().to_string(), reason }
}
