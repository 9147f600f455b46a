//! What `tag set`, `tag delete` and `undo` share: carry a plan for tags out, and report.

use std::path::Path;

use serde_json::{Value, json};

use super::tag_target::TagServer;
use super::{CommandResult, Context, journals};
use crate::changes::journal::{Counts, Header, Outcome};
use crate::changes::plan_file;
use crate::changes::tags::{self as changes, TagPlan, Told, apply};
use crate::cli::OutputFormat;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{count, count_traces, one_line};
use crate::progress::Progress;
use crate::store::StoreError;

/// More calls at once gain nothing on a server with one database.
const CONCURRENCY: usize = 4;
/// Traces that are named on standard error.
const NAMED: usize = 10;
/// Characters of the reasons that are shown there.
const REASON_WIDTH: usize = 300;

/// The formats of changes.
pub const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Ids];

/// Reads the format.
pub fn format(context: &Context<'_>, command: &str, dry_run: bool) -> Result<OutputFormat, CliError> {
    let format = context.output(command, FORMATS)?;
    if format == OutputFormat::Ids && !dry_run {
        return Err(CliError::usage(format!("{command} writes ids only with --dry-run")));
    }
    Ok(format)
}

/// Asks before anything is changed.
pub fn ask(context: &mut Context<'_>, question: &str) -> Result<(), CliError> {
    match context.ui.confirm(question) {
        Some(true) => Ok(()),
        Some(false) => Err(CliError::new(Exit::SafetyStop, "not confirmed; nothing was changed")),
        None => Err(CliError::new(Exit::SafetyStop, "nobody to ask without a terminal; nothing was changed")
            .hint("add --yes to go on without a question, or --dry-run to only look, where a command has it")),
    }
}

/// Writes what would be changed, or that it is nothing.
pub fn write_plan(
    context: &mut Context<'_>,
    format: OutputFormat,
    plan: &TagPlan,
    dry_run: bool,
) -> Result<(), CliError> {
    match format {
        OutputFormat::Json => {
            let totals = json!({"dry_run": dry_run, "planned": plan.tags(), "traces": plan.traces()});
            return context.write_json(&totals);
        }
        OutputFormat::Ids | OutputFormat::Jsonl => {}
        _ => return Ok(()),
    }
    for id in plan.groups.iter().flat_map(|group| &group.ids) {
        if format == OutputFormat::Ids {
            writeln!(context.ui.output(), "{id}")?;
            continue;
        }
        for change in plan.changes.of(id) {
            let line = json!({"trace_id": id, "key": change.key, "result": "planned", "dry_run": true});
            writeln!(context.ui.output(), "{line}")?;
        }
    }
    Ok(())
}

/// How a plan is carried out.
pub struct Manner<'a> {
    /// The head of its journal.
    pub header: Header,
    /// What was done, for the report: `Set`, `Deleted`, `Put back`.
    pub verb: &'a str,
    /// How to write what became of each change.
    pub format: OutputFormat,
    /// The file of the plan, which is marked as applied before the first change.
    pub file: Option<&'a Path>,
}

/// Carries out a plan, with a journal, and reports.
pub async fn run(
    context: &mut Context<'_>,
    target: &TagServer<'_>,
    plan: &TagPlan,
    manner: Manner<'_>,
) -> CommandResult {
    let Manner { header, verb, format, file } = manner;
    let journal = journals::begin(context, header)?;
    if let Some(file) = file {
        plan_file::mark_applied(file, &format!("run {}", journal.run_id()))?;
    }
    let finishing = context.interrupt.finish_first();
    let total = plan.tags();
    let concurrency = context.settings.http.concurrency.map_or(CONCURRENCY, std::num::NonZeroUsize::get);
    let visible = context.ui.verbosity().progress && total > CONCURRENCY;
    let progress = Progress::new(visible, Some(total as u64), "tagging");
    let interrupt = context.interrupt.clone();
    let mut tally = Tally::default();
    let mut output = Vec::new();
    let counts = apply(
        plan,
        target,
        &journal,
        concurrency,
        || interrupt.requested(),
        |told| {
            progress.advance(1);
            if format == OutputFormat::Jsonl {
                output.clear();
                serde_json::to_writer(&mut output, &json_of(&told))?;
                output.push(b'\n');
                context.ui.output().write_all(&output)?;
            }
            tally.add(told);
            Ok(())
        },
    );
    let counts = counts.await.map_err(|error| journals::broken(&error))?;
    let run_id = journal.finish(counts).map_err(|error| journals::broken(&error))?;
    drop((progress, finishing));
    tally.report(context, (verb, format), counts, &run_id)
}

/// Looks at what a plan would put back, and says so.
pub async fn look(
    context: &mut Context<'_>,
    target: &TagServer<'_>,
    plan: &TagPlan,
    format: OutputFormat,
) -> CommandResult {
    let looked = changes::look(plan, target, |told| match (format, told.outcome) {
        (OutputFormat::Jsonl, _) => {
            let mut line = json_of(&told);
            line["dry_run"] = true.into();
            writeln!(context.ui.output(), "{line}")
        }
        (OutputFormat::Ids, Some(Outcome::Planned)) => writeln!(context.ui.output(), "{}", told.trace_id),
        _ => Ok(()),
    });
    let counts = looked.await??;
    let open = counts.planned - counts.settled();
    if format == OutputFormat::Json {
        let Counts { unchanged, refused, gone, .. } = counts;
        let totals =
            json!({"dry_run": true, "planned": open, "unchanged": unchanged, "refused": refused, "gone": gone});
        context.write_json(&totals)?;
    }
    context.ui.status(&format!(
        "WOULD put back {} of {} tags; {} so already, {} changed by somebody since, {} on traces that are gone.",
        count(open),
        count(counts.planned),
        count(counts.unchanged),
        count(counts.refused),
        count(counts.gone)
    ));
    Ok(Exit::Done)
}

fn json_of<E>(told: &Told<E>) -> Value {
    let Told { trace_id, key, outcome, reason, .. } = told;
    json!({"trace_id": trace_id, "key": key, "result": word(*outcome), "reason": reason})
}

fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("not_attempted", Outcome::as_str)
}

/// What became of the traces.
#[derive(Default)]
struct Tally {
    /// Traces of which some tag was changed.
    traces: u64,
    last: Option<TraceId>,
    /// Traces and why they failed or were refused.
    troubles: Vec<(TraceId, &'static str, String)>,
    first: Option<StoreError>,
}

impl Tally {
    fn add(&mut self, told: Told<StoreError>) {
        let Told { trace_id, outcome, reason, error, .. } = told;
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

    fn report(
        self,
        context: &mut Context<'_>,
        (verb, format): (&str, OutputFormat),
        counts: Counts,
        run_id: &str,
    ) -> CommandResult {
        if format == OutputFormat::Json {
            context.write_json(&self.json(counts, run_id))?;
        }
        context.ui.flush()?;
        context.ui.status(&self.sentence(verb, counts));
        if counts.done > 0 {
            context.ui.status(&format!("`mlflow-trace undo {run_id}` takes it back."));
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
            "run_id": run_id, "planned": counts.planned, "traces": self.traces, "tags": counts.done,
            "unchanged": counts.unchanged, "spared": counts.spared, "gone": counts.gone, "failed": failed,
            "not_attempted": counts.not_attempted,
        })
    }

    fn sentence(&self, verb: &str, counts: Counts) -> String {
        let tags = if counts.done == 1 { "tag" } else { "tags" };
        let mut line = format!("{verb} {} {tags} on {}.", count(counts.done), count_traces(self.traces));
        for (number, what) in [
            (counts.unchanged, "unchanged: it was so already"),
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

    fn verdict(mut self, context: &mut Context<'_>, counts: Counts) -> CommandResult {
        if self.troubles.is_empty() {
            return Ok(Exit::Done);
        }
        let number = self.troubles.len();
        let (first_id, word, reason) = self.troubles.remove(0);
        for (id, _, reason) in self.troubles.iter().take(NAMED) {
            context.ui.warning(&format!("{id}: {}", one_line(reason, REASON_WIDTH)));
        }
        if number > NAMED + 1 {
            context.ui.warning(&format!("{} more; -o jsonl tells of every trace", count((number - NAMED - 1) as u64)));
        }
        let mut error = self.first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
        error.message = format!("{first_id}: {}", one_line(&reason, REASON_WIDTH));
        if counts.done + counts.unchanged > 0 || word == Outcome::Refused.as_str() {
            error.exit = Exit::Partial;
            let word = if word == Outcome::Refused.as_str() { "refused" } else { "failed" };
            error.message = format!("{} {word}; {}", count_changes(number), error.message);
        }
        Err(error)
    }
}

fn count_changes(number: usize) -> String {
    if number == 1 { "1 change".to_owned() } else { format!("{} changes", count(number as u64)) }
}
