//! Traces that are not on the server any more because a run deleted them: what the journals know about where they are.

use std::path::Path;

use super::Context;
use crate::changes::journal::{Departed, Journal};
use crate::error::CliError;
use crate::model::{MANIFEST_FILE, TraceId};
use crate::retention::for_shell;

/// Traces that are looked up.
const NAMED: usize = 3;

/// An error about traces that are not there, with where they are. Journals that cannot be read say nothing.
pub fn explained(context: &Context<'_>, error: CliError) -> CliError {
    let server = context.settings.tracking_uri.as_ref().ok().filter(|address| address.is_changed());
    let (Some(folder), Some(_)) = (&context.settings.state_dir, server) else { return error };
    let known = |id: &TraceId| Some(describe(id, &Journal::departed(folder, context.place(), id)?));
    let hints: Vec<String> = error.unknown_traces.iter().take(NAMED).filter_map(known).collect();
    hints.into_iter().fold(error, CliError::hint)
}

fn describe(id: &TraceId, departed: &Departed) -> String {
    let Departed { run_id, command, archives } = departed;
    let get = |uri: &str| format!("`mlflow-trace -u {} get {}`", for_shell(uri), for_shell(id.as_str()));
    let is_there = |archive: &&String| Path::new(archive.as_str()).join(MANIFEST_FILE).is_file();
    if let Some(archive) = archives.iter().find(is_there) {
        return format!(
            "{id} was archived by run {run_id} to {archive}; read it with {}",
            get(&format!("file:{archive}"))
        );
    }
    if let Some(bucket) = archives.iter().find(|archive| archive.contains("://")) {
        let get = get("file:FOLDER");
        return format!("{id} was archived by run {run_id} to {bucket}; copy that to a folder, then run {get}");
    }
    match archives.first() {
        Some(archive) => {
            format!("{id} was archived by run {run_id} to {archive}, where there is no archive now")
        }
        None => format!("{id} was deleted by run {run_id} ({command}), without an archive"),
    }
}
