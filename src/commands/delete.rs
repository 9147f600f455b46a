//! `delete`: traces by id or by filter.

use super::selection::selecting_filter;
use super::trace_ids::{self, Changeable};
use super::{CommandResult, Context};
use super::{limits, selection, words};
use crate::changes::delete::{self, Deletion, DeletionPace, clock, rules};
use crate::changes::journals::{self, Locked};
use crate::changes::plan_file;
use crate::cli::DeleteArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::Experiment;
use crate::retention::{Plan, Planned, Policy, newest, plan};

pub async fn run(context: &mut Context<'_>, args: DeleteArgs) -> CommandResult {
    let format = context.format("delete", delete::FORMATS, args.dry_run)?;
    for word in &args.trace_ids {
        words::refuse_filter(word, "mlflow-trace delete --dry-run --filter", "shows what would go")?;
    }
    trace_ids::refuse_addresses(&args.trace_ids, "mlflow-trace delete")?;
    let filter = selecting_filter(context, args.filter.as_deref(), &args.selection)?;
    match (&filter, args.trace_ids.is_empty()) {
        (None, true) => {
            return Err(CliError::usage("nothing selected for deletion")
                .hint("give trace ids, --filter, or flags such as --tag"));
        }
        (Some(_), false) => {
            return Err(
                CliError::usage("both trace ids and a filter given; nothing was deleted").hint("use only one of them")
            );
        }
        _ => {}
    }
    let policy = Policy { now_ms: context.ui.clock().now_ms(), filter, ..Policy::default() };
    let ids = trace_ids::read(context, &args.trace_ids)?;
    let store = context.store()?;
    let server = store.writer()?;
    let is_change = !args.dry_run && args.plan.is_none();
    limits::check_deletion(context.settings, !is_change)?;
    let _lock = journals::lock_if(is_change, context, Locked::Traces, "delete", args.lock.patience()).await?;
    let mut plans = if let Some(filter) = &policy.filter {
        if filter.counts_from_now() || !filter.moments().is_empty() {
            clock::check(context, server, args.clock.trust_clock).await?;
        }
        let experiments = selection::named_experiments(context, &store).await?;
        delete::plans(context, &store, experiments, &policy).await?
    } else if ids.is_empty() {
        context.ui.status("Nothing to delete.");
        return Ok(Exit::Done);
    } else {
        let traces = trace_ids::changeable(context, server, &ids, false).await.map_err(trace_ids::whole_only)?;
        for experiment in &traces.experiments {
            server.takes_deletions(&experiment.id)?;
        }
        let speakers = traces.infos.iter().filter(|info| info.session_it_speaks_of(None).is_some()).count();
        delete::warn_of_sessions(context, speakers as u64);
        plans_of(traces, &policy)
    };
    let newest_of = args.part.limit.and_then(|most| newest(&mut plans, most.get()));
    let experiments: Vec<&Experiment> = plans.iter().map(|plan| &plan.experiment).collect();
    let deletion = Deletion {
        command: "delete",
        policy: rules::of_selection(&policy, &experiments, args.artifacts.deletes() == Some(true))?,
        met: Vec::new(),
        hash: policy.filter.as_ref().map(|filter| plan_file::hash(filter.text())),
        newest_of,
        reason: if policy.filter.is_some() { "it matches the filter" } else { "it was named" },
        cutoff_ms: None,
        keeper: "",
        max_delete: args.max_delete.or(context.settings.max_delete(None)),
        dry_run: args.dry_run,
        yes: args.yes,
        format,
        pace: DeletionPace::from_now(args.pace.pause(), args.pace.most()),
        plan: None,
        resumes: None,
    };
    if let Some(file) = &args.plan {
        return Ok(delete::write_plan(context, file, &deletion, &plans.iter().collect::<Vec<_>>(), None)?);
    }
    limits::of_deletion(context.settings, args.max_delete, deletion.run(context, server, &plans).await)
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
