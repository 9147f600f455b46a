//! Servers of older versions of `MLflow`: those before 3.2, which speak another dialect and know no assessments, and those of
//! 3.2 and later, which know less of the filter language.

use serde_json::json;

use crate::fake::{Failure, Fake, Rule, Seed, id, recorded};
use crate::support::Run;

const SEARCH_V2: &str = "GET /api/2.0/mlflow/traces";
const SEARCH_V3: &str = "POST /api/3.0/mlflow/traces/search";
const ASSESSMENTS: &str = "/assessments";

fn some() -> Fake {
    Fake::with([
        Seed::new(1).tag("env", "prod").in_artifact(),
        Seed::new(2).tag("env", "dev").state("ERROR").in_artifact(),
        Seed::new(3).tag("env", "production").in_artifact(),
    ])
}

fn ids(fake: &Fake, filter: &str) -> Vec<String> {
    fake.run(&["search", "--all", "-o", "ids", "--", filter]).succeeds().lines()
}

#[test]
fn a_server_before_3_2_is_searched_read_and_exported_in_its_own_dialect() {
    let fake = some().of_version("2.22.5");
    assert_eq!(ids(&fake, ""), [id(3), id(2), id(1)]);
    assert_eq!(ids(&fake, "status = 'ERROR' AND tags.env = 'dev'"), [id(2)]);
    assert_eq!(fake.run(&["count"]).succeeds().stdout, "3\n");
    let get = fake.run(&["get", &id(2), "-o", "json"]).succeeds().json();
    assert_eq!(get["info"]["state"], "ERROR");
    assert_eq!(get["info"]["execution_duration_ms"], 120);
    assert_eq!(get["data"]["spans"].as_array().unwrap().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    fake.run(&["export", file.to_str().unwrap(), "--spans"]).succeeds();
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 3);
    fake.run(&["get", &id(9)]).exits(9);
    assert!(!fake.asked(SEARCH_V2).is_empty());
}

#[test]
fn tags_are_set_and_traces_are_deleted_on_a_server_before_3_2() {
    let fake = some().of_version("3.1.4");
    fake.run(&["tag", "set", "--filter", "status = 'OK'", "seen=yes", "--yes"]).succeeds();
    assert_eq!(ids(&fake, "tags.seen = 'yes'"), [id(3), id(1)]);
    fake.run(&["tag", "delete", &id(1), "--key", "seen", "--yes"]).succeeds();
    fake.run(&["delete", "--filter", "tags.env LIKE 'prod%'", "--yes"]).succeeds();
    assert_eq!(ids(&fake, ""), [id(2)]);
    for deletion in fake.bodies("delete-traces") {
        assert!(deletion["request_ids"].is_array() && deletion.get("max_timestamp_millis").is_none(), "{deletion}");
    }
}

#[test]
fn what_the_filter_of_an_older_server_lacks_is_evaluated_here_and_explained() {
    for (version, search) in [("2.22.5", SEARCH_V2), ("3.4.0", SEARCH_V3)] {
        let fake = some().of_version(version);
        assert_eq!(ids(&fake, "status = 'OK' AND tags.env LIKE 'prod%'"), [id(3), id(1)], "{version}");
        let sent = fake.asked(search).pop().unwrap();
        let sent = sent
            .query
            .iter()
            .find(|(key, _)| key == "filter")
            .map_or_else(|| sent.json()["filter"].as_str().unwrap_or_default().to_owned(), |(_, value)| value.clone());
        assert_eq!(sent, "status = 'OK'", "{version}");
        let explained = fake.run(&["filter", "explain", "status = 'OK' AND tags.env LIKE 'prod%'"]).succeeds();
        explained
            .prints("sent to the server:  status = 'OK'   (2 traces)")
            .prints("older server:        its version of MLflow does not know all of the filter")
            .prints("evaluated locally:   tags.env LIKE 'prod%'");
        let json = fake.run(&["filter", "explain", "tags.env = 'dev'", "-o", "json"]).succeeds().json();
        assert_eq!((&json["server_is_older"], &json["server"]), (&json!(false), &json!("tags.env = 'dev'")));
        assert_eq!(ids(&fake, "span.name = 'chat' AND tags.env = 'dev'"), [id(2)], "{version}");
        assert_eq!(ids(&fake, "tags.team IS NULL OR end_time > 5").len(), 3, "{version}");
        assert_eq!(fake.run(&["count", "name RLIKE '^ch'"]).succeeds().stdout, "3\n", "{version}");
    }
}

#[test]
fn assessments_are_refused_before_anything_is_sent_where_the_server_has_none() {
    let fake = some().of_version("2.22.5");
    let refused =
        |ended: Run| ended.exits(6).tells("older than MLflow 3.2").tells("upgrade MLflow on the server to 3.2");
    for filter in ["feedback.good = 'yes'", "NOT feedback.good = 'yes'", "assessment IS NULL", "issue.id = 'iss-1'"] {
        refused(fake.run(&["search", filter]));
        refused(fake.run(&["delete", "--filter", filter, "--yes"]));
    }
    let logged = refused(fake.run(&["feedback", "log", &id(1), "good=true"]));
    logged.does_not_tell("undo").does_not_print("undo");
    refused(fake.run(&["assessment", "delete", &id(1), "a-1"]));
    assert!(fake.asked("POST").iter().all(|request| !request.path.contains(ASSESSMENTS)));
    assert!(fake.asked("delete-traces").is_empty());
}

#[test]
fn retention_keeps_what_an_older_server_does_not_tell() {
    let policy = |keep: &str| {
        format!(
            "[defaults]\nmin_age = \"1d\"\nmax_delete_percent = 100\n[[rule]]\nname = \"app\"\nexperiments = [\"my-app\"]\nkeep_within = \"1d\"\nkeep_if = [\"{keep}\"]\n"
        )
    };
    let run = |fake: &Fake, keep: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("retention.toml"), policy(keep)).unwrap();
        fake.bare(&["retention", "run", "--policy", "retention.toml", "--yes"])
            .in_folder(folder.path())
            .hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state"))
            .run()
            .ends()
    };
    let old = || {
        let seed = |number, days| Seed::new(number).days_old(days).tag("env", "prod").in_artifact();
        Fake::with([seed(1, 90), seed(2, 80), Seed::new(3).days_old(0).in_artifact()]).of_version("3.1.4")
    };
    // Whether a person has looked at them is not told, so they all stay.
    let fake = old();
    let ended = run(&fake, "assessment.source_type = 'HUMAN'");
    assert_eq!(ended.code, Some(0), "{ended}");
    ended.tells("the server does not return assessments");
    assert_eq!(fake.state().traces.len(), 3);
    let fake = old();
    assert_eq!(run(&fake, "feedback.gold IS NOT NULL").code, Some(6));
    assert_eq!(fake.state().traces.len(), 3);
    // What it tells decides.
    let fake = old();
    let ended = run(&fake, "tags.env LIKE 'dev%'");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(fake.state().traces.len(), 1);
}

#[test]
fn a_search_that_is_too_long_for_an_address_goes_in_the_body() {
    let fake = some().of_version("2.22.5");
    let listed: Vec<String> = (1..200).map(|number| format!("'{}'", id(number))).collect();
    assert_eq!(ids(&fake, &format!("request_id IN ({})", listed.join(", "))), [id(3), id(2), id(1)]);
    let asked = fake.asked(SEARCH_V2);
    assert!(asked.iter().all(|request| request.query.iter().map(|(_, value)| value.len()).sum::<usize>() < 4000));
}

#[test]
fn a_route_that_something_on_the_way_bars_is_not_taken_for_an_older_server() {
    let fake = some();
    fake.fail(Rule::every(SEARCH_V3), Failure::Answer(recorded("unknown_endpoint")));
    fake.run(&["search"]).exits(6).tells("the server has no /api/3.0/mlflow/traces/search");
}

#[test]
fn a_server_that_does_not_tell_its_version_is_asked_what_it_knows() {
    let closed = |fake: Fake| {
        fake.fail(Rule::every("/version"), Failure::Answer(recorded("auth_missing_credentials")));
        fake
    };
    for version in ["2.22.5", "3.4.0"] {
        let fake = closed(some().of_version(version));
        assert_eq!(ids(&fake, "tags.env LIKE 'prod%'"), [id(3), id(1)], "{version}");
    }
    let fake = closed(some());
    assert_eq!(ids(&fake, "tags.env LIKE 'prod%'"), [id(3), id(1)]);
    assert_eq!(fake.bodies(SEARCH_V3).pop().unwrap()["filter"], "tags.env LIKE 'prod%'");
    let plain = some();
    assert_eq!(ids(&plain, "status = 'OK'"), [id(3), id(1)]);
    assert!(plain.asked("/version").is_empty(), "what every server knows is sent without asking");
}

#[test]
fn feedback_is_evaluated_here_with_what_sessions_share_where_the_server_cannot() {
    let seeds = [
        Seed::new(1).feedback("good", "yes", ("HUMAN", "jane")),
        Seed::new(2).metadata("mlflow.trace.session", "s").session_feedback("good", "yes", "s"),
        Seed::new(3).metadata("mlflow.trace.session", "s"),
        Seed::new(4).feedback("good", "no", ("HUMAN", "jane")),
        Seed::new(5),
    ];
    let fake = Fake::with(seeds).of_version("3.4.0");
    assert_eq!(ids(&fake, "feedback.good = 'yes'"), [id(3), id(2), id(1)]);
    assert_eq!(ids(&fake, "feedback.good IS NULL"), [id(5)]);
    assert_eq!(ids(&fake, "feedback.good = 'yes' AND status = 'OK'"), [id(3), id(2), id(1)]);
    fake.run(&["delete", "--filter", "feedback.good = 'yes'", "--yes"]).succeeds();
    assert_eq!(ids(&fake, ""), [id(5), id(4)]);
}

#[cfg(feature = "otlp")]
#[test]
fn an_import_sends_what_an_older_server_understands() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("archive.jsonl");
    let file = file.to_str().unwrap();
    Fake::with([Seed::new(1)]).run(&["export", file, "--spans"]).succeeds();
    let import = |fake: &Fake| {
        fake.program(&["import", file]).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state")).run()
    };
    let old = Fake::new().of_version("2.22.5");
    import(&old).exits(6).tells("cannot import traces: the server is older than MLflow 3.2");
    assert!(old.log().iter().all(|request| request.method == "GET" || request.path.ends_with("/search")));
    // Spans that came over OTLP are returned since 3.6, and are understood when they are compressed since 3.7.
    let middle = Fake::new().of_version("3.6.0");
    import(&middle).ends();
    let sent = middle.asked("POST /v1/traces");
    assert!(!sent.is_empty() && sent.iter().all(|request| !request.headers.contains_key("content-encoding")));
    for (version, sends) in [("3.4.0", 0), ("3.7.0", 1)] {
        let fake = Fake::new().of_version(version);
        import(&fake).succeeds();
        let sent = fake.asked("POST /v1/traces");
        assert_eq!(sent.len(), sends, "{version}");
        assert!(sent.iter().all(|request| request.headers["content-encoding"] == "gzip"), "{version}");
        assert_eq!(
            fake.run(&["get", &id(1), "-o", "json"]).succeeds().json()["data"]["spans"].as_array().unwrap().len(),
            1
        );
    }
}

#[test]
fn the_doctor_names_what_an_older_server_lacks() {
    let fake = some().of_version("2.22.5");
    let checks = fake.run(&["doctor", "-o", "json"]).ends().json();
    let row =
        |name: &str| checks["checks"].as_array().unwrap().iter().find(|row| row["check"] == name).unwrap().clone();
    assert_eq!(row("permissions")["detail"], "read, set tags, delete traces in my-app");
    let row = row("features");
    assert!(row["detail"].as_str().unwrap().starts_with("the server does not know assessments, span filters"), "{row}");
}
