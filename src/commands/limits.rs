//! What a profile limits, beside stores that must not be written at all.

use super::{CommandResult, Context};
use crate::changes::{ChangeError, RunResult};
use crate::cli::{FilterArgs, SelectionArgs};
use crate::commands::selection::{Selected, selected};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::TimeWindow;
use crate::output::count_traces;
use crate::settings::profile::ProfileInUse;
use crate::settings::{Settings, joined};
use crate::store::Event;

/// Tells what is odd about the profile and its file.
pub fn tell(context: &Context<'_>) {
    let listener = context.ui.listener();
    context.settings.notices.iter().for_each(|notice| listener(Event::Notice(notice.clone())));
    if context.settings.config.exposes_secrets() {
        let file = context.settings.config.shown_path();
        context.ui.warner()(&format!("others can read the secrets in {file}; `chmod 600 {file}`"));
    }
}

/// Refuses to delete traces without a plan where the profile says so.
pub fn check_deletion(settings: &Settings, is_planned: bool) -> Result<(), CliError> {
    let Some(ProfileInUse { profile, .. }) = &settings.profile else { return Ok(()) };
    if !profile.plan_only || is_planned {
        return Ok(());
    }
    let file = settings.config.shown_path();
    let message =
        format!("the profile {:?} in {file} allows deletions by plans alone; nothing was deleted", profile.name);
    Err(CliError::new(Exit::SafetyStop, message)
        .hint("write a plan with --plan FILE, read it, and carry it out with `mlflow-trace apply FILE`"))
}

/// How a deletion ended; if the profile's limit stopped it, that is what is told.
pub fn of_deletion(settings: &Settings, by_flag: Option<u64>, result: RunResult) -> CommandResult {
    match (result, &settings.profile) {
        (Err(ChangeError::Cap { traces, most, hint, .. }), Some(ProfileInUse { profile, .. })) if by_flag.is_none() => {
            let file = settings.config.shown_path();
            let message = format!(
                "{} would be deleted, more than max_delete = {most} of the profile {:?} in {file}; nothing was deleted",
                count_traces(traces),
                profile.name
            );
            Err(CliError::new(Exit::SafetyStop, message).hint(hint))
        }
        (result, _) => Ok(result?),
    }
}

/// What a command works on that only looks: where nothing says from when on, the profile does, and that is told.
pub fn looked_at(context: &mut Context<'_>, args: &FilterArgs, flags: &SelectionArgs) -> Result<Selected, CliError> {
    let selected = selected(context, args, flags)?;
    let Selected::Matches(filter) = &selected else { return Ok(selected) };
    let Some(ProfileInUse { profile, .. }) = &context.settings.profile else { return Ok(selected) };
    let Some((written, since)) = profile.default_since.clone() else { return Ok(selected) };
    if filter.time_window() != TimeWindow::default() {
        return Ok(selected);
    }
    let name = profile.name.clone();
    let (flags, now_ms) =
        (SelectionArgs { since: Some(since), ..SelectionArgs::default() }, context.ui.clock().now_ms());
    let filter = Filter::parse_at(&joined(filter, &flags, now_ms)?, now_ms)?;
    context.ui.status(&format!("Since {written}, as the profile {name:?} says; --since 1970-01-01 takes all."));
    Ok(Selected::Matches(Box::new(filter)))
}
