//! The program as people and scripts see it, against a tracking server in this process.

#![allow(
    clippy::unwrap_used,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::needless_pass_by_value,
    clippy::format_collect,
    missing_docs
)]

#[path = "../support/mod.rs"]
mod support;

mod fake;
mod snapshot;

mod annotating;
mod archive;
mod archive_copies;
mod archive_folder;
mod archive_shapes;
mod archive_whole;
mod artifacts;
mod assessment;
mod attachments;
mod books;
mod changes;
mod changes_faults;
mod check;
mod complete;
mod credentials;
#[cfg(feature = "database")]
mod database;
mod databricks;
mod dataset;
mod deletion;
mod diff;
mod docs;
mod doctor;
mod errors;
mod exit_codes;
mod experiments;
mod export;
mod export_complete;
mod export_content;
mod export_directory;
mod export_kill;
mod export_since;
mod extended;
mod extended_deletion;
mod filter;
mod gates;
mod get;
mod habits;
mod help;
mod hostile;
#[cfg(feature = "otlp")]
mod import;
#[cfg(feature = "otlp")]
mod import_sources;
mod jq;
mod locks;
mod login;
mod mcp;
mod measure;
mod odd;
mod older;
#[cfg(feature = "otlp")]
mod otlp;
mod picture;
mod places;
mod profiles;
mod purge;
mod retention_archive;
mod retention_cron;
mod retention_policy;
mod retention_read_back;
mod review;
mod rows;
mod rows_faults;
mod rows_plan;
#[cfg(feature = "aws")]
mod sagemaker;
mod sample;
mod schema;
mod search;
mod secured;
mod selecting;
mod selection;
mod sheets;
mod sight;
mod spans;
mod tag;
mod tail;
mod version;
mod views;
mod walk;
mod written;
