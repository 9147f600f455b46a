//! `kill -9` at random moments, and the same command again.

use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::stage::{Stage, Tally};
use super::{Seed, Task, import, retention, seeds, tags};
use crate::harness::{Live, live};
use crate::support::{Ended, Running};

/// How often a command is killed before it may end.
const KILLS: usize = 2;

/// How much longer each request takes, so that there is a middle in which to be killed.
const DELAY: Duration = Duration::from_millis(8);

/// How long a run takes in peace, and how many requests it makes.
pub struct Measure {
    took: Duration,
    /// In all.
    pub requests: usize,
}

impl Measure {
    /// Of a run that made so many requests.
    pub fn of(requests: usize) -> Self {
        Self { took: Duration::ZERO, requests }
    }
}

/// Runs a task in peace.
pub fn measure<T: Task>(live: &'static Live) -> Measure {
    let stage = Stage::new(live);
    let task = T::prepare(&stage, &mut Rng::with_seed(1));
    stage.proxy.delay(DELAY);
    let (start, requests) = (Instant::now(), stage.proxy.requests());
    let ended = stage.run(&task.command()).succeeds();
    let measure = Measure { took: start.elapsed(), requests: stage.proxy.requests() - requests };
    task.check(&stage, &ended);
    task.check_end(&stage);
    measure
}

/// Kills it at a random moment, when one of its later requests has come, or when a change is on its way to the server.
fn kill(stage: &Stage, running: Running, measure: &Measure, rng: &mut Rng) -> Ended {
    let (requests, sent) = (stage.proxy.requests(), stage.proxy.sent());
    let target = requests + rng.usize(measure.requests / 2..=measure.requests);
    let moment = measure.took.mul_f64(rng.f64());
    let way = rng.u8(..3);
    let start = Instant::now();
    let is_time = || match way {
        0 => start.elapsed() >= moment,
        1 => stage.proxy.requests() >= target,
        _ => stage.proxy.sent() > sent,
    };
    while !is_time() && start.elapsed() < measure.took * 2 {
        thread::sleep(Duration::from_millis(1));
    }
    let ended = running.kill().ends();
    stage.proxy.settle();
    ended
}

fn killed<T: Task>() {
    let Some(live) = live() else { return };
    let measure = measure::<T>(live);
    let mut tally = Tally::default();
    for seed in seeds() {
        let named = Seed(T::NAME, seed);
        let mut rng = Rng::with_seed(seed);
        let stage = Stage::new(live);
        let task = T::prepare(&stage, &mut rng);
        stage.proxy.delay(DELAY);
        task.meddle(&stage, &mut rng);
        let mut is_done = false;
        for _ in 0..KILLS {
            // Every other run is killed while other things go wrong, too.
            stage.proxy.disturb(rng.u64(..), if seed % 2 == 0 || !T::CAN_REPEAT { 0 } else { T::ONE_IN.end });
            let before = stage.proxy.changes().len();
            let ended = kill(&stage, stage.program(&task.command()).start(), &measure, &mut rng);
            tally.ended(&ended);
            task.check(&stage, &ended);
            if ended.code.is_none() {
                tally.killed(stage.proxy.changes().len() > before);
            }
            // It may have been killed on its way out.
            is_done = !T::CAN_REPEAT && stage.is_finished();
            if is_done {
                break;
            }
        }
        stage.proxy.calm();
        if !is_done {
            let ended = stage.run(&task.command()).succeeds();
            stage.proxy.settle();
            tally.ended(&ended);
            task.check(&stage, &ended);
        }
        task.check_end(&stage);
        tally.add(&stage);
        drop(named);
    }
    assert!(tally.hits() > 0 || seeds().count() < 4, "no run was killed after its first change");
    tally.tell(&format!("{}, killed", T::NAME));
}

#[test]
fn tags_are_set_once_all_the_same() {
    killed::<tags::SetTags>();
}

#[test]
fn tags_are_deleted_once_all_the_same() {
    killed::<tags::DeleteTags>();
}

#[test]
fn rows_are_imported_once_all_the_same() {
    killed::<import::Import>();
}

#[test]
fn a_policy_deletes_all_of_its_plan_and_nothing_else() {
    killed::<retention::ByPolicy>();
}

#[test]
fn a_plan_deletes_what_it_names_and_nothing_else() {
    killed::<retention::ByPlan>();
}

#[test]
fn an_age_deletes_all_of_its_plan_and_nothing_else() {
    killed::<retention::ByAge>();
}
