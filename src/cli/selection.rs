//! Which traces: flags that every command has which selects traces.
//!
//! Each flag is one clause; they are joined with AND, among themselves and with the filter. They need no quotes inside
//! quotes and no backticks, whatever the value.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use super::times::{Moment, Period};
use super::values::{KeyValue, Status};

/// A filter or ids.
#[derive(Clone, Debug, Default, Args)]
pub struct FilterArgs {
    /// Filter, for example "status = 'ERROR'", or - to read trace ids from standard input [default: all traces]
    #[arg(value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// The filter, given as a flag
    #[arg(long = "filter", alias = "filter-string", value_name = "FILTER", conflicts_with_all = ["filter", "filter_file"])]
    pub filter_flag: Option<String>,
}

impl FilterArgs {
    /// The filter, positional or as a flag.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.filter.as_deref().or(self.filter_flag.as_deref())
    }
}

/// What a command reads that looks at many traces.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct ReadingArgs {
    /// Use all active experiments
    #[arg(long, conflicts_with = "experiments")]
    pub all_experiments: bool,
    /// Verify an archive against the SHA-256 sums in its manifest first
    #[arg(long)]
    pub verify: bool,
}

/// A limit; unlimited by default.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct LimitArgs {
    /// Stop after this many traces, newest first; 0 means no limit
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<u64>,
}

impl LimitArgs {
    /// The limit; `None` means no limit.
    #[must_use]
    pub fn most(self) -> Option<u64> {
        self.limit.filter(|limit| *limit > 0)
    }
}

/// A limit on the traces to change.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct PartArgs {
    /// Change only the newest N matches
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<NonZeroU64>,
}

/// Flags that select traces; without any, every trace is selected.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// Read the filter from a file; - for standard input
    #[arg(long, value_name = "FILE")]
    pub filter_file: Option<PathBuf>,
    /// Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter
    #[arg(long, value_name = "STATUS", ignore_case = true, hide_possible_values = true)]
    pub status: Option<Status>,
    /// Trace name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Tag; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<KeyValue>,
    /// Metadata entry; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub meta: Vec<KeyValue>,
    /// Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
    /// Application user
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// MLflow run that the trace was recorded in or linked to
    #[arg(long, alias = "run-id", value_name = "RUN_ID")]
    pub run: Option<String>,
    /// Client request id, set by the application
    #[arg(long, value_name = "ID")]
    pub client_request_id: Option<String>,
    /// Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time;
    /// UTC unless an offset is given
    #[arg(long, value_name = "TIME")]
    pub since: Option<Moment>,
    /// Started before this time
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,
    /// Took at least this long, such as 5s
    #[arg(long, value_name = "DURATION")]
    pub min_duration: Option<Period>,
    /// Took at most this long
    #[arg(long, value_name = "DURATION")]
    pub max_duration: Option<Period>,
    /// Text in the inputs, outputs or attributes of a span; % and _ are wildcards
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Feedback with this value; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub feedback: Vec<KeyValue>,
    /// Language model called by a span
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Refuse filters that the server cannot evaluate completely
    #[arg(long)]
    pub server_only: bool,
    /// Treat warnings about the filter as errors
    #[arg(long)]
    pub strict: bool,
}

impl SelectionArgs {
    /// Whether no selecting flag was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { server_only: self.server_only, strict: self.strict, ..Self::default() }
    }
}
