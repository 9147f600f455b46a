//! Trace ids as arguments: typed, or read from standard input.

mod address;
mod beginning;
mod input;

pub use self::address::is_address;
pub use self::beginning::{complete, not_begun, whole_only};
pub use self::input::read;
use super::{Context, words};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, ExperimentId, TraceId, TraceInfo};
use crate::output::count;
use crate::store::{Looked, Store, StoreError, Unseen, Writer, active};

/// Ids that are named in an error.
const NAMED: usize = 3;

/// The trace that a word means: an id, the beginning of one, or the address of its page.
pub async fn one(context: &Context<'_>, store: &Store, word: &str) -> Result<TraceId, CliError> {
    if is_address(word) {
        return address::trace_of(word).map(TraceId::new);
    }
    let ids = complete(context, store, &[word.to_owned()], vec![TraceId::new(word)]).await?;
    Ok(ids.into_iter().next().unwrap_or_else(|| TraceId::new(word)))
}

/// Refuses addresses where something is deleted: the page may be of another server. `command` is what works with the id.
pub fn refuse_addresses(typed: &[String], command: &str) -> Result<(), CliError> {
    let Some(page) = typed.iter().find(|word| is_address(word)) else { return Ok(()) };
    let id = address::trace_of(page)?;
    Err(CliError::usage(format!("expected trace ids, got the page {page:?}; nothing was deleted"))
        .hint(format!("to delete, whole trace ids are needed: `{command} {}`", words::for_shell(&id))))
}

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
    let mut error = beginning::not_begun(context, CliError::from(error).of_reading());
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
