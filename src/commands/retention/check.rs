//! `retention check`: the policy alone, and of a store, where one is named, only whether it has the keys that keep traces.

use super::{guard, policy, scan};
use crate::cli::{OutputFormat, RetentionCheckArgs};
use crate::commands::selection::{SUMMARY_FORMATS, show_lint};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::LintLevel;
use crate::output::{describe_policy, policy_json};
use crate::retention::RetentionPolicy;

pub async fn run(context: &mut Context<'_>, args: &RetentionCheckArgs) -> CommandResult {
    let format = context.output("retention check", SUMMARY_FORMATS)?;
    let policy = policy::load_safe(context, &args.policy.policy, args.policy.as_of)?;
    for filter in policy.rules.iter().flat_map(|rule| std::iter::once(&rule.filter).chain(&rule.keep_if)) {
        for lint in filter.lints().iter().filter(|lint| lint.level == LintLevel::Warning) {
            show_lint(context, lint);
        }
    }
    if context.settings.tracking_uri.is_ok()
        && let Err(error) = warn_of_keys(context, &policy).await
    {
        context.ui.warning(&format!("keys of keep_if not checked: {}", error.message));
    }
    let file = args.policy.policy.display().to_string();
    if format == OutputFormat::Json {
        context.write_json(&policy_json(&file, &policy))?;
    } else {
        write!(context.ui.output(), "{}", describe_policy(&file, &policy))?;
    }
    Ok(Exit::Done)
}

/// A loud line for each key on which a `keep_if` rests and that no trace has.
async fn warn_of_keys(context: &mut Context<'_>, policy: &RetentionPolicy) -> Result<(), CliError> {
    if policy.rules.iter().flat_map(|rule| &rule.keep_if).all(|keep_if| keep_if.keys().is_empty()) {
        return Ok(());
    }
    let store = context.store()?;
    let experiments = scan::experiments(context, &store, policy).await?;
    for rule in &policy.rules {
        for keep_if in &rule.keep_if {
            for field in keep_if.keys() {
                let mut is_met = false;
                for experiment in experiments.iter().filter(|experiment| rule.is_about(experiment)) {
                    is_met = is_met || scan::is_present(&store, experiment, &field).await?;
                }
                if !is_met {
                    guard::warn_of_key(context, rule, keep_if, &field);
                }
            }
        }
    }
    Ok(())
}
