//! `retention schedule`: what runs a policy every day.

use super::handed_on::{absolute, in_force, tell_of_headers, token_words, words};
use super::policy;
use crate::cli::{OutputFormat, RetentionScheduleArgs, Scheduler};
use crate::commands::{CommandResult, Context, limits};
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::{Rule, Schedule, with_absolute_archives};

pub fn run(context: &mut Context<'_>, args: &RetentionScheduleArgs) -> CommandResult {
    context.output("retention schedule", &[OutputFormat::Table])?;
    let rules = policy::load_safe(context, &args.policy, None)?.rules;
    let address = context.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
    if !address.is_server() {
        return Err(CliError::usage("only traces on a tracking server can be deleted on a schedule")
            .hint("name the server with --tracking-uri http://HOST:PORT"));
    }
    if let Some(by) = context.settings.protections().iter().find(|by| by.protects(address)) {
        return Err(by.error().into());
    }
    limits::check_deletion(context.settings, false)?;
    let (mut variables, secrets) = in_force(context)?;
    tell_of_headers(context);
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
        words: words(context, args).into_iter().chain(token_words(&context.settings.http.login)?).collect(),
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

/// The folders on the machine that runs the policy to which rules archive.
fn folders(rules: &[Rule]) -> Vec<String> {
    let places = rules.iter().filter_map(|rule| rule.archive_to.as_deref());
    let places = places.map(|place| place.strip_prefix("file://").unwrap_or(place));
    let mut folders: Vec<String> = places.filter(|place| !place.contains("://")).map(str::to_owned).collect();
    folders.dedup();
    folders
}
