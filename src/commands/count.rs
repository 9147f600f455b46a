//! `count`: how many traces match.

use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context, undecided};
use crate::cli::{CountArgs, OutputFormat};
use crate::exit::Exit;
use crate::filter::OrderBy;

pub async fn run(context: &mut Context<'_>, args: CountArgs) -> CommandResult {
    let format = context.output("count", SUMMARY_FORMATS)?;
    let filter = selection::filter(context, args.filter.as_deref().or(args.filter_flag.as_deref()), &args.selection)?;
    let store = context.verified_store(args.verify).await?;
    let experiments = selection::experiments(context, &store, args.all_experiments).await?;
    let (count, open) = if experiments.is_empty() && args.all_experiments {
        (0, Vec::new())
    } else {
        store.count(&selection::query(&experiments, filter, OrderBy::parse(&[])?)).await?
    };
    if format == OutputFormat::Json {
        context.write_json(&serde_json::json!({"count": count}))?;
    } else {
        writeln!(context.ui.output(), "{count}")?;
    }
    undecided::tell(context, &open)?;
    Ok(if count == 0 && args.fail_if_empty { Exit::CheckFailed } else { Exit::Done })
}
