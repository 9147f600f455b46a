//! The streams of a process: where data, messages and answers go and come from.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::{Arc, Mutex};

use dialoguer::console::Term;

use crate::model::masked;

/// The three streams and what is known about them.
pub struct Streams {
    /// Standard input, for ids.
    pub input: Box<dyn BufRead + Send>,
    /// Standard output, for data.
    pub output: Box<dyn Write + Send>,
    /// Standard error, for everything else.
    pub error: ErrorStream,
    /// Which of them are terminals.
    pub terminals: Terminals,
}

/// Standard error, shared with whoever reports from another thread.
#[derive(Clone)]
pub struct ErrorStream(Arc<Mutex<ErrorState>>);

struct ErrorState {
    writer: Box<dyn Write + Send>,
    /// What was written while somebody else has the terminal.
    held: Option<String>,
}

impl ErrorStream {
    /// Shares a writer.
    pub fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(ErrorState { writer: Box::new(writer), held: None })))
    }

    pub(crate) fn write(&self, text: &str) {
        // Standard error that cannot be written leaves nobody to tell.
        let Ok(mut state) = self.0.lock() else { return };
        match &mut state.held {
            Some(held) => held.push_str(text),
            None => drop(state.writer.write_all(masked(text).as_bytes())),
        }
    }

    /// Keeps back what is written.
    pub(super) fn hold(&self) {
        if let Ok(mut state) = self.0.lock() {
            state.held.get_or_insert_default();
        }
    }

    /// Writes what was kept back.
    pub(super) fn release(&self) {
        let held = self.0.lock().ok().and_then(|mut state| state.held.take());
        if let Some(held) = held {
            self.write(&held);
        }
    }
}

/// Which streams are terminals, and how wide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminals {
    /// Standard input.
    pub input: bool,
    /// Standard output.
    pub output: bool,
    /// Standard error.
    pub error: bool,
    /// Columns of the terminal, if there is one.
    pub width: Option<u16>,
    /// Lines of it.
    pub height: Option<u16>,
}

impl Streams {
    /// The process's own streams.
    #[must_use]
    pub fn of_process() -> Self {
        let size = Term::stdout().size_checked();
        let terminals = Terminals {
            input: io::stdin().is_terminal(),
            output: io::stdout().is_terminal(),
            error: io::stderr().is_terminal(),
            width: size.map(|(_, columns)| columns),
            height: size.map(|(lines, _)| lines),
        };
        Self {
            input: Box::new(io::BufReader::new(io::stdin())),
            output: Box::new(io::BufWriter::with_capacity(64 * 1024, io::stdout())),
            error: ErrorStream::new(io::stderr()),
            terminals,
        }
    }
}
