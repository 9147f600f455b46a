//! `assessment list`, `get`, `update`, `delete`.

mod change;
mod named;

use serde_json::Value;

use self::change::{delete, update};
pub use self::named::named;
use self::named::unknown_assessment;
use super::experiments::write_list;
use super::selection::LIST_FORMATS;
use super::{CommandResult, Context, trace_ids, words};
use crate::cli::{AssessmentCommand, AssessmentGetArgs, AssessmentListArgs, OutputFormat};
use crate::clock::Clock;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, TraceId, TraceInfo};
use crate::output::{Record, RecordCell, shorten_ids};
use crate::store::{Store, StoreError, by_ids};

const HEADERS: &[&str] = &["id", "kind", "name", "value", "source", "rationale", "updated"];

/// The same of several traces.
const HEADERS_OF_MANY: &[&str] = &["trace", "id", "kind", "name", "value", "source", "rationale", "updated"];

pub async fn run(context: &mut Context<'_>, command: AssessmentCommand) -> CommandResult {
    match command {
        AssessmentCommand::List(args) => list(context, args).await,
        AssessmentCommand::Get(args) => get(context, args).await,
        AssessmentCommand::Update(args) => update(context, args).await,
        AssessmentCommand::Delete(args) => delete(context, args).await,
    }
}

async fn list(context: &mut Context<'_>, args: AssessmentListArgs) -> CommandResult {
    let format = context.output("assessment list", LIST_FORMATS)?;
    for word in &args.trace_ids {
        words::refuse_filter(word, "mlflow-trace feedback export - --filter", "writes the feedback of what it finds")?;
    }
    let ids = trace_ids::read(context, &args.trace_ids)?;
    let is_one = ids.len() == 1 && args.trace_ids != ["-"];
    let store = context.store()?;
    let ids = trace_ids::complete(context, &store, &args.trace_ids, ids).await?;
    let mut walk = by_ids(&store, ids);
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
    if !is_one && format == OutputFormat::Table {
        shorten_ids(&mut records, 0);
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
    record.shown.insert(0, info.trace_id.as_str().into());
    if let Some(object) = record.value.as_object_mut() {
        object.entry("trace_id").or_insert_with(|| info.trace_id.as_str().into());
    }
    record
}

async fn get(context: &mut Context<'_>, args: AssessmentGetArgs) -> CommandResult {
    let format = context.output("assessment get", LIST_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let store = context.store()?;
    let (trace_id, word) = (trace_ids::one(context, &store, &args.trace_id).await?, args.assessment_id);
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
    let updated = RecordCell::time(clock, assessment.last_update_time_ms());
    let rationale = assessment.rationale().unwrap_or("").to_owned();
    let shown = vec![
        id.as_str().into(),
        assessment.kind().as_str().into(),
        assessment.name().into(),
        value.into(),
        source.into(),
        rationale.into(),
        updated,
    ];
    Record { shown, value: serde_json::to_value(assessment).unwrap_or(Value::Null), id }
}
