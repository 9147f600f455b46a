//! What is said beside the numbers.

use super::super::Context;
use crate::analysis::stats::{Measure, StatsReport};
use crate::output::{count_traces, one_line};

/// Says what has to be known to read the numbers right.
pub fn tell(context: &mut Context<'_>, report: &StatsReport) {
    let question = &report.question;
    if report.cut > 0 {
        let message = "grouped by the beginning of a value, the rest of which the server cut off";
        context.ui.status(&format!("{} {message}", count_traces(report.cut)));
    }
    if question.is_of_spans() && report.without_spans > 0 {
        context.ui.status(&format!("{} without spans are in the total only", count_traces(report.without_spans)));
    }
    let is_of_money = question.metrics.iter().any(|metric| metric.measure().is_some_and(Measure::is_money));
    if is_of_money && !report.unpriced.is_empty() {
        let models = report.unpriced.iter().take(5).map(|model| one_line(model, 60)).collect::<Vec<_>>().join(", ");
        context
            .ui
            .warning(&format!("no price is given for {models}; the costs of traces that used them are not known"));
    }
    if let (new @ 1.., old @ 1..) = report.kinds
        && is_of_money
    {
        let (new, old) = (count_traces(new), count_traces(old));
        context.ui.status(&format!(
            "costs of {new} stored by MLflow 3.18 or later and of {old} stored before do not compare: 3.18 prices fewer spans"
        ));
    }
}
