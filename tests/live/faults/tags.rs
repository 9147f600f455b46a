//! `tag set` and `tag delete` by filter.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Counts, Outcome};
use serde_json::{Value, json};

use super::Task;
use super::stage::{Stage, Step, Stock, Stored, one_of, size};
use crate::support::Ended;

const KEY: &str = "team";
const NEW: &str = "new";

/// `tag set`.
pub type SetTags = Tags<true>;
/// `tag delete`.
pub type DeleteTags = Tags<false>;

/// Drafts get the tag, or lose it; others keep what they have.
pub struct Tags<const SET: bool> {
    planned: BTreeSet<String>,
    start: Stock,
    /// The trace that somebody else may have made no draft.
    meddled: RefCell<Option<String>>,
    is_undone: bool,
}

fn tag(stored: &Stored) -> Option<&str> {
    stored.tags.get(KEY).map(String::as_str)
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

impl<const SET: bool> Tags<SET> {
    const GOAL: Option<&'static str> = if SET { Some(NEW) } else { None };

    fn is_meddled(&self, id: &str) -> bool {
        self.meddled.borrow().as_deref() == Some(id)
    }

    /// Everything but the tag, and what somebody else may have changed.
    fn rest(&self, id: &str, stored: &Stored) -> Stored {
        let mut rest = stored.clone();
        rest.tags.remove(KEY);
        if self.is_meddled(id) {
            rest.tags.remove("stage");
        }
        rest
    }

    /// What changed was to be changed, and the journal knew before.
    fn check_server(&self, stage: &Stage, step: &Step) {
        assert!(step.after.keys().eq(step.before.keys()), "traces came or went");
        for (id, now) in &step.after {
            let was = &step.before[id];
            assert_eq!(self.rest(id, now), self.rest(id, was), "{id}");
            if tag(now) != tag(was) {
                assert!(self.planned.contains(id), "{id} was not to be changed");
                assert_eq!(tag(now), Self::GOAL, "{id}");
                let entry = step.entry(id).unwrap_or_else(|| panic!("{id} was changed without a journal"));
                assert!(entry.outcome.may_have_happened(), "{id} was changed; the journal: {entry:?}");
                assert_eq!(text(entry.before.as_ref()), tag(was), "{id}");
            }
        }
        let (method, body) =
            if SET { ("PATCH", json!({"key": KEY, "value": NEW})) } else { ("DELETE", json!({"key": KEY})) };
        for change in &step.changes {
            assert_eq!((change.method.as_str(), &change.body), (method, &body), "{}", change.path);
            assert!(self.planned.contains(change.trace_id()), "{} was not to be changed", change.path);
            let is_late = self.is_meddled(change.trace_id()) && stage.proxy.knew_better(change);
            assert!(!is_late, "{} no longer matched, and was changed", change.path);
            let entry = step.entry(change.trace_id());
            assert!(entry.is_some_and(|entry| entry.outcome.may_have_happened()), "{change:?} and {entry:?}");
        }
    }

    /// What the journal says is so on the server.
    fn check_journal(&self, step: &Step) {
        let key = KEY.to_owned();
        let action = if SET { Action::SetTag { key } } else { Action::DeleteTag { key } };
        for entry in step.entries() {
            let id = entry.trace_id.as_str();
            assert!(self.planned.contains(id), "{id} was not selected");
            assert_eq!((&entry.action, text(entry.after.as_ref())), (&action, Self::GOAL), "{id}");
            let (was, now) = (tag(&step.before[id]), tag(&step.after[id]));
            match entry.outcome {
                Outcome::Done | Outcome::Unchanged => assert_eq!(now, Self::GOAL, "{entry:?}"),
                Outcome::Spared => assert_eq!(now, was, "{entry:?}"),
                Outcome::Failed | Outcome::Planned => {}
                Outcome::Refused | Outcome::Gone => panic!("{entry:?}"),
            }
            let is_sent = step.changes_of(id).next().is_some();
            assert!(!is_sent || entry.outcome.may_have_happened(), "{entry:?}");
            assert!(entry.outcome != Outcome::Spared || self.is_meddled(id), "{entry:?}");
        }
    }

    /// What was told is the plan, all of it, and what the journal says.
    fn check_told(&self, step: &Step, ended: &Ended) {
        let lines = ended.jsonl();
        let told: BTreeMap<String, String> = lines
            .iter()
            .map(|line| (line["trace_id"].as_str().unwrap().to_owned(), line["result"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(told.len(), lines.len(), "a trace was told of twice: {ended}");
        let Some(journal) = &step.journal else {
            assert!(step.changes.is_empty() && told.is_empty(), "{ended}");
            // What has nothing left to do needs none.
            let left = self.planned.iter().filter(|id| tag(&step.after[*id]) != Self::GOAL && !self.is_meddled(id));
            assert!(ended.code != Some(0) || left.count() == 0, "{ended}");
            return;
        };
        let untold: Vec<&String> = self.planned.iter().filter(|id| !told.contains_key(*id)).collect();
        assert!(told.keys().all(|id| self.planned.contains(id)), "{ended}");
        assert!(untold.iter().all(|id| self.is_meddled(id)), "{untold:?} of the plan were not told of: {ended}");
        let mut counts = Counts { planned: told.len() as u64, ..Counts::default() };
        for (id, result) in &told {
            if let Some(entry) = step.entry(id) {
                assert_eq!(entry.outcome.as_str(), result, "{id}");
                counts.add(entry.outcome);
            } else {
                assert_eq!(result, "not_attempted", "{id}");
                counts.not_attempted += 1;
            }
        }
        assert_eq!(step.entries().len() as u64, counts.settled(), "the journal has what was not told of");
        assert_eq!(journal.finished, Some(counts));
        assert_eq!(counts.settled() + counts.not_attempted, counts.planned);
        assert_eq!(ended.code == Some(0), counts.failed + counts.not_attempted == 0, "{ended}");
    }
}

impl<const SET: bool> Task for Tags<SET> {
    const NAME: &'static str = if SET { "tag set" } else { "tag delete" };
    const ONE_IN: Range<u32> = 3..12;

    fn prepare(stage: &Stage, rng: &mut Rng) -> Self {
        let size = size(rng);
        let draft = ("stage", "draft");
        let ids = stage.seed(&[
            (size / 5, 1, &[draft]),
            (size - size / 5 * 3, 2, &[draft, (KEY, "old")]),
            (size / 5, 3, &[draft, (KEY, NEW)]),
            (size / 10, 4, &[(KEY, "old")]),
            (size / 10, 5, &[]),
        ]);
        let planned = ids[..3].concat().into_iter().collect();
        let is_undone = rng.bool();
        Self { planned, start: stage.look(), meddled: RefCell::default(), is_undone }
    }

    fn command(&self) -> Vec<String> {
        let words: &[&str] = if SET { &["set", "team=new"] } else { &["delete", KEY] };
        let rest = ["--filter", "tags.stage = 'draft'", "--yes", "-o", "jsonl"];
        ["tag"].iter().chain(words).chain(&rest).map(|word| (*word).to_owned()).collect()
    }

    fn meddle(&self, stage: &Stage, rng: &mut Rng) {
        let trace = one_of(rng, &self.planned);
        stage.tag_meanwhile(rng.usize(3..7), &trace, "stage", "final");
        self.meddled.replace(Some(trace));
    }

    fn check(&self, stage: &Stage, ended: &Ended) {
        let step = stage.step();
        self.check_server(stage, &step);
        self.check_journal(&step);
        stage.note_spared(step.entries().iter().filter(|entry| entry.outcome == Outcome::Spared).count());
        if ended.code.is_some() {
            self.check_told(&step, ended);
        }
    }

    fn check_end(&self, stage: &Stage) {
        for (id, stored) in stage.stock() {
            let is_so = tag(&stored) == Self::GOAL;
            let is_left = tag(&stored) == tag(&self.start[&id]);
            if !self.planned.contains(&id) {
                assert!(is_left, "{id} was not to be changed");
            } else if self.is_meddled(&id) {
                assert!(is_so || is_left, "{id}");
            } else {
                assert!(is_so, "{id} is not changed");
            }
        }
        if self.is_undone {
            stage.undo_all();
            for (id, stored) in stage.stock() {
                let start = &self.start[&id];
                assert_eq!((tag(&stored), self.rest(&id, &stored)), (tag(start), self.rest(&id, start)), "{id}");
            }
        }
    }
}
