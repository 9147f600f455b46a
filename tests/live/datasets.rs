//! `dataset`, with MLflow's own client as the judge.

use serde_json::{Value, json};

use crate::harness::{Live, live};

/// The records of a dataset, in the order of their inputs.
fn records(live: &Live, dataset: &str) -> Vec<Value> {
    let mut records = live.call("dataset_records", &json!({"dataset": dataset})).as_array().unwrap().clone();
    records.sort_by_key(|record| record["inputs"].to_string());
    records
}

#[test]
fn records_are_those_that_the_client_makes_of_the_same_traces() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    live.call("seed_showcase", &json!({"experiment": experiment.id}));
    experiment.seed(&json!([{"request": "one", "response": "1"}, {"request": "two", "expectations": {"answer": 2}}]));
    let name = format!("made of {}", experiment.name);
    let id = experiment.run(&["dataset", "create", &name, "--tag", "team=search"]).succeeds().lines().remove(0);
    let added = experiment.run(&["dataset", "add", &name, "-o", "json"]).succeeds().json();
    let ours = records(live, &id);
    assert_eq!((added["new"].as_u64(), ours.is_empty()), (Some(ours.len() as u64), false));
    let theirs = format!("merged of {}", experiment.name);
    let theirs = live.call("merged_dataset", &json!({"experiment": experiment.id, "name": theirs}));
    assert_eq!(ours, records(live, theirs.as_str().unwrap()));
    let again = experiment.run(&["dataset", "add", &id, "-o", "json"]).succeeds().json();
    assert_eq!((&again["new"], &again["updated"]), (&json!(0), &json!(0)));
    let listed = experiment.run(&["dataset", "list", "-o", "json"]).succeeds().json();
    let listed = listed.as_array().unwrap().iter().find(|dataset| dataset["dataset_id"] == id.as_str()).unwrap();
    assert_eq!((&listed["records"], &listed["tags"]["team"]), (&json!(ours.len()), &json!("search")));
}

#[test]
fn expectations_that_come_later_are_added_or_said_to_be_missing() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"request": "later"}]));
    let id = experiment.run(&["dataset", "create", "for later"]).succeeds().lines().remove(0);
    experiment.run(&["dataset", "add", &id]).succeeds();
    live.run(&["expectation", "log", &ids[0], "facts=Paris"]).succeeds();
    let again = experiment.run(&["dataset", "add", &id]).ends();
    let is_kept = records(live, &id)[0]["expectations"]["facts"] == "Paris";
    assert_eq!(again.code == Some(0), is_kept, "{}", again.stderr);
}
