//! A deletion from its plan to its report: show, ask, archive, delete, look again, tell.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::archive::{self, Archived};
use super::artifacts::{Artifacts, Left};
use super::batches::{PlanOutcome, apply, carried_out};
use super::conduct::{Conduct, DeletionPace};
use super::killed::Killed;
use super::report::{DeletionFacts, deletion_json, describe_outcomes, describe_plan};
use super::target::ServerDeletion;
use crate::changes::error::{ChangeError, Deed};
use crate::changes::journal::{Counts, Header, Journal};
use crate::changes::run::{Change, Terms, carry_out};
use crate::changes::{RunContext, RunResult, journals, plan_file};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{count, count_traces, describe_archives, describe_artifacts, describe_met, describe_part};
use crate::progress::Progress;
use crate::retention::{Plan, RetentionPolicy, RuleMet, Totals};
use crate::store::{StoreError, Writer};

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
    pub pace: DeletionPace,
    /// The plan that is applied: its name and its file, unless an earlier run marked it.
    pub plan: Option<(String, Option<PathBuf>)>,
    /// The run that was killed and that is gone on with.
    pub resumes: Option<Killed>,
}

/// What was done.
pub struct Done {
    outcomes: Vec<PlanOutcome<StoreError>>,
    archived: Archived,
    left: Left,
}

/// A deletion, and what goes where.
struct Planned<'a> {
    deletion: &'a Deletion,
    server: &'a dyn Writer,
    plans: &'a [Plan],
}

impl Change for Planned<'_> {
    type Done = Done;

    fn deed(&self) -> Deed {
        Deed::Delete
    }

    fn traces(&self) -> u64 {
        self.plans.iter().map(|plan| plan.traces.len() as u64).sum()
    }

    fn is_idle(&self) -> bool {
        self.traces() == 0 && self.deletion.resumes.is_none()
    }

    fn show(&self, context: &mut RunContext<'_>) {
        let Self { deletion, plans, .. } = *self;
        let met = deletion.met.iter();
        let unknown = met.flat_map(|rule| rule.unknown.values().chain(rule.not_selected.values())).sum();
        let totals = Totals { unknown, ..Totals::planned(plans) };
        context.record.totals = totals;
        for plan in plans {
            let line = describe_plan(plan, deletion.facts(), context.ui.clock());
            context.ui.status(&line);
        }
        if let Some(line) = describe_part(totals.planned, deletion.newest_of) {
            context.ui.status(&line);
        }
        let lines = describe_archives(plans).into_iter().chain(describe_artifacts(&deletion.policy, plans));
        for line in lines.chain(describe_met(&deletion.met)) {
            context.ui.status(&line);
        }
    }

    fn refused(&self, context: &mut RunContext<'_>) -> Result<(), ChangeError> {
        self.deletion.summary(context, self.plans, None)
    }

    async fn only_shown(&mut self, context: &mut RunContext<'_>) -> RunResult {
        self.deletion.summary(context, self.plans, None)?;
        self.deletion.doubts(Exit::Done)
    }

    fn check(&self, context: &mut RunContext<'_>) -> Result<(), ChangeError> {
        archive::check_places(context, self.plans)
    }

    fn question(&self) -> Option<String> {
        let planned = self.traces();
        let what = match self.deletion.newest_of {
            Some(all) => format!("the newest {} of {}", count(planned), count_traces(all)),
            None => count_traces(planned),
        };
        (planned > 0).then(|| format!("Permanently delete {what}?"))
    }

    fn header(&self, context: &RunContext<'_>) -> Header {
        let Deletion { command, hash, plan, resumes, .. } = self.deletion;
        let mut header = journals::header(context, command).about(self.plans.iter().map(|plan| &plan.experiment));
        header.hash.clone_from(hash);
        header.plan = plan.as_ref().map(|(name, _)| name.clone());
        header.resumes = resumes.as_ref().map(|killed| killed.run_id.clone());
        header
    }

    async fn apply(&mut self, context: &mut RunContext<'_>, journal: Journal) -> Result<Done, ChangeError> {
        self.deletion.apply(context, self.server, self.plans, journal).await
    }

    fn report(&self, context: &mut RunContext<'_>, run_id: &str, done: Done) -> RunResult {
        let artifacts_remaining = done.left.tally.all();
        let totals = Totals { artifacts_remaining, ..carried_out(context.record.totals, &done.outcomes) };
        context.record.totals = totals;
        self.deletion.summary(context, self.plans, Some((run_id, &done)))?;
        let left = done.left.error(run_id);
        let exit = self.deletion.doubts(self.deletion.report(context, done, totals)?)?;
        left.filter(|_| exit == Exit::Done).map_or(Ok(exit), Err)
    }
}

/// Says how many of the traces that are to go the store will not delete.
async fn warn_of_refused(context: &mut RunContext<'_>, server: &dyn Writer, plans: &[Plan]) -> Result<(), ChangeError> {
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for plan in plans {
        let ids: Vec<TraceId> = plan.traces.iter().map(|trace| trace.trace_id.clone()).collect();
        for (_, error) in server.not_deleted(&ids).await? {
            *reasons.entry(error.to_string()).or_default() += 1;
        }
    }
    for (reason, number) in reasons {
        context.ui.warning(&format!("keeps {}: {reason}", count_traces(number)));
    }
    Ok(())
}

/// Traces that are named on standard error.
const NAMED: usize = 10;

/// The formats of deletions; ids only before anything is deleted.
pub const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Ids];

impl Deletion {
    /// What a plan file says, which was agreed to; `file` is the plan's, unless an earlier run marked it.
    #[must_use]
    pub fn of_plan(
        header: &plan_file::Header,
        policy: RetentionPolicy,
        (resumes, file): (Option<Killed>, Option<PathBuf>),
        (format, pace): (OutputFormat, DeletionPace),
    ) -> Self {
        Self {
            command: "apply",
            policy,
            met: Vec::new(),
            hash: header.hash.clone(),
            reason: "the plan says so",
            cutoff_ms: None,
            keeper: "",
            newest_of: None,
            max_delete: None,
            dry_run: false,
            yes: true,
            format,
            pace,
            plan: Some((header.plan_id.clone(), file)),
            resumes,
        }
    }

    /// Shows the plans, asks, and carries them out.
    pub async fn run(&self, context: &mut RunContext<'_>, server: &dyn Writer, plans: &[Plan]) -> RunResult {
        warn_of_refused(context, server, plans).await?;
        let terms = Terms {
            most: self.max_delete,
            is_dry_run: self.dry_run,
            is_agreed: self.yes,
            plan: self.plan.as_ref().and_then(|(_, file)| file.as_deref()),
        };
        carry_out(context, &mut Planned { deletion: self, server, plans }, terms).await
    }

    /// Traces that were kept only because something failed make a run that did everything else one that did not.
    fn doubts(&self, exit: Exit) -> RunResult {
        let failed: u64 = self.met.iter().map(|rule| rule.failed).sum();
        if failed == 0 || exit != Exit::Done {
            return Ok(exit);
        }
        Err(ChangeError::InDoubt(failed))
    }

    fn facts(&self) -> DeletionFacts {
        let (dry_run, cutoff_ms, keeper) = (self.dry_run, self.cutoff_ms, self.keeper);
        DeletionFacts { dry_run, cutoff_ms, keeper, newest_of: self.newest_of }
    }

    async fn apply(
        &self,
        context: &mut RunContext<'_>,
        server: &dyn Writer,
        plans: &[Plan],
        journal: Journal,
    ) -> Result<Done, ChangeError> {
        let _finishing = context.interrupt.finish_first();
        let planned = plans.iter().map(|plan| plan.traces.len() as u64).sum();
        let mut counts = Counts { planned, ..Counts::default() };
        let before = match &self.resumes {
            Some(killed) => killed.settle(context, server, &journal, &mut counts).await?,
            None => Left::default(),
        };
        let (journal, archived) = self.archive(context, server, plans, (journal, counts)).await?;
        let artifacts = Artifacts::new(server, context.object_store(), &journal);
        let counts = RefCell::new(counts);
        let progress = Progress::new(context.ui.verbosity().progress, Some(planned), "deleting");
        let mut outcomes: Vec<PlanOutcome<StoreError>> = Vec::with_capacity(plans.len());
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
            let target = ServerDeletion { server, policy: &self.policy, archived: &archived, artifacts: &artifacts };
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
        context: &mut RunContext<'_>,
        server: &dyn Writer,
        plans: &[Plan],
        (journal, counts): (Journal, Counts),
    ) -> Result<(Journal, Archived), ChangeError> {
        let resumes = self.resumes.as_ref().map(|killed| killed.run_id.as_str());
        let run = archive::Run { id: journal.run_id(), resumes, pace: self.pace };
        let error = match archive::run(context, server, run, plans).await {
            Ok(archived) => {
                archived
                    .folders()
                    .try_for_each(|folder| journal.archived(folder))
                    .map_err(ChangeError::JournalBroken)?;
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
    fn summary(
        &self,
        context: &mut RunContext<'_>,
        plans: &[Plan],
        run: Option<(&str, &Done)>,
    ) -> Result<(), ChangeError> {
        match self.format {
            OutputFormat::Ids => {
                let traces = plans.iter().flat_map(|plan| &plan.traces);
                context.write_ids(traces.map(|trace| trace.trace_id.as_str()))?;
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
        context: &mut RunContext<'_>,
        Done { outcomes, archived, left }: Done,
        totals: Totals,
    ) -> RunResult {
        let (not_attempted, not_archived) = (totals.not_attempted(), archived.spared());
        let Totals { deleted, remaining, .. } = totals;
        context.ui.status(&describe_outcomes(&outcomes, not_archived));
        left.tell(context, NAMED);
        if not_archived > 0 {
            for (id, reason) in archived.examples(NAMED) {
                context.ui.warning(&format!("{id} was not archived: {reason}"));
            }
        }
        let (broken, failures): (Vec<_>, Vec<_>) = outcomes
            .into_iter()
            .map(|outcome| (outcome.broken, outcome.failures.into_iter().chain(outcome.refusal)))
            .unzip();
        if let Some(error) = broken.into_iter().flatten().next() {
            return Err(ChangeError::JournalBroken(error));
        }
        if remaining == 0 && not_attempted == 0 && not_archived == 0 {
            return self.resumes.as_ref().map_or(Ok(Exit::Done), Killed::end);
        }
        if remaining == 0 && not_attempted == 0 {
            return Err(ChangeError::NotArchived(not_archived));
        }
        if context.interrupt.requested() {
            context.ui.warning(&format!("interrupted; {} not attempted", count_traces(not_attempted)));
            return Ok(Exit::Interrupted);
        }
        let first = failures.into_iter().flatten().next();
        if first.is_none() && remaining == 0 && self.pace.is_over() {
            return Err(ChangeError::TimeIsOver(not_attempted));
        }
        Err(ChangeError::Remaining { remaining, not_attempted, some_went: deleted > 0, first })
    }
}
