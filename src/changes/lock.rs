//! The lock: a file that says who holds it, so that two runs do not do the same at once.
//!
//! It is released when it is dropped. A run that was killed leaves its file behind: on the same host the next run sees that
//! the process is not there any more and takes over; a file of another host is never taken over, however old it is.
//!
//! Of several runs that find a file left behind, one takes over: the one that creates the marker named after it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::journal::{create_owner_file, create_owner_folder};
use crate::model::rfc3339_utc;

/// How often a lock that is held is tried again while waiting for it.
const POLL: Duration = Duration::from_millis(500);
/// How often it is looked at while others take it over from a dead process, and the pause in between.
const TRIES: u32 = 10;
const MOMENT: Duration = Duration::from_millis(10);

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// When the process began, as the kernel counts, where it tells: a pid is used again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_started: Option<u64>,
    /// Name of the machine.
    pub host: String,
    /// Since when, in epoch milliseconds.
    pub since_ms: i64,
    /// The command, without its arguments.
    pub command: String,
    /// Distinguishes two locks of one process.
    pub token: String,
}

/// A lock that could not be taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody has it.
    #[error(
        "{} holds the lock {}: process {} on {}, since {} ({} s)",
        .holder.command, .path.display(), .holder.pid, .holder.host, rfc3339_utc(.holder.since_ms), .age.as_secs()
    )]
    Held {
        /// Who.
        holder: Box<Holder>,
        /// For how long.
        age: Duration,
        /// Which file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("cannot take the lock {}: {error}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A lock that is held as long as this lives.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    holder: Holder,
}

impl Lock {
    /// Takes the lock of a file, for a command, at a time in epoch milliseconds. The folder is created if it is not there.
    pub fn acquire(path: &Path, command: &str, now_ms: i64) -> Result<Self, LockError> {
        let holder = Holder::this_process(command, now_ms);
        let failed = |error| LockError::Io { path: path.to_owned(), error };
        if let Some(folder) = path.parent() {
            create_owner_folder(folder).map_err(failed)?;
        }
        for _ in 0..TRIES {
            match write_new(path, &holder) {
                Ok(()) => return Ok(Self { path: path.to_owned(), holder }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(error)),
            }
            // Released in this very moment: the next try gets it.
            let Some(present) = read(path).map_err(failed)? else { continue };
            if present.is_alive(&holder.host) {
                let age = Duration::from_millis(u64::try_from(now_ms - present.since_ms).unwrap_or(0));
                return Err(LockError::Held { holder: Box::new(present), age, path: path.to_owned() });
            }
            if !clear_away(path, &present).map_err(failed)? {
                std::thread::sleep(MOMENT);
            }
        }
        let stuck =
            "it was left behind and is being taken over; if nothing is at work, remove it and what is named after it";
        Err(failed(io::Error::new(io::ErrorKind::WouldBlock, stuck)))
    }

    /// Like [`Lock::acquire`], and waits up to `patience` for whoever has it.
    pub async fn acquire_within(
        path: &Path,
        command: &str,
        now_ms: i64,
        patience: Duration,
    ) -> Result<Self, LockError> {
        let mut waited = Duration::ZERO;
        loop {
            let now_ms = now_ms.saturating_add(i64::try_from(waited.as_millis()).unwrap_or(i64::MAX));
            match Self::acquire(path, command, now_ms) {
                Err(LockError::Held { .. }) if waited < patience => {
                    let pause = POLL.min(patience.saturating_sub(waited));
                    tokio::time::sleep(pause).await;
                    waited += pause;
                }
                taken => return taken,
            }
        }
    }

    /// Who holds it: this process.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file that is somebody else's by now, because ours was removed by hand, stays.
        if matches!(read(&self.path), Ok(Some(present)) if present == self.holder) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Holder {
    fn this_process(command: &str, now_ms: i64) -> Self {
        let pid = std::process::id();
        Self {
            pid,
            process_started: process_started(pid),
            host: whoami::fallible::hostname().unwrap_or_else(|_| "localhost".into()),
            since_ms: now_ms,
            command: command.to_owned(),
            token: format!("{:016x}", fastrand::u64(..)),
        }
    }

    /// Whether it may still be at work. Nothing is known of other hosts.
    fn is_alive(&self, this_host: &str) -> bool {
        self.host != this_host || (process_exists(self.pid) && process_started(self.pid) == self.process_started)
    }
}

/// Writes the whole file under another name first, so that nobody ever reads half of it.
fn write_new(path: &Path, holder: &Holder) -> io::Result<()> {
    let draft = with_ending(path, &format!("{}.new", holder.token));
    let written = create_owner_file(&draft)
        .and_then(|mut file| file.write_all(&serde_json::to_vec(holder)?))
        .and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    written.and(removed)
}

fn read(path: &Path) -> io::Result<Option<Holder>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no lock; remove it if nothing is at work")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes the file of a process that is not there any more; false if somebody else is about to, or has done so and holds
/// the lock by now.
fn clear_away(path: &Path, left_behind: &Holder) -> io::Result<bool> {
    let marker = with_ending(path, &format!("{}.taken", left_behind.token));
    match create_owner_file(&marker) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    }
    // Only the owner of the marker may remove this file, so that it cannot change between this look and the removal.
    let is_there = read(path)?.as_ref() == Some(left_behind);
    let removed = if is_there { fs::remove_file(path) } else { Ok(()) };
    fs::remove_file(&marker)?;
    removed.map(|()| is_there)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(target_os = "linux")]
fn process_exists(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// When a process began, in ticks since the machine did: the 22nd word of its `stat`, the second of which, the name, is in
/// parentheses and may hold anything.
#[cfg(target_os = "linux")]
fn process_started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn process_exists(pid: u32) -> bool {
    // Whoever cannot ask does not know, and takes nothing over.
    let asked = std::process::Command::new("ps").args(["-p", &pid.to_string()]).output();
    asked.map_or(true, |answer| answer.status.success())
}

#[cfg(not(unix))]
fn process_exists(_pid: u32) -> bool {
    true
}

#[cfg(not(target_os = "linux"))]
fn process_started(_pid: u32) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use tempfile::{TempDir, tempdir};

    use super::*;

    const NOW_MS: i64 = 1_795_357_800_000;

    fn place() -> (TempDir, PathBuf) {
        let folder = tempdir().unwrap();
        let path = folder.path().join("state").join("retention.lock");
        (folder, path)
    }

    fn files(path: &Path) -> usize {
        fs::read_dir(path.parent().unwrap()).unwrap().count()
    }

    #[test]
    fn it_is_released_when_it_is_dropped() {
        let (_folder, path) = place();
        let lock = Lock::acquire(&path, "retention run", NOW_MS).unwrap();
        assert_eq!(read(&path).unwrap().as_ref(), Some(lock.holder()));
        drop(lock);
        assert_eq!(files(&path), 0);
        Lock::acquire(&path, "retention run", NOW_MS).unwrap();
    }

    #[test]
    fn a_held_one_is_refused_with_holder_and_age() {
        let (_folder, path) = place();
        let _lock = Lock::acquire(&path, "retention run", NOW_MS).unwrap();
        let error = Lock::acquire(&path, "apply", NOW_MS + 90_000).unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with("retention run holds the lock "), "{told}");
        assert!(told.contains(&format!("process {} on ", std::process::id())), "{told}");
        assert!(told.ends_with("since 2026-11-22T14:30:00Z (90 s)"), "{told}");
        assert_eq!(files(&path), 1, "nothing else is left behind");
    }

    fn left_behind(path: &Path, change: impl Fn(&mut Holder)) {
        let mut holder = Holder::this_process("retention run", NOW_MS);
        change(&mut holder);
        create_owner_folder(path.parent().unwrap()).unwrap();
        write_new(path, &holder).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn one_of_a_dead_process_is_taken_over() {
        let (_folder, path) = place();
        left_behind(&path, |holder| holder.pid = u32::MAX);
        drop(Lock::acquire(&path, "apply", NOW_MS).unwrap());
        left_behind(&path, |holder| holder.process_started = Some(1));
        let lock = Lock::acquire(&path, "apply", NOW_MS).unwrap();
        assert_eq!(read(&path).unwrap().as_ref(), Some(lock.holder()));
        assert_eq!(files(&path), 1);
    }

    #[test]
    fn one_of_another_host_is_not_taken_over() {
        let (_folder, path) = place();
        left_behind(&path, |holder| (holder.pid, holder.host) = (u32::MAX, "elsewhere.example".into()));
        let error = Lock::acquire(&path, "apply", NOW_MS).unwrap_err();
        assert!(error.to_string().contains("on elsewhere.example"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn of_many_that_find_one_left_behind_one_gets_it() {
        for _ in 0..20 {
            let (_folder, path) = place();
            left_behind(&path, |holder| holder.pid = u32::MAX);
            let take = || Lock::acquire(&path, "apply", NOW_MS).ok();
            let taken: Vec<Option<Lock>> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(taken.iter().flatten().count() <= 1);
            drop(taken);
            Lock::acquire(&path, "apply", NOW_MS).unwrap();
        }
    }

    #[tokio::test]
    async fn whoever_waits_gets_it_when_it_is_released() {
        let (_folder, path) = place();
        let lock = Lock::acquire(&path, "one", NOW_MS).unwrap();
        let soon = Lock::acquire_within(&path, "two", NOW_MS, Duration::from_millis(20)).await;
        assert!(matches!(soon, Err(LockError::Held { age, .. }) if age == Duration::from_millis(20)));
        let (other, ()) = tokio::join!(Lock::acquire_within(&path, "two", NOW_MS, Duration::from_secs(60)), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(lock);
        });
        assert_eq!(other.unwrap().holder().command, "two");
    }
}
