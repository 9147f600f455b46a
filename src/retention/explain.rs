//! One trace under a policy: which rules select it, which keep it and why, and when it would expire.

use super::decide::{Decision, Keep, Seen};
use super::policy::{RetentionPolicy, Rule};
use super::{Survey, decide};
use crate::filter::{Filter, SessionScope};
use crate::model::{Experiment, Trace, TraceInfo};

/// What a policy says about one trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What becomes of it.
    pub decision: Decision,
    /// What each rule says, in the order of the policy.
    pub rules: Vec<Verdict>,
    /// From when on it expires if nothing changes, in epoch milliseconds: now or before if it expires already, nothing if
    /// time alone never lets it go.
    pub expires_ms: Option<i64>,
}

/// What one rule says about a trace.
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
    /// Why it keeps the trace, and until when that lasts, in epoch milliseconds; nothing if time alone does not end it.
    pub keeps: Vec<(Keep, Option<i64>)>,
    /// The `keep_if` that matches, if one does.
    pub keep_if: Option<String>,
    /// What is not known about the trace, where that keeps it.
    pub unknown: Option<String>,
}

/// A trace in its experiment, of which `survey` was met; `traces` are all that some rule selects.
pub struct Subject<'a> {
    /// The trace.
    pub info: &'a TraceInfo,
    /// Where it lives.
    pub experiment: &'a Experiment,
    /// What was met in the experiment.
    pub survey: &'a Survey,
    /// What was met of this trace alone.
    pub alone: &'a Survey,
    /// All traces that some rule selects.
    pub traces: Vec<Seen>,
}

/// Explains a trace among all traces of its experiment that some rule selects.
#[must_use]
pub fn explain(policy: &RetentionPolicy, subject: Subject<'_>) -> Explanation {
    let Subject { info, experiment, survey, alone, traces } = subject;
    let traces = decide(&policy.rules, policy.as_of_ms, traces);
    let seen = traces.into_iter().find(|trace| trace.trace_id == info.trace_id);
    let rules = policy.rules.iter().enumerate().map(|(number, rule)| {
        let mark = seen.as_ref().and_then(|seen| seen.marks.iter().find(|mark| usize::from(mark.rule) == number));
        let matched = mark.filter(|mark| mark.keeps.has(Keep::If));
        let keep_if = matched.and_then(|mark| rule.keep_if.get(usize::from(mark.keep_if)));
        let until = |keep: Keep| (keep, keeps_until(keep, rule, keep_if, (policy.as_of_ms, info)));
        let unknown = u16::try_from(number).ok().and_then(|number| alone.rules.get(&number));
        Verdict {
            rule: rule.name.clone(),
            is_about: rule.is_about(experiment),
            selects: mark.is_some(),
            group: mark
                .filter(|_| !rule.group_by.is_empty())
                .and_then(|mark| Some(survey.groups.name(mark.group)?.to_owned())),
            keeps: mark.map(|mark| mark.keeps.iter().map(until).collect()).unwrap_or_default(),
            keep_if: keep_if.map(|filter| filter.text().to_owned()),
            unknown: unknown.and_then(|met| met.unknown.keys().next().cloned()),
        }
    });
    let rules: Vec<Verdict> = rules.collect();
    let decision = seen.as_ref().map_or(Decision::Untouched, Seen::decision);
    let keeps = rules.iter().flat_map(|verdict| &verdict.keeps);
    let until = keeps.map(|(_, until)| *until).collect::<Option<Vec<i64>>>();
    let expires_ms = seen.and(until).map(|until| until.into_iter().max().unwrap_or(policy.as_of_ms));
    Explanation { decision, rules, expires_ms }
}

/// Until when a reason keeps a trace, in epoch milliseconds; nothing if time alone does not end it.
fn keeps_until(keep: Keep, rule: &Rule, keep_if: Option<&Filter>, (now_ms, info): (i64, &TraceInfo)) -> Option<i64> {
    let start = info.request_time_ms;
    match keep {
        Keep::MinAge => Some(start.saturating_add(rule.min_age_ms)),
        Keep::Within => Some(start.saturating_add(rule.keep_within_ms.unwrap_or(0))),
        Keep::Future => Some(start),
        Keep::If => matches_until(keep_if?, now_ms, info),
        Keep::Count(_) | Keep::InProgress | Keep::Changed | Keep::Unknown | Keep::Session => None,
    }
}

/// When a filter that counts from now no longer matches a trace that stays as it is: it can only change its mind when a
/// moment that it names passes the start or the end of the trace.
fn matches_until(filter: &Filter, now_ms: i64, info: &TraceInfo) -> Option<i64> {
    if !filter.counts_from_now() {
        return None;
    }
    let ends = [info.request_time_ms, info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0))];
    let passes = |moment: i64| ends.map(|end| end.saturating_add(now_ms.saturating_sub(moment)));
    let mut moments: Vec<i64> =
        filter.moments().into_iter().flat_map(passes).flat_map(|at| [at, at.saturating_add(1)]).collect();
    moments.retain(|moment| *moment > now_ms);
    moments.sort_unstable();
    let trace = Trace::without_spans(info.clone());
    let lets_go = |moment: &i64| {
        Filter::parse_at(filter.text(), *moment)
            .is_ok_and(|then| !then.info_part().matches(&trace, &SessionScope::default()).may_be_true())
    };
    moments.into_iter().find(lets_go)
}
