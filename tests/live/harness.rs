//! A real tracking server, and `MLflow`'s own client beside it to set the scene and to check what happened.
//!
//! Everything is made on first use and shared by all tests of the process: the virtual environment (kept in the target
//! directory between runs), the server on an empty store, the server on the store of the filter corpus, and one helper
//! process. What could not be made is not tried again: the first test tells why, the others fail at once. Tests stay independent because each works in experiments of its own.
//!
//! `MLFLOW_TRACE_LIVE=off` skips the tests, `MLFLOW_TRACE_LIVE=keep` keeps the servers' directories,
//! `MLFLOW_TRACE_LIVE_MLFLOW=3.18.0` tests against that version of `MLflow` instead of the one in `requirements.txt`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Program, Run};

/// Migrating an empty store takes seconds on an idle machine and much longer on a busy one.
const START_PATIENCE: Duration = Duration::from_secs(180);

/// The server on an empty store with its helper, or nothing if the suite is switched off.
pub fn live() -> Option<&'static Live> {
    static LIVE: LazyLock<Live> = LazyLock::new(|| {
        let server = Server::start("live", &[], |_| {});
        let helper = Mutex::new(Helper::start(&server.uri));
        Live { server, helper }
    });
    (!is_off()).then(|| &*LIVE)
}

/// Another such server, to which traces are brought, or nothing if the suite is switched off.
pub fn second() -> Option<&'static Live> {
    static SECOND: LazyLock<Live> = LazyLock::new(|| {
        let server = Server::start("second", &[], |_| {});
        let helper = Mutex::new(Helper::start(&server.uri));
        Live { server, helper }
    });
    (!is_off()).then(|| &*SECOND)
}

/// A server and a client of one test, which may do to it what others would feel, or nothing if the suite is switched off.
pub fn own(name: &str) -> Option<Live> {
    if is_off() {
        return None;
    }
    let server = Server::start(name, &[], |_| {});
    let helper = Mutex::new(Helper::start(&server.uri));
    Some(Live { server, helper })
}

/// Another such server, which has workspaces, or nothing if the suite is switched off.
pub fn with_workspaces() -> Option<&'static Live> {
    static WORKSPACES: LazyLock<Live> = LazyLock::new(|| {
        let server = Server::start("workspaces", &["--enable-workspaces"], |_| {});
        let helper = Mutex::new(Helper::start(&server.uri));
        Live { server, helper }
    });
    (!is_off()).then(|| &*WORKSPACES)
}

/// The server on the store of the filter corpus, all spans in the tracking store, or nothing if the suite is switched off.
pub fn corpus_server() -> Option<&'static Server> {
    static CORPUS: LazyLock<Server> = LazyLock::new(|| {
        Server::start("corpus", &[], |directory| seed_corpus(&directory.join("mlflow.db"), &["--located"]))
    });
    (!is_off()).then(|| &*CORPUS)
}

fn seed_corpus(database: &Path, options: &[&str]) {
    let output = Command::new(python()).arg(source("corpus_seed.py")).arg(database).args(options).output();
    check(&output.expect("the seed starts"), "seeding the corpus");
}

/// What `MLflow`'s own store, holding the filter corpus, says of each of these filters, as `judge.py` writes it; nothing if
/// the suite is switched off.
pub fn judged(filters: &[String]) -> Option<Vec<Value>> {
    if is_off() {
        return None;
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory for the judge");
    let database = directory.path().join("mlflow.db");
    seed_corpus(&database, &[]);
    Some(ask_judge(Command::new(python()).arg(source("judge.py")).arg(&database), filters))
}

/// Databases of every revision of `MLflow`'s schema that has traces, oldest first, as `revisions.py` makes them, and the folder
/// that they are in; nothing if the suite is switched off.
pub fn revisions() -> Option<(tempfile::TempDir, Vec<PathBuf>)> {
    if is_off() {
        return None;
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory for databases");
    let output = Command::new(python()).arg(source("revisions.py")).arg(directory.path()).output();
    let output = output.expect("Python starts");
    check(&output, "making databases of every revision");
    let names = String::from_utf8(output.stdout).expect("UTF-8");
    let paths = names.lines().map(|name| directory.path().join(format!("{name}.db"))).collect();
    Some((directory, paths))
}

/// What `MLflow`'s own reader sees in each of these documents, as `trace_judge.py` writes it; nothing if the suite is switched off.
pub fn read_by_mlflow(documents: &[String]) -> Option<Vec<Value>> {
    (!is_off()).then(|| ask_judge(Command::new(python()).arg(source("trace_judge.py")), documents))
}

/// The verdicts of a judge on texts, one a line.
fn ask_judge(judge: &mut Command, texts: &[String]) -> Vec<Value> {
    let mut child = judge.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the judge starts");
    let mut requests = child.stdin.take().expect("a pipe to the judge");
    let answers = BufReader::new(child.stdout.take().expect("a pipe from the judge"));
    let read = |line: std::io::Result<String>| {
        mlflow_trace::model::read_json(line.expect("the judge answers").as_bytes()).expect("JSON")
    };
    let verdicts: Vec<Value> = thread::scope(|scope| {
        // Beside reading, so that neither side waits for the other.
        scope.spawn(move || {
            for text in texts {
                writeln!(requests, "{}", Value::from(text.as_str())).expect("the judge listens");
            }
        });
        answers.lines().map(read).collect()
    });
    assert!(child.wait().expect("the judge ends").success(), "the judge failed");
    assert_eq!(verdicts.len(), texts.len());
    verdicts
}

fn is_off() -> bool {
    let off = std::env::var("MLFLOW_TRACE_LIVE").is_ok_and(|value| value == "off");
    if off {
        let name = thread::current().name().unwrap_or("a test").to_owned();
        // Not `eprintln!`, which the test runner would swallow.
        let _ = writeln!(std::io::stderr(), "SKIPPED {name}: MLFLOW_TRACE_LIVE=off, nothing was tested");
    }
    off
}

/// A running tracking server. It ends when this process does: see `serve.py`.
pub struct Server {
    /// Its tracking URI.
    pub uri: String,
    directory: PathBuf,
    _pipe: Mutex<Child>,
}

impl Server {
    fn start(name: &str, options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let python = python();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).expect("the server's directory can be made");
        prepare(&directory);
        let address = free_address();
        let mut command = Command::new(python);
        command.arg(source("serve.py")).arg(&directory).arg(address.port().to_string()).args(options);
        if std::env::var("MLFLOW_TRACE_LIVE").is_ok_and(|value| value == "keep") {
            command.arg("--keep");
        }
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the server starts");
        wait_until_healthy(address, &mut child, &directory.join("server.log"));
        Self { uri: format!("http://{address}"), directory, _pipe: Mutex::new(child) }
    }

    /// The URI of its database.
    pub fn database(&self) -> String {
        format!("sqlite:///{}", self.directory.join("mlflow.db").display())
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its number")
}

fn wait_until_healthy(address: SocketAddr, child: &mut Child, log: &Path) {
    let start = Instant::now();
    while !is_healthy(address) {
        let ended = child.try_wait().expect("the server can be waited for");
        let log = || fs::read_to_string(log).unwrap_or_default();
        assert!(ended.is_none(), "the server ended while starting; its log:\n{}", log());
        assert!(start.elapsed() < START_PATIENCE, "the server does not answer; its log:\n{}", log());
        thread::sleep(Duration::from_millis(100));
    }
}

fn is_healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200") && answer.ends_with("OK"))
}

/// The Python of the suite's virtual environment, which is built if it is not there yet.
pub fn python() -> &'static Path {
    static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
        let system = system_python();
        let requirements = fs::read(source("requirements.txt")).expect("the requirements");
        let version = Command::new(system).arg("-VV").output().expect("Python tells its version").stdout;
        let mut hasher = DefaultHasher::new();
        (requirements, version).hash(&mut hasher);
        let other = std::env::var("MLFLOW_TRACE_LIVE_MLFLOW").ok();
        if let Some(other) = &other {
            other.hash(&mut hasher);
        }
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
        let directory = target.join(format!("live-venv-{:016x}", hasher.finish()));
        let mut build = Command::new(system);
        build.arg(source("build_venv.py")).arg(&directory).arg(source("requirements.txt")).args(other);
        check(&build.output().expect("Python starts"), "building the virtual environment of the live suite");
        directory.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
    });
    &PYTHON
}

fn system_python() -> &'static str {
    const NAMES: [&str; 7] = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python", "py"];
    let is_recent = |name: &&str| {
        let mut ask = Command::new(name);
        ask.args(["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"]);
        ask.output().is_ok_and(|output| output.status.success())
    };
    NAMES.into_iter().find(is_recent).unwrap_or_else(|| {
        panic!(
            "the live suite needs Python 3.10 or later with the venv module to run an MLflow server; none of {NAMES:?} \
             is. Install one, or set MLFLOW_TRACE_LIVE=off to skip these tests"
        )
    })
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live").join(name)
}

#[track_caller]
fn check(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{what} failed:\n{}\n{}", text(&output.stdout), text(&output.stderr));
}

/// The process that speaks `MLflow`'s own client.
struct Helper {
    _process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Helper {
    fn start(uri: &str) -> Self {
        let mut command = Command::new(python());
        command.arg(source("helper.py")).arg(uri).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the helper starts");
        let requests = child.stdin.take().expect("a pipe to the helper");
        let answers = BufReader::new(child.stdout.take().expect("a pipe from the helper"));
        Self { _process: child, requests, answers }
    }

    fn call(&mut self, name: &str, arguments: &Value) -> Result<Value, String> {
        let request = json!({"call": name, "with": arguments});
        writeln!(self.requests, "{request}").expect("the helper listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the helper answers");
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }
}

/// A server on an empty store and `MLflow`'s own client for it.
pub struct Live {
    server: Server,
    helper: Mutex<Helper>,
}

impl Live {
    /// The server's tracking URI.
    pub fn uri(&self) -> &str {
        &self.server.uri
    }

    /// The URI of the server's database.
    pub fn database(&self) -> String {
        self.server.database()
    }

    /// Takes the server's artifact store away, or puts it back.
    pub fn take_artifacts_away(&self, away: bool) {
        let place = |name: &str| self.server.directory.join(name);
        let (from, to) = if away { ("artifacts", "away") } else { ("away", "artifacts") };
        let _ = fs::remove_dir_all(place(to));
        fs::rename(place(from), place(to)).expect("the artifacts can be moved");
    }

    /// Calls a function of `helper.py`.
    #[track_caller]
    pub fn call(&self, name: &str, arguments: &Value) -> Value {
        let mut helper = self.helper.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let answer = helper.call(name, arguments);
        drop(helper);
        answer.unwrap_or_else(|error| panic!("{name}({arguments}) failed in MLflow's client:\n{error}"))
    }

    /// A new, empty experiment with a name that no other test has.
    pub fn experiment(&self) -> Experiment<'_> {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let name = format!("shop-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let id = text(self.call("create_experiment", &json!({"name": name})));
        Experiment { live: self, name, id }
    }

    /// The program on this server, in no particular experiment.
    pub fn program(&self, args: &[&str]) -> Program {
        Program::new(["--tracking-uri", self.uri()].iter().chain(args))
    }

    /// Runs the program on this server, in no particular experiment.
    pub fn run(&self, args: &[&str]) -> Run {
        self.program(args).run()
    }

    /// A whole trace, as `MLflow`'s client fetches, writes and reads it.
    pub fn trace(&self, id: &str) -> Value {
        self.call("trace", &json!({"trace": id}))
    }

    /// The info of a trace, as `MLflow`'s client fetches and writes it; `Null` if there is no such trace.
    pub fn info(&self, id: &str) -> Value {
        self.call("info", &json!({"trace": id}))
    }

    /// The assessments of a trace, overridden ones too.
    pub fn assessments(&self, id: &str) -> Vec<Value> {
        list(self.call("assessments", &json!({"trace": id})))
    }

    /// The one assessment of a trace.
    #[track_caller]
    pub fn only_assessment(&self, id: &str) -> Value {
        let mut assessments = self.assessments(id);
        assert_eq!(assessments.len(), 1, "{assessments:?}");
        assessments.remove(0)
    }

    /// What `MLflow` makes of one JSON document that should be a trace.
    #[track_caller]
    pub fn load(&self, document: &Value) -> Value {
        self.call("load", &json!({"text": document.to_string()}))
    }
}

/// An experiment of one test.
pub struct Experiment<'live> {
    live: &'live Live,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
}

impl Experiment<'_> {
    /// The program, working in this experiment.
    pub fn program(&self, args: &[&str]) -> Program {
        Program::new(["-u", self.live.uri(), "-x", self.name.as_str()].iter().chain(args))
    }

    /// Runs the program in this experiment.
    pub fn run(&self, args: &[&str]) -> Run {
        self.program(args).run()
    }

    /// Records traces (see `seed` in `helper.py`) and returns their ids.
    pub fn seed(&self, traces: &Value) -> Vec<String> {
        texts(self.live.call("seed", &json!({"experiment": self.id, "traces": traces})))
    }

    /// Records this many plain traces.
    pub fn seed_plain(&self, count: usize) -> Vec<String> {
        self.seed(&(0..count).map(|number| json!({"age_s": 60 + number})).collect())
    }

    /// Records one plain trace.
    pub fn seed_one(&self) -> String {
        self.seed_plain(1).remove(0)
    }

    /// The ids of all of its traces, sorted.
    pub fn ids(&self) -> Vec<String> {
        sorted(self.search("", &[]))
    }

    /// The ids that `MLflow`'s client finds, in its order.
    pub fn search(&self, filter: &str, order_by: &[&str]) -> Vec<String> {
        texts(self.live.call("search", &json!({"experiments": [self.id], "filter": filter, "order_by": order_by})))
    }

    /// Moves it to the trash.
    pub fn delete(&self) {
        self.live.call("delete_experiment", &json!({"experiment": self.id}));
    }
}

/// A trace as the server tells it, less what `MLflow`'s client leaves out when it writes: whether expectations are valid.
pub fn as_client_writes(trace: &Value) -> Value {
    let mut trace = trace.clone();
    let assessments = trace.pointer_mut("/info/assessments").and_then(Value::as_array_mut);
    for assessment in assessments.into_iter().flatten().filter_map(Value::as_object_mut) {
        if assessment.contains_key("expectation") {
            assessment.remove("valid");
        }
    }
    trace
}

/// A JSON string as text.
#[track_caller]
pub fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => panic!("expected a string, got {other}"),
    }
}

/// A JSON array as a list.
#[track_caller]
pub fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => panic!("expected a list, got {other}"),
    }
}

/// A JSON array of strings as a list of texts.
#[track_caller]
pub fn texts(value: Value) -> Vec<String> {
    list(value).into_iter().map(text).collect()
}

/// The same, in order.
pub fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}
