//! Runs that were killed: what they had under way is settled by the run that comes after them at the same place.
//!
//! A trace that is not found is gone only if it could be found: the experiments of its run are here as they were, and the
//! server says about this one trace that there is none. Everything else is not known: it stays open in the journal of the run
//! that was killed, the run that asked does not end well, and the next one asks again.

use std::cell::Cell;
use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::artifacts::{Artifacts, Left};
use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome, Recorded};
use crate::changes::place::Place;
use crate::changes::{ChangeError, RunContext, RunResult, journals, place};
use crate::exit::Exit;
use crate::model::{ExperimentId, TraceId};
use crate::output::{count, count_traces};
use crate::store::{Looked, StoreError, Writer};

/// Traces that are asked for at once.
const CONCURRENCY: usize = 4;

/// What earlier runs left open.
pub struct Killed {
    /// The last of them.
    pub run_id: String,
    /// Deletions that may have been sent, of which nobody wrote down what became of them.
    open: Vec<Open>,
    /// How many of them are still not known.
    unknown: Cell<u64>,
}

/// What one run left open.
struct Open {
    header: Header,
    traces: Vec<TraceId>,
    /// Traces whose files were to be deleted with them, and where these are.
    files: Vec<(TraceId, String)>,
    /// Whether its experiments are here as they were.
    is_confirmed: bool,
}

/// What became of a trace that was under way.
enum Found {
    There,
    Gone,
    /// With the reason.
    Unknown(String),
}

impl Killed {
    /// One whose plan says which traces are left; the files of the others are left, too.
    pub fn of_plan(context: &RunContext<'_>, here: &Place, run_id: String) -> Result<Self, ChangeError> {
        let mut open = open(context, journals::read(context, &run_id)?);
        for open in &mut open {
            open.traces.clear();
            open.is_confirmed = open.header.place.is_confirmed(here, &open.header.experiments);
        }
        open.retain(|open| !open.files.is_empty());
        Ok(Self { open, ..Self::settled(run_id) })
    }

    fn settled(run_id: String) -> Self {
        Self { run_id, open: Vec::new(), unknown: Cell::default() }
    }

    /// The last run of the same command with the same policy at this place, if something is open in it or in those that it
    /// went on with. To be asked while the lock is held: nothing else tells a killed run from one at work.
    pub async fn last(
        context: &RunContext<'_>,
        server: &dyn Writer,
        here: &Place,
        (command, hash): (&str, &str),
    ) -> Result<Option<Self>, ChangeError> {
        let is_same = |header: &Header| header.command == command && header.hash.as_deref() == Some(hash);
        let mut runs = journals::list(context)?;
        runs.retain(|header| is_same(header) && header.place.difference(here).is_none());
        while let Some(last) = runs.pop() {
            let recorded = journals::read(context, &last.run_id)?;
            let is_finished = recorded.finished.is_some();
            let mut open = open(context, recorded);
            if is_finished && open.is_empty() {
                return Ok(None);
            }
            let ids: Vec<ExperimentId> = open.iter().flat_map(|open| &open.header.experiments).cloned().collect();
            let here = place::seen(context, server, &ids).await?;
            // It was on another server that had this address then.
            if open.iter().any(|open| open.header.place.difference(&here).is_some()) {
                continue;
            }
            for open in &mut open {
                open.is_confirmed = open.header.place.is_confirmed(&here, &open.header.experiments);
            }
            return Ok(Some(Self { open, ..Self::settled(last.run_id) }));
        }
        Ok(None)
    }

    /// Looks up what became of what they had under way and writes that down.
    pub async fn settle(
        &self,
        context: &mut RunContext<'_>,
        server: &dyn Writer,
        journal: &Journal,
        counts: &mut Counts,
    ) -> Result<Left, ChangeError> {
        let artifacts = Artifacts::new(server, context.object_store(), journal);
        for open in &self.open {
            let run = &open.header.run_id;
            let (mut gone, mut unknown) = (0, open.take_up(server, &artifacts).await?);
            let looks = stream::iter(&open.traces).map(|id| open.look_up(server, id)).buffered(CONCURRENCY);
            let found: Vec<Found> = looks.try_collect().await?;
            for (id, found) in open.traces.iter().zip(found) {
                counts.planned += 1;
                let (outcome, reason) = match found {
                    Found::There => (Outcome::Failed, format!("the run {run} was killed before it was deleted")),
                    Found::Gone => (Outcome::Done, format!("the run {run} was killed; it is gone")),
                    Found::Unknown(reason) => {
                        counts.failed += 1;
                        unknown.push(reason);
                        continue;
                    }
                };
                gone += u64::from(outcome == Outcome::Done);
                counts.add(outcome);
                journal
                    .note(id.clone(), Action::Delete, (None, None), outcome, Some(reason))
                    .map_err(ChangeError::JournalBroken)?;
            }
            if !open.traces.is_empty() {
                context.ui.status(&format!(
                    "Run {run} was killed with {} in flight, of which {} are gone; continuing.",
                    count_traces(open.traces.len() as u64),
                    count(gone)
                ));
            }
            if let Some(reason) = unknown.first() {
                let number = count_traces(unknown.len() as u64);
                let were = if unknown.len() == 1 { "was" } else { "were" };
                context.ui.warning(&format!("cannot tell whether {number} of run {run} {were} deleted: {reason}"));
            }
            self.unknown.set(self.unknown.get() + unknown.len() as u64);
        }
        Ok(artifacts.into_left())
    }

    /// How a run ends that has done all that it was to do itself.
    pub fn end(&self) -> RunResult {
        let Some(open) = self.open.first().filter(|_| self.unknown.get() > 0) else { return Ok(Exit::Done) };
        let run_id = open.header.run_id.clone();
        Err(ChangeError::KilledUnknown { traces: self.unknown.get(), run_id })
    }
}

/// What a run left open, and those that it was to go on with and did not come to, the last one first.
fn open(context: &RunContext<'_>, mut recorded: Recorded) -> Vec<Open> {
    let (mut known, mut known_files, mut all) = (HashSet::new(), HashSet::new(), Vec::new());
    loop {
        let Recorded { header, entries, .. } = recorded;
        let is_open = |id: &&TraceId| !known.contains(*id);
        let (of_files, entries): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| location(entry).is_some());
        let planned = entries.iter().filter(|entry| entry.outcome == Outcome::Planned);
        let traces: Vec<TraceId> = planned.map(|entry| &entry.trace_id).filter(is_open).cloned().collect();
        let mut files = Vec::new();
        for entry in &of_files {
            if entry.outcome == Outcome::Planned && !known_files.contains(&entry.trace_id) {
                files.extend(location(entry).map(|location| (entry.trace_id.clone(), location.to_owned())));
            }
        }
        known.extend(entries.into_iter().map(|entry| entry.trace_id));
        known_files.extend(of_files.into_iter().map(|entry| entry.trace_id));
        let earlier = header.resumes.clone();
        if !traces.is_empty() || !files.is_empty() {
            all.push(Open { header, traces, files, is_confirmed: false });
        }
        // Whoever removed a journal does not want to know.
        let Some(Ok(read)) = earlier.map(|earlier| journals::read(context, &earlier)) else { return all };
        recorded = read;
    }
}

/// Where the files are that an entry is about; nothing for one of the trace itself.
fn location(entry: &Entry) -> Option<&str> {
    match &entry.action {
        Action::DeleteArtifacts { location } => Some(location),
        _ => None,
    }
}

impl Open {
    /// Removes the files of traces that are gone; of those of which this is not known it tells why. What becomes of a trace
    /// that is there, its next deletion says.
    async fn take_up(&self, server: &dyn Writer, artifacts: &Artifacts<'_>) -> Result<Vec<String>, ChangeError> {
        let (mut experiments, mut unknown) = (Vec::new(), Vec::new());
        if !self.files.is_empty() {
            for id in &self.header.experiments {
                experiments.extend(server.experiment_by_id(id).await?);
            }
        }
        for (id, location) in &self.files {
            match self.look_up(server, id).await? {
                Found::Gone => {
                    artifacts.take_up(id, location, &experiments).await.map_err(ChangeError::JournalBroken)?;
                }
                Found::There => artifacts.spare(id, location).map_err(ChangeError::JournalBroken)?,
                // Else it is told with the trace.
                Found::Unknown(reason) if !self.traces.contains(id) => unknown.push(reason),
                Found::Unknown(_) => {}
            }
        }
        Ok(unknown)
    }

    /// Whoever is not an administrator is refused single traces that are gone. A search of their experiment has shown them
    /// before their deletion was sent, so that those it leaves out now are gone, too.
    async fn look_up(&self, server: &dyn Writer, id: &TraceId) -> Result<Found, StoreError> {
        match server.infos(std::slice::from_ref(id)).await.map(Looked::one) {
            Ok(Ok(Some(_))) => Ok(Found::There),
            Ok(Err(unseen)) if unseen.is_forbidden && self.is_confirmed => {
                for experiment in &self.header.experiments {
                    if !server.shown(experiment, std::slice::from_ref(id)).await?.is_empty() {
                        return Ok(Found::There);
                    }
                }
                Ok(Found::Gone)
            }
            Ok(Err(unseen)) => Ok(Found::Unknown(unseen.to_string())),
            Ok(_) if self.is_confirmed => Ok(Found::Gone),
            Ok(_) => {
                let ids: Vec<&str> = self.header.experiments.iter().map(ExperimentId::as_str).collect();
                Ok(Found::Unknown(format!("its experiments are not visible as they were (id {})", ids.join(", "))))
            }
            Err(error) if error.is_refusal() && !error.is_overload() => Ok(Found::Unknown(error.to_string())),
            Err(error) => Err(error),
        }
    }
}
