//! Which fields a search shows: those that flags name, in tables else those of the profile.

use crate::cli::{OutputFormat, SearchArgs};
use crate::commands::Context;
use crate::error::CliError;
use crate::output::{Columns, FieldsError};
use crate::settings::profile::ProfileInUse;

/// The fields; nothing where the format has some of its own.
pub fn chosen(context: &Context<'_>, args: &SearchArgs, format: OutputFormat) -> Result<Option<Columns>, CliError> {
    if let Some(list) = &args.fields {
        return Ok(Some(Columns::parse(list)?));
    }
    if let Some(list) = &args.columns {
        let columns = Columns::parse(list).map_err(|error| unreadable("--columns", error))?;
        if format.is_table() {
            return Ok(Some(columns));
        }
        return Err(CliError::usage(format!("--columns are those of tables; {} has none", format.as_str()))
            .hint(format!("use `--fields {list}`")));
    }
    let Some(ProfileInUse { profile, .. }) = &context.settings.profile else { return Ok(None) };
    let Some(list) = profile.columns.as_deref().filter(|_| format == OutputFormat::Table) else { return Ok(None) };
    let whose = || format!("columns of the profile {:?} in {}", profile.name, context.settings.config.shown_path());
    Columns::parse(list).map(Some).map_err(|error| unreadable(&whose(), error))
}

fn unreadable(what: &str, error: FieldsError) -> CliError {
    let message = format!("cannot read {what}: {error}");
    CliError { message, ..error.into() }
}
