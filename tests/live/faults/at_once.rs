//! Two runs at once: one waits or leaves.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Journal, Outcome};

use super::stage::Stage;
use super::{Task, import, retention, tags};
use crate::harness::live;

fn at_once<T: Task>() {
    let Some(live) = live() else { return };
    let requests = super::killed::measure::<T>(live).requests;
    let stage = Stage::new(live);
    let task = T::prepare(&stage, &mut Rng::with_seed(1));
    // The first one stands still before one of its last requests.
    let (arrived, has_arrived) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    stage.proxy.meanwhile(requests * 2 / 3, move || {
        arrived.send(()).unwrap();
        let _ = may_go.recv();
    });
    let first = stage.program(&task.command()).start();
    has_arrived.recv_timeout(Duration::from_secs(60)).expect("the first run gets so far");
    let journals = || Journal::list(stage.folder()).unwrap().len();
    let before = journals();
    let second = stage.program(&task.command()).run();
    second.exits(7).tells("holds the lock");
    let mut waiting = task.command();
    waiting.extend(["--lock-wait", "60s"].map(str::to_owned));
    let mut waiting = stage.program(&waiting).start();
    thread::sleep(Duration::from_millis(700));
    assert!(waiting.is_running(), "it waits");
    assert_eq!(journals(), before, "without a journal nothing is changed");
    go.send(()).unwrap();
    first.ends().succeeds();
    waiting.ends().succeeds();
    stage.proxy.settle();
    let mut done = BTreeSet::new();
    for header in Journal::list(stage.folder()).unwrap() {
        for entry in Journal::read(stage.folder(), &header.run_id).unwrap().entries {
            let is_done = entry.outcome == Outcome::Done;
            assert!(!is_done || done.insert(format!("{} {:?}", entry.trace_id, entry.action)), "done twice: {entry:?}");
        }
    }
    task.check_end(&stage);
}

#[test]
fn a_second_tag_set_waits_or_leaves() {
    at_once::<tags::SetTags>();
}

#[test]
fn a_second_import_waits_or_leaves() {
    at_once::<import::Import>();
}

#[test]
fn a_second_policy_waits_or_leaves() {
    at_once::<retention::ByPolicy>();
}
