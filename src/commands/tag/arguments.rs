//! The words of `tag set` and `tag delete`: which are ids, and which are tags.

use std::collections::HashSet;

use crate::changes::tags::{Guard, TagChange};
use crate::cli::{KeyValue, TagDeleteArgs};
use crate::commands::trace_ids::is_address;
use crate::commands::words;
use crate::error::CliError;
use crate::store::{check_tag_key, check_tag_value};

/// The ids of `tag set` and what is set.
pub fn of_set(typed: &[String], is_selected: bool) -> Result<(&[String], Vec<TagChange>), CliError> {
    let (ids, tags) = split_set(typed, is_selected)?;
    for tag in &tags {
        check_tag_key(&tag.key, false)?;
        check_tag_value(&tag.key, &tag.value)?;
    }
    let change = |tag: KeyValue| TagChange { key: tag.key, value: Some(tag.value), guard: Guard::Always };
    Ok((ids, distinct(tags.into_iter().map(change).collect())?))
}

/// The ids of `tag delete` and what is deleted.
pub fn of_delete(args: &TagDeleteArgs, is_selected: bool) -> Result<(Vec<String>, Vec<TagChange>), CliError> {
    let (ids, keys) = split_delete(args, is_selected)?;
    for key in &keys {
        check_tag_key(key, true)?;
    }
    let change = |key| TagChange { key, value: None, guard: Guard::Always };
    Ok((ids, distinct(keys.into_iter().map(change).collect())?))
}

/// Tags are changed side by side, so that one that came twice would be left to chance.
fn distinct(changes: Vec<TagChange>) -> Result<Vec<TagChange>, CliError> {
    let mut seen = HashSet::new();
    match changes.iter().find(|change| !seen.insert(&change.key)) {
        Some(change) => Err(CliError::usage(format!("tag {:?} given twice; nothing was changed", change.key))),
        None => Ok(changes),
    }
}

fn both(word: &str) -> CliError {
    CliError::usage(format!("both a filter and the trace id {word:?} given; nothing was changed"))
        .hint("use only one of them")
}

/// Ids come first, tags are the words with `=`; where a filter selects there are no ids.
fn split_set(typed: &[String], is_selected: bool) -> Result<(&[String], Vec<KeyValue>), CliError> {
    if !is_selected && let Some(word) = typed.first() {
        words::refuse_filter(word, "mlflow-trace tag set reviewed=yes --dry-run --filter", "shows what would be set")?;
    }
    let is_tag = |word: &String| word.contains('=') && !is_address(word);
    let first_tag = typed.iter().position(is_tag).unwrap_or(typed.len());
    let (ids, tags) = typed.split_at(first_tag);
    if is_selected && !ids.is_empty() {
        return Err(both(&ids[0]));
    }
    let example = "for example `mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes`";
    if ids.is_empty() && !is_selected {
        return Err(CliError::usage("missing trace id before the tags")
            .hint(example)
            .hint("or select traces with --filter, or flags such as --status"));
    }
    if tags.is_empty() {
        return Err(CliError::usage(if is_selected {
            "missing KEY=VALUE"
        } else {
            "missing KEY=VALUE after the trace ids"
        })
        .hint(example));
    }
    let tags = tags.iter().map(|word| word.parse().map_err(CliError::usage)).collect::<Result<_, _>>()?;
    Ok((ids, tags))
}

/// With `--key` every word is an id; else the words that look like ids are ids, and the rest are keys. Where a filter selects,
/// all are keys.
fn split_delete(args: &TagDeleteArgs, is_selected: bool) -> Result<(Vec<String>, Vec<String>), CliError> {
    let command = "mlflow-trace tag delete --key reviewed --dry-run --filter";
    args.words.iter().try_for_each(|word| words::refuse_filter(word, command, "shows what would be deleted"))?;
    if is_selected {
        return match args.words.iter().find(|word| looks_like_trace_id(word)) {
            Some(id) => Err(both(id)),
            None if args.words.is_empty() && args.keys.is_empty() => Err(CliError::usage("missing tag key")),
            None => Ok((Vec::new(), args.words.iter().chain(&args.keys).cloned().collect())),
        };
    }
    if !args.keys.is_empty() && !args.words.is_empty() {
        return Ok((args.words.clone(), args.keys.clone()));
    }
    let (ids, keys): (Vec<String>, Vec<String>) =
        args.words.iter().cloned().partition(|word| looks_like_trace_id(word));
    let hint = "use --key for tag keys; all other arguments are then trace ids";
    if ids.is_empty() {
        return Err(CliError::usage("no argument looks like a trace id (tr-…, 32 hex digits, -)").hint(hint));
    }
    if keys.is_empty() {
        return Err(CliError::usage("missing tag key after the trace ids").hint(hint));
    }
    Ok((ids, keys))
}

fn looks_like_trace_id(word: &str) -> bool {
    word == "-" || words::is_trace_id(word) || is_address(word)
}
