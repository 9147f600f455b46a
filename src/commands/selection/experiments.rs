//! Which experiments a command works on.

use crate::commands::Context;
use crate::model::{Experiment, ExperimentId};
use crate::settings::ExperimentRef;
use crate::store::{Store, StoreError, active};

/// The experiments of a reading command: those named, all active ones if asked, everything of an archive.
pub async fn experiments(context: &Context<'_>, store: &Store, all: bool) -> Result<Vec<Experiment>, StoreError> {
    if all {
        return store.experiments(false).await;
    }
    // What the environment names is about a server; an archive is searched whole unless a flag says otherwise.
    let by_flag = |named: &ExperimentRef| named.is_of_any_store();
    if !store.needs_experiments() && !context.settings.experiments.iter().any(by_flag) {
        return Ok(Vec::new());
    }
    named_experiments(context, store).await
}

/// The experiments named by flags or environment; at least one, each existing and active.
pub async fn named_experiments(context: &Context<'_>, store: &Store) -> Result<Vec<Experiment>, StoreError> {
    let mut found: Vec<Experiment> = Vec::new();
    for named in &context.settings.experiments {
        let experiment = active(resolve(store, named).await?)?;
        if let (ExperimentRef::Id(id), Some(by_name)) = (named, found.first())
            && by_name.id != experiment.id
        {
            let (name, name_id) = (by_name.name.clone(), by_name.id.clone());
            return Err(StoreError::ContradictingExperiments { name, name_id, id: ExperimentId::new(id) });
        }
        if !found.iter().any(|known| known.id == experiment.id) {
            found.push(experiment);
        }
    }
    if found.is_empty() {
        Err(StoreError::NoExperiment { available: store.experiments(false).await? })
    } else {
        Ok(found)
    }
}

pub async fn resolve(store: &Store, named: &ExperimentRef) -> Result<Experiment, StoreError> {
    let (by_name, by_id, wanted) = match named {
        ExperimentRef::Name(name) => (store.experiment_by_name(name).await?, None, name.as_str()),
        ExperimentRef::Id(id) => (None, by_id(store, id).await?, id.as_str()),
        either => (store.experiment_by_name(either.word()).await?, by_id(store, either.word()).await?, either.word()),
    };
    match (by_name, by_id) {
        (Some(by_name), Some(by_id)) if by_name.id != by_id.id => {
            Err(StoreError::AmbiguousExperiment { wanted: wanted.to_owned(), by_id: by_id.name, by_name: by_name.id })
        }
        (Some(experiment), _) | (None, Some(experiment)) => Ok(experiment),
        (None, None) => {
            let available = store.experiments(false).await?;
            Err(StoreError::UnknownExperiment { wanted: wanted.to_owned(), available })
        }
    }
}

/// Ids are digits on every server that has experiments; anything else is not worth a request.
pub async fn by_id(store: &Store, id: &str) -> Result<Option<Experiment>, StoreError> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    store.experiment_by_id(&ExperimentId::new(id)).await
}
