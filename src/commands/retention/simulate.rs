//! `retention simulate`: what would go on each of the next days.

use std::collections::BTreeMap;

use super::{policy, scan};
use crate::cli::{Moment, OutputFormat, RetentionSimulateArgs};
use crate::commands::selection::SUMMARY_FORMATS;
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::{Experiment, rfc3339_utc};
use crate::output::{bars, count_traces, day_json};
use crate::retention::{Followed, Judge, RetentionPolicy, Sum, days_later, forecast};
use crate::store::Store;

pub async fn run(context: &mut Context<'_>, args: &RetentionSimulateArgs) -> CommandResult {
    let format = context.output("retention simulate", SUMMARY_FORMATS)?;
    let (file, today) = (&args.policy.policy, policy::load_safe(context, &args.policy.policy, args.policy.as_of)?);
    let mut policies = Vec::with_capacity(usize::from(args.days) + 1);
    for day in 0..=args.days {
        policies.push(policy::load(context, file, Some(Moment::At(days_later(today.as_of_ms, day))))?);
    }
    let store = context.store()?;
    let mut days: BTreeMap<u16, Sum> = BTreeMap::new();
    let mut traces = 0;
    for experiment in scan::experiments(context, &store, &today).await? {
        let (followed, untouched) = follow(context, &store, &policies, &experiment).await?;
        traces += followed.len() as u64 + untouched;
        for (day, sum) in forecast(&policies, &followed) {
            let entry = days.entry(day).or_default();
            *entry = entry.and(sum);
        }
    }
    if format == OutputFormat::Json {
        context.write_json(&json(&today, traces, &days))?;
    } else {
        write!(context.ui.output(), "{}", describe(&today, args.days, traces, &days))?;
    }
    Ok(Exit::Done)
}

/// Reads an experiment. What has to be searched for is as it is today.
async fn follow(
    context: &Context<'_>,
    store: &Store,
    policies: &[RetentionPolicy],
    experiment: &Experiment,
) -> Result<(Vec<Followed>, u64), CliError> {
    let changes = |policy: &RetentionPolicy| {
        let mut filters = policy.rules.iter().flat_map(|rule| std::iter::once(&rule.filter).chain(&rule.keep_if));
        filters.any(Filter::counts_from_now)
    };
    let days = if policies.first().is_some_and(changes) { policies } else { &policies[..policies.len().min(1)] };
    let judges: Vec<Judge> = days.iter().map(|policy| Judge::new(policy, experiment)).collect();
    let Some((first, later)) = judges.split_first() else { return Ok((Vec::new(), 0)) };
    let found = scan::search(store, experiment, first.searches()).await?;
    let (mut survey, mut followed, mut untouched) = (first.survey(), Vec::new(), 0);
    scan::walk(context, store, experiment, &Filter::parse("")?, |trace| {
        let seen = first.see(trace, &found, &mut survey);
        let later = later.iter().map(|judge| judge.see(trace, &found, &mut survey).marks);
        let trace = Followed::new(seen, later);
        if trace.seen.marks.is_empty() && trace.changes.is_empty() {
            untouched += 1;
        } else {
            followed.push(trace);
        }
    })
    .await?;
    Ok((followed, untouched))
}

fn day_of(policy: &RetentionPolicy, day: u16) -> i64 {
    days_later(policy.as_of_ms, day).div_euclid(86_400_000)
}

fn describe(policy: &RetentionPolicy, days: u16, traces: u64, sums: &BTreeMap<u16, Sum>) -> String {
    let all = sums.values().fold(Sum::default(), |all, sum| all.and(*sum));
    let head = format!(
        "In the {days} days from {}, {} of {} WOULD be deleted, not counting new traces.\n",
        rfc3339_utc(policy.as_of_ms),
        crate::output::count(all.traces),
        count_traces(traces),
    );
    let lines: Vec<(String, Sum)> =
        sums.iter().map(|(day, sum)| (crate::output::day_name(day_of(policy, *day)), *sum)).collect();
    head + &bars(&lines)
}

fn json(policy: &RetentionPolicy, traces: u64, sums: &BTreeMap<u16, Sum>) -> serde_json::Value {
    let days: Vec<_> = sums.iter().map(|(day, sum)| day_json(day_of(policy, *day), *sum)).collect();
    serde_json::json!({
        "dry_run": true,
        "hash": policy.hash(),
        "as_of": rfc3339_utc(policy.as_of_ms),
        "traces": traces,
        "planned": sums.values().map(|sum| sum.traces).sum::<u64>(),
        "days": days,
    })
}
