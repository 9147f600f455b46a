//! `feedback log` and `expectation log`: what is said about one trace or of several, one after the other.
//!
//! Everything is read and looked up before the first is logged. What a source had said before of the same is told, and
//! `--on-existing` says what to do then, as in an import.

mod read;
mod report;
mod target;

use std::cell::{Cell, RefCell};

use self::read::Request;
pub use self::read::{check_name, metadata_map, on_existing, source_id, value};
use self::report::{Logged, Report};
pub use self::target::LogTarget;
use self::target::find_trace;
use super::{CommandResult, Context, label_schemas, trace_ids};
use crate::annotations::{OnExisting, Row, RowFate, RowOutcome, RowPlace, said_before, to_trace};
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journals;
use crate::cli::{ExpectationLogArgs, FeedbackLogArgs, OutputFormat};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceInfo, rfc3339_utc};

const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Ids];

pub async fn feedback(context: &mut Context<'_>, args: FeedbackLogArgs) -> CommandResult {
    log(context, AssessmentKind::Feedback, &args.assessment, args.rationale.as_deref()).await
}

pub async fn expectation(context: &mut Context<'_>, args: ExpectationLogArgs) -> CommandResult {
    log(context, AssessmentKind::Expectation, &args.assessment, None).await
}

async fn log(
    context: &mut Context<'_>,
    kind: AssessmentKind,
    args: &crate::cli::NewAssessmentArgs,
    rationale: Option<&str>,
) -> CommandResult {
    let format = context.output("log", FORMATS)?;
    let request = Request::read(context, kind, args, rationale)?;
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    let ids = match &request.client_request_id {
        Some(wanted) => vec![find_trace(context, &store, server, wanted).await?],
        None => trace_ids::complete(context, &store, &args.words, request.trace_ids.clone()).await?,
    };
    let traces = trace_ids::changeable(context, server, &ids, false).await?;
    server.takes_assessments()?;
    for row in &request.rows {
        label_schemas::check(server, &traces.infos, kind, &row.name, &row.value).await?;
    }
    let experiments = traces.experiments.into_iter().map(|experiment| experiment.id).collect();
    let journal = AssessmentJournal::begin(context, &format!("{} log", kind.as_str()), experiments)?;
    let target = LogTarget {
        server,
        journal: &journal,
        interrupt: context.interrupt.clone(),
        failed: RefCell::default(),
        is_over: Cell::default(),
    };
    let mut report = Report::new(format, traces.infos.len() * request.rows.len());
    let now = rfc3339_utc(context.ui.clock().now_ms());
    let finishing = context.interrupt.finish_first();
    for info in &traces.infos {
        for logged in log_on(&target, info, &request, &now).await {
            report.add(context, &logged)?;
        }
    }
    drop(finishing);
    let (failed, is_over) = (target.failed.into_inner(), target.is_over.get());
    let way_back = journal.finish()?.map(|run_id| journals::way_back(context, &run_id));
    report.finish(context, way_back, failed.filter(|_| is_over || !context.interrupt.requested()))
}

/// What is said about one trace.
async fn log_on(target: &LogTarget<'_>, info: &TraceInfo, request: &Request, now: &str) -> Vec<Logged> {
    let mut there = info.assessments.clone();
    let mut all = Vec::with_capacity(request.rows.len());
    for template in &request.rows {
        // The id is new each time: who says the same once more, and wants to, says it twice.
        let id = AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple()));
        let row = Row { place: RowPlace::Trace(info.trace_id.clone()), id: Some(id), ..template.clone() };
        let (same, others) = said_before(&row, &there);
        let outcome = match (request.on_existing, same) {
            (None, Some(same)) => {
                RowOutcome::new(&row, Some(info.trace_id.clone()), Some(same), RowFate::Unchanged, None)
            }
            (mode, _) => {
                let mode = mode.unwrap_or(OnExisting::Append);
                let (mut outcomes, now_there) =
                    to_trace(target, &info.trace_id, &[&row], there.clone(), mode, false, now).await;
                there = now_there;
                let Some(outcome) = outcomes.pop() else { return all };
                outcome
            }
        };
        let is_named = |known: &&Assessment| known.id() == outcome.assessment_id;
        let stored = there.iter().find(is_named).cloned();
        let beside = if request.on_existing.is_none() && outcome.result == RowFate::Ok { others } else { Vec::new() };
        all.push(Logged { row, trace_id: info.trace_id.clone(), outcome, stored, beside });
    }
    all
}
