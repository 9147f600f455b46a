//! Runs and their changes as rows.

use serde_json::{Value, json};

use crate::changes::journal::{Action, Counts, Entry, Header, RunOutcome, Summary};
use crate::clock::Clock;
use crate::model::parse_rfc3339_ms;
use crate::output::{Record, RecordCell, count, one_line, text_cells};

pub fn record_of_run(run: &Summary, clock: &Clock) -> Record {
    let Summary { header, counts, outcome, ended, archives } = run;
    let experiments: Vec<&str> = header.experiments.iter().map(crate::model::ExperimentId::as_str).collect();
    let shown = vec![
        parse_rfc3339_ms(&header.started)
            .map_or_else(|_| header.started.as_str().into(), |ms| RecordCell::time(clock, Some(ms))),
        header.run_id.as_str().into(),
        command(header).into(),
        outcome.phrase().into(),
        if *outcome == RunOutcome::NotBegun { "".into() } else { changes(*counts, false).into() },
        header.place.to_string().into(),
        experiments.join(", ").into(),
    ];
    // Which process it was tells nobody anything later.
    let mut value = serde_json::to_value(Header { process: None, ..header.clone() }).unwrap_or(Value::Null);
    value["outcome"] = outcome.as_str().into();
    value["counts"] = serde_json::to_value(counts).unwrap_or(Value::Null);
    value["exit"] = ended.as_ref().map_or(Value::Null, |end| end.exit.into());
    value["error"] = ended.as_ref().and_then(|end| end.error.as_deref()).map_or(Value::Null, Value::from);
    value["archives"] = json!(archives);
    Record { shown, value, id: header.run_id.clone() }
}

pub fn record_of_entry(entry: &Entry, archives: &[String]) -> Record {
    let mut value = serde_json::to_value(entry).unwrap_or_else(|_| json!({}));
    if !entry.archives.is_empty() {
        let named: Vec<&String> = entry.archives.iter().filter_map(|number| archives.get(*number)).collect();
        value["archives"] = json!(named);
    }
    let of = match &entry.action {
        Action::Delete => String::new(),
        Action::DeleteArtifacts { location } => location.clone(),
        Action::ImportTrace { experiment_id } => experiment_id.to_string(),
        Action::SetTag { key } | Action::DeleteTag { key } => key.clone(),
        Action::CreateAssessment { assessment_id }
        | Action::UpdateAssessment { assessment_id }
        | Action::DeleteAssessment { assessment_id } => assessment_id.clone(),
    };
    let text = |value: &Option<Value>| match value {
        None => String::new(),
        Some(Value::String(text)) => one_line(text, VALUE_WIDTH),
        Some(other) => one_line(&other.to_string(), VALUE_WIDTH),
    };
    let shown = text_cells([
        entry.trace_id.to_string(),
        value["action"].as_str().unwrap_or_default().replace('_', " "),
        of,
        text(&entry.before),
        text(&entry.after),
        entry.outcome.as_str().to_owned(),
        entry.reason.clone().unwrap_or_default(),
    ]);
    Record { shown, value, id: entry.trace_id.to_string() }
}

pub const VALUE_WIDTH: usize = 40;

pub fn started(header: &Header, clock: &Clock) -> String {
    parse_rfc3339_ms(&header.started).map_or_else(|_| header.started.clone(), |ms| clock.local(ms))
}

/// What became of the changes of a run: `2 done, 1 spared`.
pub fn changes(counts: Counts, with_planned: bool) -> String {
    let Counts { planned, done, unchanged, spared, refused, failed, gone, not_attempted } = counts;
    let parts = [
        (unchanged, "unchanged"),
        (spared, "spared"),
        (refused, "refused"),
        (gone, "gone"),
        (failed, "failed"),
        (not_attempted, "not attempted"),
    ];
    let open = planned.saturating_sub(counts.settled() + not_attempted);
    let parts = parts.into_iter().chain([(open, "open")]).filter(|(number, _)| *number > 0);
    let planned = with_planned.then(|| format!("{} planned", count(planned)));
    let done = std::iter::once(format!("{} done", count(done)));
    let all = planned.into_iter().chain(done).chain(parts.map(|(number, word)| format!("{} {word}", count(number))));
    all.collect::<Vec<_>>().join(", ")
}

pub fn command(header: &Header) -> String {
    match &header.undoes {
        Some(run) => format!("{} {run}", header.command),
        None => header.command.clone(),
    }
}
