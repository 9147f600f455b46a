//! Trace ids as arguments: typed, or read from standard input.

use std::collections::HashSet;
use std::io::BufRead;

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, ExperimentId, TraceId, TraceInfo};
use crate::output::count;
use crate::store::{Looked, ServerStore, StoreError, active};

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
/// would change all the same. One of which is not known whether it is there is not passed over.
pub async fn changeable(
    context: &mut Context<'_>,
    server: &ServerStore,
    ids: &[TraceId],
    ignore_missing: bool,
) -> Result<Changeable, CliError> {
    let Looked { found: infos, absent, mut unseen } = server.infos(ids).await.map_err(StoreError::from)?;
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
            return Err(CliError::from(error).hint("--ignore-missing goes on without them, where a command has it"));
        }
        context.ui.warning(&error.to_string());
    }
    let mut experiment_ids: Vec<_> = infos.iter().filter_map(TraceInfo::experiment_id).collect();
    experiment_ids.sort();
    experiment_ids.dedup();
    let mut experiments = Vec::with_capacity(experiment_ids.len());
    for id in &experiment_ids {
        let experiment = server.experiment_by_id(id).await.map_err(StoreError::from)?;
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
pub async fn hidden_experiment(server: &ServerStore, ids: &[ExperimentId]) -> Result<Option<String>, CliError> {
    for id in ids {
        match server.experiment_by_id(id).await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Some(format!("the experiment with id {id} is not shown"))),
            Err(error) if error.is_forbidden() => {
                return Ok(Some(format!("the experiment with id {id} is not shown: {error}")));
            }
            Err(error) => return Err(StoreError::from(error).into()),
        }
    }
    Ok(None)
}
