//! Tracking servers of several versions of `MLflow`, and on several databases, each asked by every kind of command. What is
//! found is the table of the manual, which `MLFLOW_TRACE_UPDATE=1` writes anew; what no server does is a failure.
//!
//! Each version has a virtual environment of its own in the target directory, made the first time.

use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use mlflow_trace::model::rfc3339_utc;
use serde_json::Value;
use tempfile::TempDir;

use crate::engines::{Database, checked, free_port, must, source};
use crate::support::{Ended, Program};

/// A server to be asked.
struct Row {
    version: &'static str,
    /// What else has to be in its virtual environment, and which versions are too new for it.
    pins: &'static [&'static str],
    database: fn() -> Option<Database>,
    /// What it is called in the table.
    on: &'static str,
}

const OLD: &[&str] = &["sqlalchemy<2.1", "setuptools<81", "opentelemetry-sdk<1.34", "opentelemetry-api<1.34"];
const CURRENT: &[&str] = &["psycopg2-binary==2.9.13", "PyMySQL==1.1.2", "cryptography"];

const ROWS: &[Row] = &[
    Row { version: "2.22.5", pins: OLD, database: || None, on: "SQLite" },
    Row { version: "3.1.4", pins: OLD, database: || None, on: "SQLite" },
    Row { version: "3.4.0", pins: &["sqlalchemy<2.1", "setuptools<81"], database: || None, on: "SQLite" },
    Row { version: "3.6.0", pins: &["sqlalchemy<2.1"], database: || None, on: "SQLite" },
    Row { version: "3.10.1", pins: &["sqlalchemy<2.1"], database: || None, on: "SQLite" },
    Row { version: "3.17.2", pins: CURRENT, database: || None, on: "SQLite" },
    Row { version: "3.17.2", pins: CURRENT, database: postgres, on: "PostgreSQL" },
    Row { version: "3.17.2", pins: CURRENT, database: mariadb, on: "MariaDB" },
    Row { version: "3.18.0", pins: CURRENT, database: || None, on: "SQLite" },
    Row { version: "3.18.0", pins: CURRENT, database: postgres, on: "PostgreSQL" },
    Row { version: "3.18.0", pins: CURRENT, database: mariadb, on: "MariaDB" },
];

#[allow(clippy::unnecessary_wraps)] // Another row has none.
fn postgres() -> Option<Database> {
    Some(Database::empty_postgres())
}

/// As most have it: it regards neither case nor blanks at the end.
#[allow(clippy::unnecessary_wraps)]
fn mariadb() -> Option<Database> {
    Some(Database::empty_mariadb("utf8mb4_general_ci"))
}

/// A command, and how it is asked.
type Column = (&'static str, fn(&Desk) -> Cell);

/// What is asked of each, in this order.
const COLUMNS: &[Column] = &[
    ("search", search),
    ("extended filter", extended_filter),
    ("newer filter", newer_filter),
    ("get with spans", get),
    ("count", count),
    ("export", export),
    ("tag", tag),
    ("log feedback", log_feedback),
    ("import", import),
    ("delete", delete),
    ("retention", retention),
];

const REFUSED: &str = "refused";
const DONE: &str = "yes";

/// What stands in the table, or what went wrong.
type Cell = Result<&'static str, String>;

/// A server with its traces, and a folder to work in.
struct Desk {
    uri: String,
    folder: TempDir,
    server: Child,
    /// Stopped after the server.
    _database: Option<Database>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        // It ends when its standard input does.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

/// Versions whose packages are not all on the registry, each with the one that it is installed over.
const OVER: &[(&str, &str)] = &[("3.18.0", "3.17.2")];

fn venv(row: &Row) -> PathBuf {
    let over = OVER.iter().find(|(version, _)| *version == row.version);
    let base = over.map_or(row.version, |(_, base)| base);
    let requirements = std::iter::once(format!("mlflow=={base}")).chain(row.pins.iter().map(ToString::to_string));
    let text = requirements.collect::<Vec<_>>().join("\n");
    let mut hasher = DefaultHasher::new();
    (row.version, &text).hash(&mut hasher);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let directory = target.join(format!("servers-venv-{}-{:016x}", row.version, hasher.finish()));
    let list = target.join(format!("servers-{}.txt", row.version));
    fs::write(&list, text).unwrap();
    let mut build = Command::new("python3");
    build.arg(source("../live/build_venv.py")).arg(&directory).arg(&list).args(over.map(|(version, _)| version));
    must(build);
    directory.join("bin")
}

/// The body of an answer; nothing if there is none.
fn answer(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    Some(text.split_once("\r\n\r\n")?.1.to_owned())
}

impl Desk {
    fn new(row: &Row) -> Self {
        let (bin, database, port) = (venv(row), (row.database)(), free_port());
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let place = folder.path().join("server");
        fs::create_dir(&place).unwrap();
        let mut command = Command::new(bin.join("python"));
        command.arg(source("../live/serve.py")).arg(&place).arg(port.to_string());
        if let Some(database) = &database {
            command.args(["--backend-store-uri", &database.uri]);
        }
        let folders = std::env::var_os("PATH").unwrap_or_default();
        // Older servers start gunicorn by its name.
        let folders = std::iter::once(bin.clone()).chain(std::env::split_paths(&folders));
        command.env("PATH", std::env::join_paths(folders).unwrap()).stdin(Stdio::piped());
        let server = command.spawn().expect("Python starts");
        let uri = format!("http://127.0.0.1:{port}");
        let mut desk = Self { uri, folder, server, _database: database };
        desk.wait(port);
        assert_eq!(answer(port, "/version").as_deref().map(str::trim), Some(row.version));
        let mut seed = Command::new(bin.join("python"));
        seed.arg(source("seed.py")).arg(&desk.uri).env("MLFLOW_DISABLE_TELEMETRY", "true");
        checked(&seed.output().expect("Python starts"), "seed.py");
        desk.wait_for_traces();
        desk
    }

    fn wait(&mut self, port: u16) {
        let begun = Instant::now();
        while answer(port, "/health").is_none_or(|text| text.trim() != "OK") {
            let is_running = self.server.try_wait().is_ok_and(|ended| ended.is_none());
            let log = || fs::read_to_string(self.folder.path().join("server/server.log")).unwrap_or_default();
            assert!(is_running && begun.elapsed() < Duration::from_secs(180), "the server does not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    /// Older clients log in the background, and end before they have.
    fn wait_for_traces(&self) {
        let begun = Instant::now();
        while self.run(&["count"]).stdout != "6\n" {
            assert!(begun.elapsed() < Duration::from_secs(30), "{}", self.run(&["count"]));
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let (server, state) = (["-u", &self.uri, "-x", "app", "-q"], self.folder.path().join("state"));
        Program::new(arguments.iter().chain(&server)).hidden_env("MLFLOW_TRACE_STATE_DIR", state).run().ends()
    }

    /// The tags `env` of what a command finds, sorted.
    fn found(&self, filter: &str) -> Result<Vec<String>, String> {
        let found = done(self.run(&["search", "--all", "-o", "jsonl", "--filter", filter]))?;
        let tag = |trace: &Value| trace["info"]["tags"]["env"].as_str().unwrap_or_default().to_owned();
        let mut tags: Vec<String> = found.jsonl().iter().map(tag).collect();
        tags.sort();
        Ok(tags)
    }

    fn id(&self, filter: &str) -> Result<String, String> {
        let found = done(self.run(&["search", "-n", "1", "-o", "ids", "--filter", filter]))?;
        found.lines().into_iter().next().ok_or_else(|| format!("nothing is found by {filter}"))
    }
}

fn done(ended: Ended) -> Result<Ended, String> {
    if ended.code == Some(0) { Ok(ended) } else { Err(ended.to_string()) }
}

/// What must be the case.
fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?} instead of {expected:?}")) }
}

fn tags(values: &[&str]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// What every server does, or says that its version is too old for it.
fn done_or_too_old(ended: Ended) -> Result<Option<Ended>, String> {
    if ended.code == Some(6) && ended.stderr.contains("the server is older than MLflow") {
        return Ok(None);
    }
    done(ended).map(Some)
}

fn search(desk: &Desk) -> Cell {
    same(&desk.found("status = 'OK'")?, &tags(&["PROD", "Prod", "dev", "prod", "prod"]))?;
    same(&desk.found("tags.env = 'prod' AND status = 'OK'")?, &tags(&["prod", "prod"]))?;
    Ok(DONE)
}

fn extended_filter(desk: &Desk) -> Cell {
    same(&desk.found("tags.env = 'dev' OR status = 'ERROR'")?, &tags(&["dev", "prod"]))?;
    same(&desk.found("NOT (tags.env = 'prod') AND latency < 1h")?, &tags(&["PROD", "Prod", "dev"]))?;
    an_extension_changes_nothing(desk)?;
    Ok(DONE)
}

/// What a clause finds is what it finds as a part of a filter that is evaluated here, however the database compares.
fn an_extension_changes_nothing(desk: &Desk) -> Result<(), String> {
    let ids = |filter: &str| -> Result<Vec<String>, String> {
        let mut ids = done(desk.run(&["search", "--all", "-o", "ids", "--filter", filter]))?.lines();
        ids.sort();
        Ok(ids)
    };
    let words = ["Caf\u{e9}", "CAF\u{c9}", "cafe", "100%", "100\\%", "two words"];
    let all = ids("")?;
    for (id, word) in all.iter().zip(words) {
        done(desk.run(&["tag", "set", id, &format!("word={word}"), "--yes"]))?;
    }
    for clause in [
        "ILIKE 'caf\u{e9}'",
        "ILIKE 'cafe'",
        "ILIKE 'caf_'",
        "LIKE 'Caf_'",
        "LIKE '100\\%'",
        "LIKE '100%'",
        "ILIKE '%E'",
        "RLIKE '[[:alpha:]] w'",
        "RLIKE '^caf.$'",
        "RLIKE '\\bwords'",
        "RLIKE '^\\w+$'",
        "RLIKE '(?i)CAFE'",
        "RLIKE '^[a-z]+ [a-z]+$'",
        "= 'CAFE'",
        "!= 'cafe'",
    ] {
        let alone = format!("tags.word {clause}");
        // What a database refuses is no clause on it.
        let Ok(expected) = ids(&alone) else { continue };
        let extended = format!("{alone} OR trace_id = 'none'");
        same(&ids(&extended)?, &expected).map_err(|error| format!("{extended}: {error}"))?;
        let others: Vec<String> = all.iter().filter(|id| !expected.contains(id)).cloned().collect();
        same(&ids(&format!("NOT {alone}"))?, &others).map_err(|error| format!("NOT {alone}: {error}"))?;
    }
    Ok(())
}

fn newer_filter(desk: &Desk) -> Cell {
    same(&desk.found("tags.env LIKE 'p%'")?, &tags(&["prod"; 3]))?;
    same(
        &desk.found("tags.env ILIKE 'PR%' AND tags.other IS NULL")?,
        &tags(&["PROD", "Prod", "prod", "prod", "prod"]),
    )?;
    same(&desk.found("tags.env RLIKE '^[Pp]rod$' AND status = 'OK'")?, &tags(&["Prod", "prod", "prod"]))?;
    same(&desk.found("span.name = 'child' AND span.type = 'LLM'")?.len(), &6)?;
    same(&desk.found("span.name = 'child' AND span.status = 'ERROR'")?.len(), &0)?;
    // What no database understands, some answer as if they were busy: nobody waits for that.
    let begun = Instant::now();
    let malformed = desk.run(&["search", "--filter", "tags.env RLIKE '('"]);
    same(&(matches!(malformed.code, Some(0 | 6)) && begun.elapsed() < Duration::from_secs(10)), &true)
        .map_err(|error| format!("{error}: {malformed}"))?;
    let explained = done(desk.run(&["filter", "explain", "tags.env LIKE 'p%'", "-o", "json"]))?.json();
    Ok(if explained["server_is_older"] == true { "evaluated locally" } else { DONE })
}

fn get(desk: &Desk) -> Cell {
    for filter in ["tags.env = 'dev'", "status = 'ERROR'"] {
        let trace = done(desk.run(&["get", &desk.id(filter)?, "-o", "json"]))?.json();
        same(&trace["data"]["spans"].as_array().map(Vec::len), &Some(2))?;
    }
    Ok(DONE)
}

fn count(desk: &Desk) -> Cell {
    for (filter, number) in
        [("", "6\n"), ("tags.env = 'prod'", "3\n"), ("status = 'OK'", "5\n"), ("name = 'agent'", "6\n")]
    {
        same(&done(desk.run(&["count", "--filter", filter]))?.stdout.as_str(), &number)?;
    }
    Ok(DONE)
}

fn export(desk: &Desk) -> Cell {
    let file = desk.file("all.jsonl");
    done(desk.run(&["export", &file, "--spans"]))?;
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let spans = |line: &str| serde_json::from_str::<Value>(line).unwrap()["data"]["spans"].as_array().map(Vec::len);
    same(&text.lines().map(spans).collect::<Vec<_>>(), &vec![Some(2); 6])?;
    Ok(DONE)
}

fn tag(desk: &Desk) -> Cell {
    done(desk.run(&["tag", "set", "--filter", "tags.env = 'prod'", "seen=yes", "--yes"]))?;
    same(&desk.found("tags.seen = 'yes'")?, &tags(&["prod"; 3]))?;
    done(desk.run(&["tag", "delete", "--filter", "status = 'ERROR'", "--key", "seen", "--yes"]))?;
    same(&desk.found("tags.seen = 'yes'")?, &tags(&["prod"; 2]))?;
    Ok(DONE)
}

fn log_feedback(desk: &Desk) -> Cell {
    let id = desk.id("tags.env = 'dev'")?;
    if done_or_too_old(desk.run(&["feedback", "log", &id, "good=yes"]))?.is_none() {
        return Ok(REFUSED);
    }
    done(desk.run(&["feedback", "log", &id, "score=4"]))?;
    same(&desk.found("feedback.good = 'yes'")?, &tags(&["dev"]))?;
    same(&desk.found("feedback.score > 3")?, &tags(&["dev"]))?;
    same(&desk.found("feedback.good IS NULL")?.len(), &5)?;
    Ok(DONE)
}

fn import(desk: &Desk) -> Cell {
    let (file, id) = (desk.file("one.jsonl"), desk.id("tags.env = 'dev'")?);
    done(desk.run(&["export", &file, "tags.env = 'dev'", "--spans"]))?;
    let before = done(desk.run(&["get", &id, "-o", "json"]))?.json();
    let is_taken = done_or_too_old(desk.run(&["import", &file, "--dry-run"]))?;
    if is_taken.is_none() {
        return Ok(REFUSED);
    }
    done(desk.run(&["delete", &id, "--yes"]))?;
    let imported = desk.run(&["import", &file, "-o", "jsonl"]);
    let is_part = imported.code == Some(3);
    if is_part {
        let reasons = |line: Value| line["reasons"].as_array().cloned().unwrap_or_default();
        let reasons: Vec<Value> = imported.jsonl().into_iter().flat_map(reasons).collect();
        let is_told = |reason: &Value| reason.as_str().is_some_and(|text| text.contains("changed during import"));
        same(&(!reasons.is_empty() && reasons.iter().all(is_told)), &true)?;
    } else {
        done(imported)?;
    }
    let after = done(desk.run(&["get", &id, "-o", "json"]))?.json();
    same(&after["data"]["spans"].as_array().map(Vec::len), &before["data"]["spans"].as_array().map(Vec::len))?;
    same(&desk.found("tags.env = 'dev' AND span.name = 'child'")?, &tags(&["dev"]))?;
    Ok(if is_part { "partly" } else { DONE })
}

fn delete(desk: &Desk) -> Cell {
    done(desk.run(&["delete", "--filter", "tags.env LIKE 'd%'", "--yes"]))?;
    same(&desk.found("")?, &tags(&["PROD", "Prod", "prod", "prod", "prod"]))?;
    Ok(DONE)
}

fn retention(desk: &Desk) -> Cell {
    done(desk.run(&["retention", "run", "--older-than", "1s", "--keep-if", "tags.env LIKE 'pr%'", "--yes"]))?;
    same(&desk.found("")?, &tags(&["prod"; 3]))?;
    Ok(DONE)
}

fn page(rows: &[(&Row, Vec<&'static str>)]) -> String {
    let mut text = "# Tested servers\n\n<!-- Generated: MLFLOW_TRACE_UPDATE=1 cargo test --test servers every_server -->\n\n\
        Each cell was run against a real server. `yes`: the command did on this server what it does on every other one. \
        `evaluated locally`:\nthe result is the same, and the server does not know all of the filter. `refused`: the version \
        has no such thing, which is said before\nanything is sent (exit code 6). `partly`: the server stores something of it \
        otherwise, which is reported (exit code 3).\n\n"
        .to_owned();
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    writeln!(text, "| server | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len())).unwrap();
    for (row, cells) in rows {
        writeln!(text, "| MLflow {} on {} | {} |", row.version, row.on, cells.join(" | ")).unwrap();
    }
    for name in ["Databricks", "Amazon SageMaker"] {
        writeln!(text, "| {name} |{}", " recorded contract |".repeat(names.len())).unwrap();
    }
    text
}

/// The day, which is no part of what is compared.
fn last_run() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let day = rfc3339_utc(i64::try_from(now.as_millis()).unwrap());
    format!("\nLast written on {} by version {}.\n", &day[..10], env!("CARGO_PKG_VERSION"))
}

#[test]
fn every_server_does_what_the_table_says() {
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for row in ROWS {
        let desk = Desk::new(row);
        let mut cells = Vec::new();
        for (name, cell) in COLUMNS {
            let found = cell(&desk);
            eprintln!("MLflow {} on {}, {name}: {found:?}", row.version, row.on);
            cells.push(*found.as_ref().unwrap_or(&"no"));
            failures.extend(found.err().map(|error| format!("MLflow {} on {}, {name}: {error}", row.version, row.on)));
        }
        rows.push((row, cells));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let (path, text) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference/servers.md"), page(&rows));
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        fs::write(&path, format!("{text}{}", last_run())).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(present.starts_with(&text), "{} is out of date: run this test with MLFLOW_TRACE_UPDATE=1", path.display());
}
