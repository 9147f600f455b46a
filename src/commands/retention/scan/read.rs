//! What a policy asks of a store: one walk over an experiment, and one search for each filter that infos do not decide.

use crate::changes::delete::doubtful;
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::field::Field;
use crate::model::{Experiment, Trace};
use crate::progress::Progress;
use crate::retention::{PolicyFound, Survey};
use crate::store::{Store, Undecided};

/// Whether some trace of an experiment has a field, or may have.
pub async fn is_present(store: &Store, experiment: &Experiment, field: &Field) -> Result<bool, CliError> {
    let Some(filter) = Filter::of_presence(field) else { return Ok(true) };
    let query = selection::query(std::slice::from_ref(experiment), filter, OrderBy::default());
    match store.search(&query, Some(1))?.next_page().await {
        Ok(page) => Ok(page.is_some()),
        // Older servers cannot be asked that.
        Err(error) if error.is_refusal() => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// What matches each of these filters, and what may.
pub async fn search(store: &Store, experiment: &Experiment, filters: &[Filter]) -> Result<Vec<PolicyFound>, CliError> {
    let mut all = Vec::with_capacity(filters.len());
    for filter in filters {
        let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
        let mut walk = store.search(&query, None)?;
        let mut found = PolicyFound::default();
        while let Some(page) = walk.next_page().await? {
            found.matching.extend(page.into_iter().map(|trace| trace.info.trace_id));
        }
        found.undecided = walk.undecided().iter().map(doubtful).collect();
        all.push(found);
    }
    Ok(all)
}

/// Shows every trace of an experiment that a filter finds, and returns those that it may find.
pub async fn walk(
    context: &Context<'_>,
    store: &Store,
    experiment: &Experiment,
    filter: &Filter,
    mut show: impl FnMut(&Trace),
) -> Result<Vec<Undecided>, CliError> {
    let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
    let visible = context.ui.verbosity().progress;
    let total = if visible { store.known_total(&query).await } else { None };
    let progress = Progress::new(visible, total, "reading");
    let mut walk = store.search(&query, None)?;
    walk.leave_out_spans();
    while let Some(page) = walk.next_page().await? {
        page.iter().for_each(&mut show);
        progress.advance(page.len());
    }
    Ok(walk.undecided().to_vec())
}

/// A key that was not met may be one of traces that were not read, or lie where infos do not show it.
pub async fn look_for_keys(store: &Store, experiment: &Experiment, survey: &mut Survey) -> Result<(), CliError> {
    let mut present: Vec<(Field, bool)> = Vec::new();
    let unmet = survey.rules.values().flat_map(|rule| &rule.keep_if).flat_map(|keeper| &keeper.unmet);
    for field in unmet {
        if present.iter().all(|(known, _)| known != field) {
            present.push((field.clone(), is_present(store, experiment, field).await?));
        }
    }
    let is_present = |field: &Field| present.iter().any(|(known, is_present)| known == field && *is_present);
    for keeper in survey.rules.values_mut().flat_map(|rule| &mut rule.keep_if) {
        keeper.unmet.retain(|field| !is_present(field));
    }
    Ok(())
}
