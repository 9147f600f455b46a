//! `feedback log` and `expectation log`.

use serde_json::{Map, Value, json};

use super::journals::{self, Single};
use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context, label_schemas, trace_ids};
use crate::changes::journal::Action;
use crate::cli::{
    ExpectationLogArgs, FeedbackLogArgs, KeyValue, NewAssessmentArgs, OutputFormat, SourceArgs, SourceType, TraceTarget,
};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentId, AssessmentKind, TraceId, rfc3339_utc, span_id_in_hex};
use crate::settings::read_value;
use crate::store::{NewAssessment, Store, Writer};

pub async fn feedback(context: &mut Context<'_>, args: FeedbackLogArgs) -> CommandResult {
    let new = new_assessment(context, AssessmentKind::Feedback, &args.assessment)?;
    log(context, &args.assessment.target, NewAssessment { rationale: args.rationale, ..new }).await
}

pub async fn expectation(context: &mut Context<'_>, args: ExpectationLogArgs) -> CommandResult {
    let new = new_assessment(context, AssessmentKind::Expectation, &args.assessment)?;
    if new.value.is_null() {
        return Err(CliError::usage("an expectation cannot be null"));
    }
    log(context, &args.assessment.target, new).await
}

fn new_assessment(
    context: &Context<'_>,
    kind: AssessmentKind,
    args: &NewAssessmentArgs,
) -> Result<NewAssessment, CliError> {
    check_name(&args.name)?;
    let span_id = args.span_id.as_deref().map(|id| {
        span_id_in_hex(id).ok_or_else(|| {
            CliError::usage(format!("{id:?} is no span id"))
                .hint("span ids are 16 hex digits, or base64 as in `mlflow-trace get TRACE_ID -o json`")
        })
    });
    Ok(NewAssessment {
        id: AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple())),
        kind,
        name: args.name.clone(),
        value: read_value(&args.value, args.value_type)?,
        source_type: args.source.source_type.as_str(),
        source_id: source_id(context, &args.source)?,
        rationale: None,
        metadata: metadata_map(&args.metadata),
        span_id: span_id.transpose()?,
        time: rfc3339_utc(context.ui.clock().now_ms()),
    })
}

async fn log(context: &mut Context<'_>, target: &TraceTarget, new: NewAssessment) -> CommandResult {
    let command = format!("{} log", new.kind.as_str());
    let format = context.output("log", SUMMARY_FORMATS)?;
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = find_trace(context, &store, server, target).await?;
    let traces = trace_ids::changeable(context, server, std::slice::from_ref(&trace_id), false).await?.infos;
    label_schemas::check(server, &traces, new.kind, &new.name, &new.value).await?;
    let action = Action::CreateAssessment { assessment_id: new.id.to_string() };
    let single = Single::begin(context, &command, &trace_id, action, (None, Some(as_json(&new))))?;
    let created = server.create_assessment(&trace_id, &new).await;
    let created = created.map_err(CliError::from);
    let (created, way_back) = single.settle(created, |after| Some(journals::assessment(after)))?;
    if format == OutputFormat::Json {
        let value = serde_json::to_value(&created).unwrap_or(Value::Null);
        context.write_json(&value)?;
    } else {
        writeln!(context.ui.output(), "{}", created.id().unwrap_or(new.id))?;
    }
    let kind = new.kind.as_str();
    context.ui.status(&format!("Logged {kind} {:?} on {trace_id} as {} {}.", new.name, new.source_type, new.source_id));
    context.ui.status(&way_back);
    Ok(Exit::Done)
}

/// What is about to be created, in `MLflow`'s JSON.
fn as_json(new: &NewAssessment) -> Value {
    json!({
        "assessment_id": new.id, "assessment_name": new.name,
        "source": {"source_type": new.source_type, "source_id": new.source_id},
        new.kind.as_str(): {"value": new.value}, "rationale": new.rationale, "metadata": new.metadata,
        "span_id": new.span_id, "create_time": new.time,
    })
}

/// The one trace that is meant; none or several are an error.
async fn find_trace(
    context: &Context<'_>,
    store: &Store,
    server: &dyn Writer,
    target: &TraceTarget,
) -> Result<TraceId, CliError> {
    let wanted = match (&target.trace_id, &target.client_request_id) {
        (Some(id), _) => return Ok(TraceId::new(id)),
        (None, Some(wanted)) => wanted,
        (None, None) => return Err(CliError::usage("no trace given")),
    };
    if wanted.contains('\'') && wanted.contains('"') {
        return Err(CliError::usage(format!(
            "the server cannot search for {wanted:?}: its language has no escape for quotes"
        ))
        .hint("give the trace id instead"));
    }
    let experiments = selection::named_experiments(context, store).await?;
    let ids: Vec<_> = experiments.iter().map(|experiment| experiment.id.clone()).collect();
    let found = server.by_client_request_id(&ids, wanted).await?;
    match found.as_slice() {
        [one] => Ok(one.trace_id.clone()),
        [] => Err(CliError::new(
            Exit::NotFound,
            format!("no trace has the client request id {wanted:?}; nothing was changed"),
        )),
        _ => Err(CliError::new(
            Exit::Refused,
            format!("several traces have the client request id {wanted:?}; nothing was changed"),
        )
        .hint(format!("`mlflow-trace search \"client_request_id = '{wanted}'\"` lists them; give one trace id"))),
    }
}

/// Names are checked because the server stores a missing or overlong one without a word.
pub fn check_name(name: &str) -> Result<(), CliError> {
    match name.chars().count() {
        0 => Err(CliError::usage("the name may not be empty")),
        1..=250 => Ok(()),
        length => Err(CliError::usage(format!("the name has {length} characters; 250 are possible"))),
    }
}

/// Metadata as a JSON object of strings.
pub fn metadata_map(pairs: &[KeyValue]) -> Map<String, Value> {
    pairs.iter().map(|pair| (pair.key.clone(), Value::from(pair.value.as_str()))).collect()
}

pub(super) fn source_id(context: &Context<'_>, source: &SourceArgs) -> Result<String, CliError> {
    match (&source.source_id, source.source_type) {
        (Some(id), _) if !id.is_empty() => Ok(id.clone()),
        (_, SourceType::Human) => {
            let user = context.settings.user.clone().or_else(|| whoami::username().ok());
            let user = user.unwrap_or_else(|| "unknown".into());
            let host = whoami::hostname().unwrap_or_else(|_| "localhost".into());
            Ok(format!("{user}@{host}"))
        }
        (_, judge) => Err(CliError::usage(format!("a source of type {} needs --source-id", judge.as_str()))
            .hint("the judge's model for LLM_JUDGE, the program's name for CODE")),
    }
}
