//! `feedback log` and `expectation log`: what is said of one trace or of several, one after the other.
//!
//! Everything is read and looked up before the first is logged. What a source had said before of the same is told, and
//! `--on-existing` says what to do then, as in an import.

mod read;
mod report;

use std::cell::{Cell, RefCell};

use serde_json::json;

use self::read::Request;
pub use self::read::{check_name, metadata_map, on_existing, source_id, value};
use self::report::{Logged, Report};
use super::{CommandResult, Context, label_schemas, selection, trace_ids};
use crate::annotations::{OnExisting, Row, RowFate, RowOutcome, RowPlace, RowTarget, said_before, to_trace};
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journals;
use crate::cli::{ExpectationLogArgs, FeedbackLogArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, TraceInfo, rfc3339_utc};
use crate::store::{Store, Writer};

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
        None => request.trace_ids.clone(),
    };
    let traces = trace_ids::changeable(context, server, &ids, false).await?;
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
    let way_back = journal.finish()?.map(|run_id| journals::way_back(&run_id));
    report.finish(context, way_back, failed.filter(|_| is_over || !context.interrupt.requested()))
}

/// What is said of one trace.
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

/// The server, with a journal of what is sent.
struct LogTarget<'a> {
    server: &'a dyn Writer,
    journal: &'a AssessmentJournal,
    interrupt: Interrupt,
    /// The first error of the server.
    failed: RefCell<Option<CliError>>,
    /// Whether every other request would meet it, too.
    is_over: Cell<bool>,
}

impl RowTarget for LogTarget<'_> {
    type Error = String;

    async fn create(&self, trace: &TraceId, new: &Assessment) -> Result<Assessment, String> {
        let id = new.id().unwrap_or_else(|| AssessmentId::new(""));
        let entry = self.journal.plan(trace, &id, json!(new)).map_err(|error| self.broken(error))?;
        let stored = self.server.add_assessment(trace, new).await;
        let answer = stored.as_ref().map(|stored| json!(stored)).map_err(ToString::to_string);
        self.journal.settle(entry, answer).unwrap_or_else(|error| drop(self.broken(error)));
        stored.map_err(|error| self.note(error.concerns_all(), error.into()))
    }

    async fn find(&self, trace: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, String> {
        let found = self.server.assessment(trace, id).await;
        found.map_err(|error| self.note(error.concerns_all(), error.into()))
    }

    fn objection(&self, _: &TraceId, _: &Row) -> Option<String> {
        None
    }

    fn is_stopped(&self) -> bool {
        self.is_over.get() || self.interrupt.requested()
    }
}

impl LogTarget<'_> {
    fn note(&self, concerns_all: bool, error: CliError) -> String {
        let message = error.message.clone();
        self.is_over.set(self.is_over.get() || concerns_all);
        self.failed.borrow_mut().get_or_insert(error);
        message
    }

    fn broken(&self, error: String) -> String {
        self.note(true, CliError::new(Exit::Unexpected, error))
    }
}

/// The one trace that is meant; none or several are an error.
async fn find_trace(
    context: &Context<'_>,
    store: &Store,
    server: &dyn Writer,
    wanted: &str,
) -> Result<TraceId, CliError> {
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
