//! What every command works with.

use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use crate::changes::RunContext;
use crate::changes::context::{Begun, Means};
use crate::cli::OutputFormat;
use crate::error::CliError;
use crate::interrupt::Interrupt;
use crate::retention::RunRecord;
use crate::settings::Settings;
use crate::ui::Ui;

/// What every command works with: what a run does, and everything else that was set.
pub struct Context<'a> {
    run: RunContext<'a>,
    /// Flags and environment, resolved.
    pub settings: &'a Settings,
}

impl<'a> Deref for Context<'a> {
    type Target = RunContext<'a>;

    fn deref(&self) -> &RunContext<'a> {
        &self.run
    }
}

impl<'a> DerefMut for Context<'a> {
    fn deref_mut(&mut self) -> &mut RunContext<'a> {
        &mut self.run
    }
}

/// Requests under way at once: more gain nothing on a server with one database.
pub const CONCURRENCY: usize = 4;

impl<'a> Context<'a> {
    /// Of a process, for one command.
    pub fn new(ui: &'a mut Ui, settings: &'a Settings, interrupt: &'a Interrupt) -> Self {
        let means = Means {
            address: settings.tracking_uri.as_ref().ok(),
            workspace: settings.http.workspace.as_deref(),
            state_dir: settings.state_dir.as_deref(),
            object_store: &settings.http.object_store,
            concurrency: settings.http.concurrency.map_or(CONCURRENCY, NonZeroUsize::get),
            output: settings.output,
            null: settings.null,
        };
        let (record, place, begun) = (RunRecord::default(), OnceLock::new(), Begun::default());
        Self { run: RunContext { ui, interrupt, means, record, place, begun }, settings }
    }

    /// The same command, as a part of it with signals and settings of its own.
    pub fn part<'p>(&'p mut self, settings: &'p Settings, interrupt: &'p Interrupt) -> Context<'p> {
        let (place, begun) = (self.run.place.clone(), self.run.begun.clone());
        let mut part = Context::new(&mut *self.run.ui, settings, interrupt);
        (part.run.place, part.run.begun) = (place, begun);
        part
    }

    /// Shows what is written from now on with a pager if it is for people, on a terminal, and longer than its screen.
    pub fn page(&mut self, format: OutputFormat) {
        if format.is_table() {
            self.run.ui.page(self.settings.pager.as_deref());
        }
    }

    /// The output format, one of those the command has.
    pub fn output(&self, command: &str, allowed: &[OutputFormat]) -> Result<OutputFormat, CliError> {
        let format = self.settings.output.unwrap_or(OutputFormat::Table);
        Ok(format.checked(command, allowed)?)
    }
}
