//! What a retention policy says about one trace, for people and machines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::retention::age;
use super::sanitize::for_terminal_line;
use crate::model::{Experiment, TraceInfo, rfc3339_utc};
use crate::retention::{Decision, Explanation, Keep, RetentionPolicy, Rule, Verdict};

/// The explanation of a trace, line by line.
#[must_use]
pub fn describe_explanation(
    info: &TraceInfo,
    experiment: &Experiment,
    policy: &RetentionPolicy,
    explanation: &Explanation,
) -> String {
    let old = policy.as_of_ms.saturating_sub(info.request_time_ms);
    let how_old = if old >= 0 { format!("{} old", in_words(old)) } else { "in the future".to_owned() };
    let mut text = format!(
        "{}: experiment {} (id {}), {}, started {}, {how_old}\n",
        info.trace_id,
        for_terminal_line(&experiment.name),
        experiment.id,
        for_terminal_line(info.state.as_str()),
        rfc3339_utc(info.request_time_ms),
    );
    for (rule, verdict) in policy.rules.iter().zip(&explanation.rules) {
        describe_verdict(&mut text, rule, verdict);
    }
    let _ = writeln!(text, "{}", conclusion(policy, explanation));
    text
}

fn describe_verdict(text: &mut String, rule: &Rule, verdict: &Verdict) {
    let name = &verdict.rule;
    if !verdict.is_about {
        let _ = writeln!(text, "rule {name:?} does not cover the experiment");
    } else if !verdict.selects {
        let _ = writeln!(text, "rule {name:?} does not select it: {}", for_terminal_line(rule.filter.text()));
    } else {
        let group = verdict.group.as_ref().map_or_else(String::new, |group| format!(", in the group {group}"));
        let _ = writeln!(text, "rule {name:?} selects it{}", for_terminal_line(&group));
        for (keep, until) in &verdict.keeps {
            let until = until.map_or_else(String::new, |ms| format!(" until {}", rfc3339_utc(ms)));
            let _ = writeln!(text, "  and keeps it{until}: {}", for_terminal_line(&why(*keep, rule, verdict)));
        }
        if verdict.keeps.is_empty() {
            text.push_str("  and expires it\n");
        }
    }
}

fn why(keep: Keep, rule: &Rule, verdict: &Verdict) -> String {
    match keep {
        Keep::MinAge => format!("it is younger than min_age, {}", age(rule.min_age_ms)),
        Keep::Within => format!("it is younger than keep_within, {}", age(rule.keep_within_ms.unwrap_or(0))),
        Keep::Count(count) => {
            let number = rule.counts.get(count as usize).copied().unwrap_or(0);
            format!("it is among those of {} = {number}", count.key())
        }
        Keep::If => format!("it matches keep_if {}", verdict.keep_if.as_deref().unwrap_or_default()),
        Keep::InProgress => "it is still in progress".to_owned(),
        Keep::Future => "it starts in the future".to_owned(),
        Keep::Changed => "it changed while it was read".to_owned(),
        Keep::Session => "it carries an assessment of its session, and other traces of the session are kept".to_owned(),
        Keep::Unknown => {
            format!("cannot tell whether to keep it: {}", verdict.unknown.as_deref().unwrap_or_default())
        }
    }
}

/// What has to end before the trace goes, where time alone does not end it.
fn conditions(policy: &RetentionPolicy, explanation: &Explanation) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for (rule, verdict) in policy.rules.iter().zip(&explanation.rules) {
        for (keep, _) in verdict.keeps.iter().filter(|(_, until)| until.is_none()) {
            let condition = why(*keep, rule, verdict);
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    conditions.join(", or ")
}

/// An age as people say it: `41 days`, `3 hours`.
fn in_words(ms: i64) -> String {
    let (value, unit) = match ms / 1000 {
        seconds @ ..120 => (seconds, "second"),
        seconds @ 120..7200 => (seconds / 60, "minute"),
        seconds @ 7200..172_800 => (seconds / 3600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    format!("{value} {unit}{}", if value == 1 { "" } else { "s" })
}

fn conclusion(policy: &RetentionPolicy, explanation: &Explanation) -> String {
    match (explanation.decision, explanation.expires_ms) {
        (Decision::Untouched, _) => "Kept: no rule selects it.".to_owned(),
        (Decision::Expires, _) => "A run WOULD delete it.".to_owned(),
        (Decision::Kept, Some(ms)) => {
            let left = in_words(ms.saturating_sub(policy.as_of_ms));
            format!("Kept. A run WOULD delete it from {} on, in {left}, if nothing changes.", rfc3339_utc(ms))
        }
        (Decision::Kept, None) => {
            for_terminal_line(&format!("Kept for as long as {}.", conditions(policy, explanation)))
        }
    }
}

/// The explanation as `-o json` writes it.
#[must_use]
pub fn explanation_json(
    info: &TraceInfo,
    experiment: &Experiment,
    policy: &RetentionPolicy,
    explanation: &Explanation,
) -> Value {
    let rules: Vec<Value> = explanation.rules.iter().map(verdict_json).collect();
    json!({
        "dry_run": true,
        "trace_id": info.trace_id,
        "experiment_id": experiment.id,
        "started": rfc3339_utc(info.request_time_ms),
        "as_of": rfc3339_utc(policy.as_of_ms),
        "decision": match explanation.decision {
            Decision::Untouched => "untouched",
            Decision::Kept => "kept",
            Decision::Expires => "expires",
        },
        "expires": explanation.expires_ms.map(rfc3339_utc),
        "rules": rules,
    })
}

fn verdict_json(verdict: &Verdict) -> Value {
    json!({
        "name": verdict.rule,
        "about_experiment": verdict.is_about,
        "selects": verdict.selects,
        "group": verdict.group,
        "kept_by": verdict.keeps.iter().map(|(keep, _)| keep.word()).collect::<Vec<_>>(),
        "kept_until": verdict.keeps.iter().map(|(_, until)| until.map(rfc3339_utc)).collect::<Vec<_>>(),
        "keep_if": verdict.keep_if,
        "unknown": verdict.unknown,
    })
}
