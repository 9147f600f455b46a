//! Credentials: sent to the server, shown to nobody.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fake::{Failure, Fake, Rule, recorded};
use crate::support::Program;

const SECRET: &str = "hunter2-very-secret";

fn headers(fake: &Fake, name: &str) -> Vec<Option<String>> {
    let mut values: Vec<Option<String>> = fake.log().iter().map(|request| request.headers.get(name).cloned()).collect();
    values.dedup();
    values
}

fn basic(user: &str, password: &str) -> Vec<Option<String>> {
    vec![Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))]
}

fn with_credentials(fake: &Fake, arguments: &[&str]) -> Program {
    fake.program(arguments)
        .hidden_env("MLFLOW_TRACKING_USERNAME", "jane")
        .hidden_env("MLFLOW_TRACKING_PASSWORD", SECRET)
}

fn at(fake: &Fake, userinfo: &str) -> String {
    fake.uri().replace("http://", &format!("http://{userinfo}@"))
}

#[test]
fn without_credentials_none_are_sent() {
    let fake = Fake::with_many(1);
    fake.run(&["search"]).succeeds();
    assert_eq!(headers(&fake, "authorization"), [None]);
    assert_eq!(headers(&fake, "origin"), [None], "servers refuse foreign origins");
}

#[test]
fn user_and_password_are_sent_with_every_request() {
    let fake = Fake::with_many(600);
    with_credentials(&fake, &["search", "--all", "-o", "ids"]).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("jane", SECRET));
}

#[test]
fn a_token_is_sent_as_a_bearer() {
    let fake = Fake::with_many(1);
    fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", SECRET).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), [Some(format!("Bearer {SECRET}"))]);
}

#[test]
fn user_and_password_go_before_a_token() {
    let fake = Fake::with_many(1);
    with_credentials(&fake, &["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", "token").run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("jane", SECRET));
}

#[test]
fn credentials_in_the_address_go_before_the_environment() {
    let fake = Fake::with_many(1);
    let uri = at(&fake, "joe:p%40ss%3Aword");
    with_credentials(&fake, &["search", "-u", &uri]).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("joe", "p@ss:word"));
    assert!(fake.log().iter().all(|request| !request.headers["host"].contains('@')));
}

#[test]
fn credentials_are_never_shown() {
    let fake = Fake::with_many(1);
    let uri = at(&fake, &format!("joe:{SECRET}"));
    let encoded = STANDARD.encode(format!("jane:{SECRET}"));
    let hides = |program: Program| {
        let ended = program.run().ends();
        for secret in [SECRET, &encoded, "Authorization", "joe:"] {
            assert!(!ended.stderr.contains(secret) && !ended.stdout.contains(secret), "{ended}");
        }
        assert!(ended.stderr.contains("> ") || ended.code != Some(0), "{ended}");
    };
    hides(with_credentials(&fake, &["search", "-vv"]));
    hides(fake.program(&["search", "-vv"]).hidden_env("MLFLOW_TRACKING_URI", &uri));
    hides(fake.program(&["search", "-vv"]).hidden_env("MLFLOW_TRACKING_TOKEN", SECRET));
    fake.fail(Rule::every("search"), Failure::Answer(recorded("auth_missing_credentials")));
    hides(with_credentials(&fake, &["search", "-vv"]));
    hides(with_credentials(&fake, &["search", "-vv", "-o", "json"]));
    let refused = format!("http://joe:{SECRET}@127.0.0.1:9");
    hides(fake.program(&["search", "-vv"]).hidden_env("MLFLOW_TRACKING_URI", refused));
    let wrong = format!("ftp://joe:{SECRET}@127.0.0.1:9");
    hides(fake.program(&["search", "-vv"]).hidden_env("MLFLOW_TRACKING_URI", wrong));
}

#[test]
fn credentials_do_not_follow_a_redirect() {
    let other = Fake::new();
    let fake = Fake::new();
    let answer = crate::fake::Answer::new(307, "text/plain", "").header("Location", &other.uri());
    fake.fail(Rule::every(""), Failure::Answer(answer));
    with_credentials(&fake, &["search"]).run().exits(6);
    assert!(other.log().is_empty());
}

#[test]
fn the_workspace_is_a_header() {
    let fake = Fake::with_many(1);
    fake.program(&["search"]).hidden_env("MLFLOW_WORKSPACE", "team-a").run().succeeds();
    assert_eq!(headers(&fake, "x-mlflow-workspace"), [Some("team-a".into())]);
    fake.run(&["search"]).succeeds();
    assert_eq!(fake.log().last().unwrap().headers.get("x-mlflow-workspace"), None);
}

#[test]
fn a_path_in_the_address_is_kept() {
    let fake = Fake::with_many(1);
    for end in ["/pre/fix", "/pre/fix/"] {
        let uri = format!("{}{end}", fake.uri());
        fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_URI", uri).run().exits(6);
        assert_eq!(fake.log().last().unwrap().path, "/pre/fix/api/2.0/mlflow/experiments/get-by-name");
    }
}

#[test]
fn a_password_may_hold_every_character() {
    let password = "p@:/#?%&= é";
    let fake = Fake::with_many(1);
    let program = fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_USERNAME", "jane");
    program.hidden_env("MLFLOW_TRACKING_PASSWORD", password).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("jane", password));
    let fake = Fake::with_many(1);
    let uri = at(&fake, "jane:p%40%3A%2F%23%3F%25&=%20%C3%A9");
    fake.program(&["search", "-u", &uri]).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("jane", password));
    let fake = Fake::with_many(1);
    fake.program(&["search", "-u", &at(&fake, "jane:p@:x")]).run().succeeds();
    assert_eq!(headers(&fake, "authorization"), basic("jane", "p@:x"));
    let raw = at(&fake, "jane:hun/ter2");
    fake.program(&["search", "-u", &raw]).run().exits(2).tells("MLFLOW_TRACKING_PASSWORD").does_not_tell("ter2");
}
