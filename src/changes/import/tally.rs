//! What became of the traces of an archive: counted, written, told.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attachments::AttachmentTally;
use super::{ImportOutcome, TraceFate};
use crate::changes::{ChangeError, RunContext, RunResult};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::output::{count_attachments, count_traces, one_line};

/// What leaves a trace not as the archive has it where it was to be.
const TROUBLES: [TraceFate; 4] = [TraceFate::Partly, TraceFate::Different, TraceFate::Elsewhere, TraceFate::Failed];
/// Traces that are named on standard error.
const NAMED: usize = 10;
/// Characters of the reasons that are shown there.
const REASONS_WIDTH: usize = 300;

/// What became of all traces so far.
#[derive(Default)]
pub struct ImportTally {
    counts: BTreeMap<&'static str, u64>,
    named: usize,
    dry_run: bool,
    pub(super) attachments: AttachmentTally,
    /// Why not all of them were attempted.
    pub(super) stopped: Option<ChangeError>,
}

impl ImportTally {
    pub(super) fn new(dry_run: bool) -> Self {
        Self { dry_run, ..Self::default() }
    }

    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn count(&self, fate: TraceFate) -> u64 {
        self.counts.get(fate.as_str()).copied().unwrap_or(0)
    }

    pub(super) fn add(
        &mut self,
        context: &mut RunContext<'_>,
        format: OutputFormat,
        outcome: &ImportOutcome,
    ) -> Result<(), ChangeError> {
        *self.counts.entry(outcome.fate.as_str()).or_default() += 1;
        let is_trouble = TROUBLES.contains(&outcome.fate);
        if format == OutputFormat::Jsonl {
            serde_json::to_writer(context.ui.output(), &json_of(outcome)).map_err(std::io::Error::from)?;
            context.ui.output().write_all(b"\n")?;
        } else if !outcome.reasons.is_empty() && (is_trouble || context.ui.verbosity().verbose > 0) {
            self.named += 1;
            if self.named <= NAMED {
                let reasons = one_line(&outcome.reasons.join("; "), REASONS_WIDTH);
                context.ui.warning(&format!("{} ({}): {reasons}", outcome.trace_id, outcome.fate.as_str()));
            }
        }
        Ok(())
    }

    fn report_attachments(&self, context: &mut RunContext<'_>) {
        let AttachmentTally { stored, not_archived } = self.attachments;
        if stored > 0 {
            let verb = if self.dry_run { "would be imported" } else { "imported" };
            context.ui.status(&format!("{} {verb}.", count_attachments(stored)));
        }
        if not_archived > 0 {
            let what = count_attachments(not_archived);
            context.ui.warning(&format!("the archive lacks {what} that its traces refer to"));
        }
    }

    pub(super) fn report(self, context: &mut RunContext<'_>, format: OutputFormat) -> RunResult {
        if format == OutputFormat::Json {
            context.write_json(
                &json!({"traces": self.counts, "stopped": self.stopped.as_ref().map(ToString::to_string)}),
            )?;
        }
        context.ui.flush()?;
        if self.named > NAMED {
            context.ui.warning(&format!("{} more; use -o jsonl for all traces", self.named - NAMED));
        }
        let words = [
            (TraceFate::Imported, "imported"),
            (TraceFate::Repaired, "repaired"),
            (TraceFate::WouldImport, "would be imported"),
            (TraceFate::WouldRepair, "would be repaired"),
            (TraceFate::AlreadyThere, "already there"),
            (TraceFate::Partly, "partly there"),
            (TraceFate::Different, "different on the server"),
            (TraceFate::Elsewhere, "in another experiment"),
            (TraceFate::Failed, "failed"),
        ];
        let told = words.into_iter().filter(|(fate, _)| self.count(*fate) > 0);
        let told: Vec<String> =
            told.map(|(fate, words)| format!("{} {words}", count_traces(self.count(fate)))).collect();
        let told = if told.is_empty() { "The archive has no traces".to_owned() } else { told.join(", ") };
        context.ui.status(&format!("{told}."));
        self.report_attachments(context);
        if let Some(reason) = self.stopped {
            return Err(ChangeError::ImportStopped(Box::new(reason)));
        }
        if context.interrupt.requested() {
            context.ui.status("Interrupted; run the same command again to resume.");
            return Ok(Exit::Interrupted);
        }
        match TROUBLES.into_iter().map(|fate| self.count(fate)).sum() {
            0 => Ok(Exit::Done),
            traces => Err(ChangeError::NotWhole { traces, is_dry_run: self.dry_run }),
        }
    }
}

fn json_of(outcome: &ImportOutcome) -> Value {
    json!({
        "trace_id": outcome.trace_id,
        "experiment_id": outcome.experiment,
        "result": outcome.fate.as_str(),
        "reasons": outcome.reasons,
    })
}
