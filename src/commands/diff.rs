//! `diff`: two sets of traces side by side, and what sets them apart.

mod sides;

use std::collections::HashSet;

use self::sides::{SideOf, Sides};
use super::gather::{Gathered, ReadScope, gather_matches};
use super::selection::SUMMARY_FORMATS;
use super::stats::metrics;
use super::{CommandResult, Context};
use crate::analysis::contrast::{Contrasts, Side};
use crate::analysis::stats::{Facts, Metric, Order, Question, Statistics, StatsReport};
use crate::cli::{DiffArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Trace, TraceId};
use crate::output::{DiffReport, difference_json, write_difference};
use crate::store::Store;

pub async fn run(context: &mut Context<'_>, args: DiffArgs) -> CommandResult {
    let format = context.output("diff", SUMMARY_FORMATS)?;
    let is_usual = args.metric.is_empty();
    let asked = args.metric.iter().map(|list| metrics(list)).collect::<Result<Vec<_>, _>>()?.concat();
    let asked = if is_usual { Metric::to_compare() } else { asked };
    let sides = Sides::new(context, &args)?;
    let question = Question::new(Vec::new(), None, asked, is_usual, true);
    let mut reading =
        Reading { contrasts: Contrasts::default(), spans: args.spans || question.needs_spans(), in_b: HashSet::new() };
    let stores =
        [sides.b.store(context, args.reading.verify).await?, sides.a.store(context, args.reading.verify).await?];
    // B first: what it holds is left out of everything else.
    let [in_b, in_a] = stores.map(|store| (store, sides.is_rest));
    let (b, of_b) = reading.read(context, &args, Side::B, &sides.b, &question, in_b).await?;
    let (a, of_a) = reading.read(context, &args, Side::A, &sides.a, &question, in_a).await?;
    let [more_in_b, more_in_a] = reading.contrasts.ranked(&sides.chosen_by, args.min_count);
    let difference = DiffReport {
        names: [sides.a.name, sides.b.name],
        traces: reading.contrasts.traces(),
        metrics: a.beside(&b),
        more_in_b,
        more_in_a,
    };
    let empty = difference.traces.iter().position(|traces| *traces == 0);
    if format == OutputFormat::Json {
        context.write_json(&difference_json(&difference))?;
    } else if empty.is_none() {
        let terminals = context.ui.terminals();
        let width = terminals.width.filter(|_| terminals.output);
        write_difference(context.ui.output(), &difference, args.top.get(), width)?;
    }
    context.ui.flush()?;
    if !args.spans && empty.is_none() {
        context.ui.aside("add --spans to compare models, span names, attributes and errors, too");
    }
    of_b.complete(context)?;
    of_a.complete(context)?;
    empty.map_or(Ok(Exit::Done), |side| {
        let name = ["A", "B"][side];
        Err(CliError::new(Exit::CheckFailed, format!("there is nothing to compare: {name} has no traces"))
            .hint("see what there is: `mlflow-trace count --by name,version,status`"))
    })
}

/// What both readings fill.
struct Reading {
    contrasts: Contrasts,
    spans: bool,
    in_b: HashSet<TraceId>,
}

impl Reading {
    async fn read(
        &mut self,
        context: &mut Context<'_>,
        args: &DiffArgs,
        side: Side,
        of: &SideOf,
        question: &Question,
        (store, is_rest): (Store, bool),
    ) -> Result<(StatsReport, Gathered), CliError> {
        let mut statistics = Statistics::new(question.clone());
        let window = of.window;
        let mut take = |trace: &Trace| {
            let id = &trace.info.trace_id;
            let is_other = match side {
                Side::A => is_rest && self.in_b.contains(id),
                Side::B => is_rest && !self.in_b.insert(id.clone()),
            };
            if !is_other && window.contains(trace.info.request_time_ms) {
                statistics.add(&Facts::new(trace, self.spans, None));
                self.contrasts.add(side, trace);
            }
        };
        let scope = ReadScope { spans: self.spans, window, ..ReadScope::default() };
        let gathered =
            gather_matches(context, store, args.reading.all_experiments, of.filter.clone(), scope, &mut take).await?;
        Ok((statistics.report(&Order { by: None, top: 1 }), gathered))
    }
}
