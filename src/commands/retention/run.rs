//! `retention run`: expire traces by a policy or by age.

mod by_age;

use std::path::Path;

use self::by_age::by_age;
use super::{guard, last, policy, scan};
use crate::changes::delete::{self, Deletion, DeletionPace, Killed, rules};
use crate::changes::delete::{Kept, write_plan as write_deletion};
use crate::changes::journals::{self, Locked};
use crate::changes::place::Place;
use crate::cli::{OutputFormat, RetentionRunArgs};
use crate::commands::{CommandResult, Context, limits};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::Experiment;
use crate::retention::{Caps, Outlook, RetentionPolicy, Totals, met};
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

/// What the flags say about a deletion, whatever is to be deleted.
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
