//! The command line for MLflow traces.
pub mod filter;
pub mod model;
