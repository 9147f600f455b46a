//! What is taken out of traces before they are written.

use crate::cli::ExportArgs;
use crate::commands::export::Context;
use crate::commands::inputs;
use crate::error::CliError;
use crate::export::Redaction;

/// The arguments of [`Redaction::parse`], which the layout of each run reads anew.
pub struct RedactionArgs {
    pub no_content: bool,
    pub hash: Vec<String>,
    pub redact: Vec<String>,
    pub salt: Vec<u8>,
}

impl RedactionArgs {
    pub fn parse(&self) -> Result<Redaction, CliError> {
        Ok(Redaction::parse(self.no_content, &self.hash, &self.redact, self.salt.clone())?)
    }
}

/// What `--redact`, `--hash` and `--no-content` take out.
#[cfg(feature = "otlp")]
pub fn taken_out(context: &Context<'_>, args: &ExportArgs) -> Result<Redaction, CliError> {
    redaction(context, args)?.parse()
}

pub fn redaction(context: &Context<'_>, args: &ExportArgs) -> Result<RedactionArgs, CliError> {
    let salt = match &args.salt_file {
        None => Vec::new(),
        Some(path) => inputs::bytes(context, path, inputs::TEXT).map_err(|unread| {
            unread.into_error(|error| CliError::usage(format!("cannot read the salt from {}: {error}", path.display())))
        })?,
    };
    Ok(RedactionArgs { no_content: args.no_content, hash: args.hash.clone(), redact: args.redact.clone(), salt })
}
