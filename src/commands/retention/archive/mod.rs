//! `archive_to`: traces are exported with their spans, read back from where they were written, and only then deleted.
//!
//! Every run has a folder of its own at each place, `ARCHIVE_TO/RUN_ID`, which is an archive as `export` writes it. The same
//! run, given again, goes on with its folder. A run that stops before it may delete anything takes its folders away.

mod place;
mod source;

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::commands::Context;
use crate::error::CliError;
use crate::model::{Experiment, TraceId};
use crate::output::{count, count_traces};
use crate::retention::{Plan, RetentionPolicy};
use crate::store::ServerStore;
use place::Place;

/// Traces of an experiment that are to be archived at a place.
pub struct Wanted<'p> {
    /// Where they are.
    pub experiment: &'p Experiment,
    /// Which, newest first, each once.
    pub ids: Arc<[TraceId]>,
}

/// What became of traces that were to be archived.
#[derive(Debug, Default)]
pub struct Archived {
    /// Those that were not found whole in every archive where they were to be, with the reason: they must not be deleted.
    pub kept: HashMap<TraceId, String>,
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

/// Looks whether the places that plans name can be written, before anybody is asked anything.
pub fn check_places(context: &Context<'_>, plans: &[Plan]) -> Result<(), CliError> {
    wanted(plans).keys().try_for_each(|place| place::probe(context, place))
}

/// Archives what plans say, each trace at every place that its rules name. Without an error everything is accounted for; after
/// an error nothing may be deleted, and nothing of what this attempt wrote is left. An interruption is an error.
pub async fn archive(
    context: &mut Context<'_>,
    server: &ServerStore,
    run: &str,
    plans: &[Plan],
) -> Result<Archived, CliError> {
    let _finishing = context.interrupt.finish_first();
    let (mut archived, mut places) = (Archived::default(), Vec::new());
    let ended = archive_all(context, server, run, plans, (&mut archived, &mut places)).await;
    if let Err(error) = ended {
        for place in &places {
            if let Err(error) = place.discard() {
                context.ui.warning(&error.message);
            }
        }
        return Err(error);
    }
    Ok(archived)
}

async fn archive_all(
    context: &mut Context<'_>,
    server: &ServerStore,
    run: &str,
    plans: &[Plan],
    (archived, places): (&mut Archived, &mut Vec<Place>),
) -> Result<(), CliError> {
    for (place, wanted) in wanted(plans) {
        places.push(Place::open(context, place, run)?);
        let Some(place) = places.last() else { continue };
        let held = place.archive(context, server, run, &wanted).await?;
        let name = place.name();
        context.ui.status(&format!("Archived {} to {name} and read them back.", count_traces(held.traces)));
        archived.folders.push(name);
        archived.kept.extend(held.kept);
    }
    Ok(())
}

/// Which traces of plans go to which place, one experiment after the other.
fn wanted(plans: &[Plan]) -> IndexMap<&str, Vec<Wanted<'_>>> {
    let mut places: IndexMap<&str, Vec<Wanted<'_>>> = IndexMap::new();
    for plan in plans {
        let mut of_plan: IndexMap<&str, Vec<TraceId>> = IndexMap::new();
        // A plan begins with the oldest one.
        for trace in plan.traces.iter().rev() {
            let named = plan.ground(trace).map_or(&[][..], |ground| &ground.archive_to);
            for place in named {
                of_plan.entry(place).or_default().push(trace.trace_id.clone());
            }
        }
        for (place, ids) in of_plan {
            places.entry(place).or_default().push(Wanted { experiment: &plan.experiment, ids: ids.into() });
        }
    }
    places
}
