//! The engines, each behind a Python script, and the files they are given.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use mlflow_trace::model::Trace;
use mlflow_trace::output::{ParquetLayout, ParquetSink, Sink};

/// Writes a Parquet file as `export` does.
pub fn write_parquet(path: &Path, traces: &[Trace], layout: ParquetLayout) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the file");
    let mut file = File::create(path).expect("the file is made");
    let mut sink = ParquetSink::new(&mut file, layout).expect("the file begins");
    for trace in traces {
        sink.write(trace).expect("a trace is written");
    }
    sink.finish().expect("the file ends");
}

/// Runs a script of this folder; what it printed.
pub fn python_script(name: &str, arguments: &[&Path]) -> String {
    script_with(&PYTHON, name, arguments)
}

/// Runs a script of this folder with a Python of its own; what it printed.
pub fn script_with(python: &Path, name: &str, arguments: &[&Path]) -> String {
    let output = Command::new(python).arg(source(name)).args(arguments).output().expect("Python starts");
    check(&output, name);
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(name)
}

static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    std::env::var_os("MLFLOW_TRACE_INTEROP_PYTHON").map_or_else(|| python_with("requirements.txt"), PathBuf::from)
});

/// The Python of a virtual environment, kept in the target directory, with what a file of this folder requires.
pub fn python_with(requirements: &str) -> PathBuf {
    let file = source(requirements);
    let mut hasher = DefaultHasher::new();
    fs::read(&file).expect("the requirements").hash(&mut hasher);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let directory = target.join(format!("interop-venv-{:016x}", hasher.finish()));
    let mut build = Command::new("python3");
    build.arg(source("../live/build_venv.py")).arg(&directory).arg(file);
    check(&build.output().expect("python3 starts"), "building the virtual environment");
    directory.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn check(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{what} failed:\n{}\n{}", text(&output.stdout), text(&output.stderr));
}
