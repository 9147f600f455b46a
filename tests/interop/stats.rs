//! Questions about many traces as SQL: every engine must return the rows that `stats` finds.

use std::collections::BTreeMap;
use std::fs;

use mlflow_trace::analysis::stats::{
    Dimension, Every, Facts, Metric, Order, Question, SqlSource, Statistics, StatsReport,
};
use mlflow_trace::filter::{Dialect, Filter};
use mlflow_trace::model::Trace;
use mlflow_trace::output::ParquetLayout;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::engines::write_parquet;
use crate::filters::{answers, traces};

const HOUR_MS: i64 = 3_600_000;
const FILTERS: &[&str] = &["", "status = 'OK'", "tags.env = 'prod' OR duration > 10ms"];
const BY: &[&str] = &[
    "",
    "status",
    "name",
    "user",
    "session",
    "tags.env",
    "metadata.env",
    "hour",
    "weekday",
    "status,weekday",
    "experiment_id",
    "client_request_id",
    "spans.count",
];
const EVERY: &[Option<i64>] = &[None, Some(HOUR_MS), Some(24 * HOUR_MS), Some(7 * 24 * HOUR_MS), Some(90_000)];
const METRICS: &[&str] = &[
    "traces,errors,error_rate,in_progress",
    "mean:duration,p50:duration,p95:duration,p99.9:duration,min:duration,max:duration,sum:duration,known:duration",
    "sum:tokens.total,mean:cost.total,p90:tokens.input,known:cost.total,sum:size,max:spans.count",
    "mean:feedback.correct,sum:feedback.score,min:feedback.score,max:feedback.score,yes:feedback.correct,known:feedback.correct",
    "mean:expectation.answer,known:expectation.answer,yes:feedback.helpful,known:feedback.comment,sum:feedback.comment",
    "mean:tags.n,sum:metadata.n,yes:tags.env,known:tags.env,max:tags.version",
];

fn asked(dialect: Dialect) -> Vec<(Filter, Question, String)> {
    let mut asked = Vec::new();
    for filter in FILTERS {
        let filter = Filter::parse(filter).unwrap();
        let condition = filter.to_sql(dialect, "traces").unwrap();
        for by in BY {
            for every in EVERY {
                for metrics in METRICS {
                    let by = if by.is_empty() { Vec::new() } else { Dimension::parse_list(by).unwrap() };
                    let metrics = Metric::parse_list(metrics).unwrap();
                    let question = Question::new(by, every.map(Every::Length), metrics, false, false);
                    let source = SqlSource { dialect, table: "traces", condition: &condition };
                    let statement = question.to_sql(source).unwrap();
                    asked.push((filter.clone(), question, statement));
                }
            }
        }
    }
    asked
}

fn found(filter: &Filter, question: Question, traces: &[Trace]) -> StatsReport {
    let (matcher, mut statistics) = (filter.matcher(), Statistics::new(question));
    let scope = matcher.scope(traces.iter());
    for trace in traces.iter().filter(|trace| matcher.matches(trace, &scope).is_true()) {
        statistics.add(&Facts::new(trace, false, None));
    }
    statistics.report(&Order { by: None, top: usize::MAX })
}

/// The rows of `stats`, each under what it is grouped by. A stretch of time without a trace is no row of SQL.
fn expected(report: &StatsReport) -> BTreeMap<String, Vec<Value>> {
    let question = &report.question;
    let numbers = |group| question.metrics.iter().map(|metric| json!(question.answer(group, metric))).collect();
    if question.by.is_empty() && question.every.is_none() {
        return BTreeMap::from([(json!([]).to_string(), numbers(&report.total))]);
    }
    let rows = report.rows.iter().filter(|row| row.group.traces > 0);
    let key = |start: Option<i64>, values: &[Value]| {
        json!(start.map(Value::from).into_iter().chain(values.iter().cloned()).collect::<Vec<_>>()).to_string()
    };
    rows.map(|row| (key(row.start_ms, &row.values), numbers(&row.group))).collect()
}

/// The rows of an engine in the same way.
fn returned(question: &Question, rows: &Value) -> Option<BTreeMap<String, Vec<Value>>> {
    let names: Vec<String> =
        question.every.map(|_| "start".to_owned()).into_iter().chain(question.by.iter().map(Dimension::name)).collect();
    let row = |row: &Value| {
        let key: Vec<Value> = names.iter().map(|name| row[name].clone()).collect();
        (json!(key).to_string(), question.metrics.iter().map(|metric| row[metric.name()].clone()).collect())
    };
    Some(rows.as_array()?.iter().map(row).collect())
}

fn is_near(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        _ => found.is_null() && expected.is_null(),
    }
}

fn compare(dialect: Dialect, script: &str) {
    let traces = traces(&mut TestRunner::deterministic());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (file, questions) = (folder.path().join("traces.parquet"), folder.path().join("questions.jsonl"));
    write_parquet(&file, &traces, ParquetLayout::default());
    let asked = asked(dialect);
    let lines: Vec<String> = asked.iter().map(|(_, _, sql)| json!({ "sql": sql }).to_string()).collect();
    fs::write(&questions, lines.join("\n")).unwrap();
    let answers = answers(script, &file, &questions);
    assert_eq!(answers.len(), asked.len(), "{script} answers every question");
    let (mut differences, mut rows, mut numbers) = (Vec::new(), 0, 0);
    for ((filter, question, sql), answer) in asked.into_iter().zip(&answers) {
        let report = found(&filter, question, &traces);
        let expected = expected(&report);
        let returned = returned(&report.question, answer).unwrap_or_default();
        rows += expected.len();
        numbers += expected.values().flatten().filter(|number| !number.is_null()).count();
        let is_same = returned.len() == expected.len()
            && expected.iter().all(|(key, numbers)| {
                returned.get(key).is_some_and(|there| there.iter().zip(numbers).all(|(one, other)| is_near(one, other)))
            });
        if !is_same {
            let first = expected.iter().find(|(key, numbers)| {
                !returned
                    .get(*key)
                    .is_some_and(|there| there.iter().zip(*numbers).all(|(one, other)| is_near(one, other)))
            });
            let there = first.and_then(|(key, _)| returned.get(key));
            let text = answer.to_string();
            differences
                .push(format!("{sql}\n  expected {first:?}\n  found {there:?}\n  of {}", &text[..text.len().min(300)]));
        }
    }
    eprintln!(
        "{}: {} statements, {rows} rows, {numbers} numbers over {} traces",
        dialect.name(),
        answers.len(),
        traces.len()
    );
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences[..differences.len().min(10)].join("\n")
    );
    assert!(rows > 5000 && numbers > 20_000, "too little was asked");
}

#[test]
fn duckdb_returns_what_stats_finds() {
    compare(Dialect::DuckDb, "ask_duckdb.py");
}

#[test]
fn spark_returns_what_stats_finds() {
    compare(Dialect::Spark, "ask_spark.py");
}

#[test]
fn postgres_returns_what_stats_finds() {
    if std::env::var_os("MLFLOW_TRACE_POSTGRES").is_none() {
        eprintln!("skipped: MLFLOW_TRACE_POSTGRES names no database");
        return;
    }
    compare(Dialect::Postgres, "ask_postgres.py");
}
