//! What `tag set`, `tag delete` and `undo` share: carry a plan for tags out, and report.

use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::json;

use super::tag_target::TagServer;
use super::tally::{Noun, Tally};
use super::{CommandResult, Context, journals, trace_ids};
use crate::changes::journal::{Counts, Header, Outcome};
use crate::changes::plan_file;
use crate::changes::tags::{self as changes, TagPlan, apply};
use crate::cli::OutputFormat;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{Ids, count, count_traces};
use crate::progress::Progress;

/// Requests under way at once: more gain nothing on a server with one database.
pub fn concurrency(context: &Context<'_>) -> usize {
    context.settings.http.concurrency.map_or(4, NonZeroUsize::get)
}

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
        None => {
            Err(CliError::new(Exit::SafetyStop, "cannot ask for confirmation: not a terminal; nothing was changed")
                .hint("add --yes to continue without confirmation, or --dry-run (if available) to see the plan"))
        }
    }
}

/// Refuses more than `--max` allows, before anything is changed; the hint says how to look at what it would be.
pub fn check_cap(most: Option<u64>, traces: u64, hint: &str) -> Result<(), CliError> {
    match most {
        Some(most) if traces > most => {
            let message =
                format!("{} would be changed, more than --max {most}; nothing was changed", count_traces(traces));
            Err(CliError::new(Exit::SafetyStop, message).hint(hint))
        }
        _ => Ok(()),
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
        OutputFormat::Ids => {
            let ids = plan.groups.iter().flat_map(|group| &group.ids);
            return trace_ids::write(context, ids.map(TraceId::as_str));
        }
        OutputFormat::Jsonl => {}
        _ => return Ok(()),
    }
    for id in plan.groups.iter().flat_map(|group| &group.ids) {
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
    let concurrency = concurrency(context);
    let visible = context.ui.verbosity().progress && total > concurrency;
    let progress = Progress::new(visible, Some(total as u64), "tagging");
    let interrupt = context.interrupt.clone();
    let mut tally = Tally::new(Noun::Tag, format);
    let tell = |told| {
        progress.advance(1);
        tally.hear(context, told)
    };
    let counts = apply(plan, target, &journal, concurrency, || interrupt.requested(), tell);
    let counts = counts.await.map_err(|error| journals::broken(&error))?;
    let run_id = journal.finish(counts).map_err(|error| journals::broken(&error))?;
    drop((progress, finishing));
    tally.report(context, verb, counts, &run_id)
}

/// Looks at what a plan would put back, and says so.
pub async fn look(
    context: &mut Context<'_>,
    target: &TagServer<'_>,
    plan: &TagPlan,
    format: OutputFormat,
) -> CommandResult {
    let mut ids = Ids::new(context.settings.null);
    let looked = changes::look(plan, target, |told| match (format, told.outcome) {
        (OutputFormat::Jsonl, _) => {
            let mut line = Noun::Tag.json(&told);
            line["dry_run"] = true.into();
            writeln!(context.ui.output(), "{line}")
        }
        (OutputFormat::Ids, Some(Outcome::Planned)) => ids.write(context.ui.output(), told.trace_id.as_str()),
        _ => Ok(()),
    });
    let counts = looked.await??;
    trace_ids::tell_refused(&ids)?;
    say_what_would_be_put_back(context, Noun::Tag, format, counts)
}

/// The end of a dry run of `undo`.
pub fn say_what_would_be_put_back(
    context: &mut Context<'_>,
    noun: Noun,
    format: OutputFormat,
    counts: Counts,
) -> CommandResult {
    let Counts { unchanged, refused, failed, gone, .. } = counts;
    let open = counts.planned - counts.settled();
    if format == OutputFormat::Json {
        let totals = json!({"dry_run": true, "planned": open, "unchanged": unchanged, "refused": refused, "failed": failed, "gone": gone});
        context.write_json(&totals)?;
    }
    context.ui.status(&format!(
        "WOULD restore {} of {}; {} unchanged, {} refused because they were changed since or cannot be restored, {} on deleted traces.",
        count(open),
        noun.count(counts.planned),
        count(unchanged),
        count(refused),
        count(gone)
    ));
    if failed > 0 {
        let message = format!("cannot tell whether the traces of {} exist", noun.count(failed));
        return Err(CliError::new(Exit::Partial, message).hint("use -o jsonl for the reasons"));
    }
    Ok(Exit::Done)
}
