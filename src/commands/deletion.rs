//! What `delete` and `retention run` share: show a plan, ask, carry it out, report.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::CommandResult;
use super::Context;
use crate::cli::{OutputFormat, SelectionArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, ExperimentId, TraceId, rfc3339_utc};
use crate::output::{bytes, count};
use crate::progress::Progress;
use crate::retention::{Outcome, Plan, Planned, Policy, Recheck, Target, apply, plan};
use crate::store::{ServerError, ServerStore, Store};

use super::selection;

/// How a deletion is to be done.
pub struct Deletion {
    /// What may be deleted.
    pub policy: Policy,
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
        let selected = collect(store, &experiment, &policy.selection()).await?;
        let mut kept = HashSet::new();
        for keeper in policy.keepers() {
            kept.extend(collect(store, &experiment, &keeper).await?.into_iter().map(|trace| trace.trace_id));
        }
        plans.push(plan(experiment, policy, selected, &kept));
    }
    Ok(plans)
}

async fn collect(store: &Store, experiment: &Experiment, filter: &str) -> Result<Vec<Planned>, CliError> {
    let order_by = OrderBy::parse(&["timestamp_ms ASC".to_owned()])?;
    let query = selection::query(std::slice::from_ref(experiment), Filter::parse(filter)?, order_by);
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
        let planned: u64 = plans.iter().map(|plan| plan.traces.len() as u64).sum();
        for plan in plans {
            context.ui.status(&self.describe(context, plan));
        }
        let over_cap = self.max_delete.filter(|most| planned > *most);
        if let Some(most) = over_cap {
            self.summary(context, plans, &[])?;
            let message =
                format!("{} would be deleted, more than --max-delete {most}; nothing was deleted", traces(planned));
            return Err(CliError::new(Exit::SafetyStop, message)
                .hint("look at the list with --dry-run -o ids, then raise the cap"));
        }
        if self.dry_run || planned == 0 {
            self.summary(context, plans, &[])?;
            return Ok(Exit::Done);
        }
        self.ask(context, planned)?;
        let outcomes = self.apply(context, server, plans, planned).await;
        self.summary(context, plans, &outcomes)?;
        report(context, outcomes)
    }

    fn describe(&self, context: &Context<'_>, plan: &Plan) -> String {
        let Experiment { name, id, .. } = &plan.experiment;
        let verb = if self.dry_run { "WOULD delete" } else { "Will delete" };
        let kept =
            if plan.kept > 0 { format!(" {} kept by --keep-if.", count(plan.kept as u64)) } else { String::new() };
        let cutoff = self
            .policy
            .cutoff_ms
            .map_or_else(String::new, |ms| format!(" of {} or older", context.ui.clock().local(ms)));
        let (Some(oldest), Some(newest)) = (plan.oldest_ms(), plan.newest_ms()) else {
            return format!("Nothing to delete{cutoff} in experiment {name} (id {id}).{kept}");
        };
        let size = plan.size_bytes();
        let size = if size > 0 { format!(", {}", bytes(size)) } else { String::new() };
        let clock = context.ui.clock();
        format!(
            "{verb} {}{cutoff} from experiment {name} (id {id}): oldest {}, newest {}{size}.{kept}",
            traces(plan.traces.len() as u64),
            clock.local(oldest),
            clock.local(newest)
        )
    }

    fn ask(&self, context: &mut Context<'_>, planned: u64) -> Result<(), CliError> {
        if self.yes {
            return Ok(());
        }
        match context.ui.confirm(&format!("Delete {} for good?", traces(planned))) {
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
    ) -> Vec<Outcome<ServerError>> {
        let _finishing = context.interrupt.finish_first();
        let progress = Progress::new(context.ui.verbosity().progress, Some(planned), "deleting");
        let target = ServerTarget { server, selection: self.policy.selection(), keep_if: self.policy.keep_texts() };
        let mut outcomes = Vec::with_capacity(plans.len());
        for plan in plans {
            // A server that failed one experiment's batches in a row is not asked for the next experiment's.
            let gave_up = outcomes.iter().any(|outcome: &Outcome<ServerError>| outcome.not_attempted > 0);
            let stop = || gave_up || context.interrupt.requested();
            outcomes.push(apply(plan, &target, stop, |settled| progress.advance(settled)).await);
        }
        outcomes
    }

    /// Writes the machine-readable summary.
    fn summary(
        &self,
        context: &mut Context<'_>,
        plans: &[Plan],
        outcomes: &[Outcome<ServerError>],
    ) -> Result<(), CliError> {
        match self.format {
            OutputFormat::Ids => {
                for trace in plans.iter().flat_map(|plan| &plan.traces) {
                    writeln!(context.ui.output(), "{}", trace.trace_id)?;
                }
            }
            OutputFormat::Json => context.write_json(&self.summary_json(plans, outcomes))?,
            _ => {}
        }
        Ok(())
    }

    fn summary_json(&self, plans: &[Plan], outcomes: &[Outcome<ServerError>]) -> Value {
        let experiments: Vec<Value> =
            plans.iter().enumerate().map(|(index, plan)| experiment_json(plan, outcomes.get(index))).collect();
        let total = |key: &str| experiments.iter().filter_map(|experiment| experiment[key].as_u64()).sum::<u64>();
        json!({
            "dry_run": self.dry_run,
            "cutoff": self.policy.cutoff_ms.map(rfc3339_utc),
            "planned": total("planned"),
            "kept": total("kept"),
            "deleted": total("deleted"),
            "spared": total("spared"),
            "gone": total("gone"),
            "remaining": total("remaining"),
            "not_attempted": total("not_attempted"),
            "experiments": experiments,
        })
    }
}

/// Says what became of the plans.
fn report(context: &mut Context<'_>, outcomes: Vec<Outcome<ServerError>>) -> CommandResult {
    let sum = |part: fn(&Outcome<ServerError>) -> usize| outcomes.iter().map(part).sum::<usize>() as u64;
    let (planned, deleted) = (sum(|outcome| outcome.planned), sum(|outcome| outcome.deleted));
    let mut line = format!("Deleted {} of {}.", count(deleted), traces(planned));
    for (number, what) in [
        (sum(|outcome| outcome.spared), "spared because they no longer match"),
        (sum(|outcome| outcome.gone), "already gone"),
    ] {
        if number > 0 {
            line.push_str(&format!(" {} {what}.", count(number)));
        }
    }
    context.ui.status(&line);
    let (remaining, not_attempted) = (sum(|outcome| outcome.remaining.len()), sum(|outcome| outcome.not_attempted));
    if remaining == 0 && not_attempted == 0 {
        return Ok(Exit::Done);
    }
    if context.interrupt.requested() {
        context.ui.warning(&format!("interrupted; {} not attempted", traces(not_attempted)));
        return Ok(Exit::Interrupted);
    }
    let first = outcomes.into_iter().flat_map(|outcome| outcome.failures).next();
    let why = first.as_ref().map_or_else(|| "the server did not delete them".to_owned(), ToString::to_string);
    let message = format!("{} remain and {} were not attempted: {why}", traces(remaining), count(not_attempted));
    let mut error = first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
    error.exit = if deleted > 0 { Exit::Partial } else { error.exit };
    error.message = message;
    Err(error.hint("run the same command again to try the rest"))
}

fn experiment_json(plan: &Plan, outcome: Option<&Outcome<ServerError>>) -> Value {
    let part = |value: fn(&Outcome<ServerError>) -> usize| outcome.map_or(0, value);
    json!({
        "experiment_id": plan.experiment.id,
        "name": plan.experiment.name,
        "planned": plan.traces.len(),
        "kept": plan.kept,
        "oldest": plan.oldest_ms().map(rfc3339_utc),
        "newest": plan.newest_ms().map(rfc3339_utc),
        "size_bytes": plan.size_bytes(),
        "deleted": part(|outcome| outcome.deleted),
        "spared": part(|outcome| outcome.spared),
        "gone": part(|outcome| outcome.gone),
        "remaining": part(|outcome| outcome.remaining.len()),
        "remaining_ids": outcome.map(|outcome| outcome.remaining.as_slice()).unwrap_or_default(),
        "not_attempted": part(|outcome| outcome.not_attempted),
        "failures": outcome.map(|outcome| outcome.failures.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap_or_default(),
    })
}

fn traces(number: u64) -> String {
    if number == 1 { "1 trace".into() } else { format!("{} traces", count(number)) }
}

/// A tracking server as the place where plans are carried out.
struct ServerTarget<'a> {
    server: &'a ServerStore,
    selection: String,
    keep_if: Vec<String>,
}

impl Target for ServerTarget<'_> {
    type Error = ServerError;

    async fn recheck(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Recheck, ServerError> {
        let existing = self.existing(experiment, ids).await?;
        let mut selected = existing.clone();
        if !self.selection.is_empty() {
            selected = self.matching(experiment, ids, &self.selection).await?;
        }
        for keep in &self.keep_if {
            let kept = self.matching(experiment, ids, keep).await?;
            selected.retain(|id| !kept.contains(id));
        }
        Ok(Recheck { existing, selected })
    }

    async fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, ServerError> {
        self.server.delete_traces(experiment, ids).await
    }

    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<HashSet<TraceId>, ServerError> {
        self.matching(experiment, ids, "").await
    }
}

impl ServerTarget<'_> {
    async fn matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &str,
    ) -> Result<HashSet<TraceId>, ServerError> {
        let infos = self.server.still_matching(experiment, ids, filter).await?;
        Ok(infos.into_iter().map(|info| info.trace_id).collect())
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
        return Err(CliError::usage("an empty filter matches everything; nothing was deleted")
            .hint("to delete by age alone, leave the filter out of `retention run --older-than …`"));
    }
    Ok(Some(filter))
}
