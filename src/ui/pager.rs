//! The pager: what is longer than the screen is shown by another program, page by page.
//!
//! What fits the screen never starts it. While it has the terminal, nothing else is written there: standard error is held back until
//! it has ended. One that cannot be started is done without, and one that ends early ends the output, as a closed pipe does.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{ErrorStream, shown_width};

/// The screen of a terminal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    pub width: usize,
    pub height: usize,
}

impl Screen {
    /// How many lines of it a text takes.
    fn lines(self, text: &str) -> usize {
        text.lines().map(|line| shown_width(line).div_ceil(self.width.max(1)).max(1)).sum()
    }
}

/// Output that is shown by a pager once it is longer than the screen.
pub(super) struct Paged {
    command: Vec<String>,
    screen: Screen,
    errors: ErrorStream,
    /// Whether the pager has the terminal.
    is_open: Arc<AtomicBool>,
    state: State,
}

enum State {
    /// So far it fits.
    Kept(Vec<u8>),
    /// The pager shows it.
    Shown(Child),
    /// It goes where it went before.
    Direct,
}

impl Paged {
    pub fn new(command: &[String], screen: Screen, errors: ErrorStream, is_open: Arc<AtomicBool>) -> Self {
        Self { command: command.to_vec(), screen, errors, is_open, state: State::Kept(Vec::new()) }
    }

    /// Writes on; what no pager takes goes to `direct`.
    pub fn write(&mut self, bytes: &[u8], direct: &mut dyn Write) -> io::Result<usize> {
        match &mut self.state {
            State::Kept(kept) => {
                kept.extend_from_slice(bytes);
                if self.screen.lines(&String::from_utf8_lossy(kept)) >= self.screen.height {
                    let kept = std::mem::take(kept);
                    self.open(&kept, direct)?;
                }
                Ok(bytes.len())
            }
            State::Shown(child) => match &mut child.stdin {
                Some(pipe) => pipe.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            State::Direct => direct.write(bytes),
        }
    }

    /// Starts the pager with what there is so far.
    fn open(&mut self, kept: &[u8], direct: &mut dyn Write) -> io::Result<()> {
        self.state = State::Direct;
        direct.flush()?;
        let Some((program, arguments)) = self.command.split_first() else { return direct.write_all(kept) };
        let Ok(mut child) = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn() else {
            return direct.write_all(kept);
        };
        self.errors.hold();
        self.is_open.store(true, Ordering::SeqCst);
        let pipe = child.stdin.take();
        self.state = State::Shown(child);
        let Some(mut pipe) = pipe else { return Ok(()) };
        pipe.write_all(kept)?;
        if let State::Shown(child) = &mut self.state {
            child.stdin = Some(pipe);
        }
        Ok(())
    }

    /// Writes what is kept, or waits until the pager has ended.
    pub fn finish(&mut self, direct: &mut dyn Write) -> io::Result<()> {
        match std::mem::replace(&mut self.state, State::Direct) {
            State::Kept(kept) => direct.write_all(&kept)?,
            State::Shown(mut child) => {
                drop(child.stdin.take());
                // However it ended: it was there to show something.
                let _ = child.wait();
                self.is_open.store(false, Ordering::SeqCst);
                self.errors.release();
            }
            State::Direct => {}
        }
        direct.flush()
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = Screen { width: 10, height: 4 };

    /// What goes to the terminal beside the pager, and how the writing ended.
    fn shown(command: &str, text: &str) -> (String, io::Result<()>) {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let mut paged = Paged::new(&words, SCREEN, ErrorStream::new(io::sink()), Arc::default());
        let mut direct = Vec::new();
        let mut write = |text: &str| -> io::Result<()> {
            for chunk in text.as_bytes().chunks(7) {
                let mut rest = chunk;
                while !rest.is_empty() {
                    rest = &rest[paged.write(rest, &mut direct)?..];
                }
            }
            Ok(())
        };
        let written = write(text);
        let finished = paged.finish(&mut direct);
        (String::from_utf8(direct).unwrap(), written.and(finished))
    }

    #[test]
    fn what_fits_the_screen_starts_no_pager() {
        let (text, ended) = shown("false", "one\ntwo\nthree\n");
        assert_eq!(text, "one\ntwo\nthree\n");
        assert!(ended.is_ok());
    }

    #[test]
    fn what_is_longer_goes_to_the_pager() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paged");
        let (text, ended) = shown(&format!("tee {}", file.display()), "one\ntwo\nthree\nfour\nfive\n");
        assert!(ended.is_ok() && text.is_empty(), "{text}");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "one\ntwo\nthree\nfour\nfive\n");
    }

    #[test]
    fn lines_count_as_the_screen_breaks_them() {
        assert_eq!(SCREEN.lines("0123456789\n0123456789a\n\n"), 4);
        assert_eq!(SCREEN.lines("\u{1b}[31m0123456789\u{1b}[0m\n"), 1, "colours take no room");
    }

    #[test]
    fn without_a_pager_everything_is_written() {
        let text = "line\n".repeat(20);
        assert_eq!(shown("no-such-pager-here", &text).0, text);
    }

    #[test]
    fn a_pager_that_ends_early_closes_the_output() {
        let (text, ended) = shown("true", &"line\n".repeat(100_000));
        assert_eq!((text.as_str(), ended.unwrap_err().kind()), ("", io::ErrorKind::BrokenPipe));
    }
}
