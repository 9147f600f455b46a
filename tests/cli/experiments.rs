//! `experiments create`.

use crate::fake::{Failure, Fake, Rule};
use crate::support::Program;

const CREATE: &str = "POST /api/2.0/mlflow/experiments/create";

#[test]
fn an_experiment_is_created_with_what_was_said() {
    let fake = Fake::new();
    let ended = fake.bare(&["experiments", "create", "new-app"]).run().succeeds().prints("4\n");
    ended.tells("Created experiment \"new-app\" (id 4).");
    let flags = ["--tag", "team=search", "--tag", "note=a=b", "--artifact-location", "s3://b/x", "-o", "json"];
    let told = fake.bare(&[&["experiments", "create", "other"][..], &flags].concat()).run().succeeds().json();
    assert_eq!((told["experiment_id"].as_str(), told["name"].as_str()), (Some("5"), Some("other")));
    let sent = fake.bodies(CREATE);
    assert_eq!(sent[0], serde_json::json!({"name": "new-app"}));
    assert_eq!(
        sent[1],
        serde_json::json!({"name": "other", "artifact_location": "s3://b/x",
            "tags": [{"key": "team", "value": "search"}, {"key": "note", "value": "a=b"}]})
    );
    fake.bare(&["experiments", "create", "third", "-o", "ids"]).run().succeeds().prints("6\n");
    fake.bare(&["count", "-x", "third"]).run().succeeds().prints("0\n");
}

#[test]
fn a_name_that_is_taken_is_said_to_be() {
    let fake = Fake::new();
    let taken = fake.bare(&["experiments", "create", "my-app"]).run().exits(6).prints_nothing();
    taken.tells("the experiment \"my-app\" (id 1) already exists").tells("`mlflow-trace search -x 1`");
    let deleted = fake.bare(&["experiments", "create", "old-app"]).run().exits(6).prints_nothing();
    deleted.tells("the experiment \"old-app\" (id 3) is deleted, but its name is still taken").tells("list --deleted");
    assert!(fake.asked(CREATE).is_empty());
    fake.before(Rule::every(CREATE), |state| state.add_experiment("9", "fast"));
    fake.bare(&["experiments", "create", "fast"]).run().exits(6).tells("(id 9) already exists");
}

#[test]
fn what_cannot_be_created_is_no_success() {
    let fake = Fake::new();
    for name in ["", " "] {
        fake.bare(&["experiments", "create", name]).run().exits(2).tells("may not be empty");
    }
    assert!(fake.log().is_empty());
    Program::new(["experiments", "create", "x", "-u", "demo"]).run().fails().tells("read-only");
    let answer = crate::fake::refused(400, "INVALID_PARAMETER_VALUE", "Invalid artifact location");
    fake.fail(Rule::every(CREATE), Failure::Answer(answer));
    fake.bare(&["experiments", "create", "x"]).run().exits(6).tells("Invalid artifact location");
}
