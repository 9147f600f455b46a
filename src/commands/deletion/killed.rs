//! Runs that were killed: what they had under way is settled by the run that comes after them.

use std::cell::Cell;
use std::collections::HashSet;

use crate::changes::journal::{Action, Counts, Header, Journal, Outcome, Recorded};
use crate::commands::journals::{self, broken};
use crate::commands::{CommandResult, Context, trace_ids};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{ExperimentId, TraceId};
use crate::output::{count, count_traces};
use crate::store::{ServerStore, StoreError};

/// A run that did not end by itself.
pub struct Killed {
    /// Its name.
    pub run_id: String,
    /// Deletions that may have been sent, of which nobody wrote down what became of them.
    open: Vec<TraceId>,
    /// Where it deleted.
    experiments: Vec<ExperimentId>,
    /// Of how many it is not known what became of them.
    unknown: Cell<u64>,
}

impl Killed {
    /// Reads it from its journal; nothing if the run ended by itself.
    pub fn of(recorded: &Recorded) -> Option<Self> {
        if recorded.finished.is_some() {
            return None;
        }
        let open = recorded.entries.iter().filter(|entry| entry.outcome == Outcome::Planned);
        let open = open.map(|entry| entry.trace_id.clone()).collect();
        let (run_id, experiments) = (recorded.header.run_id.clone(), recorded.header.experiments.clone());
        Some(Self { run_id, open, experiments, unknown: Cell::default() })
    }

    /// One whose plan says what is left.
    pub fn settled(run_id: String) -> Self {
        Self { run_id, open: Vec::new(), experiments: Vec::new(), unknown: Cell::default() }
    }

    /// The last run of the same command with the same policy at the same place, if it was killed. To be asked while the
    /// lock is held: nothing else tells a killed run from one at work.
    pub fn last(context: &Context<'_>, command: &str, hash: &str) -> Result<Option<Self>, CliError> {
        let place = context.source_name();
        let is_same = |header: &Header| {
            header.command == command && header.tracking_uri == place && header.hash.as_deref() == Some(hash)
        };
        let runs = journals::list(context)?;
        let Some(last) = runs.into_iter().rfind(is_same) else { return Ok(None) };
        let recorded = journals::read(context, &last.run_id)?;
        let Some(mut killed) = Self::of(&recorded) else { return Ok(None) };
        killed.add_earlier(context, recorded);
        Ok(Some(killed))
    }

    /// What an earlier run had under way that this one was to go on with, and did not come to.
    fn add_earlier(&mut self, context: &Context<'_>, mut recorded: Recorded) {
        let mut known: HashSet<TraceId> = HashSet::new();
        while let Some(earlier) = recorded.header.resumes.take() {
            known.extend(recorded.entries.into_iter().map(|entry| entry.trace_id));
            // Whoever removed a journal does not want to know.
            let Ok(read) = journals::read(context, &earlier) else { return };
            recorded = read;
            let open = recorded.entries.iter().filter(|entry| entry.outcome == Outcome::Planned);
            self.open.extend(open.map(|entry| entry.trace_id.clone()).filter(|id| !known.contains(id)));
        }
    }

    /// Looks up what became of what it had under way and writes that down.
    pub async fn settle(
        &self,
        context: &mut Context<'_>,
        server: &ServerStore,
        journal: &Journal,
        counts: &mut Counts,
    ) -> Result<(), CliError> {
        let run = &self.run_id;
        if self.open.is_empty() {
            return Ok(());
        }
        let looked = server.infos(&self.open).await.map_err(StoreError::from)?;
        let mut unknown = looked.reasons();
        let mut gone: HashSet<&TraceId> = looked.absent.iter().collect();
        if let Some(reason) = trace_ids::hidden_experiment(server, &self.experiments).await? {
            unknown.extend(gone.drain().map(|id| (id.clone(), reason.clone())));
        }
        for id in &self.open {
            let (outcome, reason) = match unknown.get(id) {
                Some(reason) => (Outcome::Failed, format!("the run {run} was killed; {reason}")),
                None if gone.contains(id) => (Outcome::Done, format!("the run {run} was killed; it is gone")),
                None => (Outcome::Failed, format!("the run {run} was killed before it was deleted")),
            };
            counts.planned += 1;
            counts.add(outcome);
            journal.note(id.clone(), Action::Delete, (None, None), outcome, Some(reason)).map_err(|e| broken(&e))?;
        }
        self.unknown.set(unknown.len() as u64);
        context.ui.status(&format!(
            "The run {run} was killed with {} under way, of which {} are gone; this run goes on.",
            count_traces(self.open.len() as u64),
            count(gone.len() as u64)
        ));
        Ok(())
    }

    /// How a run ends that did everything of its own: not well if it could not settle what the killed one had under way.
    pub fn verdict(&self) -> CommandResult {
        match self.unknown.get() {
            0 => Ok(Exit::Done),
            unknown => {
                let message = format!(
                    "it is not known what became of {} that the run {} had under way when it was killed",
                    count_traces(unknown),
                    self.run_id
                );
                Err(CliError::new(Exit::Partial, message).hint(
                    "`mlflow-trace runs show` says of each why; ask for them as whoever may see their experiment",
                ))
            }
        }
    }
}
