//! Who logs in: every place where MLflow's client has credentials, and those that this program adds.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fake::{Failure, Fake, Rule, recorded};
use crate::support::Program;

const SECRET: &str = "hunter2-very-secret";

/// What the server was sent as `Authorization`, each change of it.
fn sent(fake: &Fake) -> Vec<String> {
    let header = |name: &str| name.to_owned();
    let mut values: Vec<String> = fake
        .log()
        .iter()
        .map(|request| request.headers.get("authorization").cloned().unwrap_or_else(|| header("none")))
        .collect();
    values.dedup();
    values
}

fn basic(user: &str, password: &str) -> Vec<String> {
    vec![format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))]
}

fn in_home(program: &Program, name: &str, text: &str) {
    let path = program.home().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn refused() -> Failure {
    Failure::Answer(recorded("auth_missing_credentials"))
}

#[test]
fn the_file_of_mlflow_is_read_and_the_environment_fills_its_halves() {
    let fake = Fake::with_many(1);
    let file = "[mlflow]\nmlflow_tracking_username = jane\nmlflow_tracking_password = 50%%@:/#?\n";
    let program = fake.program(&["search"]);
    in_home(&program, ".mlflow/credentials", file);
    program.run().succeeds();
    assert_eq!(sent(&fake), basic("jane", "50%@:/#?"));
    let fake = Fake::with_many(1);
    let program = fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_USERNAME", "joe");
    in_home(&program, ".mlflow/credentials", file);
    program.run().succeeds();
    assert_eq!(sent(&fake), basic("joe", "50%@:/#?"));
}

#[test]
fn a_netrc_goes_before_the_environment_and_the_url_as_in_mlflow() {
    let fake = Fake::with_many(1);
    let program = fake
        .program(&["search"])
        .hidden_env("MLFLOW_TRACKING_URI", fake.uri().replace("http://", "http://joe:x@"))
        .hidden_env("MLFLOW_TRACKING_TOKEN", "x");
    in_home(&program, ".netrc", &format!("machine 127.0.0.1\n  login jane\n  password {SECRET}\n"));
    program.run().succeeds();
    assert_eq!(sent(&fake), basic("jane", SECRET));
    let other = Fake::with_many(1);
    let program = other.program(&["search"]).hidden_env("NETRC", "~/mine").hidden_env("MLFLOW_TRACKING_TOKEN", "x");
    in_home(&program, ".netrc", "machine 127.0.0.1 login jane password p");
    in_home(&program, "mine", "machine elsewhere login jane password p");
    program.run().succeeds();
    assert_eq!(sent(&other), ["Bearer x"]);
}

#[test]
fn who_is_refused_and_where_that_was_said_is_told() {
    let fake = Fake::with_many(1);
    fake.fail(Rule::every(""), refused());
    let program = fake.program(&["search"]);
    in_home(&program, ".netrc", &format!("default login jane password {SECRET}"));
    let ended =
        program.run().exits(4).tells("the user \"jane\" of the netrc file ").tells("/.netrc with this password");
    assert!(!ended.stderr.contains(SECRET));
    let program = fake.program(&["search", "--token-command", &format!("echo {SECRET}")]);
    let ended = program.run().exits(4).tells("does not accept the token of --token-command (401)");
    assert!(!ended.stderr.contains(SECRET));
}

#[test]
fn a_netrc_that_is_none_is_told_and_passed_over() {
    let fake = Fake::with_many(1);
    let program = fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", "x");
    in_home(&program, ".netrc", "nonsense");
    program.run().succeeds().tells("note: the netrc file is not used: ").tells("line 1");
    assert_eq!(sent(&fake), ["Bearer x"]);
}

#[test]
fn a_token_file_is_read_again_while_a_job_runs() {
    let fake = Fake::with_many(1200);
    let program = fake.program(&["search", "--all", "-o", "ids", "--token-file", "token"]);
    in_home(&program, "token", "first\n");
    let path = program.home().join("token");
    fake.before(Rule::nth(2, "traces/search"), move |_| fs::write(&path, "second\n").unwrap());
    program.run().succeeds();
    assert_eq!(sent(&fake), ["Bearer first", "Bearer second"]);
}

#[test]
fn a_token_command_runs_once_and_again_when_its_token_is_refused() {
    let fake = Fake::with_many(1200);
    fake.fail(Rule::nth(2, "traces/search"), refused());
    let line = "echo run >>runs; echo token-$(wc -l <runs | tr -d ' ')";
    let program = fake.program(&["search", "--all", "-o", "ids", "--token-command", line]);
    assert_eq!(program.run().succeeds().lines().len(), 1200);
    assert_eq!(sent(&fake), ["Bearer token-1", "Bearer token-2"]);
}

#[test]
fn nothing_is_sent_without_the_token_that_was_asked_for() {
    let fake = Fake::with_many(1);
    let run = |arguments: &[&str]| {
        let arguments = [&["search"], arguments].concat();
        fake.run(&arguments).exits(4)
    };
    run(&["--token-file", "nowhere"]).tells("cannot read the token file nowhere");
    run(&["--token-command", "exit 7"]).tells("the token command failed (exit code 7)");
    run(&["--token-command", "echo one two"]).tells("expected one word");
    assert!(fake.log().is_empty());
}

#[test]
fn headers_are_sent_with_every_request_and_never_shown() {
    let fake = Fake::with_many(600);
    let (team, key) = ("X-Team: red:1", format!("X-Api-Key:{SECRET}"));
    let ended = fake.run(&["search", "--all", "-o", "ids", "-vv", "--header", team, "--header", &key]).succeeds();
    assert!(!ended.stderr.contains(SECRET), "{ended}");
    for request in fake.log() {
        assert_eq!((&*request.headers["x-team"], &*request.headers["x-api-key"]), ("red:1", SECRET));
    }
    let typed = format!("authorization: Token {SECRET}");
    let program = fake.program(&["count", "--header", &typed]).hidden_env("MLFLOW_TRACKING_TOKEN", "x");
    program.run().succeeds();
    assert_eq!(sent(&fake).last().unwrap(), &format!("Token {SECRET}"));
    for wrong in [format!("X-Api-Key={SECRET}"), format!("content-length:{SECRET}")] {
        let ended = fake.run(&["count", "--header", &wrong]).exits(2);
        assert!(!ended.stderr.contains(SECRET), "{ended}");
    }
}

const KUBECONFIG: &str = "current-context: dev
contexts: [{name: dev, context: {user: jane, namespace: team-a}}]
users: [{name: jane, user: {token: kube-token}}]
";

#[test]
fn kubernetes_gives_the_token_and_the_workspace() {
    for (auth, workspace) in [("kubernetes", None), ("kubernetes-namespaced", Some("team-a"))] {
        let fake = Fake::with_many(1);
        let program = fake
            .program(&["search"])
            .hidden_env("MLFLOW_TRACKING_AUTH", auth)
            .hidden_env("MLFLOW_TRACKING_USERNAME", "jane")
            .hidden_env("MLFLOW_TRACKING_PASSWORD", "x");
        in_home(&program, ".kube/config", KUBECONFIG);
        program.run().succeeds();
        assert_eq!(sent(&fake), ["Bearer kube-token"]);
        let named = fake.log()[0].headers.get("x-mlflow-workspace").cloned();
        assert_eq!(named.as_deref(), workspace);
    }
    let fake = Fake::with_many(1);
    let program = fake
        .program(&["search"])
        .hidden_env("MLFLOW_TRACKING_AUTH", "kubernetes-namespaced")
        .hidden_env("MLFLOW_WORKSPACE", "chosen");
    in_home(&program, ".kube/config", KUBECONFIG);
    program.run().succeeds();
    assert_eq!(fake.log()[0].headers["x-mlflow-workspace"], "chosen");
}

#[test]
fn a_plugin_that_is_not_known_is_named_and_so_is_what_kubernetes_lacks() {
    let fake = Fake::with_many(1);
    let with = |auth: &str| fake.program(&["search"]).env("MLFLOW_TRACKING_AUTH", auth);
    with("acme-sso").run().exits(2).tells("\"acme-sso\"").tells("known here are kubernetes and kubernetes-namespaced");
    with("kubernetes").run().exits(4).tells("nor the current context of");
    with("kubernetes-namespaced").run().exits(2).tells("has a namespace");
    assert!(fake.log().is_empty());
    let typed = fake.program(&["search", "--token-command", "echo t"]).env("MLFLOW_TRACKING_AUTH", "acme-sso");
    typed.run().succeeds();
}

#[test]
fn settings_of_mlflow_that_are_not_used_are_named_once() {
    let fake = Fake::with_many(1);
    let program = fake
        .program(&["search", "-o", "ids"])
        .env("MLFLOW_HTTP_POOL_MAXSIZE", "5")
        .env("MLFLOW_ALLOW_HTTP_REDIRECTS", "true");
    let told = program.run().succeeds().stderr;
    assert_eq!(
        told,
        "note: not used: MLFLOW_ALLOW_HTTP_REDIRECTS (redirects are named, not followed), \
         MLFLOW_HTTP_POOL_MAXSIZE (see --concurrency)\n"
    );
    Program::new(["count", "-u", "demo"])
        .env("MLFLOW_HTTP_POOL_MAXSIZE", "5")
        .run()
        .succeeds()
        .does_not_tell("not used");
}

#[test]
fn waits_between_retries_are_those_of_the_environment() {
    let answer = crate::fake::Answer::new(503, "text/plain", "busy").header("Retry-After", "60");
    let fake = Fake::with_many(1);
    fake.fail(Rule::first("traces/search"), Failure::Answer(answer));
    let program = fake
        .program(&["search"])
        .env("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", "false")
        .env("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0");
    program.run().succeeds().tells("trying again in 0.0 s");
    fake.program(&["search"]).env("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", "maybe").run().exits(2);
}
