//! Imports through a network and a server that fail, and imports that are killed: no row is annotated twice, and the
//! results file agrees with the server.

use std::collections::HashMap;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use crate::fake::{Answer, Failure, Fake, Rule, id};
use crate::rows::{CREATE, Files, csv, journaled};

const ROWS: u32 = 60;

fn failure(rng: &mut Rng) -> Failure {
    if rng.u8(..100) == 0 {
        return Failure::Stall;
    }
    match rng.u8(..6) {
        0 => Failure::Close,
        1 => Failure::LoseAnswer,
        2 => Failure::status(500, "oops"),
        3 => Failure::status(429, "slow down"),
        4 => Failure::AnswerAfterAll(Answer::new(504, "text/html", "<html><title>Gateway Time-out</title></html>")),
        _ => Failure::AnswerAfterAll(Answer::new(500, "text/html", "<html>bug</html>")),
    }
}

/// Makes about one of `in` requests fail.
fn unsettle(fake: &Fake, rng: &mut Rng, one_in: usize) {
    for text in [CREATE, "GET /api/3.0/mlflow/traces/tr-", "batchGetInfos", "label-schemas"] {
        for request in 1..=ROWS as usize * 4 {
            if rng.usize(..one_in) == 0 {
                fake.fail(Rule::nth(request, text), failure(rng));
            }
        }
    }
}

/// Holds the results against what the server has, where each trace had so many overridden assessments before; returns how
/// many rows are done.
fn check(fake: &Fake, files: &Files, results: &str, before: usize) -> usize {
    let stored: HashMap<u32, Vec<Value>> = (1..=ROWS)
        .map(|row| (row, fake.state().assessments(&id(row)).into_iter().map(Value::Object).collect()))
        .collect();
    for (row, stored) in &stored {
        assert!(stored.len() <= before + 1, "row {row} was annotated twice: {stored:?}");
        if let Some(one) = stored.get(before) {
            assert_eq!(one["feedback"]["value"], (*row % 2 == 0), "row {row}");
            let valid: Vec<bool> = stored.iter().map(|one| one["valid"] == true).collect();
            assert_eq!(valid.iter().filter(|valid| **valid).count(), 1, "row {row}: {stored:?}");
            assert!(valid[before], "row {row}: {stored:?}");
        }
    }
    let mut done = 0;
    for line in files.results(results) {
        let row = u32::try_from(line["row"].as_u64().unwrap()).unwrap();
        match line["result"].as_str().unwrap() {
            "ok" | "unchanged" => {
                assert_eq!(stored[&row].len(), before + 1, "{line} is not on the server");
                assert_eq!(stored[&row][before]["assessment_id"], line["assessment_id"]);
                done += 1;
            }
            result => assert_eq!(result, "failed", "{line}"),
        }
    }
    done
}

/// Holds the journals of all runs against the server: what is done is there, and what is there was noted beforehand.
fn check_journal(fake: &Fake, state: &str) {
    let entries = journaled(state);
    let stored: Vec<String> = (1..=ROWS)
        .flat_map(|row| fake.state().assessments(&id(row)))
        .map(|one| one["assessment_id"].as_str().unwrap().to_owned())
        .collect();
    for (id, is_done, _) in &entries {
        assert!(!is_done || stored.contains(id), "{id} is not on the server");
    }
    for id in &stored {
        assert!(entries.iter().any(|(noted, _, _)| noted == id), "{id} was not noted");
        let done = entries.iter().filter(|(noted, is_done, _)| noted == id && *is_done).count();
        assert!(done <= 1, "{id} was created {done} times");
    }
}

#[test]
fn no_failure_annotates_twice_and_the_results_tell_the_truth() {
    let mut failed_runs = 0;
    for seed in 0..crate::support::fault_runs(16) {
        let mut rng = Rng::with_seed(seed);
        let fake = Fake::with_many(ROWS);
        let files = Files::new();
        let (file, results) = (files.write("rows.csv", &csv(1..=ROWS)), files.path("r.jsonl"));
        let state = files.path("state");
        let run = |line: &[&str]| fake.program(line).hidden_env("MLFLOW_TRACE_STATE_DIR", &state).run();
        // Every other time there is something to override.
        let before = usize::try_from(seed % 2).unwrap();
        if before > 0 {
            let opposite = csv(1..=ROWS).replace("true", "?").replace("false", "true").replace('?', "false");
            run(&["feedback", "import", &files.write("before.csv", &opposite)]).succeeds();
        }
        unsettle(&fake, &mut rng, 3);
        let import =
            ["feedback", "import", &file, "--results", &results, "--on-existing", "override", "--timeout", "1s"];
        let mut runs = 0;
        loop {
            let ended = run(&import).ends();
            runs += 1;
            check_journal(&fake, &state);
            let done =
                if std::path::Path::new(&results).exists() { check(&fake, &files, "r.jsonl", before) } else { 0 };
            if ended.code == Some(0) {
                assert_eq!(done, ROWS as usize, "seed {seed}: {ended}");
                break;
            }
            failed_runs += 1;
            assert!(matches!(ended.code, Some(3 | 5 | 6)), "seed {seed}: {ended}");
            assert!(runs < 30, "seed {seed} does not end: {ended}");
        }
        assert!((1..=ROWS).all(|row| fake.state().assessments(&id(row)).len() == before + 1), "seed {seed}");
    }
    assert!(failed_runs > 8, "only {failed_runs} runs failed");
}

#[test]
fn a_server_that_does_not_answer_in_time_is_not_annotated_twice() {
    let fake = Fake::with_many(4);
    let files = Files::new();
    let (file, results) = (files.write("rows.csv", &csv(1..=4)), files.path("r.jsonl"));
    fake.fail(Rule::nth(2, CREATE), Failure::Stall);
    fake.fail(Rule::nth(4, CREATE), Failure::Stall);
    let import = ["feedback", "import", &file, "--results", &results, "--timeout", "1s"];
    fake.run(&import).exits_with_one_of(&[0, 3]);
    fake.run(&import).exits_with_one_of(&[0, 3]);
    fake.run(&import).succeeds();
    assert!((1..=4).all(|row| fake.state().assessments(&id(row)).len() == 1));
}

#[test]
fn killed_at_random_moments_an_import_ends_with_every_row_once() {
    for with_results in [true, false] {
        let mut rng = Rng::with_seed(7);
        let fake = Fake::with_many(ROWS);
        fake.before(Rule::every(CREATE), |_| std::thread::sleep(Duration::from_millis(8)));
        let files = Files::new();
        let (file, results) = (files.write("rows.csv", &csv(1..=ROWS)), files.path("r.jsonl"));
        let mut import = vec!["feedback", "import", file.as_str()];
        if with_results {
            import.extend(["--results", results.as_str()]);
        }
        let (mut kills, mut patience) = (0, 120);
        loop {
            let running = fake.program(&import).hidden_env("MLFLOW_TRACE_STATE_DIR", files.path("state")).start();
            std::thread::sleep(Duration::from_millis(rng.u64(5..patience)));
            let ended = running.kill().ends();
            if ended.code == Some(0) {
                break;
            }
            assert_eq!(ended.code, None, "{ended}");
            kills += 1;
            patience += 10;
            check_journal(&fake, &files.path("state"));
            if with_results && std::path::Path::new(&results).exists() {
                // The last line may be cut off; what is whole is true.
                let text = files.read("r.jsonl");
                let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
                files.write("whole.jsonl", whole);
                check(&fake, &files, "whole.jsonl", 0);
            }
            assert!(kills < 200, "no progress");
        }
        assert!(kills >= 3, "only {kills} kills");
        assert!((1..=ROWS).all(|row| fake.state().assessments(&id(row)).len() == 1));
        if with_results {
            assert_eq!(check(&fake, &files, "r.jsonl", 0), ROWS as usize);
        }
    }
}
