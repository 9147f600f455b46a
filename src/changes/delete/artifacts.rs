//! The files of deleted traces in the artifact store: counted where they stay, removed where that was asked for.
//!
//! The server deletes rows, not files. A trace's folder is looked for in its tag when the trace is looked at for the last time,
//! written down before the deletion is sent, and removed once the trace was seen to be gone. What cannot be known to be its own
//! folder, and its alone, stays and is told.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::io;

use futures_util::{StreamExt, stream};

use super::artifact_home::Home;
use super::batches::Fate;
use super::report::{ArtifactTally, describe_left};
use crate::changes::journal::{Action, Entry, Journal, Outcome};
use crate::changes::{ChangeError, RunContext};
use crate::export::Variables;
use crate::model::{ArtifactFolder, Experiment, ExperimentId, TraceId, TraceInfo};
use crate::output::sanitize::for_terminal_line;
use crate::retention::Planned;
use crate::store::Writer;

/// Folders that are looked at or removed at once.
const CONCURRENCY: usize = 4;

/// The files of the traces of a run.
pub struct Artifacts<'a> {
    server: &'a dyn Writer,
    /// What object stores are reached with.
    variables: Variables,
    journal: &'a Journal,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// Of traces whose turn has come and whose files are to go.
    looked: HashMap<TraceId, Result<Files, Stay>>,
    /// What was written down before the traces were deleted.
    planned: HashMap<TraceId, Entry>,
    /// Those whose traces are gone.
    due: Vec<(Entry, Files)>,
    tally: ArtifactTally,
    stays: Vec<Stay>,
}

/// A folder that may be removed once its trace is gone.
struct Files {
    folder: ArtifactFolder,
    experiment: ExperimentId,
    /// Whether something must be in it.
    has_span_file: bool,
}

/// Files that are not removed.
#[derive(Clone, Debug)]
pub struct Stay {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// Where, as far as that is told.
    pub location: String,
    /// Reason, as a clause without a capital letter.
    pub reason: String,
}

impl<'a> Artifacts<'a> {
    /// Of a run with this journal, with the variables that object stores are reached with.
    pub fn new(server: &'a dyn Writer, variables: Variables, journal: &'a Journal) -> Self {
        Self { server, variables, journal, state: RefCell::default() }
    }

    /// Finds the folders of traces that are about to go and whose files are to go, too.
    pub async fn look(&self, experiment: &Experiment, infos: impl Iterator<Item = &TraceInfo>) {
        let looks = infos.map(|info| async {
            let looked = self.look_at(experiment, info).await;
            (info.trace_id.clone(), looked)
        });
        let mut looked = stream::iter(looks.collect::<Vec<_>>()).buffered(CONCURRENCY);
        while let Some((id, looked)) = looked.next().await {
            self.state.borrow_mut().looked.insert(id, looked);
        }
    }

    async fn look_at(&self, experiment: &Experiment, info: &TraceInfo) -> Result<Files, Stay> {
        let location = info.tags.get(crate::model::keys::ARTIFACT_LOCATION).cloned().unwrap_or_default();
        let stay = |reason: String| Stay { trace_id: info.trace_id.clone(), location, reason };
        let folder = match ArtifactFolder::of(info, experiment) {
            None => return Err(stay("the trace has no artifact location".to_owned())),
            Some(Err(odd)) => return Err(stay(odd.to_string())),
            Some(Ok(folder)) => folder,
        };
        let files = Files { folder, experiment: experiment.id.clone(), has_span_file: info.has_span_file() };
        if let Err(why) = Home::of(&files.folder, self.server, &self.variables) {
            return Err(stay(why));
        }
        self.check_alone(&files, &info.trace_id, true).await.map(|()| files).map_err(stay)
    }

    /// Fails if another trace leads into the folder, or if that is not known. A trace that is there must be found itself, or
    /// else the search that does not find others says nothing.
    async fn check_alone(&self, files: &Files, id: &TraceId, is_there: bool) -> Result<(), String> {
        let unknown = |why: &dyn fmt::Display| format!("cannot tell whether another trace has files there: {why}");
        let naming = self.server.naming_artifacts(&files.experiment, id).await.map_err(|error| unknown(&error))?;
        match naming.iter().find(|other| *other != id) {
            Some(other) => Err(format!("trace {other} has its files there, too")),
            None if is_there && naming.is_empty() => Err(unknown(&"a search for its location does not find the trace")),
            None => Ok(()),
        }
    }

    /// The deletion of this trace is sent next.
    pub fn sending(&self, id: &TraceId) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        if let Some(Ok(files)) = state.looked.get(id) {
            let action = Action::DeleteArtifacts { location: files.folder.location().to_owned() };
            state.planned.insert(id.clone(), self.journal.plan(id.clone(), action, None, None)?);
        }
        Ok(())
    }

    /// What became of a trace.
    pub fn settled(&self, trace: &Planned, fate: Fate) -> io::Result<()> {
        let state = &mut *self.state.borrow_mut();
        let (looked, entry) = (state.looked.remove(&trace.trace_id), state.planned.remove(&trace.trace_id));
        match (looked, entry) {
            (Some(Ok(files)), Some(entry)) if fate == Fate::Deleted => state.due.push((entry, files)),
            (_, Some(entry)) => {
                let outcome = if fate == Fate::Remaining { Outcome::Failed } else { Outcome::Spared };
                self.journal.settle(entry, outcome, Some("its trace is not confirmed to be gone".to_owned()))?;
            }
            (Some(Err(stay)), None) if fate == Fate::Deleted => {
                let action = Action::DeleteArtifacts { location: stay.location.clone() };
                let reason = Some(stay.reason.clone());
                self.journal.note(stay.trace_id.clone(), action, (None, None), Outcome::Refused, reason)?;
                state.stay(stay);
            }
            (None, None) if fate == Fate::Deleted => state.tally.left += u64::from(trace.has_span_file),
            _ => {}
        }
        Ok(())
    }

    /// Removes the folders of traces that are gone.
    pub async fn remove_due(&self) -> io::Result<()> {
        let due = std::mem::take(&mut self.state.borrow_mut().due);
        let removals = due.into_iter().map(|(entry, files)| async {
            let removed = self.remove(&entry.trace_id, &files).await;
            (entry, files, removed)
        });
        let mut removals = stream::iter(removals.collect::<Vec<_>>()).buffered(CONCURRENCY);
        let mut written = Ok(());
        while let Some((entry, files, removed)) = removals.next().await {
            let state = &mut *self.state.borrow_mut();
            let (outcome, reason) = state.removed(&entry.trace_id, &files, removed);
            written = written.and(self.journal.settle(entry, outcome, Some(reason)).map(|_| ()));
        }
        written
    }

    /// Removes the folder of a trace that is gone, after a look whether it may; tells what was found there.
    async fn remove(&self, id: &TraceId, files: &Files) -> Result<bool, String> {
        self.check_alone(files, id, false).await?;
        let home = Home::of(&files.folder, self.server, &self.variables)?;
        if home.count().await? == 0 {
            let missing = "the span file is missing";
            return if files.has_span_file { Err(missing.to_owned()) } else { Ok(false) };
        }
        let answer = home.remove().await;
        match (home.count().await?, answer) {
            // Whatever the answer, only a look tells.
            (0, _) => Ok(true),
            (_, Err(error)) => Err(error),
            (left, Ok(())) => Err(format!("the store reported success, but {left} remain")),
        }
    }

    /// Lets be what a run that was killed had written down of a trace that is there.
    pub fn spare(&self, id: &TraceId, location: &str) -> io::Result<()> {
        let action = Action::DeleteArtifacts { location: location.to_owned() };
        let reason = Some("its trace still exists".to_owned());
        self.journal.note(id.clone(), action, (None, None), Outcome::Spared, reason).map(|_| ())
    }

    /// Takes up what a run that was killed had written down of a trace that is gone. The trace's experiment is one of these.
    pub async fn take_up(&self, id: &TraceId, location: &str, experiments: &[Experiment]) -> io::Result<()> {
        let action = Action::DeleteArtifacts { location: location.to_owned() };
        let parsed = experiments.iter().find_map(|experiment| {
            let folder = ArtifactFolder::parse(location, id, experiment).ok()?;
            // It may have been removed already.
            Some(Files { folder, experiment: experiment.id.clone(), has_span_file: false })
        });
        let Some(files) = parsed else {
            let reason = "its location is not the trace's own folder".to_owned();
            self.journal.note(id.clone(), action, (None, None), Outcome::Refused, Some(reason.clone()))?;
            self.state.borrow_mut().stay(Stay { trace_id: id.clone(), location: location.to_owned(), reason });
            return Ok(());
        };
        let entry = self.journal.plan(id.clone(), action, None, None)?;
        self.state.borrow_mut().due.push((entry, files));
        self.remove_due().await
    }

    /// What became of files so far, and those that stay although they were to go.
    pub fn into_left(self) -> Left {
        let State { tally, stays, .. } = self.state.into_inner();
        Left { tally, stays }
    }
}

impl State {
    fn removed(&mut self, id: &TraceId, files: &Files, removed: Result<bool, String>) -> (Outcome, String) {
        match removed {
            Ok(true) => {
                self.tally.removed += 1;
                (Outcome::Done, "the files are gone".to_owned())
            }
            Ok(false) => (Outcome::Gone, "no files are there".to_owned()),
            Err(reason) => {
                let location = files.folder.location().to_owned();
                self.stay(Stay { trace_id: id.clone(), location, reason: reason.clone() });
                (Outcome::Failed, reason)
            }
        }
    }

    fn stay(&mut self, stay: Stay) {
        self.tally.remaining += 1;
        self.stays.push(stay);
    }
}

/// What a run leaves in the artifact store.
#[derive(Default)]
pub struct Left {
    /// The numbers.
    pub tally: ArtifactTally,
    /// What was to go and stays.
    pub stays: Vec<Stay>,
}

impl Left {
    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.stays.extend(other.stays);
        Self { tally: self.tally.and(other.tally), ..self }
    }

    /// Says what became of files, and names some of those that stay.
    pub fn tell(&self, context: &mut RunContext<'_>, most: usize) {
        for line in describe_left(self.tally) {
            context.ui.status(&line);
        }
        for Stay { trace_id, location, reason } in self.stays.iter().take(most) {
            let at = if location.is_empty() { String::new() } else { format!(" at {}", for_terminal_line(location)) };
            context.ui.warning(&format!("kept the files of {trace_id}{at}: {reason}"));
        }
    }

    /// How a run ends that has done everything else; nothing if this does not matter.
    pub fn error(&self, run_id: &str) -> Option<ChangeError> {
        let reason = self.stays.first()?.reason.clone();
        Some(ChangeError::FilesStay { traces: self.tally.remaining, reason, run_id: run_id.to_owned() })
    }
}
