//! What `delete` and `retention run` share: show a plan, ask, carry it out, report.

mod archive;
mod artifacts;
pub mod clock;
mod conduct;
mod killed;
pub mod rules;
mod target;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use self::archive::Archived;
pub use self::archive::{absolute_place, check_policy as check_archives};
use self::artifacts::{Artifacts, Left};
use self::conduct::Conduct;
pub use self::conduct::{Pace, why};
pub use self::killed::Killed;
use self::target::ServerTarget;
pub use self::target::{is_home, members};
use super::journals::broken;
use super::{CommandResult, Context, journals, selection, trace_ids, undecided};
use crate::changes::journal::{Counts, Journal};
use crate::changes::plan_file;
use crate::cli::{OutputFormat, SelectionArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy, SessionScope};
use crate::model::Experiment;
use crate::output::{
    DeletionFacts, count, count_traces, deletion_json, describe_archives, describe_artifacts, describe_met,
    describe_outcomes, describe_part, describe_plan,
};
use crate::progress::Progress;
use crate::retention::{Outcome, Plan, Planned, Policy, Refusal, RetentionPolicy, RuleMet, Totals, apply, plan};
use crate::store::{Store, StoreError, Writer};

/// How a deletion is to be done.
pub struct Deletion {
    /// The command, without its arguments.
    pub command: &'static str,
    /// What may be deleted, which is asked again before each batch.
    pub policy: RetentionPolicy,
    /// What the rules met when the plan was made.
    pub met: Vec<RuleMet>,
    /// Of how many traces the plans hold only the newest, if it is so.
    pub newest_of: Option<u64>,
    /// SHA-256 of the filter or the policy.
    pub hash: Option<String>,
    /// Why traces go that no rule of a policy names.
    pub reason: &'static str,
    /// The start of the youngest trace that may go, in epoch milliseconds, where that is one for all.
    pub cutoff_ms: Option<i64>,
    /// What keeps, for people: `by --keep-if`.
    pub keeper: &'static str,
    /// More than this is a safety stop.
    pub max_delete: Option<u64>,
    /// Show and stop.
    pub dry_run: bool,
    /// Do not ask.
    pub yes: bool,
    /// How to write the summary.
    pub format: OutputFormat,
    /// How fast, and for how long.
    pub pace: Pace,
    /// The plan that is applied: its name and its file, unless an earlier run marked it.
    pub plan: Option<(String, Option<PathBuf>)>,
    /// The run that was killed and that is gone on with.
    pub resumes: Option<Killed>,
}

/// What became of a deletion.
pub struct Carried {
    /// The numbers.
    pub totals: Totals,
    /// How the run ends.
    pub result: CommandResult,
}

/// What was done.
struct Done {
    outcomes: Vec<Outcome<StoreError>>,
    archived: Archived,
    left: Left,
}

/// Traces that are named on standard error.
const NAMED: usize = 10;

/// The formats of deletions; ids only before anything is deleted.
pub const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Ids];

/// Reads the format.
pub fn format(context: &Context<'_>, command: &str, dry_run: bool) -> Result<OutputFormat, CliError> {
    let format = context.output(command, FORMATS)?;
    if format == OutputFormat::Ids && !dry_run {
        return Err(CliError::usage(format!("{command} writes ids only with --dry-run")));
    }
    Ok(format)
}

/// Plans for these experiments: all ids are collected before anything is deleted.
pub async fn plans(
    context: &mut Context<'_>,
    store: &Store,
    experiments: Vec<Experiment>,
    policy: &Policy,
) -> Result<Vec<Plan>, CliError> {
    let mut plans = Vec::with_capacity(experiments.len());
    for experiment in experiments {
        let selected = collect(context, store, &experiment, policy.selection()?).await?;
        plans.push(plan(experiment, policy, selected, &HashSet::new()));
    }
    Ok(plans)
}

async fn collect(
    context: &mut Context<'_>,
    store: &Store,
    experiment: &Experiment,
    filter: Filter,
) -> Result<Vec<Planned>, CliError> {
    let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
    let (mut walk, info_part) = (store.search(&query, None)?, filter.info_part());
    let (mut traces, mut contradictions, mut speakers) = (Vec::new(), 0, 0);
    while let Some(page) = walk.next_page().await? {
        for trace in &page {
            let matches = info_part.matches(trace, &SessionScope::default()).may_be_true();
            if matches && is_home(&trace.info, &experiment.id) {
                speakers += u64::from(trace.info.session_it_speaks_of(None).is_some());
                traces.push(Planned::of(&trace.info));
            } else {
                contradictions += 1;
            }
        }
    }
    if contradictions > 0 {
        return Err(Refusal::FilterIgnored { experiment: experiment.name.clone(), traces: contradictions }.into());
    }
    undecided::warn(context, walk.undecided());
    warn_of_sessions(context, speakers);
    Ok(traces)
}

/// Says what goes with traces that were named or selected and carry what was said of their whole sessions.
pub fn warn_of_sessions(context: &mut Context<'_>, speakers: u64) {
    if speakers > 0 {
        let number = count_traces(speakers);
        context
            .ui
            .warning(&format!("{number} of them carry assessments of whole sessions, which are deleted with them"));
    }
}

impl Deletion {
    /// Shows the plans, asks, and carries them out.
    pub async fn run(&self, context: &mut Context<'_>, server: &dyn Writer, plans: &[Plan]) -> CommandResult {
        self.carry_out(context, server, plans).await?.result
    }

    /// The same, and what became of it in numbers. An error means that nothing was deleted.
    pub async fn carry_out(
        &self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        plans: &[Plan],
    ) -> Result<Carried, CliError> {
        let unknown = self.met.iter().flat_map(|rule| rule.unknown.values().chain(rule.not_selected.values())).sum();
        let mut totals = Totals { unknown, ..Totals::planned(plans) };
        context.record.totals = totals;
        for plan in plans {
            let line = describe_plan(plan, self.facts(), context.ui.clock());
            context.ui.status(&line);
        }
        if let Some(line) = describe_part(totals.planned, self.newest_of) {
            context.ui.status(&line);
        }
        let lines = describe_archives(plans).into_iter().chain(describe_artifacts(&self.policy, plans));
        for line in lines.chain(describe_met(&self.met)) {
            context.ui.status(&line);
        }
        self.check_cap(context, plans, totals.planned)?;
        let is_idle = totals.planned == 0 && self.resumes.is_none();
        if self.dry_run || is_idle {
            self.summary(context, plans, None)?;
            return Ok(Carried { totals, result: self.doubts(Exit::Done) });
        }
        if totals.planned > 0 {
            archive::check_places(context, plans)?;
            self.ask(context, totals.planned)?;
        }
        let journal = self.begin(context, plans)?;
        let run_id = journal.run_id().to_owned();
        context.record.run_id = Some(run_id.clone());
        let done = self.apply(context, server, plans, journal).await?;
        totals = Totals { artifacts_remaining: done.left.tally.all(), ..totals.carried_out(&done.outcomes) };
        context.record.totals = totals;
        self.summary(context, plans, Some((&run_id, &done)))?;
        let left = done.left.error(&run_id);
        let result = self.report(context, done, totals).and_then(|exit| self.doubts(exit));
        let result = result.and_then(|exit| left.filter(|_| exit == Exit::Done).map_or(Ok(exit), Err));
        Ok(Carried { totals, result })
    }

    /// Traces that were kept only because something failed make a run that did everything else one that did not.
    fn doubts(&self, exit: Exit) -> CommandResult {
        let failed: u64 = self.met.iter().map(|rule| rule.failed).sum();
        if failed == 0 || exit != Exit::Done {
            return Ok(exit);
        }
        let message = format!("{} kept because the data needed to decide could not be read", count_traces(failed));
        Err(CliError::new(Exit::Partial, message)
            .hint("make sure that the server can reach its artifact store; a later run tries again"))
    }

    fn check_cap(&self, context: &mut Context<'_>, plans: &[Plan], planned: u64) -> Result<(), CliError> {
        let Some(most) = self.max_delete.filter(|most| planned > *most) else { return Ok(()) };
        self.summary(context, plans, None)?;
        let message =
            format!("{} would be deleted, more than --max-delete {most}; nothing was deleted", count_traces(planned));
        Err(CliError::new(Exit::SafetyStop, message).hint("review the list with --dry-run -o ids, then raise the cap"))
    }

    /// Begins the journal, and marks the plan as applied.
    fn begin(&self, context: &Context<'_>, plans: &[Plan]) -> Result<Journal, CliError> {
        let mut header = journals::header(context, self.command).about(plans.iter().map(|plan| &plan.experiment));
        header.hash.clone_from(&self.hash);
        header.plan = self.plan.as_ref().map(|(name, _)| name.clone());
        header.resumes = self.resumes.as_ref().map(|killed| killed.run_id.clone());
        let journal = journals::begin(context, header)?;
        if let Some((_, Some(file))) = &self.plan {
            plan_file::mark_applied(file, &format!("run {}", journal.run_id()))?;
        }
        Ok(journal)
    }

    fn facts(&self) -> DeletionFacts {
        let (dry_run, cutoff_ms, keeper) = (self.dry_run, self.cutoff_ms, self.keeper);
        DeletionFacts { dry_run, cutoff_ms, keeper, newest_of: self.newest_of }
    }

    fn ask(&self, context: &mut Context<'_>, planned: u64) -> Result<(), CliError> {
        if self.yes {
            return Ok(());
        }
        let what = match self.newest_of {
            Some(all) => format!("the newest {} of {}", count(planned), count_traces(all)),
            None => count_traces(planned),
        };
        match context.ui.confirm(&format!("Permanently delete {what}?")) {
            Some(true) => Ok(()),
            Some(false) => Err(CliError::new(Exit::SafetyStop, "not confirmed; nothing was deleted")),
            None => {
                Err(CliError::new(Exit::SafetyStop, "cannot ask for confirmation: not a terminal; nothing was deleted")
                    .hint("add --yes to delete without confirmation, or --dry-run to see the plan"))
            }
        }
    }

    async fn apply(
        &self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        plans: &[Plan],
        journal: Journal,
    ) -> Result<Done, CliError> {
        let _finishing = context.interrupt.finish_first();
        let planned = plans.iter().map(|plan| plan.traces.len() as u64).sum();
        let mut counts = Counts { planned, ..Counts::default() };
        let before = match &self.resumes {
            Some(killed) => killed.settle(context, server, &journal, &mut counts).await?,
            None => Left::default(),
        };
        let (journal, archived) = self.archive(context, server, plans, (journal, counts)).await?;
        let artifacts = Artifacts::new(server, &journal);
        let counts = RefCell::new(counts);
        let progress = Progress::new(context.ui.verbosity().progress, Some(planned), "deleting");
        let mut outcomes: Vec<Outcome<StoreError>> = Vec::with_capacity(plans.len());
        for plan in plans {
            let mut conduct = Conduct {
                journal: &journal,
                counts: &counts,
                interrupt: context.interrupt,
                progress: &progress,
                pace: self.pace,
                // A server that failed one experiment's batches in a row is not asked for the next experiment's.
                gave_up: outcomes.iter().any(|outcome| outcome.not_attempted > 0),
                reason: self.reason,
                archived: &archived,
                artifacts: &artifacts,
                open: HashMap::new(),
            };
            let target = ServerTarget { server, policy: &self.policy, archived: &archived, artifacts: &artifacts };
            outcomes.push(apply(plan, &target, &mut conduct).await);
        }
        let left = artifacts.into_left().and(before);
        let mut counts = counts.into_inner();
        counts.not_attempted = outcomes.iter().map(|outcome| outcome.not_attempted as u64).sum();
        let is_broken = outcomes.iter().any(|outcome| outcome.broken.is_some());
        // What cannot be finished tells by itself that something went wrong.
        if let (Err(error), false) = (journal.finish(counts), is_broken) {
            context.ui.warning(&format!("the journal could not be finished: {error}"));
        }
        Ok(Done { outcomes, archived, left })
    }

    /// Archives what has to be before it is deleted; the journal of a run that cannot is closed.
    async fn archive(
        &self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        plans: &[Plan],
        (journal, counts): (Journal, Counts),
    ) -> Result<(Journal, Archived), CliError> {
        let resumes = self.resumes.as_ref().map(|killed| killed.run_id.as_str());
        let run = archive::Run { id: journal.run_id(), resumes, pace: self.pace };
        let error = match archive::run(context, server, run, plans).await {
            Ok(archived) => {
                archived.folders().try_for_each(|folder| journal.archived(folder)).map_err(|error| broken(&error))?;
                return Ok((journal, archived));
            }
            Err(error) => error,
        };
        let not_attempted = plans.iter().map(|plan| plan.traces.len() as u64).sum();
        if let Err(error) = journal.finish(Counts { not_attempted, ..counts }) {
            context.ui.warning(&format!("the journal could not be finished: {error}"));
        }
        Err(error)
    }

    /// Writes the machine-readable summary.
    fn summary(&self, context: &mut Context<'_>, plans: &[Plan], run: Option<(&str, &Done)>) -> Result<(), CliError> {
        match self.format {
            OutputFormat::Ids => {
                let traces = plans.iter().flat_map(|plan| &plan.traces);
                trace_ids::write(context, traces.map(|trace| trace.trace_id.as_str()))?;
            }
            OutputFormat::Json => {
                let (run_id, done) = run.unzip();
                let (outcomes, tally) =
                    done.map_or((&[][..], None), |done| (&done.outcomes[..], Some(done.left.tally)));
                let places = (done.map(|done| done.archived.summary()), tally.unwrap_or_default());
                context.write_json(&deletion_json((self.facts(), &self.met), run_id, plans, outcomes, places))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Says what became of the plans.
    fn report(
        &self,
        context: &mut Context<'_>,
        Done { outcomes, archived, left }: Done,
        totals: Totals,
    ) -> CommandResult {
        let (not_attempted, not_archived) = (totals.not_attempted(), archived.spared());
        let Totals { deleted, remaining, .. } = totals;
        context.ui.status(&describe_outcomes(&outcomes, not_archived));
        left.tell(context, NAMED);
        if not_archived > 0 {
            for (id, reason) in archived.examples(NAMED) {
                context.ui.warning(&format!("{id} was not archived: {reason}"));
            }
        }
        if let Some(error) = outcomes.iter().find_map(|outcome| outcome.broken.as_ref()) {
            return Err(broken(error));
        }
        if remaining == 0 && not_attempted == 0 && not_archived == 0 {
            return self.resumes.as_ref().map_or(Ok(Exit::Done), Killed::end);
        }
        if remaining == 0 && not_attempted == 0 {
            let message = format!("{} not archived and therefore kept", count_traces(not_archived));
            return Err(CliError::new(Exit::Partial, message)
                .hint("see the reasons with `mlflow-trace runs show`; a later run tries again"));
        }
        if context.interrupt.requested() {
            context.ui.warning(&format!("interrupted; {} not attempted", count_traces(not_attempted)));
            return Ok(Exit::Interrupted);
        }
        let first = outcomes.into_iter().flat_map(|outcome| outcome.failures).next();
        if first.is_none() && remaining == 0 && self.pace.is_over() {
            let message = format!("time limit reached (--max-time); {} not attempted", count_traces(not_attempted));
            return Err(CliError::new(Exit::Partial, message).hint("the next run continues with them"));
        }
        let why = first.as_ref().map_or_else(|| "the server did not delete them".to_owned(), ToString::to_string);
        let message = format!("{} remain and {} not attempted: {why}", count_traces(remaining), count(not_attempted));
        let mut error = first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
        error.exit = if deleted > 0 { Exit::Partial } else { error.exit };
        error.message = message;
        Err(error.hint("run the same command again to retry the rest"))
    }
}

/// The filter and flags that select, if there are any; a filter that selects everything is refused.
pub fn selecting_filter(
    context: &mut Context<'_>,
    text: Option<&str>,
    flags: &SelectionArgs,
) -> Result<Option<Filter>, CliError> {
    if text.is_none() && flags.is_empty() {
        return Ok(None);
    }
    let filter = selection::filter(context, text, flags)?;
    if filter.is_empty() {
        return Err(CliError::usage("an empty filter matches everything; nothing was changed")
            .hint("to select every trace, write timestamp_ms >= 0")
            .hint("to delete by age alone, omit the filter: `retention run --older-than …`"));
    }
    if filter.ignores_a_run() {
        return Err(CliError::usage("MLflow ignores a run_id condition of this filter, so it would select too much")
            .hint("name exactly one run; for traces without a run, write run_id IS NULL"));
    }
    if let Some(key) = filter.star_key() {
        return Err(CliError::usage(format!("{key} means a key named *; nothing was changed"))
            .hint("any feedback: feedback IS NOT NULL; any assessment: assessment IS NOT NULL; to use a key named *, put it in backticks"));
    }
    Ok(Some(filter))
}
