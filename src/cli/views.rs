//! How `get` shows a trace.

use clap::{Args, ValueEnum};

/// Views of one trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum View {
    /// Spans as a tree
    #[default]
    Tree,
    /// The conversation: messages, tool calls, results
    Chat,
}

impl View {
    /// The word typed after `--view`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Chat => "chat",
        }
    }
}

/// Flags of the views.
#[derive(Debug, Args)]
pub struct ViewArgs {
    /// How to show the traces
    #[arg(long, value_enum, value_name = "VIEW", default_value_t)]
    pub view: View,
    /// Show the inputs and outputs of every span, and texts of any length whole
    #[arg(long)]
    pub content: bool,
    /// Chat: write Markdown
    #[arg(long)]
    pub markdown: bool,
}
