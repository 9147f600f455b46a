//! What became of the records of `dataset add`, in words and in the exit code.

use serde_json::{Value, json};

use crate::analysis::records::{Present, Records};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::Dataset;
use crate::output::{count, count_traces};

/// What became of the records.
pub struct Added {
    pub dataset: Dataset,
    pub records: Records,
    pub before: Present,
    pub after: Present,
}

impl Added {
    fn added(&self) -> u64 {
        self.records.len() as u64 - self.before.there
    }

    fn updated(&self) -> u64 {
        self.before.there - self.before.equal
    }

    pub fn value(&self, is_dry_run: bool) -> Value {
        json!({
            "dataset_id": self.dataset.id,
            "name": self.dataset.name,
            "dry_run": is_dry_run,
            "traces": self.records.traces + self.records.without_inputs,
            "without_inputs": self.records.without_inputs,
            "records": self.records.len(),
            "new": self.added(),
            "updated": self.updated(),
            "unchanged": self.before.equal,
        })
    }

    pub fn tell(&self, context: &mut Context<'_>, is_dry_run: bool) {
        if self.records.without_inputs > 0 {
            let traces = count_traces(self.records.without_inputs);
            context.ui.warning(&format!("left out {traces} without inputs in the root span"));
        }
        if self.records.is_empty() {
            return;
        }
        let (name, id) = (&self.dataset.name, &self.dataset.id);
        let verb = if is_dry_run { "would add" } else { "added" };
        let (traces, records) = (count_traces(self.records.traces), count(self.records.len() as u64));
        let (new, updated, equal) = (count(self.added()), count(self.updated()), count(self.before.equal));
        context.ui.status(&format!(
            "{verb} {traces} to dataset {name:?} (id {id}); records: {records} ({new} new, {updated} updated, {equal} unchanged)"
        ));
    }

    /// Whether the dataset has all of it.
    pub fn is_complete(&self) -> CommandResult {
        let lacking = self.records.len() as u64 - self.after.equal.min(self.records.len() as u64);
        if lacking == 0 {
            return Ok(Exit::Done);
        }
        let missing = self.records.len() as u64 - self.after.there;
        let message = format!(
            "the server says that it took everything, but {} are missing and {} differ from what was sent",
            count(missing),
            count(lacking - missing)
        );
        Err(CliError::new(Exit::Partial, message)
            .hint("a server may keep the old expectations and tags of records that it had; add them to a new dataset"))
    }
}
