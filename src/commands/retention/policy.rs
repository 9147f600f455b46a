//! The policy file.

use std::path::{Path, PathBuf};

use crate::changes::delete;
use crate::cli::{Moment, Period};
use crate::commands::{Context, inputs};
use crate::error::CliError;
use crate::retention::{RetentionPolicy, read};

/// Reads a policy at a moment, which is now unless it is given.
pub fn load(context: &Context<'_>, file: &Path, as_of: Option<Moment>) -> Result<RetentionPolicy, CliError> {
    let now_ms = context.ui.clock().now_ms();
    let as_of_ms = as_of.map_or(now_ms, |moment| moment.resolve(now_ms));
    let age = |text: &str| text.parse::<Period>().map(Period::as_millis);
    let mut policy = read(&text(context, file)?, &file.display().to_string(), as_of_ms, age)?;
    policy.archives_count_from(&folder(file)?);
    Ok(policy)
}

/// The folder from which relative places in a policy count: that of its file, or the current one where there is no file, as
/// of standard input.
pub fn folder(file: &Path) -> std::io::Result<PathBuf> {
    let named = file.parent().filter(|_| file.is_file()).unwrap_or(Path::new(""));
    // An empty path is none.
    std::path::absolute(Path::new(".").join(named))
}

/// The same, unless it must not be carried out whatever the traces are, or cannot be by this build.
pub fn load_safe(context: &Context<'_>, file: &Path, as_of: Option<Moment>) -> Result<RetentionPolicy, CliError> {
    let policy = load(context, file, as_of)?;
    delete::check_archives(&policy)?;
    policy.refusal().map_or(Ok(policy), |refusal| Err(refusal.into()))
}

/// The text of a policy file.
pub fn text(context: &Context<'_>, file: &Path) -> Result<String, CliError> {
    inputs::file(context, file, inputs::TEXT).map_err(|unread| {
        unread.into_error(|error| {
            CliError::usage(format!("cannot read the policy from {}: {error}", file.display()))
                .hint("name it with --policy FILE")
        })
    })
}
