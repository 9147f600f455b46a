//! The policy that flags mean which name an age.

use crate::filter::Filter;
use crate::model::Experiment;
use crate::retention::{Caps, Count, ExperimentPattern, RetentionPolicy, Rule};

/// The policy that the flags mean: one rule. Whoever names experiments and an age may empty them.
pub fn of_age(
    as_of_ms: i64,
    age_ms: i64,
    filter: Filter,
    keep_if: Vec<Filter>,
    experiments: &[Experiment],
) -> RetentionPolicy {
    let rule = Rule {
        name: "--older-than".to_owned(),
        experiments: experiments.iter().map(|experiment| ExperimentPattern::new(experiment.id.as_str())).collect(),
        filter,
        min_age_ms: 0,
        keep_within_ms: Some(age_ms),
        counts: [0; Count::ALL.len()],
        group_by: Vec::new(),
        keep_if,
        allow_empty: true,
        takes_unfinished: false,
        archive_to: None,
        deletes_artifacts: false,
    };
    RetentionPolicy { as_of_ms, rules: vec![rule], caps: Caps::default() }
}
