//! Workspaces of Databricks, against what MLflow's own client was recorded to send.

mod fake;

use std::fs;

use serde_json::{Value, json};

use crate::support::Program;
use fake::{SCHEMA, TOKEN, Workspace, id, in_catalog};

const EXPERIMENT: &str = "/Shared/e";
const BEGIN: &str = "POST /api/4.0/mlflow/traces/search-long-running";
const LOOK: &str = "GET /api/4.0/mlflow/traces/search/operations/op%201";

fn with_files(program: Program, files: &[(&str, &str)]) -> Program {
    for (name, text) in files {
        fs::write(program.home().join(name), text).unwrap();
    }
    program
}

#[test]
fn a_search_is_an_operation_that_is_looked_at_until_it_is_done() {
    let workspace = Workspace::with(3);
    let shown = workspace.program(EXPERIMENT, &["search", "status = 'ERROR'", "-o", "ids"]).run().exits(0);
    assert_eq!(shown.lines(), [id(2)]);
    let by_name = "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FShared%2Fe";
    assert_eq!(workspace.asked(), [by_name, BEGIN, LOOK, LOOK]);
    let body = &workspace.bodies("search-long-running")[0];
    assert_eq!(body["locations"], json!([{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "1"}}]));
    assert_eq!((&body["filter"], body.get("sql_warehouse_id")), (&json!("status = 'ERROR'"), None));
    workspace.assert_as_recorded();
}

#[test]
fn a_workspace_without_the_new_search_is_searched_with_the_old_one() {
    let old = |state: &mut fake::State| state.knows_v4 = false;
    let halfway = |state: &mut fake::State| state.takes_experiments_in_v4 = false;
    for behaves in [&old as &dyn Fn(&mut fake::State), &halfway] {
        let workspace = Workspace::with(250);
        behaves(&mut workspace.state());
        let counted = workspace.program(EXPERIMENT, &["count", "status = 'OK'"]).run().exits(0);
        assert_eq!(counted.stdout.trim(), "125");
        let begun = workspace.asked().iter().filter(|line| *line == BEGIN).count();
        assert_eq!((begun, workspace.bodies("POST /api/3.0/mlflow/traces/search").len()), (1, 2));
        workspace.assert_as_recorded();
    }
    let workspace = Workspace::with(1);
    workspace.state().knows_v4 = false;
    workspace.program(SCHEMA, &["count"]).run().exits(2).tells("Unity Catalog").tells("search an experiment");
}

#[test]
fn what_an_operation_ends_with_is_told() {
    let workspace = Workspace::with(1);
    let ended = workspace.program(EXPERIMENT, &["count", "prompt = 'a/1'"]).run().exits(6);
    ended.tells("prompts are not understood");
    let ended = workspace.program(EXPERIMENT, &["search", "(status = 'OK' OR status = 'ERROR')", "-o", "ids"]).run();
    assert_eq!(ended.exits(0).lines(), [id(1)], "what the workspace does not understand is asked here");
    workspace.assert_as_recorded();
}

#[test]
fn pages_follow_one_another_and_are_counted_again() {
    let workspace = Workspace::with(230);
    workspace.state().looks = 0;
    let shown = workspace.program(EXPERIMENT, &["search", "--all", "-o", "ids"]).run().exits(0);
    assert_eq!(shown.lines().len(), 230);
    let tokens: Vec<Value> =
        workspace.bodies("search-long-running").iter().map(|body| body["page_token"].clone()).collect();
    assert_eq!(tokens, [json!(null), json!("100"), json!("200")]);
    let few = workspace.program(EXPERIMENT, &["search", "--limit", "5", "-o", "ids"]).run().exits(0);
    assert_eq!(few.lines(), (226..=230).rev().map(id).collect::<Vec<_>>());
    assert_eq!(workspace.bodies("search-long-running")[3]["max_results"], 6);
    workspace.program(EXPERIMENT, &["export", "all.jsonl", "--verify"]).run().exits(0).tells("230");
    assert_eq!(workspace.bodies("search-long-running").len(), 4 + 3 + 3, "a second reading proves it");
    workspace.assert_as_recorded();
}

#[test]
fn traces_of_unity_catalog_are_searched_and_read_by_their_own_routes() {
    let workspace = Workspace::with(12);
    workspace.state().looks = 0;
    let shown = workspace.program(SCHEMA, &["search", "status = 'OK'", "-o", "ids", "--all"]).run().exits(0);
    assert_eq!(shown.lines(), [11, 9, 7, 5, 3, 1].map(in_catalog));
    let body = &workspace.bodies("search-long-running")[0];
    assert_eq!(body["sql_warehouse_id"], "w1");
    let location = json!({"type": "UC_SCHEMA", "uc_schema": {
        "catalog_name": "main", "schema_name": "agents",
        "otel_spans_table_name": "mlflow_experiment_trace_otel_spans",
        "otel_logs_table_name": "mlflow_experiment_trace_otel_logs",
    }});
    assert_eq!(body["locations"], json!([location]));
    let got = workspace.program(SCHEMA, &["get", &in_catalog(3), "-o", "json"]).run().exits(0);
    assert_eq!(got.json()["info"]["trace_id"], in_catalog(3));
    let info = format!("GET /api/4.0/mlflow/traces/{SCHEMA}/{:032x}/info?sql_warehouse_id=w1", 3);
    let spans = format!(
        "GET /api/4.0/mlflow/traces/{SCHEMA}/batchGet?location_id={SCHEMA}&trace_ids={:032x}&sql_warehouse_id=w1",
        3
    );
    assert!(workspace.asked().contains(&info) && workspace.asked().contains(&spans), "{:#?}", workspace.asked());
    workspace.program(SCHEMA, &["export", "all.jsonl", "--spans"]).run().exits(0).tells("12 traces");
    let batches = workspace.asked().iter().filter(|line| line.contains("batchGet")).count();
    assert_eq!(batches, 3, "ten ids each");
    workspace.assert_as_recorded();
}

#[test]
fn unity_catalog_needs_a_warehouse_which_is_started() {
    let workspace = Workspace::with(1);
    let without =
        |arguments: &[&str]| workspace.program(SCHEMA, arguments).without_env("MLFLOW_TRACING_SQL_WAREHOUSE_ID").run();
    without(&["count"]).exits(2).tells("SQL warehouse").tells("set MLFLOW_TRACING_SQL_WAREHOUSE_ID");
    assert!(workspace.asked().is_empty(), "nothing was sent");
    "STOPPED".clone_into(&mut workspace.state().warehouse);
    workspace.program(SCHEMA, &["count"]).run().exits(0).tells("starting the SQL warehouse w1");
    let asked = workspace.asked();
    let look = "GET /api/2.0/sql/warehouses/w1";
    assert_eq!(asked[..4], [look, "POST /api/2.0/sql/warehouses/w1/start", look, look]);
    "DELETED".clone_into(&mut workspace.state().warehouse);
    workspace.program(SCHEMA, &["count"]).run().exits(2).tells("w1 is DELETED");
    let quiet = workspace.program(SCHEMA, &["count"]).hidden_env("MLFLOW_SQL_WAREHOUSE_AUTO_START", "false");
    quiet.run().exits(0);
    workspace.assert_as_recorded();
}

#[test]
fn spans_of_an_experiment_come_from_where_the_workspace_signs_a_way_to() {
    let workspace = Workspace::with(3);
    workspace.state().lost = vec![id(2)];
    let got = workspace.program(EXPERIMENT, &["get", &id(3), "-o", "json"]).run().exits(0);
    assert_eq!(got.json()["data"]["spans"].as_array().map(Vec::len), Some(1), "{got}");
    let ended = workspace.program(EXPERIMENT, &["export", "all.jsonl", "--spans"]).run().exits(3);
    let ended = ended.tells(&id(2)).tells("does not hand it out (404");
    assert!(!ended.stderr.contains("Signature"), "{ended}");
    workspace.assert_as_recorded();
}

#[test]
fn tags_and_assessments_go_by_the_routes_of_the_place() {
    for (place, trace) in [(EXPERIMENT, id(1)), (SCHEMA, in_catalog(1))] {
        let workspace = Workspace::with(1);
        let run = |arguments: &[&str]| workspace.program(place, arguments).run().exits(0);
        run(&["tag", "set", &trace, "my key/é=yes"]);
        assert_eq!(workspace.state().trace(&trace).unwrap()["tags"]["my key/é"], "yes");
        run(&["tag", "delete", &trace, "my key/é"]);
        assert_eq!(workspace.state().trace(&trace).unwrap()["tags"].get("my key/é"), None);
        run(&["feedback", "log", &trace, "--name", "correct", "--value", "true", "--rationale", "it is"]);
        let one = "a-of-the-workspace";
        let got = run(&["assessment", "get", &trace, one, "-o", "json"]);
        assert_eq!(got.json()["trace_id"], trace.as_str());
        run(&["assessment", "update", &trace, one, "--value", "false", "--rationale", "it is not"]);
        let stored = workspace.state().trace(&trace).unwrap()["assessments"][0].clone();
        assert_eq!((&stored["feedback"]["value"], &stored["rationale"]), (&json!(false), &json!("it is not")));
        run(&["assessment", "delete", &trace, one]);
        assert_eq!(workspace.state().trace(&trace).unwrap()["assessments"], json!([]));
        workspace.assert_as_recorded();
    }
}

#[test]
fn a_key_of_a_tag_is_one_segment_of_the_path() {
    let workspace = Workspace::with(1);
    workspace.program(SCHEMA, &["tag", "set", &in_catalog(1), "my key=x"]).run().exits(0);
    workspace.program(SCHEMA, &["tag", "delete", &in_catalog(1), "my key"]).run().exits(0);
    let line = format!("DELETE /api/4.0/mlflow/traces/{SCHEMA}/{:032x}/tags/my%20key?sql_warehouse_id=w1", 1);
    assert!(workspace.asked().contains(&line), "{:#?}", workspace.asked());
}

#[test]
fn a_hundred_are_deleted_at_a_time() {
    let workspace = Workspace::with(130);
    workspace.state().looks = 0;
    workspace.program(EXPERIMENT, &["delete", "--filter", "timestamp < -1d", "--yes"]).run().exits(0);
    assert!(workspace.state().trace(&id(1)).is_none() && workspace.state().trace(&id(130)).is_none());
    for body in workspace.bodies("delete-traces") {
        assert!(body["request_ids"].as_array().unwrap().len() <= 100);
        assert_eq!(body["experiment_id"], "1");
    }
    workspace.assert_as_recorded();
}

#[test]
fn what_a_workspace_cannot_do_is_said_before_it_is_tried() {
    let workspace = Workspace::with(2);
    let all = ["--filter", "timestamp < -1d", "--yes"];
    let deletion = workspace.program(SCHEMA, &[&["delete"], &all[..]].concat()).run().exits(2);
    deletion.tells("deleting traces of Unity Catalog is not possible on Databricks");
    let mixed = workspace.program(EXPERIMENT, &["count", "-x", SCHEMA]).run().exits(2);
    mixed.tells("searching experiments and Unity Catalog at once");
    let archive = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/filter/traces.jsonl");
    for dry_run in [&[][..], &["--dry-run"]] {
        let import = workspace.program(EXPERIMENT, &[&["import", archive], dry_run].concat()).run().exits(2);
        import.tells("importing traces is not possible on Databricks").tells("import them into a tracking server");
    }
    assert!(workspace.bodies("delete-traces").is_empty());
    assert!(workspace.state().trace(&in_catalog(1)).is_some());
    workspace.assert_as_recorded();
}

#[test]
fn whoever_logs_in_is_found_as_databricks_finds_it() {
    let workspace = Workspace::with(1);
    let profile = |text: &str| {
        let text = text.replace("HOST", &workspace.uri());
        let program = workspace.bare(&["count", "-x", EXPERIMENT]).without_env("DATABRICKS_HOST");
        with_files(program, &[(".databrickscfg", &text)])
    };
    profile(&format!("[DEFAULT]\nhost = HOST/?o=777\ntoken = {TOKEN}\n")).run().exits(0);
    let prod = profile("[prod]\nhost = HOST\nclient_id = app\nclient_secret = s3cret\n");
    prod.hidden_env("MLFLOW_TRACKING_URI", "databricks://prod").run().exits(0);
    let asked = workspace.state().log.clone();
    let token = asked.iter().find(|request| request.path == "/oidc/v1/token").unwrap();
    assert_eq!(token.body, "grant_type=client_credentials&scope=all-apis");
    assert_eq!(token.headers["authorization"], "Basic YXBwOnMzY3JldA==");
    assert_eq!(asked.last().unwrap().headers["authorization"], "Bearer granted-1");
    let base = || workspace.bare(&["count", "-x", EXPERIMENT]);
    let github = base()
        .hidden_env("DATABRICKS_CLIENT_ID", "app")
        .hidden_env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner")
        .hidden_env("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/github?v=1", workspace.uri()));
    github.run().exits(0);
    let asked = workspace.state().log.clone();
    let of_github = asked.iter().find(|request| request.path == "/github").unwrap();
    assert_eq!(of_github.parameter("audience"), Some(&*format!("{}/oidc/v1/token", workspace.uri())));
    let exchange = asked.iter().rfind(|request| request.path == "/oidc/v1/token").unwrap();
    assert!(
        exchange.body.contains("subject_token=github-token") && exchange.body.contains("client_id=app"),
        "{exchange:?}"
    );
    let azure = base()
        .hidden_env("ARM_CLIENT_ID", "principal")
        .hidden_env("ARM_CLIENT_SECRET", "s3cret")
        .hidden_env("DATABRICKS_AZURE_RESOURCE_ID", "/subscriptions/1")
        .hidden_env("AZURE_AUTHORITY_HOST", workspace.uri());
    azure.run().exits(0);
    let last = workspace.state().log.last().cloned().unwrap();
    assert_eq!(last.headers["x-databricks-azure-workspace-resource-id"], "/subscriptions/1");
    assert_eq!(last.headers["x-databricks-azure-sp-management-token"], "granted-4");
    assert_eq!(last.headers["authorization"], "Bearer granted-3");
    workspace.assert_as_recorded();
}

#[cfg(unix)]
#[test]
fn the_program_databricks_is_asked_for_the_token_of_its_log_in() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::with(1);
    let profile = format!("[team]\nhost = {}\nauth_type = databricks-cli\n", workspace.uri());
    let script = format!(
        "#!/bin/sh\necho \"$@\" >>asked\necho '{{\"access_token\": \"{TOKEN}\", \"expiry\": \"2999-01-01T00:00:00Z\"}}'\n"
    );
    let program = workspace.bare(&["search", "-x", EXPERIMENT]).without_env("DATABRICKS_HOST");
    let program = with_files(program, &[(".databrickscfg", &profile), ("databricks", &script)]);
    let (home, path) = (program.home().to_owned(), std::env::var("PATH").unwrap());
    fs::set_permissions(home.join("databricks"), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = tempfile::tempdir().unwrap();
    fs::copy(home.join("databricks"), copy.path().join("databricks")).unwrap();
    let run = program
        .hidden_env("MLFLOW_TRACKING_URI", "databricks://team")
        .hidden_env("PATH", format!("{}:{path}", copy.path().display()))
        .in_folder(copy.path())
        .run();
    run.exits(0);
    assert_eq!(fs::read_to_string(copy.path().join("asked")).unwrap(), "auth token --profile team\n");
    workspace.assert_as_recorded();
}

#[test]
fn a_schedule_names_the_workspace_as_it_is_found_again() {
    let workspace = Workspace::with(1);
    let profile = format!("[prod]\nhost = {}\ntoken = {TOKEN}\n", workspace.uri());
    let policy = "[[rule]]\nname = \"old\"\nexperiments = [\"/Shared/e\"]\nkeep_within = \"30d\"\n";
    let arguments = ["retention", "schedule", "--format", "cron", "--policy", "p.toml"];
    let program = workspace.bare(&arguments).without_env("DATABRICKS_HOST");
    let program = program.hidden_env("MLFLOW_TRACKING_URI", "databricks://prod");
    let ended = with_files(program, &[(".databrickscfg", &profile), ("p.toml", policy)]).run().exits(0);
    assert!(ended.stdout.contains("databricks://prod"), "{ended}");
    assert!(!ended.stdout.contains(TOKEN), "{ended}");
}

#[test]
fn tokens_are_renewed_before_they_end() {
    let workspace = Workspace::with(3);
    workspace.state().seconds = 0;
    let program = workspace.bare(&["search", "-x", EXPERIMENT]).hidden_env("DATABRICKS_CLIENT_ID", "app");
    program.hidden_env("DATABRICKS_CLIENT_SECRET", "s3cret").run().exits(0);
    let requests = workspace.asked().len();
    assert_eq!(usize::try_from(workspace.state().granted).unwrap(), requests, "a token that has ended is not used");
    let discoveries =
        workspace.state().log.iter().filter(|request| request.path.ends_with("databricks-config")).count();
    assert_eq!(discoveries, 1);
}

#[test]
fn who_cannot_log_in_is_told_what_is_missing() {
    let workspace = Workspace::with(1);
    let base = || workspace.bare(&["count", "-x", EXPERIMENT]);
    base().run().exits(2).tells("there is nothing to log in").tells("DATABRICKS_CLIENT_SECRET");
    base().hidden_env("DATABRICKS_TOKEN", "wrong-secret").run().exits(4).tells("the token of DATABRICKS_TOKEN");
    let two = base().hidden_env("DATABRICKS_TOKEN", "x").hidden_env("DATABRICKS_CLIENT_ID", "a");
    let two = two.hidden_env("DATABRICKS_CLIENT_SECRET", "b").run().exits(2);
    two.tells("more than one way").tells("DATABRICKS_AUTH_TYPE");
    let nobody = base().hidden_env("MLFLOW_TRACKING_URI", "databricks://nope").run().exits(2);
    nobody.tells("there is no profile \"nope\"");
    let elsewhere =
        base().hidden_env("MLFLOW_TRACKING_URI", "databricks").without_env("DATABRICKS_HOST").run().exits(2);
    elsewhere.tells("set DATABRICKS_HOST");
    assert!(!workspace.asked().iter().any(|line| line.contains("search")));
}
