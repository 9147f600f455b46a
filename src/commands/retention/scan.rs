//! Reading the experiments of a policy: one walk over each, and one search for each filter that infos do not decide.

mod read;

use self::read::look_for_keys;
pub use self::read::{is_present, search, walk};
use crate::changes::delete::doubtful;
use crate::changes::delete::{self, is_home};
use crate::commands::Context;
use crate::error::CliError;
use crate::filter::Filter;
use crate::model::{Experiment, Trace};
use crate::retention::{Judge, Outlook, PolicyFound, RetentionPolicy, Seen, Survey};
use crate::settings::ExperimentRef;
use crate::store::{Store, StoreError};

/// What was read of an experiment.
pub struct Scan {
    /// The experiment.
    pub experiment: Experiment,
    /// What was met beside the traces.
    pub survey: Survey,
    /// What was found by the filters that infos do not decide.
    pub found: Vec<PolicyFound>,
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
            [] if pattern.is_glob() => context.ui.warning(&format!("no experiment matches {:?}", pattern.as_str())),
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
        context.ui.warning(&format!("the policy does not cover experiment {flag:?}"));
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
    let mut scan = Scan { experiment, survey: judge.survey(), found, traces: Vec::new(), untouched: 0 };
    let Scan { experiment, survey, found, traces, untouched } = &mut scan;
    let mut strangers = 0;
    let undecided = walk(context, store, experiment, filter, |trace| {
        if store.needs_experiments() && !is_home(&trace.info, &experiment.id) && !is_of_catalog(trace) {
            strangers += 1;
            return;
        }
        let seen = judge.see(trace, found, survey);
        if seen.marks.is_empty() {
            *untouched += 1;
        } else {
            traces.push(seen);
        }
    })
    .await?;
    survey.contradictions += strangers;
    survey.add_undecided(undecided.iter().map(|one| doubtful(one).1));
    look_for_keys(store, experiment, survey).await?;
    for speaker in survey.speakers.values_mut() {
        speaker.members = delete::members(&**store, experiment, &speaker.session).await?;
    }
    Ok(scan)
}

/// Traces of Unity Catalog live in no experiment, and no plan takes them.
fn is_of_catalog(trace: &Trace) -> bool {
    trace.info.trace_id.as_str().starts_with("trace:/")
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
        let Scan { experiment, survey, traces, untouched, .. } = scan(context, store, policy, experiment).await?;
        outlooks.push(Outlook::new(policy, experiment, survey, traces, untouched, holds_kept));
    }
    Ok(outlooks)
}
