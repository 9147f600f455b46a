//! `assessment list`, `get`, `update`, `delete`.

use serde_json::{Value, json};

use super::experiments::write_list;
use super::log_assessment::{check_name, metadata_map, value};
use super::selection::{LIST_FORMATS, SUMMARY_FORMATS};
use super::{CommandResult, Context, label_schemas, trace_ids, words};
use crate::changes::journal::Action;
use crate::changes::journals::{self, Single};
use crate::cli::{AssessmentDeleteArgs, AssessmentGetArgs, AssessmentListArgs, AssessmentUpdateArgs, OutputFormat};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, TraceInfo};
use crate::output::{Record, one_line};
use crate::store::{AssessmentUpdate, Store, StoreError, Writer, by_ids};

const HEADERS: &[&str] = &["id", "kind", "name", "value", "source", "rationale", "updated"];

/// The same of several traces.
const HEADERS_OF_MANY: &[&str] = &["trace", "id", "kind", "name", "value", "source", "rationale", "updated"];

pub async fn list(context: &mut Context<'_>, args: AssessmentListArgs) -> CommandResult {
    let format = context.output("assessment list", LIST_FORMATS)?;
    for word in &args.trace_ids {
        words::refuse_filter(word, "mlflow-trace feedback export - --filter", "writes the feedback of what it finds")?;
    }
    let ids = trace_ids::read(context, &args.trace_ids)?;
    let is_one = ids.len() == 1 && args.trace_ids != ["-"];
    let mut walk = by_ids(&context.store()?, ids);
    walk.leave_out_spans();
    let (mut records, mut hidden, mut traces) = (Vec::new(), 0, 0);
    while let Some(page) = walk.next_page().await? {
        traces += page.len() as u64;
        for info in page.iter().map(|trace| &trace.info) {
            let shown = info.assessments.iter().filter(|assessment| args.include_overridden || assessment.is_valid());
            let before = records.len();
            let clock = context.ui.clock();
            let of = |assessment| if is_one { record(assessment, clock) } else { record_of(info, assessment, clock) };
            records.extend(shown.map(of));
            hidden += info.assessments.len() - (records.len() - before);
        }
    }
    if traces > 0 || walk.missing().0.is_empty() {
        write_list(context, format, if is_one { HEADERS } else { HEADERS_OF_MANY }, &records)?;
    }
    if hidden > 0 {
        context.ui.status(&format!("{hidden} overridden not shown; add --include-overridden to show them"));
    }
    trace_ids::tell_missing(context, walk.missing(), traces)?;
    Ok(Exit::Done)
}

/// The same with the trace that it is of.
fn record_of(info: &TraceInfo, assessment: &Assessment, clock: &Clock) -> Record {
    let mut record = record(assessment, clock);
    record.shown.insert(0, info.trace_id.to_string());
    if let Some(object) = record.value.as_object_mut() {
        object.entry("trace_id").or_insert_with(|| info.trace_id.as_str().into());
    }
    record
}

pub async fn get(context: &mut Context<'_>, args: AssessmentGetArgs) -> CommandResult {
    let format = context.output("assessment get", LIST_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let store = context.store()?;
    let (trace_id, word) = (TraceId::new(args.trace_id), args.assessment_id);
    let by_id = if word.starts_with("a-") {
        store.assessment(&trace_id, &AssessmentId::new(word.as_str())).await?
    } else {
        None
    };
    let assessment = match by_id {
        Some(assessment) => assessment,
        None => look_for(&store, &trace_id, &word).await?,
    };
    if format == OutputFormat::Json {
        context.write_json(&serde_json::to_value(&assessment).unwrap_or(Value::Null))?;
    } else {
        let records = [record(&assessment, context.ui.clock())];
        write(context, format, &records)?;
    }
    Ok(Exit::Done)
}

async fn look_for(store: &Store, trace_id: &TraceId, word: &str) -> Result<Assessment, CliError> {
    let infos = store.infos(std::slice::from_ref(trace_id)).await?;
    let there = infos.one().map_err(StoreError::from)?.map(|info| info.assessments).unwrap_or_default();
    let id = named(&there, trace_id, word)?;
    let is_it = |assessment: &Assessment| assessment.id().as_ref() == Some(&id);
    there.into_iter().find(is_it).ok_or_else(|| unknown_assessment(trace_id, &id))
}

/// The assessment that a word means: by its id, or by its name if it is the only one of the trace that has it, overridden ones
/// included. A word that is neither is an id that the trace does not have.
pub fn named(there: &[Assessment], trace_id: &TraceId, word: &str) -> Result<AssessmentId, CliError> {
    let called: Vec<&Assessment> = there.iter().filter(|one| one.name() == word).collect();
    let is_id = there.iter().any(|one| one.id().is_some_and(|id| id.as_str() == word));
    match called.as_slice() {
        [one] if !is_id => Ok(one.id().unwrap_or_else(|| AssessmentId::new(word))),
        [_, _, ..] if !is_id => Err(ambiguous(&called, trace_id, word)),
        _ => Ok(AssessmentId::new(word)),
    }
}

/// So many of those that may be meant are shown.
const SHOWN: usize = 10;

fn ambiguous(called: &[&Assessment], trace_id: &TraceId, word: &str) -> CliError {
    let message = format!("trace {trace_id} has {} assessments named {word:?}; nothing was changed", called.len());
    let error = CliError::new(Exit::Refused, message).hint("use the id of one of them");
    called.iter().take(SHOWN).fold(error, |error, one| {
        let id = one.id().unwrap_or_else(|| AssessmentId::new(""));
        let source = [one.source_type(), one.source_id()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let overridden = if one.is_valid() { "" } else { ", overridden" };
        let value = one_line(&one.value().to_string(), VALUE_WIDTH);
        error.hint(format!(
            "`mlflow-trace assessment get {trace_id} {id}`: {} {value} by {source}{overridden}",
            one.kind().as_str()
        ))
    })
}

/// Characters of a value that are shown.
const VALUE_WIDTH: usize = 60;

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
    let trace_id = TraceId::new(args.trace_id);
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
fn check_update(kind: AssessmentKind, update: &AssessmentUpdate) -> Result<(), CliError> {
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
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = TraceId::new(args.trace_id);
    let (_, before, id) = existing(context, server, &trace_id, &args.assessment_id).await?;
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

async fn delete_for_good(server: &dyn Writer, trace_id: &TraceId, id: &AssessmentId) -> Result<(), CliError> {
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
fn updated(before: &Assessment, update: &AssessmentUpdate) -> Value {
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

async fn existing(
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

fn unknown_assessment(trace_id: &TraceId, id: &AssessmentId) -> CliError {
    CliError::new(Exit::NotFound, format!("trace {trace_id} has no assessment {id}; nothing was changed"))
        .hint(format!("list its assessments with `mlflow-trace assessment list {trace_id}`"))
}

fn write(context: &mut Context<'_>, format: OutputFormat, records: &[Record]) -> Result<(), CliError> {
    write_list(context, format, HEADERS, records)
}

fn record(assessment: &Assessment, clock: &Clock) -> Record {
    let id = assessment.id().map_or_else(String::new, |id| id.to_string());
    let value = match (assessment.error(), assessment.value()) {
        (Some((code, message)), _) => format!("failed: {code} {message}"),
        (None, Value::String(text)) => text,
        (None, other) => other.to_string(),
    };
    let source = [assessment.source_type(), assessment.source_id()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let updated = assessment.last_update_time_ms().map_or_else(String::new, |ms| clock.local(ms));
    let rationale = assessment.rationale().unwrap_or("").to_owned();
    let shown = vec![
        id.clone(),
        assessment.kind().as_str().into(),
        assessment.name().into(),
        value,
        source,
        rationale,
        updated,
    ];
    Record { shown, value: serde_json::to_value(assessment).unwrap_or(Value::Null), id }
}
