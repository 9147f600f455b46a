//! `retention run`: expire traces by age.

use super::deletion::{self, Deletion, selecting_filter};
use super::selection;
use super::{CommandResult, Context};
use crate::cli::{RetentionRunArgs, SelectionArgs};
use crate::retention::Policy;

pub async fn run(context: &mut Context<'_>, args: RetentionRunArgs) -> CommandResult {
    let format = deletion::format(context, "retention run", args.dry_run)?;
    let filter = selecting_filter(context, args.filter.as_deref(), &args.selection)?;
    let mut keep_if = Vec::with_capacity(args.keep_if.len());
    for text in &args.keep_if {
        keep_if.extend(selecting_filter(context, Some(text), &SelectionArgs::default())?);
    }
    let cutoff_ms = context.ui.clock().now_ms().saturating_sub(args.older_than.as_millis());
    let policy = Policy { cutoff_ms: Some(cutoff_ms), filter, keep_if };
    let store = context.store()?;
    let server = store.writer()?;
    let experiments = selection::named_experiments(context, &store).await?;
    let plans = deletion::plans(&store, experiments, &policy).await?;
    let deletion = Deletion { policy, max_delete: args.max_delete, dry_run: args.dry_run, yes: args.yes, format };
    deletion.run(context, server, &plans).await
}
