//! `retention run`: expire traces by a policy or by age.

use std::path::Path;

use super::age::of_age;
use super::{guard, last, policy, scan};
use crate::changes::delete::{self, Deletion, DeletionPace, Killed, clock, rules};
use crate::changes::delete::{Kept, write_plan as write_deletion};
use crate::changes::journals::{self, Locked};
use crate::changes::place::Place;
use crate::cli::{OutputFormat, Period, RetentionRunArgs, SelectionArgs};
use crate::commands::selection::selecting_filter;
use crate::commands::{CommandResult, Context, limits, selection};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::Experiment;
use crate::retention::{Caps, Judge, Keep, Outlook, Policy, Refusal, RetentionPolicy, Totals, met};
use crate::store::Writer;

pub async fn run(context: &mut Context<'_>, args: RetentionRunArgs) -> CommandResult {
    limits::check_deletion(context.settings, !is_change(&args))?;
    match &args.policy {
        Some(file) => by_policy(context, file, &args).await,
        None => by_age(context, args).await,
    }
}

const COMMAND: &str = "retention run";

async fn by_policy(context: &mut Context<'_>, file: &Path, args: &RetentionRunArgs) -> CommandResult {
    let format = context.format(COMMAND, delete::FORMATS, args.dry_run)?;
    let mut policy = policy::load_safe(context, file, args.as_of)?;
    context.record.policy_hash = Some(policy.hash());
    check(context, &policy, args)?;
    policy.caps.max_delete = args.max_delete.or(context.settings.max_delete(policy.caps.max_delete));
    policy.artifacts_are_deleted(args.artifacts.deletes());
    let pace = DeletionPace::from_now(args.pace.pause(), args.pace.most());
    let store = context.store()?;
    let server = store.writer()?;
    // Nothing is planned while another run deletes: it would be gone by the time it is to be deleted.
    let _lock = journals::lock_if(is_change(args), context, Locked::Traces, COMMAND, args.lock.patience()).await?;
    let hash = policy.hash();
    let mut outlooks = scan::outlooks(context, &store, &policy, args.plan.is_some()).await?;
    context.record.totals = Totals::planned(outlooks.iter().map(|outlook| &outlook.plan));
    let refusals = guard::against(context, &store, &policy, &outlooks, allowed(args)).await?;
    guard::stop(context, refusals)?;
    guard::check_keys(context, &policy, &outlooks, (allowed(args), !args.dry_run))?;
    let experiments: Vec<&Experiment> = outlooks.iter().map(|outlook| &outlook.plan.experiment).collect();
    let here = context.place().clone().with(experiments.iter().copied());
    let resumes = resumed(context, server, args, (&here, &hash)).await?;
    let deletion = Deletion {
        policy: rules::of_policy(&policy),
        met: met(&policy, &outlooks),
        hash: Some(hash.clone()),
        cutoff_ms: None,
        keeper: "by the policy",
        max_delete: None,
        resumes,
        ..of_args(args, format, pace)
    };
    if let Some(file) = &args.plan {
        return write_plan(context, file, &deletion, &policy, &outlooks);
    }
    let plans: Vec<_> = outlooks.drain(..).map(|outlook| outlook.plan).collect();
    let result = deletion.run(context, server, &plans).await;
    let deleted = context.record.totals.deleted;
    if let (Ok(Exit::Done), Some(folder)) = (&result, &context.settings.state_dir)
        && let Err(error) = last::remember(folder, &hash, &here, deleted, context.ui.clock().now_ms())
    {
        context.ui.warning(&format!("cannot record this run in {}: {error}", folder.display()));
    }
    Ok(result?)
}

/// What a run that was killed has left open, for one that changes something.
async fn resumed(
    context: &Context<'_>,
    server: &dyn Writer,
    args: &RetentionRunArgs,
    (here, hash): (&Place, &str),
) -> Result<Option<Killed>, CliError> {
    if is_change(args) { Ok(Box::pin(Killed::last(context, server, here, (COMMAND, hash))).await?) } else { Ok(None) }
}

fn is_change(args: &RetentionRunArgs) -> bool {
    !args.dry_run && args.plan.is_none()
}

/// What the flags say of a deletion, whatever is to be deleted.
fn of_args(args: &RetentionRunArgs, format: OutputFormat, pace: DeletionPace) -> Deletion {
    Deletion {
        command: COMMAND,
        policy: RetentionPolicy { as_of_ms: 0, rules: Vec::new(), caps: Caps::default() },
        met: Vec::new(),
        hash: None,
        reason: "",
        cutoff_ms: None,
        keeper: "",
        newest_of: None,
        max_delete: args.max_delete,
        dry_run: args.dry_run,
        yes: args.yes,
        format,
        pace,
        plan: None,
        resumes: None,
    }
}

fn allowed(args: &RetentionRunArgs) -> guard::Allowed {
    guard::Allowed {
        growth: args.allow_growth,
        unmatched_keep: args.trust.allow_unmatched_keep,
        clock: args.trust.clock.trust_clock,
    }
}

fn write_plan(
    context: &mut Context<'_>,
    file: &Path,
    deletion: &Deletion,
    policy: &RetentionPolicy,
    outlooks: &[Outlook],
) -> CommandResult {
    let plans: Vec<_> = outlooks.iter().map(|outlook| &outlook.plan).collect();
    Ok(write_deletion(context, file, deletion, &plans, Some(&Kept { policy, outlooks }))?)
}

/// What a policy that can be read and planned may still not be used for.
fn check(context: &Context<'_>, policy: &RetentionPolicy, args: &RetentionRunArgs) -> Result<(), CliError> {
    if !args.selection.is_empty() {
        return Err(CliError::usage("both selecting flags and --policy given; nothing was deleted")
            .hint("put the filter into the policy"));
    }
    if policy.as_of_ms > context.ui.clock().now_ms() {
        return Err(CliError::usage("--as-of is in the future; nothing was deleted")
            .hint("`mlflow-trace retention simulate` forecasts the coming days"));
    }
    Ok(())
}

async fn by_age(context: &mut Context<'_>, args: RetentionRunArgs) -> CommandResult {
    let format = context.format(COMMAND, delete::FORMATS, args.dry_run)?;
    let filter = selecting_filter(context, args.filter(), &args.selection)?;
    let mut keep_if = Vec::with_capacity(args.keep_if.len());
    for text in &args.keep_if {
        keep_if.extend(selecting_filter(context, Some(text), &SelectionArgs::default())?);
    }
    let now_ms = context.ui.clock().now_ms();
    // The command line has one of the two.
    let age_ms = args.older_than.map_or(i64::MAX, Period::as_millis);
    let cutoff_ms = Some(now_ms.saturating_sub(age_ms));
    let selection = Policy { now_ms, cutoff_ms, filter: filter.clone(), keep_if: Vec::new() }.selection()?;
    let pace = DeletionPace::from_now(args.pace.pause(), args.pace.most());
    let store = context.store()?;
    let server = store.writer()?;
    let _lock = journals::lock_if(is_change(&args), context, Locked::Traces, COMMAND, args.lock.patience()).await?;
    let experiments = selection::named_experiments(context, &store).await?;
    let mut policy = of_age(now_ms, age_ms, filter.map_or_else(|| Filter::parse(""), Ok)?, keep_if, &experiments);
    policy.artifacts_are_deleted(args.artifacts.deletes());
    let hash = policy.hash();
    let here = context.place().clone().with(&experiments);
    let resumes = resumed(context, server, &args, (&here, &hash)).await?;
    let (mut outlooks, mut keeper) = (Vec::with_capacity(experiments.len()), "by --keep-if");
    for experiment in experiments {
        let judge = Judge::of_selected(&policy, &experiment);
        let read = scan::judged(context, &store, experiment, &judge, &selection).await?;
        let outlook = Outlook::new(&policy, read.experiment, read.survey, read.traces, 0, args.plan.is_some());
        if outlook.rules.values().any(|rule| rule.kept.contains_key(&Keep::InProgress)) {
            keeper = "by --keep-if or because they are in progress";
        }
        outlooks.push(outlook);
    }
    let refusals = by_age_refusals(context, server, &outlooks, allowed(&args)).await?;
    guard::stop(context, refusals)?;
    guard::check_keys(context, &policy, &outlooks, (allowed(&args), !args.dry_run))?;
    let deletion = Deletion {
        policy: rules::of_policy(&policy),
        met: met(&policy, &outlooks),
        hash: Some(hash),
        cutoff_ms,
        keeper,
        resumes,
        max_delete: args.max_delete.or(context.settings.max_delete(None)),
        ..of_args(&args, format, pace)
    };
    if let Some(file) = &args.plan {
        return write_plan(context, file, &deletion, &policy, &outlooks);
    }
    let plans: Vec<_> = outlooks.into_iter().map(|outlook| outlook.plan).collect();
    limits::of_deletion(context.settings, args.max_delete, deletion.run(context, server, &plans).await)
}

/// What speaks against a plan by age. Whoever names an age and experiments may empty them.
async fn by_age_refusals(
    context: &Context<'_>,
    server: &dyn Writer,
    outlooks: &[Outlook],
    allowed: guard::Allowed,
) -> Result<Vec<Refusal>, CliError> {
    let mut refusals: Vec<Refusal> = clock::refusal(context, server, allowed.clock).await?.into_iter().collect();
    for outlook in outlooks.iter().filter(|outlook| outlook.contradictions > 0) {
        let experiment = outlook.plan.experiment.name.clone();
        refusals.push(Refusal::FilterIgnored { experiment, traces: outlook.contradictions });
    }
    Ok(refusals)
}
