//! The workspace that the other tests talk to, driven by MLflow's own client: it must take what that client sends.

#[path = "../cli/databricks/fake.rs"]
#[allow(dead_code)] // The other tests use more of it.
mod fake;

use serde_json::{Value, json};

use crate::engines::python;
use fake::{TOKEN, WAREHOUSE, Workspace, id, in_catalog};

#[test]
fn the_fake_workspace_takes_what_mlflows_own_client_sends() {
    let workspace = Workspace::with(3);
    let home = tempfile::tempdir().unwrap();
    let run = python("workspace.py", &[&id(1), &in_catalog(1)])
        .env("HOME", home.path())
        .env("DATABRICKS_HOST", workspace.uri())
        .env("DATABRICKS_TOKEN", TOKEN)
        .env("MLFLOW_TRACING_SQL_WAREHOUSE_ID", WAREHOUSE)
        .env("MLFLOW_SQL_WAREHOUSE_AUTO_START", "false")
        .env("MLFLOW_DISABLE_TELEMETRY", "true")
        .output()
        .unwrap();
    workspace.assert_as_recorded();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let seen: Value = serde_json::from_slice(&run.stdout).unwrap();
    let place = |found: [String; 2], trace: String| json!({"found": found, "trace_id": trace, "spans": 1, "assessment": "a-of-the-workspace"});
    let expected = json!({
        "experiment": place([id(3), id(1)], id(1)),
        "catalog": place([in_catalog(3), in_catalog(1)], in_catalog(1)),
        "deleted": 1,
    });
    assert_eq!(seen, expected);
}
