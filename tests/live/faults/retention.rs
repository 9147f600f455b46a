//! `retention run` by a policy and by age, and `apply` of a plan of deletions.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Counts, Entry, Outcome};
use serde_json::Value;

use super::Task;
use super::stage::{Stage, Step, Stock, one_of};
use crate::support::Ended;

const AGE: u8 = 0;
const POLICY: u8 = 1;
const PLAN: u8 = 2;

/// `retention run --older-than`.
pub type ByAge = Retention<AGE>;
/// `retention run --policy`.
pub type ByPolicy = Retention<POLICY>;
/// `apply` of what `retention run --policy … --plan` wrote.
pub type ByPlan = Retention<PLAN>;

/// Old traces go, unless they are to be kept; young ones stay.
pub struct Retention<const HOW: u8> {
    planned: BTreeSet<String>,
    start: Stock,
    /// The trace that somebody else may have kept.
    meddled: RefCell<Option<String>>,
    command: Vec<String>,
    /// What killed runs had under way.
    open: RefCell<BTreeSet<String>>,
    /// What a plan has nothing left to do for.
    settled: RefCell<BTreeSet<String>>,
    /// Whether a run of the plan has begun.
    is_begun: Cell<bool>,
}

fn ids(stock: &Stock) -> BTreeSet<String> {
    stock.keys().cloned().collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    let texts: Vec<String> = serde_json::from_value(value.clone()).unwrap();
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    assert_eq!(set.len(), texts.len(), "an id stands there twice: {texts:?}");
    set
}

/// The journal's entries: what it says of the killed run before it, and of its own deletions; each trace once in both.
fn split(step: &Step) -> [BTreeMap<String, &Entry>; 2] {
    let is_earlier = |entry: &&Entry| entry.reason.as_ref().is_some_and(|reason| reason.starts_with("the run "));
    let (earlier, own): (Vec<&Entry>, Vec<&Entry>) = step.entries().iter().partition(is_earlier);
    [earlier, own].map(|entries| {
        let by_id: BTreeMap<_, _> = entries.iter().map(|entry| (entry.trace_id.to_string(), *entry)).collect();
        assert_eq!(by_id.len(), entries.len(), "a trace stands in the journal twice");
        by_id
    })
}

fn with(entries: &BTreeMap<String, &Entry>, outcome: Outcome) -> BTreeSet<String> {
    entries.iter().filter(|(_, entry)| entry.outcome == outcome).map(|(id, _)| id.clone()).collect()
}

impl<const HOW: u8> Retention<HOW> {
    fn is_meddled(&self, id: &str) -> bool {
        self.meddled.borrow().as_deref() == Some(id)
    }

    /// What went was to go and was asked for by its id.
    fn check_server(&self, stage: &Stage, step: &Step) {
        let gone = &ids(&step.before) - &ids(&step.after);
        assert!(gone.is_subset(&self.planned), "deleted, and not of the plan: {:?}", &gone - &self.planned);
        assert!(ids(&step.after).is_subset(&ids(&step.before)), "traces came back");
        for (id, now) in &step.after {
            if !self.is_meddled(id) {
                assert_eq!(now, &step.before[id], "{id} was changed");
            }
        }
        let mut asked = BTreeSet::new();
        for change in &step.changes {
            assert_eq!((change.method.as_str(), change.path.ends_with("/traces/delete-traces")), ("POST", true));
            let keys: Vec<&String> = change.body.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["experiment_id", "request_ids"], "{}", change.body);
            assert_eq!(change.body["experiment_id"], stage.experiment.id.as_str());
            let batch = texts(&change.body["request_ids"]);
            assert!(!batch.is_empty() && batch.is_subset(&self.planned), "not of the plan: {batch:?}");
            let is_late = batch.iter().any(|id| self.is_meddled(id)) && stage.proxy.knew_better(change);
            assert!(!is_late, "somebody had said to keep what was deleted");
            if change.is_done() {
                assert!(batch.is_disjoint(&ids(&step.after)), "the server said yes and did not");
            }
            asked.extend(batch);
        }
        assert!(gone.is_subset(&asked), "{:?} went by themselves", &gone - &asked);
        self.check_journal(step, &gone, &asked);
    }

    /// What the journal says is so on the server, and everything that was sent stood in it before.
    fn check_journal(&self, step: &Step, gone: &BTreeSet<String>, asked: &BTreeSet<String>) {
        let [earlier, own] = split(step);
        assert!(step.entries().iter().all(|entry| entry.action == Action::Delete), "{:?}", step.entries());
        assert!(own.keys().all(|id| self.planned.contains(id)), "the journal has more than the plan");
        for id in gone.iter().chain(asked) {
            let entry = own.get(id).unwrap_or_else(|| panic!("the deletion of {id} was sent without a journal"));
            assert!(entry.outcome.may_have_happened(), "{id} was sent; the journal: {entry:?}");
        }
        for (id, entry) in earlier.iter().chain(&own) {
            let is_there = step.after.contains_key(id);
            match entry.outcome {
                Outcome::Done => assert!(!is_there, "{entry:?}"),
                Outcome::Spared => assert!(is_there && self.is_meddled(id), "{entry:?}"),
                Outcome::Gone => assert!(HOW == PLAN && !step.before.contains_key(id), "{entry:?}"),
                Outcome::Failed | Outcome::Planned => {}
                Outcome::Unchanged | Outcome::Refused => panic!("{entry:?}"),
            }
        }
        // What a killed run had under way is settled by the next one of the same policy, once.
        let mut open = self.open.borrow_mut();
        let noted: BTreeSet<String> = earlier.keys().cloned().collect();
        assert!(noted.is_subset(&open), "{:?} were not under way", &noted - &open);
        *open = &(&*open - &noted) | &with(&own, Outcome::Planned);
    }

    /// What a run is to do: of a policy what is there, of a plan what no run of it has settled.
    fn due(&self, step: &Step) -> BTreeSet<String> {
        if HOW == PLAN { &self.planned - &self.settled.borrow() } else { &self.planned & &ids(&step.before) }
    }

    /// The numbers are those of the plan, of what is left of it, and of the journal.
    fn check_told(&self, stage: &Stage, step: &Step, ended: &Ended) {
        if ended.stdout.is_empty() {
            assert!(ended.code != Some(0) && step.changes.is_empty(), "{ended}");
            return;
        }
        let summary = ended.json();
        let number = |key: &str| summary[key].as_u64().unwrap_or_else(|| panic!("{key} in {summary}"));
        let [planned, deleted, spared, gone] = ["planned", "deleted", "spared", "gone"].map(number);
        let [remaining, not_attempted] = ["remaining", "not_attempted"].map(number);
        assert_eq!(deleted + spared + gone + remaining + not_attempted, planned, "{ended}");
        assert_eq!(ended.code == Some(0), remaining + not_attempted == 0, "{ended}");
        stage.note_spared(usize::try_from(spared).unwrap());
        let due = self.due(step);
        // Somebody else may have taken one out before it was planned.
        let taken_out = (due.len() as u64).checked_sub(planned).expect("no more is planned than is due");
        let is_kept = due.iter().any(|id| self.is_meddled(id) && step.after.contains_key(id));
        assert!(taken_out == 0 || taken_out == 1 && is_kept && HOW != PLAN, "{taken_out} of the plan are not: {ended}");
        let [earlier, own] = split(step);
        let Some(journal) = &step.journal else {
            assert!(planned == 0 && step.changes.is_empty(), "{ended}");
            return;
        };
        assert_eq!(summary["run_id"], journal.header.run_id.as_str());
        assert!(own.keys().all(|id| due.contains(id)), "{ended}");
        assert_eq!(own.len() as u64 + not_attempted, planned, "{ended}");
        let count = |outcome| with(&own, outcome).len() as u64;
        let [done, kept, went, failed] = [Outcome::Done, Outcome::Spared, Outcome::Gone, Outcome::Failed].map(count);
        assert_eq!((deleted, spared, gone, remaining), (done, kept, went, failed), "{ended}");
        assert_eq!(texts(&summary["experiments"][0]["remaining_ids"]), with(&own, Outcome::Failed), "{ended}");
        let mut counts = Counts { planned: planned + earlier.len() as u64, not_attempted, ..Counts::default() };
        earlier.values().chain(own.values()).for_each(|entry| counts.add(entry.outcome));
        assert_eq!(journal.finished, Some(counts));
        // What is left is what was spared, what failed, and what nobody came to.
        let left = &due & &ids(&step.after);
        let lost = with(&own, Outcome::Failed);
        assert_eq!(left.len() as u64, taken_out + spared + not_attempted + (&lost & &left).len() as u64, "{ended}");
    }

    fn settle(&self, step: &Step) {
        let Some(journal) = &step.journal else { return };
        assert!(HOW != PLAN || journal.header.resumes.is_some() == self.is_begun.get(), "{:?}", journal.header);
        self.is_begun.set(true);
        let [_, own] = split(step);
        for outcome in [Outcome::Done, Outcome::Spared, Outcome::Gone] {
            let with = with(&own, outcome);
            assert!(HOW != PLAN || with.is_disjoint(&self.settled.borrow()), "{with:?} were settled before");
            self.settled.borrow_mut().extend(with);
        }
    }
}

impl<const HOW: u8> Task for Retention<HOW> {
    const NAME: &'static str = match HOW {
        AGE => "retention run --older-than",
        POLICY => "retention run --policy",
        _ => "apply a plan of deletions",
    };
    const ONE_IN: Range<u32> = 2..7;
    // A plan that was carried out to its end, well or not, is not carried out again.
    const CAN_REPEAT: bool = HOW != PLAN;

    fn prepare(stage: &Stage, rng: &mut Rng) -> Self {
        let old = if rng.u8(..3) == 0 { rng.usize(101..=130) } else { rng.usize(20..=60) };
        let keep = ("keep", "true");
        let (kept, young) = (rng.usize(5..=10), rng.usize(5..=10));
        let ids = stage.seed(&[(old, 40, &[]), (kept, 41, &[keep]), (young, 1, &[])]);
        let file = stage.path("retention.toml");
        let rule = "keep_within = \"30d\"\nkeep_if = [\"tags.keep = 'true'\"]";
        let text = format!("[[rule]]\nname = \"faults\"\nexperiments = [\"{}\"]\n{rule}\n", stage.experiment.id);
        fs::write(&file, text).unwrap();
        let plan = stage.path("plan.jsonl");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let by_age = ["retention", "run", "--older-than", "30d", "--keep-if", "tags.keep = 'true'"];
        let by_policy = ["retention", "run", "--policy", &file];
        let mut command = match HOW {
            AGE => words(&by_age),
            POLICY => words(&by_policy),
            _ => words(&["apply", &plan]),
        };
        if HOW == PLAN {
            let how: &[&str] = if rng.bool() { &by_age } else { &by_policy };
            stage.run(&words(&[how, &["--plan", &plan]].concat())).succeeds();
            stage.proxy.settle();
        }
        command.extend(words(&["--yes", "-o", "json"]));
        Self {
            planned: ids[0].iter().cloned().collect(),
            start: stage.look(),
            meddled: RefCell::default(),
            command,
            open: RefCell::default(),
            settled: RefCell::default(),
            is_begun: Cell::new(false),
        }
    }

    fn command(&self) -> Vec<String> {
        self.command.clone()
    }

    fn meddle(&self, stage: &Stage, rng: &mut Rng) {
        let trace = one_of(rng, &self.planned);
        stage.tag_meanwhile(rng.usize(3..8), &trace, "keep", "true");
        self.meddled.replace(Some(trace));
    }

    fn check(&self, stage: &Stage, ended: &Ended) {
        let step = stage.step();
        self.check_server(stage, &step);
        if ended.code.is_some() {
            self.check_told(stage, &step, ended);
        }
        self.settle(&step);
    }

    fn check_end(&self, stage: &Stage) {
        let left = ids(&stage.stock());
        let expected = &ids(&self.start) - &self.planned;
        let extra = &left - &expected;
        assert!(left.is_superset(&expected) && extra.iter().all(|id| self.is_meddled(id)), "{extra:?} are left");
        assert!(HOW != POLICY || self.open.borrow().is_empty(), "nobody settled {:?}", self.open);
        if HOW == PLAN {
            stage.run(&self.command).exits(7).tells("already applied");
        }
    }
}
