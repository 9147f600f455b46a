//! `retention schedule`: what runs a policy every day.

use super::handed_on::{HandedOn, absolute, in_force, tell_of_headers, token_source, words};
use super::policy;
use crate::cli::{OutputFormat, RetentionScheduleArgs, Scheduler};
use crate::commands::{CommandResult, Context, limits};
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::{Schedule, with_absolute_archives};

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
    let mut handed_on = in_force(context)?;
    let places: Vec<&str> = rules.iter().filter_map(|rule| rule.archive_to.as_deref()).collect();
    let of_archives = archive_secrets(&places, &handed_on);
    handed_on.secrets.extend(of_archives);
    tell_of_headers(context);
    let (token_file, token_words) = token_source(&context.settings.http.login)?;
    // A container has certificates of its own.
    handed_on.files.retain(|(name, _)| args.format != Scheduler::Kubernetes || !name.starts_with("SSL_CERT_"));
    let state_dir = context.settings.state_dir.as_deref().filter(|_| context.settings.state_dir_is_chosen);
    let schedule = Schedule {
        hour: args.at.hour,
        minute: args.at.minute,
        name: args.name.clone(),
        program: args.program.clone(),
        tracking_uri: address.tracking_uri(),
        policy_path: absolute(&args.policy)?,
        policy_text: with_absolute_archives(&policy::text(context, &args.policy)?, &policy::folder(&args.policy)?),
        words: words(context, args).into_iter().chain(token_words).collect(),
        metrics_file: args.metrics_file.as_deref().map(absolute).transpose()?,
        log_file: args.log.as_deref().map(absolute).transpose()?,
        archives: folders(&places),
        variables: handed_on.variables,
        files: handed_on.files,
        token_file,
        secrets: handed_on.secrets,
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
fn folders(places: &[&str]) -> Vec<String> {
    let places = places.iter().map(|place| place.strip_prefix("file://").unwrap_or(place));
    let mut folders: Vec<String> = places.filter(|place| !place.contains("://")).map(str::to_owned).collect();
    folders.dedup();
    folders
}

/// Secrets of the object stores to which rules archive, where nothing here says who writes there.
fn archive_secrets(archives: &[&str], known: &HandedOn) -> Vec<String> {
    let families: [(&[&str], &str, &[&str]); 3] = [
        (&["s3://", "s3a://"], "AWS_", &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]),
        (&["gs://"], "GOOGLE_", &["GOOGLE_SERVICE_ACCOUNT_KEY"]),
        (&["az://", "azure://", "abfs://", "abfss://", "adl://"], "AZURE_", &["AZURE_STORAGE_ACCOUNT_KEY"]),
    ];
    let mut wanted = Vec::new();
    for (schemes, family, names) in families {
        let is_used = archives.iter().any(|place| schemes.iter().any(|scheme| place.starts_with(scheme)));
        let says_who = |name: &str| {
            name.starts_with(family)
                && ["KEY", "TOKEN", "CREDENTIAL", "ROLE", "SECRET"].iter().any(|part| name.contains(part))
        };
        let named = known.variables.iter().chain(&known.files).map(|(name, _)| name).chain(&known.secrets);
        if is_used && !named.into_iter().any(|name| says_who(name)) {
            wanted.extend(names.iter().map(|name| (*name).to_owned()));
        }
    }
    wanted
}
