//! `export`: every match into a file, which appears only when it is whole, or into an archive of parts.

mod choice;
mod directory;
mod file;
mod formats;
mod report;
mod request;
mod source;
mod state;

use std::io;
use std::path::Path;

use request::Request;

use super::{CommandResult, Context, selection, words};
use crate::cli::ExportArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{Directory, Folder, Target, bucket};
use crate::model::ExperimentId;
use crate::output::count;

#[cfg(feature = "otlp")]
pub use request::taken_out;

/// A trace is exported once: what is said about it later is not looked for.
const LATER: &str = "Feedback given after a trace was exported is not included; export all feedback with `mlflow-trace feedback export FILE`.";

pub async fn run(context: &mut Context<'_>, args: ExportArgs) -> CommandResult {
    let is_later = args.since_last.as_ref().is_some_and(|state| state.is_file());
    let exit = export(context, &args).await?;
    if is_later {
        context.ui.status(LATER);
    }
    if args.filter.text() == Some("-") {
        return Ok(exit);
    }
    tell_of_links(context, args.all_experiments).await?;
    Ok(exit)
}

/// Links to runs are no part of a trace: no export holds them.
async fn tell_of_links(context: &mut Context<'_>, all_experiments: bool) -> Result<(), CliError> {
    let store = context.store()?;
    if !store.has_links() {
        return Ok(());
    }
    let experiments = selection::experiments(context, &store, all_experiments).await?;
    let experiments: Vec<ExperimentId> = experiments.into_iter().map(|experiment| experiment.id).collect();
    let told = match store.linked(&experiments).await? {
        Some(0) => return Ok(()),
        Some(1) => "1 trace of these experiments is linked to runs".to_owned(),
        Some(number) => format!("{} traces of these experiments are linked to runs", count(number)),
        None => "traces may be linked to runs".to_owned(),
    };
    context
        .ui
        .status(&format!("{told}; exports do not contain these links (`search \"run_id = 'RUN_ID'\"` finds them)."));
    Ok(())
}

async fn export(context: &mut Context<'_>, args: &ExportArgs) -> CommandResult {
    let typed = args.target.as_deref().unwrap_or(Path::new("-"));
    words::refuse_target(typed, "mlflow-trace export traces.jsonl --filter")?;
    let target = Target::of(typed, args.split.is_some())?;
    let request = Request::read(context, args, &target)?;
    let folder: Box<dyn Folder> = match target {
        Target::Output => return file::to_output(context, &request).await,
        Target::File(path) => return file::to_file(context, &request, &path, args.overwrite).await,
        Target::Object(url) => return file::to_object(context, &request, &url, args.overwrite).await,
        Target::Directory(path) => {
            let opened = Directory::open(&path);
            Box::new(opened.map_err(|error| unwritable(&path.display().to_string(), &error))?)
        }
        Target::Bucket(url) => bucket(&url, context.object_store())?,
    };
    directory::run(context, &request, &*folder).await
}

/// A target that cannot be written.
fn unwritable(name: &str, error: &io::Error) -> CliError {
    let closed = error.kind() == io::ErrorKind::BrokenPipe;
    CliError { is_closed_output: closed, ..CliError::new(Exit::Unexpected, format!("cannot write {name}: {error}")) }
}
