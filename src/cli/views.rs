//! How `get` shows a trace.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};

/// Views of one trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum View {
    /// Spans as a tree
    #[default]
    Tree,
    /// Spans as bars over time
    Waterfall,
    /// The conversation: messages, tool calls, results
    Chat,
    /// A short summary within a number of tokens
    Digest,
}

impl View {
    /// The word typed after `--view`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Waterfall => "waterfall",
            Self::Chat => "chat",
            Self::Digest => "digest",
        }
    }
}

/// Flags of the views.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a flag.
pub struct ViewArgs {
    /// How to show traces: tree, waterfall, chat or digest
    #[arg(long, value_enum, value_name = "VIEW", hide_possible_values = true, default_value_t)]
    pub view: View,
    /// Show the inputs and outputs of every span, stacks of errors, and whole texts
    #[arg(long)]
    pub content: bool,
    /// Tree, waterfall: show only failed spans and those above them
    #[arg(long)]
    pub errors_only: bool,
    /// Tree, waterfall: show only spans of this type, such as TOOL, and those above them
    #[arg(long = "type", value_name = "TYPE")]
    pub span_type: Option<String>,
    /// Tree, waterfall: show only this span and those below it
    #[arg(long = "span", value_name = "SPAN_ID")]
    pub span_id: Option<String>,
    /// Tree, waterfall: show N levels of spans
    #[arg(long, value_name = "N")]
    pub depth: Option<NonZeroUsize>,
    /// Tree: show the attributes, events and links of every span
    #[arg(long)]
    pub attributes: bool,
    /// Chat: write Markdown
    #[arg(long)]
    pub markdown: bool,
    /// Digest: maximum tokens, estimated from above
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<NonZeroUsize>,
    /// Waterfall: draw with ASCII characters; the default in a locale that is not UTF-8
    #[arg(long)]
    pub ascii: bool,
}
