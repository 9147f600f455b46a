//! The renewals of a lock: the sign that whoever holds it is at work.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Instant, SystemTime};

use super::file::holder_in;
use super::holder::Holder;
use super::{Files, Times};

/// What keeps a lock.
pub struct Renewals {
    pub files: Files,
    pub holder: Holder,
    pub times: Times,
}

impl Renewals {
    /// Renews the files until it is stopped; else says how the lock was lost.
    pub fn run(&self, stopped: &mpsc::Receiver<()>) -> Option<String> {
        let mut renewed = Instant::now();
        while stopped.recv_timeout(self.times.renewal) == Err(RecvTimeoutError::Timeout) {
            let files = self.files.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match files.iter().try_for_each(|path| renew(path, &self.holder)) {
                Ok(()) => renewed = Instant::now(),
                Err(Lost::For(reason)) => return Some(reason),
                // Others have waited long enough by now.
                Err(Lost::Perhaps(error)) if renewed.elapsed() >= self.times.watch => {
                    return Some(format!("the lock cannot be renewed: {error}"));
                }
                Err(Lost::Perhaps(_)) => {}
            }
        }
        None
    }
}

/// Why a lock was not renewed.
enum Lost {
    /// It is not ours any more.
    For(String),
    /// It could not be looked at.
    Perhaps(io::Error),
}

/// Says that the holder is at work, by the time at which the file changed last. What is touched is the file that was read:
/// one that takes its place meanwhile is not.
fn renew(path: &Path, holder: &Holder) -> Result<(), Lost> {
    let gone = || Lost::For(format!("the lock {} was removed", path.display()));
    let mut file = match File::options().read(true).append(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(gone()),
        Err(error) => return Err(Lost::Perhaps(error)),
    };
    let present = holder_in(&mut file).map_err(Lost::Perhaps)?;
    if present.token != holder.token {
        let by = format!("{}, process {} on {}", present.command, present.pid, present.host);
        return Err(Lost::For(format!("the lock {} was taken over by {by}", path.display())));
    }
    file.set_modified(SystemTime::now()).map_err(Lost::Perhaps)
}
