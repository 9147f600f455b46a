//! `feedback override`: another judgement in the place of one, which stays on record as no longer valid.

use serde_json::{Value, json};

use super::assessment::named;
use super::log_assessment::{source_id, value};
use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context, label_schemas, trace_ids, words};
use crate::annotations::{OnExisting, Row, RowPlace, left_valid};
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journals;
use crate::cli::{FeedbackOverrideArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, rfc3339_utc};
use crate::store::Writer;

pub async fn run(context: &mut Context<'_>, args: FeedbackOverrideArgs) -> CommandResult {
    let format = context.output("feedback override", SUMMARY_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let value = value(context, &args.value, args.value_type)?;
    let source_id = source_id(context, &args.source)?;
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = trace_ids::one(context, &store, &args.trace_id).await?;
    let changeable = trace_ids::changeable(context, server, std::slice::from_ref(&trace_id), false).await?;
    let there: Vec<Assessment> = changeable.infos.iter().flat_map(|info| info.assessments.clone()).collect();
    let old_id = named(&there, &trace_id, &args.assessment_id)?;
    let old = overridable(&there, &trace_id, &old_id)?;
    label_schemas::check(server, &changeable.infos, AssessmentKind::Feedback, old.name(), &value).await?;
    let row = Row {
        number: 1,
        line: 1,
        place: RowPlace::Trace(trace_id.clone()),
        id: Some(AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple()))),
        overrides: Some(old_id.clone()),
        kind: AssessmentKind::Feedback,
        name: old.name().to_owned(),
        value,
        source_type: args.source.source_type.as_str(),
        source_id,
        rationale: args.rationale,
        metadata: args.metadata.into_iter().map(|pair| (pair.key, pair.value)).collect(),
        span_id: old.span_id().map(str::to_owned),
        create_time: None,
        planned: None,
    };
    let new_id = row.id_on(&trace_id);
    let new = row.assessment(&new_id, Some(&old_id), &rfc3339_utc(context.ui.clock().now_ms()));
    let experiments = changeable.experiments.into_iter().map(|experiment| experiment.id).collect();
    let journal = AssessmentJournal::begin(context, "feedback override", experiments)?;
    let created = create(&journal, server, &trace_id, &new_id, &new).await;
    let way_back = journal.finish()?.map(|run_id| journals::way_back(context, &run_id)).unwrap_or_default();
    let created = created?;
    verify(server, &trace_id, &old_id, &new_id).await?;
    if format == OutputFormat::Json {
        context.write_json(&serde_json::to_value(&created).unwrap_or(Value::Null))?;
    } else {
        writeln!(context.ui.output(), "{}", created.id().unwrap_or(new_id))?;
    }
    context.ui.status(&format!(
        "Feedback {:?} on {trace_id} is overridden; {old_id} is no longer valid. {way_back}",
        row.name
    ));
    let others = left_valid(&row, &old_id, &there, OnExisting::Override);
    if !others.is_empty() {
        let others: Vec<&str> = others.iter().map(AssessmentId::as_str).collect();
        let (kind, source) = (row.source_type, &row.source_id);
        context.ui.warning(&format!(
            "other feedback {:?} by {kind} {source} is still valid: {}",
            row.name,
            others.join(", ")
        ));
    }
    Ok(Exit::Done)
}

async fn create(
    journal: &AssessmentJournal,
    server: &dyn Writer,
    trace: &TraceId,
    id: &AssessmentId,
    new: &Assessment,
) -> Result<Assessment, CliError> {
    let unwritable = |error: String| CliError::new(Exit::Unexpected, error);
    let entry = journal.plan(trace, id, json!(new)).map_err(unwritable)?;
    let created = server.add_assessment(trace, new).await;
    let answer = created.as_ref().map(|created| json!(created)).map_err(ToString::to_string);
    journal.settle(entry, answer).map_err(unwritable)?;
    Ok(created?)
}

/// The feedback that may be overridden: a valid one.
fn overridable<'a>(there: &'a [Assessment], trace: &TraceId, id: &AssessmentId) -> Result<&'a Assessment, CliError> {
    let refused = |message: String| CliError::new(Exit::Refused, format!("{message}; nothing was changed"));
    let Some(old) = there.iter().find(|known| known.id().as_ref() == Some(id)) else {
        let message = format!("trace {trace} has no assessment {id}; nothing was changed");
        return Err(CliError::new(Exit::NotFound, message)
            .hint(format!("list its assessments with `mlflow-trace assessment list {trace}`")));
    };
    if old.kind() != AssessmentKind::Feedback {
        return Err(CliError::usage(format!("{id} is not a feedback; nothing was changed"))
            .hint(format!("`mlflow-trace assessment update {trace} {id} --value …` to change it in place")));
    }
    if old.is_valid() {
        return Ok(old);
    }
    let is_newer =
        |known: &&Assessment| known.as_object().get("overrides").and_then(Value::as_str) == Some(id.as_str());
    let error = refused(format!("{id} is overridden already"));
    Err(match there.iter().find(is_newer).and_then(Assessment::id) {
        Some(newer) => error.hint(format!("override {newer} instead, which replaced it")),
        None => error,
    })
}

/// Looks whether the old one no longer counts, and the new one does.
async fn verify(server: &dyn Writer, trace: &TraceId, old: &AssessmentId, new: &AssessmentId) -> Result<(), CliError> {
    let old_now = server.assessment(trace, old).await?;
    let new_now = server.assessment(trace, new).await?;
    if old_now.is_some_and(|old| !old.is_valid()) && new_now.is_some_and(|new| new.is_valid()) {
        return Ok(());
    }
    Err(CliError::new(Exit::Refused, format!("the server logged {new}, but {old} is still valid"))
        .hint(format!("`mlflow-trace assessment list {trace} --include-overridden` to see the current state")))
}
