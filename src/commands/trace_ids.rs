//! Trace ids as arguments: typed, or read from standard input.

use std::collections::HashSet;
use std::io::BufRead;

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, TraceId, TraceInfo};
use crate::store::{ServerStore, StoreError, active};

/// The ids in order, each once; `-` stands for the lines of standard input.
pub fn read(context: &mut Context<'_>, words: &[String]) -> Result<Vec<TraceId>, CliError> {
    let (mut ids, mut seen) = (Vec::new(), HashSet::new());
    let mut add = |id: &str| {
        let id = TraceId::new(id.trim());
        if !id.as_str().is_empty() && seen.insert(id.clone()) {
            ids.push(id);
        }
    };
    for word in words {
        if word != "-" {
            add(word);
            continue;
        }
        if context.ui.terminals().input {
            context.ui.status("Reading trace ids from standard input, one per line; end with Ctrl-D.");
        }
        for line in context.ui.input().lines() {
            let line = line
                .map_err(|error| CliError::new(Exit::Unexpected, format!("could not read standard input: {error}")))?;
            if line.trim().contains(char::is_whitespace) || line.contains(['{', ',']) {
                return Err(CliError::usage(format!("standard input is not one trace id per line: {:?}", line.trim()))
                    .hint("write ids with `mlflow-trace search … -o ids`"));
            }
            add(&line);
        }
    }
    Ok(ids)
}

/// Traces that may be changed, and the experiments they live in.
pub struct Changeable {
    /// In the order asked for.
    pub infos: Vec<TraceInfo>,
    /// Each once.
    pub experiments: Vec<Experiment>,
}

/// The traces that are to be changed: all known, unless `ignore_missing`, and none in a deleted experiment, which the server
/// would change all the same.
pub async fn changeable(
    context: &mut Context<'_>,
    server: &ServerStore,
    ids: &[TraceId],
    ignore_missing: bool,
) -> Result<Changeable, CliError> {
    let infos = server.infos(ids).await.map_err(StoreError::from)?;
    let known: HashSet<&TraceId> = infos.iter().map(|info| &info.trace_id).collect();
    let missing: Vec<TraceId> = ids.iter().filter(|id| !known.contains(id)).cloned().collect();
    if !missing.is_empty() {
        let error = StoreError::UnknownTraces(missing);
        if !ignore_missing {
            return Err(CliError::from(error).hint("--ignore-missing goes on without them, where a command has it"));
        }
        context.ui.warning(&error.to_string());
    }
    let mut experiment_ids: Vec<_> = infos.iter().filter_map(TraceInfo::experiment_id).collect();
    experiment_ids.sort();
    experiment_ids.dedup();
    let mut experiments = Vec::with_capacity(experiment_ids.len());
    for id in &experiment_ids {
        if let Some(experiment) = server.experiment_by_id(id).await.map_err(StoreError::from)? {
            experiments.push(active(experiment)?);
        }
    }
    Ok(Changeable { infos, experiments })
}
