//! What takes what we write: OpenTelemetry backends, an object store, Kubernetes; what has files of traces; and what asks: a
//! client of agents.

use std::path::Path;

use crate::engines::{python_with, script_with};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mlflow-trace");

#[test]
fn opentelemetry_backends_hold_every_span_that_was_sent() {
    let (mlflow, phoenix) = (python_with("../live/requirements.txt"), python_with("requirements-phoenix.txt"));
    let told = script_with(&mlflow, "otlp.py", &[Path::new(PROGRAM), &mlflow, &phoenix]);
    assert!(told.contains("MLflow holds") && told.contains("Phoenix holds"), "{told}");
}

#[test]
fn an_object_store_holds_whole_exports_and_what_was_deleted() {
    let told = script_with(&python_with("requirements-s3.txt"), "s3.py", &[Path::new(PROGRAM)]);
    assert!(told.ends_with("ok\n"), "{told}");
}

#[test]
fn what_a_database_only_names_is_read_in_an_object_store() {
    let told = script_with(&python_with("requirements-artifacts.txt"), "artifacts.py", &[Path::new(PROGRAM)]);
    assert!(told.ends_with("ok\n"), "{told}");
}

#[test]
fn azure_holds_whole_exports() {
    let emulator = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("interop-azurite");
    let told = script_with(&python_with("requirements-azure.txt"), "blobs.py", &[Path::new(PROGRAM), &emulator]);
    assert!(told.ends_with("ok\n"), "{told}");
}

#[test]
fn the_official_client_of_agents_gets_its_answers() {
    let told = script_with(&python_with("requirements-mcp.txt"), "mcp_client.py", &[Path::new(PROGRAM)]);
    assert!(told.contains("9 tools answer"), "{told}");
}

#[test]
fn what_is_scheduled_on_kubernetes_is_valid_there() {
    let told = script_with(&python_with("requirements-kubernetes.txt"), "kubernetes.py", &[Path::new(PROGRAM)]);
    assert!(told.ends_with(" objects are valid\n"), "{told}");
}
