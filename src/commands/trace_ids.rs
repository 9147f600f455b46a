//! Trace ids as arguments: typed, or read from standard input.

use std::collections::HashSet;

use super::{Context, inputs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, ExperimentId, TraceId, TraceInfo};
use crate::output::{count, is_plain_id};
use crate::store::{Looked, StoreError, Unseen, Writer, active};

/// The ids in order, each once; `-` stands for those on standard input. Nothing is taken off an id: another one could be left.
pub fn read(context: &mut Context<'_>, words: &[String]) -> Result<Vec<TraceId>, CliError> {
    let (mut ids, mut seen) = (Vec::new(), HashSet::new());
    for word in words {
        let read = if word == "-" { read_input(context)? } else { split(word) };
        for id in read.into_iter().filter(|id| !id.is_empty()).map(TraceId::new) {
            if seen.insert(id.clone()) {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// Ids of the usual form may be joined with commas; in others a comma may be a part of the id.
fn split(word: &str) -> Vec<String> {
    let is_usual = |id: &str| {
        id.strip_prefix("tr-").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let parts: Vec<&str> = word.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_list = word.contains(',') && parts.iter().all(|part| is_usual(part));
    if is_list { parts.into_iter().map(str::to_owned).collect() } else { vec![word.to_owned()] }
}

fn read_input(context: &mut Context<'_>) -> Result<Vec<String>, CliError> {
    let null = context.settings.null;
    if context.ui.terminals().input {
        let how = if null { "separated by NUL" } else { "one per line" };
        context.ui.status(&format!("Reading trace ids from standard input, {how}; end with Ctrl-D."));
    }
    let unreadable = |error: &std::io::Error| {
        let exit = if error.kind() == std::io::ErrorKind::FileTooLarge { Exit::Usage } else { Exit::Unexpected };
        CliError::new(exit, format!("could not read standard input: {error}")).hint(IN_PARTS)
    };
    let text = inputs::standard(context, inputs::LIST).map_err(|unread| unread.into_error(unreadable))?;
    let end = if null { b'\0' } else { b'\n' };
    if memchr::memchr_iter(end, text.as_bytes()).count() > MOST {
        let most = count(MOST as u64);
        return Err(CliError::usage(format!("standard input holds more than {most} trace ids")).hint(IN_PARTS));
    }
    if null { ids_before_nul(&text) } else { ids_of_lines(&text) }
}

/// Lines of Windows end in two characters, all of them: at the end of one alone, the first is a part of an id.
fn ids_of_lines(text: &str) -> Result<Vec<String>, CliError> {
    let is_of_windows = text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count();
    let ending = if is_of_windows { "\r\n" } else { "\n" };
    text.split(ending).filter_map(id_of_line).collect()
}

/// So many ids are read at once.
const MOST: usize = 5_000_000;
const IN_PARTS: &str = "pass them in parts, for example with split, or select the traces with a filter";
/// So many characters of what is no id are shown.
const SHOWN: usize = 80;

/// The beginning of what may be anything.
fn beginning(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// The id on a line; nothing on an empty one.
fn id_of_line(line: &str) -> Option<Result<String, CliError>> {
    if line.is_empty() {
        return None;
    }
    Some(if is_plain_id(line) {
        Ok(line.to_owned())
    } else {
        Err(CliError::usage(format!("standard input is not one trace id per line: {:?}", beginning(line))).hint(
            "write ids with `mlflow-trace search … -o ids`; for ids with special characters, add --null on both sides",
        ))
    })
}

fn ids_before_nul(text: &str) -> Result<Vec<String>, CliError> {
    let (ids, rest) = text.rsplit_once('\0').map_or(("", text), |(ids, rest)| (ids, rest));
    if !rest.is_empty() {
        return Err(CliError::usage(format!("standard input does not end with a NUL but with {:?}", beginning(rest)))
            .hint("write ids with `mlflow-trace search … -o ids --null`; leave out --null if there is one per line"));
    }
    Ok(ids.split('\0').map(str::to_owned).collect())
}

/// Ids that are named in an error.
const NAMED: usize = 3;

/// Fails if some of the traces that were named are not there, or are not shown; `shown` of them are.
pub fn tell_missing(
    context: &mut Context<'_>,
    (absent, unseen): (&[TraceId], &[Unseen]),
    shown: u64,
) -> Result<(), CliError> {
    for unseen in unseen.iter().skip(usize::from(absent.is_empty())).take(NAMED) {
        context.ui.warning(&unseen.to_string());
    }
    let error = match (absent, unseen) {
        ([], []) => return Ok(()),
        ([], [first, ..]) => StoreError::from(first.clone()),
        (absent, _) => StoreError::UnknownTraces(absent.to_vec()),
    };
    let mut error = CliError::from(error);
    error.message = error.message.replace("; nothing was changed", "");
    if shown > 0 {
        error.exit = Exit::Partial;
    }
    Err(error)
}

/// Traces that may be changed, and the experiments they live in.
pub struct Changeable {
    /// In the order asked for.
    pub infos: Vec<TraceInfo>,
    /// Each once.
    pub experiments: Vec<Experiment>,
}

/// The traces that are to be changed: all known, unless `ignore_missing`, and none in a deleted experiment, which the server
/// would change all the same. One of which is not known whether it is there is not passed over.
pub async fn changeable(
    context: &mut Context<'_>,
    server: &dyn Writer,
    ids: &[TraceId],
    ignore_missing: bool,
) -> Result<Changeable, CliError> {
    let Looked { found: infos, absent, mut unseen } = server.infos(ids).await?;
    if !unseen.is_empty() {
        let more = unseen.len() - 1;
        let mut error = CliError::from(StoreError::from(unseen.swap_remove(0)));
        let others = if more > 0 { format!(" (and of {} more)", count(more as u64)) } else { String::new() };
        error.message = format!("{}{others}; nothing was changed", error.message);
        return Err(error);
    }
    if !absent.is_empty() {
        let error = StoreError::UnknownTraces(absent);
        if !ignore_missing {
            return Err(CliError::from(error).hint("to skip them, use --ignore-missing where available"));
        }
        context.ui.warning(&error.to_string());
    }
    let mut experiment_ids: Vec<_> = infos.iter().filter_map(TraceInfo::experiment_id).collect();
    experiment_ids.sort();
    experiment_ids.dedup();
    let mut experiments = Vec::with_capacity(experiment_ids.len());
    for id in &experiment_ids {
        let experiment = server.experiment_by_id(id).await?;
        let experiment = experiment.ok_or_else(|| {
            let message = format!("the server shows traces of the experiment with id {id}, but not the experiment");
            CliError::new(Exit::Refused, format!("{message}; nothing was changed"))
        })?;
        experiments.push(active(experiment)?);
    }
    Ok(Changeable { infos, experiments })
}

/// Why traces of these experiments that are absent need not be gone: an experiment that cannot be seen from here, as from another
/// workspace, takes its traces with it.
pub async fn hidden_experiment(server: &dyn Writer, ids: &[ExperimentId]) -> Result<Option<String>, CliError> {
    for id in ids {
        match server.experiment_by_id(id).await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Some(format!("the experiment with id {id} is not shown"))),
            Err(error) if error.is_forbidden() => {
                return Ok(Some(format!("the experiment with id {id} is not shown: {error}")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
