//! Databases as tracking URIs: the one that nobody names, and what is said where one cannot be used.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::support::Program;

/// A database of `MLflow` 2.14 with one trace.
pub fn database(path: &Path) {
    let statements = "
        CREATE TABLE alembic_version (version_num TEXT);
        INSERT INTO alembic_version VALUES ('867495a8f9d4');
        CREATE TABLE runs (run_uuid TEXT);
        CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT,
            creation_time BIGINT, last_update_time BIGINT);
        INSERT INTO experiments VALUES (1, 'shop', '/art', 'active', 1, 1);
        CREATE TABLE trace_info (request_id TEXT PRIMARY KEY, experiment_id INTEGER, timestamp_ms BIGINT,
            execution_time_ms BIGINT, status TEXT);
        INSERT INTO trace_info VALUES ('tr-1', 1, 1700000000000, 5, 'OK');
        CREATE TABLE trace_tags (\"key\" TEXT, value TEXT, request_id TEXT);
        CREATE TABLE trace_request_metadata (\"key\" TEXT, value TEXT, request_id TEXT);";
    Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

#[test]
fn a_database_in_the_current_folder_is_used_and_that_is_said() {
    let program = Program::new(["-x", "shop", "search", "-o", "ids"]).without_env("MLFLOW_TRACKING_URI");
    database(&program.home().join("mlflow.db"));
    let run = program.run().succeeds();
    assert_eq!(run.lines(), ["tr-1"]);
    assert!(
        run.stderr.contains("no tracking URI given; using sqlite:///mlflow.db in the current folder"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let at = |args: &[&str]| Program::new(args).without_env("MLFLOW_TRACKING_URI").in_folder(folder.path()).run();
    at(&["-x", "shop", "count"]).exits(2).tells("no tracking server given");
    at(&["-u", "sqlite:///mlflow.db", "-x", "shop", "count"]).exits(6).tells("there is no such file");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_path_of_a_database_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.jsonl");
    database(&path);
    for uri in [path.display().to_string(), format!("file:{}", path.display()), format!("sqlite:///{}", path.display())]
    {
        Program::new(["-u", &uri, "-x", "1", "count"]).run().succeeds().prints("1\n");
    }
}

#[test]
fn nothing_shows_the_password_of_a_database() {
    for (uri, code) in [
        ("postgresql://jane:hunter2@127.0.0.1:1/mlflow", 5),
        ("mysql+pymysql://jane:hunter2@127.0.0.1:1/mlflow", 5),
        ("postgresql://jane:hunter2@127.0.0.1:1/mlflow?sslmod=disable", 2),
        ("mssql+pyodbc://jane:hunter2@127.0.0.1:1/mlflow", 2),
        ("postgresql://jane:hun@ter2@127.0.0.1:1/mlflow", 2),
    ] {
        for output in ["table", "json"] {
            let run = Program::new(["-u", uri, "-v", "-x", "shop", "-o", output, "count"]).run().exits(code);
            let told = format!("{}{}", run.stdout, run.stderr);
            assert!(!told.contains("ter2") && !told.contains("jane"), "{told}");
        }
    }
}

#[test]
fn a_database_is_changed_only_where_that_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mlflow.db");
    database(&path);
    let before = fs::read(&path).unwrap();
    let uri = format!("sqlite:///{}", path.display());
    let changes = [
        &["tag", "set", "tr-1", "a=b"][..],
        &["feedback", "log", "tr-1", "good=true"],
        &["delete", "tr-1", "--yes"],
        &["retention", "run", "--older-than", "1d", "--yes"],
        &["import", "demo"],
        &["experiments", "create", "new"],
    ];
    for args in changes {
        let run = Program::new(["-u", &uri, "-x", "shop"].iter().chain(args)).run().exits(2);
        assert!(run.stderr.contains("mlflow server --backend-store-uri"), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains("--allow-database-writes"), "{args:?}: {}", run.stderr);
    }
    assert!(fs::read(&path).unwrap() == before);
    let allowed =
        |args: &[&str]| Program::new(["-u", &uri, "-x", "shop", "--allow-database-writes"].iter().chain(args)).run();
    // What a database never takes, what this one does not have, and what would leave something behind in it.
    for args in &changes[4..] {
        allowed(args).exits(2).tells("only a server does that");
    }
    allowed(changes[1]).exits(6).tells("had no assessments");
    allowed(&["delete", "tr-1", "--yes"]).exits(6).tells("its keys are not those of MLflow");
    assert!(fs::read(&path).unwrap() == before);
    allowed(&["-q", "tag", "set", "tr-1", "a=b"]).succeeds().tells("changes go to the database itself");
    allowed(&["count", "tags.a = 'b'"]).succeeds().prints("1\n").does_not_tell("changes go to");
    // What undoes a run is shown with what allows it, and works as it is shown.
    let here = |args: &[&str]| Program::new(args).hidden_env("XDG_STATE_HOME", folder.path().join("state"));
    let set = ["-u", &uri, "-x", "shop", "--allow-database-writes", "tag", "set", "tr-1", "a=c"];
    let ended = here(&set).run().succeeds();
    let line = ended.stderr.rsplit_once("Undo: `mlflow-trace ").unwrap().1.split_once('`').unwrap().0;
    here(&line.split(' ').collect::<Vec<_>>()).run().succeeds();
    allowed(&["count", "tags.a = 'b'"]).succeeds().prints("1\n");
}

#[test]
fn whoever_only_reads_a_file_is_told_so_and_whoever_waits_is_not_kept_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mlflow.db");
    database(&path);
    let uri = format!("sqlite:///{}", path.display());
    let set = || {
        let program =
            Program::new(["-u", &uri, "--allow-database-writes", "--timeout", "1", "tag", "set", "tr-1", "a=b"]);
        program.run()
    };
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    set().exits(5).tells("locked by another program");
    holder.execute_batch("ROLLBACK").unwrap();
    set().succeeds();
}

#[test]
fn two_spellings_of_a_file_are_one_place() {
    let folder = tempfile::tempdir().unwrap();
    database(&folder.path().join("mlflow.db"));
    fs::create_dir(folder.path().join("other")).unwrap();
    database(&folder.path().join("other/mlflow.db"));
    let state = tempfile::tempdir().unwrap();
    let run = |args: &[&str], place: &str| {
        let program = Program::new(["--allow-database-writes", "-u"].iter().chain(args));
        program.in_folder(&folder.path().join(place)).env("MLFLOW_TRACE_STATE_DIR", state.path()).run()
    };
    run(&["sqlite:///mlflow.db", "tag", "set", "tr-1", "a=b"], "").succeeds();
    let runs = run(&["sqlite:///mlflow.db", "runs", "list", "-o", "json"], "").succeeds().json();
    let id = runs[0]["run_id"].as_str().unwrap();
    // The same words mean another file there.
    run(&["sqlite:///mlflow.db", "undo", id], "other").exits(7).tells("nothing was changed");
    run(&["sqlite:///../mlflow.db", "undo", id], "other").succeeds();
}

#[test]
fn the_doctor_looks_into_a_database_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mlflow.db");
    database(&path);
    Connection::open(&path).unwrap().execute_batch("INSERT INTO trace_tags VALUES ('a', 'b', 'tr-gone')").unwrap();
    let before = fs::read(&path).unwrap();
    let uri = format!("sqlite:///{}", path.display());
    let ended = Program::new(["-u", &uri, "-x", "shop", "doctor", "-o", "json"]).run();
    // The spans of its trace are nowhere.
    let ended = ended.exits(8);
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    let of = |check: &str| {
        let row = checks.iter().find(|row| row["check"] == check).unwrap_or_else(|| panic!("no {check}: {ended}"));
        (row["state"].as_str().unwrap().to_owned(), row["detail"].as_str().unwrap().to_owned())
    };
    assert!(of("tables").1.contains("trace_info 8.0 KiB (1 row)"), "{ended}");
    assert!(of("stored").1.starts_with("shop 1 trace of 0 B; 1 older than 7 days"), "{ended}");
    let (state, detail) = of("orphans");
    assert!(state == "note" && detail.contains("trace_tags"), "{ended}");
    assert!(fs::read(&path).unwrap() == before);
}
