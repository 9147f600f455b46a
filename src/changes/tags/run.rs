//! What `tag set`, `tag delete` and `undo` share: carry a plan for tags out, and report.

use std::path::Path;

use serde_json::json;

use super::server::TagServer;
use super::{TagPlan, apply};
use crate::changes::context::tell_refused;
use crate::changes::journal::{Counts, Header, Journal, Outcome};
use crate::changes::plan_file::{Line, Operation};
use crate::changes::run::Change;
use crate::changes::tally::{ChangeTally, Noun};
use crate::changes::{ChangeError, RunContext, RunResult};
use crate::changes::{Deed, plan_file, plans};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::model::{Experiment, TraceId};
use crate::output::{Ids, count};
use crate::progress::Progress;

/// The formats of changes.
pub const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Ids];

/// A plan for tags, and how it is carried out.
pub struct TagRun<'a> {
    /// Where.
    pub target: TagServer<'a>,
    /// What.
    pub plan: TagPlan,
    /// The head of its journal.
    pub header: Header,
    /// What was done, for the report: `Set`, `Deleted`, `Put back`.
    pub verb: &'a str,
    /// How to write what became of each change.
    pub format: OutputFormat,
    /// What to say about it before; nothing if it was spelled out.
    pub shown: Option<String>,
    /// What to ask; nothing if it was spelled out.
    pub question: Option<String>,
    /// Nothing is to be changed.
    pub is_dry_run: bool,
    /// Where to write the plan instead, with its head and lines.
    pub save_to: Option<(&'a Path, plan_file::Header, Vec<Line>)>,
}

impl<'a> TagRun<'a> {
    /// What lines of a plan file say about these experiments, which was agreed to; nothing if they are about something else.
    #[must_use]
    pub fn of_plan(
        target: TagServer<'a>,
        (operation, lines): (&Operation, &[Line]),
        experiments: &[Experiment],
        (header, format): (Header, OutputFormat),
    ) -> Option<Self> {
        let (verb, plan) = TagPlan::of_lines(operation, lines, experiments)?;
        let (shown, question, is_dry_run, save_to) = (None, None, false, None);
        Some(Self { target, plan, header, verb, format, shown, question, is_dry_run, save_to })
    }
}

impl Change for TagRun<'_> {
    type Done = (Counts, ChangeTally);

    fn deed(&self) -> Deed {
        Deed::Change
    }

    fn traces(&self) -> u64 {
        self.plan.traces() as u64
    }

    /// A plan that is carried out is then known as carried out, even if nothing of it is left.
    fn is_idle(&self) -> bool {
        self.traces() == 0 && self.header.plan.is_none()
    }

    fn show(&self, context: &mut RunContext<'_>) {
        if let Some(line) = &self.shown {
            context.ui.status(line);
        }
    }

    async fn saved(&mut self, context: &mut RunContext<'_>) -> Result<Option<Exit>, ChangeError> {
        let Some((file, header, lines)) = &self.save_to else { return Ok(None) };
        plans::write(context, file, header.clone(), lines).map(Some)
    }

    async fn only_shown(&mut self, context: &mut RunContext<'_>) -> RunResult {
        if self.header.undoes.is_some() {
            return look(context, &self.target, &self.plan, self.format).await;
        }
        self.write(context)?;
        if !self.is_dry_run {
            context.ui.status("Nothing to change: 0 traces.");
        }
        Ok(Exit::Done)
    }

    fn question(&self) -> Option<String> {
        self.question.clone()
    }

    fn header(&self, _: &RunContext<'_>) -> Header {
        self.header.clone()
    }

    async fn apply(&mut self, context: &mut RunContext<'_>, journal: Journal) -> Result<Self::Done, ChangeError> {
        let Self { plan, target, format, .. } = self;
        let finishing = context.interrupt.finish_first();
        let total = plan.tags();
        let concurrency = context.means.concurrency;
        let visible = context.ui.verbosity().progress && total > concurrency;
        let progress = Progress::new(visible, Some(total as u64), "tagging");
        let interrupt = context.interrupt.clone();
        let mut tally = ChangeTally::new(Noun::Tag, *format);
        let tell = |told| {
            progress.advance(1);
            tally.hear(context, told)
        };
        let counts = apply(plan, target, &journal, concurrency, || interrupt.requested(), tell);
        let counts = counts.await.map_err(ChangeError::JournalBroken)?;
        journal.finish(counts).map_err(ChangeError::JournalBroken)?;
        drop((progress, finishing));
        Ok((counts, tally))
    }

    fn report(&self, context: &mut RunContext<'_>, run_id: &str, (counts, tally): Self::Done) -> RunResult {
        tally.report(context, self.verb, counts, run_id)
    }
}

impl TagRun<'_> {
    /// Writes what would be changed, or that it is nothing.
    fn write(&self, context: &mut RunContext<'_>) -> Result<(), ChangeError> {
        let plan = &self.plan;
        let ids = plan.groups.iter().flat_map(|group| &group.ids);
        match self.format {
            OutputFormat::Json => {
                let totals = json!({"dry_run": self.is_dry_run, "planned": plan.tags(), "traces": plan.traces()});
                context.write_json(&totals)?;
            }
            OutputFormat::Ids => context.write_ids(ids.map(TraceId::as_str))?,
            OutputFormat::Jsonl => {
                let mut changes = ids.flat_map(|id| plan.changes.of(id).iter().map(move |change| (id, change)));
                changes.try_for_each(|(id, change)| {
                    let line = json!({"trace_id": id, "key": change.key, "result": "planned", "dry_run": true});
                    writeln!(context.ui.output(), "{line}")
                })?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Looks at what a plan would put back, and says so.
async fn look(context: &mut RunContext<'_>, target: &TagServer<'_>, plan: &TagPlan, format: OutputFormat) -> RunResult {
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
        "WOULD restore {} of {}; {} unchanged, {} refused because they were changed since or cannot be restored, {} on deleted traces.",
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
