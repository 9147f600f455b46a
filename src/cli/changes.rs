//! Flags of commands that change many traces, and the commands about what was changed.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::selection::PartArgs;
use super::times::Period;

/// A cap on the number of changes.
#[derive(Debug, Args)]
pub struct CapArgs {
    /// Change nothing if more than this many traces would change
    #[arg(long, value_name = "N")]
    pub max: Option<u64>,
}

/// Options of commands that change many traces.
#[derive(Debug, Args)]
pub struct BulkArgs {
    /// Change all traces that match this filter
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// Limit.
    #[command(flatten)]
    pub part: PartArgs,
    /// Cap.
    #[command(flatten)]
    pub cap: CapArgs,
    /// Show what would change; change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Skip the confirmation prompt; required with a filter when not on a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write a plan to a new file for apply; change nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// What to do while a conflicting run holds the lock.
#[derive(Debug, Args)]
pub struct LockArgs {
    /// Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]
    #[arg(long, value_name = "DURATION")]
    pub lock_wait: Option<Period>,
}

impl LockArgs {
    /// How long another run is waited for.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.lock_wait.map(Period::as_duration).unwrap_or_default()
    }
}

/// Clock options.
#[derive(Clone, Copy, Debug, Args)]
pub struct ClockArgs {
    /// Trust this machine's clock if the server sends no time
    #[arg(long)]
    pub trust_clock: bool,
}

/// Artifact options.
#[derive(Clone, Copy, Debug, Args)]
pub struct ArtifactsArgs {
    /// What to do with span files and attachments of deleted traces in the artifact store: keep or delete [default: keep]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub artifacts: Option<ArtifactsChoice>,
}

/// What to do with the artifacts of deleted traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ArtifactsChoice {
    /// Keep them
    Keep,
    /// Delete them once the trace is deleted
    Delete,
}

impl ArtifactsArgs {
    /// Whether artifacts are deleted; `None` if not given.
    #[must_use]
    pub fn deletes(self) -> Option<bool> {
        self.artifacts.map(|artifacts| artifacts == ArtifactsChoice::Delete)
    }
}

/// Pace of a deletion.
#[derive(Debug, Args)]
pub struct PaceArgs {
    /// Pause this long after each batch of deletions
    #[arg(long, value_name = "DURATION")]
    pub sleep_between: Option<Period>,
    /// Start no new batch of deletions after this long; the next run continues
    #[arg(long, alias = "max-seconds", value_name = "DURATION", value_parser = super::times::time_limit)]
    pub max_time: Option<Period>,
}

impl PaceArgs {
    /// How long a batch is waited after.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.sleep_between.map(Period::as_duration).unwrap_or_default()
    }

    /// How long batches may begin.
    #[must_use]
    pub fn most(&self) -> Option<Duration> {
        self.max_time.map(Period::as_duration)
    }
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace apply plan.jsonl --yes
  mlflow-trace apply plan.jsonl --plan-max-age 7d --yes -o json")]
pub struct ApplyArgs {
    /// Plan file written by --plan
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Refuse a plan older than this [default: 24h]
    #[arg(long, value_name = "DURATION")]
    pub plan_max_age: Option<Period>,
    /// Skip the confirmation prompt; required when not on a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Clock options.
    #[command(flatten)]
    pub clock: ClockArgs,
    /// Pace.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// Arguments of `undo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace undo 20261122T143000Z-ab12cd --dry-run
  mlflow-trace undo 20261122T143000Z-ab12cd -o jsonl")]
pub struct UndoArgs {
    /// Id of the run, as shown when it ended and by runs list
    #[arg(value_name = "RUN_ID")]
    pub run_id: String,
    /// Show what would be restored; change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// `runs` commands.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List all runs that changed traces or tried to, oldest first
    List(RunsListArgs),
    /// Show what a run changed
    Show(RunsShowArgs),
    /// Show the locks on this server and workspace, and remove stale ones
    Unlock(RunsUnlockArgs),
}

/// Arguments of `runs list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace runs list
  mlflow-trace runs list -o jsonl")]
pub struct RunsListArgs {}

/// Arguments of `runs show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace runs show
  mlflow-trace runs show 20261122T143000Z-ab12cd -o jsonl")]
pub struct RunsShowArgs {
    /// Id of the run [default: the latest]
    #[arg(value_name = "RUN_ID")]
    pub run_id: Option<String>,
}

/// Arguments of `runs unlock`.
#[derive(Debug, Args)]
#[command(
    after_help = "An active run renews its locks every 5 seconds. The next run takes over a lock that has not been renewed for 30 seconds; \
use this command if you cannot wait, or for locks of older versions, which are never renewed.

Examples:
  mlflow-trace runs unlock
  mlflow-trace runs unlock --yes"
)]
pub struct RunsUnlockArgs {
    /// Skip the confirmation prompt; required when not on a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Also remove locks of active runs; such a run stops when it notices
    #[arg(long)]
    pub force: bool,
}
