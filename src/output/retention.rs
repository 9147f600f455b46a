//! Retention policies and what they would do, for people and machines.
//!
//! Every line about a deletion that has not happened says WOULD, or stands under a heading that does. Times are in UTC, because a policy counts in it.

use crate::model::{DAY_MS, HOUR_MS};
use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::sanitize::for_terminal_line;
use super::{bytes, count, count_traces};
use crate::model::rfc3339_utc;
use crate::retention::{Count, Keep, Outlook, Refusal, RetentionPolicy, Rule, RuleOutlook, Sum};

/// Days that are shown one by one; more are shown month by month.
const DAYS_SHOWN: usize = 31;
const BAR_WIDTH: u64 = 30;

/// A policy, resolved: what each rule selects, from when on and what it keeps.
#[must_use]
pub fn describe_policy(file: &str, policy: &RetentionPolicy) -> String {
    let rules = policy.rules.len();
    let mut text = format!(
        "{file}: {rules} {}, policy hash {}, as of {}\n",
        if rules == 1 { "rule" } else { "rules" },
        &policy.hash()[..12],
        rfc3339_utc(policy.as_of_ms)
    );
    if let Some(most) = policy.caps.max_delete {
        let _ = writeln!(text, "  at most {} in one run (max_delete)", count_traces(most));
    }
    if let Some(most) = policy.caps.max_delete_percent {
        let _ = writeln!(text, "  at most {most} % of all traces in one run (max_delete_percent)");
    }
    for rule in &policy.rules {
        text.push_str(&describe_rule(rule, policy.as_of_ms));
    }
    text
}

fn describe_rule(rule: &Rule, as_of_ms: i64) -> String {
    let experiments: Vec<&str> = rule.experiments.iter().map(crate::retention::ExperimentPattern::as_str).collect();
    let mut text = format!("rule {:?}: experiments {}\n", rule.name, experiments.join(", "));
    let filter = if rule.filter.is_empty() { "every trace".to_owned() } else { rule.filter.text().to_owned() };
    let _ = writeln!(text, "  selects  {}", for_terminal_line(&filter));
    if rule.age_ms() > 0 {
        let (cutoff, age) = (rfc3339_utc(rule.cutoff_ms(as_of_ms)), age(rule.age_ms()));
        let _ = writeln!(text, "  expires  traces started at or before {cutoff}, {age} ago");
    }
    for line in keeps(rule) {
        let _ = writeln!(text, "  keeps    {}", for_terminal_line(&line));
    }
    if let Some(url) = &rule.archive_to {
        let _ = writeln!(text, "  archives to {url}");
    }
    if rule.deletes_artifacts {
        text.push_str("  deletes  files in the artifact store as well\n");
    }
    text
}

fn keeps(rule: &Rule) -> Vec<String> {
    let mut lines = Vec::new();
    let each =
        if rule.group_by.is_empty() { String::new() } else { format!(" of each {}", rule.group_names().join(", ")) };
    for (kind, number) in Count::ALL.into_iter().zip(rule.counts).filter(|(_, number)| *number > 0) {
        let number = count(number);
        lines.push(match kind {
            Count::Last => format!("the newest {number}{each} (keep_last)"),
            Count::Hourly => format!("the newest of each of {number} hours{each} (keep_hourly)"),
            Count::Daily => format!("the newest of each of {number} days{each} (keep_daily)"),
            Count::Weekly => format!("the newest of each of {number} weeks{each} (keep_weekly)"),
            Count::Monthly => format!("the newest of each of {number} months{each} (keep_monthly)"),
            Count::Yearly => format!("the newest of each of {number} years{each} (keep_yearly)"),
        });
    }
    for filter in &rule.keep_if {
        lines.push(format!("traces that match {} (keep_if)", filter.text()));
        let keys: Vec<String> = filter.keys().iter().map(|field| field.column_name().into_owned()).collect();
        if !keys.is_empty() {
            let keys = keys.join(", ");
            lines.push(format!("  nothing if no trace has {keys}; check with `mlflow-trace retention plan`"));
        }
    }
    lines
}

/// An age in days where it is whole ones, else in hours, minutes or seconds: `30 days (720 h)`.
#[must_use]
pub fn age(ms: i64) -> String {
    if ms % DAY_MS == 0 {
        let days = ms / DAY_MS;
        return format!("{days} {} ({} h)", if days == 1 { "day" } else { "days" }, ms / HOUR_MS);
    }
    super::duration(ms)
}

/// The policy as `retention check -o json` writes it.
#[must_use]
pub fn policy_json(file: &str, policy: &RetentionPolicy) -> Value {
    let rules: Vec<Value> = policy.rules.iter().map(|rule| rule_json(rule, policy.as_of_ms)).collect();
    json!({
        "policy": file,
        "hash": policy.hash(),
        "as_of": rfc3339_utc(policy.as_of_ms),
        "max_delete": policy.caps.max_delete,
        "max_delete_percent": policy.caps.max_delete_percent,
        "rules": rules,
    })
}

fn rule_json(rule: &Rule, as_of_ms: i64) -> Value {
    let counts: BTreeMap<&str, u64> =
        Count::ALL.into_iter().zip(rule.counts).filter(|(_, number)| *number > 0).map(|(c, n)| (c.key(), n)).collect();
    json!({
        "name": rule.name,
        "experiments": rule.experiments.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "filter": rule.filter.text(),
        "cutoff": (rule.age_ms() > 0).then(|| rfc3339_utc(rule.cutoff_ms(as_of_ms))),
        "min_age_ms": rule.min_age_ms,
        "keep_within_ms": rule.keep_within_ms,
        "counts": counts,
        "group_by": rule.group_names(),
        "keep_if": rule.keep_if.iter().map(|filter| Value::from(filter.text())).collect::<Vec<_>>(),
        "allow_empty": rule.allow_empty,
        "archive_to": rule.archive_to,
        "artifacts": if rule.deletes_artifacts { "delete" } else { "keep" },
    })
}

/// The sums of all experiments.
#[must_use]
pub fn planned(outlooks: &[Outlook]) -> Sum {
    outlooks.iter().map(of_experiment).fold(Sum::default(), Sum::and)
}

fn of_experiment(outlook: &Outlook) -> Sum {
    Sum { traces: outlook.plan.traces.len() as u64, bytes: outlook.plan.size_bytes() }
}

/// What a policy would do: in all, per experiment, per rule, and per day on which the traces started.
#[must_use]
pub fn describe_outlooks(policy: &RetentionPolicy, outlooks: &[Outlook]) -> String {
    let all = planned(outlooks);
    let of = outlooks.iter().map(Outlook::traces).sum();
    let mut text = if all.traces == 0 {
        format!("WOULD delete nothing of {}.\n", count_traces(of))
    } else {
        format!("WOULD delete {} of {}{}.\n", count(all.traces), count_traces(of), size(all))
    };
    if let Some(line) = super::describe_artifacts(policy, outlooks.iter().map(|outlook| &outlook.plan)) {
        text.push_str(&line);
        text.push('\n');
    }
    for line in super::describe_archives(outlooks.iter().map(|outlook| &outlook.plan)) {
        let _ = writeln!(text, "{}", for_terminal_line(&line));
    }
    text.push_str("\nBy experiment\n");
    for outlook in outlooks {
        let experiment = &outlook.plan.experiment;
        let _ = writeln!(
            text,
            "  WOULD delete {} of {} from {} (id {}){}{}; {} kept, {} untouched",
            count(outlook.plan.traces.len() as u64),
            count_traces(outlook.traces()),
            for_terminal_line(&experiment.name),
            experiment.id,
            size(of_experiment(outlook)),
            span(outlook),
            count(outlook.plan.kept as u64),
            count(outlook.untouched),
        );
    }
    text.push_str("\nBy rule\n");
    let met = crate::retention::met(policy, outlooks);
    for (rule, outlook) in by_rule(policy, outlooks) {
        let kept: Vec<String> =
            outlook.kept.iter().map(|(keep, number)| format!("{} by {}", count(*number), keep.word())).collect();
        let kept = if kept.is_empty() { String::new() } else { format!("; kept {}", kept.join(", ")) };
        let (expires, selected) = (count(outlook.expires.traces), count_traces(outlook.selected));
        let cutoff = if rule.age_ms() > 0 {
            format!(" ({} or before)", rfc3339_utc(rule.cutoff_ms(policy.as_of_ms)))
        } else {
            String::new()
        };
        let (name, size) = (&rule.name, size(outlook.expires));
        let _ = writeln!(text, "  WOULD delete {expires} of {selected} by rule {name:?}{cutoff}{size}{kept}");
        let met = met.iter().filter(|met| met.rule == *name);
        for line in met.flat_map(|met| super::describe_met(std::slice::from_ref(met))) {
            let _ = writeln!(text, "    {line}");
        }
    }
    let days = by_day(outlooks);
    if !days.is_empty() {
        text.push_str(&chart(&days));
    }
    text
}

fn size(sum: Sum) -> String {
    if sum.bytes > 0 { format!(", {}", bytes(sum.bytes)) } else { String::new() }
}

fn span(outlook: &Outlook) -> String {
    match (outlook.plan.oldest_ms(), outlook.plan.newest_ms()) {
        (Some(oldest), Some(newest)) => {
            format!(", oldest {}, newest {}", rfc3339_utc(oldest), rfc3339_utc(newest))
        }
        _ => String::new(),
    }
}

/// Each rule with what it does in all experiments.
fn by_rule<'p>(policy: &'p RetentionPolicy, outlooks: &[Outlook]) -> Vec<(&'p Rule, RuleOutlook)> {
    let outlook_of = |number: usize| {
        let mut all = RuleOutlook::default();
        let here = outlooks.iter().flat_map(|outlook| &outlook.rules);
        for (_, one) in here.filter(|(rule, _)| usize::from(**rule) == number) {
            all.selected += one.selected;
            all.expires = all.expires.and(one.expires);
            for (keep, kept) in &one.kept {
                *all.kept.entry(*keep).or_default() += kept;
            }
        }
        all
    };
    policy.rules.iter().enumerate().map(|(number, rule)| (rule, outlook_of(number))).collect()
}

fn by_day(outlooks: &[Outlook]) -> BTreeMap<i64, Sum> {
    let mut days: BTreeMap<i64, Sum> = BTreeMap::new();
    for (day, sum) in outlooks.iter().flat_map(|outlook| &outlook.days) {
        let entry = days.entry(*day).or_default();
        *entry = entry.and(*sum);
    }
    days
}

/// `2026-11-22` of a day numbered from 1970-01-01.
#[must_use]
pub fn day_name(day: i64) -> String {
    let text = rfc3339_utc(day.saturating_mul(DAY_MS));
    text.split('T').next().unwrap_or_default().to_owned()
}

/// One line for each day, or for each month where there are many.
fn chart(days: &BTreeMap<i64, Sum>) -> String {
    let by_month = days.len() > DAYS_SHOWN;
    let mut lines: BTreeMap<String, Sum> = BTreeMap::new();
    for (day, sum) in days {
        let mut name = day_name(*day);
        if by_month && let Some(month) = name.rfind('-') {
            name.truncate(month);
        }
        let entry = lines.entry(name).or_default();
        *entry = entry.and(*sum);
    }
    let unit = if by_month { "month" } else { "day" };
    format!("\nWOULD delete, by {unit} of start (UTC)\n") + &bars(&lines.into_iter().collect::<Vec<_>>())
}

/// Lines of names and sums with bars, the longest for the largest number.
#[must_use]
pub fn bars(lines: &[(String, Sum)]) -> String {
    let largest = lines.iter().map(|(_, sum)| sum.traces).max().unwrap_or(0).max(1);
    let width = |column: fn(&Sum) -> String| lines.iter().map(|(_, sum)| column(sum).len()).max().unwrap_or(0);
    let number = |sum: &Sum| count_traces(sum.traces);
    let storage = |sum: &Sum| if sum.bytes > 0 { bytes(sum.bytes) } else { "-".to_owned() };
    let (number_width, storage_width) = (width(number), width(storage));
    let mut text = String::new();
    for (name, sum) in lines {
        let bar = "█".repeat(usize::try_from((sum.traces * BAR_WIDTH).div_ceil(largest)).unwrap_or(0));
        let (number, storage) = (number(sum), storage(sum));
        let _ = writeln!(text, "  {name}: {number:>number_width$}  {storage:>storage_width$}  {bar}");
    }
    text
}

/// What a policy would do, as `retention plan -o json` writes it.
#[must_use]
pub fn outlooks_json(file: &str, policy: &RetentionPolicy, outlooks: &[Outlook], refusals: &[Refusal]) -> Value {
    let all = planned(outlooks);
    let rules: Vec<Value> = by_rule(policy, outlooks)
        .into_iter()
        .zip(crate::retention::met(policy, outlooks))
        .map(|((rule, outlook), met)| {
            let met = super::met_json(&met);
            json!({
                "name": rule.name,
                "cutoff": (rule.age_ms() > 0).then(|| rfc3339_utc(rule.cutoff_ms(policy.as_of_ms))),
                "selected": outlook.selected,
                "planned": outlook.expires.traces,
                "size_bytes": outlook.expires.bytes,
                "kept": kept_json(&outlook.kept),
                "keep_if": met["keep_if"],
                "archive_to": rule.archive_to,
                "unknown": met["unknown"],
                "not_selected": met["not_selected"],
            })
        })
        .collect();
    let days = by_day(outlooks);
    json!({
        "dry_run": true,
        "policy": file,
        "hash": policy.hash(),
        "as_of": rfc3339_utc(policy.as_of_ms),
        "traces": outlooks.iter().map(Outlook::traces).sum::<u64>(),
        "planned": all.traces,
        "size_bytes": all.bytes,
        "span_files": outlooks.iter().map(|outlook| outlook.plan.span_files()).sum::<u64>(),
        "oldest": outlooks.iter().filter_map(|outlook| outlook.plan.oldest_ms()).min().map(rfc3339_utc),
        "newest": outlooks.iter().filter_map(|outlook| outlook.plan.newest_ms()).max().map(rfc3339_utc),
        "experiments": outlooks.iter().map(experiment_json).collect::<Vec<_>>(),
        "rules": rules,
        "days": days.iter().map(|(day, sum)| day_json(*day, *sum)).collect::<Vec<_>>(),
        "refusals": refusals.iter().map(|refusal| json!({"message": refusal.to_string(), "hint": refusal.hint()})).collect::<Vec<_>>(),
    })
}

/// A day and what goes on it.
#[must_use]
pub fn day_json(day: i64, sum: Sum) -> Value {
    json!({"day": day_name(day), "planned": sum.traces, "size_bytes": sum.bytes})
}

fn kept_json(kept: &BTreeMap<Keep, u64>) -> Value {
    kept.iter()
        .map(|(keep, number)| (keep.word().to_owned(), Value::from(*number)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn experiment_json(outlook: &Outlook) -> Value {
    json!({
        "experiment_id": outlook.plan.experiment.id,
        "name": outlook.plan.experiment.name,
        "traces": outlook.traces(),
        "planned": outlook.plan.traces.len(),
        "size_bytes": outlook.plan.size_bytes(),
        "oldest": outlook.plan.oldest_ms().map(rfc3339_utc),
        "newest": outlook.plan.newest_ms().map(rfc3339_utc),
        "kept": outlook.plan.kept,
        "untouched": outlook.untouched,
    })
}
