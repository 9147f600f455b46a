//! What is told about one assessment that did not just become one of its own.

use super::{Logged, NAMED, Report};
use crate::annotations::RowFate;
use crate::commands::Context;
use crate::model::AssessmentId;

impl Report {
    /// Tells of one that did not just become an assessment of its own.
    pub(super) fn tell(&mut self, context: &mut Context<'_>, logged: &Logged) {
        let Logged { row, trace_id, outcome, beside, .. } = logged;
        let (who, name) = (format!("{} {}", row.source_type, row.source_id), &row.name);
        let id = outcome.assessment_id.as_ref().map_or("", AssessmentId::as_str);
        let said = match (outcome.result, &outcome.overrides) {
            (RowFate::Unchanged | RowFate::Partly, None) => {
                format!("{who} already gave {name:?} this value on {trace_id}: {id}; nothing was logged.")
            }
            (RowFate::Skipped, _) => format!(
                "{who} already gave {name:?} another value on {trace_id}: {id}, which is kept; nothing was logged."
            ),
            (RowFate::Ok | RowFate::Partly, Some(old)) => {
                format!("On {trace_id} it overrides {old}.")
            }
            _ => String::new(),
        };
        let others: Vec<&str> = beside.iter().chain(&outcome.still_valid).map(AssessmentId::as_str).collect();
        if said.is_empty() && others.is_empty() && (outcome.result != RowFate::Failed || self.planned == 1) {
            return;
        }
        self.told += 1;
        if self.told > NAMED {
            return;
        }
        if !said.is_empty() {
            context.ui.status(&said);
        }
        if let Some(first) = others.first() {
            context.ui.warning(&format!(
                "{who} already gave {name:?} another value on {trace_id}, which is still valid: {}",
                others.join(", ")
            ));
            let hint = format!(
                "`mlflow-trace assessment delete {trace_id} {first}` deletes it; --on-existing override replaces it"
            );
            context.ui.labelled("hint:", "36;1", &hint);
        }
        if outcome.result == RowFate::Failed && self.planned > 1 {
            context.ui.warning(&format!("{name:?} on {trace_id} failed: {}", outcome.reason.as_deref().unwrap_or("")));
        }
    }
}
