//! `retention schedule`: what runs a policy every day.

use std::path::Path;

use super::policy;
use crate::cli::{OutputFormat, RetentionScheduleArgs, Scheduler};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::Schedule;
use crate::settings::ExperimentRef;

pub fn run(context: &mut Context<'_>, args: &RetentionScheduleArgs) -> CommandResult {
    context.output("retention schedule", &[OutputFormat::Table])?;
    policy::load_safe(context, &args.policy, None)?;
    let address = context.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
    if !address.is_writable() {
        return Err(CliError::usage("only what a tracking server holds can be deleted")
            .hint("give the server with --tracking-uri http://HOST:PORT"));
    }
    let absolute = |path: &Path| std::path::absolute(path).map(|path| path.display().to_string());
    let schedule = Schedule {
        hour: args.at.hour,
        minute: args.at.minute,
        name: args.name.clone(),
        program: args.program.clone(),
        tracking_uri: address.to_string(),
        policy_path: absolute(&args.policy)?,
        policy_text: policy::text(context, &args.policy)?,
        words: words(context, args),
        metrics_file: args.metrics_file.as_deref().map(absolute).transpose()?,
    };
    let text = match args.format {
        Scheduler::Cron => schedule.cron(),
        Scheduler::Systemd => schedule.systemd(),
        Scheduler::Kubernetes => schedule.kubernetes(args.image.as_deref().unwrap_or_default()),
    };
    write!(context.ui.output(), "{text}")?;
    Ok(Exit::Done)
}

/// The words of the command line that are handed on: experiments, limits, what is vouched for.
fn words(context: &Context<'_>, args: &RetentionScheduleArgs) -> Vec<String> {
    let experiments = context.settings.experiments.iter().filter_map(|named| match named {
        ExperimentRef::NameOrId(word) => Some(("--experiment", word.clone())),
        // A policy is not narrowed by the environment.
        ExperimentRef::Name(_) | ExperimentRef::Id(_) => None,
    });
    let limits = [
        ("--max-delete", args.max_delete.map(|most| most.to_string())),
        ("--sleep-between", args.pace.sleep_between.map(|pause| pause.to_string())),
        ("--max-seconds", args.pace.max_seconds.map(|most| most.to_string())),
        ("--artifacts", args.artifacts.deletes().map(|deletes| if deletes { "delete" } else { "keep" }.to_owned())),
        ("--lock-wait", args.lock.lock_wait.map(|most| most.to_string())),
    ];
    let limits = limits.into_iter().filter_map(|(flag, value)| Some((flag, value?)));
    let trusted =
        [("--allow-unmatched-keep", args.trust.allow_unmatched_keep), ("--trust-clock", args.trust.clock.trust_clock)];
    let trusted = trusted.into_iter().filter(|(_, is_trusted)| *is_trusted).map(|(flag, _)| flag.to_owned());
    experiments.chain(limits).flat_map(|(flag, value)| [flag.to_owned(), value]).chain(trusted).collect()
}
