//! Where a command works, and whether that is where something that is remembered was done.

use super::Context;
use crate::changes::place::{Difference, Place};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::ExperimentId;
use crate::store::{Address, StoreError, Writer};

impl Context<'_> {
    /// Where this command works, looked up once.
    pub fn place(&self) -> &Place {
        self.place.get_or_init(|| {
            let addresses = self.settings.tracking_uri.as_ref().map(Address::addresses).unwrap_or_default();
            Place::new(&self.source_name(), addresses, self.settings.http.workspace.as_deref())
        })
    }
}

/// Refuses what was done or is meant for somewhere else; `what` begins the sentence: `the run … was`.
pub fn check(what: &str, there: &Place, here: &Place) -> Result<(), CliError> {
    let Some(difference) = there.difference(here) else { return Ok(()) };
    let hint = match &difference {
        Difference::Server { there, .. } => format!("give --tracking-uri {there}"),
        Difference::Workspace { there, .. } => format!("set MLFLOW_WORKSPACE={there}"),
        Difference::Experiment { .. } => "use the current --tracking-uri of that server".to_owned(),
    };
    Err(CliError::new(Exit::SafetyStop, format!("{what} {difference}; nothing was changed")).hint(hint))
}

/// This place with what can be seen of these experiments. What is not visible here may be elsewhere, or be hidden from whoever
/// asks: nothing follows from that.
pub async fn seen(
    context: &Context<'_>,
    server: &dyn Writer,
    experiments: &[ExperimentId],
) -> Result<Place, StoreError> {
    let mut found = Vec::with_capacity(experiments.len());
    for id in experiments {
        match server.experiment_by_id(id).await {
            Ok(experiment) => found.extend(experiment),
            Err(error) if error.is_refusal() && !error.is_overload() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(context.place().clone().with(&found))
}
