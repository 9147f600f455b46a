//! Exports are held against the server's own count, and formats for others are read back.

use serde_json::json;

use crate::export_directory::{Place, at, sorted};
use crate::fake::{Failure, Fake, Rule, Seed, id};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

#[test]
fn a_whole_export_says_that_it_is_complete() {
    let fake = Fake::with_many(1203);
    let place = Place::new();
    fake.run(&["export", &place.file("all.jsonl")]).succeeds().tells("complete: 1,203/1,203");
    fake.run(&["export", &place.typed()]).succeeds().tells("complete: 1,203/1,203");
    let manifest = place.manifest();
    assert_eq!(manifest.proof, Some(json!({"read": 1203, "counted": 1203, "counted_by": "metrics", "late": 0})));
}

#[test]
fn a_server_that_cannot_count_is_read_twice_on_demand() {
    let fake = Fake::with_many(1203);
    for route in ["metrics", "calculate-filter-correlation"] {
        fake.fail(Rule::every(route), Failure::Answer(crate::fake::recorded("method_not_allowed")));
    }
    let place = Place::new();
    let ended = fake.run(&["export", &place.file("all.jsonl")]).succeeds();
    assert!(!ended.stderr.contains("complete"), "{ended}");
    fake.run(&["export", &place.typed(), "--verify"]).succeeds().tells("complete: 1,203/1,203");
    assert_eq!(place.manifest().proof.unwrap()["counted_by"], "second reading");
}

#[test]
fn traces_that_come_late_are_a_part_of_their_own() {
    let fake = Fake::with_many(1400);
    // After the question for the newest trace.
    fake.before(Rule::nth(4, SEARCH), |state| state.add([at(9001, 1_399_500), at(9002, 1_398_500)]));
    let place = Place::new();
    let export = ["export", &place.typed(), "--spans", "--concurrency", "1"];
    let ended = fake.run(&export).succeeds().tells("2 of them arrived or changed").tells("complete: 1,402/1,402");
    assert_eq!(sorted(place.ids()), (1..=1400).chain([9001, 9002]).map(id).collect::<Vec<_>>(), "{ended}");
    assert_eq!(place.manifest().parts.iter().map(|part| part.late).collect::<Vec<_>>(), [false, true]);
    fake.run(&export).succeeds().tells("already complete");
    let found = Fake::new().bare(&["search", "-u", &format!("file:{}", place.typed()), "--all", "-o", "ids"]).run();
    assert_eq!(found.succeeds().lines()[..3], [id(1400), id(9001), id(1399)], "sorted among the others");
}

#[test]
fn what_arrives_behind_an_export_that_goes_on_is_missed_aloud() {
    let fake = Fake::with_many(1400);
    fake.fail(Rule::from(4, SEARCH), Failure::status(500, "gone"));
    let place = Place::new();
    let export = ["export", &place.typed(), "--split", "100", "--concurrency", "1"];
    fake.run(&export).exits(6);
    let whole = place.manifest().counts.traces;
    assert!(whole >= 500, "{whole}");
    let again = Fake::with_many(1400);
    again.state().add([at(9001, 1_399_500)]);
    let mut manifest = place.manifest();
    manifest.source.tracking_uri = again.uri();
    std::fs::write(place.path().join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    again.run(&export).exits(3).tells("incomplete: 1,400/1,401 traces; 1 of them missing");
    again.run(&export).exits(3).tells("it lacks 1 trace");
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_folders_answer_as_the_server_does() {
    let fake = Fake::with((1..=300).map(|number| {
        let seed = Seed::new(number).tag("team", if number % 3 == 0 { "search" } else { "chat" });
        if number % 7 == 0 { seed.experiment(crate::fake::CHECKOUT).state("ERROR") } else { seed }
    }));
    let place = Place::new();
    fake.run(&["export", &place.typed(), "--format", "parquet", "--spans", "--all-experiments"]).succeeds();
    let names = place.names();
    assert!(names.iter().any(|name| name == "experiment_id=2/date=2026-11-22/part-00000.parquet"), "{names:?}");
    let archive = format!("file:{}", place.typed());
    for filter in
        ["", "tags.team = 'search'", "status = 'ERROR' OR name = 'x'", "span.name = 'chat' AND tags.team = 'chat'"]
    {
        let search = ["search", filter, "--all", "-o", "ids", "--all-experiments"];
        let expected = fake.run(&search).succeeds();
        let found = fake.bare(&[&["-u", archive.as_str()], search.as_slice()].concat()).run().succeeds();
        assert_eq!(found.stdout, expected.stdout, "{filter}");
    }
    let get = ["get", &id(77), "-o", "json"];
    let expected = fake.run(&get).succeeds();
    let found = fake.bare(&[&["-u", archive.as_str()], get.as_slice()].concat()).run().succeeds();
    assert_eq!(found.json(), expected.json());
}
