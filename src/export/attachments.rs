//! The attachments of a part: files beside the parts, and the list of them that the manifest names.
//!
//! An attachment is written before the trace that refers to it, and the list before the part. One attachment is in memory at
//! a time; the list is written as it grows.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write};

use sha2::{Digest, Sha256};

use super::TraceSource;
use super::encode::{Compression, Encoder};
use super::folder::{Folder, NewFile, Stat};
use super::read_back::{Damage, Digested};
use crate::model::{
    ATTACHMENTS, ArchivedAttachment, AttachmentRef, ManifestAttachments, ManifestFailure, Trace, TraceId, hex,
};

/// The word in manifests for a trace of which an attachment could not be had.
pub const ATTACHMENT_MISSING: &str = "attachment-missing";

/// What becomes of attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttachmentChoice {
    /// They are left out, and the traces that refer to any are counted.
    #[default]
    LeftOut,
    /// They are written beside the parts. A trace whose attachments cannot be had is written without them and counts as
    /// failed.
    Brought,
    /// The same, but such a trace is not written.
    Required,
}

/// The attachments of a part that is being written.
pub(super) struct Shelf<'f> {
    folder: &'f dyn Folder,
    /// Of the list.
    path: String,
    list: Option<Encoder<Box<dyn NewFile>>>,
    files: u64,
}

impl<'f> Shelf<'f> {
    /// That of a part; nothing is written yet.
    pub fn new(folder: &'f dyn Folder, part: usize) -> Self {
        // Nobody takes a file with this name for traces.
        Self { folder, path: format!("{ATTACHMENTS}/{part:05}.ndjson"), list: None, files: 0 }
    }

    /// Brings what a trace refers to. Returns why not all of it is there. Fails if the source, or the folder, fails as such.
    pub async fn bring<S: TraceSource>(
        &mut self,
        source: &S,
        trace: &Trace,
        wanted: AttachmentChoice,
    ) -> io::Result<Result<Option<ManifestFailure>, S::Error>> {
        let mut missing: Vec<String> = Vec::new();
        for reference in trace.attachments() {
            let fetched = match source.attachment(&reference).await {
                Ok(fetched) => fetched.and_then(|bytes| of_its_size(&reference, bytes)),
                Err(error) => return Ok(Err(error)),
            };
            match fetched {
                Ok(bytes) => self.put(&reference, &bytes)?,
                Err(reason) => missing.push(format!("attachment {} cannot be had: {reason}", reference.id)),
            }
            if wanted == AttachmentChoice::Required && !missing.is_empty() {
                break;
            }
        }
        Ok(Ok(failure(&trace.info.trace_id, &missing)))
    }

    fn put(&mut self, reference: &AttachmentRef, content: &[u8]) -> io::Result<()> {
        let path = reference.path();
        let stored = write_whole(self.folder, &path, content).map_err(|error| named(&path, &error))?;
        let (trace_id, id) = (reference.trace_id.clone(), reference.id.clone());
        let line = ArchivedAttachment { trace_id, id, bytes: content.len() as u64, sha256: stored };
        let list = match &mut self.list {
            Some(list) => list,
            none => none.insert(Encoder::new(self.folder.begin(&self.path)?, Compression::None)?),
        };
        serde_json::to_writer(&mut *list, &line)?;
        self.files += 1;
        list.write_all(b"\n")
    }

    /// Gives the list its name; nothing if there are no attachments.
    pub fn finish(self) -> io::Result<Option<ManifestAttachments>> {
        let Some(list) = self.list else { return Ok(None) };
        let (file, stored) = list.finish()?;
        file.finish()?;
        Ok(Some(ManifestAttachments { path: self.path, sha256: stored.sha256, bytes: stored.bytes, files: self.files }))
    }
}

fn failure(trace: &TraceId, missing: &[String]) -> Option<ManifestFailure> {
    let first = missing.first()?;
    let more = if missing.len() > 1 { format!("; and {} more", missing.len() - 1) } else { String::new() };
    let reason = format!("its {first}{more}");
    Some(ManifestFailure { trace_id: trace.clone(), kind: ATTACHMENT_MISSING.to_owned(), reason })
}

/// A client states the size when it stores an attachment; what has another one is not what was stored.
fn of_its_size(reference: &AttachmentRef, bytes: bytes::Bytes) -> Result<bytes::Bytes, String> {
    match reference.bytes {
        Some(stated) if stated != bytes.len() as u64 => {
            Err(format!("it has {} bytes instead of {stated}", bytes.len()))
        }
        _ => Ok(bytes),
    }
}

/// Writes a file whole and returns the SHA-256 of its content.
fn write_whole(folder: &dyn Folder, path: &str, content: &[u8]) -> io::Result<String> {
    let mut file = folder.begin(path)?;
    file.write_all(content)?;
    file.finish()?;
    Ok(hex(&Sha256::digest(content)))
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("its attachment {path}: {error}"))
}

/// The attachments of a part, as they were read back.
#[derive(Default)]
pub(super) struct Brought {
    known: HashSet<(TraceId, String)>,
    /// What their files were like before they were read.
    stats: Stats,
}

impl Brought {
    /// Whether everything that a trace refers to is there.
    pub fn holds_all_of(&self, trace: &Trace) -> bool {
        trace.attachments().into_iter().all(|one| self.known.contains(&(one.trace_id, one.id)))
    }

    /// How many there are, and what their files were like.
    pub fn into_stats(self) -> Stats {
        self.stats
    }
}

/// Reads the list of a part to its end and every attachment in it, and holds them against what is said about them.
pub(super) fn read_back(folder: &dyn Folder, listed: &ManifestAttachments) -> Result<Brought, Damage> {
    let damage = |reason: String| Damage::Attachments(format!("{}: {reason}", listed.path));
    let reader = folder.stream(&listed.path)?.ok_or_else(|| damage("it is not there".to_owned()))?;
    let mut reader = BufReader::new(Digested::new(reader));
    let (mut line, mut brought, mut files) = (Vec::new(), Brought::default(), 0);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let one: ArchivedAttachment = serde_json::from_slice(&line).map_err(|error| damage(error.to_string()))?;
        let path = one.path().ok_or_else(|| damage(format!("{:?} is no id of an attachment", one.id)))?;
        let stat = check(folder, &path, &one)?;
        brought.stats.note(&path, &stat);
        brought.known.insert((one.trace_id, one.id));
        files += 1;
        line.clear();
    }
    let (bytes, sha256) = reader.into_inner().finish();
    if bytes != listed.bytes || !sha256.eq_ignore_ascii_case(&listed.sha256) || files != listed.files {
        return Err(damage("it is not as the manifest says".to_owned()));
    }
    Ok(brought)
}

/// Reads an attachment and returns what its file was like before.
fn check(folder: &dyn Folder, path: &str, listed: &ArchivedAttachment) -> Result<Stat, Damage> {
    let damage = |reason: &str| Damage::Attachments(format!("{path}: {reason}"));
    let stat = folder.stat(path)?.ok_or_else(|| damage("it is not there"))?;
    let mut content = Digested::new(folder.stream(path)?.ok_or_else(|| damage("it is not there"))?);
    io::copy(&mut content, &mut io::sink())?;
    let (bytes, sha256) = content.finish();
    if bytes != listed.bytes {
        return Err(damage(&format!("it has {bytes} bytes instead of {}", listed.bytes)));
    }
    if !sha256.eq_ignore_ascii_case(&listed.sha256) {
        return Err(damage(&format!("its SHA-256 is {sha256} instead of {}", listed.sha256)));
    }
    Ok(stat)
}

/// What the files of attachments were like when they were read back: 16 bytes of each.
#[derive(Clone, Debug, Default)]
pub struct Stats(HashMap<u64, u64>);

impl Stats {
    fn note(&mut self, path: &str, stat: &Stat) {
        self.0.insert(digest(&path), digest(&(stat.bytes, &stat.version)));
    }

    /// Adds those of another part.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Looks whether the attachments of a trace are still as they were read back; the reason if not. Those that were never
    /// read back here are none of this archive's.
    pub fn check(&self, folder: &dyn Folder, trace: &Trace) -> Result<(), String> {
        for path in trace.attachments().iter().map(AttachmentRef::path) {
            let Some(known) = self.0.get(&digest(&path.as_str())) else { continue };
            let now = folder.stat(&path).map_err(|error| format!("{path} cannot be looked at: {error}"))?;
            let now = now.ok_or_else(|| format!("{path} is not there"))?;
            if digest(&(now.bytes, &now.version)) != *known {
                return Err(format!("{path} was changed"));
            }
        }
        Ok(())
    }
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
