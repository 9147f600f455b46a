//! `retention check`: the policy alone, without a connection.

use super::policy;
use crate::cli::{OutputFormat, RetentionCheckArgs};
use crate::commands::selection::{SUMMARY_FORMATS, show_lint};
use crate::commands::{CommandResult, Context};
use crate::exit::Exit;
use crate::filter::LintLevel;
use crate::output::{describe_policy, policy_json};

pub fn run(context: &mut Context<'_>, args: &RetentionCheckArgs) -> CommandResult {
    let format = context.output("retention check", SUMMARY_FORMATS)?;
    let policy = policy::load_safe(context, &args.policy.policy, args.policy.as_of)?;
    for filter in policy.rules.iter().flat_map(|rule| std::iter::once(&rule.filter).chain(&rule.keep_if)) {
        for lint in filter.lints().iter().filter(|lint| lint.level == LintLevel::Warning) {
            show_lint(context, lint);
        }
    }
    let file = args.policy.policy.display().to_string();
    match format {
        OutputFormat::Json => context.write_json(&policy_json(&file, &policy))?,
        _ => write!(context.ui.output(), "{}", describe_policy(&file, &policy))?,
    }
    Ok(Exit::Done)
}
