//! What a database says about its own state: sizes, growth, and what could be better, with the statement that would help.

use crate::output::{bytes, count, count_rows, count_traces};
use crate::store::{CheckFinding, ExperimentHealth, Finding, FindingKind, Growth, Health, Store, TableHealth};

/// Tables, experiments and days that are told of.
const TOLD: usize = 5;

/// What the store says about itself; nothing where it does not know. `now_ms` is in epoch milliseconds.
pub async fn health(store: &Store, now_ms: i64) -> Vec<CheckFinding> {
    match store.health(now_ms).await {
        Ok(None) => Vec::new(),
        Ok(Some(health)) => told(&health),
        Err(error) => vec![CheckFinding::failed("tables", error)],
    }
}

fn told(health: &Health) -> Vec<CheckFinding> {
    let table = |table: &TableHealth| format!("{} {} ({})", table.name, bytes(table.bytes), count_rows(table.rows));
    let day = |day: &Growth| format!("{} {}", day.day, count(day.traces));
    let lists = [
        ("tables", listed(&health.tables, table)),
        ("stored", listed(&health.experiments, of_experiment)),
        ("new traces", listed(&health.growth, day)),
    ];
    let lists = lists.into_iter().filter(|(_, text)| !text.is_empty());
    let mut found: Vec<CheckFinding> = lists.map(|(what, text)| CheckFinding::fine(what, text)).collect();
    found.extend(health.findings.iter().map(noted));
    found
}

/// The first ones, and how many more there are.
fn listed<T>(all: &[T], one: impl Fn(&T) -> String) -> String {
    let mut shown: Vec<String> = all.iter().take(TOLD).map(one).collect();
    if all.len() > TOLD {
        shown.push(format!("{} more", count((all.len() - TOLD) as u64)));
    }
    shown.join(", ")
}

/// The traces of an experiment, and how many a retention policy of an age would find.
fn of_experiment(experiment: &ExperimentHealth) -> String {
    let older: Vec<String> = experiment
        .older
        .iter()
        .filter(|(_, traces)| *traces > 0)
        .map(|(days, traces)| format!("{} older than {days} days", count(*traces)))
        .collect();
    let older = if older.is_empty() { String::new() } else { format!("; {}", older.join(", ")) };
    format!("{} {} of {}{older}", experiment.name, count_traces(experiment.traces), bytes(experiment.bytes))
}

fn noted(finding: &Finding) -> CheckFinding {
    let what = match finding.kind {
        FindingKind::Orphans => "orphans",
        FindingKind::WithoutSpans => "missing spans",
        FindingKind::WithoutRoot => "missing roots",
        FindingKind::MissingIndex => "indexes",
        FindingKind::StaleStatistics => "statistics",
        FindingKind::Bloat => "free space",
    };
    let advice = match &finding.statement {
        Some(statement) => format!("run in the database: {statement}"),
        None => "look at these traces; they may have been written by a client that was killed".to_owned(),
    };
    CheckFinding::noted(what, finding.what.clone(), advice)
}
