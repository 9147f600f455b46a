//! What `tag set`, `tag delete` and `undo` share: carry a plan for tags out, and report.

use std::path::Path;

use serde_json::json;

use super::server::TagServer;
use super::{TagPlan, apply};
use crate::changes::context::tell_refused;
use crate::changes::journal::{Counts, Header, Outcome};
use crate::changes::journals;
use crate::changes::plan_file;
use crate::changes::tally::{ChangeTally, Noun};
use crate::changes::{ChangeError, RunContext, RunResult};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{Ids, count};
use crate::progress::Progress;

/// The formats of changes.
pub const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Ids];

/// Writes what would be changed, or that it is nothing.
pub fn write_plan(
    context: &mut RunContext<'_>,
    format: OutputFormat,
    plan: &TagPlan,
    dry_run: bool,
) -> Result<(), ChangeError> {
    match format {
        OutputFormat::Json => {
            let totals = json!({"dry_run": dry_run, "planned": plan.tags(), "traces": plan.traces()});
            return Ok(context.write_json(&totals)?);
        }
        OutputFormat::Ids => {
            let ids = plan.groups.iter().flat_map(|group| &group.ids);
            return context.write_ids(ids.map(TraceId::as_str));
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
    context: &mut RunContext<'_>,
    target: &TagServer<'_>,
    plan: &TagPlan,
    manner: Manner<'_>,
) -> RunResult {
    let Manner { header, verb, format, file } = manner;
    let journal = journals::begin(context, header)?;
    if let Some(file) = file {
        plan_file::mark_applied(file, &format!("run {}", journal.run_id()))?;
    }
    let finishing = context.interrupt.finish_first();
    let total = plan.tags();
    let concurrency = context.means.concurrency;
    let visible = context.ui.verbosity().progress && total > concurrency;
    let progress = Progress::new(visible, Some(total as u64), "tagging");
    let interrupt = context.interrupt.clone();
    let mut tally = ChangeTally::new(Noun::Tag, format);
    let tell = |told| {
        progress.advance(1);
        tally.hear(context, told)
    };
    let counts = apply(plan, target, &journal, concurrency, || interrupt.requested(), tell);
    let counts = counts.await.map_err(ChangeError::JournalBroken)?;
    let run_id = journal.finish(counts).map_err(ChangeError::JournalBroken)?;
    drop((progress, finishing));
    tally.report(context, verb, counts, &run_id)
}

/// Looks at what a plan would put back, and says so.
pub async fn look(
    context: &mut RunContext<'_>,
    target: &TagServer<'_>,
    plan: &TagPlan,
    format: OutputFormat,
) -> RunResult {
    let mut ids = Ids::new(context.means.null);
    let looked = super::look(plan, target, |told| match (format, told.outcome) {
        (OutputFormat::Jsonl, _) => {
            let mut line = Noun::Tag.json(&told);
            line["dry_run"] = true.into();
            writeln!(context.ui.output(), "{line}")
        }
        (OutputFormat::Ids, Some(Outcome::Planned)) => ids.write(context.ui.output(), told.trace_id.as_str()),
        _ => Ok(()),
    });
    let counts = looked.await??;
    tell_refused(ids)?;
    say_what_would_be_put_back(context, Noun::Tag, format, counts)
}

/// The end of a dry run of `undo`.
pub fn say_what_would_be_put_back(
    context: &mut RunContext<'_>,
    noun: Noun,
    format: OutputFormat,
    counts: Counts,
) -> RunResult {
    let Counts { unchanged, refused, failed, gone, .. } = counts;
    let open = counts.planned - counts.settled();
    if format == OutputFormat::Json {
        let totals = json!({"dry_run": true, "planned": open, "unchanged": unchanged, "refused": refused, "failed": failed, "gone": gone});
        context.write_json(&totals)?;
    }
    context.ui.status(&format!(
        "WOULD put back {} of {}; {} so already, {} refused because somebody has changed them or they cannot be put back, {} on traces that are gone.",
        count(open),
        noun.count(counts.planned),
        count(unchanged),
        count(refused),
        count(gone)
    ));
    if failed > 0 {
        return Err(ChangeError::PutBackUnknown(noun.count(failed)));
    }
    Ok(Exit::Done)
}
