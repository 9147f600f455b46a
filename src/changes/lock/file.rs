//! The file of a lock: created and cleared away all at once, so that nobody ever reads half of it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::holder::{Holder, Life};
use crate::changes::journal::create_owner_file;

/// A lock that is there, at one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLock {
    /// Who holds it.
    pub holder: Holder,
    /// What changes when it is renewed, by the clock of whoever holds it.
    pub renewed: SystemTime,
}

impl SeenLock {
    /// Looks at a lock; nothing if nobody has it. The file is opened every time, as remote file systems remember what they
    /// know about files that are not.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Self { holder: holder_in(&mut file)?, renewed: file.metadata()?.modified()? }))
    }

    /// How far its last renewal is from the present of this machine, whose clock may be another one.
    pub(super) fn distance(&self) -> Duration {
        let now = SystemTime::now();
        now.duration_since(self.renewed).or_else(|_| self.renewed.duration_since(now)).unwrap_or_default()
    }
}

pub fn holder_in(file: &mut File) -> io::Result<Holder> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    serde_json::from_slice(&text)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not a lock; remove it if no run is active"))
}

/// Removes a lock that was seen, whoever holds it, with what a run has left behind that was taking it over; false if it has
/// changed hands meanwhile.
pub fn remove(path: &Path, seen: &SeenLock) -> io::Result<bool> {
    match fs::remove_file(marker(path, &seen.holder)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // It may have been renewed since.
    let present = SeenLock::read(path)?.filter(|present| present.holder.token == seen.holder.token);
    present.map_or(Ok(false), |present| clear_away(path, &present, &Holder::this_process("", 0)))
}

/// Creates the file if it is not there, all of it at once, so that nobody ever reads half of it.
pub fn write_new(path: &Path, holder: &Holder) -> io::Result<bool> {
    let draft = with_ending(path, &format!("{}.new", holder.token));
    let written = create_owner_file(&draft)
        .and_then(|mut file| file.write_all(&serde_json::to_vec(holder)?))
        .and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => removed.map(|()| false),
        written => written.and(removed).map(|()| true),
    }
}

/// Removes a lock that was left behind; false if somebody else is about to, or has done so and holds the lock by now.
pub fn clear_away(path: &Path, left_behind: &SeenLock, me: &Holder) -> io::Result<bool> {
    let marker = marker(path, &left_behind.holder);
    if !write_new(&marker, me)? {
        // Killed while it was at this.
        let by = SeenLock::read(&marker).ok().flatten();
        if let Some(by) = by.filter(|by| by.holder.life(me) == Life::Gone) {
            clear_away(&marker, &by, me)?;
        }
        return Ok(false);
    }
    // Only the owner of the marker may remove this file, so that nobody else does between this look and the removal.
    let is_there = SeenLock::read(path)?.as_ref() == Some(left_behind);
    let removed = if is_there { fs::remove_file(path) } else { Ok(()) };
    fs::remove_file(&marker)?;
    removed.map(|()| is_there)
}

pub(super) fn marker(path: &Path, left_behind: &Holder) -> PathBuf {
    with_ending(path, &format!("{}.taken", left_behind.token))
}

pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
