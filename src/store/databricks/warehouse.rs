//! The SQL warehouse that computes for tables of Unity Catalog: named, running, or started and waited for.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::OnceCell;

use super::{DatabricksStore, not_there};
use crate::store::StoreError;
use crate::store::http::{Class, Method, Request, ServerError, path_segment};

/// As long as MLflow's client waits.
const PATIENCE: Duration = Duration::from_secs(1200);
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Whether the warehouse was seen running.
pub type Readiness = OnceCell<()>;

#[derive(Deserialize)]
struct State {
    state: String,
}

impl DatabricksStore {
    /// The id of the warehouse, which runs. Fails before anything is asked if there is none.
    pub(super) async fn warehouse(&self) -> Result<&str, StoreError> {
        let warehouse = self.0.workspace.warehouse.as_ref().ok_or_else(|| {
            not_there(
                "reading Unity Catalog without a SQL warehouse",
                "set MLFLOW_TRACING_SQL_WAREHOUSE_ID to the id of one",
            )
        })?;
        if warehouse.starts {
            self.0.readiness.get_or_try_init(|| self.running(&warehouse.id)).await?;
        }
        Ok(&warehouse.id)
    }

    /// Starts a warehouse that stands still, and waits until it runs.
    async fn running(&self, id: &str) -> Result<(), StoreError> {
        let path = format!("/api/2.0/sql/warehouses/{}", path_segment(id));
        let (began, mut wait, mut is_started) = (Instant::now(), FIRST_WAIT, false);
        loop {
            let request = Request::get("look at the SQL warehouse", path.clone(), Vec::new());
            let State { state } = self.json(request).await?;
            match state.as_str() {
                "RUNNING" => return Ok(()),
                "STOPPED" if !is_started => {
                    self.tell(format!("starting the SQL warehouse {id}"));
                    self.start(&path).await?;
                    is_started = true;
                }
                "STARTING" | "STOPPING" | "STOPPED" if began.elapsed() < PATIENCE => {}
                _ => {
                    let what = format!("reading Unity Catalog while the SQL warehouse {id} is {state}");
                    return Err(not_there(&what, "start the warehouse, and try again"));
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn start(&self, path: &str) -> Result<(), ServerError> {
        let path = format!("{path}/start");
        let operation = "start the SQL warehouse";
        self.done(Request::with_body(operation, Class::Idempotent, Method::POST, path, &json!({}))).await
    }
}
