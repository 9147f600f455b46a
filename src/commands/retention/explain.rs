//! `retention explain`: one trace under a policy.

use super::{policy, scan};
use crate::cli::{OutputFormat, RetentionExplainArgs};
use crate::commands::selection::SUMMARY_FORMATS;
use crate::commands::{CommandResult, Context, trace_ids, words};
use crate::exit::Exit;
use crate::model::{ExperimentId, Trace};
use crate::output::{describe_explanation, explanation_json};
use crate::retention::{Judge, Subject, explain};
use crate::store::StoreError;

pub async fn run(context: &mut Context<'_>, args: &RetentionExplainArgs) -> CommandResult {
    let format = context.output("retention explain", SUMMARY_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let policy = policy::load_safe(context, &args.policy.policy, args.policy.as_of)?;
    let store = context.store()?;
    let id = trace_ids::one(context, &store, &args.trace_id).await?;
    let unknown = || StoreError::UnknownTraces(vec![id.clone()]);
    let info = store.infos(std::slice::from_ref(&id)).await?.one().map_err(StoreError::from)?.ok_or_else(unknown)?;
    let home = info.experiment_id().unwrap_or_else(|| ExperimentId::new(""));
    let experiment = store.experiment_by_id(&home).await?.ok_or_else(unknown)?;
    let read = scan::scan(context, &store, &policy, experiment).await?;
    let judge = Judge::new(&policy, &read.experiment);
    let mut alone = judge.survey();
    judge.see(&Trace::without_spans(info.clone()), &read.found, &mut alone);
    let (survey, experiment) = (&read.survey, &read.experiment);
    let explanation = explain(&policy, Subject { info: &info, experiment, survey, alone: &alone, traces: read.traces });
    if format == OutputFormat::Json {
        context.write_json(&explanation_json(&info, experiment, &policy, &explanation))?;
    } else {
        write!(context.ui.output(), "{}", describe_explanation(&info, experiment, &policy, &explanation))?;
    }
    Ok(Exit::Done)
}
