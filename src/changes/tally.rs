//! What became of changes to many traces: a line for each, and a report at the end.

use std::fmt;
use std::io;

use serde_json::{Value, json};

use super::journal::{Counts, Outcome};
use super::tags::ToldChange;
use super::{ChangeError, RunContext, RunResult, journals};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{count, count_traces, one_line};
use crate::store::StoreError;

/// Traces that are named on standard error.
const NAMED: usize = 10;
/// Characters of the reasons that are shown there.
const REASON_WIDTH: usize = 300;

/// What is changed.
#[derive(Clone, Copy, Debug)]
pub enum Noun {
    /// Tags, by key.
    Tag,
    /// Assessments, by id.
    Assessment,
}

impl Noun {
    fn name(self, number: u64) -> &'static str {
        match (self, number) {
            (Self::Tag, 1) => "tag",
            (Self::Tag, _) => "tags",
            (Self::Assessment, 1) => "assessment",
            (Self::Assessment, _) => "assessments",
        }
    }

    /// The key in JSON of what [`ToldChange::key`] holds.
    fn key(self) -> &'static str {
        match self {
            Self::Tag => "key",
            Self::Assessment => "assessment_id",
        }
    }

    /// One change as a line for machines.
    pub fn json<E>(self, told: &ToldChange<E>) -> Value {
        let ToldChange { trace_id, key, outcome, reason, .. } = told;
        json!({"trace_id": trace_id, self.key(): key, "result": word(*outcome), "reason": reason})
    }

    /// Counts, for people.
    #[must_use]
    pub fn count(self, number: u64) -> String {
        format!("{} {}", count(number), self.name(number))
    }
}

fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("not_attempted", Outcome::as_str)
}

/// What became of the changes so far.
pub struct ChangeTally {
    noun: Noun,
    format: OutputFormat,
    /// Traces of which something was changed.
    traces: u64,
    last: Option<TraceId>,
    /// Traces and why they failed or were refused.
    troubles: Vec<(TraceId, &'static str, String)>,
    first: Option<StoreError>,
}

impl ChangeTally {
    /// Nothing so far.
    #[must_use]
    pub fn new(noun: Noun, format: OutputFormat) -> Self {
        Self { noun, format, traces: 0, last: None, troubles: Vec::new(), first: None }
    }

    /// Writes the line of a change, where every change has one, and counts it.
    pub fn hear(&mut self, context: &mut RunContext<'_>, told: ToldChange<StoreError>) -> io::Result<()> {
        if self.format == OutputFormat::Jsonl {
            writeln!(context.ui.output(), "{}", self.noun.json(&told))?;
        }
        self.add(told);
        Ok(())
    }

    fn add(&mut self, told: ToldChange<StoreError>) {
        let ToldChange { trace_id, outcome, reason, error, .. } = told;
        match outcome {
            Some(Outcome::Done) if self.last.as_ref() != Some(&trace_id) => {
                self.traces += 1;
                self.last = Some(trace_id);
            }
            Some(Outcome::Failed | Outcome::Refused) => {
                self.first = self.first.take().or(error);
                self.troubles.push((trace_id, word(outcome), reason.unwrap_or_default()));
            }
            // A batch could not be looked at; the others of it have the same reason.
            None if error.is_some() => {
                self.first = self.first.take().or(error);
                self.troubles.push((trace_id, word(outcome), reason.unwrap_or_default()));
            }
            _ => {}
        }
    }

    /// Says what became of everything; the error is that of what failed first.
    pub fn report(self, context: &mut RunContext<'_>, verb: &str, counts: Counts, run_id: &str) -> RunResult {
        if self.format == OutputFormat::Json {
            context.write_json(&self.json(counts, run_id))?;
        }
        context.ui.flush()?;
        context.ui.status(&self.sentence(verb, counts));
        if counts.done > 0 {
            context.ui.status(&journals::way_back(context, run_id));
        }
        if context.interrupt.requested() {
            context.ui.warning(&format!("interrupted; {} not attempted", count(counts.not_attempted)));
            return Ok(Exit::Interrupted);
        }
        self.verdict(context, counts)
    }

    fn json(&self, counts: Counts, run_id: &str) -> Value {
        let failed: Vec<Value> = self
            .troubles
            .iter()
            .map(|(id, result, reason)| json!({"trace_id": id, "result": result, "error": reason}))
            .collect();
        json!({
            "run_id": run_id, "planned": counts.planned, "traces": self.traces, self.noun.name(0): counts.done,
            "unchanged": counts.unchanged, "spared": counts.spared, "gone": counts.gone, "failed": failed,
            "not_attempted": counts.not_attempted,
        })
    }

    fn sentence(&self, verb: &str, counts: Counts) -> String {
        let mut line = format!("{verb} {} on {}.", self.noun.count(counts.done), count_traces(self.traces));
        for (number, what) in [
            (counts.unchanged, "unchanged"),
            (counts.spared, "spared because they no longer match"),
            (counts.gone, "already gone"),
            (counts.not_attempted, "not attempted"),
        ] {
            if number > 0 {
                line.push_str(&format!(" {} {what}.", count(number)));
            }
        }
        line
    }

    fn verdict(mut self, context: &mut RunContext<'_>, counts: Counts) -> RunResult {
        if self.troubles.is_empty() {
            return Ok(Exit::Done);
        }
        let number = self.troubles.len();
        let (first_id, word, reason) = self.troubles.remove(0);
        for (id, _, reason) in self.troubles.iter().take(NAMED) {
            context.ui.warning(&format!("{id}: {}", one_line(reason, REASON_WIDTH)));
        }
        if number > NAMED + 1 {
            context.ui.warning(&format!("{} more; use -o jsonl for all traces", count((number - NAMED - 1) as u64)));
        }
        let refused = word == Outcome::Refused.as_str();
        Err(ChangeError::Troubles(Box::new(Troubles {
            changes: number as u64,
            refused,
            is_part: counts.done + counts.unchanged > 0 || refused,
            trace_id: first_id,
            reason: one_line(&reason, REASON_WIDTH),
            first: self.first,
        })))
    }
}

/// Changes that failed or were refused.
#[derive(Debug)]
pub struct Troubles {
    /// How many.
    pub changes: u64,
    /// Whether the first of them was refused.
    pub refused: bool,
    /// Whether others were made.
    pub is_part: bool,
    /// The trace of the first one.
    pub trace_id: TraceId,
    /// What was the matter with it.
    pub reason: String,
    /// What failed first.
    pub first: Option<StoreError>,
}

impl fmt::Display for Troubles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_part {
            let word = if self.refused { "refused" } else { "failed" };
            write!(formatter, "{} {word}; ", count_changes(self.changes))?;
        }
        write!(formatter, "{}: {}", self.trace_id, self.reason)
    }
}

fn count_changes(number: u64) -> String {
    if number == 1 { "1 change".to_owned() } else { format!("{} changes", count(number)) }
}
