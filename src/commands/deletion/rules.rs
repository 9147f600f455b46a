//! What may be deleted: rules, wherever they come from.

use crate::changes::plan_file::{self, PlannedRule};
use crate::error::CliError;
use crate::filter::Filter;
use crate::model::{Experiment, ExperimentId};
use crate::retention::{Policy, RetentionPolicy};

/// A trace may go if a rule selects it and none that selects it keeps it. What a policy keeps by number or age is as it was
/// when the plan was made.
pub struct DeletionRule {
    /// Its name; empty where ids or a filter say what goes.
    pub name: String,
    /// The experiments it is about.
    pub experiments: Vec<ExperimentId>,
    /// What selects; everything if it is empty.
    pub filter: Filter,
    /// What keeps.
    pub keep_if: Vec<Filter>,
    /// Where traces are exported to before they are deleted.
    pub archive_to: Option<String>,
}

impl DeletionRule {
    /// The rules of a policy that are about some of these experiments.
    pub fn of_policy(policy: &RetentionPolicy, experiments: &[&Experiment]) -> Vec<Self> {
        let about = |rule: &crate::retention::Rule| Self {
            name: rule.name.clone(),
            experiments: ids(experiments.iter().filter(|experiment| rule.is_about(experiment))),
            filter: rule.filter.clone(),
            keep_if: rule.keep_if.clone(),
            archive_to: rule.archive_to.clone(),
        };
        policy.rules.iter().map(about).filter(|rule| !rule.experiments.is_empty()).collect()
    }

    /// What a filter and a cut-off select.
    pub fn of_selection(policy: &Policy, experiments: &[&Experiment]) -> Result<Vec<Self>, CliError> {
        Ok(vec![Self {
            name: String::new(),
            experiments: ids(experiments.iter()),
            filter: policy.selection()?,
            keep_if: policy.keep_if.clone(),
            archive_to: None,
        }])
    }

    /// The rules of a plan that was written down.
    pub fn of_plan(header: &plan_file::Header) -> Result<Vec<Self>, CliError> {
        let parse = |text: &String| Filter::parse_at(text, header.moment_ms());
        let read = |rule: &PlannedRule| {
            Ok(Self {
                name: rule.name.clone(),
                experiments: rule.experiments.clone(),
                filter: parse(&rule.filter)?,
                keep_if: rule.keep_if.iter().map(parse).collect::<Result<_, _>>()?,
                archive_to: rule.archive_to.clone(),
            })
        };
        header.rules.iter().map(read).collect()
    }

    /// As it is written down.
    pub fn planned(&self) -> PlannedRule {
        PlannedRule {
            name: self.name.clone(),
            experiments: self.experiments.clone(),
            filter: self.filter.text().to_owned(),
            keep_if: self.keep_if.iter().map(|filter| filter.text().to_owned()).collect(),
            archive_to: self.archive_to.clone(),
        }
    }

    /// Whether it is about an experiment.
    pub fn is_about(&self, experiment: &ExperimentId) -> bool {
        self.experiments.contains(experiment)
    }
}

fn ids<'e>(experiments: impl Iterator<Item = &'e &'e Experiment>) -> Vec<ExperimentId> {
    experiments.map(|experiment| experiment.id.clone()).collect()
}
