//! `sample`: ids of traces drawn at random.

use serde_json::{Map, Value, json};

use super::gather::{ReadScope, gather};
use super::stats::dimensions;
use super::{CommandResult, Context};
use crate::analysis::sample::{Draw, SampledTraces, Sampler};
use crate::analysis::stats::{Dimension, Facts, Measure, Metric};
use crate::cli::{OutputFormat, SampleArgs};
use crate::error::CliError;
use crate::model::Trace;
use crate::output::{count, count_traces};

pub async fn run(context: &mut Context<'_>, args: SampleArgs) -> CommandResult {
    let formats = &[OutputFormat::Table, OutputFormat::Ids, OutputFormat::Json];
    let format = context.output("sample", formats)?;
    let strata = dimensions(&args.stratify)?;
    if let Some(of_spans) = strata.iter().find(|by| by.is_of_spans()) {
        let message = format!("traces cannot be divided by {}: one trace has several", of_spans.name());
        return Err(CliError::usage(message).hint("use a field of traces; see `mlflow-trace filter fields`"));
    }
    let weight = args.weight.as_deref().map(weight).transpose()?;
    let spans = strata.iter().any(Dimension::needs_spans) || weight.as_ref().is_some_and(Metric::needs_spans);
    let weight = weight.as_ref().and_then(Metric::measure).cloned();
    let (size, is_equal) = args.per_group.map_or((args.limit, false), |size| (size, true));
    let draw = Draw { size: size.get(), is_equal, seed: args.seed, strata: strata.clone(), weight };
    let mut sampler = Sampler::new(draw);
    let mut take = |trace: &Trace| sampler.add(&Facts::new(trace, spans, None));
    let gathered = gather(context, &args.read, ReadScope { spans, ..ReadScope::default() }, &mut take).await?;
    let (traces, weightless) = (sampler.traces, sampler.weightless);
    let sample = sampler.sample();
    if format == OutputFormat::Json {
        context.write_json(&told(&args, &strata, traces, &sample))?;
    } else {
        context.write_ids(sample.ids.iter().map(crate::model::TraceId::as_str))?;
    }
    context.ui.flush()?;
    if traces > 0 {
        let groups = if strata.is_empty() { String::new() } else { format!(" in {} groups", sample.strata.len()) };
        let drawn = count(sample.ids.len() as u64);
        context.ui.status(&format!("drew {drawn} of {}{groups}; seed {}", count_traces(traces), args.seed));
    }
    if let (1.., Some(field)) = (weightless, &args.weight) {
        context.ui.warning(&format!("{} without a positive {field} cannot be drawn", count_traces(weightless)));
    }
    gathered.report(context, args.read.fail_if_empty, format != OutputFormat::Json).await
}

/// The metric of a field of numbers.
fn weight(field: &str) -> Result<Metric, CliError> {
    let metrics = Metric::parse_list(&format!("sum:{field}")).map_err(|error| {
        CliError::usage(error.message).hint("use a field of numbers, such as cost.total or duration_ms")
    })?;
    let of_traces = |metric: &Metric| matches!(metric.measure(), Some(Measure::Field(_)));
    match metrics.as_slice() {
        [metric] if of_traces(metric) => Ok(metric.clone()),
        _ => Err(CliError::usage(format!("--weight {field:?} is no field of a trace"))
            .hint("use one field of numbers, such as cost.total or duration_ms")),
    }
}

fn told(args: &SampleArgs, strata: &[Dimension], traces: u64, sample: &SampledTraces) -> Value {
    let groups = sample.strata.iter().map(|stratum| {
        let values = strata.iter().map(Dimension::name).zip(stratum.values.iter().cloned());
        let numbers = [("traces".to_owned(), stratum.traces.into()), ("sampled".to_owned(), stratum.sampled.into())];
        Value::Object(values.chain(numbers).collect::<Map<_, _>>())
    });
    let groups: Vec<Value> = groups.collect();
    json!({"seed": args.seed, "traces": traces, "groups": groups, "trace_ids": sample.ids})
}
