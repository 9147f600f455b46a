//! `doctor` against a real server: it sees what the server is, reads spans, and leaves everything as it is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::live;
use crate::support::Ended;

fn row(ended: &Ended, check: &str) -> Value {
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    checks.into_iter().find(|row| row["check"] == check).unwrap_or_else(|| panic!("no {check} in {ended}"))
}

#[test]
fn a_server_that_works_is_told_so_and_nothing_changes() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 60}, {"age_s": 120}]));
    let before = experiment.run(&["search", "-o", "jsonl"]).succeeds().stdout;
    let ended = experiment.run(&["doctor", "-o", "json"]).succeeds();
    for check in [
        "name",
        "connection",
        "server",
        "credentials",
        "features",
        "experiment",
        "traces",
        "spans",
        "permissions",
        "clock",
    ] {
        let state = row(&ended, check)["state"].as_str().unwrap().to_owned();
        // How long an answer takes is up to the machine.
        let is_slow = state == "note" && ["connection", "traces", "spans"].contains(&check);
        assert!(state == "ok" || is_slow, "{check}: {ended}");
    }
    let detail = |check: &str| row(&ended, check)["detail"].as_str().unwrap().to_owned();
    assert!(detail("server").starts_with("MLflow 3.1"), "{ended}");
    assert!(detail("spans").starts_with("2 traces read from the tracking store"), "{ended}");
    assert!(detail("permissions").starts_with("read, set tags, log feedback, delete traces in "), "{ended}");
    assert_eq!(experiment.run(&["search", "-o", "jsonl"]).succeeds().stdout, before);
    assert_eq!(BTreeSet::from_iter(experiment.ids()), BTreeSet::from_iter(ids));
}
