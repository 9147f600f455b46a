//! The command line for MLflow traces.
pub mod model;
