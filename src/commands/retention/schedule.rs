//! `retention schedule`: what runs a policy every day.

use super::policy;
use crate::cli::{OutputFormat, RetentionScheduleArgs, Scheduler};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::retention::Schedule;
use crate::settings::TrackingUri;

pub fn run(context: &mut Context<'_>, args: &RetentionScheduleArgs) -> CommandResult {
    context.output("retention schedule", &[OutputFormat::Table])?;
    policy::load_safe(context, &args.policy, None)?;
    let uri = context.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
    let TrackingUri::Server(tracking_uri) = uri else {
        return Err(CliError::usage("only what a tracking server holds can be deleted")
            .hint("give the server with --tracking-uri http://HOST:PORT"));
    };
    let path = std::path::absolute(&args.policy)?;
    let schedule = Schedule {
        hour: args.at.hour,
        minute: args.at.minute,
        name: args.name.clone(),
        program: args.program.clone(),
        tracking_uri: tracking_uri.clone(),
        policy_path: path.display().to_string(),
        policy_text: policy::text(&args.policy)?,
        max_delete: args.max_delete,
    };
    let text = match args.format {
        Scheduler::Cron => schedule.cron(),
        Scheduler::Systemd => schedule.systemd(),
        Scheduler::Kubernetes => schedule.kubernetes(args.image.as_deref().unwrap_or_default()),
    };
    write!(context.ui.output(), "{text}")?;
    Ok(Exit::Done)
}
