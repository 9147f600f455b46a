//! What became of what was to be logged: written, counted, told.

mod tell;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::annotations::{Row, RowFate, RowOutcome};
use crate::cli::OutputFormat;
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentId, TraceId};
use crate::output::{count, count_traces};

/// Traces of which it is told one by one.
const NAMED: u64 = 10;

/// One that was to be logged.
pub struct Logged {
    pub row: Row,
    pub trace_id: TraceId,
    pub outcome: RowOutcome,
    /// What stands for it on the server.
    pub stored: Option<Assessment>,
    /// What the source said before, and still counts beside it.
    pub beside: Vec<AssessmentId>,
}

/// What became of all so far.
pub struct Report {
    format: OutputFormat,
    planned: usize,
    /// For one JSON document.
    stored: Vec<Value>,
    fates: BTreeMap<RowFate, u64>,
    told: u64,
    /// By what was said and who said it: on how many traces.
    logged: BTreeMap<(String, String), (u64, String)>,
    first_reason: Option<String>,
}

impl Report {
    pub fn new(format: OutputFormat, planned: usize) -> Self {
        let (fates, logged) = (BTreeMap::new(), BTreeMap::new());
        Self { format, planned, stored: Vec::new(), fates, told: 0, logged, first_reason: None }
    }

    pub fn add(&mut self, context: &mut Context<'_>, logged: &Logged) -> Result<(), CliError> {
        let Logged { row, trace_id, outcome, stored, .. } = logged;
        *self.fates.entry(outcome.result).or_default() += 1;
        let is_there = !matches!(outcome.result, RowFate::Failed);
        let stored =
            stored.as_ref().filter(|_| is_there).map(|stored| serde_json::to_value(stored).unwrap_or(Value::Null));
        match (self.format, stored, &outcome.assessment_id) {
            (OutputFormat::Json, Some(stored), _) => self.stored.push(stored),
            (OutputFormat::Jsonl, Some(stored), _) => writeln!(context.ui.output(), "{stored}")?,
            (OutputFormat::Table | OutputFormat::Ids, _, Some(id)) if is_there => {
                writeln!(context.ui.output(), "{id}")?;
            }
            _ => {}
        }
        let is_new =
            outcome.result == RowFate::Ok || (outcome.result == RowFate::Partly && outcome.overrides.is_some());
        if is_new {
            let who = format!("{} {}", row.source_type, row.source_id);
            let what = (format!("{} {:?}", row.kind.as_str(), row.name), who);
            let (number, place) = self.logged.entry(what).or_insert_with(|| (0, trace_id.to_string()));
            *number += 1;
            if *number > 1 {
                *place = count_traces(*number);
            }
        }
        if outcome.result == RowFate::Failed {
            self.first_reason.get_or_insert_with(|| outcome.reason.clone().unwrap_or_default());
        }
        self.tell(context, logged);
        Ok(())
    }

    fn count(&self, fate: RowFate) -> u64 {
        self.fates.get(&fate).copied().unwrap_or(0)
    }

    pub fn finish(self, context: &mut Context<'_>, way_back: Option<String>, error: Option<CliError>) -> CommandResult {
        let attempted: u64 = self.fates.values().sum();
        let (failed, left) = (self.count(RowFate::Failed), (self.planned as u64).saturating_sub(attempted));
        let done = attempted - failed;
        if self.format == OutputFormat::Json && done > 0 {
            let value = if self.planned == 1 { self.stored[0].clone() } else { json!(self.stored) };
            context.write_json(&value)?;
        }
        context.ui.flush()?;
        if self.told > NAMED {
            context.ui.status(&format!("{} more not listed.", count(self.told - NAMED)));
        }
        for ((what, who), (_, place)) in &self.logged {
            context.ui.status(&format!("Logged {what} on {place} as {who}."));
        }
        if let Some(way_back) = way_back {
            context.ui.status(&way_back);
        }
        if failed == 0 && left == 0 {
            let is_partly = self.count(RowFate::Partly) > 0;
            let partly = || CliError::new(Exit::Partial, "other values that were to be overridden are still valid");
            return if is_partly { Err(partly()) } else { Ok(Exit::Done) };
        }
        if context.interrupt.requested() && error.is_none() {
            context.ui.status(&format!("Interrupted; {} of {} were not attempted.", count(left), self.planned));
            return Ok(Exit::Interrupted);
        }
        let reason = self.first_reason.unwrap_or_default();
        let mut error = error.unwrap_or_else(|| CliError::new(Exit::Refused, reason));
        if self.planned > 1 {
            error.message = format!(
                "{} of {} logged or already there; {} failed and {} not attempted: {}",
                count(done),
                self.planned,
                count(failed),
                count(left),
                error.message
            );
            error = error.hint("run the same command again to log what is missing; nothing is logged twice");
        }
        if done > 0 {
            error.exit = Exit::Partial;
        }
        Err(error)
    }
}
