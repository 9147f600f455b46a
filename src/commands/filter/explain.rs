//! `filter explain`: what a server is asked, and what is decided here.

use serde_json::json;

use super::lints_json;
use crate::cli::{FilterExplainArgs, OutputFormat};
use crate::commands::selection::{self, SUMMARY_FORMATS};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy};
use crate::output::count_traces;

pub async fn explain(context: &mut Context<'_>, args: FilterExplainArgs) -> CommandResult {
    let format = context.output("filter explain", SUMMARY_FORMATS)?;
    let filter = Filter::parse_at(&args.filter, context.ui.clock().now_ms())?;
    let plan = filter.plan();
    // Without a server the explanation is only shorter.
    let counted = match server_count(context, plan.server_text()).await {
        Ok(number) => Some(number),
        Err(error) => {
            if context.settings.tracking_uri.is_ok() {
                context.ui.warning(&format!("not counted: {}", error.message));
            }
            None
        }
    };
    let residual = plan.residual();
    if format == OutputFormat::Json {
        let explanation = json!({
            "server": plan.server_text(),
            "server_count": counted,
            "residual": residual.map(crate::filter::Residual::text),
            "further_queries": residual.map(further_queries).unwrap_or_default(),
            "fetches_spans": residual.is_some_and(crate::filter::Residual::needs_spans),
            "reads_spans_elsewhere": plan.searches_spans(),
            "lints": lints_json(&filter),
        });
        context.write_json(&explanation)?;
        return Ok(Exit::Done);
    }
    let server = if plan.server_text().is_empty() { "everything" } else { plan.server_text() };
    let counted = counted.map_or_else(String::new, |number| format!("   ({})", count_traces(number)));
    let output = context.ui.output();
    writeln!(output, "sent to the server:  {server}{counted}")?;
    match residual {
        None if plan.searches_spans() => {
            writeln!(output, "evaluated locally:   nothing, for traces in the tracking store")?;
        }
        None => writeln!(output, "evaluated locally:   nothing; the server's result is complete")?,
        Some(residual) => {
            writeln!(output, "evaluated locally:   {}", residual.text())?;
            for set in residual.server_sets() {
                writeln!(output, "also asked:          {set}")?;
            }
            let spans = if residual.needs_spans() { "for traces that the rest does not decide" } else { "none" };
            writeln!(output, "spans fetched:       {spans}")?;
        }
    }
    if plan.searches_spans() {
        writeln!(
            output,
            "spans elsewhere:     traces with spans outside of the tracking store are read and evaluated locally"
        )?;
    }
    for lint in &filter.lints() {
        selection::show_lint(context, lint);
    }
    Ok(Exit::Done)
}

pub async fn server_count(context: &Context<'_>, server_text: &str) -> Result<u64, CliError> {
    let store = context.store()?;
    let experiments = selection::experiments(context, &store, false).await?;
    let query = selection::query(&experiments, Filter::parse(server_text)?, OrderBy::parse(&[])?);
    Ok(store.count(&query).await?.0)
}

/// What else a server is asked.
pub fn further_queries(residual: &crate::filter::Residual) -> Vec<String> {
    residual.server_sets().iter().map(ToString::to_string).collect()
}
