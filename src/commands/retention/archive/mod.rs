//! `archive_to`: traces are exported with their spans, read back from where they were written, and only then deleted.
//!
//! Every run has a folder of its own at each place, `ARCHIVE_TO/RUN_ID`, which is an archive as `export` writes it. The same
//! run, given again, goes on with its folder. A run that stops before it may delete anything takes its folders away.

mod place;
mod source;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::Context;
use crate::error::CliError;
use crate::model::{Experiment, TraceId};
use crate::output::{count, count_traces};
use crate::retention::RetentionPolicy;
use crate::store::ServerStore;
use place::Place;

/// Traces of an experiment that are to be archived.
#[derive(Clone)]
pub struct Wanted<'a> {
    /// Where they are.
    pub experiment: &'a Experiment,
    /// Which, newest first, each once.
    pub ids: Arc<[TraceId]>,
}

/// What became of them. All that are in neither list were found in the archive, whole, wherever they were to be.
#[derive(Debug, Default)]
pub struct Archived {
    /// Those that are not in it, with the reason: they must not be deleted.
    pub kept: HashMap<TraceId, String>,
    /// Those that were not there any more.
    pub gone: HashSet<TraceId>,
    /// The folders that were written.
    pub folders: Vec<String>,
}

/// Refuses a policy that names a place which this build cannot write; nothing is opened.
pub fn check_policy(policy: &RetentionPolicy) -> Result<(), CliError> {
    for rule in &policy.rules {
        if let Some(place) = &rule.archive_to {
            place::target(place).map_err(|error| {
                let message = format!("rule {:?}, archive_to: {}", rule.name, error.message);
                CliError { message, ..error }
            })?;
        }
    }
    Ok(())
}

/// Looks whether these places can be written, before anybody is asked anything.
pub fn check_places<'p>(
    context: &Context<'_>,
    run: &str,
    places: impl IntoIterator<Item = &'p str>,
) -> Result<(), CliError> {
    places.into_iter().try_for_each(|place| place::probe(context, place, run))
}

/// Archives traces at their places. Without an error everything that was asked for is accounted for; after an error nothing
/// may be deleted, and nothing of what this attempt wrote is left. An interruption is an error.
pub async fn run(
    context: &mut Context<'_>,
    server: &ServerStore,
    run: &str,
    wanted: &[(&str, Vec<Wanted<'_>>)],
) -> Result<Archived, CliError> {
    let _finishing = context.interrupt.finish_first();
    let (mut archived, mut places) = (Archived::default(), Vec::with_capacity(wanted.len()));
    for (place, wanted) in wanted {
        let added = match Place::open(context, place, run) {
            Ok(place) => {
                places.push(place);
                add(context, server, run, places.last(), wanted, &mut archived).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = added {
            for place in &places {
                if let Err(error) = place.discard() {
                    context.ui.warning(&error.message);
                }
            }
            return Err(error);
        }
    }
    Ok(archived)
}

async fn add(
    context: &mut Context<'_>,
    server: &ServerStore,
    run: &str,
    place: Option<&Place>,
    wanted: &[Wanted<'_>],
    archived: &mut Archived,
) -> Result<(), CliError> {
    let Some(place) = place else { return Ok(()) };
    let held = place.archive(context, server, run, wanted).await?;
    let name = place.name();
    context.ui.status(&format!("Archived {} to {name} and read them back.", count_traces(held.traces)));
    if !held.kept.is_empty() {
        let kept = count(held.kept.len() as u64);
        context.ui.warning(&format!("{kept} could not be archived and will not be deleted"));
    }
    archived.kept.extend(held.kept);
    archived.gone.extend(held.gone);
    archived.folders.push(name);
    Ok(())
}
