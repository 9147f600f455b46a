//! The program against a real `MLflow` tracking server, each result checked with `MLflow`'s own client.
//!
//! Needs Python 3.10 or later and, the first time, a package index. See `harness.rs`.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::must_use_candidate, clippy::return_self_not_must_use)]

#[path = "../support/mod.rs"]
mod support;

mod artifacts;
mod assessment;
mod changes;
mod combined;
mod corpus;
#[cfg(feature = "database")]
mod database;
#[cfg(feature = "database")]
mod database_writes;
mod datasets;
mod delete;
mod differential;
mod doctor;
mod doubt;
mod errors;
mod experiments;
mod export;
mod extended;
mod faults;
#[cfg(feature = "database")]
mod file_store;
mod generate;
mod get;
mod harness;
#[cfg(feature = "otlp")]
mod import;
mod measure;
mod offline;
mod places;
mod retention;
mod rows;
mod search;
mod shapes;
mod spans;
// Lists of words, many to a line.
#[rustfmt::skip]
mod spellings;
mod tag;
#[cfg(feature = "database")]
mod twins;
mod walk;
