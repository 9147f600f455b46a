//! What a filter selects for deletion, collected before anything is deleted.

use std::collections::HashSet;
use std::sync::Arc;

use super::target::is_home;
use crate::changes::{ChangeError, RunContext};
use crate::filter::{Filter, OrderBy, SessionScope};
use crate::model::{Experiment, TimeWindow, TraceId};
use crate::output::count_traces;
use crate::retention::{Doubtful, Plan, Planned, Policy, Refusal, plan};
use crate::store::{Query, Store, Undecided, summary};

/// Plans for these experiments: all ids are collected before anything is deleted.
pub async fn plans(
    context: &mut RunContext<'_>,
    store: &Store,
    experiments: Vec<Experiment>,
    policy: &Policy,
) -> Result<Vec<Plan>, ChangeError> {
    let mut plans = Vec::with_capacity(experiments.len());
    for experiment in experiments {
        let selected = collect(context, store, &experiment, policy.selection()?).await?;
        plans.push(plan(experiment, policy, selected, &HashSet::new()));
    }
    Ok(plans)
}

async fn collect(
    context: &mut RunContext<'_>,
    store: &Store,
    experiment: &Experiment,
    filter: Filter,
) -> Result<Vec<Planned>, ChangeError> {
    store.writer()?.takes_deletions(&experiment.id)?;
    let query = query(experiment, filter.clone());
    let (mut walk, info_part) = (store.search(&query, None)?, filter.info_part());
    let (mut traces, mut contradictions, mut speakers) = (Vec::new(), 0, 0);
    while let Some(page) = walk.next_page().await? {
        for trace in &page {
            let matches = info_part.matches(trace, &SessionScope::default()).may_be_true();
            if matches && is_home(&trace.info, &experiment.id) {
                speakers += u64::from(trace.info.session_it_speaks_of(None).is_some());
                traces.push(Planned::of(&trace.info));
            } else {
                contradictions += 1;
            }
        }
    }
    if contradictions > 0 {
        return Err(Refusal::FilterIgnored { experiment: experiment.name.clone(), traces: contradictions }.into());
    }
    warn_of_undecided(context, walk.undecided());
    warn_of_sessions(context, speakers);
    Ok(traces)
}

/// Says what goes with traces that were named or selected and carry what was said about their whole sessions.
pub fn warn_of_sessions(context: &mut RunContext<'_>, speakers: u64) {
    if speakers > 0 {
        let number = count_traces(speakers);
        context
            .ui
            .warning(&format!("{number} of them carry assessments of whole sessions, which are deleted with them"));
    }
}

/// A query over one experiment.
#[must_use]
pub fn query(experiment: &Experiment, filter: Filter) -> Query {
    Query {
        experiments: vec![experiment.id.clone()],
        filter: Arc::new(filter),
        order_by: Arc::new(OrderBy::default()),
        window: TimeWindow::default(),
    }
}

/// A trace of which it is not known whether it matches, as the planner takes it.
#[must_use]
pub fn doubtful(undecided: &Undecided) -> (TraceId, Doubtful) {
    let doubt = Doubtful { why: undecided.summary(), is_failure: undecided.reason.is_some() && !undecided.is_left_out };
    (undecided.trace_id.clone(), doubt)
}

/// Says of how many traces it is not known whether they match; nothing is done to them.
pub fn warn_of_undecided(context: &mut RunContext<'_>, undecided: &[Undecided]) {
    if !undecided.is_empty() {
        let number = count_traces(undecided.len() as u64);
        context.ui.warning(&format!("cannot tell whether {number} match; kept: {}", summary(undecided)));
    }
}
