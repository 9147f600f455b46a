//! `archive_to`: traces are exported with their spans, read back from where they were written, and only then deleted.
//!
//! Every run has a folder of its own at each place, `ARCHIVE_TO/RUN_ID`, which is an archive as `export` writes it. The same
//! run, given again, goes on with its folder. A run that stops before it may delete anything takes its folders away.

mod format;
mod place;
mod source;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
pub use place::absolute_place;
use place::{ArchivePlace, Held};

use super::DeletionPace;
use super::report::Archives;
use crate::changes::{ChangeError, RunContext};
use crate::export::{Standing, Versions};
use crate::model::{Experiment, ExperimentId, Trace, TraceId, TraceInfo};
use crate::output::{count, count_traces};
use crate::retention::{Plan, Planned, RetentionPolicy};
use crate::store::{StoreError, Writer};

/// The run that archives.
#[derive(Clone, Copy)]
pub struct Run<'r> {
    /// Its name, and that of its folders.
    pub id: &'r str,
    /// The run that was killed and that it goes on with. An archive that this one did not complete is taken away: nothing was
    /// deleted on its word.
    pub resumes: Option<&'r str>,
    /// Until when; what is archived after that could not be deleted any more.
    pub pace: DeletionPace,
}

impl Run<'_> {
    /// Fails if it has to end before anything is deleted.
    fn check(&self, context: &RunContext<'_>) -> Result<(), ChangeError> {
        if context.interrupt.requested() {
            return Err(ChangeError::ArchiveInterrupted);
        }
        if self.pace.is_over() {
            return Err(ChangeError::ArchiveOutOfTime);
        }
        Ok(())
    }
}

/// Traces of an experiment that are to be archived at a place.
pub struct Wanted<'p> {
    /// Experiment of the traces.
    pub experiment: &'p Experiment,
    /// Which, newest first, each once.
    pub ids: Arc<[TraceId]>,
}

/// What became of traces that were to be archived.
#[derive(Default)]
pub struct Archived {
    /// Those that were not found whole in every archive where they were to be, with the reason: they must not be deleted.
    kept: HashMap<TraceId, String>,
    /// The folders that were written, by the places that rules name.
    folders: IndexMap<String, String>,
    /// The archives, as they were read back.
    standing: Vec<Standing>,
    /// How traces were when they were archived.
    versions: Versions,
    /// Those that are not in the archive as they are now, or of which that is not known, with the reason.
    doubted: RefCell<HashMap<TraceId, String>>,
    /// How many were there when their turn came and were spared for this.
    spared: Cell<u64>,
}

/// Why a trace is spared that somebody has changed since it was archived.
const CHANGED: &str = "it changed after it was archived";

impl Archived {
    /// Looks at a trace as it is just before it would be deleted: whether it must not be, because it is not in the archive as
    /// it is now.
    pub fn keeps(&self, info: &TraceInfo) -> bool {
        if self.versions.differ_in_info(info) {
            self.doubt(&info.trace_id, CHANGED);
            return true;
        }
        self.kept.contains_key(&info.trace_id)
    }

    /// Looks at archived traces once more just before they would be deleted, at their spans and at the archive. Returns those
    /// that must not be: nothing says that the archive holds them as they are now.
    pub async fn doubted(
        &self,
        server: &dyn Writer,
        experiment: &ExperimentId,
        ids: impl Iterator<Item = &TraceId>,
    ) -> Result<HashSet<TraceId>, StoreError> {
        let archived: Arc<[TraceId]> = ids.filter(|id| self.versions.hold(id)).cloned().collect();
        let mut unseen: HashSet<&TraceId> = archived.iter().collect();
        if archived.is_empty() {
            return Ok(HashSet::new());
        }
        let mut reader = server.read_spans(server.listed(experiment, Arc::clone(&archived)), Box::new(|_| true));
        while let Some(read) = reader.next().await? {
            match read {
                Ok(trace) if self.versions.differ(&trace) => self.doubt(&trace.info.trace_id, CHANGED),
                Ok(trace) => {
                    if let Err(reason) = self.check_attachments(&trace) {
                        self.doubt(&trace.info.trace_id, &format!("its attachments are damaged or gone: {reason}"));
                    }
                    unseen.remove(&trace.info.trace_id);
                }
                Err(failure) => {
                    self.doubt(&failure.trace_id, &format!("it could not be read again: {}", failure.error));
                }
            }
        }
        for id in unseen {
            self.doubt(id, "it did not exist when it was read again");
        }
        if let Err(reason) = self.still_there().await {
            let reason = format!("its archive is damaged or gone: {reason}");
            for id in archived.iter() {
                self.doubt(id, &reason);
            }
        }
        let doubted = self.doubted.borrow();
        Ok(archived.iter().filter(|id| doubted.contains_key(*id)).cloned().collect())
    }

    /// Whether every archive of the run still is as it was read back; the reason if not. What a store tells about its files
    /// is enough; what somebody touched is read again.
    pub async fn still_there(&self) -> Result<(), String> {
        for standing in &self.standing {
            // A signal is seen only while something waits.
            tokio::task::yield_now().await;
            standing.check()?;
        }
        Ok(())
    }

    /// Whether every archive still has the attachments of a trace as they were read back; the reason if not.
    fn check_attachments(&self, trace: &Trace) -> Result<(), String> {
        self.standing.iter().try_for_each(|standing| standing.check_attachments(trace))
    }

    fn doubt(&self, id: &TraceId, reason: &str) {
        self.doubted.borrow_mut().entry(id.clone()).or_insert_with(|| reason.to_owned());
    }

    /// Why a trace was spared that was there when its turn came; nothing if it was for another reason. Counts it.
    pub fn spare(&self, id: &TraceId) -> Option<String> {
        let reason = self.kept.get(id).cloned().or_else(|| self.doubted.borrow().get(id).cloned())?;
        self.spared.set(self.spared.get() + 1);
        Some(reason)
    }

    /// Where they are, and how many are not.
    pub fn summary(&self) -> Archives<'_> {
        Archives { folders: self.folders().collect(), not_archived: self.spared() }
    }

    /// The folders that were written.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.values().map(String::as_str)
    }

    /// The positions of the folders that hold a trace.
    pub fn numbers(&self, plan: &Plan, trace: &Planned) -> Vec<usize> {
        let places = plan.ground(trace).map_or(&[][..], |ground| &ground.archive_to);
        places.iter().filter_map(|place| self.folders.get_index_of(place)).collect()
    }

    /// How many were spared so far.
    pub fn spared(&self) -> u64 {
        self.spared.get()
    }

    /// Some that could not be archived, with the reason, in the order of their ids.
    pub fn examples(&self, most: usize) -> Vec<(TraceId, String)> {
        let doubted = self.doubted.borrow();
        let all = self.kept.iter().chain(doubted.iter());
        let mut all: Vec<_> = all.map(|(id, reason)| (id.clone(), reason.clone())).collect();
        all.sort_unstable();
        all.truncate(most);
        all
    }
}

/// Refuses a policy that names a place which this build cannot write; nothing is opened.
pub fn check_policy(policy: &RetentionPolicy) -> Result<(), ChangeError> {
    for rule in &policy.rules {
        if let Some(place) = &rule.archive_to {
            let refused = |error| ChangeError::RuleArchive { rule: rule.name.clone(), error: Box::new(error) };
            place::target(place).map_err(refused)?;
        }
    }
    Ok(())
}

/// Looks whether the places that plans name can be written, before anybody is asked anything.
pub fn check_places(context: &RunContext<'_>, plans: &[Plan]) -> Result<(), ChangeError> {
    wanted(plans).keys().try_for_each(|place| place::probe(context, place))
}

/// Archives what plans say, each trace at every place that its rules name. Without an error everything is accounted for;
/// after an error nothing may be deleted, and nothing of what this attempt wrote is left. An interruption is an error, and
/// so is that the time is over.
pub async fn run(
    context: &mut RunContext<'_>,
    server: &dyn Writer,
    run: Run<'_>,
    plans: &[Plan],
) -> Result<Archived, ChangeError> {
    let _finishing = context.interrupt.finish_first();
    for (place, killed) in wanted(plans).keys().zip(run.resumes.into_iter().cycle()) {
        place::sweep(context, place, killed)?;
    }
    for place in wanted(plans).keys() {
        place::sweep_empty(place);
    }
    let (mut archived, mut places) = (Archived::default(), Vec::new());
    let ended = archive_all(context, server, run, plans, (&mut archived, &mut places)).await;
    if let Err(error) = ended {
        for place in &places {
            if let Err(error) = place.discard() {
                context.ui.warning(&error.to_string());
            }
        }
        return Err(error);
    }
    Ok(archived)
}

async fn archive_all(
    context: &mut RunContext<'_>,
    server: &dyn Writer,
    run: Run<'_>,
    plans: &[Plan],
    (archived, places): (&mut Archived, &mut Vec<ArchivePlace>),
) -> Result<(), ChangeError> {
    for (of, wanted) in wanted(plans) {
        places.push(ArchivePlace::open(context, of, run.id)?);
        let Some(place) = places.last_mut() else { continue };
        let held = Box::pin(place.archive(context, server, run, &wanted, &mut archived.versions)).await?;
        let name = place.name();
        context.ui.status(&describe(&held, &name));
        archived.folders.insert(of.to_owned(), name);
        archived.kept.extend(held.kept);
    }
    archived.standing = places.iter().map(ArchivePlace::standing).collect::<Result<_, _>>()?;
    Ok(())
}

/// What was archived: only what was read back whole.
fn describe(held: &Held, name: &str) -> String {
    let (wanted, archived) = (held.wanted as u64, held.wanted.saturating_sub(held.kept.len()) as u64);
    match archived {
        0 => format!("Archived none of {} to {name}.", count_traces(wanted)),
        _ if archived == wanted => format!("Archived {} to {name} and read them back.", count_traces(archived)),
        _ => format!("Archived {} of {} to {name} and read them back.", count(archived), count_traces(wanted)),
    }
}

/// Which traces of plans go to which place, one experiment after the other.
fn wanted(plans: &[Plan]) -> IndexMap<&str, Vec<Wanted<'_>>> {
    let mut places: IndexMap<&str, Vec<Wanted<'_>>> = IndexMap::new();
    for plan in plans {
        let mut of_plan: IndexMap<&str, Vec<TraceId>> = IndexMap::new();
        // A plan begins with the oldest one.
        for trace in plan.traces.iter().rev() {
            let named = plan.ground(trace).map_or(&[][..], |ground| &ground.archive_to);
            for place in named {
                of_plan.entry(place).or_default().push(trace.trace_id.clone());
            }
        }
        for (place, ids) in of_plan {
            places.entry(place).or_default().push(Wanted { experiment: &plan.experiment, ids: ids.into() });
        }
    }
    places
}
