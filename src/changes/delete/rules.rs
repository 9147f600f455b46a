//! What may be deleted, as a policy, wherever it comes from: the same rules decide in the plan and again before each batch.
//!
//! What a policy keeps by number is as it was when the plan was made: a batch knows nothing of the other traces.

use crate::changes::plan_file::{self, PlannedRule};
use crate::filter::{Filter, FilterError};
use crate::model::{Experiment, ExperimentId};
use crate::retention::{Caps, Count, ExperimentPattern, Policy, RetentionPolicy, Rule};

/// A policy without what it keeps by number.
#[must_use]
pub fn of_policy(policy: &RetentionPolicy) -> RetentionPolicy {
    let rules = policy.rules.iter().map(|rule| Rule { counts: [0; Count::ALL.len()], ..rule.clone() });
    RetentionPolicy { rules: rules.collect(), ..policy.clone() }
}

/// What a filter selects, or everything that was named.
pub fn of_selection(
    policy: &Policy,
    experiments: &[&Experiment],
    deletes_artifacts: bool,
) -> Result<RetentionPolicy, FilterError> {
    let ids = experiments.iter().map(|experiment| experiment.id.clone()).collect::<Vec<_>>();
    let rule = Rule { takes_unfinished: true, deletes_artifacts, ..rule("", &ids, policy.selection()?) };
    Ok(RetentionPolicy { as_of_ms: policy.now_ms, rules: vec![rule], caps: Caps::default() })
}

/// The rules of a plan that was written down.
pub fn of_plan(header: &plan_file::Header) -> Result<RetentionPolicy, FilterError> {
    let parse = |text: &String| Filter::parse_at(text, header.moment_ms());
    let read = |planned: &PlannedRule| {
        Ok(Rule {
            min_age_ms: planned.min_age_ms,
            keep_within_ms: planned.keep_within_ms,
            keep_if: planned.keep_if.iter().map(parse).collect::<Result<_, _>>()?,
            takes_unfinished: planned.takes_unfinished,
            archive_to: planned.archive_to.clone(),
            deletes_artifacts: planned.deletes_artifacts,
            ..rule(&planned.name, &planned.experiments, parse(&planned.filter)?)
        })
    };
    let rules = header.rules.iter().map(read).collect::<Result<_, FilterError>>()?;
    Ok(RetentionPolicy { as_of_ms: header.moment_ms(), rules, caps: Caps::default() })
}

fn rule(name: &str, experiments: &[ExperimentId], filter: Filter) -> Rule {
    Rule {
        name: name.to_owned(),
        experiments: experiments.iter().map(|id| ExperimentPattern::new(id.as_str())).collect(),
        filter,
        min_age_ms: 0,
        keep_within_ms: None,
        counts: [0; Count::ALL.len()],
        group_by: Vec::new(),
        keep_if: Vec::new(),
        allow_empty: true,
        takes_unfinished: false,
        archive_to: None,
        deletes_artifacts: false,
    }
}

/// The rules that are about some of these experiments, as they are written down.
#[must_use]
pub fn planned(policy: &RetentionPolicy, experiments: &[Experiment]) -> Vec<PlannedRule> {
    let about = |rule: &Rule| PlannedRule {
        name: rule.name.clone(),
        experiments: experiments.iter().filter(|one| rule.is_about(one)).map(|one| one.id.clone()).collect(),
        filter: rule.filter.text().to_owned(),
        keep_if: rule.keep_if.iter().map(|filter| filter.text().to_owned()).collect(),
        min_age_ms: rule.min_age_ms,
        keep_within_ms: rule.keep_within_ms,
        takes_unfinished: rule.takes_unfinished,
        archive_to: rule.archive_to.clone(),
        deletes_artifacts: rule.deletes_artifacts,
    };
    policy.rules.iter().map(about).filter(|rule| !rule.experiments.is_empty()).collect()
}
