//! `filter explain`: what a server is asked, and what is decided here.

use serde_json::json;

use super::lints_json;
use crate::cli::{FilterExplainArgs, OutputFormat};
use crate::commands::selection::{self, SUMMARY_FORMATS};
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, FilterPlan, OrderBy};
use crate::output::count_traces;

pub async fn explain(context: &mut Context<'_>, args: FilterExplainArgs) -> CommandResult {
    let format = context.output("filter explain", SUMMARY_FORMATS)?;
    let filter = Filter::parse_at(&args.filter, context.ui.clock().now_ms())?;
    let asked = match asked(context, &filter).await {
        Ok(asked) => asked,
        // Without a server the explanation is only shorter.
        Err(error) => Asked { plan: filter.plan(), counted: Err(error) },
    };
    if let Err(error) = asked.counted.as_ref()
        && context.settings.tracking_uri.is_ok()
    {
        context.ui.warning(&format!("not counted: {}", error.message));
    }
    let (plan, counted) = (asked.plan, asked.counted.ok());
    let is_older = plan.server_text() != filter.plan().server_text();
    let residual = plan.residual();
    if format == OutputFormat::Json {
        let explanation = json!({
            "server": plan.server_text(),
            "server_is_older": is_older,
            "server_count": counted,
            "residual": residual.map(crate::filter::Residual::text),
            "further_queries": residual.map(further_queries).unwrap_or_default(),
            "lookups": residual.map(crate::filter::Residual::lookups).unwrap_or_default(),
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
    if is_older {
        writeln!(output, "older server:        its version of MLflow does not know all of the filter")?;
    }
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
            for clause in residual.clauses_that_differ() {
                writeln!(output, "server compares:     {clause}   (databases differ about some texts)")?;
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

/// What a server is asked, and how many traces it finds.
struct Asked {
    plan: FilterPlan,
    counted: Result<u64, CliError>,
}

async fn asked(context: &Context<'_>, filter: &Filter) -> Result<Asked, CliError> {
    let store = context.store()?;
    let experiments = selection::experiments(context, &store, false).await?;
    let query = |filter| Ok::<_, CliError>(selection::query(&experiments, filter, OrderBy::parse(&[])?));
    let plan = store.plan(&query(filter.clone())?).await?;
    let counted = store.count(&query(Filter::parse(plan.server_text())?)?).await;
    Ok(Asked { plan, counted: counted.map(|(count, _)| count).map_err(CliError::from) })
}

/// What else a server is asked.
fn further_queries(residual: &crate::filter::Residual) -> Vec<String> {
    residual.server_sets().iter().map(ToString::to_string).collect()
}
