//! The servers: installed if need be, started as a user who is not root in a folder of their own, stopped at the end.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A database of a server that is stopped with it.
pub struct Database {
    /// What it is called in reports.
    pub name: &'static str,
    /// Its tracking URI.
    pub uri: String,
    folder: TempDir,
    stop: String,
    user: &'static str,
    statement: Option<String>,
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(shell(self.user, &self.stop).output());
    }
}

impl Database {
    /// `PostgreSQL` with the traces of the corpus.
    pub fn postgres() -> Self {
        let database = Self::empty_postgres();
        database.seed();
        // Passwords are asked of all but the owner.
        let rules = "host all mlflow 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(database.folder.path().join("data/pg_hba.conf"), rules).unwrap();
        database.statement("SELECT pg_reload_conf()");
        database
    }

    /// `PostgreSQL` with nothing in it.
    pub fn empty_postgres() -> Self {
        let binaries = postgres_binaries();
        let (folder, port) = (folder_of("postgres"), free_port());
        let (place, bin) = (folder.path().display(), binaries.display());
        must(shell("postgres", &format!("{bin}/initdb -D {place}/data -A trust -U mlflow -E UTF8 --locale=C.UTF-8")));
        let options =
            format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} -c fsync=off");
        must(shell("postgres", &format!("{bin}/pg_ctl -D {place}/data -w -l {place}/log -o '{options}' start")));
        let database = Self {
            name: "PostgreSQL",
            uri: format!("postgresql+psycopg2://mlflow@127.0.0.1:{port}/mlflow"),
            stop: format!("{bin}/pg_ctl -D {place}/data -m immediate stop"),
            statement: Some(format!("{bin}/psql -h 127.0.0.1 -p {port} -U mlflow mlflow -v ON_ERROR_STOP=1 -c")),
            user: "postgres",
            folder,
        };
        must(shell("postgres", &format!("{bin}/createdb -h 127.0.0.1 -p {port} -U mlflow mlflow")));
        database
    }

    /// `MariaDB` with the traces of the corpus.
    pub fn mariadb() -> Self {
        let database = Self::empty_mariadb("utf8mb4_bin");
        database.seed();
        database
    }

    /// `MariaDB` with nothing in it, where texts are compared like this.
    pub fn empty_mariadb(collation: &str) -> Self {
        install("mariadb-server", "mariadbd");
        let (folder, port) = (folder_of("mysql"), free_port());
        let place = folder.path().display();
        let options = format!("--no-defaults --datadir={place}/data");
        must(shell(
            "mysql",
            &format!("mariadb-install-db {options} --auth-root-authentication-method=normal --skip-test-db"),
        ));
        let start = format!(
            "mariadbd {options} --port={port} --bind-address=127.0.0.1 --socket={place}/s --pid-file={place}/pid"
        );
        must(shell("mysql", &format!("({start} > {place}/log 2>&1 &)")));
        let database = Self {
            name: "MariaDB",
            uri: format!("mysql+pymysql://mlflow:p%40ss@127.0.0.1:{port}/mlflow?charset=utf8mb4"),
            stop: format!("kill $(cat {place}/pid)"),
            statement: Some(format!("mariadb --no-defaults -S {place}/s -u root -e")),
            user: "mysql",
            folder,
        };
        let make = format!(
            "CREATE DATABASE mlflow CHARACTER SET utf8mb4 COLLATE {collation}; CREATE USER 'mlflow'@'127.0.0.1' IDENTIFIED BY 'p@ss'; GRANT ALL ON mlflow.* TO 'mlflow'@'127.0.0.1'"
        );
        let begun = Instant::now();
        while !database.try_statement(&make).status.success() {
            assert!(begun.elapsed() < Duration::from_secs(60), "MariaDB does not answer");
            std::thread::sleep(Duration::from_millis(200));
        }
        database
    }

    /// Runs a statement as the owner of everything.
    #[track_caller]
    pub fn statement(&self, statement: &str) {
        checked(&self.try_statement(statement), statement);
    }

    fn try_statement(&self, statement: &str) -> Output {
        let command = self.statement.as_deref().unwrap_or_default();
        shell(self.user, &format!("{command} \"{statement}\"")).output().expect("a shell starts")
    }

    fn seed(&self) {
        must(python("../live/corpus_seed.py", &[&self.uri, "--located"]));
    }

    /// What `MLflow`'s own client reads of all infos.
    pub fn read_by_mlflow(&self) -> Vec<Value> {
        let output = python("read.py", &[&self.uri]).output().expect("Python starts");
        checked(&output, "read.py");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(|line| mlflow_trace::model::read_json(line.as_bytes()).unwrap()).collect()
    }
}

pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(name)
}

pub fn python(script: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(&*PYTHON);
    command.arg(source(script)).args(arguments);
    command
}

pub static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(python) = std::env::var_os("MLFLOW_TRACE_SERVERS_PYTHON") {
        return python.into();
    }
    let requirements = fs::read(source("requirements.txt")).expect("the requirements");
    let mut hasher = DefaultHasher::new();
    requirements.hash(&mut hasher);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let directory = target.join(format!("servers-venv-{:016x}", hasher.finish()));
    let mut build = Command::new("python3");
    build.arg(source("../live/build_venv.py")).arg(&directory).arg(source("requirements.txt"));
    must(build);
    directory.join("bin/python")
});

/// A command line, run by a user whom servers allow to run them.
fn shell(user: &str, line: &str) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let mut command = Command::new(if is_root { "su" } else { "sh" });
    if is_root {
        command.args([user, "-s", "/bin/sh"]);
    }
    command.args(["-c", line]);
    command
}

/// A folder that the user owns.
fn folder_of(user: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    // Without the right the user is the one who runs the tests.
    drop(Command::new("chown").arg(user).arg(folder.path()).output());
    folder
}

pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port").local_addr().expect("its number").port()
}

fn postgres_binaries() -> PathBuf {
    let found = || {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        versions.map(|version| version.path().join("bin")).find(|folder| folder.join("initdb").exists())
    };
    found().unwrap_or_else(|| {
        install("postgresql", "initdb");
        found().expect("PostgreSQL is installed")
    })
}

/// Installs a package unless one of its programs is there.
fn install(package: &str, program: &str) {
    let mut look = Command::new("sh");
    look.args(["-c", &format!("command -v {program}")]);
    if !look.output().is_ok_and(|output| output.status.success()) {
        let mut install = Command::new("apt-get");
        must({
            install.args(["install", "-y", "-q", package]).env("DEBIAN_FRONTEND", "noninteractive");
            install
        });
    }
}

pub fn must(mut command: Command) {
    let what = format!("{command:?}");
    checked(&command.output().unwrap_or_else(|error| panic!("{what}: {error}")), &what);
}

#[track_caller]
pub fn checked(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{what} failed:\n{}\n{}", text(&output.stdout), text(&output.stderr));
}
