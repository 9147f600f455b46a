//! Every filter of the corpus that `MLflow` accepts, through the program: on a server and on a file.
//!
//! `tests/data/filter/dev.jsonl` holds what `MLflow`'s own store answered; `corpus_seed.py` builds the store it was asked.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::harness::{corpus_server, sorted, texts};
use crate::support::Program;

const CASES: &str = include_str!("../data/filter/dev.jsonl");
const TRACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/filter/traces.jsonl");

pub struct Case {
    id: String,
    pub filter: String,
    /// None if the store was asked for no order, so that only the set of matches counts.
    order_by: Option<Vec<String>>,
    pub matches: Vec<String>,
    /// Whether a trace file answers the same as the store, or why not.
    pub local: String,
}

/// The accepted cases that can be typed: no argument of a process holds a NUL.
pub fn cases() -> Vec<Case> {
    let read = |line: &str| {
        let mut case: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let (id, filter, local) = (text("id"), text("filter"), text("local"));
        let wanted = case["verdict"] == "accept" && local != "exotic-syntax" && !filter.contains('\0');
        let order_by = case.get_mut("order_by").map(|list| texts(list.take()));
        wanted.then(|| Case { id, filter, order_by, matches: texts(case["matches"].take()), local })
    };
    CASES.lines().filter_map(read).collect()
}

/// What the program says about a case, if that is not what the store said.
fn difference(case: &Case, place: &[&str]) -> Option<String> {
    let orders = case.order_by.iter().flatten().map(|order| format!("--order-by={order}"));
    let fixed = ["search", "--all", "--quiet", "-o", "ids"];
    let words = place.iter().chain(&fixed).map(|word| (*word).to_owned());
    let run = Program::new(words.chain(orders).chain(["--".to_owned(), case.filter.clone()])).run().ends();
    let found = if case.order_by.is_none() { sorted(run.lines()) } else { run.lines() };
    if run.code == Some(0) && found == case.matches {
        return None;
    }
    let mut text = format!("{}: {:?} {:?}\n  expected {:?}\n", case.id, case.filter, case.order_by, case.matches);
    let _ = write!(text, "  code {:?}, found {found:?}\n  {}", run.code, run.stderr.trim().replace('\n', "\n  "));
    Some(text)
}

/// Runs all cases, a few at a time, and fails with every difference.
pub fn compare(cases: &[Case], place: &[&str]) {
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(difference) = difference(case, place) {
                        differences.lock().unwrap().push(difference);
                    }
                }
            });
        }
    });
    let differences = differences.into_inner().unwrap();
    eprintln!("{place:?}: {} of {} filters answered as MLflow does", cases.len() - differences.len(), cases.len());
    assert!(differences.is_empty(), "{} of {} differ:\n{}", differences.len(), cases.len(), differences.join("\n"));
}

/// Whether everything is to be asked, however long it takes.
pub fn is_whole() -> bool {
    std::env::var_os("MLFLOW_TRACE_LIVE_CORPUS").is_some()
}

/// One in so many, as all of them take minutes, unless everything is to be asked.
pub fn some<T>(all: Vec<T>, one_in: usize) -> Vec<T> {
    if is_whole() { all } else { all.into_iter().step_by(one_in).collect() }
}

#[test]
fn a_server_answers_every_filter_of_the_corpus() {
    let Some(server) = corpus_server() else { return };
    let mut cases = cases();
    // The server's traces say where their spans are, those of the corpus do not.
    cases.retain(|case| !case.filter.contains("spansLocation"));
    assert!(cases.len() > 1400, "{}", cases.len());
    compare(&some(cases, 16), &["-u", &server.uri, "-x", "corpus"]);
}

#[test]
fn a_file_answers_every_filter_of_the_corpus() {
    let mut cases = cases();
    cases.retain(|case| case.local == "same");
    assert!(cases.len() > 1400, "{}", cases.len());
    compare(&some(cases, 4), &["-u", &format!("file:{TRACES}")]);
}
