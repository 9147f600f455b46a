//! `dataset`: traces become records once, and what a server did not keep is said.

use serde_json::{Value, json};

use crate::fake::{BASE_MS, Failure, Fake, Rule, Seed, refused, span};
use crate::support::Program;

const CREATE: &str = "POST /api/3.0/mlflow/datasets/create";
const ADD: &str = "POST /api/3.0/mlflow/datasets/d-00000000000000000000000000000001/records";

/// A trace that was asked something.
fn asked(number: u32, question: &str) -> Seed {
    let mut span = span(number, 1, None, "root", BASE_MS);
    let values = json!([{"key": "question", "value": {"string_value": question}}]);
    span["attributes"][1]["value"] = json!({"kvlist_value": {"values": values}});
    span["attributes"][2]["value"] = json!({"string_value": format!("answer {number}")});
    Seed::new(number).spans(vec![span])
}

fn filled() -> Fake {
    let fake = Fake::with((1..=3).map(|number| asked(number, &format!("question {number}"))));
    fake.bare(&["-x", "my-app", "dataset", "create", "answers", "--tag", "team=search"]).run().succeeds();
    fake
}

fn records(fake: &Fake) -> Vec<Value> {
    fake.state().datasets[0].records.clone()
}

#[test]
fn a_dataset_is_created_once_and_listed() {
    let fake = filled();
    assert_eq!(
        fake.bodies(CREATE),
        [json!({"name": "answers", "experiment_ids": ["1"], "tags": "{\"team\":\"search\"}"})]
    );
    let again = fake.bare(&["-x", "my-app", "dataset", "create", "answers"]).run().exits(6).prints_nothing();
    again.tells("the dataset \"answers\" (id d-00000000000000000000000000000001) already exists");
    assert_eq!(fake.bodies(CREATE).len(), 1);
    let listed = fake.bare(&["-x", "my-app", "dataset", "list", "-o", "json"]).run().succeeds().json();
    assert_eq!(listed[0]["tags"], json!({"team": "search"}));
    assert_eq!(listed[0]["records"], 0);
    fake.bare(&["-x", "checkout", "dataset", "list"]).run().succeeds().tells("no evaluation datasets");
}

#[test]
fn traces_are_added_once_however_often() {
    let fake = filled();
    let add = |more: &[&str]| fake.bare(&[&["-x", "my-app", "dataset", "add", "answers"], more].concat()).run();
    let tried = add(&["--dry-run", "-o", "json"]).succeeds().json();
    assert_eq!((&tried["new"], &tried["dry_run"]), (&json!(3), &json!(true)));
    assert!(fake.asked(ADD).is_empty());
    add(&[]).succeeds().tells("records: 3 (3 new, 0 updated, 0 unchanged)");
    add(&[]).succeeds().tells("records: 3 (0 new, 0 updated, 3 unchanged)");
    let stored = records(&fake);
    assert_eq!(stored.len(), 3);
    let one = stored.iter().find(|record| record["inputs"] == json!({"question": "question 2"})).unwrap();
    assert_eq!((&one["outputs"], &one["source"]["source_type"]), (&json!("answer 2"), &json!("TRACE")));
    let named = format!("{}\n", crate::fake::id(1));
    let args = ["-x", "my-app", "dataset", "add", "answers", "-", "-o", "json"];
    assert_eq!(fake.bare(&args).stdin(&named[..]).run().succeeds().json()["traces"], 1);
}

#[test]
fn of_traces_with_the_same_inputs_the_newest_gives_the_answer() {
    let fake = filled();
    let mut bare = span(5, 1, None, "root", BASE_MS);
    bare["attributes"] = json!([]);
    fake.state().add([asked(4, "question 1"), Seed::new(5).spans(vec![bare])]);
    let added = fake.bare(&["-x", "my-app", "dataset", "add", "answers"]).run().succeeds();
    added.tells("left out 1 trace without inputs").tells("added 4 traces").tells("records: 3 (3 new");
    let stored = records(&fake);
    let one = stored.iter().find(|record| record["inputs"] == json!({"question": "question 1"})).unwrap();
    assert_eq!(one["outputs"], "answer 4");
}

#[test]
fn a_lost_answer_adds_nothing_twice_and_what_is_lost_is_partial() {
    let fake = filled();
    fake.fail(Rule::first(ADD), Failure::LoseAnswer);
    fake.bare(&["-x", "my-app", "dataset", "add", "answers"]).run().succeeds().tells("(3 new");
    assert_eq!((records(&fake).len(), fake.asked(ADD).len()), (3, 2));
    // A server that says yes and keeps nothing.
    let fake = filled();
    let yes = crate::fake::Answer::json(200, &json!({"inserted_count": 3}));
    fake.fail(Rule::every(ADD), Failure::Answer(yes));
    fake.bare(&["-x", "my-app", "dataset", "add", "answers"]).run().exits(3).tells("but 3 are missing and 0 differ");
}

#[test]
fn what_cannot_be_added_is_said_and_nothing_is_sent() {
    let fake = filled();
    let add = |args: &[&str]| fake.bare(&[&["-x", "my-app", "dataset", "add"], args].concat()).run();
    add(&["other"]).exits(9).tells("there is no dataset \"other\"");
    let asked = fake.log().len();
    add(&["other", "status ="]).exits(2);
    assert_eq!(fake.log().len(), asked, "a wrong filter comes before any request");
    add(&["answers", "status = 'ERROR'"]).succeeds().tells("no traces match");
    assert!(fake.asked(ADD).is_empty());
    fake.bare(&["-x", "my-app", "dataset", "create", " "]).run().exits(2).tells("may not be empty");
    Program::new(["-u", "demo", "dataset", "list"]).run().exits(2).tells("has no evaluation datasets");
    fake.fail(Rule::every(ADD), Failure::Answer(refused(403, "PERMISSION_DENIED", "Permission denied")));
    add(&["answers"]).exits(4);
    let old = Fake::new().of_version("3.2.0");
    old.bare(&["-x", "my-app", "dataset", "list"]).run().exits(6).tells("older than MLflow 3.4");
}
