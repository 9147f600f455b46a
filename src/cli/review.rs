//! Arguments of `review`.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};

use super::annotations::SourceArgs;
use super::measure::ReadArgs;

/// Arguments of `review`.
#[derive(Debug, Args)]
#[command(
    // The name that is asked for is that of the answer; traces are selected by theirs with another flag.
    mut_arg("name", |name| name.long("trace-name")),
    after_help = "Keys: y and n, or the number of an answer; s skip, b back, u undo, r note, o show the address, q quit. Each answer is saved at once. Traces that you have judged already are left out, so the same command goes on where it ended.

Examples:
  mlflow-trace review --name correct \"status = 'ERROR'\" --sample 20
  mlflow-trace review --name tone --choices kind,neutral,rude --blind"
)]
pub struct ReviewArgs {
    /// Name of the feedback or expectation
    #[arg(id = "answer_name", long = "name", value_name = "NAME", required_unless_present = "schema")]
    pub name: Option<String>,
    /// Ask as this label schema of the experiment says, and give the answers its name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["answer_name", "answer_type", "choices"])]
    pub schema: Option<String>,
    /// Kind of answer: bool (yes or no), rating (1 to 5), number or text [default: as the label schema of the name says, else bool]
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true)]
    pub answer_type: Option<AnswerType>,
    /// Answers to choose from, separated by commas
    #[arg(long, value_name = "ANSWERS", value_delimiter = ',', conflicts_with = "answer_type")]
    pub choices: Vec<String>,
    /// Log expectations instead of feedback
    #[arg(long)]
    pub expectation: bool,
    /// Draw a random sample of this many traces
    #[arg(long, value_name = "N")]
    pub sample: Option<NonZeroUsize>,
    /// With --sample: draw from each group of these fields, separated by commas
    #[arg(long, value_name = "FIELDS", requires = "sample")]
    pub stratify: Vec<String>,
    /// With --sample: another number gives another sample
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Order of the traces, such as cost.total DESC; repeatable [default: newest first]
    #[arg(long, visible_alias = "sort", value_name = "FIELD [ASC|DESC]", conflicts_with = "sample")]
    pub order_by: Vec<String>,
    /// Hide what others said
    #[arg(long)]
    pub blind: bool,
    /// Who judges.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Which traces.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AnswerType {
    /// Yes or no
    Bool,
    /// 1 to 5
    Rating,
    /// Any number
    Number,
    /// Any text
    Text,
}
