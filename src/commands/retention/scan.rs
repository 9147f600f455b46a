//! Reading the experiments of a policy: one walk over each, and one search for each filter that infos do not decide.

use std::collections::HashSet;

use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, Trace, TraceId};
use crate::progress::Progress;
use crate::retention::{Groups, Judge, Outlook, RetentionPolicy, Seen};
use crate::settings::ExperimentRef;
use crate::store::{Store, StoreError};

/// What was read of an experiment.
pub struct Scan {
    /// Which.
    pub experiment: Experiment,
    /// The groups that were met.
    pub groups: Groups,
    /// The traces that some rule selects.
    pub traces: Vec<Seen>,
    /// How many no rule selects.
    pub untouched: u64,
}

/// The experiments that a policy is about, and that `--experiment` names if it is given. What a policy names and the store
/// does not have is an error; a pattern may fit nothing.
pub async fn experiments(
    context: &mut Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
) -> Result<Vec<Experiment>, CliError> {
    let all = store.experiments(false).await?;
    let fits = |pattern: &crate::retention::Pattern| all.iter().any(|experiment| pattern.matches(experiment));
    for pattern in policy.rules.iter().flat_map(|rule| &rule.experiments).filter(|pattern| !fits(pattern)) {
        if !pattern.is_glob() {
            let wanted = pattern.as_str().to_owned();
            return Err(StoreError::UnknownExperiment { wanted, available: all }.into());
        }
        context.ui.warning(&format!("no experiment fits {pattern:?}", pattern = pattern.as_str()));
    }
    let flags: Vec<&String> = context
        .settings
        .experiments
        .iter()
        .filter_map(|named| match named {
            ExperimentRef::NameOrId(word) => Some(word),
            _ => None,
        })
        .collect();
    let is_named = |experiment: &Experiment| {
        flags.is_empty() || flags.iter().any(|word| **word == experiment.name || *word == experiment.id.as_str())
    };
    Ok(all.into_iter().filter(|experiment| policy.is_about(experiment) && is_named(experiment)).collect())
}

/// Reads an experiment.
pub async fn scan(
    context: &Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
    experiment: Experiment,
) -> Result<Scan, CliError> {
    let judge = Judge::new(policy, &experiment);
    let found = search(store, &experiment, judge.searches()).await?;
    let mut scan = Scan { experiment, groups: Groups::default(), traces: Vec::new(), untouched: 0 };
    let (groups, traces, untouched) = (&mut scan.groups, &mut scan.traces, &mut scan.untouched);
    walk(context, store, &scan.experiment, |trace| {
        let seen = judge.see(trace, &found, groups);
        if seen.marks.is_empty() {
            *untouched += 1;
        } else {
            traces.push(seen);
        }
    })
    .await?;
    Ok(scan)
}

/// The ids that match each of these filters.
pub async fn search(
    store: &Store,
    experiment: &Experiment,
    filters: &[Filter],
) -> Result<Vec<HashSet<TraceId>>, CliError> {
    let mut found = Vec::with_capacity(filters.len());
    for filter in filters {
        let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
        let mut walk = store.search(&query, None)?;
        let mut ids = HashSet::new();
        while let Some(page) = walk.next_page().await? {
            ids.extend(page.into_iter().map(|trace| trace.info.trace_id));
        }
        found.push(ids);
    }
    Ok(found)
}

/// Shows every trace of an experiment.
pub async fn walk(
    context: &Context<'_>,
    store: &Store,
    experiment: &Experiment,
    mut show: impl FnMut(&Trace),
) -> Result<(), CliError> {
    let query = selection::query(std::slice::from_ref(experiment), Filter::parse("")?, OrderBy::default());
    let visible = context.ui.verbosity().progress;
    let total = if visible { store.known_total(&query).await } else { None };
    let progress = Progress::new(visible, total, "reading");
    let mut walk = store.search(&query, None)?;
    walk.leave_out_spans();
    while let Some(page) = walk.next_page().await? {
        page.iter().for_each(&mut show);
        progress.advance(page.len());
    }
    Ok(())
}

/// Reads all experiments of a policy and says what it would do in each.
pub async fn outlooks(
    context: &mut Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
) -> Result<Vec<Outlook>, CliError> {
    let mut outlooks = Vec::new();
    for experiment in experiments(context, store, policy).await? {
        let Scan { experiment, groups, traces, untouched } = scan(context, store, policy, experiment).await?;
        outlooks.push(Outlook::new(policy, experiment, &groups, traces, untouched));
    }
    Ok(outlooks)
}
