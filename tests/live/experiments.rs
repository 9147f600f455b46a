//! `experiments list`.

use serde_json::Value;

use crate::harness::live;

fn names(listed: &Value) -> Vec<&str> {
    listed.as_array().unwrap().iter().filter_map(|experiment| experiment["name"].as_str()).collect()
}

#[test]
fn active_experiments_are_listed_and_deleted_ones_on_request() {
    let Some(live) = live() else { return };
    let (active, deleted) = (live.experiment(), live.experiment());
    deleted.delete();
    let listed = live.run(&["experiments", "list", "-o", "json"]).succeeds().json();
    assert!(names(&listed).contains(&active.name.as_str()), "{listed}");
    assert!(!names(&listed).contains(&deleted.name.as_str()), "{listed}");
    let listed = live.run(&["experiments", "list", "--deleted", "-o", "json"]).succeeds().json();
    assert!(names(&listed).contains(&deleted.name.as_str()), "{listed}");
}

#[test]
fn every_format_names_the_experiment() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    for format in ["table", "csv", "jsonl", "json"] {
        live.run(&["experiments", "list", "-o", format]).succeeds().prints(&experiment.name);
    }
    let ids = live.run(&["experiments", "list", "-o", "ids"]).succeeds();
    assert!(ids.lines().contains(&experiment.id), "{ids}");
}
