//! What can go wrong before, on the way to and at the server: each with its message, its hints and its exit code.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::fake::{Answer, Failure, Fake, KNOWN, Rule, Seed, recorded};
use crate::secured;
use crate::snapshot::Gallery;
use crate::support::{Ended, Program};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

/// A server with one trace whose requests of a rule fail.
fn failing(rule: Rule, failure: Failure) -> Fake {
    let fake = Fake::with_many(1);
    fake.fail(rule, failure);
    fake
}

fn search_with(failure: Failure) -> Ended {
    failing(Rule::every(SEARCH), failure).run(&["search", "-o", "ids"]).ends()
}

fn every_request_with(failure: Failure) -> Ended {
    failing(Rule::every(""), failure).run(&["search", "-o", "ids"]).ends()
}

fn login_page() -> Answer {
    Answer::new(200, "text/html", "<!DOCTYPE html><html><head><title>Sign in to Acme</title></head></html>")
}

fn to_login() -> Answer {
    Answer::new(302, "text/html", "").header("Location", "https://login.example.com/?next=mlflow")
}

/// An address where nobody listens.
pub fn closed_port() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn ambiguous() -> Fake {
    let fake = Fake::new();
    fake.state().add_experiment("4", "2");
    fake
}

#[test]
fn the_gallery_of_experiments() {
    let fake = Fake::with_many(1);
    let mut gallery = Gallery::new("errors_experiments");
    gallery.scene("none named", &fake.bare(&["search"]).run().exits(2));
    gallery.scene("unknown name", &fake.run(&["search", "-x", "my-ap"]).exits(9));
    gallery.scene("unknown id", &fake.run(&["count", "-x", "99"]).exits(9));
    gallery.scene("deleted", &fake.run(&["search", "-x", "old-app"]).exits(6));
    let contradiction = fake.bare(&["search"]).env("MLFLOW_EXPERIMENT_NAME", "my-app").env("MLFLOW_EXPERIMENT_ID", "2");
    gallery.scene("name and id contradict", &contradiction.run().exits(2));
    gallery.scene("the name of one is the id of another", &ambiguous().run(&["search", "-x", "2"]).exits(2));
    for number in 4..=15 {
        fake.state().add_experiment(&number.to_string(), &format!("team-{number}"));
    }
    gallery.scene("unknown name among many", &fake.run(&["search", "-x", "team-0"]).exits(9));
    let empty = Fake::new();
    empty.state().experiments.clear();
    gallery.scene("a server without any", &empty.run(&["search", "-x", "my-app"]).exits(9));
    assert!(fake.asked(SEARCH).is_empty(), "nothing is searched before the experiment is known");
    gallery.check();
}

#[test]
fn the_gallery_of_usage() {
    let fake = Fake::with_many(1);
    let mut gallery = Gallery::new("errors_usage");
    gallery.scene("no tracking server", &Program::new(["search"]).run().exits(2));
    gallery.scene("no such database", &Program::new(["search", "-u", "sqlite:///mlflow.db"]).run().exits(6));
    gallery.scene("a database of no use", &Program::new(["search", "-u", "mssql+pyodbc://h/mlflow"]).run().exits(2));
    gallery.scene("no scheme", &Program::new(["search", "-u", "localhost:5000"]).run().exits(2));
    gallery.scene(
        "a password in a wrong address",
        &Program::new(["search", "-u", "ftp://jane:secret@host"]).run().exits(2),
    );
    let half = fake.program(&["search"]).env("MLFLOW_TRACKING_USERNAME", "jane").run().exits(2);
    gallery.scene("half of the credentials", &half);
    let retries = fake.program(&["search"]).env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "eleven").run().exits(2);
    gallery.scene("a variable that cannot be read", &retries);
    gallery.scene("a field that does not exist", &fake.run(&["search", "stauts = 'ERROR'"]).exits(2));
    gallery.scene("an operator of another language", &fake.run(&["search", "status == 'ERROR'"]).exits(2));
    gallery.scene("no quotes", &fake.run(&["search", "status = ERROR"]).exits(2));
    gallery.scene("an order that is none", &fake.run(&["search", "--order-by", "timestamp_ms DOWN"]).exits(2));
    gallery.scene("a column that does not exist", &fake.run(&["search", "--fields", "trace_id,statsu"]).exits(2));
    gallery.scene("a format that the command has not", &fake.run(&["count", "-o", "csv"]).exits(2));
    gallery.scene("a flag that does not exist", &fake.run(&["search", "--limt", "3"]).exits(2));
    gallery.scene("a command that does not exist", &fake.run(&["serach"]).exits(2));
    gallery.scene("as JSON", &fake.run(&["search", "stauts = 'ERROR'", "-o", "json"]).exits(2));
    assert!(fake.log().is_empty(), "nothing is sent");
    gallery.check();
}

#[test]
fn the_gallery_of_servers() {
    let mut gallery = Gallery::new("errors_servers");
    let refused =
        Program::new(["search", "-u", &closed_port(), "-x", "a"]).hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0");
    gallery.scene("nobody listens", &refused.run().exits(5));
    let unknown = Program::new(["search", "-u", "http://no-such-host.invalid:5000", "-x", "a"]);
    let unknown = unknown.hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0").run().exits(5);
    gallery.scene("a name that nobody knows", &unknown);
    let stalling = failing(Rule::every(SEARCH), Failure::Stall);
    gallery.scene("no answer in time", &stalling.run(&["search", "--timeout", "1s"]).exits(5));
    gallery.scene("the connection breaks", &search_with(Failure::Close));
    let prefix = Fake::with_many(1);
    let wrong = prefix.program(&["search"]).hidden_env("MLFLOW_TRACKING_URI", format!("{}/prefix", prefix.uri()));
    gallery.scene("a wrong path in the address", &wrong.run().exits(6));
    let answer = |name: &str| Failure::Answer(recorded(name));
    gallery.scene("an old server", &search_with(answer("unknown_endpoint")));
    gallery.scene("a route with other methods", &search_with(answer("method_not_allowed")));
    gallery.scene("no credentials", &search_with(answer("auth_missing_credentials")));
    let refusing = failing(Rule::every(""), answer("auth_missing_credentials"));
    let jane = refusing.program(&["search"]).hidden_env("MLFLOW_TRACKING_USERNAME", "jane");
    gallery.scene("a wrong password", &jane.hidden_env("MLFLOW_TRACKING_PASSWORD", "hunter2").run().exits(4));
    gallery.scene(
        "a token that is refused",
        &refusing.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", "old").run().exits(4),
    );
    gallery
        .scene("a token file that is not there", &refusing.run(&["search", "--token-file", "/nowhere/token"]).exits(4));
    gallery.scene("a token command that fails", &refusing.run(&["search", "--token-command", "exit 3"]).exits(4));
    gallery.scene("no permission", &search_with(answer("auth_permission_denied")));
    gallery.scene("a host name that the server does not know", &every_request_with(answer("security_bad_host")));
    gallery.scene("too many requests", &search_with(Failure::status(429, "slow down")));
    gallery.scene("a busy database", &search_with(answer("write_while_sqlite_locked_503")));
    gallery.scene(
        "a proxy without a server",
        &search_with(Failure::status(502, "<html><title>502 Bad Gateway</title></html>")),
    );
    gallery.scene("a failure with a reason", &search_with(answer("workspace_header_not_enabled")));
    gallery.scene("a failure without one", &search_with(Failure::status(500, "")));
    gallery.scene("a login page", &search_with(Failure::Answer(login_page())));
    gallery.scene("a redirect to a login page", &search_with(Failure::Answer(to_login())));
    let openshift = "<!DOCTYPE html><title>Log In</title><a href=/oauth/start>Log in with OpenShift</a>";
    let forbidden = failing(Rule::every(SEARCH), Failure::Answer(Answer::new(403, "text/html", openshift)));
    let with_token = forbidden.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", "old").run();
    gallery.scene("a login page that does not take the token", &with_token.exits(4));
    let elsewhere = Answer::new(301, "text/html", "").header("Location", "https://mlflow.example.com/ml");
    gallery.scene("a redirect", &search_with(Failure::Answer(elsewhere)));
    gallery.scene("text", &search_with(Failure::status(200, "OK")));
    gallery.scene("an empty body", &search_with(Failure::status(200, "")));
    let other = Answer::json(200, &json!({"traces": 5}));
    gallery.scene("unexpected JSON", &search_with(Failure::Answer(other)));
    let half = Answer::json(200, &json!({"traces": []})).header("Content-Length", "1000");
    gallery.scene("half a body", &search_with(Failure::Answer(half)));
    secured::tls_scenes(&mut gallery);
    secured::proxy_scenes(&mut gallery);
    gallery.scene(
        "as JSON",
        &failing(Rule::every(SEARCH), Failure::status(403, "Permission denied"))
            .run(&["search", "-o", "json"])
            .exits(4),
    );
    gallery.check();
}

#[test]
fn every_failure_of_a_server_has_its_exit_code() {
    let answer = |name: &str| Failure::Answer(recorded(name));
    for (failure, code) in [
        (answer("auth_missing_credentials"), 4),
        (answer("auth_permission_denied"), 4),
        (answer("security_bad_host"), 4),
        (Failure::Close, 5),
        (answer("unknown_endpoint"), 6),
        (answer("method_not_allowed"), 6),
        (answer("write_while_sqlite_locked_503"), 6),
        (answer("workspace_header_not_enabled"), 6),
        (Failure::status(429, ""), 6),
        (Failure::status(500, ""), 6),
        (Failure::Answer(login_page()), 4),
        (Failure::Answer(to_login()), 4),
        (Failure::status(200, "OK"), 6),
    ] {
        let fake = failing(Rule::every(SEARCH), failure.clone());
        let ended = fake.run(&["search"]).ends();
        assert_eq!(ended.code, Some(code), "{failure:?}: {ended}");
        ended.prints_nothing().tells("error: could not search traces: ");
    }
}

#[test]
fn errors_are_json_where_the_output_is() {
    let fake = Fake::new();
    for format in ["json", "jsonl"] {
        let ended = fake.run(&["search", "-x", "nope", "-o", format]).exits(9).prints_nothing();
        let error: serde_json::Value = serde_json::from_str(&ended.stderr).unwrap();
        assert_eq!(error["error"]["code"], "not_found");
        assert_eq!(error["error"]["exit"], 9);
        assert_eq!(error["error"]["message"], "there is no experiment \"nope\"");
        assert!(error["error"]["hint"].as_str().unwrap().contains("my-app"), "{error}");
    }
}

#[test]
fn what_passes_is_tried_again_and_told() {
    let fake = failing(Rule::first(SEARCH).times(2), Failure::Answer(recorded("write_while_sqlite_locked_503")));
    let ended = fake.run(&["search", "-o", "ids"]).succeeds();
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{ended}");
    assert!(
        lines[0].starts_with("could not search traces: the server refused (503, TEMPORARILY_UNAVAILABLE): "),
        "{ended}"
    );
    assert!(lines[0].ends_with("trying again in 0.0 s (1/5)"), "{ended}");
    assert!(lines[1].ends_with("(2/5)"), "{ended}");
    assert_eq!(ended.lines().len(), 1);
    let fake = failing(Rule::first(SEARCH).times(2), Failure::status(504, ""));
    assert_eq!(fake.run(&["search", "-o", "ids", "--quiet"]).succeeds().stderr, "", "quiet is quiet");
}

#[test]
fn what_does_not_pass_is_given_up_after_five_retries() {
    let fake = failing(Rule::every(SEARCH), Failure::status(503, "busy"));
    fake.run(&["search"]).exits(6).tells("(after 5 retries)");
    assert_eq!(fake.asked(SEARCH).len(), 6);
    let fake = failing(Rule::every(SEARCH), Failure::status(503, "busy"));
    fake.program(&["search"]).env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1").run().exits(6).tells("(after 1 retry)");
    assert_eq!(fake.asked(SEARCH).len(), 2);
    let fake = failing(Rule::every(SEARCH), Failure::status(503, "busy"));
    fake.program(&["search"]).env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0").run().exits(6).does_not_tell("again");
    assert_eq!(fake.asked(SEARCH).len(), 1);
}

#[test]
fn a_closed_connection_is_opened_again() {
    let fake = failing(Rule::first(SEARCH), Failure::Close);
    assert_eq!(fake.run(&["search", "-o", "ids"]).succeeds().lines().len(), 1);
    assert_eq!(fake.asked(SEARCH).len(), 2);
}

#[test]
fn a_failure_with_a_reason_is_not_tried_again() {
    for name in
        ["workspace_header_not_enabled", "auth_permission_denied", "auth_missing_credentials", "unknown_endpoint"]
    {
        let fake = failing(Rule::every(SEARCH), Failure::Answer(recorded(name)));
        fake.run(&["search"]).fails().does_not_tell("again");
        assert_eq!(fake.asked(SEARCH).len(), 1, "{name}");
    }
    let fake = failing(Rule::every(SEARCH), Failure::status(500, "oops"));
    fake.run(&["search"]).exits(6);
    assert_eq!(fake.asked(SEARCH).len(), 2, "a 500 without a reason gets one more try");
}

#[test]
fn a_time_out_is_not_tried_again() {
    let fake = failing(Rule::every(SEARCH), Failure::Stall);
    let start = Instant::now();
    fake.run(&["search", "--timeout", "1s"]).exits(5).tells("within 1 s");
    assert_eq!(fake.asked(SEARCH).len(), 1);
    assert!(start.elapsed() < Duration::from_secs(10));
    let fake = failing(Rule::every(SEARCH), Failure::Stall);
    fake.program(&["search"]).env("MLFLOW_HTTP_REQUEST_TIMEOUT", "0.3").run().exits(5).tells("within 0.3 s");
}

#[test]
fn the_server_says_how_long_to_wait() {
    let answer = Answer::new(429, "text/plain", "slow down").header("Retry-After", "1");
    let fake = failing(Rule::first(SEARCH), Failure::Answer(answer));
    let start = Instant::now();
    fake.run(&["search", "-o", "ids"]).succeeds().tells("trying again in 1.0 s");
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn waits_grow_from_the_factor_in_the_environment() {
    let fake = failing(Rule::first(SEARCH).times(2), Failure::status(503, "busy"));
    let start = Instant::now();
    fake.program(&["search"]).hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0.4").run().succeeds();
    assert!(start.elapsed() >= Duration::from_millis(600), "half of 0.4 s and of 0.8 s at the least");
}

#[test]
fn the_host_check_is_explained_with_the_host() {
    let fake = failing(Rule::every(""), Failure::Answer(recorded("security_bad_host")));
    let host = fake.uri().replace("http://", "");
    fake.run(&["search"]).exits(4).tells(&format!("--allowed-hosts {host}"));
}

#[test]
fn redirects_are_not_followed() {
    let target = Fake::with_many(1);
    let answer = Answer::new(307, "text/plain", "").header("Location", &target.uri());
    let fake = failing(Rule::every(""), Failure::Answer(answer));
    fake.run(&["search"]).exits(6).tells(&target.uri());
    assert!(target.log().is_empty());
}

#[test]
fn a_message_of_the_server_cannot_steer_the_terminal() {
    let nasty = Answer::json(400, &json!({"error_code": "BAD\u{1b}[31m", "message": "\u{1b}[2Jgone"}));
    let fake = failing(Rule::every(SEARCH), Failure::Answer(nasty));
    fake.run(&["search", "--color", "always"]).exits(6).tells("gone");
}

#[test]
fn unknown_traces_are_named() {
    let fake = Fake::with([Seed::known()]);
    let ended = fake.run(&["get", "tr-nope"]).exits(9).prints_nothing();
    assert!(ended.stderr.starts_with("error: there is no trace tr-nope\nhint: "), "{ended}");
    let ended = fake.run(&["delete", KNOWN, "tr-nope", "tr-no", "--yes"]).exits(9);
    ended.tells("there are no traces tr-nope, tr-no; nothing was changed");
}

#[test]
fn a_search_over_more_than_its_database_takes_is_told_what_to_leave_out() {
    let said = "The combined search request and authorization scope exceeds a backend limit. Narrow the search or \
                contact an administrator to reduce the authorization scope.";
    let answer = Answer::json(400, &json!({"error_code": "INVALID_PARAMETER_VALUE", "message": said}));
    let ended = failing(Rule::every(SEARCH), Failure::Answer(answer)).run(&["search", "--all-experiments"]).exits(6);
    ended.tells("search fewer experiments at once: name them with --experiment");
}
