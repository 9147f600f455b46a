//! Arguments of `doctor`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use clap::Args;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is changed. Exit codes: 0 everything works, 4 authentication or permission denied, 5 not reached, \
6 refused, 8 something does not hold.

Examples:
  mlflow-trace doctor
  mlflow-trace doctor -x my-app -o json"
)]
pub struct DoctorArgs {}
