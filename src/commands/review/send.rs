//! Sends what is to be saved: an answer, its way back, or a tag. Each stands in the journal before, and is read back after.

use serde_json::{Value, json};

use super::save::{Job, Work};
use crate::annotations::{OnExisting, Row, RowFate, RowTarget, to_trace};
use crate::changes::journal::Action;
use crate::cli::KeyValue;
use crate::commands::log_assessment::LogTarget;
use crate::model::TraceId;

pub async fn save(target: &LogTarget<'_>, job: Job) -> Result<(), String> {
    let (row, there) = match job.work {
        Work::Answer(row, there) => (row, there),
        Work::Undo(row) => return undo(target, &job.trace, &row).await,
        Work::Tag(tag) => return set_tag(target, &job.trace, tag).await,
    };
    let now = crate::model::rfc3339_utc(jiff::Timestamp::now().as_millisecond());
    let (outcomes, _) = to_trace(target, &job.trace, &[&row], there, OnExisting::Append, false, &now).await;
    let outcome = outcomes.into_iter().next().ok_or("it was not begun")?;
    if matches!(outcome.result, RowFate::Failed) { Err(outcome.reason.unwrap_or_default()) } else { Ok(()) }
}

/// Deletes an answer that was given by mistake, and looks whether it is gone.
async fn undo(target: &LogTarget<'_>, trace: &TraceId, row: &Row) -> Result<(), String> {
    let Some(id) = &row.id else { return Ok(()) };
    let Some(there) = target.find(trace, id).await? else { return Ok(()) };
    let action = Action::DeleteAssessment { assessment_id: id.to_string() };
    let journal = target.journal;
    let entry = journal.plan_change(trace, action, (Some(json!(there)), None)).map_err(|error| target.broken(error))?;
    let deleted = target.server.delete_assessment(trace, id).await;
    let deleted = deleted.map_err(|error| target.note(error.concerns_all(), error.into()));
    let gone = match deleted {
        Ok(()) => {
            target.find(trace, id).await.and_then(|left| left.map_or(Ok(()), |_| Err("it is still there".into())))
        }
        Err(error) => Err(error),
    };
    journal.settle_change(entry, gone.clone()).map_err(|error| target.broken(error))?;
    gone
}

/// Sets a tag, and looks whether it is there.
async fn set_tag(target: &LogTarget<'_>, trace: &TraceId, KeyValue { key, value }: KeyValue) -> Result<(), String> {
    let before = tag(target, trace, &key).await?;
    if before.as_ref() == Some(&value) {
        return Ok(());
    }
    let values = (before.map(Value::from), Some(Value::from(value.as_str())));
    let action = Action::SetTag { key: key.clone() };
    let entry = target.journal.plan_change(trace, action, values).map_err(|error| target.broken(error))?;
    let set = target.server.set_tag(trace, &key, &value).await;
    let set = match set.map_err(|error| target.note(error.concerns_all(), error.into())) {
        Ok(()) if tag(target, trace, &key).await?.as_ref() == Some(&value) => Ok(()),
        Ok(()) => Err("the server did not apply the change".to_owned()),
        Err(error) => Err(error),
    };
    target.journal.settle_change(entry, set.clone()).map_err(|error| target.broken(error))?;
    set
}

/// The value of a tag, if the trace has it.
async fn tag(target: &LogTarget<'_>, trace: &TraceId, key: &str) -> Result<Option<String>, String> {
    let infos = target.server.infos_shown(std::slice::from_ref(trace)).await;
    let infos = infos.map_err(|error| target.note(error.concerns_all(), error.into()))?;
    let info = infos.into_iter().next().ok_or("the trace is gone")?;
    Ok(info.tags.get(key).cloned())
}
