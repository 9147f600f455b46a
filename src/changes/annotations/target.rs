//! The server, as the rows of a trace see it: whatever is sent stands in the journal before.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::json;

use super::bring::Importer;
use crate::annotations::{Row, RowTarget};
use crate::changes::ChangeError;
use crate::model::{Assessment, AssessmentId, ExperimentId, TraceId};
use crate::store::StoreError;

/// The server, as the rows of a trace see it.
pub(super) struct ServerTarget<'a> {
    pub(super) importer: &'a Importer<'a>,
    pub(super) experiments: HashMap<&'a TraceId, ExperimentId>,
    /// After this error no other row is begun.
    pub(super) fatal: RefCell<Option<ChangeError>>,
}

impl RowTarget for ServerTarget<'_> {
    type Error = String;

    async fn create(&self, trace: &TraceId, new: &Assessment) -> Result<Assessment, String> {
        let journal = &self.importer.journal;
        let id = new.id().unwrap_or_else(|| AssessmentId::new(""));
        let entry = journal.plan(trace, &id, json!(new)).map_err(|error| self.without_journal(error))?;
        let stored = self.importer.server.add_assessment(trace, new).await.map_err(|error| self.note(error));
        let answer = stored.as_ref().map(|stored| json!(stored)).map_err(String::clone);
        // What was sent counts, even if it can no longer be written down: no other row is begun.
        journal.settle(entry, answer).unwrap_or_else(|error| drop(self.without_journal(error)));
        stored
    }

    async fn find(&self, trace: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, String> {
        self.importer.server.assessment(trace, id).await.map_err(|error| self.note(error))
    }

    fn objection(&self, trace: &TraceId, row: &Row) -> Option<String> {
        let key = (self.experiments.get(trace)?.clone(), row.name.clone());
        self.importer.known.schemas.get(&key)?.as_ref()?.objection(row.kind, &row.value)
    }

    fn is_stopped(&self) -> bool {
        self.importer.interrupt.requested() || self.fatal.borrow().is_some()
    }
}

impl ServerTarget<'_> {
    fn note(&self, error: StoreError) -> String {
        let text = error.to_string();
        if error.concerns_all() {
            self.fatal.borrow_mut().get_or_insert_with(|| error.into());
        }
        text
    }

    fn without_journal(&self, error: String) -> String {
        self.fatal.borrow_mut().get_or_insert_with(|| ChangeError::Unjournaled(error.clone()));
        error
    }
}
