//! `retention schedule`: what runs a policy every day.

use std::path::Path;

use super::policy;
use crate::cli::{OutputFormat, RetentionScheduleArgs, Scheduler};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::{Rule, Schedule, with_absolute_archives};
use crate::settings::ExperimentRef;
use crate::settings::env::{InForce, PASSWORD, Told, USERNAME};

pub fn run(context: &mut Context<'_>, args: &RetentionScheduleArgs) -> CommandResult {
    context.output("retention schedule", &[OutputFormat::Table])?;
    let rules = policy::load_safe(context, &args.policy, None)?.rules;
    let address = context.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
    if !address.is_writable() {
        return Err(CliError::usage("only traces on a tracking server can be deleted")
            .hint("name the server with --tracking-uri http://HOST:PORT"));
    }
    let (mut variables, secrets) = in_force(context)?;
    // A container has certificates of its own.
    variables.retain(|(name, _)| args.format != Scheduler::Kubernetes || !name.starts_with("SSL_CERT_"));
    let state_dir = context.settings.state_dir.as_deref().filter(|_| context.settings.state_dir_is_chosen);
    let schedule = Schedule {
        hour: args.at.hour,
        minute: args.at.minute,
        name: args.name.clone(),
        program: args.program.clone(),
        tracking_uri: address.tracking_uri(),
        policy_path: absolute(&args.policy)?,
        policy_text: with_absolute_archives(&policy::text(context, &args.policy)?, &policy::folder(&args.policy)?),
        words: words(context, args),
        metrics_file: args.metrics_file.as_deref().map(absolute).transpose()?,
        log_file: args.log.as_deref().map(absolute).transpose()?,
        archives: folders(&rules),
        variables,
        secrets,
        state_dir: state_dir.map(absolute).transpose()?,
    };
    if let (Scheduler::Kubernetes, Some(_)) = (args.format, &args.log) {
        context.ui.warning("--log is omitted: on Kubernetes the summary of each run is in the log of its pod");
    }
    let text = match args.format {
        Scheduler::Cron => schedule.cron(),
        Scheduler::Systemd => schedule.systemd(),
        Scheduler::Kubernetes => schedule.kubernetes(args.image.as_deref().unwrap_or_default()),
    };
    write!(context.ui.output(), "{text}")?;
    Ok(Exit::Done)
}

fn absolute(path: &Path) -> std::io::Result<String> {
    std::path::absolute(path).map(|path| path.display().to_string())
}

/// The folders on the machine that runs the policy to which rules archive.
fn folders(rules: &[Rule]) -> Vec<String> {
    let places = rules.iter().filter_map(|rule| rule.archive_to.as_deref());
    let places = places.map(|place| place.strip_prefix("file://").unwrap_or(place));
    let mut folders: Vec<String> = places.filter(|place| !place.contains("://")).map(str::to_owned).collect();
    folders.dedup();
    folders
}

/// Names and values.
type Variables = Vec<(String, String)>;

/// The variables that hold for this run, and the names of those that are secrets, what the URL holds among them.
fn in_force(context: &Context<'_>) -> Result<(Variables, Vec<String>), CliError> {
    let (mut variables, mut secrets) = (Vec::new(), Vec::new());
    for InForce { name, value } in context.settings.in_force.iter().cloned() {
        match value {
            Told::Plain(value) => variables.push((name, value)),
            Told::File(path) => variables.push((name, absolute(Path::new(&path))?)),
            Told::Secret => secrets.push(name),
        }
    }
    if context.settings.http.login.of_uri.is_some() {
        secrets.extend([USERNAME, PASSWORD].map(|variable| variable.name.to_owned()));
        secrets.sort_unstable();
        secrets.dedup();
    }
    Ok((variables, secrets))
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
        ("--max-time", args.pace.max_time.map(|most| most.to_string())),
        ("--artifacts", args.artifacts.deletes().map(|deletes| if deletes { "delete" } else { "keep" }.to_owned())),
        ("--lock-wait", args.lock.lock_wait.map(|most| most.to_string())),
    ];
    let limits = limits.into_iter().filter_map(|(flag, value)| Some((flag, value?)));
    let trusted =
        [("--allow-unmatched-keep", args.trust.allow_unmatched_keep), ("--trust-clock", args.trust.clock.trust_clock)];
    let trusted = trusted.into_iter().filter(|(_, is_trusted)| *is_trusted).map(|(flag, _)| flag.to_owned());
    experiments.chain(limits).flat_map(|(flag, value)| [flag.to_owned(), value]).chain(trusted).collect()
}
