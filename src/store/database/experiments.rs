//! Experiments: found by name or id, listed.

use super::asker::Asker;
use super::sql::{Row, Sql};
use crate::model::{Experiment, ExperimentId, Lifecycle};
use crate::store::{DatabaseTrouble, StoreError};

const COLUMNS: &str =
    "SELECT experiment_id, name, lifecycle_stage, artifact_location, creation_time, last_update_time FROM experiments";
const ORDER: &str = " ORDER BY creation_time DESC, experiment_id ASC";

/// The number that an id is; databases have no other ids.
pub(super) fn number(id: &ExperimentId) -> Option<i64> {
    id.as_str().trim().parse::<i32>().ok().map(i64::from)
}

fn experiment(mut row: Row) -> Experiment {
    Experiment {
        id: ExperimentId::new(row.text_or_empty()),
        name: row.text_or_empty(),
        lifecycle: if row.text_or_empty() == "deleted" { Lifecycle::Deleted } else { Lifecycle::Active },
        artifact_location: row.text(),
        creation_time_ms: row.integer(),
        last_update_time_ms: row.integer(),
    }
}

impl Asker {
    /// All experiments, newest first.
    pub(super) async fn experiments(&mut self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        let lifecycle = if with_deleted { Sql::new("1 = 1") } else { Sql::new("lifecycle_stage = ").bind("active") };
        self.experiments_where(lifecycle).await
    }

    /// The experiment of an id, deleted or not.
    pub(super) async fn experiment_by_id(&mut self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        let Some(number) = number(id) else { return Ok(None) };
        Ok(self.experiments_where(Sql::new("experiment_id = ").bind(number)).await?.pop())
    }

    /// The experiment of a name, deleted or not. Names are unique within a workspace only.
    pub(super) async fn experiment_by_name(&mut self, name: &str) -> Result<Option<Experiment>, StoreError> {
        let mut found = self.experiments_where(Sql::new("name = ").bind(name)).await?;
        // Some databases compare without regard to case.
        found.retain(|experiment| experiment.name == name);
        if found.len() > 1 {
            let why = format!(
                "{} workspaces have an experiment {name:?}; name it by its id, or set MLFLOW_WORKSPACE",
                found.len()
            );
            return Err(StoreError::Database { name: self.name().to_owned(), trouble: DatabaseTrouble::Failed(why) });
        }
        Ok(found.pop())
    }

    async fn experiments_where(&mut self, condition: Sql) -> Result<Vec<Experiment>, StoreError> {
        let workspace = match self.workspace().filter(|_| self.schema.has_workspaces) {
            Some(workspace) => Sql::new(" AND workspace = ").bind(workspace),
            None => Sql::default(),
        };
        let sql = Sql::new(format!("{COLUMNS} WHERE ")).part(condition).part(workspace).text(ORDER);
        Ok(self.rows(&sql).await?.into_iter().map(experiment).collect())
    }
}
