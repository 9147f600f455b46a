//! Beginnings of trace ids, as tables show them: which trace each means.
//!
//! An id that is whole by its form costs no request, and one that is there is never taken for the beginning of another. What is to
//! be deleted is named by whole ids only.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, Trace, TraceId};
use crate::output::one_line;
use crate::store::{Query, Store, StoreError};

/// How many of several matches are listed.
const LISTED: usize = 10;
/// Characters of a name that are listed.
const NAME: usize = 40;

/// Whether an id is whole by its form.
pub fn is_whole(id: &str) -> bool {
    let digits = id.strip_prefix("tr-").unwrap_or(id);
    let is_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex || id.starts_with("trace:/")
}

/// The ids, with each beginning among those that were typed replaced by the id of the one trace that it means. What means no trace
/// is left as it is: whoever asks for it will say that there is none.
pub async fn complete(
    context: &Context<'_>,
    store: &Store,
    typed: &[String],
    ids: Vec<TraceId>,
) -> Result<Vec<TraceId>, CliError> {
    let is_open = |id: &&TraceId| !is_whole(id.as_str()) && typed.iter().any(|word| word == id.as_str());
    let open: Vec<TraceId> = ids.iter().filter(is_open).cloned().collect();
    if open.is_empty() {
        return Ok(ids);
    }
    let looked = store.infos(&open).await?;
    let mut meant = HashMap::new();
    for id in looked.absent.into_iter().chain(looked.unseen.into_iter().map(|unseen| unseen.trace_id)) {
        let found = find(context, store, id.as_str()).await?;
        meant.insert(id, found);
    }
    let mut seen = HashSet::new();
    let whole = ids.into_iter().map(|id| meant.get(&id).cloned().flatten().unwrap_or(id));
    Ok(whole.filter(|id| seen.insert(id.clone())).collect())
}

/// The one trace whose id begins like this, if there is one.
async fn find(context: &Context<'_>, store: &Store, beginning: &str) -> Result<Option<TraceId>, CliError> {
    let Some(pattern) = filter_of(beginning) else { return Ok(None) };
    let experiments = searched(context, store).await?;
    if store.needs_experiments() && experiments.is_empty() {
        return Ok(None);
    }
    let query =
        |filter: &str| Ok::<_, CliError>(selection::query(&experiments, Filter::parse(filter)?, OrderBy::default()));
    // With wildcards in it more is found than is meant.
    let limit = (!beginning.contains(['%', '_'])).then_some(LISTED as u64 + 1);
    let found = match beginning_like(store, &query(&pattern)?, limit, beginning).await {
        // MLflow before 3.6 does not compare ids with patterns.
        Err(error) if error.is_refusal() => beginning_like(store, &query("")?, None, beginning).await?,
        other => other?,
    };
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.info.trace_id.clone())),
        several => Err(ambiguous(context, beginning, &pattern, several)),
    }
}

/// Of what a query finds, the traces whose ids begin like this, one more than is listed at the most.
async fn beginning_like(
    store: &Store,
    query: &Query,
    limit: Option<u64>,
    beginning: &str,
) -> Result<Vec<Trace>, StoreError> {
    let mut walk = store.search(query, limit)?;
    walk.leave_out_spans();
    let mut found: Vec<Trace> = Vec::new();
    while let Some(page) = walk.next_page().await? {
        found.extend(page.into_iter().filter(|trace| trace.info.trace_id.as_str().starts_with(beginning)));
        if found.len() > LISTED {
            break;
        }
    }
    Ok(found)
}

/// The experiments that are selected; without a selection, all that are active.
async fn searched(context: &Context<'_>, store: &Store) -> Result<Vec<Experiment>, StoreError> {
    let is_any = store.needs_experiments() && context.settings.experiments.is_empty();
    selection::experiments(context, store, is_any).await
}

/// The filter for ids that begin like this, unless the filter language cannot say so.
fn filter_of(beginning: &str) -> Option<String> {
    let quote = if beginning.contains('\'') { '"' } else { '\'' };
    let is_plain = !beginning.contains([quote, '\\']) && !beginning.contains(char::is_control);
    is_plain.then(|| format!("request_id LIKE {quote}{beginning}%{quote}"))
}

fn ambiguous(context: &Context<'_>, beginning: &str, pattern: &str, found: &[Trace]) -> CliError {
    let more = if found.len() > LISTED { "more than " } else { "" };
    let number = found.len().min(LISTED);
    let mut message = format!("{more}{number} traces have ids that begin with {beginning:?}; nothing was done");
    for trace in found.iter().take(LISTED) {
        let info = &trace.info;
        let (time, state) = (context.ui.clock().local(info.request_time_ms), info.state.as_str());
        let name = one_line(info.name().unwrap_or(""), NAME);
        let _ = write!(message, "\n  {}  {time}  {state}  {name}", one_line(info.trace_id.as_str(), NAME));
    }
    CliError::usage(message)
        .hint("use one of these ids, or more characters of it")
        .hint(format!("`mlflow-trace search {}` shows all of them", crate::commands::words::for_shell(pattern)))
}

/// The error of a command that takes beginnings, with where they were looked for.
pub fn not_begun(context: &Context<'_>, error: CliError) -> CliError {
    let is_beginning = error.unknown_traces.iter().any(|id| !is_whole(id.as_str()));
    if !is_beginning || context.settings.experiments.is_empty() {
        return error;
    }
    error.hint("beginnings of ids are looked for in the selected experiments; select others with --experiment")
}

/// An error of a command that deletes, with how to find the whole id if that is what is missing.
pub fn whole_only(error: CliError) -> CliError {
    let Some(id) = error.unknown_traces.iter().find(|id| !is_whole(id.as_str())) else { return error };
    let Some(pattern) = filter_of(id.as_str()) else { return error };
    let command = format!("mlflow-trace search {} -o ids", crate::commands::words::for_shell(&pattern));
    error.hint(format!("to delete, whole trace ids are needed; `{command}` shows them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_ids_are_known_by_their_form() {
        for id in [
            "tr-8c9da0e91080e465367d509b505b35da",
            "8c9da0e91080e465367d509b505b35da",
            "trace:/main.agents/8c9da0e91080e465367d509b505b35da",
        ] {
            assert!(is_whole(id), "{id}");
        }
        for id in ["tr-8c9da0e91080", "tr-", "", "tr-8c9da0e91080e465367d509b505b35dg", "my-own-id"] {
            assert!(!is_whole(id), "{id}");
        }
    }

    #[test]
    fn what_no_filter_can_say_is_no_beginning() {
        assert_eq!(filter_of("tr-8c").as_deref(), Some("request_id LIKE 'tr-8c%'"));
        assert_eq!(filter_of("it's").as_deref(), Some("request_id LIKE \"it's%\""));
        for word in ["it's \"so\"", "a\\b", "a\nb"] {
            assert_eq!(filter_of(word), None);
        }
    }
}
