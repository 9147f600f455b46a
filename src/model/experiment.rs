//! An experiment: the folder that traces live in.

use super::ExperimentId;

/// Whether an experiment has been deleted. A deleted one stays readable *and writable* on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// In use.
    Active,
    /// Moved to the trash with `mlflow experiments delete`.
    Deleted,
}

impl Lifecycle {
    /// The server's word for it (`lifecycle_stage`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deleted => "deleted",
        }
    }
}

/// An experiment as `experiments/get` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// Its id.
    pub id: ExperimentId,
    /// Its name, unique among the experiments of a server.
    pub name: String,
    /// Active or deleted.
    pub lifecycle: Lifecycle,
    /// Where its artifacts are stored, if the server says.
    pub artifact_location: Option<String>,
    /// When it was created, in epoch milliseconds.
    pub creation_time_ms: Option<i64>,
    /// When it last changed, in epoch milliseconds.
    pub last_update_time_ms: Option<i64>,
}
