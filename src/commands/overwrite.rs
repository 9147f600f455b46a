//! Files that are there: nothing that somebody wrote is replaced unasked.

use std::fs;
use std::path::Path;

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{followed, is_descriptor};

/// Fails if a file would be replaced and nobody says that it may be. An empty one holds nothing, and pipes and devices are
/// written to.
pub fn check(context: &mut Context<'_>, file: &Path, may_be_replaced: bool) -> Result<(), CliError> {
    let is_there = fs::metadata(file).is_ok_and(|there| there.is_file() && there.len() > 0);
    // What a shell opened may be a file, too: it is written to.
    if may_be_replaced || !is_there || file == Path::new("-") || is_descriptor(&followed(file)?) {
        return Ok(());
    }
    ask(context, &file.display().to_string())
}

/// Asks whether what is there may be replaced; fails if it may not.
pub fn ask(context: &mut Context<'_>, name: &str) -> Result<(), CliError> {
    match context.ui.confirm(&format!("{name} already exists. Replace it?")) {
        Some(true) => Ok(()),
        Some(false) => Err(CliError::new(Exit::SafetyStop, format!("not confirmed; {name} was not changed"))),
        None => Err(CliError::new(Exit::SafetyStop, format!("{name} already exists"))
            .hint("add --overwrite to replace it, or use another name")),
    }
}
