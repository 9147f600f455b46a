//! Filters as SQL: every engine must return the ids that our own evaluator returns.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mlflow_trace::filter::{Dialect, Filter};
use mlflow_trace::model::Trace;
use mlflow_trace::output::ParquetLayout;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::engines::{python_script, write_parquet};
use crate::generate::{self, NOW};

const TRACES: &str = include_str!("../data/filter/traces.jsonl");
const CASES: &str = include_str!("../data/filter/dev.jsonl");
/// Batches of random traces, each of one to seven.
const BATCHES: usize = 30;
/// Random filters.
const RANDOM: usize = 600;

/// The traces of the corpus and random ones, which have more sessions and odder values.
pub fn traces(runner: &mut TestRunner) -> Vec<Trace> {
    let corpus = TRACES.lines().map(|line| Trace::from_json(serde_json::from_str(line).unwrap()).unwrap());
    let mut traces: Vec<Trace> = corpus.collect();
    for batch in 0..BATCHES {
        let generated = generate::traces().new_tree(runner).expect("traces").current();
        traces.extend(generated.into_iter().enumerate().map(|(position, mut trace)| {
            // The first batch keeps its ids, which filters ask for.
            if batch > 0 {
                trace.info.trace_id = format!("random-{batch}-{position}").as_str().into();
            }
            // What was not fetched is unknown.
            if batch % 10 == 9 {
                trace.spans = None;
            }
            trace
        }));
    }
    traces
}

/// Every filter of the corpus that is one, in `MLflow`'s language or in ours, and random ones.
fn filters(runner: &mut TestRunner) -> Vec<Filter> {
    let text = |line: &str| serde_json::from_str::<Value>(line).unwrap()["filter"].as_str().unwrap().to_owned();
    let mut texts: Vec<String> = CASES.lines().map(text).collect();
    for _ in 0..RANDOM {
        texts.push(generate::filter().new_tree(runner).expect("a filter").current());
    }
    texts.sort();
    texts.dedup();
    texts.iter().filter_map(|text| Filter::parse_at(text, NOW).ok()).collect()
}

fn evaluated(filter: &Filter, traces: &[Trace]) -> Vec<String> {
    let matcher = filter.matcher();
    let scope = matcher.scope(traces.iter());
    let found = traces.iter().filter(|trace| matcher.matches(trace, &scope).is_true());
    let mut ids: Vec<String> = found.map(|trace| trace.info.trace_id.to_string()).collect();
    ids.sort();
    ids
}

/// Asks an engine every filter that its dialect can say, and compares.
fn compare(dialect: Dialect, script: &str, least: usize) {
    let mut runner = TestRunner::deterministic();
    let (traces, filters) = (traces(&mut runner), filters(&mut runner));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (file, questions) = (folder.path().join("traces.parquet"), folder.path().join("questions.jsonl"));
    write_parquet(&file, &traces, ParquetLayout::default());
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut asked = Vec::new();
    for filter in &filters {
        match filter.to_sql(dialect, "traces") {
            Ok(condition) => asked.push((filter, condition)),
            Err(error) => *refused.entry(error.message().to_owned()).or_default() += 1,
        }
    }
    let lines: Vec<String> = asked.iter().map(|(_, condition)| Value::from(condition.as_str()).to_string()).collect();
    fs::write(&questions, lines.join("\n")).unwrap();
    let answers = answers(script, &file, &questions);
    assert_eq!(answers.len(), asked.len(), "{script} answers every question");
    let mut differences = Vec::new();
    let mut matched = 0;
    for ((filter, condition), answer) in asked.iter().zip(&answers) {
        let expected = evaluated(filter, &traces);
        matched += usize::from(!expected.is_empty());
        if *answer != json!(expected) {
            differences
                .push(format!("{:?}\n  {condition}\n  expected {expected:?}\n  found    {answer}", filter.text()));
        }
    }
    eprintln!(
        "{}: {} of {} filters can be said; {} answered as evaluated, {matched} of them with matches in {} traces; refused: {refused:#?}",
        dialect.name(),
        asked.len(),
        filters.len(),
        asked.len() - differences.len(),
        traces.len()
    );
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        asked.len(),
        differences[..differences.len().min(40)].join("\n")
    );
    assert!(asked.len() >= least && matched > least / 3, "too few filters were asked");
}

/// One list of ids or rows, or an error, per question.
pub fn answers(script: &str, file: &Path, questions: &Path) -> Vec<Value> {
    let printed = python_script(script, &[file, questions]);
    printed
        .lines()
        .filter(|line| line.starts_with(['[', '{']))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn duckdb_returns_what_the_evaluator_returns() {
    compare(Dialect::DuckDb, "ask_duckdb.py", 2000);
}

#[test]
fn spark_returns_what_the_evaluator_returns() {
    compare(Dialect::Spark, "ask_spark.py", 2000);
}

#[test]
fn postgres_returns_what_the_evaluator_returns() {
    if std::env::var_os("MLFLOW_TRACE_POSTGRES").is_none() {
        eprintln!("skipped: MLFLOW_TRACE_POSTGRES names no database");
        return;
    }
    compare(Dialect::Postgres, "ask_postgres.py", 1800);
}
