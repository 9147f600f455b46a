//! The database of a server, changed beside it: held against what `MLflow`'s own store writes for the same calls, and against
//! being killed.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Journal, Outcome};
use serde_json::json;

use crate::harness::{live, own, python, sorted, texts};
use crate::support::{Program, fault_runs};
use crate::twins::Twins;

#[test]
fn tags_and_assessments_are_written_as_mlflow_writes_them() {
    let Some(live) = live() else { return };
    let twins = Twins { python: python(), uri: live.database() };
    twins.are_alike_after_all_changes();
}

#[test]
fn a_deletion_leaves_the_database_as_one_of_mlflow_does() {
    let Some(live) = own("database-deletion") else { return };
    let twins = Twins { python: python(), uri: live.database() };
    let untouched = live.experiment().seed_plain(3);
    // As it was before, for MLflow to delete the same.
    let path = live.database().trim_start_matches("sqlite:///").to_owned();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("mlflow.db");
    let seeded = twins.ask("seed", &json!([6]));
    let ids: Vec<&str> = seeded["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    fs::copy(&path, &copy).unwrap();
    let theirs = Twins { python: python(), uri: format!("sqlite:///{}", copy.display()) };
    assert_eq!(theirs.ask("dump", &json!([])), twins.ask("dump", &json!([])));
    let experiment = seeded["experiment"].as_str().unwrap();
    twins.program(&["delete", ids[0], ids[4], ids[5], "-x", experiment, "--yes"]).run().succeeds();
    theirs.ask("delete", &json!([experiment, [ids[0], ids[4], ids[5]]]));
    let (ours, expected) = (twins.ask("dump", &json!([])), theirs.ask("dump", &json!([])));
    assert_eq!(ours, expected);
    assert_eq!(expected["review_queue_items"][0], 3);
    assert!(untouched.iter().all(|id| live.info(id).is_object()), "the server goes on");
    twins.delete_some();
    // What a server would make anew after a change is left to it.
    twins.ask("sums", &json!([]));
    let before = twins.ask("dump", &json!([]));
    let delete = twins.program(&["delete", ids[1], ids[2], "-x", experiment, "--yes"]).run().exits(6);
    assert!(
        delete.stderr.contains("2 traces remain") && delete.stderr.contains("sums of each day"),
        "{}",
        delete.stderr
    );
    twins.program(&["feedback", "log", ids[1], "better=true"]).run().exits(6).tells("sums of each day");
    assert_eq!(twins.ask("dump", &json!([])), before);
    twins.program(&["tag", "set", ids[1], "a=b"]).run().succeeds();
}

#[test]
fn what_a_run_changed_is_put_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed(&json!([{"tags": {"env": "dev"}, "feedback": {"good": true}}])).remove(0);
    let states = || live.call("states", &json!({"experiment": experiment.id}))[&trace].clone();
    let state = tempfile::tempdir().unwrap();
    let (before, database) = (states(), live.database());
    let run = |args: &[&str]| {
        let program = Program::new(["-u", &database, "--allow-database-writes"].iter().chain(args));
        program.env("MLFLOW_TRACE_STATE_DIR", state.path()).run().succeeds()
    };
    for args in [
        &["tag", "set", &trace, "env=prod", "new=1"][..],
        &["feedback", "override", &trace, "good", "--value", "false"],
        &["feedback", "log", &trace, "other=1"],
    ] {
        run(args);
    }
    assert_ne!(states(), before);
    for header in Journal::list(state.path()).unwrap().iter().rev() {
        run(&["undo", &header.run_id]);
    }
    assert_eq!(states(), before);
}

/// The state folder has one journal a run; together they tell of every trace what became of it.
#[test]
fn a_deletion_that_is_killed_is_gone_on_with_and_deletes_nothing_else() {
    let Some(live) = own("database-killed") else { return };
    let experiment = live.experiment();
    let seed = |age_s: u64, count: u64| {
        texts(
            live.call("seed_many", &json!({"experiment": experiment.id, "count": count, "age_s": age_s, "step_s": 0})),
        )
    };
    let (old, young) = (seed(40 * 86_400, 1_200), seed(3_600, 300));
    let state = tempfile::tempdir().unwrap();
    let database = live.database();
    let command = || {
        let args = ["-u", &database, "--allow-database-writes", "-x", &experiment.name, "retention", "run"];
        let more = ["--older-than", "30d", "--trust-clock", "--yes", "--sleep-between", "20ms"];
        Program::new(args.iter().chain(&more)).env("MLFLOW_TRACE_STATE_DIR", state.path())
    };
    let (is_over, mut rng) = (AtomicBool::new(false), Rng::with_seed(7));
    let mut kills = 0;
    std::thread::scope(|scope| {
        // The server writes at the same time.
        let writer = scope.spawn(|| {
            for number in 0_usize.. {
                if is_over.load(Ordering::Relaxed) {
                    return number;
                }
                let trace = &young[number % young.len()];
                live.call("set_tag", &json!({"trace": trace, "key": "n", "value": number.to_string()}));
            }
            0
        });
        for _ in 0..fault_runs(12) {
            let mut run = command().start();
            std::thread::sleep(Duration::from_millis(rng.u64(150..900)));
            if run.has_ended() {
                run.ends().succeeds();
                break;
            }
            drop(run.kill());
            kills += 1;
            let there: BTreeSet<String> = experiment.ids().into_iter().collect();
            assert!(young.iter().all(|id| there.contains(id)), "nothing else goes");
            for (id, outcome) in told(state.path()) {
                assert!(outcome != Outcome::Done || !there.contains(&id), "{id} is there");
            }
        }
        command().run().succeeds();
        is_over.store(true, Ordering::Relaxed);
        assert!(writer.join().unwrap() > 10, "the server could write");
    });
    assert_eq!(experiment.ids(), sorted(young));
    let told = told(state.path());
    let done: Vec<&String> = told.iter().filter(|(_, outcome)| *outcome == Outcome::Done).map(|(id, _)| id).collect();
    assert_eq!(done.len(), old.len(), "each is told once");
    assert_eq!(done.into_iter().cloned().collect::<BTreeSet<_>>(), old.into_iter().collect());
    eprintln!("{kills} runs were killed");
}

/// What the journals say of traces.
fn told(folder: &std::path::Path) -> Vec<(String, Outcome)> {
    let headers = Journal::list(folder).unwrap();
    let read = |run: &str| Journal::read(folder, run).unwrap().entries;
    let entries = headers.iter().flat_map(|header| read(&header.run_id));
    entries.map(|entry| (entry.trace_id.to_string(), entry.outcome)).collect()
}
