//! `check`: a gate for releases and cron. Rules about the same traces are answered by one reading of them.

mod limits;
mod reports;
mod rules;

use super::gather::{Gathered, ReadScope, gather_matches};
use super::selection::{self, SUMMARY_FORMATS, Selected};
use super::{CommandResult, Context, limits as profile_limits};
use crate::analysis::gate::{Demand, Gate, GateFinding, GateResult, GateRule};
use crate::cli::{CheckArgs, FilterArgs, SelectionArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy};
use crate::model::{TimeWindow, Trace};
use crate::store::{Query, Store};

/// Which traces are looked at.
struct Looked {
    filter: Filter,
    /// Those of the baseline, too, if there is one.
    window: TimeWindow,
    /// When the baseline ends, in epoch milliseconds.
    split_ms: Option<i64>,
    all_experiments: bool,
    now_ms: i64,
}

pub async fn run(context: &mut Context<'_>, args: CheckArgs) -> CommandResult {
    let format = context.output("check", SUMMARY_FORMATS)?;
    let asked = rules::read(context, &args)?;
    reports::check(context, &args)?;
    let looked = Looked::new(context, &args, asked.baseline_ms)?;
    for rule in &asked.rules {
        looked.filter_of(rule)?;
    }
    let store = context.verified_store(args.reading.verify).await?;
    let (findings, readings) = findings(context, &store, &looked, asked.rules).await?;
    reports::write(context, &args, &findings, format).await?;
    for reading in readings {
        reading.complete(context)?;
    }
    let passed = findings.iter().all(|finding| finding.result == GateResult::Pass);
    Ok(if passed { Exit::Done } else { Exit::CheckFailed })
}

/// The answers to all rules, in their order, and how the readings went.
async fn findings(
    context: &mut Context<'_>,
    store: &Store,
    looked: &Looked,
    rules: Vec<GateRule>,
) -> Result<(Vec<GateFinding>, Vec<Gathered>), CliError> {
    let (mut findings, mut readings) = (Vec::new(), Vec::new());
    let looked_at =
        if rules.iter().any(|rule| rule.demand == Demand::NoMatch) { looked.count(context, store).await? } else { 0 };
    for (places, rules) in together(rules) {
        let filter = looked.filter_of(&rules[0])?;
        let is_none = rules[0].demand == Demand::NoMatch;
        let mut gate = Gate::new(rules, looked.split_ms.filter(|_| !is_none));
        let window = if is_none { looked.present() } else { looked.window };
        let scope = ReadScope { spans: gate.needs_spans(), window, ..ReadScope::default() };
        let mut take = |trace: &Trace| {
            if window.contains(trace.info.request_time_ms) {
                gate.add(trace);
            }
        };
        readings.push(gather_matches(context, store.clone(), looked.all_experiments, filter, scope, &mut take).await?);
        findings.extend(places.into_iter().zip(gate.findings(looked_at)));
    }
    findings.sort_by_key(|(place, _)| *place);
    Ok((findings.into_iter().map(|(_, finding)| finding).collect(), readings))
}

/// Rules that one reading answers, with their places. Each that nothing may match has a reading of its own.
fn together(rules: Vec<GateRule>) -> Vec<(Vec<usize>, Vec<GateRule>)> {
    let mut groups: Vec<(Vec<usize>, Vec<GateRule>)> = Vec::new();
    for (place, rule) in rules.into_iter().enumerate() {
        let is_like = |(_, others): &&mut (Vec<usize>, Vec<GateRule>)| {
            let is_none = |rule: &GateRule| rule.demand == Demand::NoMatch;
            !is_none(&rule) && !is_none(&others[0]) && others[0].filter == rule.filter
        };
        match groups.iter_mut().find(is_like) {
            Some((places, others)) => {
                places.push(place);
                others.push(rule);
            }
            None => groups.push((vec![place], vec![rule])),
        }
    }
    groups
}

impl Looked {
    fn new(context: &mut Context<'_>, args: &CheckArgs, baseline_ms: Option<i64>) -> Result<Self, CliError> {
        let now_ms = context.ui.clock().now_ms();
        let since_ms = args.selection.since.map(|since| since.resolve(now_ms));
        let (split_ms, oldest_ms) = match (baseline_ms, since_ms) {
            (Some(length), Some(since)) => (Some(since), Some(since.saturating_sub(length))),
            (Some(_), None) => {
                return Err(CliError::usage("a baseline needs --since, which says where it ends")
                    .hint("for the last hour against the week before: --since 1h --baseline 7d"));
            }
            (None, _) => (None, None),
        };
        // The baseline lies before --since.
        let since = args.selection.since.filter(|_| split_ms.is_none());
        let flags = SelectionArgs { since, ..args.selection.clone() };
        let written = FilterArgs { filter: args.filter.clone(), filter_flag: None };
        let Selected::Matches(filter) = profile_limits::looked_at(context, &written, &flags)? else {
            return Err(CliError::usage("check takes a filter, not ids").hint("for example --filter \"name = 'chat'\""));
        };
        let window = TimeWindow { oldest_ms, newest_ms: None };
        Ok(Self { filter: *filter, window, split_ms, all_experiments: args.reading.all_experiments, now_ms })
    }

    /// The time that is checked.
    fn present(&self) -> TimeWindow {
        TimeWindow { oldest_ms: self.split_ms, ..self.window }
    }

    /// Which traces a rule is about.
    fn filter_of(&self, rule: &GateRule) -> Result<Filter, CliError> {
        let Some(text) = &rule.filter else { return Ok(self.filter.clone()) };
        let wrong = |error: crate::filter::FilterError| CliError {
            message: format!("rule {:?}: {}", rule.name, error.excerpt()),
            ..CliError::from(error)
        };
        let own = Filter::parse_at(text, self.now_ms).map_err(wrong)?;
        if self.filter.is_empty() {
            return Ok(own);
        }
        Ok(Filter::parse_at(&format!("({}) AND ({text})", self.filter.text()), self.now_ms)?)
    }

    async fn count(&self, context: &mut Context<'_>, store: &Store) -> Result<u64, CliError> {
        let experiments = selection::experiments(context, store, self.all_experiments).await?;
        let query = selection::query(&experiments, self.filter.clone(), OrderBy::default());
        Ok(store.count(&Query { window: self.present(), ..query }).await?.0)
    }
}
