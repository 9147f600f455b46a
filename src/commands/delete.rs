//! `delete`: traces by id or by filter.

use super::deletion::{self, Basis, Deletion, selecting_filter};
use super::trace_ids::{self, Changeable};
use super::{CommandResult, Context};
use super::{plans as plan_files, selection};
use crate::cli::DeleteArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::{Plan, Planned, Policy, plan};

pub async fn run(context: &mut Context<'_>, args: DeleteArgs) -> CommandResult {
    let format = deletion::format(context, "delete", args.dry_run)?;
    let filter = selecting_filter(context, args.filter.as_deref(), &args.selection)?;
    match (&filter, args.trace_ids.is_empty()) {
        (None, true) => {
            return Err(
                CliError::usage("nothing says what to delete").hint("give trace ids, --filter, or flags such as --tag")
            );
        }
        (Some(_), false) => {
            return Err(
                CliError::usage("trace ids and a filter at once; nothing was deleted").hint("give one of the two")
            );
        }
        _ => {}
    }
    let policy = Policy { now_ms: context.ui.clock().now_ms(), filter, ..Policy::default() };
    let ids = trace_ids::read(context, &args.trace_ids)?;
    let store = context.store()?;
    let server = store.writer()?;
    let plans = if policy.filter.is_some() {
        let experiments = selection::named_experiments(context, &store).await?;
        deletion::plans(&store, experiments, &policy).await?
    } else if ids.is_empty() {
        context.ui.status("Nothing to delete.");
        return Ok(Exit::Done);
    } else {
        plans_of(trace_ids::changeable(context, server, &ids, false).await?, &policy)
    };
    if let Some(file) = &args.plan {
        return plan_files::write_deletion(context, file, &policy, &plans);
    }
    let basis = Basis::Selection(Box::new(policy));
    let (cutoff_ms, keeper) = (None, "");
    let deletion = Deletion {
        basis,
        cutoff_ms,
        keeper,
        max_delete: args.max_delete,
        dry_run: args.dry_run,
        yes: args.yes,
        format,
    };
    deletion.run(context, server, &plans).await
}

/// Traces named by id, by the experiments they live in.
fn plans_of(traces: Changeable, policy: &Policy) -> Vec<Plan> {
    let Changeable { infos, experiments } = traces;
    experiments
        .into_iter()
        .map(|experiment| {
            let here = infos.iter().filter(|info| info.experiment_id().as_ref() == Some(&experiment.id));
            let selected = here.map(Planned::of).collect();
            plan(experiment, policy, selected, &std::collections::HashSet::new())
        })
        .collect()
}
