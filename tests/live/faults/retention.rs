//! `retention run` by a policy and by age.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use fastrand::Rng;
use serde_json::Value;

use super::Task;
use super::stage::{Stage, Step, Stock, one_of, size};
use crate::support::Ended;

/// `retention run --policy`.
pub type ByPolicy = Retention<true>;
/// `retention run --older-than`.
pub type ByAge = Retention<false>;

/// Old traces go, unless they are to be kept; young ones stay.
pub struct Retention<const POLICY: bool> {
    planned: BTreeSet<String>,
    start: Stock,
    /// The trace that somebody else may have kept.
    meddled: RefCell<Option<String>>,
    command: Vec<String>,
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

impl<const POLICY: bool> Retention<POLICY> {
    fn is_meddled(&self, id: &str) -> bool {
        self.meddled.borrow().as_deref() == Some(id)
    }

    /// What went was to go and was asked for by its id.
    fn check_server(&self, stage: &Stage, step: &Step) {
        let gone = &ids(&step.before) - &ids(&step.after);
        assert!(gone.is_subset(&self.planned), "deleted, and not of the plan: {:?}", &gone - &self.planned);
        assert!(ids(&step.after).is_subset(&ids(&step.before)));
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
            assert!(!batch.is_empty() && batch.is_subset(&self.planned), "{batch:?}");
            let is_late = batch.iter().any(|id| self.is_meddled(id)) && stage.proxy.knew_better(change);
            assert!(!is_late, "somebody had said to keep what was deleted");
            if change.is_done() {
                assert!(batch.is_disjoint(&ids(&step.after)), "the server said yes and did not");
            }
            asked.extend(batch);
        }
        assert!(gone.is_subset(&asked), "{:?} went by themselves", &gone - &asked);
    }

    /// The numbers are those of the plan and of what is left of it.
    fn check_told(&self, stage: &Stage, step: &Step, ended: &Ended) {
        if ended.stdout.is_empty() {
            assert!(ended.code != Some(0) && step.changes.is_empty(), "{ended}");
            return;
        }
        let summary = ended.json();
        let number = |key: &str| usize::try_from(summary[key].as_u64().expect(key)).unwrap();
        let [planned, deleted, spared, gone] = ["planned", "deleted", "spared", "gone"].map(number);
        let [remaining, not_attempted] = ["remaining", "not_attempted"].map(number);
        assert_eq!(deleted + spared + gone + remaining + not_attempted, planned, "{ended}");
        let there: BTreeSet<String> = &self.planned & &ids(&step.before);
        let left = &there & &ids(&step.after);
        stage.note_spared(spared);
        assert!(planned == there.len() || planned + 1 == there.len() && left.iter().any(|id| self.is_meddled(id)));
        let unknown = texts(&summary["experiments"][0]["remaining_ids"]);
        assert_eq!(unknown.len(), remaining, "{ended}");
        assert!(unknown.is_subset(&there), "{ended}");
        // Those that were never in the plan are left, too.
        let kept = there.len() - planned + spared + not_attempted;
        assert_eq!(left.len(), kept + (&unknown & &left).len(), "{ended}");
        assert_eq!(there.len() - left.len(), deleted + gone + (&unknown - &left).len(), "{ended}");
        assert_eq!(gone, 0, "nobody else deletes: {ended}");
        assert!(spared == 0 || spared == 1 && left.iter().any(|id| self.is_meddled(id)), "{ended}");
        assert_eq!(ended.code == Some(0), remaining + not_attempted == 0, "{ended}");
    }
}

impl<const POLICY: bool> Task for Retention<POLICY> {
    const NAME: &'static str = if POLICY { "retention run --policy" } else { "retention run --older-than" };
    const ONE_IN: Range<u32> = 2..7;

    fn prepare(stage: &Stage, rng: &mut Rng) -> Self {
        let size = size(rng);
        let keep = ("keep", "true");
        let ids = stage.seed(&[(size * 3 / 4, 40, &[]), (size / 8, 41, &[keep]), (size / 8, 1, &[])]);
        let mut command = vec!["retention".to_owned(), "run".to_owned()];
        if POLICY {
            let file = stage.path("retention.toml");
            let rule = "keep_within = \"30d\"\nkeep_if = [\"tags.keep = 'true'\"]";
            let text = format!("[[rule]]\nname = \"faults\"\nexperiments = [\"{}\"]\n{rule}\n", stage.experiment.id);
            fs::write(&file, text).unwrap();
            command.extend(["--policy".to_owned(), file]);
        } else {
            command.extend(["--older-than", "30d", "--keep-if", "tags.keep = 'true'"].map(str::to_owned));
        }
        command.extend(["--yes", "-o", "json"].map(str::to_owned));
        let planned = ids[0].iter().cloned().collect();
        Self { planned, start: stage.look(), meddled: RefCell::default(), command }
    }

    fn command(&self) -> Vec<String> {
        self.command.clone()
    }

    fn meddle(&self, stage: &Stage, rng: &mut Rng) {
        let trace = one_of(rng, &self.planned);
        stage.tag_meanwhile(rng.usize(1..7), &trace, "keep", "true");
        self.meddled.replace(Some(trace));
    }

    fn check(&self, stage: &Stage, ended: &Ended) {
        let step = stage.step();
        self.check_server(stage, &step);
        if ended.code.is_some() {
            self.check_told(stage, &step, ended);
        }
    }

    fn check_end(&self, stage: &Stage) {
        let left = ids(&stage.stock());
        let expected = &ids(&self.start) - &self.planned;
        let extra = &left - &expected;
        assert!(left.is_superset(&expected) && extra.iter().all(|id| self.is_meddled(id)), "{extra:?} are left");
    }
}
