//! Arguments of `mcp`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use clap::{Args, ValueEnum};

/// Arguments of `mcp`.
#[derive(Debug, Args)]
#[command(
    after_help = "A client starts the server itself, with a configuration such as {\"command\": \"mlflow-trace\", \"args\": [\"mcp\", \"-x\", \"my-app\"]}.

Examples:
  mlflow-trace mcp -u demo < /dev/null
  mlflow-trace mcp --allow annotate -u demo < /dev/null"
)]
pub struct McpArgs {
    /// Offer tools that change traces: annotate offers feedback and tags; deletion is never offered
    #[arg(long, value_name = "WHAT")]
    pub allow: Option<AllowedChange>,
}

/// What tools may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AllowedChange {
    /// Log feedback and set tags
    Annotate,
}
