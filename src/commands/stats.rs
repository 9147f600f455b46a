//! `stats`: many traces in numbers; and `count --by`, which is the same question with one number.

mod compare;
mod draw;
mod notes;
mod prices;
mod sql;
mod watch;

use super::experiments::record_format;
use super::gather::{Gathered, ReadScope, gather};
use super::{CommandResult, Context};
use crate::analysis::stats::{
    Dimension, DimensionError, Every, Facts, Metric, Order, Prices, Question, Statistics, StatsReport,
};
use crate::cli::{CountArgs, Interval, OutputFormat, ReadArgs, StatsArgs};
use crate::error::CliError;
use crate::model::Trace;
use crate::output::{RecordFormat, StatsStyle, write_stats};

/// The formats of what has rows and no ids.
pub const ROW_FORMATS: &[OutputFormat] =
    &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Csv];

pub async fn run(context: &mut Context<'_>, args: StatsArgs) -> CommandResult {
    let format = context.output("stats", ROW_FORMATS)?;
    let by = dimensions(&args.by)?;
    let is_usual = args.metric.is_empty();
    let of_spans = by.iter().any(Dimension::is_of_spans);
    let mut metrics = match (is_usual, of_spans) {
        (true, true) => Metric::of_spans(),
        (true, false) => Metric::of_traces(),
        (false, _) => args.metric.iter().map(|list| metrics(list)).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    let prices = prices::given(context, &args)?;
    if let Some(length) = args.compare {
        return compare::run(context, args, length, by, metrics, prices).await;
    }
    let order_by = args.order_by.as_deref().map(metrics_of_one).transpose()?;
    // What is sorted by is shown.
    metrics.extend(order_by.clone().filter(|metric| !metrics.contains(metric)));
    draw::check(context, &args, format)?;
    watch::check(&args, format)?;
    let every = args.every.map(|every| match every {
        Interval::Auto => Every::Auto,
        Interval::Length(length) => Every::Length(length.as_millis()),
    });
    let question = Question::new(by, every, metrics, is_usual && !of_spans, draw::is_asked(&args));
    let question = if args.cross_check { question.with_cross_check() } else { question };
    if let Some(dialect) = args.sql {
        return sql::run(context, &args, dialect, question, is_usual, format);
    }
    let order = Order { by: order_by, top: args.top.get() };
    if let Some(every) = args.watch {
        let watched = watch::Watched { args: &args, question, prices: prices.as_ref(), order, format, is_usual };
        return watch::run(context, &watched, every).await;
    }
    let (report, gathered) = ask(context, &args.read, question, prices.as_ref(), &order).await?;
    show(context, &report, format, is_usual)?;
    draw::draw(context, &args, &report, is_usual).await?;
    notes::tell(context, &report);
    gathered.report(context, args.read.fail_if_empty, format == OutputFormat::Table).await
}

/// `count --by`.
pub async fn count(context: &mut Context<'_>, args: CountArgs) -> CommandResult {
    let format = context.output("count --by", ROW_FORMATS)?;
    let by = dimensions(&args.by)?;
    let usual = if by.iter().any(Dimension::is_of_spans) { Metric::Spans } else { Metric::Traces };
    let question = Question::new(by, None, vec![usual], false, false);
    let order = Order { by: None, top: args.top.get() };
    let CountArgs { filter, reading, fail_if_empty, selection, .. } = args;
    let read = ReadArgs { filter, reading, fail_if_empty, selection };
    let (report, gathered) = ask(context, &read, question, None, &order).await?;
    show(context, &report, format, true)?;
    notes::tell(context, &report);
    gathered.report(context, fail_if_empty, format == OutputFormat::Table).await
}

/// Reads the traces and counts them.
async fn ask(
    context: &mut Context<'_>,
    read: &ReadArgs,
    question: Question,
    prices: Option<&Prices>,
    order: &Order,
) -> Result<(StatsReport, Gathered), CliError> {
    let spans = question.needs_spans() || prices.is_some();
    let mut statistics = Statistics::new(question);
    let mut take = |trace: &Trace| statistics.add(&Facts::new(trace, spans, prices));
    let gathered = gather(context, read, ReadScope { spans, ..ReadScope::default() }, &mut take).await?;
    Ok((statistics.report(order), gathered))
}

fn show(context: &mut Context<'_>, report: &StatsReport, format: OutputFormat, is_usual: bool) -> Result<(), CliError> {
    let terminals = context.ui.terminals();
    let style = StatsStyle { is_usual, width: terminals.width.filter(|_| terminals.output) };
    write_stats(context.ui.output(), report, record_format(format).unwrap_or(RecordFormat::Table), style)?;
    Ok(context.ui.flush()?)
}

/// Reads lists of fields to group by.
pub fn dimensions(lists: &[String]) -> Result<Vec<Dimension>, CliError> {
    let by = lists.iter().map(|list| Dimension::parse_list(list)).collect::<Result<Vec<_>, _>>();
    by.map(|lists| lists.concat()).map_err(refused)
}

/// Reads a list of metrics.
pub fn metrics(list: &str) -> Result<Vec<Metric>, CliError> {
    Metric::parse_list(list).map_err(refused)
}

fn metrics_of_one(text: &str) -> Result<Metric, CliError> {
    match metrics(text)?.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(CliError::usage(format!("{text:?} is more than one metric")).hint("sort by one of them")),
    }
}

fn refused(error: DimensionError) -> CliError {
    CliError::usage(error.message).hint(error.hint)
}
