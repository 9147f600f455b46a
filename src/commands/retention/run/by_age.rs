//! Expiry by age alone: a policy of one rule, which the flags mean.

use super::{COMMAND, allowed, is_change, of_args, resumed, write_plan};
use crate::changes::delete::{self, Deletion, DeletionPace, clock, rules};
use crate::changes::journals::{self, Locked};
use crate::cli::{Period, RetentionRunArgs, SelectionArgs};
use crate::commands::retention::age::of_age;
use crate::commands::retention::{guard, scan};
use crate::commands::selection::selecting_filter;
use crate::commands::{CommandResult, Context, limits, selection};
use crate::error::CliError;
use crate::filter::Filter;
use crate::retention::{Judge, Keep, Outlook, Policy, Refusal, met};
use crate::store::Writer;

pub async fn by_age(context: &mut Context<'_>, args: RetentionRunArgs) -> CommandResult {
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
pub async fn by_age_refusals(
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
