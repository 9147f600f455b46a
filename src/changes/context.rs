//! What a run works with: the terminal, the signals, where it works, and where it keeps its journals and locks.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use super::error::ChangeError;
use super::place::Place;
use crate::cli::OutputFormat;
use crate::interrupt::Interrupt;
use crate::output::Ids;
use crate::retention::RunRecord;
use crate::store::{Address, Secret};
use crate::ui::Ui;

/// Names of the runs that a command began.
pub type Begun = Arc<Mutex<Vec<String>>>;

/// What a run works with.
pub struct RunContext<'a> {
    /// The terminal.
    pub ui: &'a mut Ui,
    /// Ctrl-C.
    pub interrupt: &'a Interrupt,
    /// What was set for it.
    pub means: Means<'a>,
    /// What a deletion planned and did so far, for whoever reports on the run, however it ends.
    pub record: RunRecord,
    /// Where it works, as soon as somebody asks.
    pub place: OnceLock<Place>,
    /// The runs that began, by the names of their journals.
    pub begun: Begun,
}

/// What flags and environment say about all runs.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The store that is changed.
    pub address: Option<&'a Address>,
    /// Its workspace.
    pub workspace: Option<&'a str>,
    /// The folder of journals and locks.
    pub state_dir: Option<&'a Path>,
    /// What object stores are reached with.
    pub object_store: &'a [(String, Secret)],
    /// Requests under way at once.
    pub concurrency: usize,
    /// The output format that was asked for.
    pub output: Option<OutputFormat>,
    /// Whether a NUL ends an id.
    pub null: bool,
}

impl Means<'_> {
    /// What a command that is shown needs so that it may change the store, too.
    #[must_use]
    pub fn words_to_write(&self) -> &'static str {
        if self.address.is_some_and(Address::is_database) { " --allow-database-writes" } else { "" }
    }
}

impl RunContext<'_> {
    /// Where this run works, looked up once.
    pub fn place(&self) -> &Place {
        self.place.get_or_init(|| {
            let addresses = self.means.address.map(Address::addresses).unwrap_or_default();
            Place::new(&self.source_name(), addresses, self.means.workspace)
        })
    }

    /// The tracking URI without credentials, for what remembers where it comes from.
    #[must_use]
    pub fn source_name(&self) -> String {
        self.means.address.map(Address::lasting_name).unwrap_or_default()
    }

    /// The variables that object stores read.
    #[must_use]
    pub fn object_store(&self) -> Vec<(String, String)> {
        self.means.object_store.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
    }

    /// The output format, one of those that the command has; ids only where nothing is changed.
    pub fn format(
        &self,
        command: &str,
        allowed: &[OutputFormat],
        is_dry_run: bool,
    ) -> Result<OutputFormat, ChangeError> {
        let format = self.means.output.unwrap_or(OutputFormat::Table).checked(command, allowed)?;
        if format == OutputFormat::Ids && !is_dry_run {
            return Err(ChangeError::IdsWithoutDryRun { command: command.to_owned() });
        }
        Ok(format)
    }

    /// Writes one JSON document and a line break.
    pub fn write_json(&mut self, value: &serde_json::Value) -> std::io::Result<()> {
        serde_json::to_writer_pretty(self.ui.output(), value)?;
        self.ui.output().write_all(b"\n")
    }

    /// Writes ids as `-o ids` has them.
    pub fn write_ids<'i>(&mut self, all: impl IntoIterator<Item = &'i str>) -> Result<(), ChangeError> {
        let mut ids = Ids::new(self.means.null);
        all.into_iter().try_for_each(|id| ids.write(self.ui.output(), id))?;
        tell_refused(ids)
    }
}

/// Fails if ids could not be written.
pub fn tell_refused(ids: Ids) -> Result<(), ChangeError> {
    if ids.refused.is_empty() { Ok(()) } else { Err(ChangeError::IdsNotWritten { refused: ids.refused }) }
}
