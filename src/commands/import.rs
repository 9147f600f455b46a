//! `import`: archived traces back to a tracking server.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::import_target::{self, Create};
use super::{CommandResult, Context, inputs, selection};
use crate::changes::import::{AttachmentTarget, IMPORT_FORMATS, ImportRun, ImportServer};
use crate::changes::journals::{self, Locked};
use crate::changes::run::{Terms, carry_out};
use crate::cli::ImportArgs;
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::store::{ArchiveSource, open_archives};

pub async fn run(context: &mut Context<'_>, args: ImportArgs) -> CommandResult {
    let format = context.output("import", IMPORT_FORMATS)?;
    let store = context.store()?;
    let server = store.writer()?;
    server.check_takes_traces()?;
    let (sources, _input) = sources(context, &args.archives)?;
    let archive = open_archives(&sources, &context.ui.listener())?;
    if let Some(reason) = archive.at_odds().filter(|_| context.settings.experiments.is_empty()) {
        return Err(CliError::usage(format!("these files do not form one archive: {reason}; nothing was imported"))
            .hint("import them one by one, or choose the target with --experiment NAME"));
    }
    // Files without a manifest have nothing to be checked against.
    archive.verify().await?;
    let is_change = !args.dry_run;
    let _lock = journals::lock_if(is_change, context, Locked::Traces, "import", args.lock.patience()).await?;
    server.check_imports().await?;
    let target = ImportServer::new(server, store.version().await.as_deref());
    let create = args.create_experiments.then_some(if args.dry_run { Create::InWords } else { Create::Really });
    let destination = import_target::find(context, &store, &archive, create).await?;
    let header = journals::header(context, "import").about(destination.experiments());
    let query = selection::query(&[], Filter::parse("")?, OrderBy::parse(&[])?);
    let beside = AttachmentTarget { archive: &archive, server };
    let mut change = ImportRun { target, beside, archive: &archive, query, destination, header, format };
    Ok(carry_out(context, &mut change, Terms { is_dry_run: args.dry_run, ..Terms::default() }).await?)
}

/// Where the traces are; standard input is kept in a file as long as that is held.
fn sources(
    context: &mut Context<'_>,
    archives: &[PathBuf],
) -> Result<(Vec<ArchiveSource>, Option<NamedTempFile>), CliError> {
    let (mut sources, mut kept) = (Vec::with_capacity(archives.len()), None);
    for path in archives {
        if path != Path::new("-") {
            sources.push(ArchiveSource::at(path));
        } else if kept.is_some() {
            return Err(CliError::usage(
                "- is given twice, but standard input can be read only once; nothing was imported",
            ));
        } else {
            let file = kept.insert(standard_input(context)?);
            sources.push(ArchiveSource { path: file.path().to_owned(), called: Some("standard input") });
        }
    }
    Ok((sources, kept))
}

fn standard_input(context: &mut Context<'_>) -> Result<NamedTempFile, CliError> {
    if context.ui.terminals().input {
        context.ui.status("Reading traces from standard input; end with Ctrl-D.");
    }
    let kept = inputs::with_standard(context, |input| {
        let mut file = NamedTempFile::new()?;
        if io::copy(&mut input.take(inputs::ROWS + 1), &mut file)? > inputs::ROWS {
            let message = format!("it is larger than the limit of {} MiB", inputs::ROWS >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        file.flush()?;
        Ok(file)
    });
    kept.map_err(|unread| {
        unread.into_error(|error| {
            CliError::usage(format!("cannot read traces from standard input: {error}; nothing was imported"))
                .hint("use a file, which may have any size")
        })
    })
}
