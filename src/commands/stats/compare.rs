//! `stats --compare`: the last days beside those before.

use super::super::experiments::record_format;
use super::super::gather::{ReadScope, gather};
use super::super::{CommandResult, Context};
use super::notes;
use crate::analysis::stats::{Dimension, Every, Facts, Metric, Order, Prices, Question, Statistics};
use crate::cli::{OutputFormat, Period, StatsArgs};
use crate::error::CliError;
use crate::model::{TimeWindow, Trace};
use crate::output::{RecordFormat, Stretches, write_comparison};

pub async fn run(
    context: &mut Context<'_>,
    args: StatsArgs,
    length: Period,
    by: Vec<Dimension>,
    metrics: Vec<Metric>,
    prices: Option<Prices>,
) -> CommandResult {
    let format = context.output("stats", super::ROW_FORMATS)?;
    if let Some(flag) = unused(&args) {
        return Err(CliError::usage(format!("{flag} does nothing beside --compare; nothing was sent"))
            .hint(format!("leave out {flag}, or --compare")));
    }
    let is_usual = args.metric.is_empty();
    let metrics = if is_usual { Metric::to_compare() } else { metrics };
    let now_ms = context.ui.clock().now_ms();
    let until_ms = args.read.selection.until.map_or(now_ms, |until| until.resolve(now_ms));
    let split_ms = until_ms.saturating_sub(length.as_millis());
    let stretches = Stretches { from_ms: split_ms.saturating_sub(length.as_millis()), split_ms, until_ms };
    let question = Question::new(by, Some(Every::Split(split_ms)), metrics, is_usual, true);
    let spans = question.needs_spans() || prices.is_some();
    let mut statistics = Statistics::new(question);
    // Traces that are named one by one may lie outside.
    let window = TimeWindow { oldest_ms: Some(stretches.from_ms), newest_ms: Some(until_ms.saturating_sub(1)) };
    let mut take = |trace: &Trace| {
        if window.contains(trace.info.request_time_ms) {
            statistics.add(&Facts::new(trace, spans, prices.as_ref()));
        }
    };
    let gathered = gather(context, &args.read, ReadScope { spans, window, ..ReadScope::default() }, &mut take).await?;
    let report = statistics.report(&Order { by: None, top: args.top.get() });
    let terminals = context.ui.terminals();
    let width = terminals.width.filter(|_| terminals.output);
    write_comparison(
        context.ui.output(),
        &report,
        stretches,
        record_format(format).unwrap_or(RecordFormat::Table),
        width,
    )?;
    context.ui.flush()?;
    notes::tell(context, &report);
    gathered.report(context, args.read.fail_if_empty, format == OutputFormat::Table).await
}

/// A flag that a comparison has no use for.
fn unused(args: &StatsArgs) -> Option<&'static str> {
    let given = [
        ("--order-by", args.order_by.is_some()),
        ("--cross-check", args.cross_check),
        ("--chart", args.chart),
        ("--svg", args.svg.is_some()),
        ("--png", args.png.is_some()),
        ("--html", args.html.is_some()),
    ];
    given.into_iter().find(|(_, is_given)| *is_given).map(|(flag, _)| flag)
}
