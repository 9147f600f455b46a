//! What `delete` and `retention run` share: show a plan, ask, carry it out, report.

use std::collections::HashSet;

use super::server_target::{RecheckRule, ServerTarget};
use super::{CommandResult, Context, selection};
use crate::cli::{OutputFormat, SelectionArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy};
use crate::model::Experiment;
use crate::output::{DeletionFacts, count, count_traces, deletion_json, describe_outcomes, describe_plan};
use crate::progress::Progress;
use crate::retention::{Outcome, Plan, Planned, Policy, RetentionPolicy, Totals, apply, plan};
use crate::store::{ServerStore, Store, StoreError};

/// What says what may be deleted, and is asked again before each batch.
pub enum Basis {
    /// A filter and a cut-off.
    Selection(Box<Policy>),
    /// Rules.
    Rules(RetentionPolicy),
}

impl Basis {
    fn rechecks(&self, experiment: &Experiment) -> Result<Vec<RecheckRule>, CliError> {
        Ok(match self {
            Self::Selection(policy) => {
                vec![RecheckRule { selection: policy.selection()?, keep_if: policy.keep_if.clone() }]
            }
            Self::Rules(policy) => {
                let about = policy.rules.iter().filter(|rule| rule.is_about(experiment));
                about
                    .map(|rule| RecheckRule { selection: rule.filter.clone(), keep_if: rule.keep_if.clone() })
                    .collect()
            }
        })
    }
}

/// How a deletion is to be done.
pub struct Deletion {
    /// What may be deleted.
    pub basis: Basis,
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
}

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
pub async fn plans(store: &Store, experiments: Vec<Experiment>, policy: &Policy) -> Result<Vec<Plan>, CliError> {
    let mut plans = Vec::with_capacity(experiments.len());
    for experiment in experiments {
        let selected = collect(store, &experiment, policy.selection()?).await?;
        let mut kept = HashSet::new();
        for keeper in policy.keepers()? {
            kept.extend(collect(store, &experiment, keeper).await?.into_iter().map(|trace| trace.trace_id));
        }
        plans.push(plan(experiment, policy, selected, &kept));
    }
    Ok(plans)
}

async fn collect(store: &Store, experiment: &Experiment, filter: Filter) -> Result<Vec<Planned>, CliError> {
    let query = selection::query(std::slice::from_ref(experiment), filter, OrderBy::default());
    let mut walk = store.search(&query, None)?;
    let mut traces = Vec::new();
    while let Some(page) = walk.next_page().await? {
        traces.extend(page.iter().map(|trace| Planned::of(&trace.info)));
    }
    Ok(traces)
}

impl Deletion {
    /// Shows the plans, asks, and carries them out.
    pub async fn run(&self, context: &mut Context<'_>, server: &ServerStore, plans: &[Plan]) -> CommandResult {
        self.carry_out(context, server, plans).await.map(|(exit, _)| exit)
    }

    /// The same, and how many traces were deleted.
    pub async fn carry_out(
        &self,
        context: &mut Context<'_>,
        server: &ServerStore,
        plans: &[Plan],
    ) -> Result<(Exit, u64), CliError> {
        context.record.totals = Totals::planned(plans);
        let planned = context.record.totals.planned;
        for plan in plans {
            let line = describe_plan(plan, self.facts(), context.ui.clock());
            context.ui.status(&line);
        }
        let over_cap = self.max_delete.filter(|most| planned > *most);
        if let Some(most) = over_cap {
            self.summary(context, plans, &[])?;
            let message = format!(
                "{} would be deleted, more than --max-delete {most}; nothing was deleted",
                count_traces(planned)
            );
            return Err(CliError::new(Exit::SafetyStop, message)
                .hint("look at the list with --dry-run -o ids, then raise the cap"));
        }
        if self.dry_run || planned == 0 {
            self.summary(context, plans, &[])?;
            return Ok((Exit::Done, 0));
        }
        self.ask(context, planned)?;
        let outcomes = self.apply(context, server, plans, planned).await?;
        context.record.totals = context.record.totals.carried_out(&outcomes);
        self.summary(context, plans, &outcomes)?;
        let deleted = outcomes.iter().map(|outcome| outcome.deleted as u64).sum();
        Ok((report(context, outcomes)?, deleted))
    }

    fn facts(&self) -> DeletionFacts {
        DeletionFacts { dry_run: self.dry_run, cutoff_ms: self.cutoff_ms, keeper: self.keeper }
    }

    fn ask(&self, context: &mut Context<'_>, planned: u64) -> Result<(), CliError> {
        if self.yes {
            return Ok(());
        }
        match context.ui.confirm(&format!("Delete {} for good?", count_traces(planned))) {
            Some(true) => Ok(()),
            Some(false) => Err(CliError::new(Exit::SafetyStop, "not confirmed; nothing was deleted")),
            None => Err(CliError::new(Exit::SafetyStop, "nobody to ask without a terminal; nothing was deleted")
                .hint("add --yes to delete without a question, or --dry-run to only look")),
        }
    }

    async fn apply(
        &self,
        context: &mut Context<'_>,
        server: &ServerStore,
        plans: &[Plan],
        planned: u64,
    ) -> Result<Vec<Outcome<StoreError>>, CliError> {
        let _finishing = context.interrupt.finish_first();
        let progress = Progress::new(context.ui.verbosity().progress, Some(planned), "deleting");
        let mut outcomes = Vec::with_capacity(plans.len());
        for plan in plans {
            // A server that failed one experiment's batches in a row is not asked for the next experiment's.
            let gave_up = outcomes.iter().any(|outcome: &Outcome<StoreError>| outcome.not_attempted > 0);
            let target = ServerTarget { server, rules: self.basis.rechecks(&plan.experiment)? };
            let stop = || gave_up || context.interrupt.requested();
            outcomes.push(apply(plan, &target, stop, |settled| progress.advance(settled)).await);
        }
        Ok(outcomes)
    }

    /// Writes the machine-readable summary.
    fn summary(
        &self,
        context: &mut Context<'_>,
        plans: &[Plan],
        outcomes: &[Outcome<StoreError>],
    ) -> Result<(), CliError> {
        match self.format {
            OutputFormat::Ids => {
                for trace in plans.iter().flat_map(|plan| &plan.traces) {
                    writeln!(context.ui.output(), "{}", trace.trace_id)?;
                }
            }
            OutputFormat::Json => context.write_json(&deletion_json(self.facts(), plans, outcomes))?,
            _ => {}
        }
        Ok(())
    }
}

/// Says what became of the plans.
fn report(context: &mut Context<'_>, outcomes: Vec<Outcome<StoreError>>) -> CommandResult {
    let sum = |part: fn(&Outcome<StoreError>) -> usize| outcomes.iter().map(part).sum::<usize>() as u64;
    context.ui.status(&describe_outcomes(&outcomes));
    let deleted = sum(|outcome| outcome.deleted);
    let (remaining, not_attempted) = (sum(|outcome| outcome.remaining.len()), sum(|outcome| outcome.not_attempted));
    if remaining == 0 && not_attempted == 0 {
        return Ok(Exit::Done);
    }
    if context.interrupt.requested() {
        context.ui.warning(&format!("interrupted; {} not attempted", count_traces(not_attempted)));
        return Ok(Exit::Interrupted);
    }
    let first = outcomes.into_iter().flat_map(|outcome| outcome.failures).next();
    let why = first.as_ref().map_or_else(|| "the server did not delete them".to_owned(), ToString::to_string);
    let message = format!("{} remain and {} were not attempted: {why}", count_traces(remaining), count(not_attempted));
    let mut error = first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
    error.exit = if deleted > 0 { Exit::Partial } else { error.exit };
    error.message = message;
    Err(error.hint("run the same command again to try the rest"))
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
            .hint("to mean every trace, write timestamp_ms >= 0")
            .hint("to delete by age alone, leave the filter out of `retention run --older-than …`"));
    }
    if filter.ignores_a_run() {
        return Err(CliError::usage("MLflow ignores a run_id of this filter, so it selects more than it says")
            .hint("name one run that is not empty; traces without a run: run_id IS NULL"));
    }
    Ok(Some(filter))
}
