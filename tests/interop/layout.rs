//! Partitioned folders and both layouts, with the types that engines see.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mlflow_trace::model::{Trace, rfc3339_utc};
use mlflow_trace::output::{ParquetLayout, ParquetRow};
use serde_json::{Value, json};

use crate::engines::{python_script, write_parquet};

fn demo() -> Vec<Trace> {
    let lines = include_str!("../../src/store/demo.jsonl").lines();
    lines.map(|line| Trace::from_json(serde_json::from_str(line).unwrap()).unwrap()).collect()
}

/// `experiment_id=1/date=2026-11-01/part-00000.parquet` and its like.
fn write_partitions(folder: &Path, traces: &[Trace], row: ParquetRow) {
    let mut partitions: BTreeMap<(String, String), Vec<Trace>> = BTreeMap::new();
    for trace in traces {
        let date = rfc3339_utc(trace.info.request_time_ms)[..10].to_owned();
        let experiment = trace.info.experiment_id().expect("an experiment").to_string();
        partitions.entry((experiment, date)).or_default().push(trace.clone());
    }
    for ((experiment, date), traces) in partitions {
        let path = folder.join(format!("experiment_id={experiment}/date={date}/part-00000.parquet"));
        write_parquet(&path, &traces, ParquetLayout { row, is_partitioned: true });
    }
}

/// What each engine says of the demonstration: rows, sums, types.
#[test]
fn every_engine_reads_partitions_with_their_types() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let traces = demo();
    let (per_trace, per_span) = (folder.path().join("traces"), folder.path().join("spans"));
    write_partitions(&per_trace, &traces, ParquetRow::Trace);
    write_partitions(&per_span, &traces, ParquetRow::Span);
    let single = folder.path().join("single.parquet");
    write_parquet(&single, &traces, ParquetLayout::default());

    let printed = python_script("read_layouts.py", &[&per_trace, &per_span, &single]);
    let line = printed.lines().rfind(|line| line.starts_with('{')).expect("an answer");
    let answers: Value = serde_json::from_str(line).unwrap();
    let expected = expected(&traces);
    for engine in ["duckdb", "spark", "pandas"] {
        for (question, expected) in expected.as_object().unwrap() {
            assert_eq!(answers[engine][question], *expected, "{question} in {engine}");
        }
        for (column, kind) in TYPES {
            assert_eq!(answers[engine]["types"][column], *kind, "type of {column} in {engine}");
        }
    }
    eprintln!(
        "DuckDB, Spark and pandas agree on {} traces in {} questions",
        traces.len(),
        expected.as_object().unwrap().len()
    );
    fs::remove_dir_all(folder.path()).unwrap();
}

/// In words that the script uses for all engines.
const TYPES: &[(&str, &str)] = &[
    ("request_time", "timestamp in UTC"),
    ("execution_duration_ms", "integer"),
    ("total_cost", "double"),
    ("total_tokens", "integer"),
    ("tags", "map"),
    ("assessments", "list"),
    ("spans", "list"),
];

fn expected(traces: &[Trace]) -> Value {
    let spans = || traces.iter().flat_map(Trace::spans);
    let in_first = |trace: &&Trace| trace.info.experiment_id().is_some_and(|id| id.as_str() == "1");
    let of_first: Vec<&Trace> = traces.iter().filter(in_first).collect();
    let first_day = traces.iter().map(|trace| rfc3339_utc(trace.info.request_time_ms)[..10].to_owned()).min();
    let production =
        traces.iter().filter(|trace| trace.info.tags.get("environment").is_some_and(|tag| tag == "production"));
    json!({
        "traces": traces.len(),
        "spans": spans().count(),
        "of experiment 1": of_first.len(),
        "first day": first_day,
        "earliest": traces.iter().map(|trace| trace.info.request_time_ms).min(),
        "duration": traces.iter().filter_map(|trace| trace.info.duration_ms).sum::<i64>(),
        "in production": production.count(),
        "valid assessments": traces.iter().flat_map(|trace| &trace.info.assessments).filter(|one| one.is_valid()).count(),
        "failed spans": spans().filter(|span| span.status.code.as_str() == "ERROR").count(),
        "single traces of experiment 1": of_first.len(),
    })
}
