//! `doctor`: what it looks at, what it finds wrong, and that it changes nothing.

use serde_json::{Value, json};

use crate::errors::closed_port;
use crate::fake::{Answer, Failure, Fake, Rule, Seed, recorded, refused};
use crate::secured;
use crate::snapshot::Gallery;
use crate::support::{Ended, Program};

fn doctor(fake: &Fake) -> Program {
    fake.program(&["doctor", "-o", "json"])
}

/// The state of a check, or nothing if it was not looked at.
fn state(ended: &Ended, check: &str) -> Option<String> {
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    let found = checks.iter().find(|row| row["check"] == check)?;
    Some(found["state"].as_str().unwrap().to_owned())
}

fn row(ended: &Ended, check: &str) -> Value {
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    checks.into_iter().find(|row| row["check"] == check).unwrap_or_else(|| panic!("no {check} in {ended}"))
}

fn server_info(body: Value) -> Failure {
    Failure::Answer(Answer::json(200, &body))
}

#[test]
fn a_server_that_works_is_told_so_and_stays_as_it_is() {
    let fake = Fake::with([Seed::known(), Seed::new(1).in_artifact()]);
    let info = json!({"store_type": "SqlStore", "workspaces_enabled": false});
    fake.fail(Rule::every("server-info"), server_info(info));
    let before = fake.state().ids("1");
    let ended = doctor(&fake).run().succeeds();
    for check in [
        "address",
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
        assert_eq!(state(&ended, check).as_deref(), Some("ok"), "{check}: {ended}");
    }
    assert!(row(&ended, "server")["detail"].as_str().unwrap().starts_with("MLflow 3.17.2, with a database"), "{ended}");
    let spans: Vec<Value> =
        ended.json()["checks"].as_array().unwrap().iter().filter(|row| row["check"] == "spans").cloned().collect();
    let from = |place: &str| spans.iter().any(|row| row["detail"].as_str().unwrap().contains(place));
    assert!(spans.len() == 2 && from("the tracking store") && from("files"), "{ended}");
    assert_eq!(ended.json()["exit"], 0);
    assert_eq!(fake.state().ids("1"), before);
    assert!(fake.asked("PATCH /api/2.0").is_empty() && fake.asked("PUT ").is_empty(), "nothing is set");
    for deletion in fake.bodies("delete-traces") {
        assert_eq!(deletion["request_ids"], json!(["tr-00000000000000000000000000000000"]));
    }
}

#[test]
fn each_class_of_failure_has_its_exit_code_and_what_comes_behind_it_is_not_tried() {
    let answer = |name: &str| Failure::Answer(recorded(name));
    let behind = |ended: &Ended, checks: &[&str]| {
        for check in checks {
            assert_eq!(state(ended, check).as_deref(), Some("not tried"), "{check}: {ended}");
        }
    };
    let down = Program::new(["doctor", "-o", "json", "-u", &closed_port(), "-x", "a"]).run().exits(5);
    assert_eq!(state(&down, "connection").as_deref(), Some("failed"));
    behind(&down, &["server", "credentials", "traces", "clock"]);
    let unknown =
        Program::new(["doctor", "-o", "json", "-u", "http://no-such-host.invalid:5000", "-x", "a"]).run().exits(5);
    assert_eq!(state(&unknown, "name").as_deref(), Some("failed"));
    for (rule, failure, code, check) in [
        ("experiments/search", answer("auth_missing_credentials"), 4, "credentials"),
        ("experiments/search", answer("auth_permission_denied"), 4, "credentials"),
        ("experiments/search", Failure::status(500, ""), 6, "credentials"),
        ("experiments/search", Failure::Stall, 5, "credentials"),
        ("experiments/search", Failure::status(200, "<html><title>Hello</title>"), 6, "credentials"),
        ("experiments/get-by-name", answer("auth_permission_denied"), 4, "experiment"),
        ("traces/search", Failure::status(500, ""), 6, "traces"),
    ] {
        let fake = Fake::with_many(1);
        fake.fail(Rule::every(rule), failure.clone());
        let ended = fake.program(&["doctor", "-o", "json", "--timeout", "1s"]).run().exits(code);
        assert_eq!(state(&ended, check).as_deref(), Some("failed"), "{failure:?}: {ended}");
        assert!(ended.json()["verdict"].as_str().unwrap().starts_with("Failed: "), "{ended}");
        behind(&ended, &["spans", "permissions", "clock"]);
    }
    let missing = Fake::with_many(1);
    let ended = missing.bare(&["doctor", "-o", "json", "-x", "nope"]).run().exits(9);
    assert_eq!(state(&ended, "experiment").as_deref(), Some("failed"));
}

#[test]
fn spans_that_cannot_be_read_do_not_hold() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = doctor(&fake).run().exits(8);
    let failed =
        ended.json()["checks"].as_array().unwrap().iter().find(|row| row["state"] == "failed").cloned().unwrap();
    assert!(failed["detail"].as_str().unwrap().starts_with("1 of 1 traces from files cannot be read"), "{ended}");
}

#[test]
fn permissions_that_are_missing_are_named() {
    let fake = Fake::with([Seed::known()]);
    let denied = || Failure::Answer(recorded("auth_permission_denied"));
    fake.fail(Rule::every("delete-traces"), denied());
    fake.fail(Rule::every("DELETE /api/2.0/mlflow/traces/"), denied());
    let ended = doctor(&fake).run().succeeds();
    let permissions = row(&ended, "permissions");
    assert_eq!(permissions["detail"], "read, log feedback in my-app; not set tags, delete traces");
    assert_eq!(permissions["state"], "note");
}

#[test]
fn filters_that_an_older_server_does_not_know_are_named() {
    let detail = |ended: &Ended| row(ended, "features")["detail"].as_str().unwrap().to_owned();
    let fake = Fake::with([Seed::known()]);
    fake.fail(Rule::every("/version"), Failure::Answer(Answer::new(200, "text/html", "3.5.1")));
    let told = "the server does not know span filters, LIKE on tags, RLIKE, feedback filters, LIKE on metadata, IS NULL, feedback as a number";
    assert_eq!(detail(&doctor(&fake).run().succeeds()), told);
    let silent = Fake::with([Seed::known()]);
    silent.fail(Rule::every("/version"), Failure::Answer(recorded("auth_missing_credentials")));
    let unknown = refused(400, "INVALID_PARAMETER_VALUE", "Invalid clause(s) in filter string");
    silent.fail(Rule::first("traces/search"), Failure::Answer(unknown));
    assert_eq!(detail(&doctor(&silent).run().succeeds()), "the server does not know feedback as a number");
}

#[test]
fn a_workspace_on_a_server_without_any_does_not_hold() {
    let fake = Fake::with([Seed::known()]);
    fake.fail(Rule::every("server-info"), server_info(json!({"workspaces_enabled": false})));
    let ended = doctor(&fake).hidden_env("MLFLOW_WORKSPACE", "team").run().exits(8);
    assert_eq!(state(&ended, "workspace").as_deref(), Some("failed"));
}

#[test]
fn a_server_that_a_profile_protects_is_not_asked_about_changes() {
    let fake = Fake::with([Seed::known()]);
    let config = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(config.path(), format!("[profile.p]\ntracking_uri = \"{}\"\nread_only = true\n", fake.uri()))
        .unwrap();
    let program =
        doctor(&fake).hidden_env("MLFLOW_TRACE_CONFIG", config.path()).hidden_env("MLFLOW_TRACE_PROFILE", "p");
    let ended = program.run().succeeds();
    assert_eq!(state(&ended, "permissions").as_deref(), Some("not tried"));
    assert!(fake.asked("delete-traces").is_empty() && fake.asked("DELETE ").is_empty());
}

#[test]
fn the_gallery_of_the_doctor() {
    let mut gallery = Gallery::new("doctor");
    let fake = Fake::with([Seed::known(), Seed::new(1).in_artifact()]);
    gallery.scene("everything works", &fake.run(&["doctor"]).succeeds());
    let lost = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    gallery.scene("spans that are lost", &lost.run(&["doctor"]).exits(8));
    gallery.scene("no experiment is named", &lost.bare(&["doctor"]).run().succeeds());
    gallery.scene("nobody listens", &Program::new(["doctor", "-u", &closed_port()]).run().exits(5));
    let locked = Fake::new();
    locked.fail(Rule::every("experiments/"), Failure::Answer(recorded("auth_missing_credentials")));
    gallery.scene("no credentials", &locked.run(&["doctor"]).exits(4));
    secured::doctor_scenes(&mut gallery);
    gallery.scene("the demonstration", &Program::new(["doctor", "-u", "demo"]).run().succeeds());
    gallery.scene("no server", &Program::new(["doctor"]).run().exits(2));
    gallery.check();
}
