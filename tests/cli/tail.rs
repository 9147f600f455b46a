//! `tail`: each trace once, when it has ended, whatever its start time and whatever the server does meanwhile.

use std::time::{SystemTime, UNIX_EPOCH};

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
