//! The terminal: data goes to standard output, everything else to standard error, prompts only where someone can answer.
//!
//! Nothing else in the crate prints. A closed standard output is reported as [`std::io::ErrorKind::BrokenPipe`] and ends
//! the run quietly.

mod jq;
mod pager;
mod screen;
mod shaped;
mod streams;
mod template;

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dialoguer::console::Term;

use crate::clock::Clock;
use crate::output::sanitize;
use crate::store::{Event, Listener};
use jq::Jq;
use pager::{Paged, Screen};
pub use screen::{FullScreen, Key, Panes};
pub use shaped::ShapeError;
use shaped::{Shape, ShapedWriter};
pub use streams::{ErrorStream, Streams, Terminals};
use template::Template;

/// What the user asked to see.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
pub struct Verbosity {
    /// No status messages.
    pub quiet: bool,
    /// 0 to 2.
    pub verbose: u8,
    /// Whether a progress bar may be drawn.
    pub progress: bool,
    /// Whether standard output is coloured.
    pub color_output: bool,
    /// Whether standard error is coloured.
    pub color_error: bool,
}

/// The one way to talk to the user.
pub struct Ui {
    streams: Streams,
    verbosity: Verbosity,
    clock: Clock,
    /// Texts that can be read only once.
    kept: Mutex<HashMap<PathBuf, String>>,
    /// What is written to standard output, while a pager may show it.
    paged: Option<Paged>,
    /// Whether a pager has the terminal.
    is_paging: Arc<AtomicBool>,
}

impl Ui {
    /// Takes over the streams.
    #[must_use]
    pub fn new(streams: Streams, verbosity: Verbosity, clock: Clock) -> Self {
        Self { streams, verbosity, clock, kept: Mutex::default(), paged: None, is_paging: Arc::default() }
    }

    /// Puts a filter of jq's language before standard output. Fails with what is wrong with it.
    pub fn filter(&mut self, filter: &str) -> Result<(), ShapeError> {
        self.shape(Box::new(Jq::new(filter)?));
        Ok(())
    }

    /// Has a template filled in with what is written to standard output. Fails with what is wrong with it.
    pub fn fill_in(&mut self, template: &str) -> Result<(), ShapeError> {
        self.shape(Box::new(Template::new(template)?));
        Ok(())
    }

    fn shape(&mut self, shape: Box<dyn Shape>) {
        let output = std::mem::replace(&mut self.streams.output, Box::new(io::sink()));
        self.streams.output = Box::new(ShapedWriter::new(output, shape, self.streams.terminals.output));
    }

    /// When this run started, and how to show times.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Lets the run begin later than it was started: its clock is set forward.
    pub fn begin_later(&mut self, by: Duration) {
        self.clock = self.clock.later(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// What the user asked to see.
    #[must_use]
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Which streams are terminals.
    #[must_use]
    pub fn terminals(&self) -> Terminals {
        self.streams.terminals
    }

    /// Standard output; flush it with [`Ui::flush`].
    pub fn output(&mut self) -> &mut (dyn Write + Send) {
        if self.paged.is_some() { self } else { &mut *self.streams.output }
    }

    /// Has a command show what is written until the next [`Ui::flush`], if that is longer than the screen. Only on a
    /// terminal.
    pub fn page(&mut self, command: Option<&[String]>) {
        let Terminals { output: true, width: Some(width), height: Some(height), .. } = self.streams.terminals else {
            return;
        };
        if let Some(command) = command {
            let screen = Screen { width: width.into(), height: height.into() };
            self.paged = Some(Paged::new(command, screen, self.streams.error.clone(), Arc::clone(&self.is_paging)));
        }
    }

    /// Takes the whole terminal; what is said meanwhile comes when it is given back.
    pub fn full_screen(&self) -> io::Result<FullScreen> {
        FullScreen::open(self.streams.error.clone())
    }

    /// Whether a pager has the terminal, for who must not take it away.
    #[must_use]
    pub fn paging(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_paging)
    }

    /// Standard input, which is empty from then on.
    pub fn take_input(&mut self) -> Box<dyn BufRead + Send> {
        std::mem::replace(&mut self.streams.input, Box::new(io::empty()))
    }

    /// A text that was kept of what can be read only once.
    #[must_use]
    pub fn kept(&self, path: &Path) -> Option<String> {
        self.kept.lock().ok()?.get(path).cloned()
    }

    /// Keeps a text of what can be read only once.
    pub fn keep(&self, path: &Path, text: &str) {
        if let Ok(mut kept) = self.kept.lock() {
            kept.insert(path.to_owned(), text.to_owned());
        }
    }

    /// Writes out what is buffered for standard output; a pager that shows it is waited for.
    pub fn flush(&mut self) -> io::Result<()> {
        match self.paged.take() {
            Some(mut paged) => paged.finish(&mut *self.streams.output),
            None => self.streams.output.flush(),
        }
    }

    /// A line about what is shown, for a glance; silent with `--quiet`.
    pub fn aside(&mut self, message: &str) {
        if self.verbosity.quiet {
            return;
        }
        let message = sanitize::for_terminal(message);
        let line =
            if self.verbosity.color_error { format!("\u{1b}[2m{message}\u{1b}[0m\n") } else { format!("{message}\n") };
        self.streams.error.write(&line);
    }

    /// A line about what was done; silent with `--quiet`.
    pub fn status(&mut self, message: &str) {
        if !self.verbosity.quiet {
            self.line(message);
        }
    }

    /// Something the user should know although the run goes on.
    pub fn warning(&mut self, message: &str) {
        self.labelled("warning:", "33;1", message);
    }

    /// A line that belongs to an error or a prompt; always shown. What others wrote in it steers no terminal, now or when it
    /// is read in a log.
    pub fn line(&mut self, message: &str) {
        self.streams.error.write(&format!("{}\n", sanitize::for_terminal(message)));
    }

    /// A message behind a label, the label in a colour (SGR parameters) when standard error is coloured.
    pub fn labelled(&mut self, label: &str, sgr: &str, message: &str) {
        if self.verbosity.color_error {
            self.streams.error.write(&format!("\u{1b}[{sgr}m{label}\u{1b}[0m "));
        } else {
            self.streams.error.write(&format!("{label} "));
        }
        self.line(message);
    }

    /// A listener that reports retries and, with `-v`, everything that is sent.
    #[must_use]
    pub fn listener(&self) -> Listener {
        let (stream, verbosity) = (self.streams.error.clone(), self.verbosity);
        Arc::new(move |event| {
            if let Some(line) = describe(&event, verbosity) {
                stream.write(&format!("{}\n", sanitize::for_terminal_line(&line)));
            }
        })
    }

    /// Status lines from another place than this, such as a progress report; silent with `--quiet`.
    #[must_use]
    pub fn reporter(&self) -> Box<dyn Fn(&str) + Send + Sync> {
        let (stream, quiet) = (self.streams.error.clone(), self.verbosity.quiet);
        Box::new(move |line| {
            if !quiet {
                stream.write(&format!("{}\n", sanitize::for_terminal_line(line)));
            }
        })
    }

    /// Warnings from another place than this.
    #[must_use]
    pub fn warner(&self) -> Box<dyn Fn(&str) + Send + Sync> {
        let stream = self.streams.error.clone();
        Box::new(move |line| stream.write(&format!("warning: {}\n", sanitize::for_terminal_line(line))))
    }

    /// Whether a question can be asked and answered.
    #[must_use]
    pub fn can_prompt(&self) -> bool {
        self.streams.terminals.input && self.streams.terminals.error
    }

    /// Asks for a line of text, which may not be empty. `None` when nobody can answer, or nobody did.
    pub fn ask(&mut self, question: &str, default: Option<&str>) -> Option<String> {
        if !self.can_prompt() {
            return None;
        }
        let input = dialoguer::Input::<String>::new().with_prompt(question);
        let input = if let Some(default) = default { input.default(default.to_owned()) } else { input };
        let answer = input.interact_text_on(&Term::stderr()).ok()?;
        Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty())
    }

    /// Asks for a secret, which is not shown. `None` when nobody can answer, or nobody did.
    pub fn ask_secret(&mut self, question: &str) -> Option<String> {
        if !self.can_prompt() {
            return None;
        }
        let answer = dialoguer::Password::new().with_prompt(question).interact_on(&Term::stderr()).ok()?;
        Some(answer).filter(|answer| !answer.is_empty())
    }

    /// Lets one of several be chosen, by its position. `None` when nobody can answer, or nobody did.
    pub fn choose(&mut self, question: &str, among: &[&str]) -> Option<usize> {
        if !self.can_prompt() {
            return None;
        }
        let shown = among.iter().map(|text| sanitize::for_terminal_line(text));
        let select = dialoguer::Select::new().with_prompt(question).items(shown).default(0);
        select.interact_on_opt(&Term::stderr()).ok()?
    }

    /// Asks a yes-or-no question; the default is no. `None` when nobody can answer.
    pub fn confirm(&mut self, question: &str) -> Option<bool> {
        if !self.can_prompt() {
            return None;
        }
        let question = sanitize::for_terminal(question).into_owned();
        let answer = dialoguer::Confirm::new().with_prompt(question).default(false).interact_on_opt(&Term::stderr());
        Some(matches!(answer, Ok(Some(true))))
    }
}

/// How many columns of a terminal a line takes.
fn shown_width(line: &str) -> usize {
    dialoguer::console::measure_text_width(line)
}

/// Standard output while a pager may show it.
impl Write for Ui {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.paged {
            Some(paged) => paged.write(bytes, &mut *self.streams.output),
            None => self.streams.output.write(bytes),
        }
    }

    /// The end is told by [`Ui::flush`].
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn describe(event: &Event, verbosity: Verbosity) -> Option<String> {
    match event {
        Event::Request { method, path, body } if verbosity.verbose > 0 => {
            Some(format!("> {method} {path}{}", body.as_ref().map_or_else(String::new, |body| format!(" {body}"))))
        }
        Event::Answer { status, bytes, took } if verbosity.verbose > 1 => {
            Some(format!("< {status}, {bytes} bytes, {} ms", took.as_millis()))
        }
        Event::Retry { operation, reason, wait, attempt, of } if !verbosity.quiet => Some(format!(
            "could not {operation}: {reason}; trying again in {:.1} s ({attempt}/{of})",
            wait.as_secs_f64()
        )),
        Event::Notice(text) if !verbosity.quiet => Some(format!("note: {text}")),
        Event::Warning(text) => Some(format!("warning: {text}")),
        _ => None,
    }
}
