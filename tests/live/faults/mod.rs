//! Changes to many traces while everything goes wrong between the program and a real server: requests and answers that are
//! lost, refused or held back, `kill -9`, two runs at once, a world that lies or breaks. Whatever happens, what the program says, what its journals say
//! and what the server holds must agree, and nothing is changed that was not to be.
//!
//! `MLFLOW_TRACE_FAULT_RUNS=40` makes forty runs of each kind instead of a few, `MLFLOW_TRACE_FAULT_RUNS=17..18` repeats
//! the one of seed 17. With it set, each test tells how often what went wrong.

mod at_once;
mod import;
mod killed;
mod retention;
mod stage;
mod tags;
mod world;

use std::io::Write;
use std::ops::Range;

use fastrand::Rng;

use crate::harness::live;
use crate::support::Ended;
use stage::{Stage, Tally};

/// How many runs of each kind there are unless the environment says otherwise.
const RUNS: u64 = 2;
/// How often a command is repeated under faults before they end.
const REPEATS: usize = 2;

/// A command that changes many traces, and what must hold whatever goes wrong meanwhile.
trait Task: Sized {
    /// For failures and tallies.
    const NAME: &'static str;
    /// From how many requests one goes wrong: the fewer a run makes, the more often.
    const ONE_IN: Range<u32>;
    /// Whether it may be repeated after it ended, well or not.
    const CAN_REPEAT: bool = true;
    /// Sets the scene.
    fn prepare(stage: &Stage, rng: &mut Rng) -> Self;
    /// Its arguments.
    fn command(&self) -> Vec<String>;
    /// What somebody else does meanwhile.
    fn meddle(&self, stage: &Stage, rng: &mut Rng);
    /// Asserts what holds after every run, whether it ended or was killed.
    fn check(&self, stage: &Stage, ended: &Ended);
    /// Asserts what holds when the last run succeeded.
    fn check_end(&self, stage: &Stage);
}

/// Tells the seed of a run that fails.
struct Seed(&'static str, u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(name, seed) = self;
            let _ = writeln!(std::io::stderr(), "{name} failed with MLFLOW_TRACE_FAULT_RUNS={seed}..{}", *seed + 1);
        }
    }
}

/// The seeds of the runs of one kind.
fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("MLFLOW_TRACE_FAULT_RUNS") else { return 0..RUNS };
    let number = |text: &str| text.trim().parse().expect("MLFLOW_TRACE_FAULT_RUNS is N or N..M");
    match text.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => 0..number(&text),
    }
}

/// Runs a task again and again: under faults, then in peace.
fn under_faults<T: Task>() {
    let Some(live) = live() else { return };
    let mut tally = Tally::default();
    for seed in seeds() {
        let named = Seed(T::NAME, seed);
        let mut rng = Rng::with_seed(seed);
        let stage = Stage::new(live);
        let task = T::prepare(&stage, &mut rng);
        task.meddle(&stage, &mut rng);
        stage.proxy.disturb(seed, rng.u32(T::ONE_IN));
        for repeat in 0..=REPEATS {
            if repeat == REPEATS {
                stage.proxy.calm();
            }
            let ended = stage.run(&task.command()).ends();
            stage.proxy.settle();
            tally.ended(&ended);
            task.check(&stage, &ended);
            if ended.code == Some(0) {
                break;
            }
            assert!(repeat < REPEATS, "nothing went wrong, and yet: {ended}");
        }
        stage.proxy.calm();
        task.check_end(&stage);
        tally.add(&stage);
        drop(named);
    }
    assert!(tally.faults() > 0 || seeds().count() < 4, "nothing went wrong");
    tally.tell(T::NAME);
}

#[test]
fn tags_are_set_as_told() {
    under_faults::<tags::SetTags>();
}

#[test]
fn tags_are_deleted_as_told() {
    under_faults::<tags::DeleteTags>();
}

#[test]
fn rows_are_imported_once() {
    under_faults::<import::Import>();
}

#[test]
fn a_policy_deletes_what_it_says() {
    under_faults::<retention::ByPolicy>();
}

#[test]
fn an_age_deletes_what_it_says() {
    under_faults::<retention::ByAge>();
}
