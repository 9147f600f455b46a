//! What became of the rows of a file: counted, written, told.

use std::collections::BTreeMap;

use serde_json::json;

use crate::annotations::{RowFate, RowOutcome};
use crate::changes::{ChangeError, RunContext, RunResult, journals};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::model::AssessmentKind;
use crate::output::{count, one_line};

/// Failures that are named on standard error.
const NAMED: usize = 10;
/// Characters of a reason that are shown.
const REASON_WIDTH: usize = 300;

/// What became of the rows so far.
pub struct RowTally {
    kind: AssessmentKind,
    format: OutputFormat,
    dry_run: bool,
    /// Rows that an earlier run brought.
    done_before: u64,
    counts: BTreeMap<RowFate, u64>,
    /// Rows beside which something else of their source still counts, although it was to be overridden.
    beside_others: u64,
    /// What tries those that failed once more.
    again: &'static str,
    /// Why not all of them were attempted.
    pub stopped: Option<ChangeError>,
}

impl RowTally {
    pub fn new(kind: AssessmentKind, format: OutputFormat, dry_run: bool, done_before: u64) -> Self {
        let again = "the same command again";
        Self { kind, format, dry_run, done_before, counts: BTreeMap::new(), beside_others: 0, again, stopped: None }
    }

    /// A plan is carried out once: the same command goes on with what was not attempted, and that is all.
    pub fn of_plan(self) -> Self {
        Self { again: "a new plan of the same file", ..self }
    }

    /// Rows that something has become of.
    pub fn attempted(&self) -> u64 {
        self.counts.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn count(&self, fate: RowFate) -> u64 {
        self.counts.get(&fate).copied().unwrap_or(0)
    }

    /// Takes note of a row.
    pub fn add(&mut self, context: &mut RunContext<'_>, outcome: &RowOutcome) -> Result<(), ChangeError> {
        let counted = self.counts.entry(outcome.result).or_default();
        *counted += 1;
        let (line, reason) = (outcome.line, outcome.reason.as_deref().unwrap_or(""));
        let reason = one_line(reason, REASON_WIDTH);
        if !outcome.still_valid.is_empty() {
            self.beside_others += 1;
            if self.beside_others <= NAMED as u64 {
                let trace = outcome.trace_id.as_ref().map(|trace| format!(" on {trace}")).unwrap_or_default();
                context.ui.warning(&format!("line {line}{trace}: {reason}"));
            }
        } else if outcome.result == RowFate::Failed && *counted <= NAMED as u64 {
            context.ui.warning(&format!("line {line} failed: {reason}"));
        } else if outcome.result == RowFate::Spared && *counted <= NAMED as u64 {
            context.ui.status(&format!("line {line} spared: {reason}"));
        } else if outcome.result == RowFate::Skipped && context.ui.verbosity().verbose > 0 {
            context.ui.status(&format!("line {line} skipped: {reason}"));
        }
        if self.format == OutputFormat::Jsonl {
            serde_json::to_writer(context.ui.output(), outcome).map_err(std::io::Error::from)?;
            context.ui.output().write_all(b"\n")?;
        }
        Ok(())
    }

    /// Says what became of them, of which `pending` were to be sent, and how to take the run back.
    pub fn report(self, context: &mut RunContext<'_>, pending: u64, run_id: Option<String>) -> RunResult {
        let left = pending.saturating_sub(self.attempted());
        if self.format == OutputFormat::Json {
            let counts: BTreeMap<&str, u64> =
                self.counts.iter().map(|(fate, number)| (fate.as_str(), *number)).collect();
            context.write_json(&json!({
                "rows": counts, "done_before": self.done_before, "not_attempted": left,
                "dry_run": self.dry_run, "stopped": self.stopped.as_ref().map(ToString::to_string), "run_id": run_id,
            }))?;
        }
        context.ui.flush()?;
        let failed = self.count(RowFate::Failed);
        if failed > NAMED as u64 {
            context.ui.warning(&format!(
                "{} more failed; use -o jsonl or --results for all rows",
                count(failed - NAMED as u64)
            ));
        }
        if self.beside_others > NAMED as u64 {
            let more = count(self.beside_others - NAMED as u64);
            context
                .ui
                .warning(&format!("{more} more next to other valid values; use -o jsonl or --results for all rows"));
        }
        let way_back = run_id.map(|run_id| format!(" {}", journals::way_back(context, &run_id))).unwrap_or_default();
        context.ui.status(&format!("{}{way_back}", self.told()));
        if let Some(reason) = self.stopped {
            return Err(ChangeError::RowsStopped { left, pending, reason: Box::new(reason) });
        }
        if context.interrupt.requested() && left > 0 {
            let left = count(left);
            context
                .ui
                .status(&format!("Interrupted; {left} rows not attempted. Run the same command again to resume."));
            return Ok(Exit::Interrupted);
        }
        let is_dry_run = self.dry_run;
        if failed > 0 {
            return Err(ChangeError::RowsFailed { failed, pending, is_dry_run, again: self.again });
        }
        if self.beside_others > 0 {
            return Err(ChangeError::RowsBeside { rows: self.beside_others, is_dry_run });
        }
        Ok(Exit::Done)
    }

    fn told(&self) -> String {
        let words = [
            (RowFate::Ok, "created"),
            (RowFate::WouldCreate, "WOULD be created"),
            (RowFate::Partly, "added next to other valid values"),
            (RowFate::Unchanged, "already there"),
            (RowFate::Skipped, "skipped"),
            (RowFate::Spared, "skipped because something has changed since"),
            (RowFate::Failed, "failed"),
        ];
        let kind = match self.kind {
            AssessmentKind::Expectation => "Expectations",
            AssessmentKind::Feedback | AssessmentKind::Issue => "Feedback",
        };
        let told = words.into_iter().filter(|(fate, _)| self.count(*fate) > 0);
        let mut told: Vec<String> = told.map(|(fate, words)| format!("{} {words}", count(self.count(fate)))).collect();
        if self.done_before > 0 {
            told.push(format!("{} done by an earlier run", count(self.done_before)));
        }
        if told.is_empty() {
            return "The file has no rows.".to_owned();
        }
        format!("{kind}: {}.", told.join(", "))
    }
}
