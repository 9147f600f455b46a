//! Which traces: flags that every command has which selects traces.
//!
//! Each flag is one clause; they are joined with AND, among themselves and with the filter. They need no quotes inside
//! quotes and no backticks, whatever the value.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use super::values::{KeyValue, Moment, Period, Status};

/// A filter, or ids.
#[derive(Clone, Debug, Default, Args)]
pub struct FilterArgs {
    /// Filter in MLflow's language, for example "status = 'ERROR'"; - for the traces whose ids are on standard input; everything if left out
    #[arg(value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// A filter as a flag
    #[arg(long = "filter", alias = "filter-string", value_name = "FILTER", conflicts_with_all = ["filter", "filter_file"])]
    pub filter_flag: Option<String>,
}

impl FilterArgs {
    /// The filter, whichever way it was given.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.filter.as_deref().or(self.filter_flag.as_deref())
    }
}

/// How many of the traces, where everything is meant if nobody says so.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct LimitArgs {
    /// Stop after this many traces, newest first; 0 for all
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<u64>,
}

impl LimitArgs {
    /// How many at the most; nothing if all.
    #[must_use]
    pub fn most(self) -> Option<u64> {
        self.limit.filter(|limit| *limit > 0)
    }
}

/// A part of what is selected, to be changed.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct PartArgs {
    /// Take only the newest N of them; what is shown before says of how many
    #[arg(short = 'n', long, alias = "max-results", value_name = "N")]
    pub limit: Option<NonZeroU64>,
}

/// Which traces; no flag at all means every trace.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// Read the filter from a file; - for standard input
    #[arg(long, value_name = "FILE")]
    pub filter_file: Option<PathBuf>,
    /// Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case
    #[arg(long, value_name = "STATUS", ignore_case = true, hide_possible_values = true)]
    pub status: Option<Status>,
    /// Name of the trace
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// A tag; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<KeyValue>,
    /// A piece of metadata; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub meta: Vec<KeyValue>,
    /// Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
    /// User of the application
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Run that the trace was recorded in or linked to
    #[arg(long, alias = "run-id", value_name = "RUN_ID")]
    pub run: Option<String>,
    /// The id the application gave the request
    #[arg(long, value_name = "ID")]
    pub client_request_id: Option<String>,
    /// Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise
    #[arg(long, value_name = "TIME")]
    pub since: Option<Moment>,
    /// Started before this time
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,
    /// Took at least this long, for example 5s
    #[arg(long, value_name = "TIME")]
    pub min_duration: Option<Period>,
    /// Took at most this long
    #[arg(long, value_name = "TIME")]
    pub max_duration: Option<Period>,
    /// A span holds this text in its inputs, outputs or attributes; % and _ are wildcards
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// A feedback has this value; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub feedback: Vec<KeyValue>,
    /// A span called this language model
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Refuse filters of which the server cannot evaluate every part
    #[arg(long)]
    pub server_only: bool,
    /// Treat warnings about the filter as errors
    #[arg(long)]
    pub strict: bool,
}

impl SelectionArgs {
    /// Whether no flag that selects was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { server_only: self.server_only, strict: self.strict, ..Self::default() }
    }
}
