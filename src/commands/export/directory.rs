//! Into a directory or a place in an object store: parts and a manifest, gone on with where it was cut off.

mod manifest;

use std::path::PathBuf;
use std::time::Instant;

use self::manifest::{begun, complete, ids, wanted};
use super::request::Request;
use super::source::{StoreSource, newest};
use super::{report, state};
use crate::commands::{CommandResult, Context, undecided};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{
    Archive, ArchiveEnd, Beginning, Folder, Pending, State, Stretch, beginning, check, new_run, read_manifest,
    remove_leftovers, stretches,
};
use crate::model::{ExperimentId, rfc3339_utc};
use crate::store::{Store, StoreError, Undecided};

/// The file of `--since-last` and what it holds.
type Book = (PathBuf, State);

pub async fn run(context: &mut Context<'_>, request: &Request, folder: &dyn Folder) -> CommandResult {
    let (started, name) = (Instant::now(), folder.name());
    let there = read_manifest::<StoreError>(folder)?;
    let store = request.store(context).await?;
    let wanted = wanted(context, &store, request).await?;
    let mut book = match &request.since_last {
        Some((path, known)) => Some((path.clone(), state::matching(known.clone(), path, &wanted)?)),
        None => None,
    };
    check::<StoreError>(folder, there.as_ref().map(|(_, manifest)| manifest), &wanted)?;
    let (stored, there) = there.unzip();
    let run = match beginning::<StoreError>(there.as_ref(), book.as_mut().map(|(_, state)| state))? {
        Beginning::Complete => return report::already(context, &name, &there.unwrap_or(wanted)),
        Beginning::GoOn(run) => run,
        Beginning::Anew => {
            let experiments: Vec<ExperimentId> = ids(&store, &wanted);
            let state = book.as_ref().map(|(_, state)| state);
            let present_ms = context.ui.clock().present_ms();
            let newest = newest(&store, &experiments, request.window, state, present_ms).await?;
            new_run(there.as_ref(), state, request.window, newest, request.overlap_ms)
        }
    };
    let manifest = begun(&store, there, wanted, &run).await;
    let is_all = run.window.oldest_ms.or(request.window.newest_ms).is_none();
    let done = is_all.then_some(manifest.counts.traces);
    let source = StoreSource::new(context, &store, request, ids(&store, &manifest), true, done).await?;
    let layout = request.layout()?;
    let before = manifest.counts.traces;
    // What an earlier night could not read was said then.
    let said = if book.is_some() { manifest.failed.len() } else { 0 };
    let (is_anew, mut proof) = (manifest.parts.is_empty(), None);
    let noted_from = book.as_ref().map(|_| run.noted_from());
    let mut archive = Archive { folder, layout: &layout, manifest, stored, noted_from };
    let finishing = context.interrupt.finish_first();
    let ended = export(&mut archive, &source, &store, run, &mut book).await;
    let open = source.undecided();
    archive.manifest.counts.add_undecided(open.iter().map(Undecided::summary));
    if matches!(ended, Ok(ArchiveEnd::Complete)) {
        let now_ms = context.ui.clock().now_ms() + i64::try_from(started.elapsed().as_millis()).unwrap_or(0);
        // What earlier runs wrote was counted then, or is counted now where all of it is to be there.
        proof = if is_anew || !is_all || request.choice.sample.is_some() {
            source.proof()
        } else {
            source.proof_of_all(&archive.manifest).await
        };
        complete(&mut archive, proof, rfc3339_utc(now_ms))?;
        settle(&mut book)?;
    }
    drop((source, finishing));
    let manifest = archive.manifest;
    match ended {
        Ok(ArchiveEnd::Complete) => {
            let new = manifest.counts.traces - before;
            let exit = report::directory(context, &name, &manifest, new, said, proof)?;
            undecided::tell(context, &open).map(|()| exit)
        }
        Ok(ArchiveEnd::Interrupted) => Ok(report::interrupted(context, &name, &manifest)),
        Err(error) if error.exit == Exit::SafetyStop => Err(error),
        Err(error) => Err(error.hint(report::hint(&name, &manifest))),
    }
}

/// Writes what is left of a run.
async fn export(
    archive: &mut Archive<'_>,
    source: &StoreSource<'_>,
    store: &Store,
    run: Pending,
    book: &mut Option<Book>,
) -> Result<ArchiveEnd, CliError> {
    let known = book.as_ref().map(|(_, state)| state.exported()).unwrap_or_default();
    // What a store that needs no experiments holds may be in none.
    let left: Vec<Stretch> = match run.window.newest_ms {
        Some(_) => stretches(&archive.manifest, &run, &known, !store.needs_experiments()),
        None => Vec::new(),
    };
    if let Some((path, state)) = book.as_mut() {
        state.pending = Some(run);
        state::save(path, state)?;
    }
    archive.save::<StoreError>()?;
    remove_leftovers::<StoreError>(archive.folder, &archive.manifest.parts)?;
    let mut note = |traces: &[_]| match book.as_mut() {
        Some((path, state)) => {
            state.pending.iter_mut().for_each(|run| run.note(traces.iter().cloned()));
            state::write(path, state)
        }
        None => Ok(()),
    };
    Ok(archive.write(source, &left, &mut note).await?)
}

/// Makes the run one that the next one knows of.
fn settle(book: &mut Option<Book>) -> Result<(), CliError> {
    let Some((path, known)) = book else { return Ok(()) };
    known.commit();
    state::save(path, known)
}
