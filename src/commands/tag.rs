//! `tag set` and `tag delete`: everything is checked before the first call, then ids are worked on one by one.

use futures_util::{StreamExt, stream};
use serde_json::json;

use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context, trace_ids};
use crate::cli::{KeyValue, OutputFormat, TagDeleteArgs, TagSetArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{TraceId, TraceInfo};
use crate::output::count;
use crate::progress::Progress;
use crate::store::ServerError;
use crate::store::server::{check_tag_key, check_tag_value};

/// More calls at once gain nothing on a server with one database.
const CONCURRENCY: usize = 4;

pub async fn set(context: &mut Context<'_>, args: TagSetArgs) -> CommandResult {
    let format = context.output("tag set", SUMMARY_FORMATS)?;
    let (ids, tags) = split_set(&args.words)?;
    for tag in &tags {
        check_tag_key(&tag.key, false)?;
        check_tag_value(&tag.key, &tag.value)?;
    }
    let ids = trace_ids::read(context, ids)?;
    let store = context.store()?;
    let server = store.writer()?;
    let infos = trace_ids::changeable(context, server, &ids, args.ignore_missing).await?.infos;
    let tags = &tags;
    let set_all = |info: TraceInfo| async move {
        for tag in tags {
            server
                .set_tag(&info.trace_id, &tag.key, &tag.value)
                .await
                .map_err(|error| (info.trace_id.clone(), error))?;
        }
        Ok(tags.len())
    };
    let outcome = each(context, infos, set_all).await;
    report(context, format, "Set", tags.len(), outcome)
}

pub async fn delete(context: &mut Context<'_>, args: TagDeleteArgs) -> CommandResult {
    let format = context.output("tag delete", SUMMARY_FORMATS)?;
    let (ids, keys) = split_delete(&args)?;
    for key in &keys {
        check_tag_key(key, true)?;
    }
    let ids = trace_ids::read(context, &ids)?;
    let store = context.store()?;
    let server = store.writer()?;
    let infos = trace_ids::changeable(context, server, &ids, args.ignore_missing).await?.infos;
    let keys = &keys;
    let delete_all = |info: TraceInfo| async move {
        let mut deleted = 0;
        for key in keys {
            let was_there =
                server.delete_tag(&info.trace_id, key).await.map_err(|error| (info.trace_id.clone(), error))?;
            deleted += usize::from(was_there);
        }
        Ok(deleted)
    };
    let outcome = each(context, infos, delete_all).await;
    report(context, format, "Deleted", keys.len(), outcome)
}

/// Ids come first, tags are the words with `=`.
fn split_set(words: &[String]) -> Result<(&[String], Vec<KeyValue>), CliError> {
    let first_tag = words.iter().position(|word| word.contains('=')).unwrap_or(words.len());
    let (ids, tags) = words.split_at(first_tag);
    let example = "for example `mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes`";
    if ids.is_empty() {
        return Err(CliError::usage("no trace id before the tags").hint(example));
    }
    if tags.is_empty() {
        return Err(CliError::usage("no KEY=VALUE after the trace ids").hint(example));
    }
    let tags = tags.iter().map(|word| word.parse().map_err(CliError::usage)).collect::<Result<_, _>>()?;
    Ok((ids, tags))
}

/// With `--key` every word is an id; else the words that look like ids are ids, and the rest are keys.
fn split_delete(args: &TagDeleteArgs) -> Result<(Vec<String>, Vec<String>), CliError> {
    if !args.keys.is_empty() {
        return Ok((args.words.clone(), args.keys.clone()));
    }
    let (ids, keys): (Vec<String>, Vec<String>) =
        args.words.iter().cloned().partition(|word| looks_like_trace_id(word));
    let hint = "name keys with --key, then every other word is a trace id";
    if ids.is_empty() {
        return Err(CliError::usage("none of the words looks like a trace id (tr-…, 32 hex digits, -)").hint(hint));
    }
    if keys.is_empty() {
        return Err(CliError::usage("no tag key after the trace ids").hint(hint));
    }
    Ok((ids, keys))
}

fn looks_like_trace_id(word: &str) -> bool {
    let is_hex = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word == "-" || word.starts_with("tr-") || word.starts_with("trace:/") || is_hex
}

/// What became of the traces.
struct Outcome {
    done: usize,
    tags: usize,
    failed: Vec<(TraceId, ServerError)>,
    not_attempted: usize,
}

async fn each<F>(context: &mut Context<'_>, infos: Vec<TraceInfo>, work: impl Fn(TraceInfo) -> F) -> Outcome
where
    F: Future<Output = Result<usize, (TraceId, ServerError)>>,
{
    let total = infos.len();
    let _finishing = context.interrupt.finish_first();
    let visible = context.ui.verbosity().progress && total > CONCURRENCY;
    let progress = Progress::new(visible, Some(total as u64), "tagging");
    let interrupt = context.interrupt.clone();
    let pending = infos.into_iter().take_while(|_| !interrupt.requested()).map(work);
    let mut answers = stream::iter(pending).buffer_unordered(CONCURRENCY);
    let mut outcome = Outcome { done: 0, tags: 0, failed: Vec::new(), not_attempted: 0 };
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(tags) => {
                outcome.done += 1;
                outcome.tags += tags;
            }
            Err(failure) => outcome.failed.push(failure),
        }
        progress.advance(1);
    }
    outcome.not_attempted = total - outcome.done - outcome.failed.len();
    outcome
}

fn report(context: &mut Context<'_>, format: OutputFormat, verb: &str, keys: usize, outcome: Outcome) -> CommandResult {
    if format == OutputFormat::Json {
        let failed: Vec<_> =
            outcome.failed.iter().map(|(id, error)| json!({"trace_id": id, "error": error.to_string()})).collect();
        let not_attempted = outcome.not_attempted;
        context.write_json(
            &json!({"traces": outcome.done, "tags": outcome.tags, "failed": failed, "not_attempted": not_attempted}),
        )?;
    }
    let traces =
        |number: usize| if number == 1 { "1 trace".to_owned() } else { format!("{} traces", count(number as u64)) };
    let asked = keys * outcome.done;
    let of = if outcome.tags == asked { String::new() } else { format!(" of {}", count(asked as u64)) };
    let tags = if asked == 1 { "tag" } else { "tags" };
    context.ui.status(&format!("{verb} {}{of} {tags} on {}.", count(outcome.tags as u64), traces(outcome.done)));
    if context.interrupt.requested() {
        return Ok(Exit::Interrupted);
    }
    let number = outcome.failed.len();
    let mut failed = outcome.failed.into_iter();
    let Some((first_id, first)) = failed.next() else { return Ok(Exit::Done) };
    for (id, error) in failed {
        context.ui.warning(&format!("{id}: {error}"));
    }
    let mut error = CliError::from(first);
    error.message = format!("{first_id}: {}", error.message);
    if outcome.done > 0 {
        error.exit = Exit::Partial;
        error.message = format!("{} failed; {}", traces(number), error.message);
    }
    Err(error)
}
