//! A server, to which one assessment after the other is logged.

use std::cell::{Cell, RefCell};

use serde_json::json;

use crate::annotations::{Row, RowTarget};
use crate::changes::annotations::AssessmentJournal;
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::model::{Assessment, AssessmentId, TraceId};
use crate::store::{Store, Writer};

/// The server, with a journal of what is sent.
pub struct LogTarget<'a> {
    pub server: &'a dyn Writer,
    pub journal: &'a AssessmentJournal,
    pub interrupt: Interrupt,
    /// The first error of the server.
    pub failed: RefCell<Option<CliError>>,
    /// Whether every other request would meet it, too.
    pub is_over: Cell<bool>,
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
    pub fn note(&self, concerns_all: bool, error: CliError) -> String {
        let message = error.message.clone();
        self.is_over.set(self.is_over.get() || concerns_all);
        self.failed.borrow_mut().get_or_insert(error);
        message
    }

    pub fn broken(&self, error: String) -> String {
        self.note(true, CliError::new(Exit::Unexpected, error))
    }
}

/// The one trace that is meant; none or several are an error.
pub async fn find_trace(
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
