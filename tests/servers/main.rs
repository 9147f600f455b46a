//! Tracking servers of several versions of `MLflow`; databases on servers (`PostgreSQL` and `MariaDB`, installed and started here,
//! holding the traces of the filter corpus); and the workspace of Databricks that other tests talk to, as `MLflow`'s own client
//! does.
//!
//! Run on demand, `cargo test --test servers`, because it needs the network the first time and, where a server is not installed,
//! the right to install it with apt-get: what is missing is installed or the tests fail. `MLFLOW_TRACE_SERVERS_PYTHON` names a
//! Python that already has what `requirements.txt` lists.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::needless_pass_by_value,
    clippy::format_collect
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../cli/fake/mod.rs"]
#[allow(dead_code, unused_imports)] // The workspace uses a part of it.
mod fake;

mod databricks;
mod engines;
#[path = "../live/twins.rs"]
mod twins;
mod versions;

use std::sync::Arc;

use clap::Parser;
use mlflow_trace::cli::Cli;
use mlflow_trace::settings::Settings;
use mlflow_trace::settings::env::Environment;
use mlflow_trace::store::{FindingKind, Health};
use serde_json::{Value, json};

use engines::Database;
use support::Program;
use twins::Twins;

const CASES: &str = include_str!("../data/filter/dev.jsonl");

/// The filters that `MLflow` accepts and that can be typed, with the ids that its own store on `SQLite` finds.
fn cases() -> Vec<(String, Vec<String>)> {
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        let filter = case["filter"].as_str().unwrap_or_default().to_owned();
        let is_wanted = case["verdict"] == "accept"
            && case["local"] != "exotic-syntax"
            && !filter.contains('\0')
            && !filter.contains("spansLocation");
        let ids = case["matches"].as_array()?.iter().map(|id| id.as_str().unwrap().to_owned());
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        is_wanted.then_some((filter, ids))
    };
    CASES.lines().filter_map(read).collect()
}

/// Holds what the program finds in a database against what is expected, for the traces that the database has.
fn answers_every_filter(database: &Database) {
    let run = |args: &[&str]| Program::new(["-u", &database.uri, "-x", "corpus", "-q"].iter().chain(args)).run().ends();
    let all = run(&["search", "--all", "-o", "ids"]).lines();
    assert!(all.len() > 100, "{}: {} traces", database.uri, all.len());
    let mut differences = Vec::new();
    let cases = cases();
    assert!(cases.len() > 1400, "{}", cases.len());
    for (filter, mut expected) in cases.iter().cloned() {
        let search = run(&["search", "--all", "-o", "ids", "--", &filter]);
        let mut found = search.lines();
        found.sort();
        expected.retain(|id| all.contains(id));
        if search.code != Some(0) || found != expected {
            differences.push(format!("{filter:?}\n  expected {expected:?}\n  found {found:?} {}", search.stderr));
        }
        let count = run(&["count", "--", &filter]);
        if count.stdout.trim() != expected.len().to_string() {
            differences.push(format!("count {filter:?}: {} instead of {}", count.stdout.trim(), expected.len()));
        }
    }
    assert!(differences.is_empty(), "{} of {}:\n{}", differences.len(), cases.len(), differences.join("\n"));
    eprintln!("{}: {} filters answered as MLflow does on SQLite", database.name, cases.len());
}

/// Equal, where `4` is `4.0` and the order of assessments does not count.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().all(|one| right.iter().any(|other| same(one, other)))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, one)| right.get(key).is_some_and(|other| same(one, other)))
        }
        _ => left == right,
    }
}

fn infos_are_those_of_mlflows_client(database: &Database) {
    let search = Program::new(["-u", &database.uri, "-x", "corpus", "-q", "search", "--all", "-o", "jsonl"]);
    let here = search.run().succeeds().jsonl();
    let theirs = database.read_by_mlflow();
    assert_eq!(here.len(), theirs.len());
    for (here, theirs) in here.iter().zip(&theirs) {
        assert!(same(&here["info"], theirs), "{}\n{theirs}", here["info"]);
    }
    eprintln!("{}: {} infos are those of MLflow's client, in its order", database.name, here.len());
}

#[test]
fn postgresql_answers_as_mlflow_does() {
    let database = Database::postgres();
    answers_every_filter(&database);
    infos_are_those_of_mlflows_client(&database);
}

#[test]
fn mariadb_answers_as_mlflow_does() {
    let database = Database::mariadb();
    answers_every_filter(&database);
    infos_are_those_of_mlflows_client(&database);
    // As databases are by default: `prod` and `Prod` are equal to them, and so are `o` and `ö`.
    let column =
        |name: &str, kind: &str| format!("MODIFY {name} {kind} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
    for (table, columns) in [
        ("trace_tags", column("value", "VARCHAR(8000)")),
        ("trace_request_metadata", column("value", "VARCHAR(8000)")),
        (
            "trace_info",
            [
                column("trace_name", "VARCHAR(4096)"),
                column("status", "VARCHAR(50)"),
                column("session_id", "VARCHAR(250)"),
            ]
            .join(", "),
        ),
        ("spans", [column("name", "TEXT"), column("type", "VARCHAR(500)")].join(", ")),
        ("assessments", column("name", "VARCHAR(250)")),
    ] {
        database.statement(&format!("ALTER TABLE mlflow.{table} {columns}"));
    }
    answers_every_filter(&database);
}

fn is_changed_as_mlflow_changes_it(database: &Database) {
    let twins = Twins { python: &engines::PYTHON, uri: database.uri.clone() };
    twins.are_alike_after_all_changes();
    let (_, gone, after) = twins.delete_some();
    // What MLflow deletes of such traces, by the number of rows.
    let seeded = twins.ask("seed", &json!([4]));
    let before = twins.ask("dump", &json!([]));
    twins.ask("delete", &json!([seeded["experiment"], seeded["ids"]]));
    let theirs = twins.ask("dump", &json!([]));
    let rows = |sums: &Value, table: &str| sums[table][0].as_u64().unwrap();
    let again = twins.ask("seed", &json!([4]));
    let ids: Vec<&str> = again["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let ours_before = twins.ask("dump", &json!([]));
    let experiment = again["experiment"].as_str().unwrap();
    twins.program(&[&["delete"][..], &ids, &["-x", experiment, "--yes"]].concat()).run().succeeds();
    let ours = twins.ask("dump", &json!([]));
    for table in after.as_object().unwrap().keys() {
        let (of_them, of_us) =
            (rows(&before, table) - rows(&theirs, table), rows(&ours_before, table) - rows(&ours, table));
        assert_eq!(of_them, of_us, "{table}");
        assert!(of_us > 0 || ours[table] == ours_before[table], "{table} is as it was");
    }
    assert_eq!(gone.len(), 4);
    eprintln!("{}: changed as MLflow changes it", database.name);
}

/// Somebody who writes beside it holds rows that are to go, and lets go of them late; two runs take the same at once.
fn waits_for_others(database: &Database) {
    let twins = Twins { python: &engines::PYTHON, uri: database.uri.clone() };
    let seeded = twins.ask("seed", &json!([40]));
    let ids: Vec<&str> = seeded["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let experiment = seeded["experiment"].as_str().unwrap();
    let delete =
        |ids: &[&str]| twins.program(&[&["delete"][..], ids, &["-x", experiment, "--yes", "--timeout", "20"]].concat());
    let runs: Vec<_> = [&ids[..30], &ids[10..]].map(|ids| delete(ids).start()).into_iter().collect();
    for run in runs {
        let ended = run.ends().ends();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    assert_eq!(twins.program(&["-x", experiment, "count"]).run().succeeds().stdout, "0\n");
}

/// What is told of the health of a database, and that the statements told with it help.
fn is_told_how_it_is(database: &Database) {
    let cli = Cli::parse_from(["mlflow-trace", "-u", &database.uri, "count"]);
    let settings = Settings::resolve(&cli.global, &Environment::default()).unwrap();
    let store = settings.tracking_uri.unwrap().open(&settings.http, Arc::new(|_| {})).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let health = || runtime.block_on(store.health(1_800_000_000_000)).unwrap().unwrap();
    let schema = if database.name == "MariaDB" { "mlflow." } else { "" };
    for table in ["trace_info", "trace_tags", "spans"] {
        let analyze = if database.name == "MariaDB" { "ANALYZE TABLE" } else { "ANALYZE" };
        database.statement(&format!("{analyze} {schema}{table}"));
    }
    let before = health();
    let corpus = before.experiments.iter().find(|one| one.name == "corpus").unwrap();
    assert!(corpus.traces > 100, "{before:?}");
    let table = before.tables.iter().find(|table| table.name == "trace_info").unwrap();
    assert!(table.rows >= corpus.traces && table.bytes > 4096, "{table:?}");
    let missing = |health: &Health| {
        let indexes = health.findings.iter().filter(|finding| finding.kind == FindingKind::MissingIndex);
        indexes.map(|finding| (finding.what.clone(), finding.statement.clone().unwrap())).collect::<Vec<_>>()
    };
    // MLflow has an index for all of them but one.
    let told = missing(&before);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.ends_with("a client request id"), "{told:?}");
    database.statement(&told[0].1.replace("ON ", &format!("ON {schema}")));
    assert_eq!(missing(&health()), []);
    eprintln!(
        "{}: {} tables, {} experiments, {:?}",
        database.name,
        before.tables.len(),
        before.experiments.len(),
        before.findings
    );
}

#[test]
fn postgresql_is_changed_as_mlflow_changes_it() {
    let database = Database::postgres();
    is_changed_as_mlflow_changes_it(&database);
    waits_for_others(&database);
    is_told_how_it_is(&database);
}

#[test]
fn mariadb_is_changed_as_mlflow_changes_it() {
    let database = Database::mariadb();
    is_changed_as_mlflow_changes_it(&database);
    waits_for_others(&database);
    is_told_how_it_is(&database);
    // To it `env` and `ENV` are one: neither is taken for the other. Of the corpus some have keys that would be one, too.
    database.statement("DELETE FROM mlflow.trace_tags WHERE request_id <> 'tr-0001'");
    database.statement(
        "ALTER TABLE mlflow.trace_tags MODIFY \\`key\\` VARCHAR(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
    );
    let run =
        |args: &[&str]| Program::new(["-u", &database.uri, "--allow-database-writes", "tag"].iter().chain(args)).run();
    run(&["set", "tr-0001", "env=x"]).succeeds();
    let refused = run(&["set", "tr-0001", "ENV=y"]).exits(6);
    assert!(refused.stderr.contains("cannot tell the tag"), "{}", refused.stderr);
    run(&["delete", "tr-0001", "--key", "Env"]).succeeds();
    let get = Program::new(["-u", &database.uri, "get", "tr-0001", "-o", "json"]).run().succeeds().json();
    assert_eq!(get["info"]["tags"]["env"], "x");
}

#[test]
fn a_user_who_may_only_read_is_enough_and_others_are_told_why_not() {
    let database = Database::postgres();
    database.statement("CREATE USER reader PASSWORD 'p@ss'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    database.statement("CREATE USER stranger PASSWORD 'x'");
    let uri = |user: &str| database.uri.replace("mlflow@", user);
    let count = |uri: &str| Program::new(["-u", uri, "-x", "corpus", "count"]).run();
    count(&uri("reader:p%40ss@")).succeeds();
    let denied = count(&uri("stranger:x@")).exits(4);
    assert!(denied.stderr.contains("permission denied"), "{}", denied.stderr);
    count(&format!("{}/none", database.uri.trim_end_matches("/mlflow"))).exits(6).tells("does not exist");
    count("postgresql://mlflow@127.0.0.1:1/mlflow").exits(5);
    // Somebody who cannot write cannot be made to: the transactions themselves only read.
    let tag =
        Program::new(["-u", &uri("reader:p%40ss@"), "-x", "corpus", "tag", "set", "tr-0001", "a=b"]).run().exits(2);
    assert!(tag.stderr.contains("mlflow server"), "{}", tag.stderr);
    let reader = uri("reader:p%40ss@");
    Program::new(["-u", &reader, "--allow-database-writes", "tag", "set", "tr-0001", "a=b"])
        .run()
        .exits(4)
        .tells("permission denied");
}
