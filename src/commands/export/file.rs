//! Into one file, one object or standard output.

mod plan;

use std::io::Write;
use std::path::Path;

use self::plan::FilePlan;
use super::report;
use super::request::Request;
use super::source::StoreSource;
use super::unwritable;
use crate::commands::{CommandResult, Context, overwrite, selection, trace_ids, undecided};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{NewFile, Tally, write_one};
use crate::export::{is_there, object};
use crate::files::{Access, PartialFile};
use crate::model::TraceId;
use crate::store::{Proof, Query, Store, Undecided, Unseen};

pub async fn to_output(context: &mut Context<'_>, request: &Request) -> CommandResult {
    let store = request.store(context).await?;
    let plan = FilePlan::make(context, &store, request).await?;
    let source = plan.source(context, &store, request).await?;
    let layout = request.layout()?;
    let name = "standard output";
    let (_, tally, _) =
        write_one(&source, &plan.stretch, &layout, context.ui.output(), name, plan.noted_from()).await?;
    let seen = Seen::of(&source);
    drop(source);
    context.ui.flush()?;
    plan.commit(&tally)?;
    seen.report(context, &store, name, request, &tally).await
}

/// What a source saw besides what was written.
struct Seen {
    proof: Option<Proof>,
    undecided: Vec<Undecided>,
    missing: (Vec<TraceId>, Vec<Unseen>),
    query: Option<Query>,
}

impl Seen {
    fn of(source: &StoreSource<'_>) -> Self {
        let (proof, undecided) = (source.proof(), source.undecided());
        Self { proof, undecided, missing: source.missing(), query: source.query() }
    }

    async fn report(
        self,
        context: &mut Context<'_>,
        store: &Store,
        name: &str,
        request: &Request,
        tally: &Tally,
    ) -> CommandResult {
        let written = tally.counts.traces;
        let ended = report::file(context, name, request, tally, self.proof);
        if tally.is_part {
            selection::tell_part(context, store, self.query.as_ref(), written).await;
        }
        let exit = ended?;
        trace_ids::tell_missing(context, (&self.missing.0, &self.missing.1), written)?;
        undecided::tell(context, &self.undecided).map(|()| exit)
    }
}

pub async fn to_file(
    context: &mut Context<'_>,
    request: &Request,
    path: &Path,
    may_be_replaced: bool,
) -> CommandResult {
    let name = path.display().to_string();
    if std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.len() > 0) {
        keep_earlier_runs(request, &name)?;
    }
    overwrite::check(context, path, may_be_replaced)?;
    let store = request.store(context).await?;
    let file = PartialFile::begin(path, Access::Owner).await.map_err(|error| unwritable(&name, &error))?;
    to_new_file(context, &store, request, Box::new(file), &name).await
}

pub async fn to_object(
    context: &mut Context<'_>,
    request: &Request,
    url: &str,
    may_be_replaced: bool,
) -> CommandResult {
    if (request.since_last.is_some() || !may_be_replaced) && is_there(url, context.object_store())? {
        keep_earlier_runs(request, url)?;
        overwrite::ask(context, url)?;
    }
    let store = request.store(context).await?;
    let file = object(url, context.object_store())?;
    to_new_file(context, &store, request, file, url).await
}

/// A file may hold what earlier runs exported, and nobody will export that again.
fn keep_earlier_runs(request: &Request, name: &str) -> Result<(), CliError> {
    if request.since_last.is_none() {
        return Ok(());
    }
    let message = format!("{name} already exists, and --since-last would replace its contents with the new traces");
    Err(CliError::new(Exit::SafetyStop, message)
        .hint("use a directory (DIR/), to which each run adds, or a new file for each run"))
}

async fn to_new_file(
    context: &mut Context<'_>,
    store: &Store,
    request: &Request,
    file: Box<dyn NewFile>,
    name: &str,
) -> CommandResult {
    let plan = FilePlan::make(context, store, request).await?;
    let source = plan.source(context, store, request).await?;
    let layout = request.layout()?;
    let (mut file, tally, _) = write_one(&source, &plan.stretch, &layout, file, name, plan.noted_from()).await?;
    let seen = Seen::of(&source);
    drop(source);
    file.flush().and_then(|()| file.finish()).map_err(|error| unwritable(name, &error))?;
    plan.commit(&tally)?;
    seen.report(context, store, name, request, &tally).await
}
