//! Where archived traces go: the experiment of each.

use std::collections::HashMap;

use super::{Context, selection};
use crate::changes::import::Destination;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Experiment, ExperimentId, Lifecycle};
use crate::store::{Store, StoreError, Writer, active};

/// The experiment named by flag or environment, else those of the archive's experiments by name.
pub async fn find(
    context: &mut Context<'_>,
    store: &Store,
    archive: &Store,
    create: Option<Create>,
) -> Result<Destination, CliError> {
    if !context.settings.experiments.is_empty() {
        return named(context, store, create).await.map(Destination::One);
    }
    let (mut found, mut missing) = (HashMap::new(), Vec::new());
    for archived in archive.experiments(true).await? {
        // Files without a manifest do not know the names of their experiments.
        if archived.name == archived.id.as_str() {
            return Err(CliError::usage(format!(
                "the archive does not contain the name of experiment {}",
                archived.id
            ))
            .hint("choose the target with --experiment NAME, and --create-experiments if it is new"));
        }
        match store.experiment_by_name(&archived.name).await? {
            Some(experiment) => drop(found.insert(archived.id, active(experiment)?)),
            None => missing.push(archived),
        }
    }
    let Some(create) = create else {
        return if missing.is_empty() { Ok(Destination::ByName(found)) } else { Err(unknown(&missing)) };
    };
    for archived in missing {
        let created = create.experiment(context, store.writer()?, &archived.name).await?;
        found.insert(archived.id, created);
    }
    Ok(Destination::ByName(found))
}

/// The one experiment that the user named, which is created if that was asked for.
async fn named(context: &mut Context<'_>, store: &Store, create: Option<Create>) -> Result<Experiment, CliError> {
    let named = match (selection::named_experiments(context, store).await, create) {
        (Err(StoreError::UnknownExperiment { wanted, .. }), Some(create)) if !is_id(&wanted) => {
            let [_] = context.settings.experiments.as_slice() else { return Err(several()) };
            return create.experiment(context, store.writer()?, &wanted).await;
        }
        (named, _) => named?,
    };
    <[Experiment; 1]>::try_from(named).map(|[one]| one).map_err(|_| several())
}

/// Whether a word is an id, which no new experiment can be given.
fn is_id(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn several() -> CliError {
    CliError::usage("an archive is imported into one experiment, or into experiments of the same names")
        .hint("use --experiment once or not at all")
}

/// Whether missing experiments are really created.
#[derive(Clone, Copy)]
pub enum Create {
    /// Yes.
    Really,
    /// A dry run says so.
    InWords,
}

impl Create {
    async fn experiment(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        name: &str,
    ) -> Result<Experiment, CliError> {
        match self {
            Self::InWords => {
                context.ui.status(&format!("Would create experiment {name:?}."));
                Ok(Experiment {
                    id: ExperimentId::new("new"),
                    name: name.to_owned(),
                    lifecycle: Lifecycle::Active,
                    artifact_location: None,
                    creation_time_ms: None,
                    last_update_time_ms: None,
                })
            }
            Self::Really => {
                let created = server.create_experiment(name, &[], None).await?;
                let created = created.ok_or_else(|| {
                    CliError::new(Exit::Refused, format!("experiment {name:?} was created but does not exist"))
                })?;
                context.ui.status(&format!("Created experiment {name:?} (id {}).", created.id));
                Ok(created)
            }
        }
    }
}

fn unknown(missing: &[Experiment]) -> CliError {
    let names: Vec<String> = missing.iter().map(|experiment| format!("{:?}", experiment.name)).collect();
    CliError::new(Exit::NotFound, format!("the server has no experiment {}; nothing was imported", names.join(", ")))
        .hint("create them with --create-experiments, or choose another one with --experiment")
}
