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
    for pattern in policy.rules.iter().flat_map(|rule| &rule.experiments) {
        let meant: Vec<&Experiment> = all.iter().filter(|experiment| pattern.matches(experiment)).collect();
        match meant.as_slice() {
            [] if pattern.is_glob() => context.ui.warning(&format!("no experiment fits {:?}", pattern.as_str())),
            [] => return Err(unknown(pattern.as_str(), all)),
            // A name that is another one's id.
            [one, other, ..] if !pattern.is_glob() => {
                let (by_name, by_id) = if one.name == pattern.as_str() { (one, other) } else { (other, one) };
                let (by_id, by_name) = (by_id.name.clone(), by_name.id.clone());
                let wanted = pattern.as_str().to_owned();
                return Err(StoreError::AmbiguousExperiment { wanted, by_id, by_name }.into());
            }
            _ => {}
        }
    }
    let mut about: Vec<Experiment> = all.iter().filter(|experiment| policy.is_about(experiment)).cloned().collect();
    let flags = context.settings.experiments.iter().filter_map(|named| match named {
        ExperimentRef::NameOrId(word) => Some(word.as_str()),
        _ => None,
    });
    let flags: Vec<&str> = flags.collect();
    let is = |flag: &str, experiment: &Experiment| flag == experiment.name || flag == experiment.id.as_str();
    if let Some(flag) = flags.iter().find(|flag| !all.iter().any(|experiment| is(flag, experiment))) {
        return Err(unknown(flag, all));
    }
    if let Some(flag) = flags.iter().find(|flag| !about.iter().any(|experiment| is(flag, experiment))) {
        context.ui.warning(&format!("the policy is not about experiment {flag:?}"));
    }
    about.retain(|experiment| flags.is_empty() || flags.iter().any(|flag| is(flag, experiment)));
    Ok(about)
}

fn unknown(wanted: &str, available: Vec<Experiment>) -> CliError {
    StoreError::UnknownExperiment { wanted: wanted.to_owned(), available }.into()
}

/// Reads an experiment.
pub async fn scan(
    context: &Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
    experiment: Experiment,
) -> Result<Scan, CliError> {
    let judge = Judge::new(policy, &experiment);
    judged(context, store, experiment, &judge, &Filter::parse("")?).await
}

/// Reads those traces of an experiment that a filter finds.
pub async fn judged(
    context: &Context<'_>,
    store: &Store,
    experiment: Experiment,
    judge: &Judge,
    filter: &Filter,
) -> Result<Scan, CliError> {
    let found = search(store, &experiment, judge.searches()).await?;
    let mut scan = Scan { experiment, groups: Groups::default(), traces: Vec::new(), untouched: 0 };
    let (groups, traces, untouched) = (&mut scan.groups, &mut scan.traces, &mut scan.untouched);
    walk(context, store, &scan.experiment, filter, |trace| {
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

/// Shows every trace of an experiment that a filter finds.
pub async fn walk(
    context: &Context<'_>,
    store: &Store,
    experiment: &Experiment,
    filter: &Filter,
    mut show: impl FnMut(&Trace),
) -> Result<(), CliError> {
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
    Ok(())
}

/// Reads all experiments of a policy and says what it would do in each. What would be kept is held only where it is asked for.
pub async fn outlooks(
    context: &mut Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
    holds_kept: bool,
) -> Result<Vec<Outlook>, CliError> {
    let mut outlooks = Vec::new();
    for experiment in experiments(context, store, policy).await? {
        let Scan { experiment, groups, traces, untouched } = scan(context, store, policy, experiment).await?;
        outlooks.push(Outlook::new(policy, experiment, &groups, traces, untouched, holds_kept));
    }
    Ok(outlooks)
}
