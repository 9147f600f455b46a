//! `feedback override`: another judgement in the place of one, which stays on record as no longer valid.

use serde_json::Value;

use super::log_assessment::{metadata_map, source_id};
use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context, trace_ids};
use crate::cli::{FeedbackOverrideArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, rfc3339_utc};
use crate::settings::read_value;
use crate::store::server::NewAssessment;
use crate::store::{ServerStore, StoreError};

pub async fn run(context: &mut Context<'_>, args: FeedbackOverrideArgs) -> CommandResult {
    let format = context.output("feedback override", SUMMARY_FORMATS)?;
    let value = read_value(&args.value, args.value_type)?;
    let source_id = source_id(context, &args.source)?;
    let store = context.store()?;
    let server = store.writer()?;
    let (trace_id, old_id) = (TraceId::new(args.trace_id), AssessmentId::new(args.assessment_id));
    let infos = trace_ids::changeable(context, server, std::slice::from_ref(&trace_id), false).await?.infos;
    let there: Vec<Assessment> = infos.into_iter().flat_map(|info| info.assessments).collect();
    let old = overridable(&there, &trace_id, &old_id)?;
    let new = NewAssessment {
        id: AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple())),
        kind: AssessmentKind::Feedback,
        name: old.name().to_owned(),
        value,
        source_type: args.source.source_type.as_str(),
        source_id,
        rationale: args.rationale,
        metadata: metadata_map(&args.metadata),
        span_id: old.span_id().map(str::to_owned),
        overrides: Some(old_id.clone()),
        time: rfc3339_utc(context.ui.clock().now_ms()),
    };
    let created = server.create_assessment(&trace_id, &new).await.map_err(StoreError::from)?;
    verify(server, &trace_id, &old_id, &new.id).await?;
    if format == OutputFormat::Json {
        context.write_json(&serde_json::to_value(&created).unwrap_or(Value::Null))?;
    } else {
        writeln!(context.ui.output(), "{}", created.id().unwrap_or(new.id))?;
    }
    context.ui.status(&format!("Feedback {:?} on {trace_id} is overridden; {old_id} is no longer valid.", new.name));
    Ok(Exit::Done)
}

/// The feedback that may be overridden: a valid one.
fn overridable<'a>(there: &'a [Assessment], trace: &TraceId, id: &AssessmentId) -> Result<&'a Assessment, CliError> {
    let refused = |message: String| CliError::new(Exit::Refused, format!("{message}; nothing was changed"));
    let Some(old) = there.iter().find(|known| known.id().as_ref() == Some(id)) else {
        return Err(refused(format!("the trace {trace} has no assessment {id}"))
            .hint(format!("`mlflow-trace assessment list {trace}` shows those it has")));
    };
    if old.kind() != AssessmentKind::Feedback {
        return Err(CliError::usage(format!("{id} is no feedback; nothing was changed"))
            .hint(format!("`mlflow-trace assessment update {trace} {id} --value …` changes it in place")));
    }
    if old.is_valid() {
        return Ok(old);
    }
    let is_newer =
        |known: &&Assessment| known.as_object().get("overrides").and_then(Value::as_str) == Some(id.as_str());
    let error = refused(format!("{id} is overridden already"));
    Err(match there.iter().find(is_newer).and_then(Assessment::id) {
        Some(newer) => error.hint(format!("override {newer}, which took its place")),
        None => error,
    })
}

/// Looks whether the old one no longer counts, and the new one does.
async fn verify(server: &ServerStore, trace: &TraceId, old: &AssessmentId, new: &AssessmentId) -> Result<(), CliError> {
    let old_now = server.assessment(trace, old).await.map_err(StoreError::from)?;
    let new_now = server.assessment(trace, new).await.map_err(StoreError::from)?;
    if old_now.is_some_and(|old| !old.is_valid()) && new_now.is_some_and(|new| new.is_valid()) {
        return Ok(());
    }
    Err(CliError::new(Exit::Refused, format!("the server logged {new}, but did not make {old} invalid"))
        .hint(format!("`mlflow-trace assessment list {trace} --include-overridden` shows how it is now")))
}
