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

#[test]
fn an_experiment_is_created_and_its_name_is_taken_from_then_on_even_deleted() {
    let Some(live) = live() else { return };
    let create = |more: &[&str]| live.run(&[&["experiments", "create", "made here"], more].concat());
    let made = create(&["--tag", "team=search", "--tag", "note=a=b", "-o", "json"]).succeeds().json();
    let id = made["experiment_id"].as_str().unwrap().to_owned();
    assert_eq!(live.run(&["count", "-x", "made here"]).succeeds().stdout, "0\n");
    create(&[]).exits(6).tells(&format!("(id {id}) already exists"));
    live.call("delete_experiment", &serde_json::json!({"experiment": id}));
    create(&[]).exits(6).tells(&format!("(id {id}) is deleted, but its name is still taken"));
}
