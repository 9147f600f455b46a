//! Bulk tags while everything goes wrong: requests and answers that are lost, refusals, stalls, `kill -9`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Outcome};
use serde_json::Value;

use crate::changes::Desk;
use crate::fake::{Failure, Fake, Rule, Seed, id};

const TRACES: u32 = 130;
const RUNS: u64 = 20;

/// Whether a trace is to be selected.
fn is_draft(number: u32) -> bool {
    !number.is_multiple_of(10)
}

/// A server with many drafts, some of which have the tag already, and others that must not be touched.
fn desk() -> Desk {
    Desk::new(Fake::with((1..=TRACES).map(|number| {
        let seed = if is_draft(number) { Seed::new(number).tag("stage", "draft") } else { Seed::new(number) };
        match number % 4 {
            0 => seed.tag("team", "old"),
            1 if number % 3 == 0 => seed.tag("team", "new"),
            _ => seed,
        }
    })))
}

/// The tag of every trace that is there.
fn tags(desk: &Desk) -> BTreeMap<String, Option<String>> {
    let state = desk.fake.state();
    let there = (1..=TRACES).map(id).filter(|id| state.find(id).is_some());
    there.map(|id| (id.clone(), state.tag(&id, "team"))).collect()
}

const SET: &[&str] =
    &["tag", "set", "--filter", "tags.stage = 'draft'", "team=new", "--yes", "-o", "jsonl", "--timeout", "400ms"];

/// What the run told, against what the server holds and the journal says.
fn check(desk: &Desk, lines: &[Value], before: &BTreeMap<String, Option<String>>) -> BTreeSet<&'static str> {
    let after = tags(desk);
    let journal = desk.journal(&desk.runs()[0]);
    let planned: BTreeSet<String> = (1..=TRACES).filter(|number| is_draft(*number)).map(id).collect();
    let told: BTreeMap<String, &str> = lines
        .iter()
        .map(|line| (line["trace_id"].as_str().unwrap().to_owned(), line["result"].as_str().unwrap()))
        .collect();
    assert_eq!(lines.len(), told.len(), "every trace is told of once");
    assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), planned, "all of the plan, and nothing else");
    for (id, tag) in &after {
        if tag != &before[id] {
            assert!(planned.contains(id), "{id} was not selected");
            let entry = journal.entries.iter().find(|entry| entry.trace_id.as_str() == id).expect("an entry");
            assert!(entry.outcome.may_have_happened(), "{id} was changed, the journal says {:?}", entry.outcome);
            assert_eq!(entry.before.as_ref().and_then(Value::as_str), before[id].as_deref(), "{id}");
        }
    }
    let mut results = BTreeSet::new();
    let counts = journal.finished.expect("the run ended by itself");
    for (id, result) in &told {
        let entry = journal.entries.iter().find(|entry| entry.trace_id.as_str() == id);
        let recorded = entry.map(|entry| entry.outcome);
        let now = after.get(id).cloned().flatten();
        results.insert(match *result {
            "done" | "unchanged" => {
                // Unless somebody has removed it afterwards.
                assert!(now.as_deref() == Some("new") || !after.contains_key(id), "{id} {result}");
                if *result == "done" { "done" } else { "unchanged" }
            }
            "spared" => {
                assert!(now == before[id] || !after.contains_key(id), "{id} was spared");
                "spared"
            }
            "gone" => {
                assert!(!after.contains_key(id), "{id} is there");
                "gone"
            }
            "failed" => "failed",
            "not_attempted" => {
                assert!(now == before[id] || !after.contains_key(id), "{id} was not attempted");
                "not_attempted"
            }
            other => panic!("{other}"),
        });
        assert_eq!(recorded.map_or("not_attempted", Outcome::as_str), *result, "{id} in the journal");
    }
    assert!(journal.entries.iter().all(|entry| entry.action == Action::SetTag { key: "team".into() }));
    assert_eq!((counts.planned, counts.settled() + counts.not_attempted), (planned.len() as u64, planned.len() as u64));
    results
}

#[test]
fn whatever_goes_wrong_every_trace_of_the_plan_is_accounted_for() {
    let (mut results, mut carried_out) = (BTreeSet::new(), 0);
    for seed in 0..crate::support::fault_runs(RUNS) {
        let desk = desk();
        let before = tags(&desk);
        let mut rng = Rng::with_seed(seed);
        // Somebody else is at work, too.
        let (taken, removed) = (rng.u32(1..=TRACES), rng.u32(1..=TRACES));
        desk.fake.before(Rule::nth(rng.usize(1..80), "PATCH"), move |state| {
            if state.find(&id(taken)).is_some() {
                state.set_tag(&id(taken), "stage", "final");
            }
            state.remove(&id(removed));
        });
        if seed.is_multiple_of(10) {
            // Chance rarely fails a look at a batch as often as it is tried.
            desk.fake.fail(Rule::nth(3, "traces/search").times(2), Failure::status(500, "Internal Server Error"));
        }
        desk.fake.leave_to_chance(Some((seed, rng.u32(6..30))));
        let ended = desk.run(SET).exits_with_one_of(&[0, 3, 4, 5, 6]);
        desk.fake.leave_to_chance(None);
        if desk.runs().is_empty() {
            assert_eq!((ended.stdout.as_str(), tags(&desk) == before), ("", true), "it could not even select");
            continue;
        }
        carried_out += 1;
        let of_run = check(&desk, &ended.jsonl(), &before);
        let is_whole = !of_run.contains("failed") && !of_run.contains("not_attempted");
        assert_eq!(ended.code == Some(0), is_whole, "{of_run:?} {ended}");
        results.extend(of_run);
        // Whatever may have happened is taken back.
        desk.run(&["undo", &desk.runs()[0]]).succeeds();
        for (id, tag) in tags(&desk) {
            assert_eq!(tag, before[&id], "{id} of seed {seed}");
        }
    }
    assert!(carried_out >= 16, "only {carried_out} runs selected");
    assert_eq!(results, ["done", "failed", "gone", "not_attempted", "spared", "unchanged"].into());
}

#[test]
fn killed_at_any_moment_a_run_can_be_taken_back_and_done_again() {
    let mut killed = 0;
    for seed in 0..crate::support::fault_runs(10) {
        let desk = desk();
        let before = tags(&desk);
        desk.fake.before(Rule::every("PATCH"), |_| std::thread::sleep(Duration::from_millis(2)));
        let running = desk.program(SET).start();
        std::thread::sleep(Duration::from_millis(Rng::with_seed(seed).u64(5..450)));
        let ended = running.kill().ends();
        // What it had sent arrives all the same.
        std::thread::sleep(Duration::from_millis(60));
        let Some(run) = desk.runs().pop() else {
            assert!(tags(&desk) == before, "without a journal nothing is changed");
            continue;
        };
        let journal = desk.journal(&run);
        killed += usize::from(ended.code.is_none() && !journal.entries.is_empty());
        for (id, tag) in tags(&desk) {
            let entry = journal.entries.iter().find(|entry| entry.trace_id.as_str() == id);
            let may_have = entry.is_some_and(|entry| entry.outcome.may_have_happened());
            assert!(tag == before[&id] || may_have, "{id} was changed and the journal does not say so");
            if entry.is_some_and(|entry| entry.outcome == Outcome::Done) {
                assert_eq!(tag.as_deref(), Some("new"), "{id}");
            }
        }
        desk.run(&["undo", &run]).succeeds();
        assert!(tags(&desk) == before, "seed {seed}");
        desk.run(SET).succeeds();
        let is_done = |number: u32| desk.fake.state().tag(&id(number), "team").as_deref() == Some("new");
        assert!((1..=TRACES).filter(|number| is_draft(*number)).all(is_done));
    }
    assert!(killed >= 3, "only {killed} runs were killed while they changed something");
}
