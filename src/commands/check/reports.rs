//! What a check writes: the answers on standard output, and reports for other programs in files.

use std::io::{self, Write};
use std::path::Path;

use super::super::{Context, overwrite};
use crate::analysis::gate::GateFinding;
use crate::cli::{CheckArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{Access, PartialFile};
use crate::output::{gate_github, gate_json, gate_junit, gate_markdown, write_gate};

/// Refuses what cannot be written, before anything is read.
pub fn check(context: &mut Context<'_>, args: &CheckArgs) -> Result<(), CliError> {
    args.junit.iter().try_for_each(|file| overwrite::check(context, file, args.overwrite))
}

/// Writes everything that was asked for.
pub async fn write(
    context: &mut Context<'_>,
    args: &CheckArgs,
    findings: &[GateFinding],
    format: OutputFormat,
) -> Result<(), CliError> {
    if format == OutputFormat::Json {
        context.write_json(&gate_json(findings))?;
    } else {
        let terminals = context.ui.terminals();
        write_gate(context.ui.output(), findings, terminals.width.filter(|_| terminals.output))?;
    }
    if args.github {
        context.ui.line(gate_github(findings).trim_end());
    }
    context.ui.flush()?;
    if let Some(file) = &args.junit {
        let failed = |error: io::Error| unwritable(file, &error);
        let mut report = PartialFile::begin(file, Access::Owner).await.map_err(failed)?;
        let text = gate_junit(findings);
        report.write_all(text.as_bytes()).and_then(|()| report.finish()).map_err(failed)?;
    }
    if let Some(file) = &args.markdown {
        append(file, &gate_markdown(findings)).map_err(|error| unwritable(file, &error))?;
    }
    Ok(())
}

fn append(file: &Path, text: &str) -> io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(file)?.write_all(text.as_bytes())
}

fn unwritable(file: &Path, error: &io::Error) -> CliError {
    CliError::new(Exit::Unexpected, format!("cannot write {}: {error}", file.display()))
}
