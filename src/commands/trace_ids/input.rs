//! Trace ids as they are typed or read from standard input.

use std::collections::HashSet;

use super::address::{is_address, trace_of};
use crate::commands::{Context, inputs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::TraceId;
use crate::output::{count, is_plain_id};

/// The ids in order, each once; `-` stands for those on standard input, an address for the trace of its page. Nothing is taken off an id: another one could be left.
pub fn read(context: &mut Context<'_>, words: &[String]) -> Result<Vec<TraceId>, CliError> {
    let (mut ids, mut seen) = (Vec::new(), HashSet::new());
    for word in words {
        let read = match word.as_str() {
            "-" => read_input(context)?,
            page if is_address(page) => vec![trace_of(page)?],
            word => split(word),
        };
        for id in read.into_iter().filter(|id| !id.is_empty()).map(TraceId::new) {
            if seen.insert(id.clone()) {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// Ids of the usual form may be joined with commas; in others a comma may be a part of the id.
pub fn split(word: &str) -> Vec<String> {
    let is_usual = |id: &str| {
        id.strip_prefix("tr-").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let parts: Vec<&str> = word.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_list = word.contains(',') && parts.iter().all(|part| is_usual(part));
    if is_list { parts.into_iter().map(str::to_owned).collect() } else { vec![word.to_owned()] }
}

pub fn read_input(context: &mut Context<'_>) -> Result<Vec<String>, CliError> {
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
pub fn ids_of_lines(text: &str) -> Result<Vec<String>, CliError> {
    let is_of_windows = text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count();
    let ending = if is_of_windows { "\r\n" } else { "\n" };
    text.split(ending).filter_map(id_of_line).collect()
}

/// How many ids are read at once.
pub const MOST: usize = 5_000_000;

pub const IN_PARTS: &str = "pass them in parts, for example with split, or select the traces with a filter";

/// How many characters of what is no id are shown.
pub const SHOWN: usize = 80;

/// The beginning of what may be anything.
pub fn beginning(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// The id on a line; nothing on an empty one.
pub fn id_of_line(line: &str) -> Option<Result<String, CliError>> {
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

pub fn ids_before_nul(text: &str) -> Result<Vec<String>, CliError> {
    let (ids, rest) = text.rsplit_once('\0').map_or(("", text), |(ids, rest)| (ids, rest));
    if !rest.is_empty() {
        return Err(CliError::usage(format!("standard input does not end with a NUL but with {:?}", beginning(rest)))
            .hint("write ids with `mlflow-trace search … -o ids --null`; leave out --null if there is one per line"));
    }
    Ok(ids.split('\0').map(str::to_owned).collect())
}
