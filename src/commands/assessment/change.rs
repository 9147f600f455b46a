//! `assessment update` and `delete`: looked at before, journaled, and looked at after.

use serde_json::{Value, json};

use super::named::{named, unknown_assessment};
use crate::changes::journal::Action;
use crate::changes::journals::{self, Single};
use crate::cli::{AssessmentDeleteArgs, AssessmentUpdateArgs, OutputFormat};
use crate::commands::log_assessment::{check_name, metadata_map, value};
use crate::commands::selection::SUMMARY_FORMATS;
use crate::commands::{CommandResult, Context, label_schemas, trace_ids, words};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, TraceInfo};
use crate::store::{AssessmentUpdate, Writer};

pub async fn update(context: &mut Context<'_>, args: AssessmentUpdateArgs) -> CommandResult {
    let format = context.output("assessment update", SUMMARY_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let update = AssessmentUpdate {
        value: args.value.as_deref().map(|text| value(context, text, args.value_type)).transpose()?,
        name: args.name,
        rationale: args.rationale,
        metadata: metadata_map(&args.metadata),
    };
    if let Some(name) = &update.name {
        check_name(name)?;
    }
    if update.value.is_none() && update.name.is_none() && update.rationale.is_none() && update.metadata.is_empty() {
        return Err(CliError::usage("no change given").hint("give --value, --name, --rationale or --metadata"));
    }
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = trace_ids::one(context, &store, &args.trace_id).await?;
    let (traces, before, id) = existing(context, server, &trace_id, &args.assessment_id).await?;
    check_update(before.kind(), &update)?;
    if update.value.is_some() || update.name.is_some() {
        let name = update.name.as_deref().unwrap_or(before.name());
        let value = update.value.clone().unwrap_or_else(|| before.value());
        label_schemas::check(server, &traces, before.kind(), name, &value).await?;
    }
    let action = Action::UpdateAssessment { assessment_id: id.to_string() };
    let values = (Some(journals::assessment(&before)), Some(updated(&before, &update)));
    let single = Single::begin(context, "assessment update", &trace_id, action, values)?;
    let after = server.update_assessment(&trace_id, &id, before.kind(), &update).await;
    let after = after.map_err(CliError::from);
    let (after, way_back) =
        single.settle(after, |after| Some(journals::assessment(after)), |error| error.message.clone())?;
    if format == OutputFormat::Json {
        context.write_json(&serde_json::to_value(&after).unwrap_or(Value::Null))?;
    }
    context.ui.status(&format!("Updated {} {:?} on {trace_id}.", after.kind().as_str(), after.name()));
    context.ui.status(&way_back);
    Ok(Exit::Done)
}

/// What the server ignores or breaks on is refused.
pub fn check_update(kind: AssessmentKind, update: &AssessmentUpdate) -> Result<(), CliError> {
    match kind {
        AssessmentKind::Issue => Err(CliError::usage("issues cannot be updated; nothing was changed")),
        AssessmentKind::Expectation if update.rationale.is_some() => {
            Err(CliError::usage("an expectation has no rationale; nothing was changed"))
        }
        AssessmentKind::Expectation if update.value == Some(Value::Null) => {
            Err(CliError::usage("an expectation cannot be null; nothing was changed"))
        }
        AssessmentKind::Expectation | AssessmentKind::Feedback => Ok(()),
    }
}

pub async fn delete(context: &mut Context<'_>, args: AssessmentDeleteArgs) -> CommandResult {
    let format = context.output("assessment delete", SUMMARY_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    trace_ids::refuse_addresses(std::slice::from_ref(&args.trace_id), "mlflow-trace assessment list")?;
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = TraceId::new(args.trace_id);
    let existing = existing(context, server, &trace_id, &args.assessment_id).await;
    let (_, before, id) = existing.map_err(trace_ids::whole_only)?;
    let action = Action::DeleteAssessment { assessment_id: id.to_string() };
    let values = (Some(journals::assessment(&before)), None);
    let single = Single::begin(context, "assessment delete", &trace_id, action, values)?;
    let deleted = delete_for_good(server, &trace_id, &id).await;
    let ((), way_back) = single.settle(deleted, |()| None, |error| error.message.clone())?;
    if format == OutputFormat::Json {
        context.write_json(&serde_json::to_value(&before).unwrap_or(Value::Null))?;
    }
    context.ui.status(&format!("Deleted {} {:?} from {trace_id}.", before.kind().as_str(), before.name()));
    context.ui.status(&way_back);
    Ok(Exit::Done)
}

pub async fn delete_for_good(server: &dyn Writer, trace_id: &TraceId, id: &AssessmentId) -> Result<(), CliError> {
    server.delete_assessment(trace_id, id).await?;
    // The server says yes to everything, so only a look tells.
    match server.assessment(trace_id, id).await? {
        Some(_) => {
            Err(CliError::new(Exit::Refused, format!("the server reported success, but assessment {id} still exists")))
        }
        None => Ok(()),
    }
}

/// What an assessment is to be.
pub fn updated(before: &Assessment, update: &AssessmentUpdate) -> Value {
    let mut after = before.as_object().clone();
    if let Some(value) = &update.value {
        after.insert(before.kind().as_str().into(), json!({"value": value}));
    }
    let texts = [("assessment_name", &update.name), ("rationale", &update.rationale)];
    after.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.as_deref()?.into()))));
    if !update.metadata.is_empty() {
        let metadata = after.entry("metadata").or_insert_with(|| json!({}));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.extend(update.metadata.clone());
        }
    }
    Value::Object(after)
}

pub async fn existing(
    context: &mut Context<'_>,
    server: &dyn Writer,
    trace_id: &TraceId,
    word: &str,
) -> Result<(Vec<TraceInfo>, Assessment, AssessmentId), CliError> {
    let traces = trace_ids::changeable(context, server, std::slice::from_ref(trace_id), false).await?.infos;
    let id = named(traces.first().map_or(&[], |info| info.assessments.as_slice()), trace_id, word)?;
    let found = server.assessment(trace_id, &id).await?;
    Ok((traces, found.ok_or_else(|| unknown_assessment(trace_id, &id))?, id))
}
