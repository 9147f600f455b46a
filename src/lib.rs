//! The command line for MLflow traces.
pub mod cli;
pub mod model;
