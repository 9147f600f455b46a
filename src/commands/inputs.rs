//! What people hand in: files, pipes and standard input, read to their end.
//!
//! Invariants: a signal ends every wait for them, as they are read in a thread of their own; nothing is read without end.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::interrupt::Interrupt;

const MIB: u64 = 1 << 20;
/// The most that is read of a filter or a policy.
pub const TEXT: u64 = 16 * MIB;
/// The most that is read of a list.
pub const LIST: u64 = 256 * MIB;
/// The most that is kept of rows from a pipe.
pub const ROWS: u64 = 1024 * MIB;

/// How often a wait looks whether a signal came.
const LOOK: Duration = Duration::from_millis(20);

/// Why something was not read.
pub enum Unread {
    /// A signal came.
    Interrupted,
    /// It cannot be read, or not to its end.
    Failed(io::Error),
}

impl Unread {
    /// The error of a run that could not read it.
    pub fn into_error(self, of_failure: impl FnOnce(&io::Error) -> CliError) -> CliError {
        match self {
            Self::Interrupted => CliError::new(Exit::Interrupted, "interrupted while reading; nothing was sent"),
            Self::Failed(error) => of_failure(&error),
        }
    }
}

/// The text of a file; that of standard input for `-`.
pub fn text(context: &mut Context<'_>, path: &Path, most: u64) -> Result<String, Unread> {
    if path == Path::new("-") { standard(context, most) } else { file(context, path, most) }
}

/// The text of a file. What can be read only once is kept.
pub fn file(context: &Context<'_>, path: &Path, most: u64) -> Result<String, Unread> {
    if let Some(kept) = context.ui.kept(path) {
        return Ok(kept);
    }
    let is_file = path.metadata().is_ok_and(|there| there.is_file());
    let text = as_text(bytes(context, path, most)?)?;
    if !is_file {
        context.ui.keep(path, &text);
    }
    Ok(text)
}

/// The bytes of a file.
pub fn bytes(context: &Context<'_>, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let path = path.to_owned();
    apart(context.interrupt, move || whole(&mut File::open(path)?, most))
}

/// All of standard input, which is empty from then on.
pub fn standard(context: &mut Context<'_>, most: u64) -> Result<String, Unread> {
    let mut input = context.ui.take_input();
    as_text(apart(context.interrupt, move || whole(&mut input, most))?)
}

/// Does something with standard input that waits for it.
pub fn with_standard<T: Send + 'static>(
    context: &mut Context<'_>,
    work: impl FnOnce(&mut dyn BufRead) -> io::Result<T> + Send + 'static,
) -> Result<T, Unread> {
    let mut input = context.ui.take_input();
    apart(context.interrupt, move || work(&mut input))
}

/// Does something that waits for others in a thread that is left behind when a signal comes.
pub fn apart<T: Send + 'static>(
    interrupt: &Interrupt,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Unread> {
    let (done, wait) = mpsc::channel();
    // Nobody may be left to take it.
    let thread = std::thread::Builder::new().spawn(move || drop(done.send(work())));
    thread.map_err(Unread::Failed)?;
    loop {
        match wait.recv_timeout(LOOK) {
            Ok(read) => return read.map_err(Unread::Failed),
            Err(RecvTimeoutError::Timeout) if interrupt.requested() => return Err(Unread::Interrupted),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Unread::Failed(io::Error::other("the thread that read it failed")));
            }
        }
    }
}

fn whole(reader: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it is larger than the limit of {} MiB", most / MIB);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

fn as_text(bytes: Vec<u8>) -> Result<String, Unread> {
    let no_text = |_| Unread::Failed(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"));
    String::from_utf8(bytes).map_err(no_text)
}
