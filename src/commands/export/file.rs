//! Into one file, one object or standard output.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::request::Request;
use super::source::{StoreSource, newest};
use super::unwritable;
use super::{report, state};
use crate::commands::{CommandResult, Context, overwrite, selection, trace_ids, undecided};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{NewFile, State, Stretch, Tally, write_one};
use crate::export::{is_there, object};
use crate::files::{Access, PartialFile};
use crate::model::{ExperimentId, Manifest, ManifestSource, TimeWindow, TraceId};
use crate::store::{Proof, Query, Store, Undecided, Unseen};

pub async fn to_output(context: &mut Context<'_>, request: &Request) -> CommandResult {
    let store = request.store(context).await?;
    let plan = Plan::make(context, &store, request).await?;
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
    let plan = Plan::make(context, store, request).await?;
    let source = plan.source(context, store, request).await?;
    let layout = request.layout()?;
    let (mut file, tally, _) = write_one(&source, &plan.stretch, &layout, file, name, plan.noted_from()).await?;
    let seen = Seen::of(&source);
    drop(source);
    file.flush().and_then(|()| file.finish()).map_err(|error| unwritable(name, &error))?;
    plan.commit(&tally)?;
    seen.report(context, store, name, request, &tally).await
}

/// Which traces go into the file, and what is noted of them.
struct Plan {
    experiments: Vec<ExperimentId>,
    stretch: Stretch,
    state: Option<(PathBuf, State)>,
}

impl Plan {
    async fn make(context: &Context<'_>, store: &Store, request: &Request) -> Result<Self, CliError> {
        if request.ids.is_some() {
            return Ok(Self { experiments: Vec::new(), stretch: Stretch::default(), state: None });
        }
        let found = selection::experiments(context, store, request.all_experiments).await?;
        if found.is_empty() && request.all_experiments {
            return Err(CliError::new(Exit::Refused, "the server has no experiments; nothing was exported"));
        }
        let experiments: Vec<ExperimentId> = found.into_iter().map(|experiment| experiment.id).collect();
        let mut plan =
            Self { experiments, stretch: Stretch { window: request.window, ..Stretch::default() }, state: None };
        if let Some((path, known)) = &request.since_last {
            let mut query = request.query.clone();
            let names = plan.experiments.iter().map(ExperimentId::as_str).collect::<Vec<_>>();
            query.options.insert("experiments".to_owned(), serde_json::json!(names));
            let source = ManifestSource { tracking_uri: context.source_name(), ..ManifestSource::default() };
            let wanted = Manifest { source, query, ..Manifest::default() };
            let mut state = state::matching(known.clone(), path, &wanted)?;
            let present_ms = context.ui.clock().present_ms();
            let newest = newest(store, &plan.experiments, request.window, Some(&state), present_ms).await?;
            let run = state.next_run(request.window, newest, request.overlap_ms, 0);
            plan.stretch.window = run.window;
            plan.stretch.known = state.exported();
            state.pending = Some(run);
            plan.state = Some((path.clone(), state));
        }
        Ok(plan)
    }

    async fn source<'s>(
        &self,
        context: &Context<'_>,
        store: &'s Store,
        request: &Request,
    ) -> Result<StoreSource<'s>, CliError> {
        let is_all = self.stretch.window == TimeWindow::default() && self.stretch.known.is_empty();
        let done = is_all.then_some(0);
        StoreSource::new(context, store, request, self.experiments.clone(), false, done).await
    }

    fn noted_from(&self) -> Option<i64> {
        self.state.as_ref()?.1.pending.as_ref().map(crate::export::Pending::noted_from)
    }

    /// Writes down what was exported, now that it is.
    fn commit(self, tally: &Tally) -> Result<(), CliError> {
        let Some((path, mut known)) = self.state else { return Ok(()) };
        if let Some(run) = &mut known.pending {
            run.note(tally.recent.iter().cloned());
        }
        known.commit();
        state::save(&path, &known)
    }
}
