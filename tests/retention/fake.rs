//! An experiment in memory that deletions are carried out in. It keeps state, writes down every call, and fails where
//! its script says so.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, HashSet};

use mlflow_trace::changes::delete::batches::{DeletionTarget, Fate, PlanOutcome, Recheck};
use mlflow_trace::model::{Experiment, ExperimentId, TraceId};
use mlflow_trace::retention::{Plan, Planned};

/// How a trace stands with the policy at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Selected,
    Kept,
    NotSelected,
}

/// What somebody else does while the plan is carried out.
#[derive(Clone, Debug)]
pub enum Change {
    Vanishes(TraceId),
    Becomes(TraceId, Standing),
}

/// How the deletion of a batch goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteFault {
    #[default]
    None,
    /// It fails and nothing has happened.
    BeforeApplying,
    /// All are deleted, and the answer is lost.
    AfterApplying,
    /// It says 200 and leaves every n-th.
    LeavesEvery(usize),
}

/// What happens around one batch.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Before it is looked at.
    pub before: Vec<Change>,
    /// Traces that somebody else deletes between the look and the deletion.
    pub vanish_meanwhile: Vec<TraceId>,
    /// The look fails.
    pub recheck_fails: bool,
    /// The answer of the look speaks of traces that nobody asked for.
    pub recheck_says_too_much: bool,
    /// Traces of which the look says neither that they are there nor that they are not.
    pub hidden: Vec<TraceId>,
    /// The deletion goes wrong.
    pub delete: DeleteFault,
    /// The look afterwards fails.
    pub existing_fails: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Recheck,
    Delete,
    Existing,
}

/// A call as it was made and answered.
#[derive(Clone, Debug)]
pub struct Logged {
    pub call: Call,
    pub ids: Vec<TraceId>,
    pub failed: bool,
}

/// The failure of the n-th call, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed(pub usize);

/// See the module.
pub struct Fake {
    experiment: ExperimentId,
    /// One scene for each batch; batches beyond it are uneventful.
    scenes: Vec<Scene>,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    traces: BTreeMap<TraceId, Standing>,
    log: Vec<Logged>,
    wronged: Vec<TraceId>,
    batches: usize,
}

impl Fake {
    pub fn new(experiment: ExperimentId, traces: BTreeMap<TraceId, Standing>, scenes: Vec<Scene>) -> Self {
        Self { experiment, scenes, state: RefCell::new(State { traces, ..State::default() }) }
    }

    /// Every call so far.
    pub fn log(&self) -> Ref<'_, [Logged]> {
        Ref::map(self.state.borrow(), |state| state.log.as_slice())
    }

    /// The ids that calls of one kind were about, call by call.
    pub fn calls(&self, call: Call) -> Vec<Vec<TraceId>> {
        self.log().iter().filter(|logged| logged.call == call).map(|logged| logged.ids.clone()).collect()
    }

    /// What is there now.
    pub fn traces(&self) -> Ref<'_, BTreeMap<TraceId, Standing>> {
        Ref::map(self.state.borrow(), |state| &state.traces)
    }

    /// Traces that were deleted although they were kept or not selected at that moment.
    pub fn wronged(&self) -> Vec<TraceId> {
        self.state.borrow().wronged.clone()
    }

    fn answer<A>(&self, call: Call, ids: &[TraceId], failed: bool, answer: A) -> Result<A, Failed> {
        let mut state = self.state.borrow_mut();
        state.log.push(Logged { call, ids: ids.to_vec(), failed });
        if failed { Err(Failed(state.log.len() - 1)) } else { Ok(answer) }
    }

    /// The scene of the batch under way; every batch begins with a look.
    fn scene(&self) -> Scene {
        let batches = self.state.borrow().batches;
        batches.checked_sub(1).and_then(|index| self.scenes.get(index)).cloned().unwrap_or_default()
    }
}

impl State {
    fn change(&mut self, change: &Change) {
        match change {
            Change::Vanishes(id) => {
                self.traces.remove(id);
            }
            Change::Becomes(id, standing) => {
                self.traces.entry(id.clone()).and_modify(|now| *now = *standing);
            }
        }
    }

    fn delete(&mut self, id: &TraceId) -> bool {
        let standing = self.traces.remove(id);
        if standing.is_some_and(|standing| standing != Standing::Selected) {
            self.wronged.push(id.clone());
        }
        standing.is_some()
    }

    fn there<'a>(&'a self, ids: &'a [TraceId]) -> impl Iterator<Item = (&'a TraceId, Standing)> {
        ids.iter().filter_map(|id| Some((id, *self.traces.get(id)?)))
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "call {}", self.0)
    }
}

/// Watches, and breaks at the n-th thing it is to write, if it is to.
pub struct Conduct<S> {
    pub stop: S,
    pub written: Written,
    pub breaks_at: Option<usize>,
}

/// What was written down.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// What was about to be deleted, batch by batch.
    pub sent: Vec<Vec<TraceId>>,
    /// What became of each trace.
    pub settled: BTreeMap<TraceId, (Fate, Option<String>)>,
    lines: usize,
}

impl Written {
    /// Whether it says what the outcome says.
    pub fn check(&self, plan: &Plan, outcome: &PlanOutcome<Failed>) {
        let number = |fate| self.settled.values().filter(|(settled, _)| *settled == fate).count();
        assert_eq!(number(Fate::Deleted), outcome.deleted);
        assert_eq!(number(Fate::Spared), outcome.spared);
        assert_eq!(number(Fate::Gone), outcome.gone);
        let remaining: HashSet<&TraceId> = outcome.remaining.iter().collect();
        assert!(remaining.iter().all(|id| self.settled[*id].0 == Fate::Remaining));
        assert_eq!(number(Fate::Remaining), remaining.len());
        assert_eq!(self.settled.len() + outcome.not_attempted, plan.traces.len());
    }
}

impl<S> Conduct<S> {
    fn line(&mut self) -> std::io::Result<()> {
        self.written.lines += 1;
        match self.breaks_at {
            Some(at) if self.written.lines > at => Err(std::io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

impl<S: Fn() -> bool> mlflow_trace::changes::delete::batches::Recorder for Conduct<S> {
    fn is_over(&self) -> bool {
        (self.stop)()
    }

    async fn pause(&self) {}

    fn sending(&mut self, _: &Plan, traces: &[&Planned]) -> std::io::Result<()> {
        self.line()?;
        self.written.sent.push(traces.iter().map(|trace| trace.trace_id.clone()).collect());
        Ok(())
    }

    fn settled(&mut self, _: &Plan, trace: &Planned, fate: Fate, answer: Option<&str>) -> std::io::Result<()> {
        self.line()?;
        let before = self.written.settled.insert(trace.trace_id.clone(), (fate, answer.map(str::to_owned)));
        assert_eq!(before, None, "each is settled once");
        Ok(())
    }
}

impl DeletionTarget for Fake {
    type Error = Failed;

    async fn recheck(&self, experiment: &Experiment, traces: &[Planned]) -> Result<Recheck<Failed>, Failed> {
        assert_eq!(experiment.id, self.experiment);
        let ids: &[TraceId] = &traces.iter().map(|trace| trace.trace_id.clone()).collect::<Vec<_>>();
        self.state.borrow_mut().batches += 1;
        let scene = self.scene();
        let mut answer = Recheck::default();
        {
            let mut state = self.state.borrow_mut();
            scene.before.iter().for_each(|change| state.change(change));
            for (id, standing) in state.there(ids) {
                answer.existing.insert(id.clone());
                if standing == Standing::Selected {
                    answer.selected.insert(id.clone());
                }
            }
            if scene.recheck_says_too_much {
                answer.existing.extend(state.traces.keys().cloned());
                // Matching without being there: a trace that was deleted between the two looks of one re-check.
                answer.selected.extend(state.traces.keys().filter(|id| !ids.contains(id)).cloned());
                answer.selected.extend(ids.iter().filter(|id| !state.traces.contains_key(id)).cloned());
            }
            for id in scene.hidden.iter().filter(|id| ids.contains(id)) {
                answer.existing.remove(id);
                answer.unknown.insert(id.clone(), Failed(usize::MAX));
            }
            scene.vanish_meanwhile.iter().for_each(|id| {
                state.traces.remove(id);
            });
        }
        self.answer(Call::Recheck, ids, scene.recheck_fails, answer)
    }

    async fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, Failed> {
        assert_eq!(*experiment, self.experiment);
        let fault = self.scene().delete;
        let leaves = |index: usize| match fault {
            DeleteFault::BeforeApplying => true,
            DeleteFault::LeavesEvery(n) => (index + 1).is_multiple_of(n),
            DeleteFault::None | DeleteFault::AfterApplying => false,
        };
        let mut deleted = 0;
        for (index, id) in ids.iter().enumerate() {
            if !leaves(index) && self.state.borrow_mut().delete(id) {
                deleted += 1;
            }
        }
        let failed = matches!(fault, DeleteFault::BeforeApplying | DeleteFault::AfterApplying);
        self.answer(Call::Delete, ids, failed, deleted)
    }

    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<HashSet<TraceId>, Failed> {
        assert_eq!(*experiment, self.experiment);
        let existing = self.state.borrow().there(ids).map(|(id, _)| id.clone()).collect();
        self.answer(Call::Existing, ids, self.scene().existing_fails, existing)
    }
}
