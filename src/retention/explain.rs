//! One trace under a policy: which rules select it, which keep it and why, and when it would expire.

use super::decide::{Decision, Keep, Seen};
use super::policy::{RetentionPolicy, Rule};
use super::{Groups, decide};
use crate::model::{Experiment, TraceId};

/// What a policy says of one trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What becomes of it.
    pub decision: Decision,
    /// What each rule says, in the order of the policy.
    pub rules: Vec<Verdict>,
    /// From when on it expires if nothing changes, in epoch milliseconds: now or before if it expires already, nothing if
    /// age alone never lets it go.
    pub expires_ms: Option<i64>,
}

/// What one rule says of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rule's name.
    pub rule: String,
    /// Whether the rule is about the experiment of the trace.
    pub is_about: bool,
    /// Whether it selects the trace.
    pub selects: bool,
    /// The group in which it counts the trace, if it makes groups.
    pub group: Option<String>,
    /// Why it keeps the trace.
    pub keeps: Vec<Keep>,
    /// The `keep_if` that matches, if one does.
    pub keep_if: Option<String>,
}

/// Explains a trace among all traces of its experiment that some rule selects.
#[must_use]
pub fn explain(
    policy: &RetentionPolicy,
    experiment: &Experiment,
    groups: &Groups,
    traces: Vec<Seen>,
    id: &TraceId,
) -> Explanation {
    let traces = decide(&policy.rules, policy.as_of_ms, traces);
    let seen = traces.into_iter().find(|trace| trace.trace_id == *id);
    let rules = policy.rules.iter().enumerate();
    let rules = rules.map(|(number, rule)| verdict(rule, number, experiment, groups, seen.as_ref())).collect();
    let decision = seen.as_ref().map_or(Decision::Untouched, Seen::decision);
    Explanation { decision, rules, expires_ms: seen.and_then(|seen| expires_ms(policy, &seen)) }
}

fn verdict(rule: &Rule, number: usize, experiment: &Experiment, groups: &Groups, seen: Option<&Seen>) -> Verdict {
    let mark = seen.and_then(|seen| seen.marks.iter().find(|mark| usize::from(mark.rule) == number));
    let keep_if = mark.filter(|mark| mark.keeps.has(Keep::If));
    Verdict {
        rule: rule.name.clone(),
        is_about: rule.is_about(experiment),
        selects: mark.is_some(),
        group: mark.filter(|_| !rule.group_by.is_empty()).and_then(|mark| Some(groups.name(mark.group)?.to_owned())),
        keeps: mark.map(|mark| mark.keeps.iter().collect()).unwrap_or_default(),
        keep_if: keep_if.and_then(|mark| Some(rule.keep_if.get(usize::from(mark.keep_if))?.text().to_owned())),
    }
}

/// When age alone lets it go: nothing if something else keeps it, which may go on for ever.
fn expires_ms(policy: &RetentionPolicy, seen: &Seen) -> Option<i64> {
    let of_mark = |mark: &super::Mark| {
        let rule = policy.rules.get(usize::from(mark.rule))?;
        let by_age = mark.keeps.iter().all(|keep| matches!(keep, Keep::MinAge | Keep::Within));
        by_age.then(|| seen.request_time_ms.saturating_add(rule.age_ms()))
    };
    let times: Option<Vec<i64>> = seen.marks.iter().map(of_mark).collect();
    times?.into_iter().max()
}
