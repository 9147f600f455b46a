//! The rules of the house, checked on the source: who may import whom, where the heavy crates live, how large a file may be
//! and how it begins. Each test prints every breach with file and line.

#![allow(clippy::unwrap_used)]

mod generated;
mod grammar;
mod imports;
mod licences;
mod names;
mod shape;
mod source;

use std::fmt;
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use source::{Path, Token};

/// A file of `src`.
struct File {
    /// `src/store/mod.rs`.
    name: String,
    text: String,
    /// All of it.
    tokens: Vec<Token>,
    /// What is not only for tests.
    code: Vec<Token>,
}

/// Something that is against a rule.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl File {
    fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let tokens = source::tokens(&text);
        Self { name: name.into(), code: source::without_tests(&tokens), tokens, text }
    }

    /// `["store", "server"]` for `src/store/server/mod.rs`; nothing for `lib.rs` and `main.rs`.
    fn module(&self) -> Vec<&str> {
        let inner = self.name.trim_start_matches("src/").trim_end_matches(".rs");
        let module = inner.strip_suffix("/mod").unwrap_or(inner);
        if matches!(module, "lib" | "main") { Vec::new() } else { module.split('/').collect() }
    }

    /// The paths outside of tests.
    fn paths(&self) -> Vec<Path> {
        source::paths(&self.code)
    }

    fn breach(&self, line: usize, what: impl Into<String>) -> Breach {
        Breach { file: self.name.clone(), line, what: what.into() }
    }
}

fn root() -> &'static FilePath {
    FilePath::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of `src`, sorted by name.
fn files() -> Vec<File> {
    let mut names = Vec::new();
    collect(&root().join("src"), &mut names);
    names.sort();
    assert!(names.len() > 50, "found only {} files", names.len());
    let name = |path: &PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    names.iter().map(|path| File::new(name(path), fs::read_to_string(path).unwrap())).collect()
}

fn collect(folder: &FilePath, names: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.push(path);
        }
    }
}

/// Fails with every breach on a line of its own.
#[track_caller]
fn assert_none(breaches: impl IntoIterator<Item = Breach>) {
    let lines: Vec<String> = breaches.into_iter().map(|breach| breach.to_string()).collect();
    assert!(lines.is_empty(), "{} against the rules of the house:\n{}\n", lines.len(), lines.join("\n"));
}
