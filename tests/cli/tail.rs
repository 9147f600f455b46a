//! `tail`: each trace once, when it has ended, whatever its start time and whatever the server does meanwhile.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fastrand::Rng;

use crate::fake::{Failure, Fake, Rule, Seed, id};

fn ago(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    i64::try_from(now).unwrap() - seconds * 1000
}

fn seed(number: u32, seconds_ago: i64) -> Seed {
    Seed::new(number).started(ago(seconds_ago))
}

#[test]
fn the_latest_traces_are_shown_in_the_order_of_their_ends() {
    let slow = seed(1, 100).duration_ms(90_000);
    let fake = Fake::with([slow, seed(2, 50), seed(3, 40), seed(4, 30).state("IN_PROGRESS")]);
    let shown = |args: &[&str]| fake.run(&[&["tail", "-o", "ids"], args].concat()).succeeds().lines();
    assert_eq!(shown(&[]), [id(2), id(3), id(1)]);
    assert_eq!(shown(&["-n", "2"]), [id(2), id(3)], "the latest has not ended");
    assert_eq!(shown(&["--since", "45s"]), [id(3)]);
    assert_eq!(shown(&["--filter", "trace.trace_id != 'x'", "--status", "ERROR"]), Vec::<String>::new());
    let line = fake.run(&["tail", "-n", "3"]).succeeds().stdout;
    assert!(line.contains(&format!("{}  OK", id(3))) && line.contains("120ms  chat") && line.contains("question 3"));
    let digest = fake.run(&["tail", "-n", "3", "--view", "digest"]).succeeds().stdout;
    assert!(digest.contains("question 3"), "{digest}");
    let json = fake.run(&["tail", "-n", "3", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!((json.len(), json[0]["data"]["spans"].as_array().unwrap().len()), (3, 1));
}

#[test]
fn a_trace_is_shown_once_when_it_has_ended() {
    let fake = Fake::with([seed(1, 20), seed(2, 60).state("IN_PROGRESS"), seed(9, 3 * 3600)]);
    fake.before(Rule::nth(3, "traces/search"), |state| {
        state.add([seed(3, 0), seed(4, 300), seed(5, 3600)]);
    });
    fake.before(Rule::nth(5, "traces/search"), |state| {
        state.remove(&id(2));
        state.add([seed(2, 60), seed(6, 0)]);
    });
    let args = ["tail", "-f", "-o", "ids", "--interval", "1s", "--max-time", "6s"];
    let mut shown = fake.run(&args).succeeds().lines();
    assert_eq!(shown.remove(0), id(1));
    shown.sort();
    assert_eq!(shown, [id(2), id(3), id(4), id(6)], "5 started before the lookback");
}

#[test]
fn a_server_that_goes_away_and_comes_back_loses_nothing() {
    let fake = Fake::with([seed(1, 20)]);
    fake.before(Rule::nth(2, "traces/search"), |state| state.add([seed(2, 0)]));
    fake.fail(Rule::nth(3, "traces/search").times(7), Failure::status(503, "down"));
    let args = ["tail", "-f", "-o", "ids", "--interval", "1s", "--max-time", "12s"];
    fake.before(Rule::nth(5, "traces/search"), |state| state.add([seed(3, 0)]));
    let ended = fake.run(&args).succeeds();
    assert_eq!(ended.lines(), [id(1), id(2), id(3)], "{ended}");
    assert!(ended.stderr.contains("trying again until it answers"), "{ended}");
    assert!(ended.stderr.contains("The server answers again."), "{ended}");
    fake.fail(Rule::every("traces/search"), Failure::status(403, "no"));
    fake.run(&args).exits(4).prints_nothing();
}

#[test]
fn a_server_that_no_longer_answers_does_not_keep_a_watch_beyond_its_time() {
    let fake = Fake::with([seed(1, 20)]);
    fake.fail(Rule::nth(2, "traces/search").times(9), Failure::Stall);
    let ended = fake.run(&["tail", "-f", "-o", "ids", "--interval", "1s", "--max-time", "2s"]).exits(5);
    assert_eq!(ended.lines(), [id(1)]);
    assert!(ended.stderr.contains("did not answer before --max-time ran out"), "{ended}");
}

/// Traces begin in the past, end out of order and are deleted, while answers of the server are lost.
#[test]
fn whatever_goes_wrong_each_trace_that_ends_is_shown_once() {
    let args = ["tail", "-f", "-o", "ids", "--interval", "100ms", "--max-time", "8s"];
    let one = |run: u64| {
        let fake = Fake::with([seed(1, 20)]);
        let (mut ended, mut removed) = (BTreeSet::from([id(1)]), BTreeSet::new());
        let shown = std::thread::scope(|scope| {
            let tail = fake.program(&args).env("MLFLOW_HTTP_REQUEST_TIMEOUT", "1");
            let tail = scope.spawn(|| tail.run().succeeds().lines());
            while !fake.log().iter().any(|request| request.target.contains("traces/search")) {
                std::thread::sleep(Duration::from_millis(10));
            }
            fake.leave_to_chance(Some((run, 3)));
            let (mut rng, begun) = (Rng::with_seed(run), Instant::now());
            let (mut last, mut running) = (1, Vec::new());
            while begun.elapsed() < Duration::from_secs(4) {
                let mut state = fake.state();
                last += 1;
                let seconds_ago = rng.i64(0..800);
                if rng.bool() {
                    state.add([seed(last, seconds_ago).state("IN_PROGRESS")]);
                    running.push((last, seconds_ago));
                } else {
                    state.add([seed(last, seconds_ago)]);
                    ended.insert(id(last));
                }
                if running.len() > 3 {
                    let (number, seconds_ago) = running.swap_remove(rng.usize(..running.len()));
                    state.remove(&id(number));
                    state.add([seed(number, seconds_ago).duration_ms(seconds_ago * 1000)]);
                    ended.insert(id(number));
                }
                if rng.u32(..8) == 0 {
                    let gone = rng.u32(1..=last);
                    state.remove(&id(gone));
                    running.retain(|(number, _)| *number != gone);
                    removed.insert(id(gone));
                }
                drop(state);
                std::thread::sleep(Duration::from_millis(rng.u64(1..40)));
            }
            fake.leave_to_chance(None);
            tail.join().unwrap()
        });
        let once: BTreeSet<String> = shown.iter().cloned().collect();
        assert_eq!(once.len(), shown.len(), "run {run} shows a trace twice");
        assert!(once.is_subset(&ended), "run {run} shows what has not ended");
        let missed: Vec<_> = ended.difference(&once).filter(|id| !removed.contains(*id)).collect();
        assert!(missed.is_empty(), "run {run} of {} misses {missed:?}", ended.len());
        shown.len()
    };
    let shown: usize = std::thread::scope(|scope| {
        let seeds: Vec<_> = (0..crate::support::fault_runs(3)).map(|run| scope.spawn(move || one(run))).collect();
        seeds.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert!(shown > 100, "only {shown} traces were shown");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let fake = Fake::with_many(1);
    for args in [
        &["tail", "-f", "--until", "2026-11-01"][..],
        &["tail", "--max-time", "5s"],
        &["tail", "-n", "5", "--since", "1h"],
        &["tail", "-o", "csv"],
        &["tail", "stauts = 'OK'"],
    ] {
        fake.run(args).exits(2).prints_nothing();
    }
    assert!(fake.log().is_empty());
    let demo = crate::support::Program::new(["-u", "demo", "tail", "-n", "2", "-o", "jsonl"]).run().succeeds().jsonl();
    assert_eq!(demo.len(), 2);
    assert!(demo.iter().all(|trace| trace["info"]["state"] != "IN_PROGRESS"));
}
