//! `retention plan`: what a run would do.

use super::{guard, policy, scan};
use crate::changes::delete::FORMATS;
use crate::cli::{OutputFormat, RetentionPlanArgs};
use crate::commands::{CommandResult, Context};
use crate::exit::Exit;
use crate::output::{describe_outlooks, outlooks_json};

pub async fn run(context: &mut Context<'_>, args: &RetentionPlanArgs) -> CommandResult {
    let format = context.output("retention plan", FORMATS)?;
    let mut policy = policy::load_safe(context, &args.policy.policy, args.policy.as_of)?;
    policy.caps.max_delete = args.max_delete.or(context.settings.max_delete(policy.caps.max_delete));
    let allowed = guard::Allowed {
        growth: args.allow_growth,
        unmatched_keep: args.trust.allow_unmatched_keep,
        clock: args.trust.clock.trust_clock,
    };
    let store = context.store()?;
    let outlooks = scan::outlooks(context, &store, &policy, false).await?;
    let refusals = guard::against(context, &store, &policy, &outlooks, allowed).await?;
    guard::check_keys(context, &policy, &outlooks, (allowed, false))?;
    let file = args.policy.policy.display().to_string();
    let mut written = Ok(());
    match format {
        OutputFormat::Ids => {
            let traces = outlooks.iter().flat_map(|outlook| &outlook.plan.traces);
            written = context.write_ids(traces.map(|trace| trace.trace_id.as_str()));
        }
        OutputFormat::Json => context.write_json(&outlooks_json(&file, &policy, &outlooks, &refusals))?,
        OutputFormat::Table | OutputFormat::Wide | OutputFormat::Jsonl | OutputFormat::Csv => {
            write!(context.ui.output(), "{}", describe_outlooks(&policy, &outlooks))?;
        }
    }
    guard::stop(context, refusals)?;
    written?;
    Ok(Exit::Done)
}
