//! Which traces are reviewed, and in which order.

use std::collections::HashMap;

use crate::analysis::sample::{Draw, Sampler};
use crate::analysis::stats::Facts;
use crate::cli::ReviewArgs;
use crate::commands::Context;
use crate::commands::gather::{ReadScope, gather};
use crate::commands::stats::dimensions;
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::OrderBy;
use crate::model::{Trace, TraceInfo};
use crate::output::count_traces;

/// More than anybody reviews at one go; they are all held in memory.
const MOST: usize = 100_000;

pub async fn traces(context: &mut Context<'_>, args: &ReviewArgs) -> Result<Vec<TraceInfo>, CliError> {
    let strata = dimensions(&args.stratify)?;
    if let Some(of_spans) = strata.iter().find(|by| by.is_of_spans() || by.needs_spans()) {
        return Err(CliError::usage(format!("a review cannot be stratified by {}", of_spans.name()))
            .hint("draw the traces with `mlflow-trace sample` and pass their ids with -"));
    }
    let order_by = OrderBy::parse(&args.order_by)?;
    let mut sampler = args.sample.map(|size| {
        Sampler::new(Draw { size: size.get(), is_equal: false, seed: args.seed, strata: strata.clone(), weight: None })
    });
    let (mut infos, mut over) = (Vec::new(), 0_u64);
    let mut take = |trace: &Trace| {
        if infos.len() == MOST {
            over += 1;
            return;
        }
        if let Some(sampler) = &mut sampler {
            sampler.add(&Facts::new(trace, false, None));
        }
        infos.push(trace.info.clone());
    };
    let gathered = gather(context, &args.read, ReadScope { order_by, ..ReadScope::default() }, &mut take).await?;
    if over > 0 {
        let message = format!("{} are too many for a review", count_traces(MOST as u64 + over));
        return Err(CliError::new(Exit::SafetyStop, message).hint("use --since, or a filter that finds fewer"));
    }
    gathered.complete(context)?;
    let Some(sampler) = sampler else { return Ok(infos) };
    let mut by_id: HashMap<_, _> = infos.into_iter().map(|info| (info.trace_id.clone(), info)).collect();
    Ok(sampler.sample().ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
