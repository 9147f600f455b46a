//! Running the program in an environment of its own and looking at what it did.

#![allow(dead_code)] // Each test crate uses a part of it.

pub mod fault_proxy;
pub mod http;
mod promise;

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// No command of the tests takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many seeded runs a test makes: so many, or `MLFLOW_TRACE_FAULT_RUNS=200` of them.
pub fn fault_runs(usual: u64) -> u64 {
    let asked = std::env::var("MLFLOW_TRACE_FAULT_RUNS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A command line of the program, with nothing of the caller's environment but `PATH`.
#[must_use]
pub struct Program {
    command: Command,
    /// What the program is given; nothing where a shell gives it.
    arguments: Vec<OsString>,
    line: String,
    stdin: Option<String>,
    home: TempDir,
}

impl Program {
    /// The program with these arguments, an empty home and UTC.
    pub fn new<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlflow-trace"));
        let mut line = "mlflow-trace".to_owned();
        let arguments: Vec<OsString> = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        for arg in &arguments {
            let _ = write!(line, " {}", quoted(arg));
        }
        command.args(&arguments);
        Self::prepared(command, arguments, line, home)
    }

    /// A line of shell, in which the program is found as `mlflow-trace`.
    pub fn shell(line: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        Self::prepared(command, Vec::new(), line.to_owned(), home)
    }

    fn prepared(mut command: Command, arguments: Vec<OsString>, line: String, home: TempDir) -> Self {
        command.env_clear().env("HOME", home.path()).env("TZ", "UTC").current_dir(home.path());
        let folder = Path::new(env!("CARGO_BIN_EXE_mlflow-trace")).parent().expect("the program is in a folder");
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&folders));
        command.env("PATH", std::env::join_paths(folders).expect("folders make a path"));
        Self { command, arguments, line, stdin: None, home }
    }

    /// Has another command run it, as its last arguments.
    pub fn under(mut self, words: &[&str]) -> Self {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(self.command.get_program()).args(self.command.get_args()).env_clear();
        command.envs(self.command.get_envs().filter_map(|(key, value)| Some((key, value?))));
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        self.command = command;
        // What a terminal shows is no output of the program alone.
        self.arguments.clear();
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.line = format!("{key}={} {}", quoted(value.as_ref()), self.line);
        self.command.env(key, value);
        self
    }

    /// Sets an environment variable that is not shown with the command line.
    pub fn hidden_env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Takes an environment variable away.
    pub fn without_env(mut self, key: &str) -> Self {
        self.command.env_remove(key);
        self
    }

    /// The empty folder that it has as its home and works in; gone when it has ended.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Works in another folder.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives it this text to read; without, its standard input is empty.
    pub fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        self.start().ends()
    }

    /// Starts it and reads the first line of its standard output, which is then closed.
    pub fn run_and_stop_reading(mut self) -> (String, Run) {
        let spawned = self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("output can be read");
        let running = Running {
            stdout: read_in_background(child.stdout.take()),
            stderr: read_in_background(child.stderr.take()),
            writer: None,
            child,
            arguments: Vec::new(),
            line: self.line,
            _home: self.home,
        };
        (first, running.ends())
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        let input = if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
        let spawned = self.command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let writer = child.stdin.take().zip(self.stdin.take()).map(|(mut pipe, text)| {
            // A program that stops reading early is no failure of the test.
            thread::spawn(move || drop(pipe.write_all(text.as_bytes())))
        });
        let stdout = read_in_background(child.stdout.take());
        let stderr = read_in_background(child.stderr.take());
        Running { child, arguments: self.arguments, line: self.line, stdout, stderr, writer, _home: self.home }
    }
}

/// The program while it runs.
pub struct Running {
    child: Child,
    arguments: Vec<OsString>,
    line: String,
    stdout: thread::JoinHandle<Vec<u8>>,
    stderr: thread::JoinHandle<Vec<u8>>,
    writer: Option<thread::JoinHandle<()>>,
    _home: TempDir,
}

impl Running {
    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("the program can be waited for").is_none()
    }

    /// Sends it what Ctrl-C sends.
    pub fn interrupt(&self) {
        self.signal("-INT");
    }

    /// Sends it a signal by the name that `kill` takes: `-INT`, `-TERM`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill starts").success(), "{} could not be interrupted", self.line);
    }

    /// Ends it as `kill -9` does, unless it has ended already.
    pub fn kill(mut self) -> Run {
        self.child.kill().expect("the program can be killed");
        self.ends()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the program can be waited for").is_some()
    }

    /// Waits for its end.
    pub fn ends(mut self) -> Run {
        let line = self.line;
        let status = wait(&mut self.child).unwrap_or_else(|| panic!("{line} did not end within {PATIENCE:?}"));
        if let Some(writer) = self.writer {
            writer.join().expect("the writer ends");
        }
        let text = |reader: thread::JoinHandle<Vec<u8>>| {
            String::from_utf8(reader.join().expect("the reader ends")).expect("output is UTF-8")
        };
        let ended = Ended { line, code: status.code(), stdout: text(self.stdout), stderr: text(self.stderr) };
        promise::hold(&self.arguments, &ended);
        Run(ended)
    }
}

/// An argument as it is typed in a shell.
fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_=:/.,@%+".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else if text.contains('\'') && !text.contains(['"', '$', '`', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn read_in_background(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("output can be read");
        }
        bytes
    })
}

/// Waits for the child to end; kills it when it has had enough time.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return Some(status);
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("the program can be killed");
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A run whose exit code nobody has looked at yet.
#[must_use = "whether the program succeeded is not checked"]
pub struct Run(Ended);

impl Run {
    /// Asserts the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Ended {
        self.exits_with_one_of(&[code])
    }

    /// Asserts that it ended with one of these exit codes.
    #[track_caller]
    pub fn exits_with_one_of(self, codes: &[i32]) -> Ended {
        assert!(self.0.code.is_some_and(|code| codes.contains(&code)), "expected exit code {codes:?} of {}", self.0);
        self.0
    }

    /// Asserts that it ended with any exit code but 0.
    #[track_caller]
    pub fn fails(self) -> Ended {
        assert!(self.0.code.is_some_and(|code| code != 0), "expected a failure of {}", self.0);
        self.0
    }

    /// Asserts exit code 0.
    #[track_caller]
    pub fn succeeds(self) -> Ended {
        self.exits(0)
    }

    /// What it did, whatever its exit code.
    pub fn ends(self) -> Ended {
        self.0
    }
}

/// What the program did.
#[derive(Debug)]
pub struct Ended {
    /// As it would be typed.
    pub line: String,
    /// Exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
}

impl Ended {
    /// Asserts that standard error holds this text, in any case of letters.
    #[track_caller]
    pub fn tells(self, text: &str) -> Self {
        assert!(self.stderr.to_lowercase().contains(&text.to_lowercase()), "expected {text:?} on stderr of {self}");
        self
    }

    /// Asserts that standard error does not hold this text.
    #[track_caller]
    pub fn does_not_tell(self, text: &str) -> Self {
        assert!(!self.stderr.to_lowercase().contains(&text.to_lowercase()), "unexpected {text:?} on stderr of {self}");
        self
    }

    /// Asserts that standard output holds this text.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "expected {text:?} on stdout of {self}");
        self
    }

    /// Asserts that standard output does not hold this text.
    #[track_caller]
    pub fn does_not_print(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "unexpected {text:?} on stdout of {self}");
        self
    }

    /// Asserts that nothing went to standard output.
    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "", "expected nothing on stdout of {self}");
        self
    }

    /// The lines of standard output.
    pub fn lines(&self) -> Vec<String> {
        self.stdout.lines().map(str::to_owned).collect()
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in stdout of {self}"))
    }

    /// Standard output as one JSON document per line.
    #[track_caller]
    pub fn jsonl(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in stdout of {self}"));
        self.stdout.lines().map(parse).collect()
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, code, stdout, stderr } = self;
        write!(formatter, "{line}\ncode: {code:?}\nstdout:\n{stdout}\nstderr:\n{stderr}")
    }
}

/// Asserts that two JSON values are equal, and names the places where they are not.
#[track_caller]
pub fn assert_same(found: &Value, expected: &Value) {
    let mut places = Vec::new();
    collect_differences("", found, expected, &mut places);
    assert!(places.is_empty(), "found other JSON than expected:\n{}", places.join("\n"));
}

fn collect_differences(place: &str, found: &Value, expected: &Value, places: &mut Vec<String>) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let extra = found.keys().filter(|key| !expected.contains_key(*key));
            for key in expected.keys().chain(extra) {
                let value =
                    |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or("(absent)".into());
                collect_differences(&format!("{place}.{key}"), &value(found), &value(expected), places);
            }
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
                collect_differences(&format!("{place}[{position}]"), found, expected, places);
            }
        }
        _ if found == expected => {}
        _ => places.push(format!("{place}\n  found    {found}\n  expected {expected}")),
    }
}
